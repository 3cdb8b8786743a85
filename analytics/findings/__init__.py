"""Which measure is asked of which series: one row a finding, read by the pages and by ``python -m analytics measure``.

Nothing is computed here: each row names the series that a view needs and hands aligned values to a pure measure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from analytics.errors import BadChoice
from analytics.findings import drivers, links, pairs, rates, regime, silver, triggers
from analytics.findings.plain import answer, headline, plain
from analytics.findings.question import Question, Recipe
from analytics.instants import day_of
from analytics.panel import Panel
from analytics.view import View

__all__ = ["RECIPES", "Question", "Recipe", "answer", "ask", "headline", "measure", "plain", "recipe"]

_PARTS = (
    pairs,
    links,
    rates,
    drivers,
    regime,
    silver,
    triggers,
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


def ask(
    name: str,
    chosen: View,
    as_of: dt.datetime,
    window: tuple[dt.date, dt.date],
    read: Callable[[Sequence[str]], Panel],
) -> tuple[Any, Panel]:
    """Measure ``name``, and whatever it rests on, without a cache.

    Args:
        name: Of the recipe.
        chosen: The reader's choices.
        as_of: The instant.
        window: First and last date shown.
        read: Gives the panel of some series as known at ``as_of``.

    Returns:
        The finding and the panel that it was measured on.
    """
    data = read(recipe(name).keys(chosen, day_of(as_of)))
    question = Question(chosen, data, window, lambda other: ask(other, chosen, as_of, window, read)[0])
    return measure(name, question), data
