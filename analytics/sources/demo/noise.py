"""Noise with the market's habits, and the bridge that leads it through its anchors.

Shocks are Student t with GARCH(1, 1) variance (Bollerslev 1987), times what markets share: the slow part of
the VIX, and an unrest of their own (log volatility an AR(1) of .98, deviation about .4: docs/methods.md#simulated-nulls,
N2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.sources.demo import anchors
from analytics.sources.demo.sessions import Calendar

CALM_VIX = 16.0
"""The VIX at which shocks have their base size [% a year]."""
WIDEST = 7.0
"""No shock is further out than this [standard deviations before GARCH]."""


@dataclass(frozen=True, slots=True)
class Shock:
    """How one source of noise behaves.

    Attributes:
        sd: Daily standard deviation when volatility is calm [log return, or percentage points for yields].
        common: Elasticity to the slow part of the VIX.
        unrest: Elasticity to the unrest that all markets but equities share.
        alpha, beta: GARCH(1, 1), variance 1 on average.
        df: Degrees of freedom.
    """

    sd: float
    common: float = 0.3
    unrest: float = 0.7
    alpha: float = 0.05
    beta: float = 0.92
    df: float = 5.0


SHOCKS: dict[str, Shock] = {
    "policy": Shock(1.0, 0.2, 0.3),
    "real": Shock(0.038, 0.35),
    "breakeven": Shock(0.026, 0.45),
    "sp500": Shock(0.0076, 1.0, 0.0, 0.06, 0.88, 6.0),
    "dollar_index": Shock(0.0039, 0.25),
    "dollar_broad": Shock(0.0014, 0.25),
    "gold": Shock(0.0070, 0.25, 1.0, 0.035, 0.95, 4.6),
    "silver": Shock(0.0096, 0.25, 1.0, 0.035, 0.955, 4.6),
    "industry": Shock(0.0062, 0.5),
    "copper": Shock(0.0098, 0.3),
    "nasdaq": Shock(0.0042, 0.5),
    "nasdaq_100_etf": Shock(0.0014),
    "semiconductors_etf": Shock(0.0085),
    "clean_energy_etf": Shock(0.0105),
    "gold_miners_etf": Shock(0.0125),
    "solar_etf": Shock(0.0115),
    "dollar_etf": Shock(0.0007),
    "high_yield_etf": Shock(0.0021, 0.9),
    "treasury_20y_etf": Shock(0.0022),
    "bitcoin": Shock(0.046, 0.1, 0.3, 0.105, 0.88, 3.5),
    "ether": Shock(0.028, 0.1, 0.3, 0.09, 0.88, 4.5),
    "vix": Shock(0.02, 0.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Noise:
    """Everything random about prices, by session.

    Attributes:
        shock: By name of SHOCKS, (T,) in the unit of its sd.
        scale: By name, the standard deviation that each shock was drawn with, (T,).
        slow_vix: The slow part of the VIX with its disturbance, (T,) [% a year].
    """

    shock: dict[str, np.ndarray]
    scale: dict[str, np.ndarray]
    slow_vix: np.ndarray


def generator(seed: int, subject: str) -> np.random.Generator:
    """A generator of one subject: what is added to one subject later does not move the others."""
    return np.random.default_rng([seed, *subject.encode()])


def student(rng: np.random.Generator, df: np.ndarray | float, shape: tuple[int, ...]) -> np.ndarray:
    """Student t draws with variance 1, cut off at WIDEST."""
    draws = rng.standard_t(df, shape) * np.sqrt((np.asarray(df) - 2.0) / np.asarray(df))
    return np.clip(draws, -WIDEST, WIDEST)


def autoregression(shocks: np.ndarray, phi: np.ndarray | float) -> np.ndarray:
    """x_t = phi x_{t-1} + shock_t from x_0 = shock_0, along the first axis."""
    path = np.empty_like(shocks)
    state = np.zeros(shocks.shape[1:])
    for t in range(len(shocks)):
        state = phi * state + shocks[t]
        path[t] = state
    return path


def garch_deviation(draws: np.ndarray, alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Standard deviations (T, K) of GARCH(1, 1) of mean variance 1, driven by draws (T, K) of variance 1."""
    kept = 1.0 - alpha - beta
    squared = draws * draws
    variance = np.empty_like(draws)
    state = np.ones(draws.shape[1])
    for t in range(len(draws)):
        variance[t] = state
        state = kept + state * (alpha * squared[t] + beta)
    return np.sqrt(variance)


