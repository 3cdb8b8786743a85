"""Many tests at once: which of them would still be called discoveries (Benjamini and Hochberg 1995, JRSS B 57,
289-300)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np
from scipy import stats

Name = TypeVar("Name", bound=Hashable)


def discoveries(p: Mapping[Name, float], rate: float) -> tuple[Name, ...]:
    """The tests whose p passes the step-up rule, in the order given.

    Args:
        p: By test, each in [0, 1], no NaN.
        rate: Expected share of false discoveries among them, in (0, 1).
    """
    if not p:
        return ()
    adjusted = stats.false_discovery_control(np.array(list(p.values()), dtype=float), method="bh")
    return tuple(name for name, value in zip(p, adjusted, strict=True) if value <= rate)
