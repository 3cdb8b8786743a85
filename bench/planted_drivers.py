"""Data for the honesty table of drivers, roles and uncertainty: many series under one common volatility, with
planted links.

N2 and N4 as in ``bench.nulls``, for more than two series at once: every series has its own GARCH-t
volatility; under N2 all share a stochastic one as well; under N4 a quarter of each driver's day falls into
the metal's next day.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from analytics.topics.drivers.measures.moves import DRIVERS, USUAL
from analytics.topics.drivers.measures.role_shares import factor_weights
from analytics.topics.drivers.measures.roles import COLUMNS
from bench.nulls import SILVER, Asset, _common_volatility, _garch

DAYS = 1_250
BURN_IN = 500
LATE = 0.25
"""Share of a driver's day that falls into the metal's next day under N4."""
WORLD: Mapping[str, Asset] = {
    "real_yield_10y": Asset(0.0, 0.052, 0.05, 0.92, 5.0),
    "dollar_index": Asset(0.0, 0.0043, 0.04, 0.94, 5.0),
    "breakeven_10y": Asset(0.0, 0.036, 0.05, 0.92, 5.0),
    "sp500": Asset(0.0004, 0.0105, 0.09, 0.88, 5.0),
}
"""Daily moves of the drivers [log return, percentage points for yields]."""
TOGETHER = np.array(
    [[1.0, 0.25, -0.1, -0.05], [0.25, 1.0, -0.15, -0.3], [-0.1, -0.15, 1.0, 0.35], [-0.05, -0.3, 0.35, 1.0]]
)
"""Correlations of the drivers on a day, before tails and volatility weaken them."""
PLANTED: Mapping[str, float] = {
    "real_yield_10y": -1.0,
    "dollar_index": -1.6,
    "breakeven_10y": 0.5,
    "sp500": 0.2,
}
"""Betas of silver [% per step of the driver]."""
OWN = Asset(SILVER.mean, 0.0145, SILVER.arch, SILVER.garch, SILVER.freedom)
GOLD = Asset(0.0003, 1.0, SILVER.arch, SILVER.garch, SILVER.freedom)
PLAIN = Asset(0.0003, 1.0, 0.05, 0.92, 5.0)
LOADING, SHARED = 0.7, 0.2
"""What each industrial series has of the factor and of gold; the rest is its own [of a standard
deviation]."""
SCALE = 0.012
"""Daily standard deviation that unit series are brought to."""
WEEKS = 262
SEEN = 15 / math.sqrt(5 * 145)
"""Correlation of a week's sum of five equal shocks with the change of the seven-day mean of the index that
they move: the mean spreads a week's shocks over two."""


def driver_worlds(
    kind: Literal["N2", "N4"], replications: int, seed: int, betas: Mapping[str, float], n: int = DAYS
) -> Iterator[pd.DataFrame]:
    """Levels of silver and its four drivers.

    Args:
        betas: Of silver on each driver [% per step], in the same-day regression: under N4, where a quarter of
            each move is seen a day later, the move itself has 4/3 of it.
    """
    rng = np.random.default_rng([seed, 2 if kind == "N2" else 4])
    shape = (replications, n + BURN_IN)
    common = _common_volatility(rng, shape) if kind == "N2" else np.ones(shape)
    late = LATE if kind == "N4" else 0.0
    early_part, late_part = (_together(rng, shape) for _ in range(2))
    silver = OWN.mean + _series(rng, shape, OWN)[0] * common
    moved: dict[str, np.ndarray] = {}
    for i, key in enumerate(USUAL):
        shock = math.sqrt(1 - late) * early_part[i] + math.sqrt(late) * late_part[i]
        move, scale = _series(rng, shape, WORLD[key], shock)
        after = math.sqrt(late) * late_part[i] * scale * common
        seen = (move * common - after) + np.roll(after, 1, axis=1)
        silver = silver + 0.01 * betas[key] / (1 - late) * seen / DRIVERS[key].size
        moved[key] = WORLD[key].mean + move * common
    for r in range(replications):
        yield _levels({"silver": silver[r]} | {key: move[r] for key, move in moved.items()}, n)


def role_worlds(
    replications: int,
    seed: int,
    gold_share: float,
    industry_share: float,
    *,
    of_window: bool = True,
    n: int = DAYS,
) -> Iterator[pd.DataFrame]:
    """Levels of silver, gold and three industrial series under N2, with exact shares of silver's variance.

    Args:
        of_window: The shares are of the variance that these days have, given the volatility of each part on
            each day; otherwise of the processes' unconditional variance, which a window need not show.
    """
    rng = np.random.default_rng([seed, 23])
    shape = (replications, n + BURN_IN)
    common = _common_volatility(rng, shape)
    parts = [_series(rng, shape, asset) for asset in (GOLD, PLAIN, PLAIN, PLAIN, PLAIN, GOLD)]
    returns = [(move * common)[:, BURN_IN:] for move, _ in parts]
    variances = np.stack([((scale * common)[:, BURN_IN:] ** 2).mean(axis=1) for _, scale in parts], axis=1)
    for r in range(replications):
        gold, factor, *own, rest = (x[r] for x in returns)
        variance = variances[r] if of_window else np.ones(6)
        a, b, c = _weights(variance, gold_share, industry_share)
        industrial = [
            SHARED * gold + LOADING * factor + math.sqrt(1 - SHARED**2 - LOADING**2) * x for x in own
        ]
        moved = (a * gold + b * factor + c * rest, gold, *industrial)
        yield _levels({key: 0.0003 + SCALE * x for key, x in zip(COLUMNS, moved, strict=True)}, n)


