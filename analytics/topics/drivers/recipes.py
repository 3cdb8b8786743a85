"""Findings about what moves the metals: real yields, the dollar, inflation, equities, industry."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analytics.published import thresholds
from analytics.recipe import Question, Recipe, spoken
from analytics.topics.drivers.measures import (
    abroad,
    attribution,
    driver_betas,
    driver_stability,
    drivers,
    roles,
    uncertainty,
)
from analytics.topics.drivers.measures.moves import USUAL
from analytics.view import ARTICLE, View, months_before

REAL_YIELD, DOLLAR, TOGETHER, HAVEN_AND_METAL = 13, 14, 8, 23
"""Claims: lower real yields lift silver; so does a weaker dollar; uncertainty moved with it; haven and industrial."""
WATCHED = ("silver", "gold", "bitcoin")
"""Assets whose betas are always shown; the pair joins them."""
BROAD = tuple("dollar_broad" if key == "dollar_index" else key for key in USUAL)
"""The regressors with the broad dollar in the index's place: published late and revised, it decides nothing."""
LAST_CLOSE_OF_2025 = dt.date(2025, 12, 31)


def asset(view: View) -> str:
    """The asset that the page explains: the lead, or silver where the lead is itself a driver."""
    return "silver" if view.lead in USUAL else view.lead


def watched(view: View) -> tuple[str, ...]:
    """Assets with rolling betas; a driver has none to itself."""
    return tuple(key for key in dict.fromkeys((*WATCHED, view.lead, view.follow)) if key not in USUAL)


def _keys(view: View, day: dt.date) -> tuple[str, ...]:
    return (asset(view), *USUAL)


def _asset(question: Question) -> dict[str, Any]:
    key = asset(question.view)
    return {"asset": key, "name": spoken(key)}


def _real_yield(question: Question) -> drivers.Drivers:
    held = question.levels(*_keys(question.view, question.day))
    return drivers.drivers(held, **_asset(question), delta=thresholds.delta(REAL_YIELD))


def _dollar(question: Question) -> drivers.Drivers:
    held = question.levels(*_keys(question.view, question.day))
    return drivers.drivers(
        held, "dollar_index", **_asset(question), basket=True, delta=thresholds.delta(DOLLAR)
    )


def _broad(question: Question) -> dict[str, Any]:
    """Both tests with the broad dollar, by the driver that is tested."""
    named = _asset(question)
    held = question.levels(named["asset"], *BROAD)
    return {
        "real_yield_10y": drivers.drivers(held, **named, keys=BROAD, delta=thresholds.delta(REAL_YIELD)),
        "dollar_broad": drivers.drivers(
            held, "dollar_broad", **named, keys=BROAD, basket=True, delta=thresholds.delta(DOLLAR)
        ),
    }


def _betas(question: Question) -> driver_betas.RollingBetas:
    wanted = watched(question.view)
    held = question.levels(*wanted, *USUAL)
    return driver_betas.rolling_betas(held, [key for key in wanted if key in held])


def _stability(question: Question) -> driver_stability.Stability:
    held = question.levels(*_keys(question.view, question.day))
    return driver_stability.driver_stability(held, **_asset(question))


def move_window(view: View, window: tuple[dt.date, dt.date]) -> tuple[dt.date, dt.date]:
    """First and last day of the move that is taken apart; January 2026 gives way to the shown span before it is over."""
    start, end = window
    if view.move == "january":
        return (LAST_CLOSE_OF_2025, ARTICLE) if end >= ARTICLE else (start, end)
    if view.move == "month":
        return months_before(end, 1), end
    if view.move == "year":
        return months_before(end, 12), end
    if view.move == "span":
        return start, end
    first, last = (dt.date.fromisoformat(text) for text in view.move.split("_"))
    return (first, min(last, end)) if first < end else (start, end)


def _attribution(question: Question) -> attribution.Attribution:
    held = question.levels(*_keys(question.view, question.day))
    start, end = move_window(question.view, question.window)
    return attribution.attribution(held, start, end, **_asset(question))


def _january(question: Question) -> attribution.Attribution:
    held = question.levels("silver", *USUAL)
    return attribution.attribution(held, LAST_CLOSE_OF_2025, min(ARTICLE, question.day))


def _abroad(question: Question) -> abroad.Abroad:
    return abroad.abroad(question.levels("silver", *abroad.MONEYS), *question.window)


def _roles(question: Question) -> roles.Roles:
    return roles.roles(question.levels(*roles.COLUMNS), delta=thresholds.delta(HAVEN_AND_METAL))


def _uncertainty(question: Question) -> uncertainty.Uncertainty:
    return uncertainty.uncertainty(
        question.closes("silver"),
        *(question.panel.series(key) for key in uncertainty.LINKS),
        delta=thresholds.delta(TOGETHER),
    )


_LEAD = frozenset({"lead"})
DRIVERS = Recipe("drivers", _keys, _real_yield, "whether lower real yields lift the lead", _LEAD)
DOLLAR_DRIVER = Recipe(
    "dollar_driver", _keys, _dollar, "whether a weaker dollar lifts it, and not only in dollars", _LEAD
)
DRIVERS_BROAD = Recipe(
    "drivers_broad",
    lambda view, day: (asset(view), *BROAD),
    _broad,
    "the same two with the broad dollar; decides nothing",
    _LEAD,
)
DRIVER_BETAS = Recipe(
    "driver_betas",
    lambda view, day: (*watched(view), *USUAL),
    _betas,
    "rolling betas to the drivers",
    frozenset({"lead", "follow"}),
)
DRIVER_STABILITY = Recipe("driver_stability", _keys, _stability, "whether the betas stayed the same", _LEAD)
ATTRIBUTION = Recipe(
    "attribution",
    _keys,
    _attribution,
    "a move taken apart by its drivers",
    frozenset({"lead", "move", "window"}),
)
ATTRIBUTION_CLAIM = Recipe(
    "attribution_claim",
    lambda view, day: ("silver", *USUAL),
    _january,
    "January 2026 taken apart",
    frozenset(),
)
SILVER_ABROAD = Recipe(
    "silver_abroad",
    lambda view, day: ("silver", *abroad.MONEYS),
    _abroad,
    "silver in euros, yuan and rupees",
    frozenset({"window"}),
)
ROLES = Recipe(
    "roles",
    lambda view, day: roles.COLUMNS,
    _roles,
    "silver as haven and as industrial metal",
    frozenset(),
)
UNCERTAINTY = Recipe(
    "uncertainty",
    lambda view, day: ("silver", *uncertainty.LINKS),
    _uncertainty,
    "policy uncertainty and the term premium with silver",
    frozenset(),
)
RECIPES = (
    DRIVERS,
    DOLLAR_DRIVER,
    DRIVERS_BROAD,
    DRIVER_BETAS,
    DRIVER_STABILITY,
    ATTRIBUTION,
    ATTRIBUTION_CLAIM,
    SILVER_ABROAD,
    ROLES,
    UNCERTAINTY,
)
