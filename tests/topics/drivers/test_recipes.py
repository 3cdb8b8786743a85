"""Recipes of the Drivers page: which move is meant, and that a finding is kept while nothing that it reads has changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

import pytest

from analytics.evaluate import recipe
from analytics.topics.drivers import recipes
from analytics.view import ARTICLE, View

WINDOW = (dt.date(2025, 6, 5), dt.date(2026, 6, 5))
CHOICES = {each.name for each in fields(View)}


class Watched:
    """A view that notes which of its choices are looked at."""

    def __init__(self, seen: set[str], **chosen: str) -> None:
        self._own = seen, View(**chosen)

    def __getattr__(self, name: str) -> Any:
        seen, held = self._own
        seen.add(name)
        return getattr(held, name)


@dataclass
class Asked:
    """A question without data that notes what it is asked for."""

    seen: set[str]
    view: Any
    day: dt.date = dt.date(2026, 6, 5)

    @property
    def window(self) -> tuple[dt.date, dt.date]:
        self.seen.add("window")
        return WINDOW

    @property
    def panel(self) -> Asked:
        return self

    def levels(self, *keys: str) -> dict[str, list[float]]:
        return {key: [] for key in keys}

    def closes(self, key: str) -> None:
        return None

    series = closes


@pytest.mark.parametrize("name", [row.name for row in recipes.RECIPES])
@pytest.mark.parametrize("move", ["january", "span", "month", "2025-01-02_2025-03-03"])
def test_a_recipe_reads_no_choice_that_it_does_not_name(name, move, monkeypatch):
    for module, function in (
        ("drivers", "drivers"),
        ("driver_betas", "rolling_betas"),
        ("driver_stability", "driver_stability"),
        ("attribution", "attribution"),
        ("abroad", "abroad"),
        ("roles", "roles"),
        ("uncertainty", "uncertainty"),
    ):
        monkeypatch.setattr(getattr(recipes, module), function, lambda *given, **named: (given, named))
    seen: set[str] = set()
    row = recipe(name)
    assert row.measure(Asked(seen, Watched(seen, move=move, lead="gold"))) is not None
    assert row.reads is not None
    assert seen <= row.reads <= CHOICES | {"window"}


@pytest.mark.parametrize(("move", "window", "meant"), [
    ("january", WINDOW, (dt.date(2025, 12, 31), ARTICLE)),
    ("january", (dt.date(2025, 1, 2), dt.date(2025, 12, 15)), (dt.date(2025, 1, 2), dt.date(2025, 12, 15))),
    ("span", WINDOW, WINDOW),
    ("month", WINDOW, (dt.date(2026, 5, 5), WINDOW[1])),
    ("year", WINDOW, (dt.date(2025, 6, 5), WINDOW[1])),
    ("2026-01-02_2099-01-01", WINDOW, (dt.date(2026, 1, 2), WINDOW[1])),
    ("2027-01-02_2027-03-01", WINDOW, WINDOW),
])  # fmt: skip
def test_the_move_ends_with_what_is_known(move, window, meant):
    assert recipes.move_window(View(move=move), window) == meant


def test_a_lead_that_is_a_driver_gives_way_to_silver():
    assert recipes.asset(View(lead="gold")) == "gold"
    assert recipes.asset(View(lead="sp500")) == "silver"
    assert recipes.watched(View(lead="copper", follow="sp500")) == ("silver", "gold", "bitcoin", "copper")
