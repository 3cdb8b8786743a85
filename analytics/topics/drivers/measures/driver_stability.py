"""Whether the betas to the drivers stayed the same: one break at an unknown day (sup-Wald, 15% trimmed at
both ends).

At every candidate day the coefficients before and after are compared by a Wald statistic with White errors,
and the largest is kept. Andrews' critical values are for shocks whose size does not change; under changing
volatility they reject too often, so the p here is a wild bootstrap's and his table stands beside it. Beside
claim 13; decides nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.stats.resampling import SEED, critical_value, generator, p_text, p_value, packed_signs, unpack
from analytics.stats.verdict import ALPHA
from analytics.topics.drivers.measures.moves import DRIVERS, USUAL, Moves, moves, name_of

TRIM = 0.15
FIVE_YEARS = 1_250
LEAST = 250
DRAWS = 999
ANDREWS: Mapping[int, float] = {1: 8.68, 2: 11.72, 3: 14.13, 4: 16.36, 5: 18.32}
"""5% critical values by number of coefficients, 15% trim: Andrews (2003), Econometrica 71, 395-397, table I
(corrects Andrews 1993, Econometrica 61, 821-856)."""
ALL = "all"
_BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The most likely day of a break.

    Attributes:
        key: The driver whose beta is compared, or ``all``.
        statistic: The largest Wald statistic.
        day: First day of the later part.
        before, after: The beta in both parts [% of the asset per step]; NaN for ``all``.
        p: Wild-bootstrap p of the largest.
        critical: What it must exceed at 5% by the draws.
        andrews: The same by Andrews' table; NaN with more than five coefficients.
    """

    key: str
    statistic: float
    day: dt.date
    before: float
    after: float
    p: float
    critical: float
    andrews: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stability:
    """Breaks in each driver's beta, and in all of them together.

    Attributes:
        asset: Key.
        breaks: One a driver in the order asked for, then ``all``.
        path: Wald statistics by candidate day (the first of the later part), columns as ``breaks``.
        n: Changes.
        draws: Bootstrap draws.
        sentence: What a reader sees, of the first driver.
    """

    asset: str
    breaks: tuple[Break, ...]
    path: pd.DataFrame
    n: int
    draws: int
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Sums up to every candidate day and after it.

    Attributes:
        x: (n, k). at: Changes in the earlier part, by candidate, (c,).
        before, after: Inverse cross products of both parts, (c, k, k).
        variance: White's covariance of the difference of coefficients, (c, k, k).
    """

    x: np.ndarray
    at: np.ndarray
    before: np.ndarray
    after: np.ndarray
    variance: np.ndarray

    def differences(self, y: np.ndarray) -> np.ndarray:
        """Coefficients after less before, for outcomes (n, d): (c, k, d)."""
        first, second = self.coefficients(y)
        return second - first

    def coefficients(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Before and after, each (c, k, d)."""
        sums = np.cumsum(self.x[:, :, None] * y[:, None, :], axis=0)
        early = sums[self.at - 1]
        return self.before @ early, self.after @ (sums[-1] - early)


