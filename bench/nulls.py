"""Simulated pairs without any lead, lag or event effect (N1-N4), and effects planted into them.

Calibrated to silver and Bitcoin, 2015-2025 (docs/methods.md#simulated-nulls). The honesty table and the tests use them; so
may a page that shows what chance looks like.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import gamma

from analytics.stats.resampling import trailing_sums

Kind = Literal["N1", "N2", "N3", "N4"]
KINDS: tuple[Kind, ...] = ("N1", "N2", "N3", "N4")
UniverseKind = Literal["U1", "U2", "U3"]
UNIVERSES: tuple[UniverseKind, ...] = ("U1", "U2", "U3")
DAYS = 2_700
_BURN_IN = 500
_COMMON_AR, _COMMON_SD = 0.98, 0.45
_SAME_DAY = 0.14
_LATE = 0.25
"""Share of the follow's day that falls into the lead's next day under N4."""


@dataclass(frozen=True, slots=True)
class Asset:
    """Daily log returns: mean and standard deviation, and GARCH(1, 1) with Student t innovations.

    Attributes:
        mean, sd: A day [log].
        arch, garch: Weights of yesterday's squared shock and variance.
        freedom: Degrees of freedom of the innovations, above 2.
    """

    mean: float
    sd: float
    arch: float
    garch: float
    freedom: float


SILVER = Asset(0.0005, 0.0172, 0.035, 0.955, 4.6)
BITCOIN = Asset(0.0020, 0.0423, 0.105, 0.88, 3.5)


def simulate(
    kind: Kind, replications: int, seed: int, *, n: int = DAYS, lead: Asset = SILVER, follow: Asset = BITCOIN
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of daily log returns with drift, among which nothing leads and nothing follows.

    N1: independent. N2: N1 times a common stochastic volatility (log-volatility AR(1) of .98, standard
    deviation .45). N3: N1 with a same-day correlation of .14. N4: N3 with the last quarter of the follow's
    day on the lead's next day.

    Returns:
        lead and follow, each (replications, n).
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, KINDS.index(kind)])))
    total = n + _BURN_IN
    x, y = _innovations(kind, rng, (replications, total), lead.freedom, follow.freedom)
    x, y = _garch(x, lead), _garch(y, follow)
    if kind == "N2":
        common = _common_volatility(rng, (replications, total))
        x, y = x * common, y * common
    return lead.mean + x[:, _BURN_IN:], follow.mean + y[:, _BURN_IN:]


def universe(kind: UniverseKind, replications: int, series: int, seed: int, *, n: int = DAYS) -> np.ndarray:
    """Many series among which nothing leads and nothing follows, half of them like each asset.

    U1: independent. U2: half of the variance is one common same-day shock. U3: U1 times a common stochastic volatility.

    Returns:
        Daily log returns, (replications, series, n).
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 100 + UNIVERSES.index(kind)])))
    shape = (replications, n + _BURN_IN)
    assets = [SILVER if number % 2 else BITCOIN for number in range(series)]
    found = np.stack([_garch(_shocks(rng, shape, asset.freedom), asset) for asset in assets], axis=1)
    if kind == "U2":
        spread = np.array([asset.sd for asset in assets])[:, None]
        common = _garch(_shocks(rng, shape, SILVER.freedom), SILVER)[:, None] / SILVER.sd
        found = math.sqrt(0.5) * (found + spread * common)
    if kind == "U3":
        found = found * _common_volatility(rng, shape)[:, None]
    return found[..., _BURN_IN:]


def levels(x: np.ndarray, y: np.ndarray, first: str = "2015-01-01") -> pd.DataFrame:
    """Prices with those log returns on consecutive weekdays, from 100 on: columns lead and follow, one row
    more."""
    days = np.busday_offset(first, np.arange(len(x) + 1), roll="forward")
    logs = np.cumsum(np.column_stack([x, y]), axis=0)
    prices = 100 * np.exp(np.vstack([np.zeros(2), logs]))
    return pd.DataFrame(
        prices, index=pd.DatetimeIndex(days.astype("datetime64[s]")), columns=["lead", "follow"]
    )


def plant_lag(x: np.ndarray, y: np.ndarray, lag: int, correlation: float) -> np.ndarray:
    """y with a response to x ``lag`` days earlier, of the given correlation (near zero: its own share is not
    removed)."""
    return plant_window(x, y, lag, lag, correlation)


