"""A recipe names one finding: the series that a view reads on a day, and the measure that they are handed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import pandas as pd

from analytics import catalogue
from analytics.clock import calendars
from analytics.clock.instants import day_of
from analytics.errors import NotEnoughData
from analytics.panel import Panel
from analytics.view import AFTER_ARTICLE, ARTICLE, View, months_before

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Ask(Protocol):
    """Another finding for the same day; for the same view unless another one is given."""

    def __call__(self, recipe: Recipe[T], view: View | None = None, /) -> T: ...


@dataclass(frozen=True, slots=True)
class Question:
    """A view with the data it is asked of.

    Attributes:
        view: The reader's choices.
        panel: What was known.
        window: First and last date shown.
        ask: Another finding for the same day, through the caller's cache.
    """

    view: View
    panel: Panel
    window: tuple[dt.date, dt.date]
    ask: Ask

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

    def levels(self, *keys: str) -> pd.DataFrame:
        """Series side by side on the US trading days that any of them has: NaN where one has none, and no column for one
        of which nothing is known."""
        held = {key: self.panel.columns[key] for key in dict.fromkeys(keys) if key in self.panel}
        if not held:
            raise NotEnoughData(" and ".join(catalogue.get(key).title for key in keys), 0, 1)
        table = pd.concat(held, axis=1, sort=True)
        return table[calendars.on_us_sessions(table.index.to_numpy())]

    def known(self, *keys: str) -> pd.DataFrame:
        """``levels`` of series of which none may be absent.

        Raises:
            NotEnoughData: nothing is known of one of them.
        """
        for key in keys:
            self.panel.series(key)
        return self.levels(*keys)

    def closes(self, key: str) -> pd.Series:
        """One series on US trading days.

        Raises:
            NotEnoughData: nothing is known of it.
        """
        found = self.panel.series(key)
        return found[calendars.on_us_sessions(found.index.to_numpy())]

    def legs_window(self) -> tuple[dt.date, dt.date]:
        """The window of the leg decomposition; before the article its own choice falls back to the shown window."""
        start, end = self.window
        if self.view.legs == "month":
            start = months_before(end, 1)
        elif self.view.legs == "year":
            start = months_before(end, 12)
        elif self.view.legs == "article" and end >= AFTER_ARTICLE:
            start = ARTICLE
        return start, end


@dataclass(frozen=True, slots=True, eq=False)
class Recipe(Generic[T_co]):
    """One finding: its name, the series that a view reads on a day, and how it is measured.

    ``reads`` names the choices that the measure looks at (fields of the view, and ``window``), where they are few: another
    choice then does not measure it again. None is all of them.
    """

    name: str
    keys: Callable[[View, dt.date], Sequence[str]]
    measure: Callable[[Question], T_co]
    says: str
    reads: frozenset[str] | None = None

    def turns_on(self, choice: str) -> bool:
        """Whether the finding may differ with this choice."""
        return self.reads is None or choice in self.reads


def spoken(key: str) -> str:
    """What sentences call a series."""
    label = catalogue.get(key).label
    return label.lower() if key in ("silver", "gold", "copper") else label
