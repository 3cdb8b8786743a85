"""What is known of a strip with months missing: each quantity by itself, and always the same number."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.topics.rate_path.measures.rate_history import rate_history
from analytics.topics.rate_path.measures.rate_observed import Observed, observed_rate, observed_rates
from analytics.topics.rate_path.measures.rate_path import rate_path
from analytics.topics.rate_path.measures.rate_path_days import (
    day_split,
    fixed_calendar,
    month_from,
    month_number,
)
from analytics.topics.rate_path.measures.rate_priced import year_end_moves
from analytics.topics.rate_path.measures.rate_through_time import year_end_line
from tests.topics.rate_path.test_rate_history import MEETINGS, steady, table
from tests.topics.rate_path.test_rate_path import T1, T1_DAY, T1_RANGE, T2, T2_DAY, T2_RANGE, known

FIRST = month_number(dt.date(2026, 1, 1))
MONTHS = 14


@st.composite
def noise_free(draw):
    """A day, a calendar, the true rate after each of its meetings, and a strip that prices them exactly.

    Meetings fall on days 6 to 25, so that no month's own contract weighs less than five days of either rate.
    """
    as_of = draw(st.dates(dt.date(2026, 1, 2), dt.date(2026, 2, 27)))
    days = [
        month_from(FIRST + i).replace(day=draw(st.integers(6, 25)))
        for i in range(-1, MONTHS)
        if draw(st.integers(0, 3))
    ]
    days.append(month_from(FIRST + MONTHS + 2).replace(day=15))
    steps = draw(st.lists(st.integers(-3, 3), min_size=len(days), max_size=len(days)))
    after = dict(zip(days, 3.63 + 0.25 * np.cumsum(steps) / 4, strict=True))
    dropped = draw(st.sets(st.integers(0, MONTHS - 1), max_size=MONTHS - 1))
    return as_of, after, dropped


def level(after, day):
    """The true rate in force on the day after ``day``."""
    return next((rate for decision, rate in reversed(after.items()) if decision <= day), 3.63)


def strip(after):
    prices = {}
    for number in range(FIRST, FIRST + MONTHS):
        month, following = month_from(number), month_from(number + 1)
        before, end = (
            level(after, month - dt.timedelta(days=1)),
            level(after, following - dt.timedelta(days=1)),
        )
        decision = next((day for day in after if month <= day < following), None)
        first, second = ((following - month).days, 0) if decision is None else day_split(decision, "before")
        prices[month] = 100 - (first * before + second * end) / (first + second)
    return prices


@settings(deadline=None, max_examples=300)
@given(noise_free())
def test_dropping_contracts_changes_nothing_that_the_others_pin(market):
    as_of, after, dropped = market
    prices = {month: price for i, (month, price) in enumerate(strip(after).items()) if i not in dropped}
    if not any(month_number(month) >= month_number(as_of) for month in prices):
        return
    now = Observed(level(after, as_of), as_of - dt.timedelta(days=1), 0.0)
    path = rate_path(prices, list(after), as_of, (3.5, 3.75), count="before", observed=now)
    for i, meeting in enumerate(path.meetings):
        before = level(after, meeting.date - dt.timedelta(days=1))
        assert meeting.start is None or meeting.start == pytest.approx(before, abs=1e-9)
        assert meeting.end is None or meeting.end == pytest.approx(after[meeting.date], abs=1e-9)
        if i == 0:
            assert meeting.start is not None
        if pins(prices, after, meeting.date):
            assert meeting.end is not None
        assert (meeting.start is None or meeting.end is None) == (meeting.expected_moves is None)
        assert bool(meeting.note) == (not meeting.probabilities)


def pins(prices, after, decision):
    """Whether a month without a meeting before the next one has a price."""
    number = month_number(decision) + 1
    while number < FIRST + MONTHS and not any(month_number(day) == number for day in after):
        if month_from(number) in prices:
            return True
        number += 1
    return False


@settings(deadline=None, max_examples=100)
@given(noise_free())
def test_every_day_at_once_knows_what_one_day_knows(market):
    as_of, after, dropped = market
    priced = [math.nan if i in dropped else price for i, price in enumerate(strip(after).values())]
    if not any(np.isfinite(priced[month_number(as_of) - FIRST :])):
        return
    rate, ranges = level(after, as_of), steady("2025-11-01", "2026-12-31", 3.5)
    effective = pd.Series(rate, index=[pd.Timestamp(as_of) - pd.Timedelta(days=1)])
    prices = table([as_of], ("2026-01", MONTHS), [priced])
    history = rate_history(prices, fixed_calendar(after), ranges, effective=effective, count="before")
    path = rate_path(
        {month.date(): price for month, price in prices.iloc[0].items()},
        list(after),
        as_of,
        (3.5, 3.75),
        count="before",
        observed=observed_rate(effective, ranges, as_of),
    )
    for meeting in path.meetings:
        j = history.meetings.get_loc(pd.Timestamp(meeting.date))
        sides = [math.nan if side is None else side for side in (meeting.start, meeting.end)]
        np.testing.assert_allclose([history.start[0, j], history.end[0, j]], sides, atol=1e-12)


@pytest.mark.parametrize(("prices", "day", "bounds"), [(T1, T1_DAY, T1_RANGE), (T2, T2_DAY, T2_RANGE)])
def test_near_contracts_go_before_the_effective_rate(prices, day, bounds):
    plain = rate_path(prices, known(day), day, bounds)
    seen = rate_path(prices, known(day), day, bounds, observed=Observed(9.0, day, 0.0))
    assert seen == plain
    assert seen.observed is None


def test_a_year_end_takes_one_far_pin_and_the_effective_rate():
    day, now = dt.date(2026, 1, 23), Observed(3.64, dt.date(2026, 1, 22), 0.0)
    far = {dt.date(2027, 1, 1): 96.8, dt.date(2027, 2, 1): 96.8}
    path = rate_path(far, known(day), day, (3.5, 3.75), observed=now)
    assert year_end_moves(path, 2026).bp == pytest.approx(-44.0)
    assert path.observed == now
    assert path.sentence == (
        "As of 23 Jan 2026 the market prices 1.76 cuts of 25 bp by the meeting of 9 Dec 2026, from a range of 3.50-3.75%."
    )
    assert year_end_moves(rate_path(far, known(day), day, (3.5, 3.75)), 2026).moves is None
    near = rate_path({dt.date(2026, 6, 1): 96.4}, known(day), day, (3.5, 3.75), observed=now)
    assert "gives the rate after the meeting of 2026-12-09" in year_end_moves(near, 2026).why


def test_the_own_contract_gives_the_next_meeting_once_the_rate_before_it_is_observed():
    """March alone: 18 days at 3.64 and 13 at what comes."""
    day = dt.date(2026, 3, 10)
    price = 100 - (18 * 3.64 + 13 * 3.54) / 31
    path = rate_path(
        {dt.date(2026, 3, 1): price}, known(day), day, (3.5, 3.75), observed=Observed(3.64, day, 0.0)
    )
    assert path.meetings[0].end == pytest.approx(3.54)
    assert path.meetings[0].probabilities == pytest.approx({3.25: 40.0, 3.5: 60.0})


def test_three_days_after_a_meeting_are_too_few_to_go_forward_from_an_observed_rate():
    """A basis point between the rate observed and that of the 28 days gone by would be 37% of a cut."""
    day = dt.date(2026, 1, 23)
    path = rate_path(
        {dt.date(2026, 1, 1): 96.36}, known(day), day, (3.5, 3.75), observed=Observed(3.65, day, 0.0)
    )
    assert (path.meetings[0].start, path.meetings[0].end) == (3.65, None)
    assert "January 2026 itself holds only 3 days of it" in path.meetings[0].note


def test_a_meeting_after_an_unscheduled_one_of_its_month_starts_from_what_is_observed():
    """4 March 2020: the month holds 3 and 18 March; April's start says what comes of the 18th."""
    days = [dt.date(2020, 3, 3), dt.date(2020, 3, 18), dt.date(2020, 4, 29), dt.date(2020, 6, 10)]
    prices = {dt.date(2020, 4, 1): 99.41, dt.date(2020, 5, 1): 99.41}
    day, now = dt.date(2020, 3, 4), Observed(1.09, dt.date(2020, 3, 3), -0.5)
    path = rate_path(prices, days, day, (1.0, 1.25), observed=now)
    assert (path.meetings[0].start, path.meetings[0].end) == pytest.approx((1.09, 0.59))
    assert path.meetings[0].probabilities[0.5] == pytest.approx(100.0)
    assert "cannot be told apart" in rate_path(prices, days, day, (1.0, 1.25)).meetings[0].note


