"""Size and power of the lead-lag tests on pairs without any lead or lag (N1-N4), beside what others would
have used.

Every honest row comes from the page's own ``charts`` or ``granger``; docs/methods.md#smoothed-family says what each
asks. Work comes in chunks of ``CHUNK`` replications that depend on (generator, chunk,
draws, seed) alone, so a run can be resumed and split over cores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import numpy as np

from analytics.stats import naive
from analytics.stats.correlation.smoothed_family import DAILY, window_family
from analytics.stats.resampling import generator, packed_signs, signed_cross_sums
from analytics.stats.verdict import Inference
from analytics.topics.lead_lag.measures.granger import granger
from analytics.topics.lead_lag.measures.lead_lag import lead_lag
from bench import nulls

SEED = 20_260_123
"""Fixed before the first run."""
REPLICATIONS, DRAWS = 2_000, 199
CHUNK = 50
ALPHA = 0.05
ALPHA_OPPOSITE = 0.025
HONEST, OPPOSITE = "honest", "honest at 2.5%"
"""Kinds of rows behind a verdict: the claimed side at 5%, the other at 2.5%."""
DELTA = 0.05
BLOCK = 1.0
"""Mean block of the naive bootstrap: what Politis and White's rule picks on returns."""


Sized = Literal["both", "claimed", "opposite", "neither"]
"""Which side's null the simulated data make true."""


class Row(NamedTuple):
    """One line of the honesty table; ``kind`` is honest (behind a verdict; its other side at 2.5%), display (shown beside)
    or naive."""

    test: str
    generator: str
    kind: str
    rejections: int
    n: int
    rate: float


Counts = dict[tuple[str, str], list[bool]]
"""Whether each replication rejected, by (test, kind)."""

PLANTS = {
    "one lag of 20 days, correlation .08": (20, 20, 0.08),
    "one lag of 20 days, correlation .10": (20, 20, 0.10),
    "spread over 20-60 days, correlation .05": (20, 60, 0.05),
    "spread over 20-60 days, correlation .08": (20, 60, 0.08),
    "spread over 20-60 days, correlation .10": (20, 60, 0.10),
}


def size_rows(replications: int = REPLICATIONS, draws: int = DRAWS, seed: int = SEED) -> Iterator[Row]:
    """False alarms at a nominal 5%, by generator."""
    for kind in nulls.KINDS:
        chunks = (size_chunk(kind, chunk, draws, seed) for chunk in range(-(-replications // CHUNK)))
        yield from rows(kind, chunks)


def power_rows(replications: int = 400, draws: int = DRAWS, seed: int = SEED) -> Iterator[Row]:
    """Detections of planted effects under N1."""
    for name in PLANTS:
        chunks = (power_chunk(name, chunk, draws, seed) for chunk in range(-(-replications // CHUNK)))
        yield from rows(f"N1, {name}", chunks)


def rows(generator_name: str, chunks: Iterable[Counts]) -> Iterator[Row]:
    """Chunks of one generator brought together, one row a test."""
    total: Counts = {}
    for chunk in chunks:
        for key, rejected in chunk.items():
            total.setdefault(key, []).extend(rejected)
    for (test, kind), rejected in total.items():
        yield Row(test, generator_name, kind, sum(rejected), len(rejected), sum(rejected) / len(rejected))


def size_chunk(kind: nulls.Kind, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of pairs under the null."""
    counts: Counts = {}
    x, y = nulls.simulate(kind, CHUNK, seed * 1_000 + chunk)
    for i in range(CHUNK):
        draw_seed = seed * 100_000 + chunk * CHUNK + i
        add(counts, _honest(x[i], y[i], draws, draw_seed))
        add(counts, _naive(x[i], y[i], draws, draw_seed))
    return counts


def power_chunk(name: str, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of pairs with a planted effect."""
    counts: Counts = {}
    x, y = nulls.simulate("N1", CHUNK, seed * 1_000 + 500 + chunk)
    nearest, farthest, correlation = PLANTS[name]
    for i in range(CHUNK):
        planted = nulls.plant_window(x[i], y[i], nearest, farthest, correlation)
        found = _honest(x[i], planted, draws, seed * 100_000 + chunk * CHUNK + i)
        add(counts, {key: rejected for key, rejected in found.items() if key[1] != "naive"})
    return counts


def sides(test: str, found: Inference, sized: Sized = "both") -> dict[tuple[str, str], bool]:
    """Both sides of a test behind a verdict, each at its own level; one whose null is not true here is for display."""
    claimed = HONEST if sized in ("both", "claimed") else "display"
    opposite = OPPOSITE if sized in ("both", "opposite") else "display"
    return {
        (test, claimed): found.p <= ALPHA,
        (f"{test}, opposite direction", opposite): found.p_opposite <= ALPHA_OPPOSITE,
    }


def add(counts: Counts, found: dict[tuple[str, str], bool]) -> None:
    for key, rejected in found.items():
        counts.setdefault(key, []).append(bool(rejected))


def _honest(x: np.ndarray, y: np.ndarray, draws: int, seed: int) -> dict[tuple[str, str], bool]:
    """The page's own findings, and the naive answer that the same page shows greyed."""
    levels = nulls.levels(x, y)
    found = lead_lag(levels, delta=DELTA, draws=draws, seed=seed)
    causal = granger(levels, draws=draws, seed=seed)
    chart = found.correlogram
    return {
        **sides("lead-lag, smoothed family", found.inference),
        ("lead-lag, smoothed family, placebo side", "display"): found.placebo.p_best <= ALPHA,
        ("lead-lag, smoothed family, Friday weeks", "display"): found.weekly.p_best <= ALPHA,
        ("lead-lag, single lags 3-120", "display"): chart.best_p <= ALPHA,
        ("Granger, robust wild bootstrap", "display"): causal.p <= ALPHA,
        ("Granger, plain F", "naive"): causal.plain.p <= ALPHA,
        ("best of 241 lags at 1.96/sqrt(n)", "naive"): abs(chart.naive_correlation) > chart.naive_band,
        ("best lag, Bonferroni, iid band", "naive"): naive.bonferroni_alarm(chart.correlation, len(x)),
        ("Bitcoin leads by one day, |t| > 1.96", "naive"): abs(chart.t[DAILY.last - 1]) > naive.Z_95,
    }


def _naive(x: np.ndarray, y: np.ndarray, draws: int, seed: int) -> dict[tuple[str, str], bool]:
    """What needs draws of its own: each series resampled alone, and the smoothed family without demeaning."""
    rng = generator("naive", seed)
    alone = naive.stationary_p(x - x.mean(), y - y.mean(), DAILY.last, BLOCK, draws, rng)
    drawn = signed_cross_sums(x, y, DAILY.last, packed_signs(rng, draws, len(x)))[
        :, DAILY.last + DAILY.first :
    ]
    return {
        ("stationary bootstrap of each series alone", "naive"): alone <= ALPHA,
        ("smoothed family without demeaning", "naive"): window_family(x, y, drawn, DAILY).p_best <= ALPHA,
    }
