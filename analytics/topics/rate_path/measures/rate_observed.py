"""The rate between two decisions, which nobody has to expect: the effective rate, and what was announced since (docs/methods.md#chain-of-months)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

LONGEST_AGE = 7
"""An effective rate older than this on the day says nothing of it [days]."""
ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Observed:
    """The effective rate in force after what was announced by a day's close.

    Attributes:
        rate: Effective rate plus the announced move [%].
        day: The day of that effective rate.
        announced: Move of the range announced since, which it does not show yet [% points].
    """

    rate: float
    day: dt.date
    announced: float


def observed_rates(effective: pd.Series, ranges: pd.DataFrame, days: pd.DatetimeIndex) -> pd.DataFrame:
    """The rate in force at the close of each day, as known by then.

    A day's effective rate is out on the next morning, and a decision moves it from the day after: on 17 September 2025,
    with a cut announced, the newest EFFR was that of the 16th, before it. Neither does the rate of a decision's own day
    show the decision.

    Args:
        effective: Effective rate by day (EFFR or DFF), DatetimeIndex, rising [%]; NaN rows are left out.
        ranges: Announced range by day, column ``lower`` [%] (``AnnouncedRange.by_day``).
        days: Days to say it for.

    Returns:
        Index ``days``; ``rate`` [%], ``since`` (the effective rate's day), ``announced`` [% points]; NaN and NaT where no
        effective rate of the ``LONGEST_AGE`` days before is known.
    """
    known = effective.dropna()
    at = known.index.searchsorted(days) - 1
    if known.empty:
        known, at = pd.Series(np.nan, index=days[:1] - ONE_DAY), np.zeros(len(days), dtype=int)
    since = known.index[at.clip(0)]
    fresh = (at >= 0) & (days - since <= LONGEST_AGE * ONE_DAY)
    announced = _lower(ranges, days) - _lower(ranges, since - ONE_DAY)
    rate = np.where(fresh, known.to_numpy()[at.clip(0)] + announced, np.nan)
    return pd.DataFrame({"rate": rate, "since": since.where(fresh), "announced": announced}, index=days)


def _lower(ranges: pd.DataFrame, days: pd.DatetimeIndex) -> np.ndarray:
    rows = ranges.index.searchsorted(days, side="right") - 1
    return ranges["lower"].to_numpy(float)[rows.clip(0)]


def observed_rate(effective: pd.Series, ranges: pd.DataFrame, day: dt.date) -> Observed | None:
    """``observed_rates`` of one day; None where no effective rate is known."""
    found = observed_rates(effective, ranges, pd.DatetimeIndex([day])).iloc[0]
    if np.isnan(found["rate"]):
        return None
    return Observed(float(found["rate"]), found["since"].date(), float(found["announced"]))
