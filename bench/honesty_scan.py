"""How often a whole scan of unrelated series raises any alarm, beside what a reader of single charts would report; and how
often a planted lead is named.

Universes are small so that many fit into the time; the correction is the same for 30 pairs and for 250,000.
"""

from __future__ import annotations

import numpy as np

from analytics.topics.scan.measures import scan
from bench import nulls

CHUNK, ALPHA = 50, 0.05
SERIES, DAYS = 6, 1_000
SIZE = nulls.UNIVERSES
PLANTS = {
    "one of 30 pairs, one lag of 20 days, correlation .20": (20, 20, 0.20),
    "one of 30 pairs, spread over 20-60 days, correlation .20": (20, 60, 0.20),
}
POWER = tuple(PLANTS)
Counts = dict[tuple[str, str], list[bool]]


def size_chunk(kind: nulls.UniverseKind, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of universes without any lead or lag."""
    counts: Counts = {}
    for number, returns in enumerate(nulls.universe(kind, CHUNK, SERIES, seed * 1_000 + chunk, n=DAYS)):
        found = scanned(returns, draws, seed * 100_000 + chunk * CHUNK + number)
        counts.setdefault(("scan of 30 pairs, any alarm", "honest"), []).append(found.stand_out > 0)
        counts.setdefault(("30 single tests at 5%, any alarm", "naive"), []).append(found.alone > 0)
    return counts


def power_chunk(name: str, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of universes in which the second series follows the first; a detection names just that pair first."""
    nearest, farthest, correlation = PLANTS[name]
    counts: Counts = {("scan of 30 pairs, the planted pair stands out", "honest"): []}
    for number, returns in enumerate(nulls.universe("U1", CHUNK, SERIES, seed * 1_000 + 500 + chunk, n=DAYS)):
        returns[1] = nulls.plant_window(returns[0], returns[1], nearest, farthest, correlation)
        best = scanned(returns, draws, seed * 100_000 + chunk * CHUNK + number).standings[0]
        named = (best.lead, best.follow) == ("s0", "s1") and best.p <= ALPHA
        counts["scan of 30 pairs, the planted pair stands out", "honest"].append(named)
    return counts


def scanned(returns: np.ndarray, draws: int, seed: int) -> scan.Scan:
    """The scan that the command runs, of (series, n) returns."""
    centred = returns - returns.mean(axis=1, keepdims=True)
    packed = scan.signs(draws, centred.shape[1], seed)
    blocks = [scan.block(centred, follow, packed) for follow in range(len(centred))]
    return scan.scan([f"s{number}" for number in range(len(centred))], centred.shape[1], blocks)
