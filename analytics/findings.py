"""Which measure is asked of which series: one row a finding, read by the pages and by ``python -m analytics measure``.

Nothing is computed here: each row names the series that a view needs and hands aligned values to a pure measure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.errors import BadChoice
from analytics.instants import day_of
from analytics.measures import divergence, drawdown, league, snapshot
from analytics.measures.snapshot import Snapshot
from analytics.panel import Panel
from analytics.view import ARTICLE, View, months_before

UNIVERSE = (
    "silver", "gold", "copper", "bitcoin", "ether", "sp500", "nasdaq", "dollar_index", "treasury_20y_etf",
    "high_yield_etf", "semiconductors_etf", "clean_energy_etf", "gold_miners_etf", "solar_etf",
)  # fmt: skip
"""What the league table ranks: one price a kind of asset; funds that copy a listed price are left out."""
CARDS = ("real_yield_10y", "dollar_index")


@dataclass(frozen=True, slots=True)
class Question:
    """A view with the data it is asked of.

    Attributes:
        view: The reader's choices.
        panel: What was known.
        window: First and last date shown.
    """

    view: View
    panel: Panel
    window: tuple[dt.date, dt.date]

    @property
    def day(self) -> dt.date:
        """The as-of day in New York."""
        return day_of(self.panel.as_of)

    @property
    def names(self) -> tuple[str, str]:
        """What sentences call the legs."""
        return _name(self.view.lead), _name(self.view.follow)

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
    """One finding: its name, the series it reads, and how it is measured."""

    name: str
    keys: Callable[[View], Sequence[str]]
    measure: Callable[[Question], Any]
    says: str


def _name(key: str) -> str:
    label = catalogue.get(key).label
    return label.lower() if key in ("silver", "gold", "copper") else label


def _pair(view: View) -> tuple[str, str]:
    return view.lead, view.follow


def _universe(view: View) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*UNIVERSE, *_pair(view))))


def _divergence(question: Question) -> Any:
    legs = question.legs_window()
    return divergence.divergence(
        question.pair(), *question.window, legs_start=legs[0], legs_end=legs[1], names=question.names
    )


def _snapshots(question: Question) -> dict[str, Snapshot]:
    """Cards of every series that is there, the ratio among them; what is not known yet is left out."""
    start, end = question.window
    found = {}
    for key in dict.fromkeys((*_pair(question.view), *CARDS)):
        if key in question.panel:
            row = catalogue.get(key)
            found[key] = snapshot.snapshot(question.panel.series(key), start, end, row.change, row.title)
    pair = question.pair()
    found["ratio"] = snapshot.snapshot(pair["follow"] / pair["lead"], start, end, "return", "The ratio")
    return found


def _league(question: Question) -> Any:
    known = [key for key in _universe(question.view) if key in question.panel]
    closes = pd.concat({key: question.panel.series(key) for key in known}, axis=1, sort=True)
    return league.league(closes, question.window[1])


def _drawdowns(question: Question) -> Any:
    return tuple(
        drawdown.drawdown(question.panel.series(key), *question.window, catalogue.get(key).title)
        for key in _pair(question.view)
    )


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe("divergence", _pair, _divergence, "how far apart the legs are, and which one did it"),
        Recipe("snapshots", lambda view: (*_pair(view), *CARDS), _snapshots, "the Overview's cards"),
        Recipe("league", _universe, _league, "returns over 1w 1m 3m 6m 1y with ranks"),
        Recipe("drawdowns", _pair, _drawdowns, "how far each leg is below its highest close"),
    )
}


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


def plain(finding: Any, rows: bool = False) -> Any:
    """A finding as JSON-ready values.

    Args:
        finding: A frozen finding, or tuples and dictionaries of them.
        rows: Also give tables and series, by date; otherwise only their place is left out.

    Returns:
        Dictionaries, lists, text, numbers and None (for NaN).
    """
    if is_dataclass(finding) and not isinstance(finding, type):
        named = {field.name: getattr(finding, field.name) for field in fields(finding)}
        return plain(named, rows)
    if isinstance(finding, dict):
        return {str(key): plain(value, rows) for key, value in finding.items() if rows or not _is_table(value)}
    if isinstance(finding, list | tuple):
        return [plain(value, rows) for value in finding]
    return _plain_value(finding)


def _is_table(value: Any) -> bool:
    return isinstance(value, pd.DataFrame | pd.Series | np.ndarray)


def _plain_value(value: Any) -> Any:
    if isinstance(value, pd.DataFrame | pd.Series):
        return [_plain_row(label, row) for label, row in (value.to_frame() if isinstance(value, pd.Series) else value).iterrows()]
    if isinstance(value, np.ndarray):
        return [_plain_value(item) for item in value.tolist()]
    if isinstance(value, float | np.floating):
        return None if not np.isfinite(value) else float(value)
    if isinstance(value, np.integer | np.bool_):
        return value.item()
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value


def _plain_row(label: Any, row: pd.Series) -> dict[str, Any]:
    place = label.date().isoformat() if isinstance(label, pd.Timestamp) else str(label)
    return {"at": place, **{str(name): _plain_value(value) for name, value in row.items()}}
