"""Days of the rate path: which meetings are known, how a month splits around one, which range was announced when."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analytics.errors import BadChoice
from analytics.published import fomc

Count = Literal["auto", "before", "after"]
COUNTS: tuple[Count, ...] = ("auto", "before", "after")
LAST_AFTER = dt.date(2023, 4, 30)
"""Last day on which "auto" counts the announcement day as after the decision (CME until at least April 2023)."""
YEAR_ENDS_FROM = 11
"""A year's last meeting is in December: known meetings that end before November are not yet the whole year [month]."""
ONE_DAY = dt.timedelta(days=1)
ALWAYS = dt.date(1900, 1, 1)


def resolve_count(as_of: dt.date, count: Count = "auto") -> Literal["before", "after"]:
    """On which side of a decision its own day counts, for prices of ``as_of``.

    Raises:
        BadChoice: a count that is none of ``COUNTS``.
    """
    if count not in COUNTS:
        raise BadChoice("The day count", count, "auto, before or after")
    if count == "auto":
        return "after" if as_of <= LAST_AFTER else "before"
    return count


def day_split(decision: dt.date, count: Literal["before", "after"]) -> tuple[int, int]:
    """(N, M): calendar days of the decision's month at the old rate and at the new one; N + M is the month [days]."""
    days = calendar.monthrange(decision.year, decision.month)[1]
    before = decision.day - 1 if count == "after" else decision.day
    return before, days - before


def as_day(value: dt.date) -> dt.date:
    """A plain date, also from a datetime or a pandas Timestamp."""
    return value.date() if isinstance(value, dt.datetime) else value


def month_of(day: dt.date) -> dt.date:
    """First day of the month of ``day``."""
    return dt.date(day.year, day.month, 1)


def month_number(day: dt.date) -> int:
    """Running month number, year x 12 + month - 1."""
    return day.year * 12 + day.month - 1


