"""A frozen-data link: the same figures and the same hash, whatever this ledger has learned since; never other numbers in silence."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from analytics import view
from analytics.ledger import Ledger
from pages.shell.contents import PAGES, PUBLISHED
from tests.ledger.rows import BITCOIN, SILVER, rows
from tests.pages.reader import Reader

SLUGS = [slug for slug, *_ in PAGES]
HOLE = "2026-04-15"
"""A day inside the view that the ledger does not hold when the link is made."""
LATER = dt.datetime(2026, 6, 18, 12, tzinfo=dt.UTC)
TEN = [f"2026-06-{day:02}" for day in (8, 9, 10, 11, 12, 15, 16, 17)]


def query_of(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))


def frozen_link(page: Reader) -> dict[str, str]:
    return query_of(page.links()[2])


def without_a_day(folder: Path) -> None:
    """A ledger in which one day of silver has not been seen yet."""
    period = (dt.date.fromisoformat(HOLE) - dt.date(1970, 1, 1)).days
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as connection, connection:
        silver = "(SELECT id FROM series WHERE key = 'silver')"
        gone = connection.execute(f"DELETE FROM observation WHERE period = {period} AND series_id = {silver}")
        assert gone.rowcount > 0


def learn(folder: Path) -> None:
    """A price inside the view revised, the hole filled, earlier history found, days added."""
    with closing(Ledger.at(folder / "ledger.sqlite")) as ledger:
        assert ledger.append(SILVER, rows(SILVER, ["2026-05-13"], [50.0]), LATER).revised == 1
        assert ledger.append(SILVER, rows(SILVER, [HOLE], [55.0]), LATER).new == 1
        assert ledger.append(SILVER, rows(SILVER, ["1999-01-04"], [5.0]), LATER).new == 1
        for series, level in ((SILVER, 60.0), (BITCOIN, 70_000.0)):
            assert (
                ledger.append(series, rows(series, TEN, [level + i for i in range(len(TEN))]), LATER).new > 0
            )


def test_the_same_figures_and_the_same_hash_after_everything(history, opened, monkeypatch):
    """Links of all pages from one process, and all of them opened in a later one, which has measured nothing yet."""
    home = opened(history)
    without_a_day(home)
    opened(measured=True)
    senders = {slug: Reader(slug, {"span": "3m", "legs": "span"}) for slug in SLUGS}
    sent = {slug: (frozen_link(sender), query_of(sender.links()[0])) for slug, sender in senders.items()}
    learn(home)
    monkeypatch.setattr(
        view, "DEFAULT", replace(view.DEFAULT, span="5y", legs="year", lead="gold", compare="week")
    )
    opened(measured=True, SILVERLEAD_TODAY="2026-06-19")
    for slug, sender in senders.items():
        before, (link, newest) = sender.figures(), sent[slug]
        page = Reader(slug, link)
        assert page.errors == [], slug
        assert page.figures() == before, slug
        assert page.address == link, slug
        assert page.texts("error") == [], slug
        assert "Frozen data, verified: the pair's figures are those of the link" in page.words, slug
        if slug != "data":
            assert page.reading == sender.reading, slug
        if before and slug not in PUBLISHED:
            assert Reader(slug, newest).figures() != before, slug


def test_a_link_from_a_frozen_page_is_the_same_link(history, opened):
    opened(history)
    link = frozen_link(Reader("overview"))
    assert frozen_link(Reader("divergence", link)) == link
    opened(SILVERLEAD_TODAY="2026-06-19")
    assert frozen_link(Reader("divergence", link)) == link


def test_frozen_data_go_along_through_the_menu_and_stay_over_a_span(live):
    page = Reader("overview", frozen_link(Reader("overview")))
    page.go("divergence")
    assert "verified" in page.words
    page.at.button_group("pick_span").set_value("3y")
    page.run()
    assert "verified" in page.words
    assert page.address["span"] == "3y"


@pytest.mark.parametrize("act", [
    lambda at: at.selectbox("pick_lead").set_value("gold"),
    lambda at: at.button("back_to_today").click(),
    lambda at: at.button("as_of_2026-01-23").click(),
    lambda at: at.button("thaw").click(),
], ids=["pair", "today", "day", "newest"])  # fmt: skip
def test_another_pair_or_day_is_no_longer_frozen(act, live):
    page = Reader("overview", frozen_link(Reader("overview"))).unfold("as_of_menu")
    act(page.at)
    page.run()
    assert (page.address["recorded"], page.address["sha"]) == ("newest", "none")
    assert "verified" not in page.words
    assert page.texts("error") == []


def wrong(link: dict[str, str]) -> dict[str, dict[str, str]]:
    digit = "0" if link["sha"][0] != "0" else "1"
    return {
        "hash": link | {"sha": digit + link["sha"][1:]},
        "pair": link | {"lead": "gold"},
        "day": link | {"as_of": "2026-05-29T23:59:59.999999-04:00"},
    }


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("what", ["hash", "pair", "day"])
def test_other_numbers_get_a_banner_on_every_page(slug, what, live):
    page = Reader(slug, wrong(frozen_link(Reader("overview")))[what])
    assert page.errors == []
    assert page.texts("error")[0].startswith("These are not the numbers that the link was made of")
    assert "verified" not in page.words


def test_a_ledger_older_than_the_link_gets_a_banner(live):
    link = frozen_link(Reader("overview")) | {"recorded": "2026-07-01T00:00:00.000000Z"}
    page = Reader("overview", link)
    assert "are not in this ledger" in page.texts("error")[0]
    assert "verified" not in page.words


def test_a_link_of_live_data_is_not_vouched_for_by_the_demo(history, simulated, opened):
    opened(history)
    link = frozen_link(Reader("overview"))
    opened(simulated, SILVERLEAD_DATA="demo")
    page = Reader("overview", link)
    assert page.errors == []
    assert len(page.texts("error")) == 1
    assert "verified" not in page.words


def test_the_demo_freezes_too(stage):
    stage("demo")
    page = Reader("divergence", frozen_link(Reader("divergence", {"as_of": "2026-01-23"})))
    assert "verified" in page.words
    assert "Simulated demo data" in page.words


def test_a_link_without_its_hash_is_said(live):
    link = frozen_link(Reader("overview"))
    page = Reader("overview", link | {"sha": link["sha"][:20]})
    assert "not frozen and may differ from what the sender saw" in page.texts("warning")[0]
    assert "verified" not in page.words
