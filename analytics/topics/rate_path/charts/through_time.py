"""What was priced, through time: moves to a year's end, and the odds of one meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day
from analytics.topics.rate_path.charts.odds import OUTCOME_COLOURS
from analytics.topics.rate_path.words import moves_words

LONGEST_REST = 5
"""Futures rest at most a long weekend; lines and areas stop at a longer hole [days]."""


def moves_line(found: pd.Series, year: int, papers: Sequence[Papers], ink: Ink, begins: str) -> Chart:
    """Moves priced to the end of a year, through time: below zero are cuts, above are hikes."""
    line = found.dropna()
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, unit="moves of 25 bp: above zero hikes, below zero cuts", height=300),
    }
    for run in marks.runs(line, LONGEST_REST):
        figure["data"] += [
            _area(run.clip(upper=0), "easing", ink),
            _area(run.clip(lower=0), "tightening", ink),
        ]
    figure["data"].append(
        marks.line(line, "priced", ink.text, number="+.2f", width=1.6, longest=LONGEST_REST)
    )
    figure["layout"]["shapes"].append(marks.level(0, ink))
    last = float(line.iloc[-1])
    marks.end_label(figure, line, moves_words(last), ink.colour("easing" if last < 0 else "tightening"))
    reading = (
        f"{moves_words(last).capitalize()} were priced to the end of {year} on {day(line.index[-1].date())}."
    )
    return Chart(
        key="moves",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Line of the moves priced to the end of {year}, by day. {reading}",
        papers=tuple(papers),
        rule=f"n = {len(line):,} days · {begins}",
        method="From the rate before the next meeting to the rate after the year's last meeting, in steps of 25 bp.",
        rows=found.rename("moves").to_frame(),
    )


def _area(side: pd.Series, colour: str, ink: Ink) -> dict[str, Any]:
    fill: dict[str, Any] = {
        "fill": "tozeroy",
        "fillcolor": shade(ink.colour(colour), 0.18),
        "hoverinfo": "skip",
        "hovertemplate": None,
    }
    return marks.line(side, colour, ink.colour(colour), width=0, **fill)


def odds(found: pd.DataFrame, meeting: dt.date, papers: Sequence[Papers], ink: Ink, begins: str) -> Chart:
    """The odds of a cut, of no move and of a hike at one meeting, through time."""
    shown = found.dropna()
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, unit="% probability", height=300)}
    for name, tone in OUTCOME_COLOURS.items():
        colour = ink.colour(tone)
        figure["data"].append(marks.line(shown[name], name, colour, number=".1f", longest=LONGEST_REST))
        marks.end_label(figure, shown[name], f"{name} {shown[name].iloc[-1]:.0f}%", colour)
    figure["layout"]["yaxis"]["range"] = [-3, 103]
    marks.spread_labels(figure, height=230)
    last = shown.iloc[-1]
    reading = (
        f"For {day(meeting)} the market priced a cut at {last['cut']:.0f}%, no move at {last['hold']:.0f}% and a hike at "
        f"{last['hike']:.0f}% on {day(shown.index[-1].date())}."
    )
    return Chart(
        key="odds",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Lines of the odds of a cut, hold and hike at the meeting of {day(meeting)}. {reading}",
        papers=tuple(papers),
        rule=f"n = {len(shown):,} days · the meeting's own move, whatever comes before it · {begins}",
        method="x = (rate after − rate before) / 25 bp; k = floor(x) moves have probability 1 − frac(x), k + 1 has frac(x).",
        rows=found,
    )
