from __future__ import annotations

import datetime as dt
import math
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import BadChoice, NotPriced
from analytics.published import fomc
from analytics.topics.rate_path.measures.rate_history import rate_history
from analytics.topics.rate_path.measures.rate_observed import observed_rate
from analytics.topics.rate_path.measures.rate_path import rate_path
from analytics.topics.rate_path.measures.rate_path_days import decision_days, fixed_calendar, settlements
from analytics.topics.rate_path.measures.rate_priced import year_end_moves
from analytics.topics.rate_path.measures.rate_through_time import meeting_levels, year_end_line
from bench import fedwatch

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market"
MEETINGS = [
    dt.date(2026, month, day)
    for month, day in ((1, 28), (3, 18), (4, 29), (6, 17), (7, 29), (9, 16), (10, 28), (12, 9))
]
MEETINGS.append(dt.date(2027, 1, 27))


def table(days, months, values):
    columns = pd.date_range(months[0], periods=months[1], freq="MS")
    return pd.DataFrame(values, index=pd.DatetimeIndex(days), columns=columns, dtype=float)


def steady(first, last, lower):
    return pd.DataFrame({"lower": lower, "upper": lower + 0.25}, index=pd.date_range(first, last))


def flat(days, price, months=("2026-01", 14)):
    return table(days, months, np.full((len(days), months[1]), price))


@pytest.fixture(scope="module")
def recorded():
    if not (MARKET / "zq_contracts.csv").exists():
        pytest.skip("the recorded market data are not beside the checkout")
    return fedwatch.load(MARKET)


@pytest.fixture(scope="module")
def history(recorded):
    return fedwatch.history_of(recorded)


def assert_same_day(history, row, path):
    """One row of the history against the path solved for that day alone."""
    found = {meeting.date: meeting for meeting in path.meetings}
    for j, stamp in enumerate(history.meetings):
        if not history.ahead[row, j]:
            assert stamp.date() not in found
            continue
        meeting = found.get(stamp.date())
        ends = (
            (math.nan, math.nan, math.nan)
            if meeting is None
            else (meeting.start, meeting.end, meeting.expected_moves)
        )
        np.testing.assert_allclose(
            [history.start[row, j], history.end[row, j], history.moves[row, j]],
            [math.nan if value is None else value for value in ends],
            atol=1e-12,
        )
        rungs = history.ladder[j][np.flatnonzero(history.ahead[:, j]).searchsorted(row)]
        odds = {} if meeting is None else meeting.probabilities
        if not odds:
            assert np.isnan(rungs).all()
            continue
        levels = np.round(history.lower[row] + 0.25 * (history.lowest + np.arange(len(rungs))), 6)
        mine = {level: 100 * p for level, p in zip(levels.tolist(), rungs, strict=True) if p > 0}
        assert mine == pytest.approx(odds, abs=1e-9)


@st.composite
def markets(draw):
    """A few days of 2026 with holes, slips and impossible prices, and a calendar with crowded and empty months."""
    days = sorted(draw(st.sets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 6, 30)), min_size=1, max_size=4)))
    price = st.one_of(st.floats(95.5, 97.0), st.sampled_from([math.nan, 0.0, 92.0, 101.0, 120.0]))
    values = draw(st.lists(st.lists(price, min_size=12, max_size=12), min_size=len(days), max_size=len(days)))
    meetings = sorted(
        draw(st.sets(st.dates(dt.date(2025, 12, 1), dt.date(2027, 1, 31)), min_size=1, max_size=12))
    )
    return table(days, ("2026-01", 12), values), meetings


@settings(deadline=None)
@given(markets(), st.sampled_from(["auto", "after"]), st.booleans())
def test_the_vectorised_history_is_the_daily_path(market, count, settle):
    prices, meetings = market
    effective = pd.Series(3.63, index=pd.date_range("2025-11-15", "2026-06-30")) if settle else None
    settled = None if effective is None else settlements(effective)
    try:
        history = rate_history(
            prices,
            fixed_calendar(meetings),
            steady("2025-12-01", "2026-06-30", 3.5),
            effective=effective,
            count=count,
        )
    except NotPriced:
        history = None
    for day, row in prices.iterrows():
        quotes = {month.date(): price for month, price in row.items()}
        previous = (day.to_period("M") - 1).to_timestamp()
        if settled is not None and not 75 <= quotes.get(previous.date(), math.nan) <= 105:
            quotes[previous.date()] = float(settled[previous])
        if history is None or day not in history.days:
            with pytest.raises(NotPriced):
                rate_path(quotes, meetings, day.date(), (3.5, 3.75), count=count)
            continue
        now = (
            None
            if effective is None
            else observed_rate(effective, steady("2025-12-01", "2026-06-30", 3.5), day.date())
        )
        path = rate_path(quotes, meetings, day.date(), (3.5, 3.75), count=count, observed=now)
        assert_same_day(history, history.days.get_loc(day), path)


