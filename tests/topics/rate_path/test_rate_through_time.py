from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from analytics.errors import BadChoice
from analytics.topics.rate_path.measures.rate_history import rate_history
from analytics.topics.rate_path.measures.rate_path_days import fixed_calendar
from analytics.topics.rate_path.measures.rate_through_time import (
    change_to_year_end,
    meeting_levels,
    meeting_odds,
    year_end_line,
)
from tests.topics.rate_path.test_rate_history import MEETINGS, steady, table


def two_step_market():
    """Three days around a cut of 25 bp on 18 March that was priced at 60%, with one more priced at 40% for June."""
    days = ["2026-03-17", "2026-03-18", "2026-03-19"]
    before, march, june = 3.60, 3.60 - 0.15, 3.60 - 0.15 - 0.10
    averages = np.full((3, 14), june)
    averages[0, 0:2] = before
    averages[0, 2] = (18 * before + 13 * march) / 31
    averages[0, 3:5] = march
    averages[0, 5] = (17 * march + 13 * june) / 30
    averages[1:, 2] = (18 * before + 13 * 3.35) / 31
    averages[1:, 3:5] = 3.35
    averages[1:, 5] = (17 * 3.35 + 13 * 3.25) / 30
    averages[1:, 6:] = 3.25
    averages[2, 6:] = 3.20
    averages[2, 5] = (17 * 3.35 + 13 * 3.20) / 30
    ranges = steady("2026-01-01", "2026-12-31", 3.5)
    ranges.loc["2026-03-18":] = [3.25, 3.50]
    return rate_history(table(days, ("2026-01", 14), 100 - averages), fixed_calendar(MEETINGS), ranges)


def test_odds_and_levels_of_one_meeting_through_time():
    history = two_step_market()
    odds = meeting_odds(history, dt.date(2026, 3, 18))
    assert list(odds.index) == [pd.Timestamp("2026-03-17")]
    assert odds.iloc[0].to_dict() == pytest.approx({"cut": 60.0, "hold": 40.0, "hike": 0.0})
    levels = meeting_levels(history, dt.date(2026, 6, 17))
    assert levels.iloc[0].to_dict() == pytest.approx({3.0: 24.0, 3.25: 52.0, 3.5: 24.0})
    assert levels.iloc[1][[3.0, 3.25]].tolist() == pytest.approx([40.0, 60.0])
    assert levels.sum(axis=1).tolist() == pytest.approx([100.0] * 3)
    with pytest.raises(BadChoice, match="decision day"):
        meeting_odds(history, dt.date(2026, 3, 19))


def test_moves_to_the_year_end_and_the_change_without_the_jump_of_a_decision():
    history = two_step_market()
    assert year_end_line(history, 2026).tolist() == pytest.approx([-1.0, -0.4, -0.6])
    assert year_end_line(history, 2027).isna().all()
    # A full cut came where 60% of one was priced, and 40% stayed priced: 0.4 more in all. Next day 0.2 more is priced.
    assert change_to_year_end(history).tolist() == pytest.approx([-0.4, -0.2])
    only = change_to_year_end(history, pd.DatetimeIndex(["2026-03-17", "2026-03-19"]))
    assert only.to_dict() == pytest.approx({pd.Timestamp("2026-03-19"): -0.6})


def test_the_year_end_rolls_on_the_first_trading_day_and_both_days_have_it():
    days = ["2025-12-30", "2025-12-31", "2026-01-02"]
    averages = np.full((3, 15), 3.6)
    averages[2, 2:] = 3.5  # on 2 January a cut at the January meeting gets priced, from February on
    averages[2, 1] = (28 * 3.6 + 3 * 3.5) / 31
    prices = table(days, ("2025-12", 15), 100 - averages)
    calendar = fixed_calendar([dt.date(2025, 12, 10), *MEETINGS])
    history = rate_history(prices, calendar, steady("2025-12-01", "2026-12-31", 3.5))
    change = change_to_year_end(history)
    assert math.isnan(change["2025-12-31"])  # no meeting of 2025 is left on either day
    assert change["2026-01-02"] == pytest.approx(-0.4)
