"""What a finding is asked: a view with the data that were known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics import catalogue
from analytics.instants import day_of
from analytics.panel import Panel
from analytics.view import ARTICLE, View, months_before


@dataclass(frozen=True, slots=True)
class Question:
    """A view with the data it is asked of.

    Attributes:
        view: The reader's choices.
        panel: What was known.
        window: First and last date shown.
        ask: Another finding for the same view and day, by name, through the caller's cache.
    """

    view: View
    panel: Panel
    window: tuple[dt.date, dt.date]
    ask: Callable[[str], Any]

    @property
    def day(self) -> dt.date:
        """The as-of day in New York."""
        return day_of(self.panel.as_of)

    @property
    def names(self) -> tuple[str, str]:
        """What sentences call the legs."""
        return spoken(self.view.lead), spoken(self.view.follow)

    def pair(self) -> pd.DataFrame:
        return self.panel.pair(self.view.lead, self.view.follow)

    def legs_window(self) -> tuple[dt.date, dt.date]:
        """The window of the leg decomposition; before the article its own choice falls back to the shown window."""
        start, end = self.window
        if self.view.legs == "month":
            start = months_before(end, 1)
        elif self.view.legs == "year":
            start = months_before(end, 12)
        elif self.view.legs == "article" and end > ARTICLE:
            start = ARTICLE
        return start, end


@dataclass(frozen=True, slots=True)
class Recipe:
    """One finding: its name, the series that a view reads on a day, and how it is measured."""

    name: str
    keys: Callable[[View, dt.date], Sequence[str]]
    measure: Callable[[Question], Any]
    says: str


def spoken(key: str) -> str:
    """What sentences call a series."""
    label = catalogue.get(key).label
    return label.lower() if key in ("silver", "gold", "copper") else label
