"""What the usual charts and tables would have said: shown greyed beside the honest answer, never a verdict.

Each is the common practice as it is done, flaws and all; its false alarms are in the honesty table
(docs/methods.md#what-readers-usually-get).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import special

from analytics.stats.resampling import cross_sums, p_value, stationary_indices

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class BestLag:
    """The tallest bar of a correlogram.

    Attributes:
        lag: Where |correlation| is largest; positive means that the lead comes first.
        correlation: Its correlation.
        band: 1.96 / sqrt(n), as if it were the only bar.
        next_lag: The tallest bar apart from lag 0, where most pairs simply move together.
    """

    lag: int
    correlation: float
    band: float
    next_lag: int

    @property
    def alarm(self) -> bool:
        return abs(self.correlation) > self.band


@dataclass(frozen=True, slots=True)
class NaiveTest:
    """One row of what the usual event table would have said.

    Attributes:
        name: The practice.
        horizon: Days after the event [trading days].
        effect: The mean that the practice reports [pp].
        statistic: Its t.
        p: Two-sided p as the practice would print it.
    """

    name: str
    horizon: int
    effect: float
    statistic: float
    p: float


def best_lag(correlation: np.ndarray, n: int) -> BestLag:
    """The best of all lags, judged as if it had been the only one.

    Args:
        correlation: At lags -m .. m, (2 m + 1,).
        n: Returns.
    """
    height, middle = np.abs(correlation), len(correlation) // 2
    at = int(np.argmax(height))
    height[middle] = -1.0
    following = int(np.argmax(height)) - middle
    return BestLag(at - middle, float(correlation[at]), Z_95 / math.sqrt(n), following)


def bonferroni_alarm(correlation: np.ndarray, n: int, alpha: float = 0.05) -> bool:
    """Whether any lag beyond two days passes a Bonferroni band for independent, identically distributed
    returns."""
    beyond = _beyond(correlation)
    return bool(np.abs(beyond).max() > -special.ndtri(alpha / (2 * len(beyond))) / math.sqrt(n))


def stationary_p(
    x: np.ndarray, y: np.ndarray, max_lag: int, block: float, draws: int, rng: np.random.Generator
) -> float:
    """p of the best |cross-correlation| beyond two days when each series is resampled alone in blocks
    (Politis and Romano 1994): the resamples lose the volatility that the two share.

    Args:
        x, y: Demeaned returns, (n,).
        block: Mean block length [observations].
    """
    xs, ys = (series[stationary_indices(rng, len(x), block, draws)] for series in (x, y))
    xs -= xs.mean(axis=1, keepdims=True)
    ys -= ys.mean(axis=1, keepdims=True)
    return p_value(_loudest(xs, ys, max_lag), float(_loudest(x, y, max_lag)))


def _loudest(x: np.ndarray, y: np.ndarray, max_lag: int) -> np.ndarray:
    """Largest |cross-correlation| beyond two days, of one pair or of many, (..., n) -> (...)."""
    energy = np.sqrt((x**2).sum(axis=-1) * (y**2).sum(axis=-1))
    return np.abs(_beyond(cross_sums(x, y, max_lag))).max(axis=-1) / energy


def _beyond(by_lag: np.ndarray) -> np.ndarray:
    """Without the lags of at most two days, which closing times spoil."""
    middle = by_lag.shape[-1] // 2
    return np.concatenate([by_lag[..., : middle - 2], by_lag[..., middle + 3 :]], axis=-1)


def event_table(
    y: np.ndarray, flags: np.ndarray, horizons: Sequence[int], stated: int
) -> tuple[NaiveTest, ...]:
    """The usual tests at the stated horizon: t against zero, Welch against all other days, the regression on
    an event dummy with Newey-West and with Hansen-Hodrick errors; then the best Welch of all horizons, as if
    it were the only one.

    Args:
        y: Log returns, (n,); not demeaned.
        flags: Events by price day, bool (n + 1,).

    Returns:
        Empty with fewer than three events, or three other days, whose longest horizon is over.
    """
    shortest = flags[: len(y) + 1 - max(horizons)]
    if min(shortest.sum(), (~shortest).sum()) < 3:
        return ()
    after = horizon_returns(y, stated)
    hit = flags[: len(after)]
    rows = [
        NaiveTest("t against zero", stated, *_mean_test(after[hit])),
        _welch(y, flags, stated),
        _dummy_regression("Newey-West", after, hit, stated, "bartlett"),
        _dummy_regression("Hansen-Hodrick", after, hit, stated, "flat"),
    ]
    if len(horizons) > 1:
        best = min((_welch(y, flags, h) for h in horizons), key=lambda row: row.p)
        rows.append(replace(best, name=f"best of {len(horizons)} horizons"))
    return tuple(rows)


def _mean_test(sample: np.ndarray) -> tuple[float, float, float]:
    """Mean [pp], t and two-sided p against zero."""
    t = float(sample.mean() / (sample.std(ddof=1) / math.sqrt(len(sample))))
    return 100 * float(sample.mean()), t, 2 * float(special.stdtr(len(sample) - 1, -abs(t)))


def _welch(y: np.ndarray, flags: np.ndarray, horizon: int) -> NaiveTest:
    """Difference of means between event days and others, with unequal variances (Welch 1947)."""
    after = horizon_returns(y, horizon)
    a, b = after[flags[: len(after)]], after[~flags[: len(after)]]
    parts = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    gap = float(a.mean() - b.mean())
    t = gap / math.sqrt(sum(parts))
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    p = 2 * float(special.stdtr(freedom, -abs(t)))
    return NaiveTest("Welch against other days", horizon, 100 * gap, t, p)


def horizon_returns(y: np.ndarray, horizon: int) -> np.ndarray:
    """Return over the ``horizon`` days after each price day whose horizon is over, (n + 1 - horizon,)."""
    total = np.concatenate([[0.0], np.cumsum(y)])
    return total[horizon:] - total[:-horizon]


def _dummy_regression(
    name: str, after: np.ndarray, hit: np.ndarray, horizon: int, kernel: Literal["bartlett", "flat"]
) -> NaiveTest:
    design = np.column_stack([np.ones(len(after)), hit])
    beta = np.linalg.lstsq(design, after, rcond=None)[0]
    variance = hac_covariance(design, after - design @ beta, horizon - 1, kernel)[1, 1]
    # A flat kernel can give a negative variance; the practice then has no t at all.
    t = float(beta[1]) / math.sqrt(variance) if variance > 0 else math.nan
    p = 2 * float(special.ndtr(-abs(t)))
    return NaiveTest(name, horizon, 100 * float(beta[1]), t, p)


def hac_covariance(
    design: np.ndarray, residuals: np.ndarray, lags: int, kernel: Literal["bartlett", "flat"] = "bartlett"
) -> np.ndarray:
    """Covariance of least-squares coefficients under serial correlation up to ``lags``.

    Bartlett weights: Newey and West (1987), without prewhitening or small-sample factor; flat: Hansen and
    Hodrick (1980).

    Args:
        design: (n, k).
        residuals: (n,).

    Returns:
        (k, k).
    """
    scores = design * residuals[:, None]
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        weight = 1 - lag / (lags + 1) if kernel == "bartlett" else 1.0
        cross = scores[lag:].T @ scores[:-lag]
        meat += weight * (cross + cross.T)
    bread = np.linalg.inv(design.T @ design)
    return bread @ meat @ bread
