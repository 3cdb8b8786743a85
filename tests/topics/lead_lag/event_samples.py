"""Simulated pairs with highs of the lead, for the tests of the event study."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.published import thresholds
from analytics.stats.event_study.event_test import Design
from analytics.topics.lead_lag.measures.events import EventStudy, event_study, highs_252
from bench import nulls

NAMES = ("silver", "Bitcoin")
ANY_GAIN = Design(thresholds.get(31).delta or 0.0)
RULED_OUT = Design(thresholds.delta(29), (20,), 20, "less", thresholds.get(29).null_value, denies=True)


def simulated(
    seed: int = 2, n: int = 2_000, kind: nulls.Kind = "N1"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns of lead and follow, and the lead's highs by price day."""
    x, y = (series[0] for series in nulls.simulate(kind, 1, seed, n=n))
    return x, y, highs(x)


def highs(x: np.ndarray) -> np.ndarray:
    return highs_252(nulls.levels(x, x)["lead"]).to_numpy(copy=True)


def study(
    x: np.ndarray, y: np.ndarray, flags: np.ndarray, design: Design = ANY_GAIN, **options: int
) -> EventStudy:
    levels = nulls.levels(x, y)
    return event_study(
        levels, pd.Series(flags, levels.index), design, names=NAMES, **{"draws": 199, "seed": 1, **options}
    )
