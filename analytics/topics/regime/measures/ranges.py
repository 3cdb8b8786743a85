"""Claim 30: did Bitcoin stay in its range, or below it, in the 60 trading days after a day? Descriptive."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NotPositive

DAYS = 60


@dataclass(frozen=True, slots=True, eq=False)
class RangeAfter:
    """The range before a day against the closes after it.

    Attributes:
        name: The asset.
        day: The last day of the range.
        high, low: Highest and lowest close of the ``window`` trading days that end on it.
        over: Whether the days after are over; there is no answer before.
        days_after: Trading days seen after the day, at most ``window``.
        above_high: Highest close after, against ``high`` [% log]; NaN without a day after.
        below_low: Lowest close after, against ``low`` [% log]; NaN without a day after.
        window: Trading days of each side.
        chance: Share of all windows of the history whose ``window`` days after stay at or under the high
            before.
        chance_n: How many windows that is; they overlap.
        closes: Both sides, by day.
        sentence: What a reader sees.
    """

    name: str
    day: dt.date
    high: float
    low: float
    over: bool
    days_after: int
    above_high: float
    below_low: float
    window: int
    chance: float
    chance_n: int
    closes: pd.Series
    sentence: str

    @property
    def stayed(self) -> bool | None:
        """Whether no close left the range upwards; None while the days after are not over."""
        return self.above_high <= 0 if self.over else None


def range_after(closes: pd.Series, day: dt.date, *, name: str = "Bitcoin", window: int = DAYS) -> RangeAfter:
    """Compare the ``window`` trading days after ``day`` with those that end on it.

    Args:
        closes: Prices above zero by US trading day, rising dates; NaN are no days. Nothing after its last day
            is known.
        day: If it is no trading day, the last one before it.

    Raises:
        NotPositive: a close at or below zero.
        NotEnoughData: fewer than ``window`` closes up to the day.
    """
    known = closes.dropna()
    wrong = ~(np.isfinite(known) & (known > 0))
    if wrong.any():
        raise NotPositive(name, f"{known.index[wrong.to_numpy().argmax()]:%Y-%m-%d}")
    at = int(known.index.searchsorted(pd.Timestamp(day), side="right"))
    if at < window:
        raise NotEnoughData(f"{name} up to {day.day} {day:%b %Y}", at, window)
    before, after = known.iloc[at - window : at], known.iloc[at : at + window]
    high, low = float(before.max()), float(before.min())
    above = 100 * math.log(float(after.max()) / high) if len(after) else math.nan
    below = 100 * math.log(float(after.min()) / low) if len(after) else math.nan
    chance, count = stays_under(known.to_numpy(float), window)
    over = len(after) == window
    return RangeAfter(
        name=name,
        day=before.index[-1].date(),
        high=high,
        low=low,
        over=over,
        days_after=len(after),
        above_high=above,
        below_low=below,
        window=window,
        chance=chance,
        chance_n=count,
        closes=pd.concat([before, after]),
        sentence=_sentence(name, window, len(after), above, below, chance),
    )


def stays_under(closes: np.ndarray, window: int) -> tuple[float, int]:
    """Share of all days whose ``window`` closes after stay at or under the highest of the ``window`` that end
    on the day, and the number of such days; NaN and 0 where there is none."""
    if len(closes) < 2 * window:
        return math.nan, 0
    highest = np.lib.stride_tricks.sliding_window_view(closes, window).max(axis=1)
    before, after = highest[:-window], highest[window:]
    return float(np.mean(after <= before)), len(before)


def _sentence(name: str, window: int, days: int, above: float, below: float, chance: float) -> str:
    often = (
        ""
        if math.isnan(chance)
        else f"; any {window} days stay under the old high {100 * chance:.0f}% of the time"
    )
    if not days:
        return f"No day after is known yet, so there is nothing to say of {name}'s range{often}."
    up, down = 100 * math.expm1(above / 100), 100 * math.expm1(below / 100)
    top = f"left its range upwards by {up:.1f}%" if up > 0 else f"stayed {-up:.1f}% under its old high"
    bottom = f"broke its old low by {-down:.1f}%" if down < 0 else "held its old low"
    span = (
        f"Over the {window} trading days after"
        if days == window
        else f"In the first {days} of {window} trading days"
    )
    return f"{span}, {name} {top} and {bottom}{often}."
