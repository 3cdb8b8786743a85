"""The Rate path page: what a reader who comes for the odds can do with it."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from analytics.view import ODDS
from tests.pages.reader import Reader


@pytest.mark.parametrize("kind", ODDS)
def test_the_odds_can_be_copied_as_they_are_shown(kind, live):
    page = Reader("rate_path", {"odds": kind, "compare": "week"}).unfold("copy_odds")
    assert page.errors == []
    copied = pd.read_csv(io.StringIO(page.texts("code")[0]), sep="\t", index_col="meeting")
    layers = page.figures()["odds_map"]["data"]
    assert len(copied) == len(layers[0]["y"])
    drawn = [[value for value in row if value is not None] for row in layers[0]["z"]]
    if kind != "meeting":
        levels = copied[[name for name in copied if "change" not in name]]
        assert levels.iloc[0].max() == pytest.approx(max(drawn[0]), abs=0.1)


def test_the_next_meeting_stands_on_top_of_the_odds_and_the_path(live):
    assert list(Reader("rate_path").figures())[:3] == ["strip", "odds_map", "path"]


@pytest.mark.parametrize("day", ["live", "2025-09-17"])
def test_the_inputs_are_one_click_away(day, live):
    """Also where they do not give the odds."""
    page = Reader("rate_path", {"as_of": day})
    before = len(page.tables())
    page.unfold("rate_inputs_box")
    assert len(page.tables()) == before + 1
    inputs = next(table for table in page.tables() if "contract" in table.columns)
    assert {"price", "average %", "start %", "end %", "residual bp"} <= set(inputs.columns)


def test_any_day_can_be_compared_with_and_one_without_prices_says_why(live):
    page = Reader("rate_path", {"compare": "2012-03-05"})
    assert "No change is shown: nothing is priced for 5 Mar 2012." in page.words
    assert "change in points" not in page.words


def test_no_choice_takes_another_ones_name(live):
    """What stands for the next meeting and for no year is not what was chosen."""
    page = Reader("rate_path", {"meeting": "2025-12-10", "year": "2027"})
    meetings, years = (page.at.selectbox(key) for key in ("pick_meeting", "pick_year"))
    assert meetings.options[0] == "17 Jun 2026 (next)"
    assert years.options[0] == "2026 (running)"
    assert (meetings.value, years.value) == ("2025-12-10", "2027")
