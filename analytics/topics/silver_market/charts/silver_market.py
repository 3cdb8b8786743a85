"""The Silver market page's figures of the balance: by year, and by print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import NotPublished
from analytics.published import provenance as printed
from analytics.published.silver import Figure
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day
from analytics.topics.silver_market.measures.silver_prints import SilverPrints, in_words

UNIT = "million ounces"
ACCOUNTING = (
    "Supply: mines, recycling, official sales, hedging. Demand: industry (photovoltaics are a part of it), photography, "
    "jewellery, silverware, coins and net bars, de-hedging. Balance = supply − demand, before exchange-traded products. A "
    "later print restates earlier years; F marks a forecast when it was printed. Sums are checked to within rounding; net "
    "hedging and official sales are not carried, so parts may fall short of a total by as much."
)


def number(value: float, precision: float = 0.1) -> str:
    whole = math.copysign(math.floor(abs(value) + 0.5), value)  # as readers round: 52.5 is 53
    text = f"{whole:,.0f}" if precision >= 1 else f"{value:,.1f}"
    return text.replace("-", "−")


def _year(figure: Figure) -> str:
    return f"{figure.year}F" if figure.forecast else f"{figure.year}"


def _hover(figure: Figure) -> str:
    about = "about " if figure.precision >= 1 else ""
    return f"{_year(figure)}: {about}{number(figure.value, figure.precision)} ({figure.title})"


def _rows(figures: Sequence[Figure]) -> pd.DataFrame:
    """Figures as a table for CSV, each with its print."""
    columns = ("item", "year", "value", "forecast", "title", "printed", "secondary", "source")
    table = pd.DataFrame(
        [{name: getattr(figure, name) for name in columns} for figure in figures], columns=columns
    )
    return table.rename(columns={"value": "million_ounces"}).set_index("item")


def balance(found: SilverPrints, ink: Ink) -> Chart:
    """Supply less demand by year; deficits in red, forecasts paler.

    Raises:
        NotPublished: no print was out.
    """
    if not found.balance:
        raise NotPublished(f"No balance of the silver market had been published by {day(found.known_by)}.")
    figure: dict[str, Any] = {
        "data": [_bars(found.balance, ink)],
        "layout": layout(ink, height=320, right=12, unit=UNIT, hover="closest"),
    }
    category(figure, [_year(f) for f in found.balance])
    figure["layout"]["shapes"].append(marks.level(0, ink))
    reading = _balance_reading(found.balance)
    how = (
        f"as printed in {found.chosen.title}"
        if found.chosen
        else "each year from the last print that covers it"
    )
    return Chart(
        key="balance",
        figure=marks.finish(figure, ()),
        reading=reading,
        alt=f"Bars of silver's balance, supply less demand, by year in million ounces. {reading}",
        papers=printed.of_figures(found.balance),
        rule=f"{how} · before exchange-traded products · F: a forecast when it was printed",
        method=ACCOUNTING,
        rows=_rows(found.balance),
    )


def _balance_reading(figures: Sequence[Figure]) -> str:
    """How many years were short, and which the most."""
    short = [f for f in figures if f.value < 0]
    if len(figures) == 1 or not short:
        return f"{in_words(figures[-1])}."
    which = f"All {len(short)}" if len(short) == len(figures) else f"{len(short)} of the {len(figures)}"
    worst = min(short, key=lambda f: f.value)
    return f"{which} years shown were short of silver, {worst.year} the most: by {number(-worst.value)} million ounces."


def _bars(figures: Sequence[Figure], ink: Ink) -> dict[str, Any]:
    colours = [ink.colour("down" if f.value < 0 else "up") for f in figures]
    return {
        "type": "bar",
        "x": [_year(f) for f in figures],
        "y": [f.value for f in figures],
        "marker": {
            "color": [shade(c, 0.45) if f.forecast else c for c, f in zip(colours, figures, strict=True)],
            "line": {"color": colours, "width": [1.2 if f.forecast else 0 for f in figures]},
        },
        "text": [number(f.value, 1) for f in figures],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [_hover(f) for f in figures],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def category(figure: dict[str, Any], years: Sequence[str]) -> None:
    figure["layout"]["xaxis"] |= {"type": "category", "categoryorder": "array", "categoryarray": list(years)}


def flows(found: SilverPrints, ink: Ink) -> Chart:
    """Supply and demand by year.

    Raises:
        NotPublished: no print with both was out.
    """
    both = (("Supply", found.supply, "up"), ("Demand", found.demand, "down"))
    if not (found.supply and found.demand):
        raise NotPublished("The prints shown carry no totals of supply and demand.")
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, height=300, right=74, unit=UNIT)}
    for name, figures, tint in both:
        figure["data"].append(_points(name, figures, ink.colour(tint)))
        _end(figure, name, figures, ink.colour(tint))
    figure["layout"]["yaxis"]["tickformat"] = ","
    marks.spread_labels(figure, height=230)
    category(figure, list(dict.fromkeys(_year(f) for _, figures, _ in both for f in figures)))
    last = found.demand[-1]
    reading = f"Demand {_is(last)} {number(last.value)} and supply {number(found.supply[-1].value)} million ounces in {last.year}."
    return Chart(
        key="flows",
        figure=marks.finish(figure, ()),
        reading=reading,
        alt=f"Lines of silver's supply and demand by year. {reading}",
        papers=printed.of_figures((*found.supply, *found.demand)),
        rule=_flows_rule(found),
        method=ACCOUNTING,
        rows=_rows((*found.supply, *found.demand)),
    )


def _is(figure: Figure) -> str:
    return "was expected to be" if figure.forecast else "was"


def _flows_rule(found: SilverPrints) -> str:
    """Says for which years the balance comes from a later print than the totals do."""
    totals = {f.year: f for f in found.demand}
    later = [f for f in found.balance if f.year in totals and totals[f.year].printed < f.printed]
    n = f"n = {len(found.demand)} year{'s' if len(found.demand) > 1 else ''}"
    if not later:
        return f"{n} · totals of the same print as the balance"
    said = " and ".join(f"{f.year}" for f in later)
    return f"{n} · the totals of {said} are of an earlier print than the balance: later ones give no totals"


def _points(name: str, figures: Sequence[Figure], colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [_year(f) for f in figures],
        "y": marks.encode(np.array([f.value for f in figures])),
        "line": {"color": colour, "width": 2},
        "marker": {
            "size": 7,
            "color": colour,
            "symbol": ["circle-open" if f.forecast else "circle" for f in figures],
        },
        "customdata": [_hover(f) for f in figures],
        "hovertemplate": f"{name} %{{customdata}}<extra></extra>",
    }


def _end(figure: dict[str, Any], text: str, figures: Sequence[Figure], colour: str, x: str = "") -> None:
    """The line's name at its last point."""
    last = figures[-1]
    figure["layout"]["annotations"].append(
        {
            "text": text,
            "x": x or _year(last),
            "y": last.value,
            "xanchor": "left",
            "xshift": 8,
            "showarrow": False,
            "font": {"size": 12, "color": colour},
        }
    )


