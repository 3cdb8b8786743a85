from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import BadChoice
from analytics.published import fomc
from analytics.topics.rate_path.measures.rate_path_days import (
    announced_range,
    fixed_calendar,
    is_rate_meeting,
    settlements,
)


def in_force(first, last, steps):
    """Lower limit by day from steps {day: limit}, as FRED stamps them."""
    days = pd.date_range(first, last)
    values = pd.Series(np.nan, index=days)
    for day, limit in steps.items():
        values[day] = limit
    return values.ffill()


def announced(lower, decisions=None):
    return announced_range(lower, lower + 0.25, fomc.decision_days() if decisions is None else decisions)


@pytest.mark.parametrize(("stamped", "decision"), [
    ("2025-09-18", dt.date(2025, 9, 17)),  # the day after, as nearly always
    ("2015-12-16", dt.date(2015, 12, 16)),  # FRED has it on the day itself
    ("2016-12-14", dt.date(2016, 12, 14)),
    ("2020-03-04", dt.date(2020, 3, 3)),  # emergency move announced on a Tuesday at 10:00
    ("2020-03-16", dt.date(2020, 3, 15)),  # and on a Sunday
])  # fmt: skip
def test_a_step_stands_on_its_announcement(stamped, decision):
    step = pd.Timestamp(stamped)
    first, last = step - pd.Timedelta(days=9), step + pd.Timedelta(days=9)
    found = announced(in_force(first, last, {first: 2.0, step: 1.5}))
    assert found.moved == (decision,)
    assert found.unmatched == ()
    assert found.on(decision) == (1.5, 1.75)
    assert found.on(decision - dt.timedelta(days=1)) == (2.0, 2.25)
    assert found.by_day["lower"].diff().fillna(0).ne(0).sum() == 1


def test_both_moves_of_march_2020():
    found = announced(
        in_force("2020-02-20", "2020-04-01", {"2020-02-20": 1.5, "2020-03-04": 1.0, "2020-03-16": 0.0})
    )
    ranges = [found.on(dt.date(2020, 3, day))[0] for day in (2, 3, 13, 15, 16)]
    assert ranges == [1.5, 1.0, 1.0, 0.0, 0.0]


def test_a_step_without_a_decision_stays_and_is_named():
    found = announced(in_force("2026-05-01", "2026-05-31", {"2026-05-01": 3.5, "2026-05-20": 3.25}))
    assert (found.moved, found.unmatched) == ((), (dt.date(2026, 5, 20),))
    assert found.on(dt.date(2026, 5, 19)) == (3.5, 3.75)


def test_a_decision_on_the_last_day_is_pending():
    lower = in_force("2025-09-01", "2025-09-17", {"2025-09-01": 4.25})
    assert announced(lower).pending == dt.date(2025, 9, 17)
    assert announced(lower[:"2025-09-16"]).pending is None
    longer = in_force("2025-09-01", "2025-09-18", {"2025-09-01": 4.25, "2025-09-18": 4.0})
    assert announced(longer).pending is None
    assert announced(longer).on(dt.date(2025, 9, 17)) == (4.0, 4.25)


def test_days_outside_the_series():
    found = announced(in_force("2025-09-01", "2025-09-10", {"2025-09-01": 4.25}))
    assert found.on(dt.date(2025, 9, 14)) == (4.25, 4.5)
    with pytest.raises(BadChoice, match="from 2025-09-01 on"):
        found.on(dt.date(2025, 8, 31))
    empty = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    with pytest.raises(BadChoice, match="empty series"):
        announced_range(empty, empty, [])


def test_missing_days_carry_the_range():
    lower = in_force("2025-09-01", "2025-09-30", {"2025-09-01": 4.25, "2025-09-18": 4.0})
    assert announced(lower.drop(pd.Timestamp("2025-09-13"))).on(dt.date(2025, 9, 13)) == (4.25, 4.5)


def test_settlements_are_calendar_day_means_of_complete_months():
    days = pd.bdate_range("2026-01-05", "2026-03-27")
    effective = pd.Series(3.60, index=days)
    effective["2026-02-27":"2026-03-05"] = 3.70  # Friday 27 February carries over the 28th
    found = settlements(effective)
    assert list(found.index) == [pd.Timestamp("2026-02-01")]
    assert found.iloc[0] == pytest.approx(100 - (26 * 3.60 + 2 * 3.70) / 28)
    through = settlements(
        pd.Series(3.6, index=pd.bdate_range("2026-01-01", "2026-01-30"))
    )  # the 31st is a Saturday
    assert list(through.index) == [pd.Timestamp("2026-01-01")]
    assert settlements(pd.Series(dtype=float)).empty


def test_bare_days_make_a_calendar():
    entries = fixed_calendar([pd.Timestamp("2026-03-18"), dt.date(2026, 1, 28)])
    assert [entry.day for entry in entries] == [dt.date(2026, 1, 28), dt.date(2026, 3, 18)]
    assert all(is_rate_meeting(entry) for entry in entries)


def test_an_unscheduled_call_counts_only_if_it_moved_the_range():
    calls = {entry.day: entry for entry in fomc.load() if not entry.scheduled}
    moved = {dt.date(2020, 3, 3)}
    assert is_rate_meeting(calls[dt.date(2020, 3, 3)], moved)
    assert not is_rate_meeting(calls[dt.date(2019, 10, 4)], moved)
    assert not is_rate_meeting(calls[dt.date(2025, 8, 22)], {dt.date(2025, 8, 22)})
