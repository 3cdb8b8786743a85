"""The smoothed family: does a sum of the lead's past returns go with the follow's next one?

It alone decides claim 28. Each member is a window of L returns of the lead that ends a days before a return
of the follow. Its t needs no correction for overlap, because only the regressor overlaps (Hodrick 1992, 1B);
the maximum over the family is compared with the maxima of wild draws (Wu 1986, Liu 1988; Goncalves and Kilian
2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.stats.resampling import (
    critical_value,
    cross_sums,
    cumulate,
    p_value,
    p_values,
    trailing_sums,
    window_sums,
)
from analytics.stats.verdict import ALPHA, smallest_detectable


@dataclass(frozen=True, slots=True)
class Reach:
    """Which windows are looked at.

    Attributes:
        lengths: Window lengths L [steps].
        first: Nearest end of a window before the follow's return [steps].
        last: Farthest start [steps].
        unit: What a step is.
    """

    lengths: tuple[int, ...]
    first: int
    last: int
    unit: Literal["days", "weeks"]


DAILY = Reach((1, 5, 10, 20, 40, 60), 3, 120, "days")
WEEKLY = Reach((1, 2, 4, 8, 12), 1, 24, "weeks")


@dataclass(frozen=True, slots=True, eq=False)
class WindowFamily:
    """What the smoothed family found.

    Attributes:
        reach: The windows looked at.
        n: Returns of the pair.
        gaps: Values of a, (m,) [steps].
        t: By length and gap, (lengths, m); NaN where the window would reach beyond ``reach.last``.
        correlation: The same shape; about zero, both sides having been demeaned before smoothing.
        p: One-sided p of each window, adjusted for the family; same shape.
        length, gap: Of the window with the largest t [steps].
        estimate, standard_error: Its correlation and the robust standard error.
        interval: Simultaneous 95% interval of that correlation.
        far: The largest upper end of the simultaneous intervals of all windows.
        statistic: Its t, the family's maximum.
        p_best: Its adjusted p, one-sided for "the lead comes first, with the same sign".
        p_opposite: Adjusted p of the smallest t.
        critical: What ``statistic`` must exceed at 5%.
        effective_n: Independent observations that the median window is worth: 1 / standard error squared, at
            most n.
        mde: Smallest correlation seen 80% of the time in the median window.
        unrelated: The largest t that unrelated series give: median and 95th percentile.
    """

    reach: Reach
    n: int
    gaps: np.ndarray
    t: np.ndarray
    correlation: np.ndarray
    p: np.ndarray
    length: int
    gap: int
    estimate: float
    standard_error: float
    interval: tuple[float, float]
    far: float
    statistic: float
    p_best: float
    p_opposite: float
    critical: float
    effective_n: float
    mde: float
    unrelated: tuple[float, float]

    @property
    def members(self) -> int:
        """Number of windows in the family."""
        return int(np.count_nonzero(~np.isnan(self.t)))


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Observed windows, each (lengths, gaps) with NaN outside the reach.

    ``scale`` is the denominator of t, ``error`` the robust standard error of the correlation.
    """

    t: np.ndarray
    scale: np.ndarray
    correlation: np.ndarray
    error: np.ndarray


def window_family(x: np.ndarray, y: np.ndarray, null: np.ndarray, reach: Reach) -> WindowFamily:
    """t_{L,a} = sum X^L_t y_{t+a} / sqrt(sum (X^L_t)^2 y_{t+a}^2) for every window, against wild draws.

    Args:
        x, y: Demeaned returns of lead and follow, (n,), no NaN.
        null: Signed cross sums at the lags ``reach.first`` .. ``reach.last``, (draws, lags).
        reach: The windows.
    """
    cells = _cells(x, y, reach)
    highest, lowest = _null_extremes(null, cells.scale, reach)
    at = np.unravel_index(np.nanargmax(cells.t), cells.t.shape)
    statistic, estimate = float(cells.t[at]), float(cells.correlation[at])
    critical = critical_value(highest, ALPHA)
    widths = critical_value(np.maximum(highest, -lowest), ALPHA) * cells.error
    half = float(widths[at])
    typical = float(np.nanmedian(cells.error))
    return WindowFamily(
        reach=reach,
        n=len(x),
        gaps=np.arange(reach.first, reach.last + 1),
        t=cells.t,
        correlation=cells.correlation,
        p=p_values(highest, cells.t),
        length=reach.lengths[at[0]],
        gap=reach.first + int(at[1]),
        estimate=estimate,
        standard_error=float(cells.error[at]),
        interval=(estimate - half, estimate + half),
        far=float(np.nanmax(cells.correlation + widths)),
        statistic=statistic,
        p_best=p_value(highest, statistic),
        p_opposite=p_value(-lowest, -float(np.nanmin(cells.t))),
        critical=critical,
        effective_n=min(float(len(x)), 1 / typical**2),
        mde=smallest_detectable(typical, critical),
        unrelated=(float(np.median(highest)), critical),
    )


def _cells(x: np.ndarray, y: np.ndarray, reach: Reach) -> _Cells:
    shape = (len(reach.lengths), reach.last - reach.first + 1)
    t, scale, correlation, error = (np.full(shape, np.nan) for _ in range(4))
    sums = cumulate(_ahead(x, y, reach))
    energy = _ahead(np.ones_like(x), y**2, reach)
    for row, length in enumerate(reach.lengths):
        members = slice(0, shape[1] - length + 1)
        numerator = window_sums(sums, length)
        squares = trailing_sums(x, length) ** 2
        scale[row, members] = np.sqrt(_ahead(squares, y**2, reach)[members])
        spread = np.sqrt((_ahead(squares, np.ones_like(y), reach) * energy)[members])
        t[row, members] = numerator / scale[row, members]
        correlation[row, members] = numerator / spread
        error[row, members] = scale[row, members] / spread
    return _Cells(t, scale, correlation, error)


def _ahead(x: np.ndarray, y: np.ndarray, reach: Reach) -> np.ndarray:
    """Cross sums at the lags first .. last."""
    return cross_sums(x, y, reach.last)[reach.last + reach.first :]


def _null_extremes(null: np.ndarray, scale: np.ndarray, reach: Reach) -> tuple[np.ndarray, np.ndarray]:
    """The largest and the smallest t of each draw over the whole family, each (draws,)."""
    highest, lowest = np.full(len(null), -np.inf), np.full(len(null), np.inf)
    sums = cumulate(np.ascontiguousarray(null.T))
    for row, length in enumerate(reach.lengths):
        t = window_sums(sums, length)
        t /= scale[row, : len(t), None]
        np.maximum(highest, t.max(axis=0), out=highest)
        np.minimum(lowest, t.min(axis=0), out=lowest)
    return highest, lowest