@pytest.mark.market
def test_the_recorded_history_is_the_daily_path(recorded, history):
    settled = settlements(recorded.effective)
    for row in range(0, len(history.days), 29):
        day = history.days[row]
        previous = (day.to_period("M") - 1).to_timestamp()
        quotes = {month.date(): price for month, price in recorded.prices.loc[day].dropna().items()}
        quotes[previous.date()] = float(settled[previous])
        calendar = decision_days(fomc.load(), day.date(), recorded.announced.moved)
        now = observed_rate(recorded.effective, recorded.announced.by_day, day.date())
        path = rate_path(quotes, calendar, day.date(), recorded.announced.on(day.date()), observed=now)
        assert_same_day(history, row, path)
        moves = year_end_moves(path, day.year).moves
        assert year_end_line(history, day.year)[day] == pytest.approx(
            math.nan if moves is None else moves, nan_ok=True
        )


@pytest.mark.market
def test_against_cmes_own_history(recorded, history):
    distances = fedwatch.distances(history, recorded.cme)
    assert distances["tv"].notna().sum() > 1_000
    assert distances["tv"].median() <= fedwatch.MEDIAN
    assert fedwatch.near(distances)["tv"].mean() <= fedwatch.NEAR_MEAN
    around = fedwatch.around_decisions(distances)
    assert len(around) >= 16
    assert around["mean"].max() < fedwatch.DECISION_MEAN


@pytest.mark.market
def test_the_range_of_the_day_before_would_be_far_off_on_decision_days(recorded, history):
    """The same with the range as FRED stamps it, a day late: the trap that the announced range avoids."""
    stamped = recorded.announced.by_day.shift(1).bfill()
    late = rate_history(recorded.prices["2024-09-18":"2024-12-18"], fomc.load(), stamped)
    daily = [fedwatch.distances(each, recorded.cme).groupby("day")["tv"].mean() for each in (late, history)]
    for day in ("2024-11-07", "2024-12-18"):
        assert daily[0][day] > 5 * daily[1][day]
        assert daily[0][day] > 0.25


@pytest.mark.market
def test_cuts_priced_for_2026_on_the_day_of_the_article(history):
    assert -year_end_line(history, 2026)["2026-01-23"] == pytest.approx(1.76, abs=0.01)


@pytest.mark.market
def test_every_step_of_the_range_has_its_decision(recorded):
    assert recorded.announced.unmatched == ()
    assert len(recorded.announced.moved) == 31


def test_sixteen_years_in_one_call_under_two_seconds():
    days = pd.bdate_range("2010-06-07", "2026-06-05")
    months = pd.date_range("2010-06-01", "2027-06-01", freq="MS")
    ahead = (months.year * 12 + months.month).to_numpy()[None, :] - (days.year * 12 + days.month).to_numpy()[
        :, None
    ]
    rng = np.random.default_rng(7)
    values = np.where((ahead >= 0) & (ahead <= 12), 97 + rng.normal(0, 0.1, (len(days), len(months))), np.nan)
    prices = pd.DataFrame(values, index=days, columns=months)
    begin = time.perf_counter()
    history = rate_history(prices, fomc.load(), steady("2010-06-01", "2026-06-30", 2.5))
    assert time.perf_counter() - begin < 2
    assert np.isfinite(history.moves).any(axis=1).mean() > 0.99


def test_each_day_sees_the_calendar_of_its_time():
    """18 March 2020 lay ahead until it was called off; the Sunday before was never ahead at all."""
    days = ["2020-03-02", "2020-03-03", "2020-03-13", "2020-03-16"]
    prices = table(days, ("2020-03", 9), 99.0)
    moved = [dt.date(2020, 3, 3), dt.date(2020, 3, 15)]
    history = rate_history(prices, fomc.load(), steady("2020-03-01", "2020-03-31", 1.0), moved=moved)
    ahead = pd.DataFrame(history.ahead, index=days, columns=history.meetings)
    assert ahead[pd.Timestamp("2020-03-18")].tolist() == [True, True, True, False]
    assert not ahead[pd.Timestamp("2020-03-15")].any()
    moves = pd.DataFrame(history.moves, index=days, columns=history.meetings)
    april = pd.Timestamp("2020-04-29")
    assert moves[pd.Timestamp("2020-03-18")].notna().tolist() == [True, False, False, False]
    assert moves[april].notna().all()
    levels = meeting_levels(history, april.date())
    assert levels.notna().all(axis=1).tolist() == [True, False, False, True]


def test_impossible_prices_are_listed():
    prices = flat(["2026-02-10"], 96.4)
    prices.iloc[0, 3] = 9.64
    history = rate_history(prices, fixed_calendar(MEETINGS), steady("2026-01-01", "2026-12-31", 3.5))
    assert history.refused.to_dict("records") == [
        {"day": pd.Timestamp("2026-02-10"), "month": pd.Timestamp("2026-04-01"), "price": 9.64}
    ]


def test_refusals_of_the_whole_history():
    entries, ranges = fixed_calendar(MEETINGS), steady("2026-01-01", "2026-12-31", 3.5)
    with pytest.raises(NotPriced):
        rate_history(flat(["2026-02-10"], math.nan), entries, ranges)
    with pytest.raises(BadChoice, match="from 2026-01-01 on"):
        rate_history(flat(["2025-12-10"], 96.4), entries, ranges)
    with pytest.raises(BadChoice, match="day count"):
        rate_history(flat(["2026-02-10"], 96.4), entries, ranges, count="never")