def driver_stability(
    levels: pd.DataFrame,
    asset: str = "silver",
    *,
    name: str = "",
    keys: Sequence[str] = USUAL,
    days: int | None = FIVE_YEARS,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Stability:
    """Look for one break in the betas of ``asset`` to the drivers.

    The constant may break too and is not tested. Draws turn the signs of the whole span's residuals, whose
    squares, and so the errors, do not depend on the signs.

    Args:
        levels: Columns ``asset`` and ``keys``: closes and yields [%] on common US trading days, rising; NaN
            rows left out.
        name: How the sentence calls the asset; its key in words where it is empty.
        days: Only the last so many changes; None for all.

    Raises:
        MeasureError: one of those that ``moves.moves`` names; 250 changes are needed.
    """
    found = moves(levels, (asset,), tuple(keys), need=LEAST)
    found = found if days is None else found.latest(days)
    x = np.column_stack([np.ones(len(found)), found.drivers])
    y = found.assets[:, :1]
    residuals = y[:, 0] - x @ np.linalg.solve(x.T @ x, x.T @ y)[:, 0]
    parts = _parts(x, residuals)
    path = _walds(parts, parts.differences(y))[:, :, 0]
    null = _null(parts, residuals, draws, seed)
    names = [*keys, ALL]
    days_of = found.dates()[parts.at]
    breaks = tuple(_break(parts, found, path[:, i], null[:, i], name) for i, name in enumerate(names))
    return Stability(
        asset=asset,
        breaks=breaks,
        path=pd.DataFrame(path, index=days_of, columns=names),
        n=len(found),
        draws=draws,
        sentence=_sentence(name or name_of(asset), breaks[0], len(found)),
    )


def _parts(x: np.ndarray, residuals: np.ndarray) -> _Parts:
    n = len(x)
    at = np.arange(int(np.ceil(TRIM * n)), int(np.floor((1 - TRIM) * n)) + 1)
    products = x[:, :, None] * x[:, None, :]
    gram = np.cumsum(products, axis=0)
    meat = np.cumsum(products * (residuals**2)[:, None, None], axis=0)
    before, after = np.linalg.inv(gram[at - 1]), np.linalg.inv(gram[-1] - gram[at - 1])
    variance = before @ meat[at - 1] @ before + after @ (meat[-1] - meat[at - 1]) @ after
    return _Parts(x, at, before, after, variance)


def _walds(parts: _Parts, differences: np.ndarray) -> np.ndarray:
    """Wald statistics of each slope, then of all slopes: (c, k, d) -> (c, slopes + 1, d)."""
    slopes = differences[:, 1:]
    variance = parts.variance[:, 1:, 1:]
    each = slopes**2 / np.diagonal(variance, axis1=1, axis2=2)[:, :, None]
    together = (slopes * np.linalg.solve(variance, slopes)).sum(axis=1)
    return np.concatenate([each, together[:, None]], axis=1)


def _null(parts: _Parts, residuals: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """The largest statistics of each draw, (draws, slopes + 1)."""
    packed = packed_signs(generator("driver_stability", seed), draws, len(residuals))
    largest = np.empty((draws, parts.x.shape[1]))
    for start in range(0, draws, _BATCH):
        drawn = unpack(packed[start : start + _BATCH], len(residuals)).T * residuals[:, None]
        largest[start : start + _BATCH] = _walds(parts, parts.differences(drawn)).max(axis=0).T
    return largest


def _break(parts: _Parts, found: Moves, path: np.ndarray, null: np.ndarray, key: str) -> Break:
    best = int(path.argmax())
    slopes = len(found.driver_keys)
    betas = [float("nan")] * 2
    if key != ALL:
        column = 1 + found.driver_keys.index(key)
        betas = [float(part[best, column, 0]) for part in parts.coefficients(found.assets[:, :1])]
    return Break(
        key=key,
        statistic=float(path[best]),
        day=found.days[1 + parts.at[best]].astype(object),
        before=betas[0],
        after=betas[1],
        p=p_value(null, float(path[best])),
        critical=critical_value(null, ALPHA),
        andrews=ANDREWS.get(slopes if key == ALL else 1, float("nan")),
    )


def _sentence(name: str, found: Break, n: int) -> str:
    driver = DRIVERS[found.key]
    betas = f"from {found.before:+.2f}% to {found.after:+.2f}% per {driver.step}"
    changed = f"{betas} around {found.day:%-d %b %Y} ({p_text(found.p)})"
    what = f"{name}'s beta to {driver.name}"
    if found.p <= ALPHA:
        return f"Over {n:,} trading days {what} changed {changed}: one number for the whole span hides that."
    return f"Over {n:,} trading days no break in {what} stands out; the likeliest would be {changed}."
