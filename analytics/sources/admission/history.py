"""Whether an answer has lost history: half an answer looks like a good one, row by row."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analytics.catalogue import Series
from analytics.clock.instants import day_of
from analytics.sources import Answer

PERIOD_DAYS = {"d": 1, "w": 7, "m": 31, "q": 92, "a": 366}
LATE_DAYS, LATE_PERIODS = 40, 3
"""A whole history may begin so long after the day on which it should [days; periods], whichever is more."""
LOST_AT_START = 10
"""A whole history may lack so many of the first periods that are held."""
LOST_WITHIN, LOST_SHARE = 3, 0.2
"""An answer that lacks so many, and more than this share, of the held periods it should cover has shrunk."""


def lost(answer: Answer, held: pd.DataFrame, now: dt.datetime) -> str:
    """What of its history an answer has lost, as a clause; empty where it has not.

    A series with a moving window may lose its past, not its middle.

    Periods that the provider left out with a reason are there. What is held of days after ``now`` (a clock set back)
    is not missed.

    Args:
        answer: Of any provider.
        held: Columns period, field, value.
        now: The present instant.
    """
    series = answer.series
    told = [odd.period for odd in answer.oddities if odd.period is not None and odd.field == series.field]
    there = _days(answer.rows, series)
    if told:
        there = np.union1d(there, np.array(told, dtype="datetime64[D]").astype(np.int64))
    past = _days(held, series)
    past = past[past <= _day(day_of(now))]
    late = ""
    if len(there) and answer.since is None and not series.rolling:
        late = _late(answer, there[0], past)
    return late or _lacking(answer, there, past)


def _late(answer: Answer, first: int, past: np.ndarray) -> str:
    series = answer.series
    allowed = max(LATE_DAYS, LATE_PERIODS * PERIOD_DAYS[series.frequency])
    due = [_day(day) for day in (series.begins, answer.begins) if day is not None]
    if due and first - min(due) > allowed:
        return f"it begins on {_date(first)}, not on {_date(min(due))}"
    lost = int((past < first).sum())
    if lost > LOST_AT_START:
        return f"it begins on {_date(first)} and lacks {lost:,} earlier dates that are held"
    return ""


def _lacking(answer: Answer, there: np.ndarray, past: np.ndarray) -> str:
    owed = _owed(answer, there, past)
    lost = int((~np.isin(owed, there)).sum())
    if lost >= LOST_WITHIN and lost > LOST_SHARE * len(owed):
        return f"it lacks {lost:,} of {len(owed):,} dates that are held"
    return ""


def _owed(answer: Answer, there: np.ndarray, past: np.ndarray) -> np.ndarray:
    """The held periods that the answer should have.

    A read since a date owes everything from that date on, not from its own first row: half an answer starts late. A
    whole history owes what follows its start, which has its own check; a moving window only what lies inside it.
    """
    if answer.since is not None:
        past = past[past >= _day(answer.since)]
    if answer.series.rolling:
        return past[(past >= there[0]) & (past <= there[-1])] if len(there) else past[:0]
    if answer.since is None and len(there):
        past = past[past >= there[0]]
    return past


def _days(rows: pd.DataFrame, series: Series) -> np.ndarray:
    """The distinct periods of the main field as days since 1970, int64, rising (looked up far faster than dates)."""
    days = (
        rows["period"]
        .to_numpy()[(rows["field"] == series.field).to_numpy()]
        .astype("datetime64[D]")
        .astype(np.int64)
    )
    return days if (np.diff(days) > 0).all() else np.unique(days)


def _day(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days


def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(day))
