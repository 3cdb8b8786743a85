"""Instants and days: the one place that knows New York's midnight.

A date T means the end of that day in New York, so Bitcoin's 00:00 UTC close of T counts and T's own bar is final.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

NEW_YORK = ZoneInfo("America/New_York")
MICROSECOND = dt.timedelta(microseconds=1)


def end_of_day(day: dt.date) -> dt.datetime:
    """The last microsecond of ``day`` in New York."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), NEW_YORK)
    return (midnight.astimezone(dt.UTC) - MICROSECOND).astimezone(NEW_YORK)


def day_of(instant: dt.datetime) -> dt.date:
    """The New York date of an instant."""
    return instant.astimezone(NEW_YORK).date()


def to_micros(instant: dt.datetime) -> int:
    """Microseconds since 1970-01-01 UTC; refuses an instant without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return (instant - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // MICROSECOND


def from_micros(micros: int) -> dt.datetime:
    """The UTC instant of a count of microseconds since 1970-01-01 UTC."""
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(micros))


@lru_cache(maxsize=64)
def parse_clock(text: str) -> tuple[dt.time, ZoneInfo]:
    """``"13:25 America/New_York"`` as a time of day and a zone."""
    time, zone = text.split(" ", 1)
    return dt.time.fromisoformat(time), ZoneInfo(zone)


def at_clock(periods: pd.Series, clock: str, add_days: int = 0) -> pd.Series:
    """The instants of a local time of day on given dates.

    Args:
        periods: Dates, datetime64 at midnight without zone, any length.
        clock: ``HH:MM Zone``; ``00:00`` means the midnight that *ends* the date.
        add_days: Calendar days to add first.

    Returns:
        datetime64[us, UTC], same index.
    """
    time, zone = parse_clock(clock)
    days = add_days + (1 if time == dt.time() else 0)
    local = periods + pd.Timedelta(days=days, hours=time.hour, minutes=time.minute)
    zoned = local.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    return zoned.dt.tz_convert("UTC").astype("datetime64[us, UTC]")


def add_business_days(periods: pd.Series, days: int) -> pd.Series:
    """Dates moved forward by Monday-to-Friday days (holidays are not known here: a release may then be a day late)."""
    moved = np.busday_offset(periods.to_numpy().astype("datetime64[D]"), days, roll="backward")
    return pd.Series(moved.astype("datetime64[s]"), index=periods.index)