def plant_window(x: np.ndarray, y: np.ndarray, nearest: int, farthest: int, correlation: float) -> np.ndarray:
    """y with a response, spread evenly, to x between ``nearest`` and ``farthest`` days earlier; (n,) ->
    (n,)."""
    smoothed = trailing_sums(x - x.mean(), farthest - nearest + 1)
    shifted = np.concatenate([np.zeros(nearest), smoothed[: len(y) - nearest]])
    return y + correlation * y.std() * shifted / shifted.std()


def plant_gain(y: np.ndarray, flags: np.ndarray, gain: float, horizon: int) -> np.ndarray:
    """y with a gain over the ``horizon`` days after every event, measured against the mean of the result.

    Each day within the horizon of at least one event gains alike, so that every event is followed by the same
    total; it is raised by the share of such days, since the unconditional mean rises with them.

    Args:
        y: Log returns, (n,).
        flags: Events by price day, bool (n + 1,): return i runs from price day i to i + 1.
        gain: Excess over the unconditional mean after an event [log].
    """
    after = trailing_sums(flags[:-1].astype(float), horizon) > 0.5
    share = after.mean()
    return y + gain / horizon / (1 - share) * after if share < 1 else y.copy()


def _innovations(
    kind: Kind, rng: np.random.Generator, shape: tuple[int, int], *freedoms: float
) -> tuple[np.ndarray, np.ndarray]:
    """Student t shocks with variance one: normal day parts times a mixing variable of each asset's own."""
    mixing = [np.sqrt((nu - 2) / rng.chisquare(nu, shape)) for nu in freedoms]
    rho = _SAME_DAY / math.prod(_mean_mixing(nu) for nu in freedoms) if kind in ("N3", "N4") else 0.0
    early, late = (_correlated(rng, shape, rho) for _ in range(2))
    days = [math.sqrt(_LATE) * early[i] + math.sqrt(1 - _LATE) * late[i] for i in range(2)]
    if kind == "N4":
        tomorrow = np.concatenate([early[1][:, 1:], rng.standard_normal((shape[0], 1))], axis=1)
        days[1] = math.sqrt(_LATE) * tomorrow + math.sqrt(1 - _LATE) * late[1]
    return mixing[0] * days[0], mixing[1] * days[1]


def _shocks(rng: np.random.Generator, shape: tuple[int, int], freedom: float) -> np.ndarray:
    """Student t shocks with variance one."""
    return rng.standard_normal(shape) * np.sqrt((freedom - 2) / rng.chisquare(freedom, shape))


def _correlated(
    rng: np.random.Generator, shape: tuple[int, int], rho: float
) -> tuple[np.ndarray, np.ndarray]:
    first, own = rng.standard_normal(shape), rng.standard_normal(shape)
    return first, rho * first + math.sqrt(1 - rho**2) * own


def _mean_mixing(freedom: float) -> float:
    """Mean of sqrt((nu - 2) / chi2_nu): independent mixing weakens the correlation of the normals by it."""
    return math.sqrt((freedom - 2) / 2) * float(gamma((freedom - 1) / 2) / gamma(freedom / 2))


def _garch(shocks: np.ndarray, asset: Asset) -> np.ndarray:
    """Shocks of variance one brought to GARCH(1, 1) returns without mean; recursion over columns."""
    base = asset.sd**2 * (1 - asset.arch - asset.garch)
    variance = np.full(len(shocks), asset.sd**2)
    made = np.empty_like(shocks)
    for day in range(shocks.shape[1]):
        made[:, day] = np.sqrt(variance) * shocks[:, day]
        variance = base + asset.arch * made[:, day] ** 2 + asset.garch * variance
    return made


def _common_volatility(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """exp(h) with h AR(1), scaled so that squares keep their mean."""
    steps = rng.standard_normal(shape) * _COMMON_SD * math.sqrt(1 - _COMMON_AR**2)
    h = np.empty(shape)
    h[:, 0] = rng.standard_normal(shape[0]) * _COMMON_SD
    for day in range(1, shape[1]):
        h[:, day] = _COMMON_AR * h[:, day - 1] + steps[:, day]
    return np.exp(h - _COMMON_SD**2)
