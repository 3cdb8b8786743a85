"""Size and power of the tests behind the Divergence page where their own nulls are true, beside what others would have used.

Every honest row is a verdict of the page's own ``acceleration``, ``cointegration`` or ``outperformance``; it must lie in
3-7% at 2,000 replications. What they ask: docs/methods.md#cointegration, docs/methods.md#acceleration. Chunks as in
``honesty_lead_lag``: they depend on (case, chunk, draws, seed) alone. Each replication draws signs of its own, or the luck
of one set of signs would be in all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analytics.stats.correlation.rolling_correlation import rolling_correlation
from analytics.topics.pair.measures.acceleration import acceleration
from analytics.topics.pair.measures.best_of_many import best_of_many
from analytics.topics.pair.measures.cointegration import cointegration
from analytics.topics.pair.measures.outperformance import outperformance
from bench.honesty_lead_lag import ALPHA, CHUNK, DRAWS, REPLICATIONS, SEED, Counts, Row, add, rows, sides
from bench.nulls import Kind, levels, simulate
from bench.planted_divergence import iid_critical, metals, naive_cointegration, with_gap, with_growth

WINDOW = 126
"""Claim 3's window [trading days]."""
UNIVERSE = 10
"""Series among which the naive reader picks the best."""
Found = dict[tuple[str, str], bool]
Ask = Callable[[int, int, int], Counts]
"""From (draws, seed of the data, seed of the first draws) to the counts of one chunk."""


