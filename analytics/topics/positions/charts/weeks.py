"""Figures of many reports: weekly changes against the price, what came after crowded ones, and Bitcoin's basis trade."""

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
from analytics.topics.positions import words
from analytics.topics.positions.charts.groups import METHOD, SPECULATORS, shown
from analytics.topics.positions.measures.crowding import AHEAD, CROWDED, Crowding
from analytics.topics.positions.measures.following import Following
from analytics.topics.positions.measures.positioning import QUARTER, Positioning

SIDES = {"asset managers": "rates", "leveraged funds": "bitcoin"}
"""The two sides of the basis trade, and their colours."""


def follows(found: Following, papers: Sequence[Papers], ink: Ink) -> Chart:
    """Each week's change of the net long against the price's move; the last quarter's weeks stand out."""
    recent = found.weeks.iloc[-QUARTER:]
    quiet, loud = shade(ink.muted, 0.35), ink.colour(SPECULATORS)
    figure: dict[str, Any] = {
        "data": [_dots(found.weeks.iloc[:-QUARTER], quiet, 5), _dots(recent, loud, 8)],
        "layout": layout(
            ink,
            height=320,
            right=16,
            unit="week's change of the net long, pp of open interest",
            hover="closest",
        ),
    }
    figure["layout"]["xaxis"]["title"] = {
        "text": f"week's move of {found.market}, log %",
        "font": {"size": 12},
    }
    figure["layout"]["shapes"] += [marks.level(0, ink), _upright(ink)]
    return Chart(
        key="following",
        figure=marks.finish(figure, papers),
        reading=words.follows(found),
        alt=f"Dots, one a week: the price's move and the change of {words.of(found.group)} net long. {words.follows(found)}",
        papers=tuple(papers),
        rule=f"n = {found.n:,} weeks between reports · large: the last {len(recent)} · a display, no verdict",
        method="Correlation of the change of the net long from report to report with the price's log return over the same days. It says "
        "that the two go together, not which comes first: a report is only out three days later.",
        rows=found.weeks.rename_axis("report"),
    )


def _dots(weeks: pd.DataFrame, colour: str, size: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": marks.encode(weeks["return"].to_numpy()),
        "y": marks.encode(weeks["change"].to_numpy()),
        "text": [day(week) for week in weeks.index],
        "marker": {"color": colour, "size": size},
        "hovertemplate": "%{text}: price %{x:+.1f}%, net long %{y:+.1f} pp<extra></extra>",
    }


def _upright(ink: Ink, at: float = 0.0, dash: str = "solid") -> dict[str, Any]:
    line = {"color": ink.muted, "width": 1, "dash": dash}
    place = {"xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1}
    return {"type": "line", **place, "line": line, "layer": "below"}


def crowding(found: Crowding, market: str, papers: Sequence[Papers], ink: Ink) -> Chart:
    """Each report's net long against the price's move in the quarter after it; filled: quarters that do not overlap."""
    table = found.reports
    crowded, apart = table[table["crowded"] & ~table["apart"]], table[table["apart"]]
    colour = ink.colour("down")
    figure: dict[str, Any] = {
        "data": [
            _after(table[~table["crowded"]], shade(ink.muted, 0.3), 5, "not crowded"),
            _after(crowded, shade(colour, 0.35), 5, "crowded"),
            _after(apart, colour, 9, "crowded, counted"),
        ],
        "layout": layout(
            ink,
            height=320,
            right=16,
            unit=f"move of {market} in the {AHEAD} weeks after, log %",
            hover="closest",
        ),
    }
    named = f"{words.of(found.group)} net long, % of open interest"
    figure["layout"]["xaxis"]["title"] = {"text": named, "font": {"size": 12}}
    figure["layout"]["shapes"].append(marks.level(0, ink))
    now = {True: "the newest report is crowded", False: "the newest report is not crowded"}
    state = f" · {now[found.crowded_now]}" if found.crowded_now is not None else ""
    reading = words.after_crowded(found, market)
    return Chart(
        key="crowding",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Dots, one a report: its net long, and the price's move in the quarter after. {reading}",
        papers=tuple(papers),
        rule=(
            f"reports to {day(table.index[-1])}, whose {AHEAD} weeks are over · "
            f"crowded (red): above {100 * CROWDED:.0f}% of the reports before, {found.n_crowded} of {found.n:,} · effective n = "
            f"{found.effective_n}: large dots, whose quarters do not overlap; {found.fell:.0f}% of them fell{state} · a display, no verdict"
        ),
        method=(
            f"A report is judged by those before it alone. What came after is the price's log return over {AHEAD} weeks from the first "
            "close after the report was out. Quarters of neighbouring reports share most of their days, so only those that do not "
            "overlap count as separate."
        ),
        rows=table.rename_axis("report"),
    )


def _after(reports: pd.DataFrame, colour: str, size: int, name: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": marks.encode(reports["share"].to_numpy()),
        "y": marks.encode(reports["after"].to_numpy()),
        "text": [day(report) for report in reports.index],
        "marker": {"color": colour, "size": size},
        "hovertemplate": f"%{{text}} ({name}): net long %{{x:.1f}}%, then %{{y:+.1f}}%<extra></extra>",
    }


def basis(found: Positioning, window: tuple[dt.date, dt.date], papers: Sequence[Papers], ink: Ink) -> Chart:
    """Bitcoin's leveraged funds against asset managers, through time."""
    weeks = shown(found.weeks, window)
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, height=320, right=108, unit="net position, % of open interest"),
    }
    for name, tint in SIDES.items():
        colour = ink.colour(tint)
        figure["data"].append(marks.line(weeks[name], words.capital(name), colour, number="+.1f", longest=30))
        label = f"{words.capital(name)}<br>{weeks[name].iloc[-1]:+.0f}%".replace("-", "−")
        marks.end_label(figure, weeks[name], label, colour)
    marks.spread_labels(figure, height=250, gap=32)
    figure["layout"]["shapes"].append(marks.level(0, ink))
    figure["layout"]["xaxis"]["range"] = [f"{weeks.index[i]:%Y-%m-%d}" for i in (0, -1)]
    reading = words.basis(found)
    return Chart(
        key="basis",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Lines of the net position of leveraged funds and asset managers in Bitcoin futures. {reading}",
        papers=tuple(papers),
        rule=(
            f"report of {day(found.report)}, out {day(found.known_at.date())} {found.known_at:%H:%M} New York, {found.age} days old · "
            f"{words.BASIS_TRADE}"
        ),
        method=f"{METHOD} How much of a short is hedged is not reported: that most of it is follows from who holds the other side.",
        rows=weeks[list(SIDES)].rename_axis("report"),
    )
