"""Size and power of the event tests on pairs without any effect (N1-N4), beside what others would have used.

Events are the lead's 252-day highs. Claim 31 asks for a gain at any of seven horizons, claim 29 whether a
gain of 5 pp over 20 days is ruled out: its null has exactly that gain planted. Chunks as in
``honesty_lead_lag``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.stats.event_study.event_test import Design
from analytics.topics.lead_lag.measures.events import EventStudy, event_study, highs_252
from bench import nulls
from bench.honesty_lead_lag import (
    ALPHA,
    ALPHA_OPPOSITE,
    CHUNK,
    DRAWS,
    HONEST,
    OPPOSITE,
    REPLICATIONS,
    SEED,
    Counts,
    Row,
    add,
    rows,
    sides,
)

GAIN_AT_ANY_HORIZON = Design(5.0)
"""Claim 31."""
GAIN_RULED_OUT = Design(5.0, (20,), 20, "less", 5.0, denies=True)
"""Claim 29."""
GAINS = {
    "a gain of 10 pp over 60 days": 0.10,
    "a gain of 20 pp over 60 days": 0.20,
    "a gain of 30 pp over 60 days": 0.30,
}
LOSSES = {"no effect": 0.0, "a loss of 5 pp over 20 days": -0.05}


def size_rows(replications: int = REPLICATIONS, draws: int = DRAWS, seed: int = SEED) -> Iterator[Row]:
    """False alarms at a nominal 5%, by generator; a pair with too few events counts in no row."""
    for kind in nulls.KINDS:
        chunks = (size_chunk(kind, chunk, draws, seed) for chunk in range(-(-replications // CHUNK)))
        yield from rows(kind, chunks)


def power_rows(replications: int = 400, draws: int = DRAWS, seed: int = SEED) -> Iterator[Row]:
    """Detections under N1: planted gains for claim 31, gains below 5 pp for claim 29."""
    for name in (*GAINS, *LOSSES):
        chunks = (power_chunk(name, chunk, draws, seed) for chunk in range(-(-replications // CHUNK)))
        yield from rows(f"N1, {name}", chunks)


def size_chunk(kind: nulls.Kind, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of pairs under the null of each claim."""
    counts: Counts = {}
    x, y = nulls.simulate(kind, CHUNK, seed * 1_000 + chunk)
    for i in range(CHUNK):
        draw_seed = seed * 100_000 + chunk * CHUNK + i
        add(counts, _any_gain(_study(x[i], y[i], GAIN_AT_ANY_HORIZON, draws, draw_seed)))
        add(counts, _ruled_out(_study(x[i], y[i], GAIN_RULED_OUT, draws, draw_seed, planted=0.05)))
    return counts


def power_chunk(name: str, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of pairs with a planted effect."""
    counts: Counts = {}
    x, y = nulls.simulate("N1", CHUNK, seed * 1_000 + 500 + chunk)
    for i in range(CHUNK):
        draw_seed = seed * 100_000 + chunk * CHUNK + i
        if name in GAINS:
            found = _study(x[i], y[i], GAIN_AT_ANY_HORIZON, draws, draw_seed, planted=GAINS[name])
            add(
                counts,
                {key: value for key, value in _any_gain(found).items() if key[1] in (HONEST, OPPOSITE)},
            )
        else:
            found = _study(x[i], y[i], GAIN_RULED_OUT, draws, draw_seed, planted=LOSSES[name])
            add(counts, _ruled_out(found))
    return counts


def _study(
    x: np.ndarray, y: np.ndarray, design: Design, draws: int, seed: int, planted: float = 0.0
) -> EventStudy | None:
    """The page's own study, with an effect planted over the stated horizon; None where there are too few
    events."""
    flags = highs_252(nulls.levels(x, y)["lead"])
    if planted:
        y = nulls.plant_gain(y, flags.to_numpy(), planted, design.stated)
    levels = nulls.levels(x, y)
    try:
        return event_study(
            levels, pd.Series(flags.to_numpy(), index=levels.index), design, draws=draws, seed=seed
        )
    except NotEnoughData:
        return None


def _any_gain(found: EventStudy | None) -> dict[tuple[str, str], bool]:
    if found is None:
        return {}
    usual = {(f"{row.name}, {row.horizon} days", "naive"): row.p <= ALPHA for row in found.naive[:4]}
    best = {(row.name, "naive"): row.p <= ALPHA for row in found.naive[4:]}
    return {
        **sides("events, gain at any of 7 horizons", found.inference),
        ("events, circular shift", "display"): found.shift_p <= ALPHA,
        **usual,
        **best,
    }


def _ruled_out(found: EventStudy | None) -> dict[tuple[str, str], bool]:
    if found is None:
        return {}
    return {
        ("events, gain of 5 pp over 20 days ruled out", OPPOSITE): found.inference.p <= ALPHA_OPPOSITE,
        ("events, gain of 5 pp over 20 days exceeded", HONEST): found.inference.p_opposite <= ALPHA,
    }
