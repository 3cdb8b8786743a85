"""Many tests at once, however they depend on each other: which of them would still be called discoveries (Benjamini and
Yekutieli 2001, Annals of Statistics 29, 1165-1188)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np

Name = TypeVar("Name", bound=Hashable)


def discoveries(p: Mapping[Name, float], rate: float) -> tuple[Name, ...]:
    """The tests whose p passes the step-up rule, in the order given.

    Args:
        p: By test, each in [0, 1], no NaN.
        rate: Expected share of false discoveries among them, in (0, 1).
    """
    values = np.array(list(p.values()), dtype=float)
    ranked = np.sort(values)
    ranks = np.arange(1, len(ranked) + 1)
    passing = ranked[ranked <= rate * ranks / len(ranked) / (1 / ranks).sum()]
    # Written out, and held to scipy's by a test: importing scipy.stats would cost a process's first page 0.4 s.
    return tuple(name for name, value in zip(p, values, strict=True) if passing.size and value <= passing[-1])