def revisions(found: SilverPrints, ink: Ink) -> Chart:
    """The same year's balance, print by print.

    Raises:
        NotPublished: no year stands in two prints yet.
    """
    if not found.revisions:
        raise NotPublished(f"By {day(found.known_by)} no year's balance had been printed twice.")
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, height=320, right=52, unit=UNIT, hover="closest"),
    }
    tints = ("rates", "bitcoin", "equities", "copper", "silver", "gold")
    for (year, figures), tint in zip(sorted(found.revisions.items(), reverse=True), tints, strict=False):
        colour = ink.colour(tint)
        at = [f.printed.isoformat() for f in figures]
        figure["data"].append(
            _points(f"{year}", figures, colour) | {"x": at, "customdata": [_print_hover(f) for f in figures]}
        )
        _end(figure, f"{year}", figures, colour, at[-1])
    marks.spread_labels(figure, height=250)
    figure["layout"]["shapes"].append(marks.level(0, ink))
    used = [f for figures in found.revisions.values() for f in figures]
    reading = _revised(found)
    return Chart(
        key="revisions",
        figure=marks.finish(figure, ()),
        reading=reading,
        alt=f"Lines of the balance of one year as each print had it, by day of print. {reading}",
        papers=printed.of_figures(used),
        rule=f"by day of print · {len(found.prints)} prints known · open rings: a forecast when it was printed",
        method=(
            "Each line is one calendar year; its points are the balances that successive prints gave for it. Where only the "
            "month of a print is known, the month's last day stands. " + ACCOUNTING
        ),
        rows=_rows(used),
    )


def _print_hover(figure: Figure) -> str:
    return f"{number(figure.value, figure.precision)}: {figure.title}"


def _revised(found: SilverPrints) -> str:
    """The year that was restated most."""

    def moved(figures: tuple[Figure, ...]) -> float:
        return abs(figures[-1].value - figures[0].value)

    year, figures = max(found.revisions.items(), key=lambda item: moved(item[1]))
    path = ", then ".join(
        f"{'about ' if f.precision >= 1 else ''}{number(f.value, f.precision)}" for f in figures
    )
    return f"The balance of {year} was printed as {path} million ounces."
