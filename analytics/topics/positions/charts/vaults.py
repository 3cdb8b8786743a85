"""The figure of metal in London's vaults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout
from analytics.render.words import day
from analytics.topics.positions import words
from analytics.topics.positions.measures.vaults import Vaults

LONGEST = 70
"""A line breaks where more than a month's count is absent [days]."""


def vaults(found: tuple[Vaults, ...], papers: Sequence[Papers], ink: Ink) -> Chart:
    """Ounces of each metal that was counted, month by month. Its rows stay here: the Association's terms say so."""
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, height=320, right=70, unit="million ounces in London's vaults"),
    }
    for one in found:
        colour = ink.colour(one.metal)
        line = marks.line(one.months, words.capital(one.metal), colour, number=",.0f", longest=LONGEST)
        figure["data"].append(line | {"mode": "lines+markers", "marker": {"size": 4}})
        marks.end_label(figure, one.months, f"{words.capital(one.metal)} {one.ounces:,.0f}", colour)
    marks.spread_labels(figure, height=250)
    first = found[0]
    reading = words.vaults(found)
    return Chart(
        key="vaults",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Lines of the metal in London's vaults at each month's end. {reading}",
        papers=tuple(papers),
        rule=(
            f"n = {first.n} months · least {first.low:,.0f} on {day(first.low_day)} · count of {day(first.day)}, out "
            f"{day(first.known_at.date())} {first.known_at:%H:%M} New York · not to be downloaded: the LBMA's terms"
        ),
        method=(
            "Members' vaults and the Bank of England's together, at the end of each month, published on the fifth business day of the "
            "next. A fall is not stockpiling elsewhere, nor a rise its absence: metal moves for many reasons, funds' metal in London is "
            "in the count. The LBMA's terms allow personal use and no handing on, so the file offered here has the newest "
            "figures alone, not the rows."
        ),
        rows=_newest(found),
        handed_on=False,
    )


def _newest(found: tuple[Vaults, ...]) -> pd.DataFrame:
    columns = ("metal", "day", "ounces", "month", "year", "low", "low_day")
    table = pd.DataFrame([{name: getattr(one, name) for name in columns} for one in found])
    return table.set_index("metal")
