"""The test behind claim 23: each share's root, studentised by blocks and judged by a stationary bootstrap."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analytics.stats.resampling import critical_value, generator, p_value, stationary_indices
from analytics.stats.verdict import ALPHA, Inference, decide, far_end, smallest_detectable
from analytics.topics.drivers.measures.role_shares import BLOCK, with_error
from analytics.topics.drivers.measures.role_windows import squared

UNIT = "share of variance"
_BATCH = 16
"""Draws at once: few enough for the arrays to stay in the second-level cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One of the two.

    Attributes:
        name: ``gold`` or ``industry``.
        share: Of silver's daily variance.
        interval: 95%, bootstrapped t on Fisher's scale of the root.
        root: Its root with the sign of the co-movement: a correlation.
        p: One-sided p that the share is no more than 5%.
        p_opposite: The same that it is no less.
        mde: Smallest share above 5%, less 5%, that would be seen 80% of the time.
        effective_n: Independent normal days that would leave the same error, at most n.
    """

    name: str
    share: float
    interval: tuple[float, float]
    root: float
    p: float
    p_opposite: float
    mde: float
    effective_n: float


def both_roles(
    terms: np.ndarray, null_share: float, delta: float, draws: int, seed: int
) -> tuple[Role, Role, Inference]:
    """Gold, industry, and the claim that both shares exceed ``null_share``.

    Args:
        terms: (n, 20), from ``role_shares.moment_terms``.
        null_share, delta: Share under the null, and the smallest distance from it worth acting on.
    """
    z, error = with_error(terms)
    turn = np.where(z < 0, -1.0, 1.0)
    drawn = _draw(terms, z, draws, seed) * turn
    null = math.atanh(math.sqrt(null_share))
    t = (np.abs(z) - null) / error
    made = [
        _role(name, float(z[i]), float(error[i]), float(t[i]), drawn[:, i], null_share, len(terms))
        for i, name in enumerate(("gold", "industry"))
    ]
    weaker = max(made, key=lambda role: (role.p, -role.share))
    mde = max(role.mde for role in made)
    far = min(far_end(role.interval, null_share, "greater") for role in made)
    p_opposite = min(1.0, 2 * min(role.p_opposite for role in made))
    inference = Inference(
        estimate=weaker.share,
        interval=weaker.interval,
        unit=UNIT,
        statistic=float(t[made.index(weaker)]),
        p=weaker.p,
        p_opposite=p_opposite,
        n=len(terms),
        effective_n=min(role.effective_n for role in made),
        mde=mde,
        delta=delta,
        far=far,
        direction="greater",
        null_value=null_share,
        verdict=decide(weaker.p, p_opposite, far, delta),
    )
    return made[0], made[1], inference


def _draw(terms: np.ndarray, z: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """t of every resample about the sample, (draws, 2)."""
    indices = stationary_indices(generator("roles", seed), len(terms), BLOCK, draws)
    drawn = np.empty((draws, 2))
    for start in range(0, draws, _BATCH):
        values, errors = with_error(terms[indices[start : start + _BATCH]])
        drawn[start : start + _BATCH] = (values - z) / errors
    return drawn


def _role(name: str, z: float, error: float, t: float, drawn: np.ndarray, null_share: float, n: int) -> Role:
    turn = -1.0 if z < 0 else 1.0
    low, high = np.quantile(drawn, [ALPHA / 2, 1 - ALPHA / 2])
    bounds = squared(math.tanh(abs(z) - high * error), math.tanh(abs(z) - low * error))
    seen = math.atanh(math.sqrt(null_share)) + smallest_detectable(error, critical_value(drawn))
    return Role(
        name=name,
        share=math.tanh(z) ** 2,
        interval=bounds,
        root=turn * math.tanh(abs(z)),
        p=p_value(drawn, t),
        p_opposite=p_value(-drawn, -t),
        mde=math.tanh(seen) ** 2 - null_share,
        effective_n=min(float(n), 3 + 1 / error**2),
    )
