"""The Positions page: the report that was known, its age, and what of the page may be taken away."""

from __future__ import annotations

import pytest

from tests.pages.reader import Reader

FIGURES = {"positions_price", "other_side", "following", "crowding", "basis", "vaults", "term"}


@pytest.mark.parametrize(
    ("day", "report"),
    [
        ("2025-11-18", "Report of 23 Sep 2025, out on 26 Sep 2025 at 15:30 in New York: 56 days old"),
        ("2026-01-22", "Report of 13 Jan 2026, out on 20 Jan 2026 at 15:30 in New York: 9 days old."),
        ("2026-01-23", "Report of 20 Jan 2026, out on 23 Jan 2026 at 15:30 in New York: 3 days old."),
    ],
)
def test_the_report_of_the_day_stands_under_the_title_with_its_age(day, report, live):
    page = Reader("positions", {"as_of": day})
    assert page.errors == []
    assert report in page.words
    assert set(page.figures()) == FIGURES


def test_the_vaults_are_shown_and_only_their_newest_count_can_be_taken_away(live):
    page = Reader("positions").unfold("how_vaults")
    shown = page.at.session_state["silverlead_drawn"].shown["vaults"]
    assert shown.chart is None
    assert len(shown.rows) <= 2
    offered = [button.proto.id for button in page.at.get("download_button")]
    assert not [name for name in offered if "html_vaults" in name]
    assert "personal use" in page.words


def test_a_lead_without_a_report_gets_silver_s_and_is_told_so(live):
    page = Reader("positions", {"lead": "sp500"})
    assert page.errors == []
    assert "No such report is followed here for S&P 500: it is of silver." in page.words
