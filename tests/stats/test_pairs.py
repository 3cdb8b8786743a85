from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.stats.pairs import pair, returns, weekly
from bench import nulls

NAMES = ("silver", "Bitcoin")


def simulated(n: int) -> tuple[np.ndarray, np.ndarray]:
    x, y = nulls.simulate("N1", 1, 3, n=n)
    return x[0], y[0]


def test_weeks_end_on_fridays_and_an_unfinished_week_is_left_out() -> None:
    levels = nulls.levels(*simulated(n=300))
    levels = levels.drop(levels.index[levels.index.day_of_week == 4][5])
    for last in range(5):
        cut = levels.iloc[: len(levels) - last]
        expected = cut.resample("W-FRI").last().dropna().loc[: cut.index[-1]]
        pd.testing.assert_frame_equal(weekly(cut), expected, check_freq=False, check_index_type=False)


def test_days_come_together_before_they_are_differenced() -> None:
    """The other order would drop every Monday of an asset that also trades at weekends
    (docs/methods.md#calendar-and-closing-times)."""
    days = pd.date_range("2024-01-01", periods=15)
    follow = pd.Series(np.exp(np.arange(15.0)), days)
    lead = pd.Series(np.arange(1.0, 16), days)[days.day_of_week < 5]
    found = returns(pd.DataFrame({"lead": lead, "follow": follow}))
    assert found["follow"].sum() == pytest.approx(14.0)
    assert found["follow"].loc["2024-01-08"] == pytest.approx(3.0)


def test_prices_are_dropped_where_one_side_has_none() -> None:
    levels = nulls.levels(*simulated(n=500))
    holed = levels.copy()
    holed.iloc[40, 0] = np.nan
    assert len(pair(holed, NAMES, 10)) == 499
    assert pair(holed, NAMES, 10).follow.sum() == pytest.approx(pair(levels, NAMES, 10).follow.sum())
