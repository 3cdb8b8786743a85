"""The Silver market page's other figures: demand by use, growth, mine output beside prices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.errors import NotPublished
from analytics.panel import Papers
from analytics.published import provenance as printed
from analytics.render import chart as marks
from analytics.render.chart import Chart, Source
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day, percent
from analytics.topics.silver_market.charts.silver_market import ACCOUNTING, UNIT, category, number
from analytics.topics.silver_market.measures.silver_balance import SilverBalance
from analytics.topics.silver_market.measures.silver_prints import USES, SilverPrints
from analytics.topics.silver_market.measures.silver_readings import SPAN

USE_NAMES = {
    "photovoltaic": "photovoltaics",
    "industrial": "other industry",
    "jewellery": "jewellery",
    "silverware": "silverware",
    "photography": "photography",
    "coin_bar": "coins and bars",
}
USE_COLOURS = {
    "photovoltaic": "gold",
    "industrial": "rates",
    "jewellery": "copper",
    "silverware": "silver",
    "photography": "context",
    "coin_bar": "equities",
}


def mix(found: SilverPrints, ink: Ink) -> Chart:
    """Demand by use.

    Raises:
        NotPublished: no print shown carries all uses of a year.
    """
    if found.mix.empty:
        carried = sorted({f.item for v in found.prints for f in v.figures if f.item in USES})
        uses = " and ".join(USE_NAMES[item].replace("other industry", "industry") for item in carried)
        more = f"; those known by {day(found.known_by)} give {uses} only" if uses else ""
        raise NotPublished(f"No print shown carries all five uses of a year's demand{more}.")
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, height=320, right=104, unit=UNIT)}
    years = [f"{year}" for year in found.mix.index]
    for use in found.mix:
        figure["data"].append(_stack(str(use), found, years, ink))
    figure["layout"] |= {"barmode": "stack", "bargap": 0.3}
    _stack_labels(figure, found, ink)
    category(figure, years)
    reading = _mix_reading(found)
    return Chart(
        key="mix",
        figure=marks.finish(figure, ()),
        reading=reading,
        alt=f"Stacked bars of silver's demand by use and year. {reading}",
        papers=printed.of_figures(found.mix_figures),
        rule=f"years whose five uses stand in one print, n = {len(years)} · shares of the five uses together",
        method=ACCOUNTING,
        rows=found.mix.rename_axis("year").join(found.shares.add_suffix("_percent")),
    )


def _stack(use: str, found: SilverPrints, years: Sequence[str], ink: Ink) -> dict[str, Any]:
    name = USE_NAMES[use]
    return {
        "type": "bar",
        "name": name,
        "x": list(years),
        "y": [None if pd.isna(value) else float(value) for value in found.mix[use]],
        "marker": {"color": ink.colour(USE_COLOURS[use])},
        "customdata": [None if pd.isna(value) else f"{value:.0f}%" for value in found.shares[use]],
        "hovertemplate": f"{name} %{{y:,.0f}} (%{{customdata}})<extra></extra>",
    }


def _stack_labels(figure: dict[str, Any], found: SilverPrints, ink: Ink) -> None:
    """The uses' names beside the last bar, at the middle of their parts."""
    last = found.mix.iloc[-1].fillna(0.0)
    middles = last.cumsum() - last / 2
    for use in found.mix:
        figure["layout"]["annotations"].append(
            {
                "text": USE_NAMES[str(use)],
                "x": 1,
                "xref": "paper",
                "y": float(middles[use]),
                "xanchor": "left",
                "xshift": 4,
                "showarrow": False,
                "font": {"size": 12, "color": ink.colour(USE_COLOURS[str(use)])},
            }
        )
    figure["layout"]["yaxis"]["tickformat"] = ","
    figure["layout"]["yaxis"]["range"] = [0, float(found.mix.sum(axis=1).max()) * 1.05]
    marks.spread_labels(figure, height=250)


def _mix_reading(found: SilverPrints) -> str:
    shares = found.shares.fillna(0.0)
    industry = shares["photovoltaic"] + shares["industrial"]
    first, last = shares.index[0], shares.index[-1]
    text = f"Industry took {industry[last]:.0f}% of demand in {last}"
    if first != last:
        text += f", {industry[first]:.0f}% in {first}"
    return f"{text}; photovoltaics alone {shares.loc[last, 'photovoltaic']:.0f}%."


