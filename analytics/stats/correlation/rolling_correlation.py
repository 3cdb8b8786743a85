"""Rolling correlation of a pair's returns, with the band that unrelated series of the same volatility stay in.

The usual 1.96 / sqrt(60) = .25 is for one window picked beforehand; somewhere on a chart of 2,700 days nearly every
unrelated pair passes it. The band here holds for all windows at once: the 95% quantile of the largest |correlation| when
the follow's days keep their size and lose their sign (wild bootstrap), so that volatility which both share widens it.
Display, not a verdict.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.stats.naive import Z_95
from analytics.stats.pairs import pair
from analytics.stats.resampling import SEED, critical_value, generator, p_value, packed_signs, unpack

WINDOW = 60
DRAWS = 999
_BATCH = 64
"""Draws at once: few enough for the arrays to stay in the second-level cache."""
_STILL = 1e-12
"""Share of its scale below which a window's variance is rounding: the series stands still there."""


@dataclass(frozen=True, slots=True, eq=False)
class RollingCorrelation:
    """What the chart shows.

    Attributes:
        names: Lead and follow.
        path: Correlation of the last ``window`` returns, by the day on which they end; NaN where one stands still.
        window: [trading days].
        now: Last value.
        whole: Correlation of all returns.
        band: Family-wise 95% band around zero.
        naive_band: 1.96 / sqrt(window): what the usual chart draws.
        largest, largest_on: The correlation that is farthest from zero, and its day.
        p: Share of unrelated pairs whose largest |correlation| is at least as large.
        outside: Share of the windows outside the band [%].
        naive_outside: Share outside the naive one [%].
        n: Returns.
        draws: Bootstrap draws.
    """

    names: tuple[str, str]
    path: pd.Series
    window: int
    now: float
    whole: float
    band: float
    naive_band: float
    largest: float
    largest_on: pd.Timestamp
    p: float
    outside: float
    naive_outside: float
    n: int
    draws: int


def rolling_correlation(
    levels: pd.DataFrame,
    *,
    window: int = WINDOW,
    names: tuple[str, str] = ("the lead", "the follow"),
    draws: int = DRAWS,
    seed: int = SEED,
) -> RollingCorrelation:
    """Correlation through time over the whole history of a pair; a page shows a part of it under the whole's band.

    Args:
        levels: Columns ``lead`` and ``follow``, closes on common US trading days, rising dates; a NaN row is left out.
        window: [trading days].

    Raises:
        MeasureError: one of those that ``pairs.pair`` names; twice the window is needed.
    """
    found = pair(levels, names, 2 * window)
    x, y = found.lead - found.lead.mean(), found.follow - found.follow.mean()
    values = rolled(x, y[:, None], window)[:, 0]
    null = draw_null(x, y, window, draws, seed)
    days = pd.DatetimeIndex(found.days[window:].astype("datetime64[s]"))
    path = pd.Series(values, index=days, name="correlation")
    loudest = path.abs().idxmax()
    band, naive_band = critical_value(null), Z_95 / math.sqrt(window)
    return RollingCorrelation(
        names=names,
        path=path,
        window=window,
        now=float(path.iloc[-1]),
        whole=float(np.corrcoef(x, y)[0, 1]),
        band=band,
        naive_band=naive_band,
        largest=float(path[loudest]),
        largest_on=loudest,
        p=p_value(null, abs(float(path[loudest]))),
        outside=100 * float((path.abs() > band).mean()),
        naive_outside=100 * float((path.abs() > naive_band).mean()),
        n=len(x),
        draws=draws,
    )


def draw_null(x: np.ndarray, y: np.ndarray, window: int, draws: int, seed: int = SEED) -> np.ndarray:
    """Largest |rolling correlation| of x with w * y for ``draws`` vectors of signs, (draws,); x and y demeaned."""
    packed = packed_signs(generator("rolling_correlation", seed), draws, len(y))
    null = np.empty(draws)
    for start in range(0, draws, _BATCH):
        drawn = unpack(packed[start : start + _BATCH], len(y)).T * y[:, None]
        null[start : start + _BATCH] = np.nanmax(np.abs(rolled(x, drawn, window)), axis=0)
    return null


def rolled(x: np.ndarray, y: np.ndarray, window: int) -> np.ndarray:
    """Pearson correlation in every window, from differences of cumulative sums.

    Args:
        x: (n,), no NaN.
        y: (n, paths), no NaN.

    Returns:
        (n - window + 1, paths); NaN where x or y stands still in the window.
    """
    x = x[:, None]
    sum_x, sum_xx, sum_y, sum_yy, sum_xy = (_window_sums(v, window) for v in (x, x * x, y, y * y, x * y))
    spread_x = sum_xx - sum_x * sum_x / window
    spread_y = sum_yy - sum_y * sum_y / window
    still = (spread_x <= _STILL * (x * x).sum()) | (spread_y <= _STILL * (y * y).sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = (sum_xy - sum_x * sum_y / window) / np.sqrt(spread_x * spread_y)
    return np.where(still, np.nan, correlation)


def _window_sums(v: np.ndarray, window: int) -> np.ndarray:
    total = np.concatenate([np.zeros((1, v.shape[1])), np.cumsum(v, axis=0)])
    return total[window:] - total[:-window]