def size_rows(
    replications: int = REPLICATIONS, draws: int = DRAWS, seed: int = SEED, only: str = ""
) -> Iterator[Row]:
    """False alarms at a nominal 5%, by case; ``only`` keeps the cases whose name holds it."""
    for name in SIZE:
        if only in name:
            chunks = (size_chunk(name, chunk, draws, seed) for chunk in range(-(-replications // CHUNK)))
            yield from rows(name, chunks)


def power_rows(
    replications: int = 400, draws: int = DRAWS, seed: int = SEED, only: str = ""
) -> Iterator[Row]:
    """Detections of planted effects."""
    for name in POWER:
        if only in name:
            chunks = (power_chunk(name, chunk, draws, seed) for chunk in range(-(-replications // CHUNK)))
            yield from rows(name, chunks)


def size_chunk(name: str, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of a case of ``SIZE``."""
    return SIZE[name](draws, seed * 1_000 + chunk, seed * 100_000 + chunk * CHUNK)


def power_chunk(name: str, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of a case of ``POWER``."""
    return POWER[name](draws, seed * 1_000 + 500 + chunk, seed * 100_000 + chunk * CHUNK)


def _kind(practice: str) -> str:
    """MacKinnon's table is shown on the page; docs/methods.md#cointegration says why the other practices are not."""
    return "display" if "table" in practice else "naive"


def ask_acceleration(kind: Kind, weeks: int | None, tested: int | None, growth: float = 0.0) -> Ask:
    """Silver's daily returns, read weekly; ``tested``: only so many last weeks may answer (claim 2)."""
    test = "acceleration" if tested is None else "acceleration, claim 2"

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        silver, bitcoin = simulate(kind, CHUNK, data_seed)
        for i in range(CHUNK):
            closes = levels(with_growth(silver[i], growth) if growth else silver[i], bitcoin[i])["lead"]
            last = closes.index[-1]
            begin = None if tested is None else (last - pd.Timedelta(weeks=tested)).date()
            found = acceleration(
                closes, last.date(), weeks=weeks, tested_from=begin, draws=draws, seed=draw_seed + i
            )
            add(counts, sides(test, found.inference))
            if tested is None:
                table = iid_critical(found.inference.n)
                add(
                    counts,
                    {
                        ("acceleration: table for independent shocks", "naive"): found.inference.statistic
                        > table
                    },
                )
        return counts

    return ask


def ask_cointegration(kind: Kind, half_life: float = math.inf) -> Ask:
    """Bitcoin on silver; with a finite half-life the follow moves in a gap around the lead instead of a walk."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        for i, (x, y) in enumerate(zip(*simulate(kind, CHUNK, data_seed), strict=True)):
            follow = y if math.isinf(half_life) else with_gap(x, y, half_life)
            found = cointegration(levels(x, follow), draws=draws, seed=draw_seed + i)
            add(counts, sides("cointegration", found.inference))
            if math.isinf(half_life):
                naive = naive_cointegration(x, y)
                add(
                    counts,
                    {
                        (f"cointegration: {practice}", _kind(practice)): alarm
                        for practice, alarm in naive.items()
                    },
                )
        return counts

    return ask


def ask_outperformance(ahead: float = 0.0) -> Ask:
    """Silver against gold over claim 3's window; silver's mean is ``ahead`` [pp a month]."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        silver, gold, _ = metals(CHUNK, WINDOW, data_seed)
        for i in range(CHUNK):
            table = levels(silver[i] + ahead / 2_100, gold[i])
            found = outperformance(
                table, table.index[-1].date(), days=WINDOW, draws=draws, seed=draw_seed + i
            )
            add(counts, sides("outperformance", found.inference))
        return counts

    return ask


def ask_best_of_ten(draws: int, data_seed: int, draw_seed: int) -> Counts:
    """Ten silver-like series against gold, all with gold's mean: the plain t of the best, and SPA, which knows of ten."""
    counts: Counts = {}
    silver, gold, own = metals(CHUNK + UNIVERSE, WINDOW, data_seed)
    for i in range(CHUNK):
        common = silver[i] - own[i]
        returns = {f"s{k}": common + own[i + k] for k in range(UNIVERSE)}
        closes = pd.DataFrame({key: levels(x, gold[i])["lead"] for key, x in returns.items()})
        closes["gold"] = levels(common, gold[i])["follow"]
        gaps = np.array(list(returns.values())) - gold[i]
        t = gaps.mean(axis=1) / gaps.std(axis=1, ddof=1) * math.sqrt(WINDOW)
        last = closes.index[-1].date()
        found = best_of_many(closes, "gold", last, days=WINDOW, draws=draws, seed=draw_seed + i)
        add(counts, {("best of ten: plain t", "naive"): t.max() > 1.645})
        add(counts, {("best of ten: SPA", "display"): found.p <= ALPHA})
    return counts


def ask_correlation(kind: Kind) -> Ask:
    """The rolling correlation's band, and the one for a single window."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        for i, (x, y) in enumerate(zip(*simulate(kind, CHUNK, data_seed), strict=True)):
            found = rolling_correlation(levels(x, y), draws=draws, seed=draw_seed + i)
            add(counts, {("rolling correlation: band for all windows", "display"): found.p <= ALPHA})
            add(counts, {("rolling correlation: 1.96/sqrt(60)", "naive"): found.naive_outside > 0})
        return counts

    return ask


SIZE: dict[str, Ask] = {
    "N1, 260 weeks, last 4": ask_acceleration("N1", 260, 4),
    "N2, 260 weeks, last 4": ask_acceleration("N2", 260, 4),
    "N1, 540 weeks": ask_acceleration("N1", None, None),
    "N2, 540 weeks": ask_acceleration("N2", None, None),
    "N1": ask_cointegration("N1"),
    "N2": ask_cointegration("N2"),
    "N3": ask_cointegration("N3"),
    "N4": ask_cointegration("N4"),
    "N2, silver and gold, equal means": ask_outperformance(),
    "N2, ten metals and gold, equal means": ask_best_of_ten,
    "N1, sixty days": ask_correlation("N1"),
    "N2, sixty days": ask_correlation("N2"),
}
POWER: dict[str, Ask] = {
    **{
        f"N1, {growth:.0%} a week for 26 weeks": ask_acceleration("N1", 260, 4, growth)
        for growth in (0.03, 0.05, 0.10)
    },
    **{f"N1, half-life {days} days": ask_cointegration("N1", days) for days in (20, 60, 120, 250)},
    **{f"N2, silver {ahead} pp a month ahead": ask_outperformance(ahead) for ahead in (2, 5, 10)},
}
