"""Rolling betas of several assets to the drivers, each path with a band that holds for all its windows at
once.

Batched normal equations: every window's cross products are sums over two half-blocks (no running total is
ever subtracted, so nothing cancels), and all windows are solved together. Returns on changes, never levels.

The band: |beta of a window - its true value| stays below ``multiplier`` x its White error in all windows on
95% of histories; where the band leaves out zero, that is not one lucky window of many. Errors rest on the
residuals of the whole history: a window's own fit would take too much out of them (bands that hold on 88% of
histories instead of 95%). The multiplier is the 95% quantile of the largest |t| of a path when those
residuals keep their size and lose their sign (wild bootstrap). Display, not a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import BadChoice, NoVariation
from analytics.stats.naive import Z_95
from analytics.stats.resampling import SEED, critical_value, generator, packed_signs, unpack
from analytics.topics.drivers.measures.moves import DRIVERS, USUAL, Moves, moves, name_of

WINDOW = 250
FEWEST_DAYS_A_DRIVER = 10
DRAWS = 499
_APART = 1e-8
"""Least eigenvalue of a window's scaled cross products: below it the drivers cannot be told apart there."""
_BATCH = 4
"""Draws at once: few enough for the arrays to stay in the second-level cache."""


@dataclass(frozen=True, slots=True, eq=False)
class RollingBetas:
    """What the charts show: one for each driver, with one line an asset.

    Attributes:
        assets, drivers: Keys.
        window: [trading days].
        betas: By asset, one column a driver, rows by the day on which a window ends [% of the asset per step
            of the driver].
        errors: The same shape, White's errors.
        multipliers: Rows assets, columns drivers: what |beta - truth| / error stays below in all windows on
            95% of histories.
        naive_multiplier: 1.96: what the usual chart draws.
        whole: Rows assets, columns drivers: the same regression over the whole history.
        n: Changes.
        draws: Bootstrap draws.
        sentence: What a reader sees.
    """

    assets: tuple[str, ...]
    drivers: tuple[str, ...]
    window: int
    betas: dict[str, pd.DataFrame]
    errors: dict[str, pd.DataFrame]
    multipliers: pd.DataFrame
    naive_multiplier: float
    whole: pd.DataFrame
    n: int
    draws: int
    sentence: str

    def band(self, asset: str, driver: str) -> pd.DataFrame:
        """Columns ``low``, ``beta``, ``high`` by day."""
        beta, error = self.betas[asset][driver], self.errors[asset][driver]
        half = float(self.multipliers.loc[asset, driver]) * error
        return pd.DataFrame({"low": beta - half, "beta": beta, "high": beta + half})

    def away_from_zero(self, asset: str, driver: str, naive: bool = False) -> float:
        """Share of the windows whose band, or whose naive interval, leaves out zero [%]."""
        times = self.naive_multiplier if naive else float(self.multipliers.loc[asset, driver])
        t = self.betas[asset][driver] / self.errors[asset][driver]
        return 100 * float((t.abs() > times).mean())