def make_noise(seed: int, calendar: Calendar) -> Noise:
    """Draw all shocks of the sessions."""
    n = len(calendar.sessions)
    rng = generator(seed, "prices")
    slow = np.log(anchors.between(anchors.VIX, calendar.sessions))
    disturbance = student(rng, 6.0, (n, 2)) * np.array([0.03, 0.076])
    disturbance = autoregression(disturbance, np.array([0.97, 0.98]))
    slow, unrest = slow + disturbance[:, 0], disturbance[:, 1]
    table = list(SHOCKS.values())
    sd, common, unquiet, alpha, beta, df = (
        np.array([getattr(row, name) for row in table])
        for name in ("sd", "common", "unrest", "alpha", "beta", "df")
    )
    draws = student(rng, df, (n, len(table)))
    shared = np.outer(slow - np.log(CALM_VIX), common) + np.outer(unrest, unquiet)
    scale = garch_deviation(draws, alpha, beta) * sd * np.exp(shared)
    shocks = draws * scale
    names = list(SHOCKS)
    return Noise(
        {name: shocks[:, i] for i, name in enumerate(names)},
        {name: scale[:, i] for i, name in enumerate(names)},
        np.exp(slow),
    )


def bridge(
    moves: np.ndarray, at: np.ndarray, targets: np.ndarray, keep: np.ndarray | None = None
) -> np.ndarray:
    """The smallest daily corrections that lead a path through its anchors.

    Of all corrections whose sums between anchors are what is missing there, the one with the least sum of
    squares that is also orthogonal to every regressor in ``keep``: an ordinary regression on those regressors
    (and a constant) then gives the same coefficients with the corrections as without. Without ``keep`` it is
    a constant between anchors.

    Args:
        moves: Daily moves (T,); the first is before the path and is not used.
        at: Positions of the anchors, rising, from 0 to T - 1.
        targets: The path's values there, (log) level.
        keep: Regressors (K, T) without NaN, or None.

    Returns:
        Corrections (T,), zero at 0.
    """
    n = len(moves)
    time = np.arange(n)
    conditions = ((time > at[:-1, None]) & (time <= at[1:, None])).astype(float)
    sums = np.concatenate([[0.0], np.cumsum(moves[1:])])
    missing = np.diff(targets) - np.diff(sums[at])
    if keep is not None:
        centred = keep - keep[:, 1:].mean(axis=1, keepdims=True)
        centred = centred / centred.std(axis=1, keepdims=True)
        centred[:, 0] = 0.0
        conditions = np.vstack([conditions, centred])
        missing = np.concatenate([missing, np.zeros(len(keep))])
    weights = np.linalg.solve(conditions @ conditions.T, missing)
    return conditions.T @ weights


def explained(drift: np.ndarray, regressors: np.ndarray) -> np.ndarray:
    """The part of a drift (T,) that regressors (K, T) explain by least squares, less its mean: what to take
    out so that a borrowed drift leaves no relation where there is to be none."""
    centred = (regressors - regressors.mean(axis=1, keepdims=True)).T
    return centred @ np.linalg.lstsq(centred, drift - drift.mean(), rcond=None)[0]


def lead(
    text: str, calendar: Calendar, moves: np.ndarray, keep: np.ndarray | None = None, *, log: bool = True
) -> np.ndarray:
    """``moves`` with the corrections that lead their path from the first session through the anchors of
    ``text``.

    Args:
        text: Anchors as in ``demo.anchors``; the first must be the first session.
        calendar: The sessions.
        moves: (T,), log returns or differences.
        keep: As in ``bridge``.
        log: Anchors are levels of which the path is the logarithm.
    """
    dates, levels = anchors.parse(text)
    return moves + bridge(moves, calendar.at(dates), np.log(levels) if log else levels, keep)


def path(text: str, moves: np.ndarray, *, log: bool = True) -> np.ndarray:
    """Levels (T,) of a path that starts at the first anchor of ``text`` and then moves by ``moves[1:]``."""
    start = anchors.parse(text)[1][0]
    sums = np.concatenate([[0.0], np.cumsum(moves[1:])])
    return start * np.exp(sums) if log else start + sums
