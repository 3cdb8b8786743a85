"""One regression coefficient with Newey-West errors, judged by a restricted wild bootstrap that recomputes
them.

Signs change the cross terms of a Newey-West variance, so unlike White's t (``wild_regression``) every draw
needs its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.stats.resampling import packed_signs, unpack

LAGS = 5
_BATCH = 64
"""Draws at once: few enough for the arrays to stay in the second-level cache."""


@dataclass(frozen=True, slots=True, eq=False)
class WildT:
    """A coefficient and what its t would be if it were the null value.

    Attributes:
        estimate: The coefficient.
        error: Its Newey-West standard error.
        t: (estimate - null value) / error.
        drawn: t of every draw, (draws,).
        effective_n: n x White / Newey-West variance, at most n.
    """

    estimate: float
    error: float
    t: float
    drawn: np.ndarray
    effective_n: float


def wild_t(
    y: np.ndarray,
    design: np.ndarray,
    column: int,
    draws: int,
    rng: np.random.Generator,
    null_value: float = 0.0,
) -> WildT:
    """Test design[:, column]'s coefficient; residuals of the draws come from the fit that holds it at the
    null value.

    b = sum(x y) / sum(x x) with x the column's residual on the others (Frisch and Waugh 1933); its variance
    is the Bartlett sum of x u up to ``LAGS`` (Newey and West 1987), over (sum x x)^2. Draws: y* = w u0,
    Rademacher w (Wu 1986; Liu 1988; with the null imposed: Davidson and Flachaire 2008).

    Args:
        y: (n,), no NaN.
        design: (n, k), full rank, the constant among its columns.
    """
    others, _ = np.linalg.qr(np.delete(design, column, axis=1))
    x = design[:, column] - others @ (others.T @ design[:, column])
    squares = float(x @ x)
    held = y - null_value * design[:, column]
    u0 = held - others @ (others.T @ held)
    basis = np.column_stack([others, x / np.sqrt(squares)])
    slope = float(x @ u0) / squares
    scores = x * (u0 - slope * x)
    white, variance = float(scores @ scores), float(long_run(scores[None, :])[0])
    error = float(np.sqrt(variance)) / squares
    drawn = np.empty(draws)
    packed = packed_signs(rng, draws, len(y))
    for start in range(0, draws, _BATCH):
        outcome = unpack(packed[start : start + _BATCH], len(y)) * u0
        drawn[start : start + _BATCH] = _drawn_t(outcome, x, basis)
    return WildT(slope + null_value, error, slope / error, drawn, len(y) * min(1.0, white / variance))


def _drawn_t(outcome: np.ndarray, x: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """t of each outcome, (draws, n) -> (draws,)."""
    scores = x * (outcome - (outcome @ basis) @ basis.T)
    return (outcome @ x) / np.sqrt(long_run(scores))


def long_run(scores: np.ndarray, lags: int = LAGS) -> np.ndarray:
    """Bartlett-weighted sum of squares and cross products over the last axis (Newey and West 1987); (..., n)
    -> (...)."""
    total = np.einsum("...t,...t->...", scores, scores)
    for lag in range(1, lags + 1):
        cross = np.einsum("...t,...t->...", scores[..., lag:], scores[..., :-lag])
        total = total + 2 * (1 - lag / (lags + 1)) * cross
    return total