def spans(found: SilverBalance, threshold: float, ink: Ink) -> Chart:
    """Claim 21's gap from every base year, with the threshold.

    Raises:
        NotPublished: the survey known then carries no totals of two completed years.
    """
    if not found.spans or found.survey is None:
        raise NotPublished(found.supply_gap.sentence)
    last = max(found.spans) + 1
    base = last - SPAN
    colour = ink.colour("rates")
    figure: dict[str, Any] = {
        "data": [
            {
                "type": "bar",
                "x": [f"{year}" for year in found.spans],
                "y": list(found.spans.values()),
                "marker": {
                    "color": [colour if year == base else shade(colour, 0.35) for year in found.spans]
                },
                "text": [f"{gap:+.0f}".replace("-", "−") for gap in found.spans.values()],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "from %{x}: %{y:+.1f} points<extra></extra>",
            }
        ],
        "layout": layout(
            ink, height=300, right=12, unit="pp: growth of supply less growth of demand", hover="closest"
        ),
    }
    category(figure, [f"{year}" for year in found.spans])
    figure["layout"]["xaxis"]["title"] = {"text": f"base year, to {last}", "font": {"size": 12}}
    figure["layout"]["shapes"] += [marks.level(0, ink), marks.level(threshold, ink) | {"line": _dashed(ink)}]
    figures = [f for f in found.survey.figures if f.item in ("supply", "demand") and not f.forecast]
    behind = sum(gap < threshold for gap in found.spans.values())
    reading = f"{found.supply_gap.sentence.rstrip('.')}; {behind} of {len(found.spans)} base years give a gap beyond {number(threshold, 1)}."
    return Chart(
        key="spans",
        figure=marks.finish(figure, ()),
        reading=reading,
        alt=f"Bars of growth of supply less growth of demand to {last}, by base year. {reading}",
        papers=printed.of_figures(figures),
        rule=f"completed years of one survey · dark: the five years of claim 21 · dashed: its threshold of {number(threshold, 1)} points",
        method="100 × (supply of the last completed year / supply of the base year − demand likewise). One base year can decide the sign.",
        rows=pd.DataFrame({"gap_pp": found.spans}).rename_axis("base_year"),
    )


def _dashed(ink: Ink) -> dict[str, Any]:
    return {"color": ink.muted, "width": 1.4, "dash": "dash"}


def mine_and_price(found: SilverBalance, price: Papers, ink: Ink) -> Chart:
    """Change of mine output beside the change of silver's mean price: a display of claim 18's second half.

    Raises:
        NotPublished: the survey known then carries no two years of mine output in a row.
    """
    table = found.mine_and_price
    if table.empty or found.survey is None:
        raise NotPublished(
            f"The survey known on {day(found.known_by)} carries no two years of mine output in a row."
        )
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, height=300, right=12, unit="% change on the year before"),
    }
    for column, name, tint in (("price", "mean price", "silver"), ("mine", "mine output", "copper")):
        figure["data"].append(
            {
                "type": "bar",
                "name": name,
                "x": [f"{year}" for year in table.index],
                "y": [None if pd.isna(value) else round(float(value), 2) for value in table[column]],
                "marker": {"color": ink.colour(tint)},
                "hovertemplate": f"{name} %{{y:+.1f}}%<extra></extra>",
            }
        )
    figure["layout"] |= {"barmode": "group", "bargap": 0.25, "showlegend": True}
    figure["layout"]["legend"] = {"orientation": "h", "x": 0, "y": -0.14, "yanchor": "top"}
    figure["layout"]["margin"]["b"] = 64
    figure["layout"]["shapes"].append(marks.level(0, ink))
    category(figure, [f"{year}" for year in table.index])
    last = table.iloc[-1]
    price_moved = (
        ""
        if pd.isna(last["price"])
        else f" while the mean price changed by {percent(float(last['price']), 0)}"
    )
    reading = f"Mine output changed by {percent(float(last['mine']))} in {table.index[-1]}{price_moved}."
    figures = [f for f in found.survey.figures if f.item == "mine" and not f.forecast]
    papers: tuple[Source, ...] = (price, *printed.of_figures(figures))
    return Chart(
        key="mine_and_price",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Paired bars of the yearly change of mine output and of silver's mean price. {reading}",
        papers=papers,
        rule=f"n = {len(table)} years · display only: so few points give no elasticity",
        method="Mine output of completed years in the survey known on the day, and the mean of silver's closes of each whole calendar year; change on the year before.",
        rows=table.rename(columns={"mine": "mine_percent", "price": "price_percent"}).rename_axis("year"),
    )
