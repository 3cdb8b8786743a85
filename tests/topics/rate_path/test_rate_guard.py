from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analytics.topics.rate_path.measures.rate_guard import EARLY, SLACK, contradiction, off_grid
from analytics.topics.rate_path.measures.rate_observed import Observed
from analytics.topics.rate_path.measures.rate_path import rate_path
from tests.topics.rate_path.test_rate_history import history, recorded  # noqa: F401
from tests.topics.rate_path.test_rate_path import T1, T1_DAY, T1_RANGE, T2, T2_DAY, T2_RANGE, known


@pytest.mark.parametrize(
    ("bounds", "off"),
    [
        ((3.5, 3.75), False),
        ((-0.25, 0.0), False),
        ((0.0, 0.25), False),
        ((3.5, 4.0), True),
        ((3.6, 3.85), True),
    ],
)
def test_the_grid_of_ranges(bounds, off):
    assert off_grid(bounds) is off


@pytest.mark.parametrize(("prices", "day", "bounds"), [(T1, T1_DAY, T1_RANGE), (T2, T2_DAY, T2_RANGE)])
def test_the_range_in_force_agrees_and_its_neighbours_do_not(prices, day, bounds):
    for step in (-0.25, 0.0, 0.25):
        path = rate_path(prices, known(day), day, (bounds[0] + step, bounds[1] + step))
        assert bool(contradiction(path)) is (step != 0)


def test_an_observed_start_and_a_meeting_early_in_its_month_contradict_nothing():
    day, now = dt.date(2026, 1, 23), Observed(3.64, dt.date(2026, 1, 22), 0.0)
    far = rate_path({dt.date(2027, 2, 1): 96.8}, known(day), day, (4.0, 4.25), observed=now)
    assert contradiction(far) == ""
    early = dt.date(2022, 11, 1)
    path = rate_path(
        {dt.date(2022, 11, 1): 96.21, dt.date(2022, 12, 1): 95.852, dt.date(2023, 1, 1): 95.6},
        known(early),
        early,
        (2.0, 2.25),
    )
    assert path.meetings[0].start is not None
    assert contradiction(path) == ""


@pytest.mark.market
def test_no_day_since_2010_contradicts_its_range_and_a_step_off_always_does(recorded, history):  # noqa: F811
    first = history.ahead.argmax(axis=1)
    rows = np.arange(len(history.days))
    start, upper = history.start[rows, first], history.lower + 0.25
    checked = ~np.isnan(start) & (history.meetings[first].day > EARLY)
    for step in (-0.25, 0.25):
        outside = np.maximum(history.lower + step - start, start - upper - step)
        assert (outside[checked] > SLACK).all()
    assert (np.maximum(history.lower - start, start - upper)[checked] < 0).all()
