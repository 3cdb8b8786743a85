"""Claim 23: is silver a haven and an industrial metal at once? Shares of its daily variance on gold and on
industry.

Shapley (LMG) shares on gold and on the industrial factor (``role_shares``). A share cannot be negative, so
the test asks for more than 5%; both must hold. The share is that of the window's own days: how much of
silver's variance over these five years, not over all time, whose volatilities five years do not show
(bench/honesty_drivers.py measures both readings).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import BadChoice, NotEnoughData, NoVariation, SameSeries
from analytics.stats.changes import changes
from analytics.stats.pairs import returns, weekly
from analytics.stats.resampling import SEED, p_text
from analytics.stats.shapley import lmg
from analytics.stats.verdict import Inference, Verdict, left_open
from analytics.topics.drivers.measures.role_shares import (
    correlations,
    factor_weights,
    moment_terms,
    roots,
    with_factor,
)
from analytics.topics.drivers.measures.role_test import Role, both_roles
from analytics.topics.drivers.measures.role_windows import BAND_DRAWS, WINDOW, rolling_shares

COLUMNS = ("silver", "gold", "copper", "semiconductors_etf", "clean_energy_etf")
INDUSTRY = COLUMNS[2:]
FIVE_YEARS, FIVE_YEARS_OF_WEEKS = 1_250, 260
"""The claim's window [trading days, weeks]."""
DRAWS = 1_999
NULL_SHARE = 0.05
_SAME = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roles:
    """What claim 23 rests on.

    Attributes:
        gold, industry: The two roles.
        explained: Both shares together (R^2).
        weeks: The two shares on Friday weeks over the same span: metals settle at midday and the funds close
            at four, which daily data count against industry. Beside it; decides nothing.
        fair: Shares where the factor keeps what it has in common with gold, which Shapley then divides;
            display.
        weights: Of the factor on the standardised industrial series, by key.
        component: Share of the three series' variance that the factor holds.
        rolling: By the day on which a 250-day window ends, every fifth day: ``gold``, ``industry`` and for
            each ``_low`` and ``_high``, a 95% bootstrap band for that window alone.
        first, last: First and last day of change.
        n, asked: Days of change, and those asked for.
        draws: Bootstrap draws of the test.
        inference: Both must hold: p and mde are the larger of the two, estimate and interval those of the
            role with the larger p. Contradicted where either share is below 5%; that p is twice the smaller
            of the two (Bonferroni).
        sentence: What a reader sees.
    """

    gold: Role
    industry: Role
    explained: float
    weeks: tuple[float, float]
    fair: tuple[float, float]
    weights: dict[str, float]
    component: float
    rolling: pd.DataFrame
    first: dt.date
    last: dt.date
    n: int
    asked: int
    draws: int
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


def roles(
    levels: pd.DataFrame,
    *,
    delta: float = 0.05,
    null_share: float = NULL_SHARE,
    days: int = FIVE_YEARS,
    draws: int = DRAWS,
    band_draws: int = BAND_DRAWS,
    seed: int = SEED,
) -> Roles:
    """Measure both shares and decide.

    Each root is studentised by its block-jackknife error and judged by a stationary bootstrap of whole days,
    block 20 (Politis and Romano 1994): t* = (z* - z) / error* on Fisher's scale.

    Args:
        levels: ``COLUMNS``: closes on common US trading days, rising; NaN rows are left out.
        delta: Smallest share above ``null_share`` worth acting on (published/thresholds.toml).
        days: Only the last so many changes answer; the rolling shares use all.
        band_draws: Draws of the rolling band; 0 leaves the rolling shares out.

    Raises:
        NotEnoughData: a column is absent, or fewer than 250 changes.
        BadChoice: fewer than 250 days asked for.
        SameSeries, NoVariation: gold moves like silver, or the factor like gold.
        MeasureError: one of the others that ``changes.changes`` names.
    """
    if days < WINDOW:
        raise BadChoice("days", days, f"at least {WINDOW}")
    moved = _returns(levels)
    terms = moment_terms(moved.to_numpy()[-days:])
    whole = correlations(terms.mean(axis=0))
    _check_apart(whole)
    gold, industry, inference = both_roles(terms, null_share, delta, draws, seed)
    weights, variance = factor_weights(whole)
    last = moved.index[-1].date()
    fair = lmg(with_factor(whole))
    return Roles(
        gold=gold,
        industry=industry,
        explained=gold.share + industry.share,
        weeks=_weekly_shares(levels, days),
        fair=(float(fair[0]), float(fair[1])),
        weights=dict(zip(INDUSTRY, map(float, weights), strict=True)),
        component=float(variance) / len(INDUSTRY),
        rolling=rolling_shares(moved, band_draws, seed) if band_draws else pd.DataFrame(),
        first=moved.index[-len(terms)].date(),
        last=last,
        n=len(terms),
        asked=days,
        draws=draws,
        inference=inference,
        sentence=_sentence(gold, industry, inference, last, days),
    )


def _returns(levels: pd.DataFrame) -> pd.DataFrame:
    for key in COLUMNS:
        if key not in levels:
            raise NotEnoughData(key.replace("_", " ").capitalize(), 0, WINDOW + 1)
    return changes(levels[list(COLUMNS)].rename(columns=lambda key: key.replace("_", " ")), WINDOW)


def _weekly_shares(levels: pd.DataFrame, days: int) -> tuple[float, float]:
    kept = round(days * FIVE_YEARS_OF_WEEKS / FIVE_YEARS)
    moved = returns(weekly(levels[list(COLUMNS)])).iloc[-kept:]
    gold, industry = roots(moment_terms(moved.to_numpy()).mean(axis=0)) ** 2
    return float(gold), float(industry)


def _check_apart(whole: np.ndarray) -> None:
    found = with_factor(whole)
    if 1 - abs(found[0, 1]) < _SAME:
        raise SameSeries("Silver, which moves like gold,")
    if 1 - found[1, 2] ** 2 < _SAME:
        raise NoVariation("The industrial factor, once gold is taken out,")


def _sentence(gold: Role, industry: Role, found: Inference, last: dt.date, asked: int) -> str:
    said = [
        f"{100 * r.share:.0f}% ({100 * r.interval[0]:.0f}% to {100 * r.interval[1]:.0f}%)"
        for r in (gold, industry)
    ]
    short = f" (all that the series share; {asked:,} were asked for)" if found.n < asked else ""
    p = found.p_opposite if found.verdict == "contradicted" else found.p
    text = (
        f"Over {found.n:,} trading days to {last:%-d %b %Y}{short}, gold accounts for {said[0]} of silver's "
        f"daily variance and industry, gold taken out, for {said[1]}; both above "
        f"{100 * found.null_value:.0f}%: {found.verdict} ({p_text(p)})"
    )
    if found.verdict in ("supported", "contradicted"):
        return f"{text}."
    return f"{text}; {left_open(found)}."
