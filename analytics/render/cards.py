"""The Overview's cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from analytics.catalogue import Series
from analytics.render.words import day, percent, points, price
from analytics.stats.snapshot import Snapshot

NOTHING_NEWER = "nothing newer"


@dataclass(frozen=True, slots=True)
class Card:
    """What one metric card says.

    Attributes:
        label: What it is about.
        value: The number.
        change: How far it came, or what kind of number it is.
        note: The day of the number; a reader sees it on the card.
        spark: The way there.
        stale: The day is older than the series' own calendar allows: shown greyed.
    """

    label: str
    value: str
    change: str
    note: str
    spark: list[float]
    stale: bool = False

    def aged(self, stale: bool) -> Card:
        """The same card, greyed with a word where it is stale."""
        return replace(self, note=f"{self.note} · {NOTHING_NEWER}", stale=True) if stale else self


def card(found: Snapshot, series: Series) -> Card:
    """A series as a card: rates in per cent with changes in basis points, prices with changes in per cent."""
    if found.kind == "difference" and series.unit == "%":
        value, change = f"{found.value:.2f}%", points(100 * found.change, "bp")
    elif found.kind == "difference":
        value, change = f"{found.value:,.2f}", points(found.change, series.unit, 2)
    else:
        value, change = price(found.value), percent(found.change)
    return Card(_label(series), value, f"{change} {_since(found)}", f"{day(found.day)}", found.spark.tolist())


def ratio_card(found: Snapshot, label: str) -> Card:
    """The ratio of the pair as a card."""
    change = f"{percent(found.change)} {_since(found)}"
    return Card(label, price(found.value), change, day(found.day), found.spark.tolist())


def priced_card(found: Snapshot, year: int) -> Card:
    """Moves of the Fed priced to the year's end as a card [bp]."""
    bp = round(found.value)
    what = "of hikes" if bp > 0 else "of cuts" if bp < 0 else "no move"
    return Card(f"Priced by Dec {year}", points(bp, "bp"), what, day(found.day), found.spark.tolist())


def coarse_card(moves: float, of: dt.date) -> Card:
    """What one-year bills stand above or below the effective rate [moves of 25 bp], where no contract is held."""
    return Card(
        "Fed, coarse", points(25 * round(moves, 2), "bp"), "1-year bills, with their premium", day(of), []
    )


def _since(found: Snapshot) -> str:
    """The start of the change, short enough for a card on a phone."""
    return f"from {found.since:%b %Y}"


def _label(series: Series) -> str:
    return f"{series.label}, {series.unit}" if series.unit not in ("%", "index", "price") else series.label
