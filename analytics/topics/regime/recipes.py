"""Findings about what Bitcoin is, which stage it is, and what is not in the price yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.clock import calendars
from analytics.errors import NotPriced, SameSeries
from analytics.published import thresholds
from analytics.recipe import Question, Recipe, spoken
from analytics.stats import markov
from analytics.stats.pairs import weekly
from analytics.topics.rate_path import recipes as rates
from analytics.topics.regime.measures import (
    catch_up,
    consolidation,
    defensive,
    gap,
    ranges,
    risk_or_hedge,
    shock_response,
    stage,
    stage_inputs,
    stage_returns,
    stress_beta,
)
from analytics.view import ARTICLE, View

RISK, NARROW, AFTER_SHIFT, CATCHES_UP, NOT_PRICED, RESPOND = 24, 25, 26, 32, 34, 9
"""Claims: a risk asset in stress; consolidates; rallies after the shift; catches up; not yet priced; responds later."""
MARKET, VIX = "sp500", "vix"
RULE = (
    VIX,
    "dollar_index",
    "dollar_broad",
    "breakeven_10y",
    "financial_conditions",
    "effr",
    "fed_funds_rate",
)
YEAR_BEGAN, FIRST_SESSION = dt.date(2026, 1, 1), dt.date(2026, 1, 2)
STAGES_FROM = np.datetime64("2003-01-01")
"""The 10-year breakeven, which the stage rule needs, begins on 2 January 2003."""
NOTHING = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
"""The dollar index where none is held yet: the broad dollar then stands in its place."""


def _stress_beta(question: Question) -> stress_beta.StressBeta:
    follow = question.view.follow
    held = question.panel.pair(MARKET, follow)
    vix = question.panel.columns.get(VIX)
    return stress_beta.stress_beta(
        held, vix, names=("the S&P 500", spoken(follow)), delta=thresholds.delta(RISK)
    )


def _risk_or_hedge(question: Question) -> risk_or_hedge.RiskOrHedge:
    held = question.known("bitcoin", "nasdaq", "gold")
    return risk_or_hedge.risk_or_hedge(held, question.panel.series(VIX))


def _stage_keys(view: View, day: dt.date) -> tuple[str, ...]:
    """What the rule and everything said of its stages read: one panel serves them all, and reading it is the slow part."""
    return tuple(dict.fromkeys((view.lead, view.follow, *RULE, *rates.keys(view, day))))


def _vintage_of_the_day(question: Question, key: str) -> pd.Series | None:
    """A series with a vote only where its figures are those of the day: revised ones without vintages are left out."""
    if key not in question.panel or question.panel.papers[key].later_vintage:
        return None
    return question.panel.columns[key]


def _stages(question: Question) -> stage.StageHistory:
    try:
        inputs = rates.read_inputs(question)
        path = stage_inputs.expected_path(inputs.prices, inputs.effective)
    except NotPriced:
        path = None
    known = stage_inputs.Inputs(
        vix=question.panel.series(VIX),
        dollar=question.panel.columns.get("dollar_index", NOTHING),
        breakeven=question.panel.series("breakeven_10y"),
        path=path,
        conditions=_vintage_of_the_day(question, "financial_conditions"),
        broad=_vintage_of_the_day(question, "dollar_broad"),
    )
    sessions = calendars.us_sessions()
    days = sessions[(sessions >= STAGES_FROM) & (sessions <= np.datetime64(question.day))]
    return stage.stage_history(known, pd.DatetimeIndex(days.astype("datetime64[s]")))


def _january(question: Question) -> stage.PanicShare:
    return stage.panic_share(question.ask(STAGES), FIRST_SESSION, min(ARTICLE, question.day))


def _stage_returns(question: Question) -> stage_returns.StageReturns:
    follow = question.view.follow
    return stage_returns.stage_returns(
        question.closes(follow),
        question.ask(STAGES).stages,
        name=spoken(follow),
        delta=thresholds.delta(AFTER_SHIFT),
    )


def _catch_up(question: Question) -> catch_up.CatchUp:
    stages = question.ask(STAGES).stages
    return catch_up.catch_up(
        question.pair(), stages, ARTICLE, bar=thresholds.delta(CATCHES_UP), names=question.names
    )


def _markov(question: Question) -> markov.MarkovFilter:
    closes = weekly(question.closes(MARKET).to_frame())[MARKET]
    return markov.markov_filter(100 * np.log(closes).diff().dropna(), name="the S&P 500's weekly return")


def _consolidation(question: Question) -> consolidation.Consolidation:
    follow = question.view.follow
    return consolidation.consolidation(
        question.closes(follow),
        question.panel.series(VIX),
        name=spoken(follow),
        delta=thresholds.delta(NARROW),
    )


def _shock_response(question: Question) -> shock_response.ShockResponse:
    shocks = shock_response.vix_jumps(question.panel.series(VIX))
    held = question.known("gold", "silver", "bitcoin")
    return shock_response.shock_response(held, shocks, delta=thresholds.delta(RESPOND))


def _gap(question: Question) -> gap.Gap:
    follow = question.view.follow
    if follow in gap.DRIVERS:
        raise SameSeries(catalogue.get(follow).title)
    held = question.known(follow, *gap.DRIVERS)
    return gap.gap(held, follow=follow, name=spoken(follow), delta=thresholds.delta(NOT_PRICED))


def _range(question: Question) -> ranges.RangeAfter:
    follow = question.view.follow
    return ranges.range_after(question.closes(follow), ARTICLE, name=spoken(follow))


def _defensive_on(question: Question, day: dt.date) -> defensive.Defensive:
    since = YEAR_BEGAN if day > YEAR_BEGAN else None
    return defensive.defensive(question.levels(*defensive.GROUP), day, since=since)


def _defensive(question: Question) -> defensive.Defensive:
    return _defensive_on(question, question.day)


def _defensive_then(question: Question) -> defensive.Defensive:
    return _defensive_on(question, min(ARTICLE, question.day))


def _follow_and(*keys: str) -> Any:
    return lambda view, day: (view.follow, *keys)


STRESS_BETA = Recipe(
    "stress_beta", _follow_and(MARKET, VIX), _stress_beta, "the follow's beta to equities in stress"
)
RISK_OR_HEDGE = Recipe(
    "risk_or_hedge",
    lambda view, day: ("bitcoin", "nasdaq", "gold", VIX),
    _risk_or_hedge,
    "Bitcoin's beta to Nasdaq against its beta to gold, for display",
)
STAGES = Recipe("stages", _stage_keys, _stages, "the stage of every day")
STAGE_CLAIM = Recipe("stage_claim", _stage_keys, _january, "the stages of January 2026")
STAGE = Recipe("stage", _stage_keys, _stage_returns, "the follow's returns by stage")
CATCH_UP = Recipe("catch_up", _stage_keys, _catch_up, "whether the follow caught up after debasement came")
MARKOV = Recipe("markov", lambda view, day: (MARKET,), _markov, "a two-state filter, for display")
CONSOLIDATION = Recipe(
    "consolidation", _follow_and(VIX), _consolidation, "whether the follow's range narrows in stress"
)
SHOCK_RESPONSE = Recipe(
    "shock_response",
    lambda view, day: ("gold", "silver", "bitcoin", VIX),
    _shock_response,
    "who responds first when stress strikes",
)
GAP = Recipe("gap", _follow_and(*gap.DRIVERS), _gap, "what drivers promise and the follow has not made")
RANGE = Recipe("range", _follow_and(), _range, "the follow's range before and after 23 Jan 2026")
DEFENSIVE = Recipe("defensive", lambda view, day: defensive.GROUP, _defensive, "defensive assets as a group")
DEFENSIVE_CLAIM = Recipe(
    "defensive_claim",
    lambda view, day: defensive.GROUP,
    _defensive_then,
    "defensive assets as a group on 23 Jan 2026",
)
RECIPES = (
    STRESS_BETA,
    RISK_OR_HEDGE,
    STAGES,
    STAGE_CLAIM,
    STAGE,
    CATCH_UP,
    MARKOV,
    CONSOLIDATION,
    SHOCK_RESPONSE,
    GAP,
    RANGE,
    DEFENSIVE,
    DEFENSIVE_CLAIM,
)
