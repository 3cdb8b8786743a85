"""Data for the honesty table of the Regime page: nulls that each claim names, planted effects, and the naive
practices.

The VIX and the stage rule's inputs are simulated: persistent, of plausible size, and apart from what Bitcoin
does next.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import special

from analytics.stats.naive import horizon_returns
from analytics.topics.regime.measures.shock_response import shock_counts
from analytics.topics.regime.measures.stage_inputs import Inputs
from bench.nulls import BITCOIN, DAYS, SILVER, Asset, Kind, simulate

EQUITIES = Asset(0.0004, 0.011, 0.10, 0.88, 5.0)
VIX_MEAN, VIX_AR, VIX_SD = 19.0, 0.975, 0.30
"""Level [% a year], persistence and standard deviation of the log VIX."""
EARLIER = 260
"""Days of VIX before the first price, for trailing percentiles."""
OVERNIGHT = 0.14
"""Correlation of Bitcoin's day with equities' next one, where closing times are all that they share."""
YEAR = 252


def weekdays(n: int, first: str = "2015-01-01") -> pd.DatetimeIndex:
    """``n`` consecutive weekdays."""
    days = np.busday_offset(first, np.arange(n), roll="forward")
    return pd.DatetimeIndex(days.astype("datetime64[s]"))


def prices(returns: dict[str, np.ndarray]) -> pd.DataFrame:
    """Levels from log returns, on weekdays, from 100 on."""
    n = len(next(iter(returns.values())))
    paths = {name: 100 * np.exp(np.append(0.0, np.cumsum(moved))) for name, moved in returns.items()}
    return pd.DataFrame(paths, index=weekdays(n + 1))


def generator(seed: int, purpose: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, purpose])))


def autoregression(shocks: np.ndarray, keep: float) -> np.ndarray:
    """x_t = keep x_{t-1} + shock_t along the last axis, from its stationary spread on (shocks: unit
    variance)."""
    path = np.empty_like(shocks)
    path[..., 0] = shocks[..., 0] / math.sqrt(1 - keep**2)
    for day in range(1, shocks.shape[-1]):
        path[..., day] = keep * path[..., day - 1] + shocks[..., day]
    return path


def vix_paths(replications: int, seed: int, n: int = DAYS + 1) -> list[pd.Series]:
    """VIX paths apart from any returns, on weekdays that end with the price days and begin ``EARLIER`` days
    before."""
    shocks = generator(seed, 1).standard_t(4, (replications, n + EARLIER)) / math.sqrt(2)
    logs = math.log(VIX_MEAN) + VIX_SD * math.sqrt(1 - VIX_AR**2) * autoregression(shocks, VIX_AR)
    days = weekdays(n)
    earlier = np.busday_offset(days[0].date(), np.arange(-EARLIER, 0))
    index = pd.DatetimeIndex(earlier.astype("datetime64[s]")).append(days)
    return [pd.Series(np.exp(path), index=index) for path in logs]


def unrelated_to_equities(kind: Kind, replications: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Equities and Bitcoin under common volatility with a true same-day beta of zero in every regime.

    N4: Bitcoin's day shares its end with equities' next day, and nothing else.
    """
    x, y = simulate("N2", replications, seed, lead=EQUITIES, follow=BITCOIN)
    if kind == "N4":
        tomorrow = np.concatenate([x[:, 1:], np.full((replications, 1), EQUITIES.mean)], axis=1)
        y = y + OVERNIGHT * BITCOIN.sd / EQUITIES.sd * (tomorrow - EQUITIES.mean)
    return x, y


def with_response(y: np.ndarray, hit: np.ndarray, days: tuple[int, int], size: float) -> np.ndarray:
    """y with a response to each shock, spread evenly over ``days`` after it, of ``size`` standard deviations
    of y's return over as many days."""
    length = days[1] - days[0] + 1
    return y + size * horizon_returns(y, length).std() / length * shock_counts(hit, days)


