"""Whether contracts and target range speak of the same rate."""

from __future__ import annotations

import math

from analytics.topics.rate_path.measures.rate_odds import STEP
from analytics.topics.rate_path.measures.rate_path import RatePath

SLACK = 0.015
"""How far outside the range the rate that contracts imply may lie; since 2010 it never was outside at all, and a range one
step off is missed by 3 bp at the least [% points]."""
EARLY = 3
"""Up to this day of the month a meeting's start rests on so few days of its own contract that a basis point of noise
becomes ten: the contracts then contradict nothing."""


def off_grid(bounds: tuple[float, float]) -> bool:
    """Whether a range is not 25 bp wide, or its limits are no multiples of 25 bp."""
    lower, upper = bounds
    return not (
        math.isclose(upper - lower, STEP) and math.isclose(lower / STEP, round(lower / STEP), abs_tol=1e-6)
    )


def implied_start(path: RatePath) -> float | None:
    """The rate before the next meeting as the contracts imply it [%]; None where they do not, or too coarsely."""
    first = next(iter(path.meetings), None)
    if first is None or path.observed is not None or first.date.day <= EARLY:
        return None
    return first.start


def contradiction(path: RatePath) -> str:
    """What the contracts say against the range that the odds start from; empty where nothing."""
    rate = implied_start(path)
    lower, upper = path.range
    if rate is None or lower - SLACK <= rate <= upper + SLACK:
        return ""
    likely = math.floor(rate / STEP) * STEP
    return (
        f"The contracts of {path.as_of} imply a rate of {rate:.2f}% before the next meeting, which lies outside "
        f"{lower:.2f}-{upper:.2f}% and in {likely:.2f}-{likely + STEP:.2f}%."
    )
