"""Market cycles of an event study: each apart, and the test without it. Few cycles cannot prove much, and it
says so."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from analytics.stats.event_study.event_test import Design, sup_test

HALVINGS = (dt.date(2012, 11, 28), dt.date(2016, 7, 9), dt.date(2020, 5, 11), dt.date(2024, 4, 20))
"""Days on which Bitcoin's block reward halved (blocks 210,000 to 840,000; public record of the chain)."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle, alone and left out.

    Attributes:
        first, last: First and last return of the pair in it, datetime64[D].
        events: Event days in it.
        effect: Mean excess return after its events over the stated horizon, against the mean of all days
            [pp]; NaN without events.
        effect_without, p_without, p_opposite_without: Effect and adjusted p, either way, with its days left
            out; NaN where nothing is left to test.
    """

    first: np.datetime64
    last: np.datetime64
    events: int
    effect: float
    effect_without: float
    p_without: float
    p_opposite_without: float


@dataclass(frozen=True, slots=True)
class Cycles:
    """All cycles of a study.

    Attributes:
        rows: In time order; cycles without returns are left out.
        with_events: Number of cycles with events.
        sign_p: One-sided p when each cycle's effect may have either sign: share of the sign patterns whose
            sum of effects is at least as far in the claimed direction.
        sign_floor: The smallest that this p can be with so many cycles, 2^-k: .0625 with four.
    """

    rows: tuple[Cycle, ...]
    with_events: int
    sign_p: float
    sign_floor: float


def cycles(
    y: np.ndarray,
    flags: np.ndarray,
    days: np.ndarray,
    counts: np.ndarray,
    design: Design,
    cuts: Sequence[dt.date],
    packed: np.ndarray,
) -> Cycles:
    """Each cycle alone and left out.

    Args:
        y: Log returns, (n,).
        flags, days: Events and dates by price day, (n + 1,).
        counts: ``exposures`` at the design's horizons, (n, m).
        cuts: First days of cycles, rising.
        packed: Signs for n.
    """
    which = np.searchsorted(np.array(cuts, "datetime64[D]"), days[1:], side="right")
    rows = tuple(_cycle(y, flags, days, counts, design, which == c, packed) for c in np.unique(which))
    effects = np.array([row.effect for row in rows if row.events]) - design.null_value
    return Cycles(rows, len(effects), _sign_p(effects, design), 0.5 ** len(effects))


def _cycle(
    y: np.ndarray,
    flags: np.ndarray,
    days: np.ndarray,
    counts: np.ndarray,
    design: Design,
    inside: np.ndarray,
    packed: np.ndarray,
) -> Cycle:
    at = design.horizons.index(design.stated)
    weights = np.where(inside, counts[:, at], 0.0)
    total = float(weights.sum())
    rest = counts[~inside]
    dates = days[1:][inside]
    alone = 100 * design.stated * float(weights @ (y - y.mean())) / total if total else math.nan
    without = (
        sup_test(y[~inside], rest, design, packed) if len(rest) and (np.ptp(rest, axis=0) > 0).all() else None
    )
    return Cycle(
        first=dates[0],
        last=dates[-1],
        events=int(flags[:-1][inside].sum()),
        effect=alone,
        effect_without=float(without.effect[at]) if without else math.nan,
        p_without=without.p_best if without else math.nan,
        p_opposite_without=without.p_opposite if without else math.nan,
    )


def _sign_p(effects: np.ndarray, design: Design) -> float:
    """Share of sign patterns whose sum is at least as far in the claimed direction (Fisher's sign flips)."""
    if not len(effects):
        return math.nan
    turned = {"greater": effects, "less": -effects, "two-sided": effects}[design.direction]
    sums = np.array(list(product((1, -1), repeat=len(turned)))) @ turned
    if design.direction == "two-sided":
        sums = np.abs(sums)
    return float(np.mean(sums >= sums[0] - 1e-12))
