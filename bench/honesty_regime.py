"""Size and power of the tests behind the Regime page where their own nulls are true, beside what others would
have used.

Claims 9, 24, 25, 26 and 34 under the generators that ``thresholds.toml`` names; the shift and hedge verdicts
of the stress beta under theirs. Every honest row is the page's own function and must lie in 3-7% at 2,000
replications; naive rows are what docs/methods.md#stress-beta and docs/methods.md#gap warn of. Chunks as in
``honesty_divergence``. A history on which a measure refuses to speak (a stage or a tail without days) counts in no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.stats.naive import Z_95
from analytics.stats.verdict import Inference
from analytics.topics.regime.measures.consolidation import BLOCK, consolidation, high_vix
from analytics.topics.regime.measures.gap import gap
from analytics.topics.regime.measures.shock_response import (
    BITCOIN_DAYS,
    METAL_DAYS,
    shock_response,
    vix_jumps,
)
from analytics.topics.regime.measures.stage import StageHistory, stage_history
from analytics.topics.regime.measures.stage_returns import stage_returns
from analytics.topics.regime.measures.stress_beta import stress_beta
from bench import planted_regime as planted
from bench.honesty_lead_lag import (
    ALPHA,
    ALPHA_OPPOSITE,
    CHUNK,
    DRAWS,
    OPPOSITE,
    REPLICATIONS,
    SEED,
    Counts,
    Row,
    add,
    rows,
    sides,
)
from bench.nulls import BITCOIN, SILVER, Kind, levels, simulate

Found = dict[tuple[str, str], bool]
Ask = Callable[[int, int, int], Counts]
"""From (draws, seed of the data, seed of the first draws) to the counts of one chunk."""
SURE = 1.0
"""A planted response that is always found [standard deviations]: leaves "both must hold" to the other leg."""


def size_rows(
    replications: int = REPLICATIONS, draws: int = DRAWS, seed: int = SEED, only: str = ""
) -> Iterator[Row]:
    """False alarms at a nominal 5%, by case; ``only`` keeps the cases whose name holds it."""
    for name in SIZE_CASES:
        if only in name:
            chunks = (size_chunk(name, chunk, draws, seed) for chunk in range(-(-replications // CHUNK)))
            yield from rows(name, chunks)


def power_rows(
    replications: int = 400, draws: int = DRAWS, seed: int = SEED, only: str = ""
) -> Iterator[Row]:
    """Detections of planted effects."""
    for name in POWER_CASES:
        if only in name:
            chunks = (power_chunk(name, chunk, draws, seed) for chunk in range(-(-replications // CHUNK)))
            yield from rows(name, chunks)


def size_chunk(name: str, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of a case of ``SIZE_CASES``."""
    return SIZE_CASES[name](draws, seed * 1_000 + chunk, seed * 100_000 + chunk * CHUNK)


def power_chunk(name: str, chunk: int, draws: int, seed: int) -> Counts:
    """One chunk of a case of ``POWER_CASES``."""
    return POWER_CASES[name](draws, seed * 1_000 + 500 + chunk, seed * 100_000 + chunk * CHUNK)


def _claimed(test: str, found: Inference) -> Found:
    return {(test, "honest"): found.p <= ALPHA}


def ask_shock(kind: Kind, metals: float, bitcoin: float, opposite: bool = False) -> Ask:
    """Shocks drawn apart from the returns; responses of so many standard deviations in each leg."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        shared, y = simulate(kind, CHUNK, data_seed)
        own = simulate("N1", CHUNK, data_seed + 20_000_000)[0] - SILVER.mean
        for i, vix in enumerate(planted.vix_paths(CHUNK, data_seed)):
            jumps = vix_jumps(vix)
            hit = jumps.to_numpy()[planted.EARLIER :]
            gold = planted.with_response(shared[i], hit, METAL_DAYS, metals)
            table = {"gold": gold, "silver": gold + own[i], "bitcoin": y[i]}
            table["bitcoin"] = planted.with_response(y[i], hit, BITCOIN_DAYS, bitcoin)
            found = shock_response(planted.prices(table), jumps, draws=draws, seed=draw_seed + i).inference
            test = "shock response, claim 9"
            add(
                counts,
                {(f"{test}, opposite direction", OPPOSITE): found.p_opposite <= ALPHA_OPPOSITE}
                if opposite
                else _claimed(test, found),
            )
        return counts

    return ask


def ask_stress(kind: Kind, beta: float = 0.0, extra: float = 0.0, power: bool = False) -> Ask:
    """A beta in every regime, and so much more on the market's worst 5% of days.

    Without power only true nulls are counted: claim 24 and the hedge at beta 0, the shift at any one beta.
    """

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        pairs = planted.unrelated_to_equities(kind, CHUNK, data_seed)
        for i, (x, own) in enumerate(zip(*pairs, strict=True)):
            y = own + beta * x + extra * np.where(x < np.quantile(x, 0.05), x, 0.0)
            try:
                found = stress_beta(levels(x, y), draws=draws, seed=draw_seed + i)
            except NotEnoughData:
                continue
            if power or not beta:
                add(counts, sides("stress beta, claim 24", found.inference))
                add(counts, _claimed("stress beta: hedge", found.hedge))
            add(counts, _claimed("stress beta: shift", found.shift))
            if not power:
                add(counts, {("stress beta: shift by plain t", "naive"): found.naive_shift > Z_95})
        return counts

    return ask


def ask_raw_correlation(kind: Kind, beta: float) -> Ask:
    """The practice that the exceedance picture is labelled against: one beta on every day."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        for x, own in zip(*planted.unrelated_to_equities(kind, CHUNK, data_seed), strict=True):
            rises = planted.raw_correlation_rises(x, own + beta * x)
            add(counts, {("raw correlation rises in stress", "naive"): rises})
        return counts

    return ask