def test_an_announced_move_counts_until_an_effective_rate_shows_it():
    """17 September 2025 and the days after: EFFR of the 16th and 17th still reads 4.33, that of the 18th 4.08."""
    effective = pd.Series(
        [4.33, 4.33, 4.33, 4.08],
        index=pd.to_datetime(["2025-09-15", "2025-09-16", "2025-09-17", "2025-09-18"]),
    )
    ranges = steady("2025-09-01", "2025-09-30", 4.25)
    ranges.loc["2025-09-17":] -= 0.25
    found = observed_rates(effective, ranges, pd.date_range("2025-09-16", "2025-09-20"))
    assert found["rate"].tolist() == pytest.approx([4.33, 4.08, 4.08, 4.08, 4.08])
    assert found["announced"].tolist() == pytest.approx([0, -0.25, -0.25, 0, 0])
    assert found["since"].dt.day.tolist() == [15, 16, 17, 18, 18]


def test_an_effective_rate_of_long_ago_says_nothing():
    effective = pd.Series([3.64], index=pd.to_datetime(["2026-01-02"]))
    ranges = steady("2026-01-01", "2026-02-28", 3.5)
    assert observed_rate(effective, ranges, dt.date(2026, 1, 9)) == Observed(3.64, dt.date(2026, 1, 2), 0.0)
    for day in (dt.date(2026, 1, 10), dt.date(2026, 1, 2)):
        assert observed_rate(effective, ranges, day) is None
    assert observed_rate(effective[:0], ranges, dt.date(2026, 1, 9)) is None


def test_a_strip_of_far_months_only_reaches_every_day_of_its_line():
    """A table that begins five months after its first day: what a ledger holds that was begun late."""
    days = pd.bdate_range("2026-01-05", "2026-06-30")
    far = table(days, ("2026-06", 10), np.full((len(days), 10), 96.8))
    effective = pd.Series(3.64, index=pd.date_range("2026-01-01", "2026-06-30"))
    history = rate_history(
        far, fixed_calendar(MEETINGS), steady("2025-12-01", "2026-12-31", 3.5), effective=effective
    )
    line = year_end_line(history, 2026)
    until = line[:"2026-04-28"]
    assert until.tolist() == pytest.approx([-1.76] * len(until))
    assert line.notna().all()