def month_from(number: int) -> dt.date:
    """First day of the month with a running number."""
    return dt.date(number // 12, number % 12 + 1, 1)


def is_rate_meeting(entry: fomc.Meeting, moved: Collection[dt.date] = ()) -> bool:
    """Whether an entry splits its month: a scheduled meeting, or an unscheduled one that moved the range.

    A notation vote never does, nor does a conference call without a rate decision: counted, each would make a second
    meeting of its month and get the month refused.

    Args:
        entry: A row of the Committee's calendar.
        moved: Days on which a change of the range was announced (``AnnouncedRange.moved``).
    """
    return entry.kind != "notation vote" and (entry.scheduled or entry.day in moved)


def decision_days(
    entries: Iterable[fomc.Meeting], as_of: dt.date, moved: Collection[dt.date] = ()
) -> tuple[dt.date, ...]:
    """Rate meetings as known at the end of ``as_of``, rising: published by then and not yet withdrawn."""
    days = {
        entry.day
        for entry in entries
        if is_rate_meeting(entry, moved)
        and entry.published <= as_of
        and (entry.withdrawn is None or entry.withdrawn > as_of)
    }
    return tuple(sorted(days))


def fixed_calendar(days: Iterable[dt.date]) -> tuple[fomc.Meeting, ...]:
    """Calendar entries for bare decision days that count as known at all times."""
    return tuple(
        fomc.Meeting(day, True, "meeting", ALWAYS, "seen", "given by the caller")
        for day in sorted(as_day(day) for day in days)
    )


def settlements(effective: pd.Series) -> pd.Series:
    """Final settlements of the contracts of past months: 100 minus the mean effective rate over calendar days.

    Weekends and holidays carry the rate of the day before, as the contract's rules say.

    Args:
        effective: Effective rate by day (DFF or EFFR), DatetimeIndex, rising [%]; NaN rows are left out.

    Returns:
        Index first days of the months that are complete (Timestamps) [price].
    """
    rates = effective.dropna()
    if rates.empty:
        return pd.Series(dtype=float)
    first = rates.index[0] if rates.index[0].day == 1 else rates.index[0] + pd.offsets.MonthBegin()
    reached = pd.offsets.BMonthEnd().rollback(rates.index[-1])  # the month of its last weekday is complete
    daily = rates.reindex(pd.date_range(first, reached + pd.offsets.MonthEnd(0), freq="D"), method="ffill")
    return 100.0 - daily.groupby(daily.index.to_period("M").to_timestamp()).mean()


def with_settlement(
    prices: Mapping[dt.date, float | None], effective: pd.Series, as_of: dt.date
) -> dict[dt.date, float | None]:
    """``prices`` with the settlement of the month before ``as_of``, where that is complete and has no price yet.

    If that month had no meeting it pins the rate before this month's meeting. Without it, early in a month, the path
    leans on the month's own contract divided by one or two days: 1 bp of noise becomes 15 to 30.
    """
    month = month_from(month_number(as_of) - 1)
    settled = settlements(effective[: pd.Timestamp(as_of)])
    return {**({month: float(settled[stamp])} if (stamp := pd.Timestamp(month)) in settled else {}), **prices}


@dataclass(frozen=True, slots=True, eq=False)
class AnnouncedRange:
    """The target range as announced by the close of each day.

    Attributes:
        by_day: Index days without gaps (DatetimeIndex); columns ``lower``, ``upper`` [%].
        moved: Decision days on which a change was announced.
        unmatched: Days of a step behind which no decision day is known; the step stays on its own day.
        pending: The last day of the series, if it is a decision day whose outcome the series cannot show yet: its
            range is the one before the decision. None otherwise.
    """

    by_day: pd.DataFrame
    moved: tuple[dt.date, ...]
    unmatched: tuple[dt.date, ...]
    pending: dt.date | None

    def on(self, day: dt.date) -> tuple[float, float]:
        """(lower, upper) announced by the close of ``day`` [%]; the last known one after the end of the series.

        Raises:
            BadChoice: a day before the series begins.
        """
        row = int(self.by_day.index.searchsorted(pd.Timestamp(day), side="right")) - 1
        if row < 0:
            first = self.by_day.index[0].date()
            raise BadChoice("The day of the target range", day, f"days from {first} on")
        return float(self.by_day["lower"].iat[row]), float(self.by_day["upper"].iat[row])


def announced_range(lower: pd.Series, upper: pd.Series, decisions: Collection[dt.date]) -> AnnouncedRange:
    """The announced range by day, from the range in force by day (DFEDTARL, DFEDTARU).

    FRED shows a change on the day after its announcement, except for 16 December 2015 and 14 December 2016, which stand
    on the day itself. Each step is therefore moved back to its decision day: the step's own day where that is one,
    else the day before (3 March 2020, a Tuesday; 15 March 2020, a Sunday).

    To see a decision on its own day, the series must reach one day past it.

    Args:
        lower: Lower limit by calendar day, DatetimeIndex, rising [%]; NaN rows are left out.
        upper: Upper limit, likewise.
        decisions: Days on which the Committee announced something, scheduled or not (``fomc.decision_days()``).

    Raises:
        BadChoice: the two series share no day.
    """
    table = pd.DataFrame({"lower": lower, "upper": upper}).dropna()
    if table.empty:
        raise BadChoice("The target range", "an empty series", "lower and upper limits of the same days")
    table = table.reindex(pd.date_range(table.index[0], table.index[-1], freq="D")).ffill()
    in_force = table.to_numpy()
    known = {as_day(day) for day in decisions}
    moved, unmatched = [], []
    values = in_force.copy()
    for row in (np.flatnonzero((np.diff(in_force, axis=0) != 0).any(axis=1)) + 1).tolist():
        step = table.index[row].date()
        decision = next((day for day in (step, step - ONE_DAY) if day in known), None)
        if decision is None:
            unmatched.append(step)
            continue
        moved.append(decision)
        values[row - (step - decision).days] = in_force[row]
    last = table.index[-1].date()
    by_day = pd.DataFrame(values, index=table.index, columns=["lower", "upper"])
    pending = last if last in known and last not in moved else None
    return AnnouncedRange(by_day, tuple(moved), tuple(unmatched), pending)
