"""A kept scan on the Lead and lag page: in words, with the page's own pair, and never before it could have been made."""

from __future__ import annotations

from analytics.ledger import Ledger
from analytics.topics.scan import run as scan_run
from tests.pages.reader import Reader
from tests.pages.served import TODAY, clock

NONE_KEPT = "No scan of every pair is kept here"


def test_a_scan_is_shown_where_it_could_have_been_made(opened, history):
    home, now = opened(history), clock(TODAY)
    held = Ledger.at(home / "ledger.sqlite")
    found, sha256 = scan_run.gather(held, ["silver", "bitcoin", "gold", "ether"], now())
    asked = scan_run.question(found, sha256, now(), 99, now())
    made = scan_run.run(held, asked, found.returns, scan_run.one_after_another, now)
    held.close()
    page = Reader("lead_lag")
    assert page.errors == []
    assert f"#### {made.sentence}" in page.words
    assert f"of {made.pairs} pairs pass a 5% test of their own" in page.words
    assert "Silver before Bitcoin: t = " in page.words
    assert any("p, whole scan" in table.columns for table in page.tables())
    past = Reader("lead_lag", {"as_of": "2026-01-23"})
    assert past.errors == []
    assert NONE_KEPT in past.words
    assert made.sentence not in past.words
