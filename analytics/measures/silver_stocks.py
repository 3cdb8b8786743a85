"""Silver's side of claim 17: how many years of demand the visible stocks would cover, each ounce counted
once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analytics.published import silver
from analytics.published.silver import Figure, Stock

VAULTS = ("london", "cme", "sge", "shfe", "other")
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
    return f"{said}; not published by then: {', '.join(absent)}." if absent else f"{said}."
