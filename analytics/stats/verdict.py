"""From numbers to a verdict: one shape for every inference, one rule for every claim."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["supported", "not supported", "contradicted", "underpowered", "not measurable"]
VERDICTS: tuple[Verdict, ...] = (
    "supported",
    "not supported",
    "contradicted",
    "underpowered",
    "not measurable",
)
Direction = Literal["greater", "less", "two-sided"]

ALPHA = 0.05
POWER_QUANTILE = 0.8416212335729143
"""Standard normal quantile of 80%: what the smallest detectable effect adds to the critical value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """What a test behind a verdict found.

    Attributes:
        estimate: The effect [unit].
        interval: 95% interval of the effect [unit]; family-wise where the test is over a family.
        unit: Unit of estimate, interval, null_value, mde and delta.
        statistic: The test statistic (the family's maximum where there is a family).
        p: One-sided p in the claimed direction (two-sided where the claim has none), adjusted within its family.
        p_opposite: One-sided p in the opposite direction, sized separately; NaN for two-sided claims.
        n: Observations.
        effective_n: Independent observations that they are worth.
        mde: Smallest effect seen 80% of the time: (critical value + 0.84) x standard error [unit].
        delta: Smallest effect worth acting on, fixed beforehand [unit].
        direction: The claimed direction.
        null_value: The effect under the null [unit].
        verdict: By ``decide``.
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
    direction: Direction
    verdict: Verdict
    null_value: float = 0.0


def decide(p: float, p_opposite: float, mde: float, delta: float, alpha: float = ALPHA) -> Verdict:
    """The rule for every inferential claim (docs/methods.md#from-numbers-to-a-verdict).

    Supported: p <= alpha in the claimed direction. Contradicted: p_opposite <= alpha. Otherwise underpowered when the
    smallest detectable effect exceeds the smallest effect worth acting on, else not supported.

    Args:
        p: Adjusted p in the claimed direction.
        p_opposite: Adjusted p in the opposite direction; NaN where the claim is two-sided.
        mde: Smallest detectable effect at 80% power [any unit].
        delta: Smallest effect worth acting on [the same unit], above zero.

    Raises:
        ValueError: a p that is NaN or outside [0, 1].
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p must be a number from 0 to 1, not {p}")
    if p <= alpha:
        return "supported"
    if not math.isnan(p_opposite) and p_opposite <= alpha:
        return "contradicted"
    return "underpowered" if mde > delta else "not supported"


def smallest_detectable(standard_error: float, critical: float) -> float:
    """(family critical value + 0.84) x standard error [unit of the standard error]."""
    return (critical + POWER_QUANTILE) * standard_error
