from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest

from analytics.published import fed_odds, fomc
from analytics.topics.rate_path.measures.rate_decisions import decided, forecasts, recorded
from bench import fed_odds as maker
from bench import fedwatch


@pytest.fixture(scope="module")
def market() -> fedwatch.Recorded:
    if not (fedwatch.MARKET / "zq_contracts.csv").exists():
        pytest.skip("the recorded market data are not beside the checkout")
    return fedwatch.load(fedwatch.MARKET)


def test_one_row_a_decided_meeting_of_the_calendar_oldest_first() -> None:
    days = [one.meeting for one in fed_odds.load()]
    assert all(earlier < later for earlier, later in pairwise(days))
    held = [one.day for one in fomc.meetings() if one.scheduled]
    assert set(days) <= set(held)
    between = [day for day in held if days[0] <= day <= days[-1]]
    assert days == between  # none is missing


def test_odds_are_whole_percents_of_one_meeting() -> None:
    for one in fed_odds.load():
        assert set(one.odds) <= set(fed_odds.HORIZONS)
        for cut, hold, hike in one.odds.values():
            assert cut + hold + hike == 100
            assert min(cut, hold, hike) >= 0
            assert cut == 0 or hike == 0  # a meeting's own move lies between two whole numbers of steps


def test_what_everybody_remembers() -> None:
    """The hike of December 2015 was expected, the 50 bp of June 2022 too; nobody had a cut for 18 September 2024 in doubt."""
    held = {one.meeting: one.odds for one in fed_odds.load()}
    assert held[dt.date(2015, 12, 16)][1][2] >= 70
    assert held[dt.date(2022, 6, 15)][1] == (0, 0, 100)
    assert held[dt.date(2024, 9, 18)][1] == (100, 0, 0)
    assert held[dt.date(2019, 1, 30)][1][1] >= 95


def test_the_file_says_its_source_and_method_and_holds_no_price() -> None:
    text = maker.FILE.read_text(encoding="utf-8")
    assert text.startswith("# Odds of a cut")
    assert "Source: our own computation" in text
    rows = [line.split(",")[1:] for line in text.splitlines() if line[0] == "2"]
    assert all(part == "" or part.isdigit() for row in rows for part in row)


@pytest.mark.market
def test_each_row_is_what_the_engine_computes(market: fedwatch.Recorded) -> None:
    last = market.prices.index[-1].date()
    meetings = [one for one in decided(market.announced.by_day, fomc.load(), last) if one.day >= maker.SINCE]
    history = fedwatch.history_of(market)
    for horizon in fed_odds.HORIZONS:
        exact, held = forecasts(history, meetings, horizon), recorded(fed_odds.load(), meetings, horizon)
        assert np.array_equal(np.isnan(exact), np.isnan(held))
        assert np.nanmax(np.abs(exact - held)) <= 0.01
    assert maker.text(market) == maker.FILE.read_text(encoding="utf-8")
