"""The Silver market page's figure of visible stocks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analytics.published import provenance as printed
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout
from analytics.topics.silver_market.charts.silver_market import UNIT
from analytics.topics.silver_market.measures.silver_stocks import PLACES, VisibleStocks


def stocks(found: VisibleStocks, ink: Ink) -> Chart:
    """Visible stocks by place, each with the day that it describes; the funds' metal in London is in both bars."""
    names = [f"{PLACES[s.place]}, {s.day:%b %Y}" for s in found.stocks][::-1]
    colours = [ink.colour("equities" if s.place == "etp" else "silver") for s in found.stocks][::-1]
    values = [s.value for s in found.stocks][::-1]
    figure: dict[str, Any] = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": values,
                "marker": {"color": colours},
                "text": [f"{value:,.0f}" if value >= 100 else f"{value:,.1f}" for value in values],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y}: %{x:,.1f}<extra></extra>",
            }
        ],
        "layout": layout(ink, height=90 + 30 * len(names), right=52, unit=UNIT, hover="closest"),
    }
    figure["layout"]["xaxis"]["rangemode"] = "tozero"
    behind = [*found.stocks, *([found.funds_in_london] if found.funds_in_london else [])]
    twice = ""
    if found.funds_in_london is not None and found.funds_elsewhere is not None:
        inside = found.funds_in_london.value
        twice = f" · about {inside:,.0f} of the funds' metal lies in London and is in both bars, {found.funds_elsewhere:,.0f} elsewhere"
    return Chart(
        key="stocks",
        figure=marks.finish(figure, ()),
        reading=found.sentence,
        alt=f"Bars of visible silver stocks by place and day. {found.sentence}",
        papers=printed.of_stocks(behind),
        rule=f"as published, n = {len(found.stocks)}{twice}",
        method=(
            "Vaults and exchanges as they publish them; funds wherever their metal lies. A vault's total moves for many "
            "reasons: its fall is not stockpiling, and its rise not the absence of it (claim 20 is not measurable)."
        ),
        rows=pd.DataFrame(
            [
                {
                    "place": s.place,
                    "day": s.day,
                    "million_ounces": s.value,
                    "printed": s.printed,
                    "source": s.source,
                }
                for s in behind
            ]
        ).set_index("place"),
    )
