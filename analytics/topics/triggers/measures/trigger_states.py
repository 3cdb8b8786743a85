"""The triggers' numbers by trading day, each from what was known by the day's close, and their distances in
words."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd

from analytics.stats.changes import known_by

QUARTER = 63
PART = 21
"""A quarter of trading days, and one of its three parts."""
MONTHS = 12
BALANCE_LAG = 50
"""Longest ordinary wait for a month's federal balance, from the first of that month [calendar days]."""
STALE_BALANCE = 140
"""A balance of a month that began longer ago than this says nothing of now: five months bridge a shutdown
[calendar days]."""
DOLLAR_FALL = -2.0
PARTS_DOWN = 2
DEFICIT_GROWTH = 10.0
SINCE = dt.date(2003, 1, 1)


def cut_changes(days: pd.DatetimeIndex, target_upper: pd.Series) -> np.ndarray:
    """Announced target range against 63 trading days before [bp], (n,); NaN where either is not known."""
    level = 100 * known_by(target_upper, days)
    return _against(level, QUARTER)


def dollar_changes(days: pd.DatetimeIndex, dollar: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Dollar against 63 trading days before [%], and how many of the three 21-day parts were down; (n,) each,
    NaN where not known. Counted on the days given: a day without a close carries the last one of the week
    before it."""
    level = known_by(dollar, days)
    change = 100 * np.expm1(_against(np.log(level), QUARTER))
    parts = pd.Series(_against(level, PART))
    down = sum((parts.shift(back) < 0).to_numpy(float) for back in (0, PART, 2 * PART))
    return change, np.where(np.isnan(change), np.nan, down)


def deficits(days: pd.DatetimeIndex, balance: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Deficit of the last twelve published months and of the twelve before, by day [million $], (n,) each.

    NaN where one of the 24 months is missing or the newest is too old to speak of now.
    """
    months = balance.dropna()
    grid = (
        months.reindex(pd.date_range(months.index.min(), months.index.max(), freq="MS"))
        if len(months)
        else months
    )
    last = -grid.rolling(MONTHS).sum()
    table = pd.DataFrame({"now": last, "before": last.shift(MONTHS)}).dropna()
    released = (table.index + pd.Timedelta(days=BALANCE_LAG)).to_numpy()
    at = np.searchsorted(released, days.to_numpy(), side="right") - 1
    if not len(table):
        return np.full(len(days), np.nan), np.full(len(days), np.nan)
    age = (days - table.index[np.maximum(at, 0)]).days.to_numpy()
    known = (at >= 0) & (age <= STALE_BALANCE)
    now, before = (
        np.where(known, table[name].to_numpy()[np.maximum(at, 0)], np.nan) for name in ("now", "before")
    )
    return now, before


def _against(values: np.ndarray, lag: int) -> np.ndarray:
    return np.concatenate([np.full(min(lag, len(values)), np.nan), values[lag:] - values[:-lag]])[
        : len(values)
    ]


def firings(states: pd.Series) -> pd.DatetimeIndex:
    """Days from ``SINCE`` on, on which a state came on; from an unknown state nothing comes on."""
    came_on = (states == 1) & (states.shift() == 0)
    return pd.DatetimeIndex(states.index[came_on & (states.index >= pd.Timestamp(SINCE))])


def cut_distance(change: float) -> str:
    """How far the range is from a cut within the quarter; ``change`` in bp, NaN where unknown."""
    ago = f"{QUARTER} trading days ago"
    if math.isnan(change):
        return "not known: no target range is stored for the quarter"
    if change < 0:
        return f"the range is {-change:.0f} bp lower than {ago}; it goes off once those cuts are older"
    place = f"where it was {ago}" if change == 0 else f"{change:.0f} bp higher than {ago}"
    count = math.floor(change / 25 + 1e-9) + 1
    return f"the range is {place}; it takes {'one cut' if count == 1 else f'{count} cuts'} of 25 bp"


def dollar_distance(change: float, down: float) -> str:
    """How far the dollar is from its bar; ``change`` in %, ``down`` the parts that fell, NaN where
    unknown."""
    if math.isnan(change):
        return "not known: no dollar index is stored for the quarter"
    verb = "was" if down == 1 else "were"
    parts = f"{down:.0f} of its three {PART}-day parts {verb} down, {PARTS_DOWN} are needed"
    if change <= DOLLAR_FALL:
        return f"the dollar is {-change:.1f}% lower than {QUARTER} trading days ago; {parts}"
    further = 100 * (1 - (1 + DOLLAR_FALL / 100) / (1 + change / 100))
    return f"the dollar would have to be {further:.1f}% lower ({change:+.1f}% in the quarter); {parts}"


def fiscal_distance(now: float, before: float) -> str:
    """How far the deficit is from its bar; both years in million $, NaN where unknown."""
    if math.isnan(now) or math.isnan(before):
        return "not known: the 24 monthly balances it takes are not stored"
    room = (1 + DEFICIT_GROWTH / 100) * max(before, 0.0) - now
    years = f"{now / 1e3:,.0f} bn $ in twelve months against {before / 1e3:,.0f} before"
    side = (
        f"{room / 1e3:,.0f} bn $ short of the bar" if room > 0 else f"{-room / 1e3:,.0f} bn $ beyond the bar"
    )
    return f"the deficit is {years}: {side}"
