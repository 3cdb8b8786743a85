"""The figure of silver's term structure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout
from analytics.render.words import day
from analytics.topics.positions import words
from analytics.topics.positions.charts.groups import shown
from analytics.topics.positions.measures.term_structure import TermStructure


def term(found: TermStructure, window: tuple[dt.date, dt.date], papers: Sequence[Papers], ink: Ink) -> Chart:
    """The spread of the nearest two months of delivery through time, beside Treasury bills."""
    path = shown(found.path, window)
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, height=320, right=108, unit="% a year"),
    }
    lines = (("spread", "Later delivery", "silver"), ("bills", "3-month bills", "rates"))
    for column, name, tint in lines:
        line, colour = path[column].dropna(), ink.colour(tint)
        if line.empty:
            continue
        figure["data"].append(marks.line(line, name, colour, number="+.1f"))
        label = f"{name}<br>{line.iloc[-1]:.1f}%".replace("-", "−")
        marks.end_label(figure, line, label, colour)
    marks.spread_labels(figure, height=250, gap=32)
    figure["layout"]["shapes"].append(marks.level(0, ink))
    figure["layout"]["xaxis"]["range"] = [f"{path.index[i]:%Y-%m-%d}" for i in (0, -1)]
    backward = int((path["spread"] < 0).sum())
    reading = words.term(found)
    return Chart(
        key="term",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Lines of what a year's delay adds to silver's price, and of Treasury bills. {reading}",
        papers=tuple(papers),
        rule=(
            f"{day(found.day)}: {found.front:%b %Y} {found.front_price:,.2f}, {found.following:%b %Y} {found.following_price:,.2f} · "
            f"n = {len(path):,} days · backwardation (below zero) on {backward:,} of them"
        ),
        method=(
            "Log of the price for the next main month of delivery over the nearest that has not begun, per year between them. Metal "
            "earns nothing, so a spread near bills is what storage and money cost; one far below says that metal at hand is "
            "wanted. Months are March, May, July, September and December. Yahoo forgets a month soon after it expires; what it "
            "gave once is kept."
        ),
        rows=path.rename_axis("date"),
    )
