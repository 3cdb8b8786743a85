"""Findings about who comes first: lead and lag, Granger, and the follow's path after the lead's highs."""

from __future__ import annotations

from analytics.published import thresholds
from analytics.published.silver import HIGH_OF_1980
from analytics.recipe import Question, Recipe
from analytics.stats.event_study.event_test import Design
from analytics.topics.lead_lag.measures import events, granger, lead_lag
from analytics.view import View

FOLLOWS, RALLIES, NO_SIGNAL = 28, 31, 29
"""Claims: Bitcoin follows with a lag; strength came before rallies; a record is no immediate buy signal."""


def _pair(view: View, day: object) -> tuple[str, str]:
    return view.lead, view.follow


def _lead_lag(question: Question) -> lead_lag.LeadLag:
    return lead_lag.lead_lag(question.pair(), delta=thresholds.delta(FOLLOWS), names=question.names)


def _granger(question: Question) -> granger.Granger:
    return granger.granger(question.pair(), names=question.names)


def rallies() -> Design:
    """Claim 31: a gain over the seven horizons, stated at 60 days."""
    return Design(delta=thresholds.delta(RALLIES))


def no_signal() -> Design:
    """Claim 29: the gain over 20 days is smaller than the one worth acting on."""
    claim = thresholds.get(NO_SIGNAL)
    return Design(
        thresholds.delta(NO_SIGNAL),
        horizons=(20,),
        stated=20,
        direction="less",
        null_value=claim.null_value,
        denies=claim.denies,
    )


def _highs(question: Question) -> events.EventStudy:
    flags = events.highs_252(question.panel.series(question.view.lead))
    return events.event_study(question.pair(), flags, rallies(), names=question.names)


def _records(question: Question) -> events.EventStudy:
    earlier = HIGH_OF_1980.price if question.view.lead == "silver" else 0.0
    flags = events.record_highs(question.panel.series(question.view.lead), earlier)
    return events.event_study(
        question.pair(), flags, rallies(), names=question.names, event_name="record highs"
    )


def _signal(question: Question) -> events.EventStudy:
    flags = events.highs_252(question.panel.series(question.view.lead))
    return events.event_study(question.pair(), flags, no_signal(), names=question.names)


LEAD_LAG = Recipe("lead_lag", _pair, _lead_lag, "whether the follow comes after the lead")
GRANGER = Recipe("granger", _pair, _granger, "Granger's question, robust, for display")
EVENTS = Recipe("events", _pair, _highs, "the follow after the lead's 252-day highs")
RECORD_EVENTS = Recipe("record_events", _pair, _records, "the follow after the lead's record highs")
BUY_SIGNAL = Recipe("buy_signal", _pair, _signal, "whether a high is an immediate buy signal")
RECIPES = (
    LEAD_LAG,
    GRANGER,
    EVENTS,
    RECORD_EVENTS,
    BUY_SIGNAL,
)
