"""The silver market in published figures, by the print that they come from. Facts, sources: ``silver.toml``.

All quantities are in million troy ounces. Every figure carries its source, its day of print, and whether it
was taken from a secondary transcription. Nothing is filled: a figure that was not printed is absent.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from analytics.published import dated_events
from analytics.published.dated_events import Event

ITEMS = (
    "supply", "demand", "balance", "mine", "recycling", "industrial", "photovoltaic",
    "jewellery", "silverware", "photography", "coin_bar", "etp",
)  # fmt: skip
SUPPLY_PARTS = ("mine", "recycling")
DEMAND_PARTS = ("industrial", "photography", "jewellery", "silverware", "coin_bar")
NOT_PRINTED = "-"
TOLERANCE = 2.0
"""A sum of rounded figures may miss its rounded total by this many last digits [units of ``precision``]."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number.

    Attributes:
        item: One of ``ITEMS``.
        year: Calendar year that it describes.
        value: The number as printed [million ounces].
        forecast: The year was not over, or not yet counted, when it was printed.
        vintage: Key of the print.
        title: Title of the print.
        printed: Day of the print; the month's last day where only the month is known.
        precision: Last digit printed [million ounces].
        secondary: Taken from a secondary transcription, not from the print itself.
        source: Who says so.
    """

    item: str
    year: int
    value: float
    forecast: bool
    vintage: str
    title: str
    printed: dt.date
    precision: float
    secondary: bool
    source: str


@dataclass(frozen=True, slots=True)
class Vintage:
    """One print of the balance.

    Attributes:
        key, title, printed, precision, secondary, source: As in ``Figure``.
        exact: ``printed`` is the day itself, not the end of its month.
        deficits_since: First year of the unbroken run of deficits that the print speaks of.
        note: What else it said.
        items: What its table covers; an item that it covers and gives no figure for is absent, not older.
        figures: Its numbers, by year and then in the order of the print.
    """

    key: str
    title: str
    printed: dt.date
    exact: bool
    precision: float
    secondary: bool
    deficits_since: int
    note: str
    source: str
    items: tuple[str, ...]
    figures: tuple[Figure, ...]

    def value(self, item: str, year: int) -> float | None:
        """The number printed for an item and year [million ounces]; None where there is none."""
        return next((f.value for f in self.figures if (f.item, f.year) == (item, year)), None)

    def years(self) -> tuple[int, ...]:
        """The years of which it prints anything, rising."""
        return tuple(sorted({figure.year for figure in self.figures}))

    def table(self, item: str) -> dict[int, Figure | None]:
        """An item by year: every year that the print covers, None where no figure was printed or taken."""
        if item not in self.items:
            return {}
        given = {figure.year: figure for figure in self.figures if figure.item == item}
        return {year: given.get(year) for year in self.years()}


@dataclass(frozen=True, slots=True)
class Stock:
    """Visible metal at a place [million ounces]; ``etp_in_london`` lies in ``etp`` and ``london``."""

    place: str
    day: dt.date
    value: float
    printed: dt.date
    exact: bool
    secondary: bool
    source: str


@dataclass(frozen=True, slots=True)
class Share:
    """By-product share of mine output in a year [%]."""

    year: int
    value: float
    printed: dt.date
    secondary: bool
    source: str


@dataclass(frozen=True, slots=True)
class Residual:
    """A printed total that its carried parts do not reach within rounding.

    Attributes:
        year: The year.
        identity: ``balance``, ``supply``, ``demand`` or ``photovoltaic``.
        value: Total minus parts [million ounces].
        explained: Lines that the Survey prints and this file does not carry account for it.
        text: One sentence that names the year and the residual.
    """

    year: int
    identity: str
    value: float
    explained: bool
    text: str


@cache
def _document() -> dict[str, Any]:
    text = files("analytics.published").joinpath("silver.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def vintages() -> tuple[Vintage, ...]:
    """All prints, oldest first."""
    return tuple(sorted((_vintage(row) for row in _document()["vintage"]), key=lambda v: v.printed))


def _vintage(row: dict[str, Any]) -> Vintage:
    rest = {name: value for name, value in row.items() if name not in ("forecast", "columns", "years")}
    return Vintage(**rest, items=tuple(row["columns"]), figures=tuple(_figures(row)))


def _figures(row: dict[str, Any]) -> Iterator[Figure]:
    papers = {name: row[name] for name in ("title", "printed", "precision", "secondary", "source")}
    for year, values in row["years"].items():
        for item, value in zip(row["columns"], values, strict=True):
            if value != NOT_PRINTED:
                forecast = int(year) in row["forecast"]
                yield Figure(item, int(year), float(value), forecast, row["key"], **papers)


def known(item: str, known_by: dt.date) -> tuple[Figure, ...]:
    """One item by rising year, each from the last print up to the end of ``known_by`` that covers it.

    Where that print's figure was not taken the year is absent: an older print's has been superseded.
    """
    latest: dict[int, Figure | None] = {}
    for vintage in vintages():
        if vintage.printed <= known_by:
            latest |= vintage.table(item)
    found = (latest[year] for year in sorted(latest))
    return tuple(figure for figure in found if figure is not None)


def balances(known_by: dt.date) -> tuple[Figure, ...]:
    """The balance by year as known on a day: supply less demand, a deficit negative [million ounces]."""
    return known("balance", known_by)


def by_vintage(item: str, year: int, known_by: dt.date) -> tuple[Figure, ...]:
    """The same item of the same year as each print up to ``known_by`` had it, oldest print first."""
    prints = (vintage for vintage in vintages() if vintage.printed <= known_by)
    return tuple(f for vintage in prints for f in vintage.figures if (f.item, f.year) == (item, year))


def stocks(known_by: dt.date) -> tuple[Stock, ...]:
    """Visible stocks printed by a day, by the day that they describe and then in the file's order."""
    rows = (Stock(**row) for row in _document()["stock"])
    return tuple(sorted((s for s in rows if s.printed <= known_by), key=lambda s: s.day))


