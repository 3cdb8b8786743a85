"""Reliability of odds: of the times that 30% was given, how often did it happen?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.topics.rate_path.measures.rate_history import OUTCOMES

EDGES = tuple(k / 10 for k in range(11))
"""Edges of the bins of probability [fractions]."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Forecasts of one outcome that fell into one bin of probability.

    Attributes:
        horizon: Calendar days before the decision [days].
        outcome: ``cut``, ``hold`` or ``hike``.
        low, high: The bin [fractions], closed above only at 1.
        n: Meetings in it.
        forecast: Mean probability given [fraction].
        frequency: Share of them that came [fraction].
        interval: 95% Wilson interval of the frequency [fractions].
    """

    horizon: int
    outcome: str
    low: float
    high: float
    n: int
    forecast: float
    frequency: float
    interval: tuple[float, float]


def reliability(horizon: int, odds: np.ndarray, outcome: np.ndarray) -> list[ReliabilityBin]:
    """The non-empty bins of each outcome, by outcome and probability.

    Args:
        horizon: Calendar days before the decision, carried into the bins [days].
        odds: (n, 3) probabilities of ``OUTCOMES`` [fractions], no NaN.
        outcome: (n,) position of the one that came.
    """
    found = []
    for k, name in enumerate(OUTCOMES):
        which = np.clip(np.digitize(odds[:, k], EDGES) - 1, 0, len(EDGES) - 2)
        for b in np.unique(which).tolist():
            inside = which == b
            n, came = int(inside.sum()), int((outcome[inside] == k).sum())
            mean = float(odds[inside, k].mean())
            low, high = EDGES[b], EDGES[b + 1]
            found.append(ReliabilityBin(horizon, name, low, high, n, mean, came / n, wilson(came, n)))
    return found


def wilson(successes: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """95% interval of a share (Wilson 1927) [fractions]; n above zero."""
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return float(max(0.0, centre - half)), float(min(1.0, centre + half))
