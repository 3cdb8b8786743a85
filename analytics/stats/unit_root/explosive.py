"""The recursion behind the acceleration test: backward sup-ADF statistics of many paths at once.

Phillips, Shi and Yu (2015, International Economic Review 56, 1043-1078), lag 0: for every window of regression rows
d_t = y_t - y_{t-1} on a constant and x_t = y_{t-1}, the t of the slope. With S the sums of squares and products around
the window's means, t = S_xd sqrt(n - 2) / sqrt(S_xx S_dd - S_xd^2): five differences of cumulative sums a window, no
regression. The largest t is found on t |t|, which rises with t and costs no root.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

FEWEST_ROWS = 19
"""Smallest window ever used: r0 of 100 observations [regression rows]."""
_BATCH = 64
"""Paths at once: few enough for a window's arrays to stay in the second-level cache."""


@dataclass(frozen=True, slots=True)
class Window:
    """One regression window.

    Attributes:
        first, last: Positions of its first and last row's d_t in the path.
        slope: Coefficient of y_{t-1}, rho - 1 [per period].
        error: Its standard error.
        t: slope / error.
    """

    first: int
    last: int
    slope: float
    error: float
    t: float

    @property
    def rows(self) -> int:
        return self.last - self.first + 1


def smallest_window(length: int) -> int:
    """r0 = 0.01 + 1.8 / sqrt(T) of a path of T points, at least 19 [regression rows]."""
    return max(FEWEST_ROWS, math.floor((0.01 + 1.8 / math.sqrt(length)) * length))


def backward_sup(paths: np.ndarray, shortest: int, first_end: int | None = None) -> np.ndarray:
    """Backward sup-ADF statistic of each path at each end.

    Args:
        paths: (T, paths), no NaN; no window of ``shortest`` rows in which y or its change stands still.
        shortest: Smallest window [rows].
        first_end: Position of the first last point of a window, from ``shortest`` (the default) to T - 1.

    Returns:
        (T - first_end, paths): the largest t over the windows that end at first_end, first_end + 1, .., T - 1.
    """
    first_end = shortest if first_end is None else first_end
    found = np.empty((len(paths) - first_end, paths.shape[1]))
    for start in range(0, paths.shape[1], _BATCH):
        batch = np.ascontiguousarray(paths[:, start : start + _BATCH])
        found[:, start : start + _BATCH] = _batch(batch - batch[0], shortest, first_end)
    return np.sign(found) * np.sqrt(np.abs(found))


def _batch(y: np.ndarray, shortest: int, first_end: int) -> np.ndarray:
    """Largest t |t| at each end, for a batch of paths that begin at zero."""
    sums = _cumulative(y)
    best = np.full((len(y) - first_end, y.shape[1]), -np.inf)
    workspace = np.empty((6, *best.shape))
    for length in range(shortest, len(y)):
        # All windows of one length lie side by side in memory, which is what makes this fast.
        end = max(first_end, length)
        squares = _signed_squares(sums, length, end, workspace)
        np.maximum(best[end - first_end :], squares, out=best[end - first_end :])
    return best


def _cumulative(y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Running sums of x, x^2, d^2, x d and d from the first row, each (T, paths) and zero at the start."""
    x, d = y[:-1], np.diff(y, axis=0)
    sums = np.zeros((4, *y.shape))
    for total, term in zip(sums, (x, x * x, d * d, x * d), strict=True):
        np.cumsum(term, axis=0, out=total[1:])
    return (*sums, y)


def _signed_squares(sums: tuple[np.ndarray, ...], length: int, end: int, workspace: np.ndarray) -> np.ndarray:
    """t |t| of all windows of one length that end at ``end`` or later; in place, as memory traffic is what costs."""
    x, xx, dd, xd, d, product = workspace[:, : len(sums[0]) - end]
    for total, part in zip(sums, (x, xx, dd, xd, d), strict=True):
        np.subtract(total[end:], total[end - length : len(total) - length], out=part)
    root = 1 / math.sqrt(length)
    x *= root
    d *= root
    xd -= np.multiply(x, d, out=product)
    xx -= np.multiply(x, x, out=product)
    dd -= np.multiply(d, d, out=product)
    xx *= dd
    np.abs(xd, out=product)
    product *= xd
    xx -= np.multiply(xd, xd, out=xd)
    product /= xx
    product *= length - 2
    return product


def best_window(y: np.ndarray, shortest: int, first_end: int) -> Window:
    """The window with the largest t among those that end at ``first_end`` or later; y is one path, (T,)."""
    sums = _cumulative((y - y[0])[:, None])
    workspace = np.empty((6, len(y) - first_end, 1))
    best, first, last = -math.inf, 0, 0
    for length in range(shortest, len(y)):
        end = max(first_end, length)
        squares = _signed_squares(sums, length, end, workspace)[:, 0]
        at = int(squares.argmax())
        if squares[at] > best:
            best, first, last = float(squares[at]), end + at - length, end + at
    return regression(y, first, last)


def regression(y: np.ndarray, first: int, last: int) -> Window:
    """The regression over the rows whose changes end at first + 1 .. last, by the plain formulas."""
    x, d = y[first:last] - y[first:last].mean(), np.diff(y[first : last + 1])
    xx = x @ x
    slope = (x @ d) / xx
    residuals = d - d.mean() - slope * x
    error = math.sqrt(residuals @ residuals / (len(d) - 2) / xx)
    return Window(first + 1, last, float(slope), error, float(slope / error))