def byproduct_share(known_by: dt.date) -> Share | None:
    """The by-product share of mine output, None where it was not yet printed."""
    share = Share(**_document()["byproduct"])
    return share if share.printed <= known_by else None


def policy(known_by: dt.date) -> tuple[Event, ...]:
    """Dated policy events that concern silver: critical minerals and tariffs, oldest first."""
    return dated_events.known(known_by, "minerals", "tariffs")


def check(vintage: Vintage) -> tuple[Residual, ...]:
    """Where the printed totals and the sums of the carried parts differ by more than rounding, by year.

    Four identities are checked wherever all their figures are there: balance = supply - demand; supply >=
    mine + recycling and demand >= its five uses, the rest being official sales and net hedging, which are not
    carried; photovoltaic <= industrial. A residual that those lines cannot account for has ``explained``
    False.
    """
    return tuple(r for year in vintage.years() for r in _residuals(vintage, year))


def _residuals(vintage: Vintage, year: int) -> Iterator[Residual]:
    uncarried = {"supply": "net official sales and net hedging supply", "demand": "net hedging demand"}
    for identity, value in _differences(vintage, year):
        missed = -value if identity == "photovoltaic" else abs(value)
        if missed <= TOLERANCE * vintage.precision + 1e-9:
            continue
        explained = identity in uncarried and value > 0
        reason = f"{uncarried[identity]}, not carried here" if explained else "nothing that the Survey prints"
        miss = f"{identity} differs from its parts by {value:+.1f} million ounces"
        text = f"{vintage.title}, {year}: {miss} ({reason})."
        yield Residual(year, identity, round(value, 6), explained, text)


def _differences(vintage: Vintage, year: int) -> Iterator[tuple[str, float]]:
    """(identity, total minus parts) for the identities whose figures are all printed."""
    totals = {
        "balance": ("balance", {"supply": 1, "demand": -1}),
        "supply": ("supply", dict.fromkeys(SUPPLY_PARTS, 1)),
        "demand": ("demand", dict.fromkeys(DEMAND_PARTS, 1)),
        "photovoltaic": ("industrial", {"photovoltaic": 1}),
    }
    for identity, (total, parts) in totals.items():
        printed = {name: vintage.value(name, year) for name in (total, *parts)}
        found = {name: value for name, value in printed.items() if value is not None}
        if len(found) == len(printed):
            yield identity, found[total] - sum(sign * found[name] for name, sign in parts.items())


@dataclass(frozen=True, slots=True)
class PublishedHigh:
    """A price from before the stored history begins.

    Attributes:
        price: [$/oz].
        when: As a sentence says it.
        source: Who says so.
    """

    price: float
    when: str
    source: str


HIGH_OF_1980 = PublishedHigh(
    50.35, "January 1980", "COMEX intraday high of 18 January 1980, as widely reported"
)
"""The nominal high that stood until October 2025; it stands in for the years before the stored history."""
