"""Which measure is asked of which series: one row a finding, read by the pages and by ``python -m analytics measure``.

Nothing is computed here: each row names the series that a view needs and hands aligned values to a pure measure.
"""

from __future__ import annotations

from typing import Any

from analytics.errors import BadChoice
from analytics.findings import pairs
from analytics.findings.plain import plain
from analytics.findings.question import Question, Recipe

__all__ = ["RECIPES", "Question", "Recipe", "measure", "plain", "recipe"]

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (*pairs.RECIPES,)}


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
