"""The claims ledger: which finding answers each of the 34 claims, under which choices, and all verdicts of a day.

Every claim is asked of silver and Bitcoin with the default choices, whatever pair and span a page shows, so the
ledger is a function of the day alone. The choices of a claim (``choices``) are those under which its page shows
the same finding, number for number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.clock import calendars
from analytics.clock.instants import end_of_day
from analytics.errors import AnalyticsError, InputError, MeasureError
from analytics.published import thresholds
from analytics.published.thresholds import Threshold
from analytics.recipe import Question, Recipe
from analytics.topics.claims.measures import readings, verdicts
from analytics.topics.claims.measures.readings import tested
from analytics.topics.claims.measures.verdicts import ClaimLedger, ClaimVerdict, Measured
from analytics.topics.drivers import recipes as drivers
from analytics.topics.lead_lag import recipes as lead_lag
from analytics.topics.pair import recipes as pairs
from analytics.topics.pair.measures import league
from analytics.topics.rate_path import recipes as rates
from analytics.topics.regime import recipes as regime
from analytics.topics.silver_market import recipes as silver
from analytics.topics.triggers import recipes as triggers
from analytics.view import ARTICLE, DEFAULT, View

OUTPERFORMED = 3
HALF_YEAR = 126
"""Trading days of claims 3 and 5."""
RANGE_DAYS, WINDOW_DAYS, LATEST_DAYS = 60, 60, 250
"""Trading days: after the article (claim 30), of a catch-up window, and until one must have opened (claim 32)."""
UNIVERSE = (
    "silver", "gold", "copper", "bitcoin", "ether", "sp500", "nasdaq", "dollar_index", "treasury_20y_etf",
    "high_yield_etf", "semiconductors_etf", "clean_energy_etf",
)  # fmt: skip
"""Silver and the universe that claim 3 fixes."""
LEFT_OUT = {
    "stage": ("financial_conditions", "dollar_broad"),
    "stage_claim": ("financial_conditions", "dollar_broad"),
    "catch_up": ("financial_conditions", "dollar_broad"),
    "triggers": ("federal_balance_monthly",),
}
"""Series that a finding leaves out by itself where their figures of the day are not held: they enter no verdict."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers a claim.

    Attributes:
        recipe: Whose finding it is.
        read: What the finding says of the claim, given the question for what stands beside it.
        choices: What the claim's page must be set to, beside the default pair, to show this finding.
    """

    recipe: Recipe[Any]
    read: Callable[[Any, Threshold, Question], Measured]
    choices: Callable[[], dict[str, Any]] = dict


def _test(found: Any, claim: Threshold, question: Question) -> Measured:
    return tested(found)


def half_year() -> dict[str, Any]:
    """The 126 trading days that end on the day of the article, as a window that a page can be set to."""
    return {"start": session_from(ARTICLE, -HALF_YEAR), "end": ARTICLE, "legs": "span"}


def session_from(day: dt.date, steps: int) -> dt.date:
    """The US trading day ``steps`` after (or before) the last one at or before ``day``."""
    sessions = calendars.us_sessions()
    at = int(np.searchsorted(sessions, np.datetime64(day), side="right")) - 1 + steps
    found: dt.date = sessions[at].astype(object)
    return found


def _moves(found: rates.Story, claim: Threshold, question: Question) -> Measured:
    path = found.path
    if claim.id == 10:
        bp = found.year_end.bp
        words = f"{bp:+.0f} bp were priced to the end of 2026" if bp is not None else ""
        return readings.priced(found.year_end, path, ARTICLE, bp, words)
    cuts = found.second_half.cuts
    words = f"{cuts:.2f} cuts of 25 bp were priced for the second half of 2026" if cuts is not None else ""
    return readings.priced(found.second_half, path, ARTICLE, cuts, words)


def _caught_up(found: Any, claim: Threshold, question: Question) -> Measured:
    opened = found.opened
    ends = session_from(ARTICLE, LATEST_DAYS) if opened is None else session_from(opened, WINDOW_DAYS - 1)
    return readings.caught_up(found, ends)


def _standing(question: Question) -> league.Standing:
    known = [key for key in UNIVERSE if key in question.panel]
    closes = pd.concat({key: question.closes(key) for key in known}, axis=1, sort=True)
    return league.standing(closes, "silver", session_from(ARTICLE, -HALF_YEAR), ARTICLE, "Silver")


HALF_YEAR_STANDING = Recipe(
    "half_year_standing",
    lambda view, day: UNIVERSE,
    _standing,
    "silver's rank over the 126 trading days to 23 Jan 2026",
    reads=frozenset(),
)
PUBLISHED = Answer(silver.SILVER_BALANCE, lambda found, claim, question: readings.published(found, claim))
STORY = Answer(rates.RATE_STORY, _moves)
ANSWERS: dict[int, Answer] = {
    1: Answer(pairs.RECORD, lambda found, claim, question: readings.record(found, ARTICLE), half_year),
    2: Answer(pairs.ACCELERATION_CLAIM, _test, half_year),
    3: Answer(
        pairs.OUTPERFORMANCE_CLAIM,
        lambda found, claim, question: readings.outperformance(found, question.ask(HALF_YEAR_STANDING)),
        half_year,
    ),
    4: Answer(regime.DEFENSIVE_CLAIM, lambda found, claim, question: readings.defensive(found)),
    5: Answer(pairs.DIVERGENCE, lambda found, claim, question: readings.lagged(found, HALF_YEAR), half_year),
    8: Answer(drivers.UNCERTAINTY, _test),
    9: Answer(regime.SHOCK_RESPONSE, _test),
    10: STORY,
    11: STORY,
    12: Answer(rates.EASING_LINK, _test),
    13: Answer(drivers.DRIVERS, _test),
    14: Answer(drivers.DOLLAR_DRIVER, _test),
    15: Answer(drivers.ATTRIBUTION, lambda found, claim, question: readings.attribution(found)),
    16: PUBLISHED,
    17: PUBLISHED,
    18: PUBLISHED,
    19: PUBLISHED,
    21: PUBLISHED,
    22: PUBLISHED,
    23: Answer(drivers.ROLES, _test),
    24: Answer(regime.STRESS_BETA, _test),
    25: Answer(regime.CONSOLIDATION, _test),
    26: Answer(regime.STAGE, _test),
    27: Answer(regime.STAGE_CLAIM, lambda found, claim, question: readings.panic(found)),
    28: Answer(lead_lag.LEAD_LAG, _test),
    29: Answer(lead_lag.BUY_SIGNAL, _test),
    30: Answer(
        regime.RANGE,
        lambda found, claim, question: readings.stayed(found, session_from(ARTICLE, RANGE_DAYS)),
    ),
    31: Answer(lead_lag.EVENTS, _test),
    32: Answer(regime.CATCH_UP, _caught_up),
    33: Answer(triggers.TRIGGERS, lambda found, claim, question: readings.triggered(found)),
    34: Answer(regime.GAP, lambda found, claim, question: readings.not_priced(found)),
}
"""By claim; the three that free data cannot test have none."""


def plain_view(view: View) -> View:
    """The default choices as of the day, and from the frozen data, that a page shows."""
    return replace(DEFAULT, as_of=view.as_of, recorded=view.recorded, sha256=view.sha256)


def view_of(claim: int, view: View) -> View:
    """The choices under which a claim's page shows the finding that its verdict rests on."""
    answer = ANSWERS.get(claim)
    return replace(plain_view(view), **(answer.choices() if answer else {}))


