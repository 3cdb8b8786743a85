"""The Claims page: filters in the address, a card that opens with its threshold and its links, the same ledger everywhere."""

from __future__ import annotations

from typing import get_args

from analytics import view
from analytics.published.thresholds import Topic
from analytics.stats.verdict import VERDICTS
from tests.pages.reader import Reader


def lines(page: Reader) -> list[str]:
    """What the claims' lines say."""
    return [box.label for box in page.at.expander if "badge" in box.label]


def test_the_views_words_are_those_of_the_claims():
    assert get_args(Topic) == view.TOPICS
    assert tuple(verdict.replace(" ", "_") for verdict in VERDICTS) == view.VERDICTS


def test_every_claim_has_a_line_and_filters_hold_in_the_address(live):
    page = Reader("claims")
    assert page.errors == []
    assert len(lines(page)) == 34
    page.at.selectbox("pick_topic").select("supply")
    page.run()
    assert page.address["topic"] == "supply"
    assert len(lines(page)) == 7
    again = Reader("claims", {"topic": "supply", "verdict": "not_measurable"})
    shown = lines(again)
    assert 2 <= len(shown) < 7
    assert all(": never with free data]" in line or ": no history]" in line for line in shown)


def test_a_line_opens_to_its_threshold_and_the_same_tally_stands_on_the_overview(live):
    page = Reader("claims", {"as_of": "2026-01-23"})
    page.at.session_state["claim_5_box"] = True
    page.run()
    assert page.errors == []
    assert "**Threshold, fixed in advance:** \\< −10 pp over 126 trading days" in page.words
    assert "claim_5" in page.figures()
    overview = Reader("overview", {"as_of": "2026-01-23", "span": "3y", "lead": "gold"})
    assert overview.figures()["tally"]["data"] == page.figures()["tally"]["data"]
