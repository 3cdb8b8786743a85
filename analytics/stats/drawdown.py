"""How far a price is below its highest close so far. Descriptive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from analytics.errors import NotEnoughData, NotPositive


@dataclass(frozen=True, slots=True, eq=False)
class Drawdown:
    """Drawdown of one series.

    Attributes:
        path: 100 x (close / highest close so far - 1) on the shown days, at most 0 [%].
        now: Its last value [%].
        deepest: Its lowest value on the shown days [%].
        deepest_on: The first day with it.
        high: Highest close of the whole known history.
        high_on: The last day with it.
        days_since_high: From then to the last shown day [calendar days].
        n: Shown days.
    """

    path: pd.Series
    now: float
    deepest: float
    deepest_on: dt.date
    high: float
    high_on: dt.date
    days_since_high: int
    n: int


def drawdown(closes: pd.Series, start: dt.date, end: dt.date, name: str = "The series") -> Drawdown:
    """Drawdown from the running maximum of closes over the whole history up to ``end``, shown from ``start`` on.

    Args:
        closes: Prices above zero on rising dates; NaN days are left out.
        start, end: Shown window, inclusive; nothing later is used.
        name: What an error calls the series.

    Raises:
        NotEnoughData: no close in the window.
        NotPositive: a close at or below zero.
    """
    known = closes.loc[: pd.Timestamp(end)].dropna()
    if (known <= 0).any():
        bad = known.index[known <= 0][0]
        raise NotPositive(name, f"{bad.day} {bad:%b %Y}")
    path = (100 * (known / known.cummax() - 1)).loc[pd.Timestamp(start) :].rename("drawdown")
    if path.empty:
        raise NotEnoughData(f"{name} from {start} to {end}", 0, 1)
    high = known.max()
    high_on = known.index[known == high][-1]
    return Drawdown(
        path=path,
        now=float(path.iloc[-1]),
        deepest=float(path.min()),
        deepest_on=path.index[int(path.to_numpy().argmin())].date(),
        high=float(high),
        high_on=high_on.date(),
        days_since_high=(path.index[-1] - high_on).days,
        n=len(path),
    )
