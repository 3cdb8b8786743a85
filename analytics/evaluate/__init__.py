"""Which measure is asked of which series: one row a finding, read by the pages and by ``python -m analytics measure``.

Nothing is computed here: each row names the series that a view needs and hands aligned values to a pure measure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from analytics.clock.instants import day_of
from analytics.errors import BadChoice
from analytics.evaluate.plain import answer, headline, plain
from analytics.panel import Panel
from analytics.question import Ask, Question, Recipe
from analytics.topics.claims import recipes as ledger_of_claims
from analytics.topics.drivers import recipes as drivers
from analytics.topics.lead_lag import recipes as links
from analytics.topics.pair import recipes as pairs
from analytics.topics.rate_path import recipes as rates
from analytics.topics.regime import recipes as regime
from analytics.topics.silver_market import recipes as silver
from analytics.topics.triggers import recipes as triggers
from analytics.view import View

__all__ = [
    "RECIPES",
    "Ask",
    "Question",
    "Reads",
    "Recipe",
    "answer",
    "ask",
    "headline",
    "measure",
    "plain",
    "question",
    "recipe",
]

_PARTS = (
    pairs,
    links,
    rates,
    drivers,
    regime,
    silver,
    triggers,
    ledger_of_claims,
)
RECIPES: dict[str, Recipe] = {recipe.name: recipe for part in _PARTS for recipe in part.RECIPES}


def recipe(name: str) -> Recipe:
    """The recipe called ``name``.

    Raises:
        BadChoice: no such finding.
    """
    if name not in RECIPES:
        raise BadChoice("measure", name, ", ".join(RECIPES))
    return RECIPES[name]


def measure(name: str, question: Question) -> Any:
    """The finding called ``name`` for a question."""
    return recipe(name).measure(question)


Reads = Callable[[Sequence[str]], Panel]
"""Gives the panel of some series as known at the asker's instant."""


def question(
    name: str,
    view: View,
    day: dt.date,
    window: tuple[dt.date, dt.date],
    read: Reads,
    found: Callable[[str, View, Reads], Any],
) -> Question:
    """What the measure called ``name`` is handed.

    Args:
        name: Of the recipe.
        view: The reader's choices.
        day: The as-of day.
        window: First and last date shown.
        read: Gives the panel.
        found: The caller's finding by name under a view, on panels that the given function reads: what has been read for
            ``name`` is not read again for the findings that it rests on.
    """
    keys = _keys(name, view, day)
    data = read(keys)

    def some(wanted: Sequence[str]) -> Panel:
        return data.only(wanted) if set(wanted) <= set(keys) else read(wanted)

    def other(another: str, chosen: View | None = None, /) -> Any:
        return found(another, view if chosen is None else chosen, some)

    return Question(view, data, window, other)


@lru_cache(maxsize=1_024)
def _keys(name: str, view: View, day: dt.date) -> tuple[str, ...]:
    return tuple(recipe(name).keys(view, day))


def ask(
    name: str, chosen: View, as_of: dt.datetime, window: tuple[dt.date, dt.date], read: Reads
) -> tuple[Any, Panel]:
    """Measure ``name``, and whatever it rests on, without a cache; within one call nothing is measured twice.

    Args:
        name: Of the recipe.
        chosen: The reader's choices.
        as_of: The instant.
        window: First and last date shown.
        read: Gives the panel of some series as known at ``as_of``.

    Returns:
        The finding and the panel that it was measured on.
    """
    known: dict[tuple[str, View], Any] = {}

    def asked(another: str, view: View, some: Reads) -> Question:
        shown = window if view == chosen else view.window(as_of)
        return question(another, view, day_of(as_of), shown, some, found)

    def found(another: str, view: View, some: Reads) -> Any:
        if (another, view) not in known:
            known[another, view] = measure(another, asked(another, view, some))
        return known[another, view]

    first = asked(name, chosen, read)
    return measure(name, first), first.panel
