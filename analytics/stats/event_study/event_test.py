"""The test behind event studies: daily returns on the number of recent events, largest t over horizons.

With N_t the number of events in the h days before t, sum of (N_t - mean)(y_t - mean) is the summed excess
return after events; White's t of that regression needs no correction for overlap, because the outcome is a
single day (Hodrick 1992, 1B).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.fft

from analytics.errors import BadChoice
from analytics.stats.resampling import critical_value, p_value, p_values, signed_sums, trailing_sums
from analytics.stats.verdict import ALPHA, Direction

HORIZONS = (5, 10, 20, 40, 60, 90, 120)
STATED = 60
"""Horizon at which claim 31 is stated [trading days]."""


@dataclass(frozen=True, slots=True)
class Design:
    """What is asked of the returns after events, fixed before looking.

    Attributes:
        delta: Smallest effect worth acting on, a distance from ``null_value`` [pp over the stated horizon].
        horizons: The family [trading days].
        stated: Horizon of estimate, interval and smallest detectable effect; one of ``horizons``.
        direction: What is claimed of effect - ``null_value``.
        null_value: Effect under the null at ``stated`` [pp]; in proportion at other horizons, as ``delta`` is.
        denies: What is claimed is that an effect of ``delta`` is not there.
    """

    delta: float
    horizons: tuple[int, ...] = HORIZONS
    stated: int = STATED
    direction: Direction = "greater"
    null_value: float = 0.0
    denies: bool = False

    def __post_init__(self) -> None:
        if self.stated not in self.horizons:
            raise BadChoice("the stated horizon", self.stated, "one of the horizons tested")


@dataclass(frozen=True, slots=True, eq=False)
class SupTest:
    """Effects after events at several horizons, tested together.

    Attributes:
        horizons: Days after the event, (m,) [trading days].
        effect: Mean excess return over the horizon, against the mean of all days, (m,) [pp of log return].
        standard_error: White's, (m,) [pp].
        t: (effect - null value) / standard error, under the null's residuals, (m,).
        p: Adjusted over the horizons, in the claimed direction, (m,).
        best: Index of the horizon with the strongest t in the claimed direction.
        statistic: Its t.
        p_best: Its adjusted p.
        p_opposite: Adjusted p of the strongest t the other way; NaN for two-sided tests.
        critical: What |statistic| must exceed at 5% in the claimed direction.
        critical_two_sided: The same for |t| either way: makes simultaneous 95% intervals.
        unrelated: Strongest t that unrelated series give: median and 95th percentile.
    """

    horizons: np.ndarray
    effect: np.ndarray
    standard_error: np.ndarray
    t: np.ndarray
    p: np.ndarray
    best: int
    statistic: float
    p_best: float
    p_opposite: float
    critical: float
    critical_two_sided: float
    unrelated: tuple[float, float]


def exposures(flags: np.ndarray, horizons: Sequence[int] | np.ndarray) -> np.ndarray:
    """Number of events in the h days before each return, (n, m).

    Args:
        flags: Events by price day, bool (n + 1,): return i runs from price day i to i + 1, so an event on day
            i counts from return i on.
        horizons: The m values of h [trading days].
    """
    total = np.concatenate([[0.0], np.cumsum(flags[:-1])])
    until = np.arange(1, len(flags))[:, None]
    return total[until] - total[np.maximum(until - np.asarray(horizons), 0)]


def sup_test(y: np.ndarray, counts: np.ndarray, design: Design, packed: np.ndarray) -> SupTest:
    """Test the excess return after events at all horizons at once.

    Args:
        y: Log returns of the follow, (n,), no NaN; demeaned here.
        counts: ``exposures`` at the design's horizons, (n, m); every column must vary.
        design: Horizons, direction and the effect under the null.
        packed: Signs from ``packed_signs`` for n.
    """
    h = np.asarray(design.horizons, float)
    pp = 100 * h / counts.sum(axis=0)
    shifts = design.null_value * h / design.stated
    terms = _terms(y, counts, shifts / pp)
    scale = np.sqrt((terms**2).sum(axis=0))
    t = terms.sum(axis=0) / scale
    null = signed_sums(terms, packed) / scale
    highest, lowest = null.max(axis=1), null.min(axis=1)
    widest = np.maximum(highest, -lowest)
    claimed, other, sided = _sided(t, highest, lowest, widest, design.direction)
    best = int(np.argmax(sided))
    return SupTest(
        horizons=np.array(design.horizons),
        effect=shifts + pp * terms.sum(axis=0),
        standard_error=pp * scale,
        t=t,
        p=p_values(claimed, sided),
        best=best,
        statistic=float(t[best]),
        p_best=p_value(claimed, float(sided[best])),
        p_opposite=math.nan if design.direction == "two-sided" else p_value(other, float(-sided.min())),
        critical=critical_value(claimed, ALPHA),
        critical_two_sided=critical_value(widest, ALPHA),
        unrelated=(float(np.median(claimed)), critical_value(claimed, ALPHA)),
    )


def _terms(y: np.ndarray, counts: np.ndarray, null_sums: np.ndarray) -> np.ndarray:
    """(N_t - mean) x residual under the null, (n, m); their sum is the summed excess beyond the null's."""
    excess = counts - counts.mean(axis=0)
    slopes = null_sums / (excess**2).sum(axis=0)
    return excess * ((y - y.mean())[:, None] - slopes * excess)


def _sided(
    t: np.ndarray, highest: np.ndarray, lowest: np.ndarray, widest: np.ndarray, direction: Direction
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Null maxima in the claimed and in the opposite direction, and t turned so that large means claimed."""
    if direction == "greater":
        return highest, -lowest, t
    if direction == "less":
        return -lowest, highest, -t
    return widest, widest, np.abs(t)


def effective_n(at: np.ndarray, horizon: int) -> float:
    """n^2 / sum_ij max(0, 1 - |t_i - t_j| / h): how many events without overlap these are worth.

    Args:
        at: Positions of the events in the series of days, (n,).
    """
    apart = np.abs(at[:, None] - at[None, :])
    return len(at) ** 2 / float(np.maximum(0.0, 1 - apart / horizon).sum())


def circular_shift_p(y: np.ndarray, flags: np.ndarray, horizons: Sequence[int]) -> float:
    """One-sided p of the largest t among all circular shifts of the events; approximate, for display only.

    One FFT gives every shift at once. It is approximate (docs/methods.md#circular-shift): shifting breaks the volatility
    that events and outcome share, which the wild draws keep.

    Args:
        y: Log returns, (n,).
        flags: Events by price day, (n + 1,).
    """
    known, excess = flags[:-1].astype(float), y - y.mean()
    wrapped = np.concatenate([known, known])
    largest = np.full(len(y), -np.inf)
    for h in horizons:
        counts = trailing_sums(wrapped, h)[len(y) :]
        counts -= counts.mean()
        t = _all_shifts(counts, excess) / np.sqrt(_all_shifts(counts**2, excess**2))
        np.maximum(largest, t, out=largest)
    return p_value(largest[1:], float(largest[0]))


def _all_shifts(counts: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """sum_t counts_{t-k} outcome_t, wrapped, for every k."""
    spectrum = np.conj(scipy.fft.rfft(counts)) * scipy.fft.rfft(outcome)
    return scipy.fft.irfft(spectrum, len(outcome))