def _weights(variance: np.ndarray, gold_share: float, industry_share: float) -> tuple[float, float, float]:
    """What silver of unit variance holds of gold, of the factor and of its own shock, for exact shares.

    Args:
        variance: Of gold, the factor, the three own parts and silver's own shock, (6,).
    """
    loads = np.zeros((3, 5))
    loads[:, 0], loads[:, 1] = SHARED, LOADING
    loads[:, 2:] = np.eye(3) * math.sqrt(1 - SHARED**2 - LOADING**2)
    loads /= np.sqrt((loads**2 * variance[:5]).sum(axis=1))[:, None]
    correlation = np.eye(5)
    correlation[2:, 2:] = (loads * variance[:5]) @ loads.T
    apart = factor_weights(correlation)[0] @ loads
    apart[0] = 0.0  # gold taken out
    gain = (apart[1] * variance[1]) ** 2 / float((apart**2 * variance[:5]).sum())
    b = math.sqrt(industry_share / gain)
    rest = 1 - gold_share - b * b * float(variance[1])
    if rest <= 0:
        raise ValueError("these shares leave silver no shock of its own")
    return math.sqrt(gold_share / variance[0]), b, math.sqrt(rest / variance[5])


def uncertainty_worlds(
    replications: int, seed: int, index_link: float, premium_link: float
) -> Iterator[tuple[pd.Series, pd.Series, pd.Series]]:
    """Silver's closes, the daily policy index on calendar days and the term premium, under N2.

    Args:
        index_link, premium_link: True correlation of silver's weekly return with the weekly change of the
            index's seven-day mean and of the premium; at most ``SEEN`` for the index.
    """
    rng = np.random.default_rng([seed, 8])
    shape = (replications, 5 * WEEKS + BURN_IN)
    common = _common_volatility(rng, shape)
    unit = [(_series(rng, shape, asset)[0] * common)[:, BURN_IN:] for asset in (GOLD, PLAIN, PLAIN)]
    days = pd.DatetimeIndex(
        np.busday_offset(np.datetime64("2015-01-05"), np.arange(5 * WEEKS)).astype("datetime64[s]")
    )
    every = pd.date_range(days[0] - pd.Timedelta(days=8), days[-1], unit="s")
    for r in range(replications):
        metal, index, premium = (x[r] for x in unit)
        c, d = index_link / SEEN, premium_link
        index = c * metal + math.sqrt(1 - c * c) * index
        premium = d * metal + math.sqrt(1 - d * d) * premium
        logs = pd.Series(0.06 * np.cumsum(index), index=days).reindex(every).ffill().fillna(0.0)
        yield (
            pd.Series(20 * np.exp(np.cumsum(0.0005 + 0.017 * metal)), index=days),
            100 * np.exp(logs),
            pd.Series(0.5 + 0.04 * np.cumsum(premium), index=days),
        )


def _together(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Normal shocks of the drivers with ``TOGETHER``'s correlations, (4, *shape)."""
    return np.tensordot(np.linalg.cholesky(TOGETHER), rng.standard_normal((len(USUAL), *shape)), axes=1)


def _series(
    rng: np.random.Generator, shape: tuple[int, int], asset: Asset, normal: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """GARCH-t moves without mean, and each day's scale: what its normal shock is multiplied by to give the
    move (GARCH deviation times the day's mixing variable for shocks that are given; the deviation alone for
    those drawn here)."""
    mixing = np.sqrt((asset.freedom - 2) / rng.chisquare(asset.freedom, shape))
    shock = mixing * (rng.standard_normal(shape) if normal is None else normal)
    move = _garch(shock, asset)
    deviation = move / shock
    return move, deviation * mixing if normal is not None else deviation


def _levels(moved: Mapping[str, np.ndarray], n: int) -> pd.DataFrame:
    """Levels on weekdays from the last n moves: yields are sums, prices exponentials of sums."""
    days = np.busday_offset("2015-01-01", np.arange(n + 1), roll="forward")
    table = {}
    for key, move in moved.items():
        path = np.concatenate([[0.0], np.cumsum(move[-n:])])
        yields = key in DRIVERS and DRIVERS[key].difference
        table[key] = 1.0 + path if yields else 100 * np.exp(path)
    return pd.DataFrame(table, index=pd.DatetimeIndex(days.astype("datetime64[s]")))