def verdict(claim: Threshold, question: Question) -> ClaimVerdict:
    """The verdict on a claim as of the question's day.

    Args:
        claim: As fixed beforehand.
        question: Holds every series that the claim's finding reads, and asks for findings.
    """
    day = question.day
    if claim.kind == "not_measurable":
        return verdicts.unmeasured(claim, f"It would take: {claim.needs}", day, "never with free data")
    if claim.dated and question.panel.as_of < end_of_day(ARTICLE):
        return verdicts.unmeasured(
            claim, "It speaks of the day of the article, which has not come.", day, "not yet"
        )
    answer = ANSWERS[claim.id]
    view = view_of(claim.id, question.view)
    series = tuple(key for key in answer.recipe.keys(view, day) if not catalogue.contract_month(key))
    late = _later_vintage(answer.recipe.name, series, question)
    if late:
        made = verdicts.unmeasured(claim, _revised(late), day, "no vintage")
    else:
        made = _measured(claim, answer, view, question)
    return replace(made, finding=answer.recipe.name, series=series, later_vintage=late)


def _measured(claim: Threshold, answer: Answer, view: View, question: Question) -> ClaimVerdict:
    try:
        found = question.ask(answer.recipe, view)
        return verdicts.decided(claim, answer.read(found, claim, question), question.day)
    except (MeasureError, InputError) as error:  # one claim whose data are absent or odd costs only itself
        if claim.id == 32 and question.day <= ARTICLE:
            return verdicts.unmeasured(
                claim, "No day after the article is known yet.", question.day, "not yet"
            )
        return verdicts.unmeasured(claim, _cause(error), question.day, "no history")


def _later_vintage(finding: str, series: tuple[str, ...], question: Question) -> tuple[str, ...]:
    papers = question.panel.papers
    used = (key for key in series if key in papers and key not in LEFT_OUT.get(finding, ()))
    return tuple(key for key in used if papers[key].later_vintage)


def _revised(keys: tuple[str, ...]) -> str:
    titles = " and ".join(catalogue.get(key).title for key in keys)
    return f"Revised since, and the vintage of the day is not held: {titles}."


def _cause(error: AnalyticsError) -> str:
    """An error's cause; its advice (another pair, a longer span) is not for a claim, whose terms are fixed."""
    return f"{str(error).split('. ')[0].rstrip('.')}."


def _ledger(question: Question) -> ClaimLedger:
    return verdicts.ledger([question.ask(recipe) for recipe in CLAIM.values()], question.day)


def _series(id: int, view: View, day: dt.date) -> tuple[str, ...]:
    """Every series that a claim reads, beside its finding's also those of its second condition."""
    if id not in ANSWERS:
        return ()
    beside = HALF_YEAR_STANDING.keys(DEFAULT, day) if id == OUTPERFORMED else ()
    return tuple(dict.fromkeys((*ANSWERS[id].recipe.keys(DEFAULT, day), *beside)))


CLAIM: dict[int, Recipe[ClaimVerdict]] = {
    claim.id: Recipe(
        f"claim_{claim.id}",
        partial(_series, claim.id),
        partial(verdict, claim),
        claim.wording,
        reads=frozenset(),
    )
    for claim in thresholds.load()
}
"""The verdict on each claim: the one record that every page, brief, bundle and command shows."""


def _everything(view: View, day: dt.date) -> tuple[str, ...]:
    """Every series that any claim reads."""
    return tuple(dict.fromkeys(key for recipe in CLAIM.values() for key in recipe.keys(view, day)))


CLAIMS = Recipe(
    "claims", _everything, _ledger, "the 34 claims: number, threshold, verdict", reads=frozenset()
)
RECIPES = (
    HALF_YEAR_STANDING,
    CLAIMS,
)
