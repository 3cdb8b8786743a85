"""Size and power of the tests behind claims 8, 13, 14 and 23 where their own nulls are true, beside what
others would have used.

Every honest row is a verdict of the pages' own ``drivers``, ``roles`` or ``uncertainty``. A claim of two
halves has its size at the hardest point of its null, one half planted and the other absent; that it is
contradicted, where neither half is there. Chunks as in ``honesty_lead_lag``: they depend on (case, chunk,
draws, seed) alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import pandas as pd

from analytics.topics.drivers.measures.driver_betas import rolling_betas
from analytics.topics.drivers.measures.driver_stability import driver_stability
from analytics.topics.drivers.measures.drivers import drivers
from analytics.topics.drivers.measures.role_shares import correlations, moment_terms, with_factor
from analytics.topics.drivers.measures.roles import COLUMNS, roles
from analytics.topics.drivers.measures.uncertainty import uncertainty
from bench.honesty_lead_lag import (
    ALPHA,
    CHUNK,
    DRAWS,
    REPLICATIONS,
    SEED,
    Counts,
    Row,
    Sized,
    add,
    rows,
    sides,
)
from bench.planted_drivers import LATE, PLANTED, driver_worlds, role_worlds, uncertainty_worlds

Z_ONE_SIDED = 1.6448536269514722
STRONG_INDEX, STRONG_PREMIUM = 0.45, 0.5
"""Correlations of the planted half of claim 8: never missed in five years of weeks."""
LARGE = 0.5
"""The planted share of claim 23."""
Ask = Callable[[int, int, int], Counts]
"""From (draws, seed of the data, seed of the first draws) to the counts of one chunk."""


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


def ask_drivers(
    kind: Literal["N2", "N4"], driver: str, beta: float, sized: Sized = "both", beside: bool = False
) -> Ask:
    """Silver with the planted betas but for the tested one; ``beside``: the displays of the same page too."""
    basket = driver == "dollar_index"
    claim = 14 if basket else 13
    betas = {**PLANTED, driver: beta - (1.0 if basket else 0.0)}

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        for i, levels in enumerate(driver_worlds(kind, CHUNK, data_seed, betas)):
            found = drivers(levels, driver, basket=basket, draws=draws, seed=draw_seed + i)
            test = f"drivers, claim {claim}"
            add(counts, sides(test, found.inference, sized))
            add(counts, {(f"{test}: plain t", "naive"): found.naive.t_plain < -Z_ONE_SIDED})
            add(counts, {(f"{test}: t of the pair alone", "naive"): found.naive.t_alone < -Z_ONE_SIDED})
            if (
                kind == "N2" and found.weeks is not None
            ):  # under N4 a week sees more of a planted beta than a day
                add(counts, {(f"{test}: Friday weeks, two-sided", "display"): found.weeks.p <= ALPHA})
            if beside:
                add(counts, _beside(levels, driver, draws, draw_seed + i))
        return counts

    return ask


def _beside(levels: pd.DataFrame, driver: str, draws: int, seed: int) -> dict[tuple[str, str], bool]:
    """The break test (no break is planted) and the rolling band of the absent beta."""
    stable = driver_stability(levels, draws=draws, seed=seed)
    path = rolling_betas(levels, ("silver",), draws=draws, seed=seed)
    found = {
        ("rolling beta: band for all windows", "display"): path.away_from_zero("silver", driver) > 0,
        ("rolling beta: 1.96 in each window", "naive"): path.away_from_zero("silver", driver, True) > 0,
    }
    for row, what in ((stable.breaks[0], "one beta"), (stable.breaks[-1], "all betas")):
        found[f"break in {what}: wild bootstrap", "display"] = row.p <= ALPHA
        found[f"break in {what}: Andrews' table", "display"] = row.statistic > row.andrews
    return found


def ask_roles(gold: float, industry: float, sized: Sized = "claimed", *, of_window: bool = True) -> Ask:
    """``sized``: the side whose null these shares are; the other stands beside it."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        for i, levels in enumerate(role_worlds(CHUNK, data_seed, gold, industry, of_window=of_window)):
            found = roles(levels, draws=draws, band_draws=0, seed=draw_seed + i)
            add(counts, sides("roles, claim 23", found.inference, sized if of_window else "neither"))
            add(counts, {("roles, claim 23: plain t of both", "naive"): _both_significant(levels)})
        return counts

    return ask


