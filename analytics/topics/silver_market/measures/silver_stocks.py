"""Visible stocks of silver by place, and silver's side of claim 17: how many years of demand they would cover, each
ounce counted once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analytics.published import silver
from analytics.published.silver import Figure, Stock

VAULTS = ("london", "cme", "sge", "shfe", "other")
PLACES = {
    "london": "London vaults",
    "cme": "CME",
    "sge": "Shanghai Gold Exchange",
    "shfe": "Shanghai Futures Exchange",
    "other": "other exchanges",
    "etp": "funds, wherever stored",
}
FUNDS, FUNDS_IN_LONDON = "etp", "etp_in_london"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Stocks over a year's demand.

    Attributes:
        years: stock / demand.
        stock: [million ounces].
        demand: Of one year [million ounces].
        day: The day that the stocks describe.
        places: Where they lie; fewer than all where not all had been published.
        sentence: What it counts and what it leaves out.
        sources: One line each.
    """

    years: float
    stock: float
    demand: float
    day: dt.date
    places: tuple[str, ...]
    sentence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleStocks:
    """Metal that can be seen, as published by a day.

    Attributes:
        stocks: By place and day; funds are one place wherever their metal lies.
        funds_in_london: The part of the funds that London's vaults hold; None where it was not published.
        funds_elsewhere: The rest of the funds [million ounces]; None likewise.
        sentence: What a reader sees: London's vaults, first and last.
    """

    stocks: tuple[Stock, ...]
    funds_in_london: Stock | None
    funds_elsewhere: float | None
    sentence: str


def visible_stocks(known_by: dt.date) -> VisibleStocks | None:
    """All published stocks; None before the first."""
    found = silver.stocks(known_by)
    if not found:
        return None
    inside = next((s for s in reversed(found) if s.place == FUNDS_IN_LONDON), None)
    funds = next((s for s in reversed(found) if inside and (s.place, s.day) == (FUNDS, inside.day)), None)
    order = (*VAULTS, FUNDS)
    return VisibleStocks(
        stocks=tuple(
            sorted((s for s in found if s.place in order), key=lambda s: (order.index(s.place), s.day))
        ),
        funds_in_london=inside,
        funds_elsewhere=round(funds.value - inside.value, 6) if funds and inside else None,
        sentence=_london([s for s in found if s.place == "london"]),
    )


def _london(held: list[Stock]) -> str:
    if not held:
        return "No figure of London's vaults had been published by then."
    first, last = held[0], held[-1]
    text = f"London's vaults held {last.value:,.0f} million ounces on {last.day:%-d %b %Y}"
    if first is last:
        return f"{text}."
    change = 100 * (last.value / first.value - 1)
    kind = "more" if change > 0 else "less"
    return f"{text}, {abs(change):.0f}% {kind} than on {first.day:%-d %b %Y}."


def silver_cover(known_by: dt.date) -> Cover | None:
    """Stocks of the latest day with the most places, over the demand of the latest completed year (a forecast
    where no completed one is carried); None where either had not been published.

    Funds count without the part that lies in London's vaults, which London's figure holds; what else of them
    lies in a counted vault is not published, so the cover is at most what is stated.
    """
    demand = _demand(known_by)
    stocks = silver.stocks(known_by)
    if demand is None or not stocks:
        return None
    day = max((s.day for s in stocks), key=lambda d: (sum(s.day == d for s in stocks), d))
    then = {s.place: s for s in stocks if s.day == day}
    counted = {place: then[place].value for place in VAULTS if place in then}
    if FUNDS in then and FUNDS_IN_LONDON in then:
        counted[FUNDS] = then[FUNDS].value - then[FUNDS_IN_LONDON].value
    stock = sum(counted.values())
    return Cover(
        years=stock / demand.value,
        stock=stock,
        demand=demand.value,
        day=day,
        places=tuple(counted),
        sentence=_sentence(stock, demand, day, tuple(counted)),
        sources=_sources(then, demand),
    )


def _demand(known_by: dt.date) -> Figure | None:
    figures = silver.known("demand", known_by)
    completed = [figure for figure in figures if not figure.forecast]
    return (completed or list(figures))[-1] if figures else None


def _sources(then: dict[str, Stock], demand: Figure) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(stock.source for stock in then.values()), demand.source]))


def _sentence(stock: float, demand: Figure, day: dt.date, places: tuple[str, ...]) -> str:
    year = f"the demand {'forecast for' if demand.forecast else 'of'} {demand.year}"
    absent = [place for place in (*VAULTS, FUNDS) if place not in places]
    stocks = f"visible stocks of {stock:,.0f} million ounces on {day:%-d %b %Y}"
    said = f"{stocks} are {stock / demand.value:.1f} years of {year}"
    return (
        f"{said}; not published by then: {', '.join(PLACES[place] for place in absent)}."
        if absent
        else f"{said}."
    )
