"""Release times: the instants of a local time of day on many dates, and business days after them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analytics.clock.instants import parse_clock


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
