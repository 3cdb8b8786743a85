"""Instants and days: the one place that knows New York's midnight.

A date T means the end of that day in New York, so Bitcoin's 00:00 UTC close of T counts and T's own bar is final.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

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