def ask_consolidation(narrower: float = 0.0) -> Ask:
    """Blocks of Bitcoin beside a VIX of their own; in stress blocks moves shrink by a share."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        _, y = simulate("N1", CHUNK, data_seed)
        for i, vix in enumerate(planted.vix_paths(CHUNK, data_seed)):
            moved = _narrowed(y[i], high_vix(vix).to_numpy()[planted.EARLIER :], narrower)
            closes = planted.prices({"bitcoin": moved})["bitcoin"]
            add(
                counts,
                sides(
                    "consolidation, claim 25",
                    consolidation(closes, vix, draws=draws, seed=draw_seed + i).inference,
                ),
            )
        return counts

    return ask


def _narrowed(y: np.ndarray, stress: np.ndarray, share: float) -> np.ndarray:
    """Returns with every move of a stress block (price days k x 20 to k x 20 + 19) shrunk by a share."""
    block = np.arange(1, len(y) + 1) // BLOCK  # of the price day on which each return ends
    before = stress[np.maximum(block * BLOCK - 1, 0)] > 0
    return np.where(before & (block > 0), (1 - share) * y, y)


def ask_stage(kind: Kind, ahead: float = 0.0) -> Ask:
    """The stage rule on simulated inputs; debasement days gain so much more than panic days [pp over 60
    trading days]."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        equities, y = simulate(kind, CHUNK, data_seed, lead=planted.EQUITIES, follow=BITCOIN)
        for i, inputs in enumerate(planted.stage_inputs(equities, data_seed)):
            history: StageHistory = stage_history(inputs, planted.weekdays(equities.shape[1] + 1))
            stages = history.stages.to_numpy()
            moved = y[i] + np.where(stages == "debasement", ahead / 6_000, 0.0)
            closes = planted.prices({"bitcoin": moved})["bitcoin"]
            try:
                found = stage_returns(closes, history.stages, draws=draws, seed=draw_seed + i).inference
            except NotEnoughData:
                continue
            add(counts, sides("stage returns, claim 26", found))
            if not ahead:
                alarm = planted.stages_by_welch(moved, stages)
                add(counts, {("stage returns: 60-day means by Welch", "naive"): alarm})
        return counts

    return ask


def ask_gap(kind: Kind, per_sd: float = 0.0) -> Ask:
    """Five drivers apart from Bitcoin's later returns; so much of the gap comes back [log over 60 days per
    deviation]."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        drivers, bitcoin = planted.driver_returns(kind, CHUNK, data_seed)
        if per_sd:
            bitcoin = np.array([planted.with_closing_gap(y, per_sd) for y in bitcoin])
        for i in range(CHUNK):
            table: pd.DataFrame = planted.driver_levels(drivers, bitcoin, i)
            found = gap(table, draws=draws, seed=draw_seed + i)
            add(counts, sides("gap, claim 34", found.inference))
            add(counts, {("gap: Clark-West of the forecasts", "display"): found.ahead.p <= ALPHA})
            add(counts, {("gap: last z beyond chance", "display"): found.chance_now <= ALPHA})
            if not per_sd:
                closes = planted.in_sample_gap_closes(table)[0]
                add(counts, {("gap: in-sample fair value closes", "naive"): closes})
        return counts

    return ask


SIZE_CASES: dict[str, Ask] = {
    **{f"{kind}, shocks apart, metals respond": ask_shock(kind, SURE, 0.0) for kind in ("N2", "N4")},
    **{f"{kind}, shocks apart, Bitcoin responds": ask_shock(kind, 0.0, SURE) for kind in ("N2", "N4")},
    **{f"{kind}, shocks apart, nothing responds": ask_shock(kind, 0.0, 0.0, True) for kind in ("N2", "N4")},
    "N2, beta 0": ask_stress("N2"),
    "N4, beta 0, common volatility": ask_stress("N4"),
    "N2, beta 1 in every regime": ask_stress("N2", 1.0),
    "N2, beta 0.5 on every day": ask_raw_correlation("N2", 0.5),
    "N1, VIX apart": ask_consolidation(),
    **{f"{kind}, stage inputs apart": ask_stage(kind) for kind in ("N1", "N2", "N3", "N4")},
    **{f"{kind}, drivers apart": ask_gap(kind) for kind in ("N1", "N2", "N3", "N4")},
}
POWER_CASES: dict[str, Ask] = {
    **{f"N2, both legs respond by {size:g} sd": ask_shock("N2", size, size) for size in (0.25, 0.5)},
    **{f"N2, beta {beta:g} in every regime": ask_stress("N2", beta, power=True) for beta in (-1.0, 0.5, 1.4)},
    **{
        f"N2, beta 0.5 and {extra:g} more on the worst 5%": ask_stress("N2", 0.5, extra, power=True)
        for extra in (0.5, 1.0, 2.0)
    },
    **{f"N1, ranges {share:.0%} narrower in stress": ask_consolidation(share) for share in (0.1, 0.2, 0.4)},
    **{f"N2, debasement {ahead} pp ahead": ask_stage("N2", ahead) for ahead in (5, 20, 60)},
    **{f"N1, {100 * back:.0f} pp come back per sd of gap": ask_gap("N1", back) for back in (0.05, 0.1, 0.2)},
}