def rolling_betas(
    levels: pd.DataFrame,
    assets: Sequence[str],
    *,
    keys: Sequence[str] = USUAL,
    window: int = WINDOW,
    draws: int = DRAWS,
    seed: int = SEED,
) -> RollingBetas:
    """Betas through time over the whole common history.

    Args:
        levels: Columns ``assets`` and ``keys``: closes and yields [%] on common US trading days, rising; NaN
            rows left out.
        assets: Whose betas.
        keys: The drivers, in one regression together.
        window: [trading days].

    Raises:
        BadChoice: no asset, or a window that is too short for so many drivers.
        NoVariation: a driver does not move apart from the others in some window.
        MeasureError: one of the others that ``moves.moves`` names; a window and a half is needed.
    """
    if not assets or window < FEWEST_DAYS_A_DRIVER * len(keys):
        fewest = FEWEST_DAYS_A_DRIVER * len(keys)
        raise BadChoice("assets and window", f"{len(assets)}, {window}", f"at least 1 and {fewest} days")
    found = moves(levels, tuple(assets), tuple(keys), need=window + window // 2)
    x = np.column_stack([np.ones(len(found)), found.drivers])
    inverse = _inverse(x, window)
    betas = rolling_ols(x, found.assets, window)
    whole = np.linalg.solve(x.T @ x, x.T @ found.assets)
    residuals = found.assets - x @ whole
    errors = _white(x, residuals, inverse, window)
    multipliers = _multipliers(x, residuals, inverse, errors, window, draws, seed)
    table = pd.DataFrame(whole[1:].T, index=list(assets), columns=list(keys))
    paths = _frames(betas, found, window)
    return RollingBetas(
        assets=tuple(assets),
        drivers=tuple(keys),
        window=window,
        betas=paths,
        errors=_frames(errors, found, window),
        multipliers=pd.DataFrame(multipliers, index=list(assets), columns=list(keys)),
        naive_multiplier=Z_95,
        whole=table,
        n=len(found),
        draws=draws,
        sentence=_sentence(paths[assets[0]][keys[0]], table, window),
    )


def rolling_ols(x: np.ndarray, y: np.ndarray, window: int) -> np.ndarray:
    """Least squares in every window by its normal equations, all at once.

    Args:
        x: Regressors, (n, k), no NaN; returns or changes, never trending levels: a window's cross products
            must be well conditioned.
        y: (n, m), no NaN.

    Returns:
        (n - window + 1, k, m); as exact as a least-squares solver to about 1e-13 for returns.
    """
    k, m = x.shape[1], y.shape[1]
    left = window_sums(_products(x), window).reshape(-1, k, k)
    right = window_sums((x[:, :, None] * y[:, None, :]).reshape(len(x), -1), window).reshape(-1, k, m)
    return np.linalg.solve(left, right)


def window_sums(v: np.ndarray, window: int) -> np.ndarray:
    """Sums over every window: the end of one block and the beginning of the next; (n, m) -> (n - window + 1,
    m)."""
    n, m = v.shape
    blocks = n // window + 1
    padded = np.zeros((blocks * window, m))
    padded[:n] = v
    cubes = padded.reshape(blocks, window, m)
    tails = np.cumsum(cubes[:, ::-1], axis=1)[:, ::-1].reshape(-1, m)
    heads = np.zeros((blocks, window, m))
    np.cumsum(cubes[:, :-1], axis=1, out=heads[:, 1:])
    count = n - window + 1
    return tails[:count] + heads.reshape(-1, m)[window : window + count]


def _inverse(x: np.ndarray, window: int) -> np.ndarray:
    """Inverse cross products of every window, (windows, k, k)."""
    k = x.shape[1]
    gram = window_sums(_products(x), window).reshape(-1, k, k)
    size = np.sqrt(np.diagonal(gram, axis1=1, axis2=2))
    scaled = gram / np.where(size > 0, size, 1.0)[:, :, None] / np.where(size > 0, size, 1.0)[:, None, :]
    if np.linalg.eigvalsh(scaled)[:, 0].min() < _APART:
        raise NoVariation(f"One of the drivers, over some {window} days and apart from the others,")
    return np.linalg.inv(gram)


def _products(x: np.ndarray) -> np.ndarray:
    """All products of two columns, (n, k) -> (n, k * k)."""
    return (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)


def _white(x: np.ndarray, residuals: np.ndarray, inverse: np.ndarray, window: int) -> np.ndarray:
    """White's errors of every window's coefficients (White 1980) with given residuals (n, m): (windows, k,
    m)."""
    (n, k), m = x.shape, residuals.shape[1]
    squares = (_products(x)[:, :, None] * (residuals**2)[:, None, :]).reshape(n, -1)
    meat = np.moveaxis(window_sums(squares, window).reshape(-1, k, k, m), 3, 1)
    return np.sqrt(np.einsum("wki,wmij,wkj->wkm", inverse, meat, inverse, optimize=True))


def _multipliers(
    x: np.ndarray,
    residuals: np.ndarray,
    inverse: np.ndarray,
    error: np.ndarray,
    window: int,
    draws: int,
    seed: int,
) -> np.ndarray:
    """95% quantile of each path's largest |t| under random signs, (assets, drivers).

    The squares do not depend on the signs, so the errors behind the drawn t are those of the band itself.
    """
    (n, k), m = x.shape, residuals.shape[1]
    terms = (x[:, :, None] * residuals[:, None, :]).reshape(n, -1)
    packed = packed_signs(generator("driver_betas", seed), draws, n)
    largest = np.empty((draws, k, m))
    for start in range(0, draws, _BATCH):
        signs = unpack(packed[start : start + _BATCH], n)
        drawn = terms.reshape(n, k, 1, m) * signs.T[:, None, :, None]
        sums = window_sums(drawn.reshape(n, -1), window).reshape(len(inverse), k, -1)
        t = (inverse @ sums).reshape(len(inverse), k, -1, m) / error[:, :, None]
        largest[start : start + _BATCH] = np.abs(t).max(axis=0).swapaxes(0, 1)
    return np.array([[critical_value(largest[:, j, i]) for j in range(1, k)] for i in range(m)])


def _frames(values: np.ndarray, found: Moves, window: int) -> dict[str, pd.DataFrame]:
    """Without the constant, by asset."""
    days = found.dates()[window - 1 :]
    keys = list(found.driver_keys)
    return {
        asset: pd.DataFrame(values[:, 1:, i], index=days, columns=keys)
        for i, asset in enumerate(found.asset_keys)
    }


def _sentence(path: pd.Series, whole: pd.DataFrame, window: int) -> str:
    asset, driver = str(whole.index[0]), DRIVERS[str(path.name)]
    low, high = path.min(), path.max()
    return (
        f"A rise of {driver.step} in {driver.name} went with {path.iloc[-1]:+.2f}% of {name_of(asset)} "
        f"over the {window} trading days to {path.index[-1]:%-d %b %Y}; windows of that length ran from "
        f"{low:+.2f}% to {high:+.2f}%, the whole history with {whole.iloc[0][driver.key]:+.2f}%."
    )
