"""The figure of acceleration: the backward sup-ADF statistic by week, with what it had to exceed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analytics.catalogue import Series
from analytics.errors import NotEnoughData
from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day
from analytics.topics.pair.measures.acceleration import Acceleration

METHOD = (
    "Weekly (Friday) log closes, a test for explosive growth in every window of at least the smallest length that ends in a "
    "tested week (Phillips, Shi and Yu 2015); the largest t counts. Its p is the share of wild-bootstrap random walks with "
    "the same drift and the same sizes of weekly moves whose largest t over the same weeks is as high: the usual table for "
    "independent shocks raises a false alarm on 29% of such walks."
)


def acceleration(
    found: Acceleration, series: Series, papers: Papers, window: tuple[dt.date, dt.date], ink: Ink
) -> Chart:
    """The statistic at every Friday shown; only the last weeks answer, against the dashed line.

    Raises:
        NotEnoughData: no tested Friday in the window.
    """
    path = found.bsadf.loc[str(window[0]) : str(window[1])]
    if path.empty:
        raise NotEnoughData(f"Weeks of {found.name} in the window shown", 0, 1)
    colour = ink.colour(series.colour)
    figure: dict[str, Any] = {
        "data": [marks.line(path, "statistic", colour, number=".2f")],
        "layout": layout(ink, height=280, unit="t of the most explosive stretch that ends then", right=44),
    }
    marks.end_label(figure, path, f"{path.iloc[-1]:.1f}".replace("-", "−"), colour)
    figure["layout"]["shapes"] += [marks.level(0, ink), *_tested(found, path.index[0].date(), ink)]
    low, high = float(path.min()), float(max(path.max(), found.critical))
    room = 0.08 * max(high - low, 1.0)
    figure["layout"]["yaxis"]["range"] = [low - room, high + room]
    above = found.inference.statistic > found.critical
    verb = "passes" if above else "stays below"
    stretch = f"{day(found.tested_from)} to {day(found.last)}"
    reading = f"From {stretch} the statistic reached {found.inference.statistic:.1f} and {verb} the {found.critical:.1f} of random walks."
    reading = reading.replace(" -", " −")
    return Chart(
        key="acceleration",
        figure=marks.finish(figure, (papers,)),
        reading=reading,
        alt=f"Line of the backward sup-ADF statistic of {series.label} by week, with the tested weeks shaded. {reading}",
        papers=(papers,),
        rule=(
            f"n = {found.inference.n} weeks, windows of {found.smallest_window} or more · shaded: the weeks that may answer · "
            f"dashed: 5% critical value of {found.draws} random walks as volatile, for those weeks only"
        ),
        method=METHOD,
        rows=found.bsadf.rename("statistic").to_frame(),
    )


def _tested(found: Acceleration, first: dt.date, ink: Ink) -> list[dict[str, Any]]:
    """The weeks that may answer, and what their largest statistic must exceed."""
    begin, end = max(found.tested_from, first).isoformat(), found.last.isoformat()
    where = {"xref": "x", "x0": begin, "x1": end}
    return [
        {
            "type": "rect",
            "yref": "paper",
            **where,
            "y0": 0,
            "y1": 1,
            "fillcolor": shade(ink.muted, 0.13),
            "line": {"width": 0},
            "layer": "below",
        },
        {
            "type": "line",
            **where,
            "y0": found.critical,
            "y1": found.critical,
            "line": {"color": ink.text, "width": 1.6, "dash": "dash"},
        },
    ]
