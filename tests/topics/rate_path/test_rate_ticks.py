"""One settlement tick: a quarter of a basis point in the nearest month, half a one in the others."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from analytics.topics.rate_path.measures.rate_observed import Observed
from analytics.topics.rate_path.measures.rate_path import rate_path
from analytics.topics.rate_path.measures.rate_ticks import NEAREST_TICK, TICK, tick_band
from tests.topics.rate_path.test_rate_path import T1, T1_DAY, T1_RANGE, known


def solver(day, bounds=(3.5, 3.75), **more):
    return partial(lambda prices: rate_path(prices, known(day), day, bounds, **more))


def test_a_rate_that_a_month_without_a_meeting_pins_moves_by_its_tick():
    day = dt.date(2026, 1, 23)
    far = {dt.date(2027, 2, 1): 96.8}
    band = tick_band(far, solver(day, observed=Observed(3.64, day, 0.0)))
    assert band == pytest.approx({dt.date(2027, 1, 27): TICK})


def test_the_nearest_month_has_the_finer_tick_and_a_month_gone_by_has_none():
    """10 March: 13 of March's 31 days follow the meeting, so the rate after it moves by 31/13 of a tick."""
    day = dt.date(2026, 3, 10)
    prices = {dt.date(2026, 2, 1): 96.36, dt.date(2026, 3, 1): 96.4}
    band = tick_band(prices, solver(day))
    assert band == pytest.approx({dt.date(2026, 3, 18): NEAREST_TICK * 31 / 13})


def test_no_path_within_a_tick_of_one_contract_leaves_the_band():
    solve = solver(T1_DAY, T1_RANGE)
    band, ends = tick_band(T1, solve), {one.date: one.end for one in solve(T1).meetings}
    assert set(band) == {day for day, end in ends.items() if end is not None}
    for month in T1:
        for side in (-1, 1):
            moved = solve({**T1, month: T1[month] + side * NEAREST_TICK})
            for one in moved.meetings:
                if one.end is not None:
                    assert abs(one.end - ends[one.date]) <= band[one.date] + 1e-9
    assert max(band.values()) < 0.05
