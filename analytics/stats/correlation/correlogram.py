"""The correlogram of a pair: a band that holds for all lags at once, and what the usual chart would say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.stats import naive
from analytics.stats.correlation.smoothed_family import DAILY, Reach
from analytics.stats.resampling import critical_value, cross_sums, p_value
from analytics.stats.verdict import ALPHA

LONGEST = DAILY.last
"""Longest lag shown on either side [trading days]."""


@dataclass(frozen=True, slots=True, eq=False)
class Correlogram:
    """Correlations by lag; positive lags mean that the lead comes first.

    Attributes:
        lags: -120 .. 120 [trading days].
        t: sum x_t y_{t+k} / sqrt(sum x_t^2 y_{t+k}^2), (241,).
        correlation: (241,).
        band: Half-width of the simultaneous 95% band around zero, over all lags beyond two days, (241,).
        best_lag, best_t, best_p: The largest t over lags 3 .. 120 and its p within them, one-sided.
        placebo_lag, placebo_t, placebo_p: The same over lags -3 .. -120, where the follow would come first.
        unrelated_t: What unrelated series give for ``best_t``: median and 95th percentile.
        unrelated_correlation: The same for the largest |correlation| over all 241 lags.
        naive_best_lag: The lag that the usual chart picks: largest |correlation| of all 241.
        naive_next_lag: The same apart from lag 0.
        naive_correlation, naive_band: Correlation at ``naive_best_lag``, and 1.96 / sqrt(n).
        naive_false_alarms: Share of draws without any lag effect in which that chart still names a lag.
    """

    lags: np.ndarray
    t: np.ndarray
    correlation: np.ndarray
    band: np.ndarray
    best_lag: int
    best_t: float
    best_p: float
    placebo_lag: int
    placebo_t: float
    placebo_p: float
    unrelated_t: tuple[float, float]
    unrelated_correlation: tuple[float, float]
    naive_best_lag: int
    naive_next_lag: int
    naive_correlation: float
    naive_band: float
    naive_false_alarms: float


def correlogram(x: np.ndarray, y: np.ndarray, null: np.ndarray) -> Correlogram:
    """Single lags against the wild draws.

    Args:
        x, y: Demeaned returns, (n,).
        null: Signed cross sums at lags -120 .. 120, (draws, 241).
    """
    ones = np.ones_like(x)
    scale = np.sqrt(cross_sums(x**2, y**2, LONGEST))
    spread = np.sqrt(cross_sums(x**2, ones, LONGEST) * cross_sums(ones, y**2, LONGEST))
    sums = cross_sums(x, y, LONGEST)
    t, correlation = sums / scale, sums / spread
    drawn = null / scale.astype(np.float32)
    ahead, behind = sides(drawn, DAILY)
    best = DAILY.first + int(np.argmax(sides(t, DAILY)[0]))
    placebo = DAILY.first + int(np.argmax(sides(t, DAILY)[1]))
    highest = ahead.max(axis=1)
    widest = np.maximum(np.abs(ahead).max(axis=1), np.abs(behind).max(axis=1))
    loudest = np.abs(null / spread.astype(np.float32)).max(axis=1)
    picked = naive.best_lag(correlation, len(x))
    return Correlogram(
        lags=np.arange(-LONGEST, LONGEST + 1),
        t=t,
        correlation=correlation,
        band=critical_value(widest, ALPHA) * scale / spread,
        best_lag=best,
        best_t=float(t[LONGEST + best]),
        best_p=p_value(highest, float(t[LONGEST + best])),
        placebo_lag=-placebo,
        placebo_t=float(t[LONGEST - placebo]),
        placebo_p=p_value(behind.max(axis=1), float(t[LONGEST - placebo])),
        unrelated_t=(float(np.median(highest)), critical_value(highest, ALPHA)),
        unrelated_correlation=(float(np.median(loudest)), critical_value(loudest, ALPHA)),
        naive_best_lag=picked.lag,
        naive_next_lag=picked.next_lag,
        naive_correlation=picked.correlation,
        naive_band=picked.band,
        naive_false_alarms=float(np.mean(loudest > picked.band)),
    )


def sides(by_lag: np.ndarray, reach: Reach) -> tuple[np.ndarray, np.ndarray]:
    """Columns of the lags first .. last, and of -first .. -last in this order."""
    middle = reach.last
    return by_lag[..., middle + reach.first :], by_lag[..., middle - reach.first :: -1]
