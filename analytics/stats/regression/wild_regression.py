"""Sums of regression coefficients judged by a restricted wild bootstrap: White's t with residuals under the
null, random signs (Wu 1986; Liu 1988; with the null imposed: Davidson and Flachaire 2008, Journal of
Econometrics 146, 162-169).

A least-squares sum of coefficients is sum(l y) with weights l that the design alone fixes; under the null it
is theta0 + sum(l u), u the residuals of the fit that holds it at theta0. So t = sum(l u) / sqrt(sum(l^2
u^2)), and signs leave the denominator alone (as in ``resampling``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analytics.stats.resampling import critical_value, p_value, signed_sums
from analytics.stats.verdict import ALPHA, Direction, Inference, decide, far_end, smallest_detectable


@dataclass(frozen=True, slots=True, eq=False)
class Contrasts:
    """Sums of coefficients of one regression, tested under one common null.

    Attributes:
        estimate: (q,) [y's unit per unit of the regressor].
        t: (estimate - null value) / null_error, (q,).
        null_error: White's error with the null's residuals, (q,): behind t and the smallest detectable
            effect.
        error: White's error with the fit's own residuals, each divided by 1 - leverage (HC3), (q,): behind
            intervals.
        drawn: t of every draw, (draws, q).
        carried_by: Days that carry each estimate: (sum l^2)^2 / sum l^4, (q,).
        null_value: What all sums are under the null.
        n: Observations.
    """

    estimate: np.ndarray
    t: np.ndarray
    null_error: np.ndarray
    error: np.ndarray
    drawn: np.ndarray
    carried_by: np.ndarray
    null_value: float
    n: int


def contrasts(
    y: np.ndarray, design: np.ndarray, sums: np.ndarray, packed: np.ndarray, null_value: float = 0.0
) -> Contrasts:
    """Test ``sums @ coefficients = null_value``, all rows imposed together.

    Args:
        y: (n,), no NaN.
        design: (n, k), full rank; a constant only where it is a column.
        sums: (q, k), or (k,) for a single one.
        packed: Signs from ``resampling.packed_signs`` for n.
    """
    weights_of = np.atleast_2d(sums).astype(float)
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ design.T @ y
    estimate = weights_of @ coefficients
    weights = design @ bread @ weights_of.T
    middle = weights_of @ bread @ weights_of.T
    held = coefficients - bread @ weights_of.T @ np.linalg.solve(middle, estimate - null_value)
    terms = weights * (y - design @ held)[:, None]
    null_error = np.sqrt((terms**2).sum(axis=0))
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)
    own = (y - design @ coefficients) / (1 - leverage)
    return Contrasts(
        estimate=estimate,
        t=(estimate - null_value) / null_error,
        null_error=null_error,
        error=np.sqrt((weights**2 * own[:, None] ** 2).sum(axis=0)),
        drawn=signed_sums(terms, packed) / null_error,
        carried_by=(weights**2).sum(axis=0) ** 2 / (weights**4).sum(axis=0),
        null_value=null_value,
        n=len(y),
    )


def plain_t(y: np.ndarray, design: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """t of each sum against zero with one error variance for all days, as the usual table prints it, (q,).

    For display beside the honest answer: under common volatility it finds what is not there.
    """
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ design.T @ y
    residuals = y - design @ coefficients
    variance = residuals @ residuals / (len(y) - design.shape[1])
    t: np.ndarray = sums @ coefficients / np.sqrt(variance * np.diag(sums @ bread @ sums.T))
    return t


def infer(
    found: Contrasts,
    *,
    unit: str,
    delta: float,
    direction: Direction,
    stated: int = 0,
    scale: float = 1.0,
    effective_n: float | None = None,
    per_year: float = 252,
) -> Inference:
    """The verdict on the strongest of the sums (``found`` holds one, or a family), stated for one of them.

    Args:
        found: From ``contrasts``.
        unit, delta: Of the stated effect.
        direction: What is claimed of effect - null value.
        stated: Which sum estimate, interval and smallest detectable effect speak of.
        scale: From the regression's unit to ``unit``.
        effective_n: Days that carry the estimate unless given.
        per_year: Observations in a year.
    """
    claimed, other, sided = _sided(found, direction)
    best = int(np.argmax(sided))
    widths = critical_value(np.abs(found.drawn).max(axis=1), ALPHA) * scale * found.error
    estimates, null_value = scale * found.estimate, scale * found.null_value
    intervals = [(float(b - w), float(b + w)) for b, w in zip(estimates, widths, strict=True)]
    p = p_value(claimed, float(sided[best]))
    p_opposite = math.nan if direction == "two-sided" else p_value(other, float(-sided.min()))
    mde = scale * smallest_detectable(float(found.null_error[stated]), critical_value(claimed, ALPHA))
    far = max(far_end(interval, null_value, direction) for interval in intervals)
    return Inference(
        estimate=float(estimates[stated]),
        interval=intervals[stated],
        unit=unit,
        statistic=float(found.t[best]),
        p=p,
        p_opposite=p_opposite,
        n=found.n,
        effective_n=float(found.carried_by[stated]) if effective_n is None else effective_n,
        mde=mde,
        delta=delta,
        far=far,
        direction=direction,
        null_value=null_value,
        per_year=per_year,
        verdict=decide(p, p_opposite, far, delta),
    )


def _sided(found: Contrasts, direction: Direction) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Null maxima in the claimed and in the opposite direction, and t turned so that large means claimed."""
    if direction == "two-sided":
        widest = np.abs(found.drawn).max(axis=1)
        return widest, widest, np.abs(found.t)
    turn = 1.0 if direction == "greater" else -1.0
    drawn = turn * found.drawn
    return drawn.max(axis=1), (-drawn).max(axis=1), turn * found.t
