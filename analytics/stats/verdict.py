"""From numbers to a verdict: one shape for every inference, one rule for every claim."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

Verdict = Literal[
    "supported", "too small to matter", "not supported", "contradicted", "undecided", "not measurable"
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Direction = Literal["greater", "less", "two-sided"]

ALPHA = 0.05
ALPHA_OPPOSITE = 0.025
"""A false word for or against is at most 7.5% a claim, in sum."""
POWER_QUANTILE = 0.8416212335729143
"""Standard normal quantile of 80%: what the smallest detectable effect adds to the critical value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """What a test behind a verdict found.

    Attributes:
        estimate: The effect [unit].
        interval: 95% interval of the effect [unit]; family-wise where the test is over a family; NaN where the test has
            none that means anything.
        unit: Unit of estimate, interval, null_value, mde and delta.
        statistic: The test statistic (the family's maximum where there is a family).
        p: One-sided p in the claimed direction (two-sided where the claim has none), adjusted within its family.
        p_opposite: One-sided p in the opposite direction, sized separately; NaN for two-sided claims.
        n: Observations.
        effective_n: Independent observations that they are worth.
        mde: Smallest effect seen 80% of the time: (critical value + 0.84) x standard error [unit]; decides nothing.
        delta: Smallest effect worth acting on, fixed beforehand, a distance from the null [unit].
        far: Far end: the largest distance from the null, in the claimed direction, that the 95% interval leaves [unit];
            of a family that of its largest member in units of its own delta, of two legs that of the shorter; infinite
            where the test has no interval.
        direction: The claimed direction.
        null_value: The effect under the null [unit].
        verdict: By ``decide`` or ``deny``.
        per_year: Observations in a year.
    """

    estimate: float
    interval: tuple[float, float]
    unit: str
    statistic: float
    p: float
    p_opposite: float
    n: int
    effective_n: float
    mde: float
    delta: float
    far: float
    direction: Direction
    verdict: Verdict
    null_value: float = 0.0
    per_year: float = 252

    @property
    def years_to_decide(self) -> float:
        """Years of such data in which an effect of delta would be seen 80% of the time; NaN where that is unknown."""
        return self.n / self.per_year * (self.mde / self.delta) ** 2


def decide(p: float, p_opposite: float, far: float, delta: float) -> Verdict:
    """The word for a claim that something is there (docs/methods.md#from-numbers-to-a-verdict).

    Args:
        p: Adjusted p in the claimed direction: at most .05 where the near end of the effect is beyond the null.
        p_opposite: Adjusted p in the opposite direction; NaN where the claim is two-sided.
        far: Far end, a distance from the null [any unit]; infinite where there is none.
        delta: Smallest effect worth acting on [the same unit], above zero.

    Raises:
        ValueError: a p that is NaN or outside [0, 1], or a far end that is NaN.
    """
    _check(p)
    if math.isnan(far):
        raise ValueError("a far end must be a number, or infinite where there is none")
    if p <= ALPHA:
        return "supported" if far >= delta else "too small to matter"
    if p_opposite <= ALPHA_OPPOSITE:
        return "contradicted"
    return "undecided" if far >= delta else "not supported"


def deny(p: float, p_opposite: float) -> Verdict:
    """The word for a claim that nothing worth acting on is there, whose null is an effect of delta.

    Args:
        p: That the effect is smaller than delta: at most .025 where its far end is.
        p_opposite: That it is larger: at most .05 where its near end is.

    Raises:
        ValueError: a p that is NaN or outside [0, 1].
    """
    _check(p)
    _check(p_opposite)
    if p <= ALPHA_OPPOSITE:
        return "supported"
    return "contradicted" if p_opposite <= ALPHA else "undecided"


def _check(p: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"p must be a number from 0 to 1, not {p}")


def far_end(interval: tuple[float, float], null_value: float, direction: Direction) -> float:
    """Distance from the null to the interval's end in the claimed direction; below zero where all of it lies behind."""
    low, high = interval
    above, below = high - null_value, null_value - low
    return above if direction == "greater" else below if direction == "less" else max(above, below)


def limited(found: Inference, holds: bool | None) -> Inference:
    """The inference after a second condition, fixed beforehand, that can only take support away; None where there is none."""
    if holds is False and found.verdict == "supported":
        return replace(found, verdict="not supported")
    return found


def left_open(found: Inference) -> str:
    """What a test that neither supports nor contradicts a claim leaves, as a clause."""
    if found.verdict == "too small to matter":
        return "it is there, and too small to matter"
    if found.verdict == "not supported":
        return "an effect worth acting on is ruled out"
    years = found.years_to_decide
    more = f"; about {years:,.0f} years of such data would tell" if math.isfinite(years) else ""
    return f"no effect and one worth acting on are both possible{more}"


def smallest_detectable(standard_error: float, critical: float) -> float:
    """(family critical value + 0.84) x standard error [unit of the standard error]."""
    return (critical + POWER_QUANTILE) * standard_error