def _both_significant(levels: pd.DataFrame) -> bool:
    """Silver on gold and the factor, plain least squares, both t above 1.645."""
    returns = np.diff(np.log(levels[list(COLUMNS)].to_numpy()), axis=0)
    found = with_factor(correlations(moment_terms(returns).mean(axis=0)))
    bread = np.linalg.inv(found[1:, 1:])
    slope = bread @ found[0, 1:]
    left = 1 - slope @ found[0, 1:]
    return bool((slope / np.sqrt(left * np.diag(bread) / (len(returns) - 3)) > Z_ONE_SIDED).all())


def ask_uncertainty(index_link: float, premium_link: float, sized: Sized = "claimed") -> Ask:
    """Claim 8 with the given true correlations of weekly changes."""

    def ask(draws: int, data_seed: int, draw_seed: int) -> Counts:
        counts: Counts = {}
        for i, series in enumerate(uncertainty_worlds(CHUNK, data_seed, index_link, premium_link)):
            found = uncertainty(*series, draws=draws, seed=draw_seed + i)
            add(counts, sides("uncertainty, claim 8", found.inference, sized))
            best = max(_plain_t(link.correlation, found.n) for link in found.links)
            both = min(_plain_t(link.correlation, found.n) for link in found.links)
            add(counts, {("uncertainty, claim 8: correlation t of both", "naive"): both > Z_ONE_SIDED})
            add(counts, {("uncertainty, claim 8: correlation t of the better", "naive"): best > Z_ONE_SIDED})
        return counts

    return ask


def _plain_t(correlation: float, n: int) -> float:
    return correlation * float(np.sqrt((n - 2) / (1 - correlation**2)))


SIZE_CASES: dict[str, Ask] = {
    "N2, no beta to the real yield": ask_drivers("N2", "real_yield_10y", 0.0, beside=True),
    "N4, no beta to the real yield": ask_drivers("N4", "real_yield_10y", 0.0),
    "N2, dollar beta exactly -1": ask_drivers("N2", "dollar_index", 0.0),
    "N4, dollar beta exactly -1": ask_drivers("N4", "dollar_index", 0.0),
    # A quarter of the dollar's day falls into silver's next one: a beta of -1 then looks like -.75 on the day.
    "N4, dollar beta -1 at silver's own hours": ask_drivers("N4", "dollar_index", LATE, "neither"),
    "N2, gold exactly 5%, industry 50%": ask_roles(0.05, LARGE),
    "N2, industry exactly 5%, gold 50%": ask_roles(LARGE, 0.05),
    "N2, gold and industry exactly 5%": ask_roles(0.05, 0.05, "opposite"),
    "N2, gold 5% of all time, not of the window": ask_roles(0.05, LARGE, of_window=False),
    "N2, industry 5% of all time, not of the window": ask_roles(LARGE, 0.05, of_window=False),
    "N2 weeks, no link to the index": ask_uncertainty(0.0, STRONG_PREMIUM),
    "N2 weeks, no link to the premium": ask_uncertainty(STRONG_INDEX, 0.0),
    "N2 weeks, no link to either": ask_uncertainty(0.0, 0.0, "opposite"),
}
POWER_CASES: dict[str, Ask] = {
    **{
        f"N2, {beta}% per 10 bp of real yield": ask_drivers("N2", "real_yield_10y", beta)
        for beta in (-0.25, -0.5, -1.0)
    },
    **{f"N2, dollar beta {beta - 1}": ask_drivers("N2", "dollar_index", beta) for beta in (-0.25, -0.5)},
    **{f"N2, industry {share:.0%}, gold 50%": ask_roles(LARGE, share) for share in (0.1, 0.15, 0.2)},
    **{f"N2, both shares {share:.0%}": ask_roles(share, share) for share in (0.1, 0.2)},
    **{f"N2 weeks, both links {link}": ask_uncertainty(link, link) for link in (0.15, 0.25, 0.35)},
}