def stage_inputs(equities: np.ndarray, seed: int) -> list[Inputs]:
    """Inputs of the stage rule for many histories, (replications, n): the VIX follows the volatility of
    equities, which under N2 is Bitcoin's too; nothing here knows Bitcoin's returns."""
    rng, (reps, n) = generator(seed, 2), equities.shape
    days = weekdays(n)

    def noise(keep: float, sd: float) -> np.ndarray:
        shocks = rng.standard_normal((reps, n)) * math.sqrt(1 - keep**2)
        return sd * autoregression(shocks, keep)

    weights = 0.94 ** np.arange(60)
    squares = (equities - EQUITIES.mean) ** 2
    trailing = np.apply_along_axis(lambda row: np.convolve(row, weights / weights.sum())[:n], 1, squares)
    vix = 112 * np.sqrt(YEAR * np.maximum(trailing, 1e-6)) * np.exp(noise(0.9, 0.12))
    dollar = 100 * np.exp(np.cumsum(0.0045 * rng.standard_normal((reps, n)), axis=1))
    breakeven, path = 2.2 + noise(0.995, 0.38), -20 + noise(0.99, 60.0)
    conditions = -0.35 + 0.02 * (vix - 19) + noise(0.98, 0.25)
    friday = days.day_of_week == 4
    return [
        Inputs(
            vix=pd.Series(vix[i], index=days),
            dollar=pd.Series(dollar[i], index=days),
            breakeven=pd.Series(breakeven[i], index=days),
            path=pd.Series(path[i], index=days),
            conditions=pd.Series(conditions[i], index=days)[friday],
        )
        for i in range(reps)
    ]


def driver_returns(kind: Kind, replications: int, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Five drivers and Bitcoin, (replications, n) each: equities and Bitcoin as the generator has them, the
    others apart."""
    equities, bitcoin = simulate(kind, replications, seed, lead=EQUITIES, follow=BITCOIN)
    apart = [simulate("N1", replications, seed + 10_000_000 * k, lead=SILVER)[0] for k in range(1, 5)]
    names = ("real_yield_10y", "dollar_index", "breakeven_10y", "gold")
    return {**dict(zip(names, apart, strict=True)), "sp500": equities}, bitcoin


def driver_levels(drivers: dict[str, np.ndarray], bitcoin: np.ndarray, i: int) -> pd.DataFrame:
    """One history as ``gap`` takes it; the simulated rates are walks, too."""
    return prices({"bitcoin": bitcoin[i], **{name: moved[i] for name, moved in drivers.items()}})


def with_closing_gap(y: np.ndarray, per_sd: float, window: int = 250, horizon: int = 60) -> np.ndarray:
    """Returns of which ``per_sd`` [log over ``horizon`` days] comes back for each standard deviation that the
    last ``window`` days fell behind their mean."""
    made, scale = y - y.mean(), math.sqrt(window) * y.std()
    planted = made.copy()
    behind = 0.0
    for day in range(1, len(y)):
        behind -= planted[day - 1]
        if day > window:
            behind += planted[day - 1 - window]
        planted[day] = made[day] + per_sd / horizon * behind / scale
    return y.mean() + planted


def raw_correlation_rises(x: np.ndarray, y: np.ndarray, tail: float = 0.10) -> bool:
    """The practice: correlation on the market's most volatile days against all others, Fisher's z, one-sided
    5%."""
    wild = np.abs(x - x.mean()) >= np.quantile(np.abs(x - x.mean()), 1 - tail)
    z = [math.atanh(float(np.corrcoef(x[days], y[days])[0, 1])) for days in (wild, ~wild)]
    error = math.sqrt(1 / (wild.sum() - 3) + 1 / ((~wild).sum() - 3))
    return (z[0] - z[1]) / error > 1.645


def stages_by_welch(y: np.ndarray, stages: np.ndarray, horizon: int = 60) -> bool:
    """The practice: mean 60-day return after debasement days against that after panic days, Welch's t,
    one-sided 5%."""
    ahead = horizon_returns(y, horizon)
    a, b = (ahead[stages[: len(ahead)] == stage] for stage in ("debasement", "panic"))
    if min(len(a), len(b)) < 3:
        return False
    return bool((a.mean() - b.mean()) / math.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)) > 1.645)


def in_sample_gap_closes(levels: pd.DataFrame, horizon: int = 60) -> tuple[bool, float]:
    """The practice: Bitcoin's log price on four walks in levels, over all days; the next 60 days' return on
    the residual, plain t. Whether the gap "closes", and the R^2 of the fair value."""
    logs = np.log(levels).to_numpy()
    y, x = logs[:, 0], np.column_stack([np.ones(len(logs)), logs[:, 1:5]])
    fair = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    short = (fair - y)[:-horizon]
    ahead = y[horizon:] - y[:-horizon]
    slope, error = _plain_slope(short, ahead)
    return slope / error > special.ndtri(0.95), float(1 - (fair - y).var() / y.var())


def _plain_slope(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    a, b = x - x.mean(), y - y.mean()
    slope = float(a @ b / (a @ a))
    return slope, math.sqrt(float(((b - slope * a) ** 2).sum()) / (len(x) - 2) / float(a @ a))
