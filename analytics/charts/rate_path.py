"""The Rate path page's figures. Cuts and hikes are symmetrical: blue eases, red tightens, grey holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.charts import chart as marks
from analytics.charts.chart import Chart
from analytics.charts.theme import Ink, layout, shade
from analytics.charts.words import day, percent
from analytics.measures.rate_path import RatePath
from analytics.panel import Papers

CAVEATS = (
    "A contract settles on the mean effective rate of its month, so it cannot show two-sided tails: a 50% chance of two "
    "moves and a certain single move look alike.",
    "Meetings are taken as independent of each other.",
    "The effective rate (EFFR) is not the target range; the distance between them is taken as it is now.",
    "A term premium, small this near, is read as expectation.",
)


def path(found: RatePath, earlier: RatePath | None, upper: pd.Series, lower: pd.Series, papers: Sequence[Papers], ink: Ink) -> Chart:
    """The priced path after each meeting against the target range so far."""
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, unit="%", right=96)}
    since = pd.Timestamp(found.as_of) - pd.DateOffset(months=15)
    figure["data"] += _range_band(lower[since:], upper[since:], ink)
    if earlier is not None:
        figure["data"].append(_steps(earlier, f"priced on {day(earlier.as_of)}", ink.colour("context"), 1.2, "dot"))
    figure["data"].append(_steps(found, "priced", ink.colour("rates"), 2.4, "solid"))
    ends = [meeting for meeting in found.meetings if meeting.end is not None]
    if ends:
        marks.end_label(figure, pd.Series([ends[-1].end], index=[pd.Timestamp(ends[-1].date)]), f"{ends[-1].end:.2f}%", ink.colour("rates"))
    figure["layout"]["shapes"].append(_today(found.as_of, ink))
    rows = pd.DataFrame(
        {
            "start": [meeting.start for meeting in found.meetings],
            "end": [meeting.end for meeting in found.meetings],
            "expected_moves": [meeting.expected_moves for meeting in found.meetings],
            "residual_bp": [meeting.residual_bp for meeting in found.meetings],
            "liquid": [meeting.liquid for meeting in found.meetings],
        },
        index=pd.DatetimeIndex([meeting.date for meeting in found.meetings], name="meeting"),
    )
    return Chart(
        key="path",
        figure=marks.finish(figure, papers),
        reading=found.sentence,
        alt=f"Step line of the rate priced after each meeting, with the target range so far as a band. {found.sentence}",
        papers=tuple(papers),
        rule=f"closes of {day(found.as_of)} · day count: the decision's own day counts {found.count} it · {len(found.meetings)} meetings ahead",
        method=(
            "Each 30-day fed funds future settles on the mean effective rate of its month. Months without a meeting pin the "
            "rate between meetings; from these pins the path is solved back without limit and forward by one month. "
            + " ".join(CAVEATS)
        ),
        rows=rows,
    )


def _range_band(lower: pd.Series, upper: pd.Series, ink: Ink) -> list[dict[str, Any]]:
    shared = {"type": "scatter", "mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    colour = shade(ink.colour("rates"), 0.22)
    dates = [f"{stamp:%Y-%m-%d}" for stamp in lower.index]
    return [
        {**shared, "x": dates, "y": marks.encode(lower.to_numpy()), "name": "range, lower"},
        {**shared, "x": dates, "y": marks.encode(upper.to_numpy()), "name": "target range", "fill": "tonexty", "fillcolor": colour},
    ]


def _steps(found: RatePath, name: str, colour: str, width: float, dash: str) -> dict[str, Any]:
    """A step line: the rate after each meeting holds until the next; unsolved meetings leave a hole."""
    solved = [meeting for meeting in found.meetings if meeting.start is not None]
    dates = [found.as_of.isoformat()] + [meeting.date.isoformat() for meeting in found.meetings]
    first = solved[0].start if solved and found.meetings[0].start is not None else None
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": dates,
        "y": [first, *(meeting.end for meeting in found.meetings)],
        "name": name,
        "line": {"color": colour, "width": width, "shape": "hv", "dash": dash},
        "marker": {"size": 5, "color": [colour, *(colour if meeting.liquid else shade(colour, 0.35) for meeting in found.meetings)]},
        "hovertemplate": f"%{{x|%d %b %Y}}: %{{y:.3f}}% {name}<extra></extra>",
    }


def _today(as_of: dt.date, ink: Ink) -> dict[str, Any]:
    stroke = {"color": ink.muted, "width": 1}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": as_of.isoformat(), "x1": as_of.isoformat(), "y0": 0, "y1": 1, "line": stroke}


def moves_line(found: pd.Series, year: int, papers: Sequence[Papers], ink: Ink, begins: str) -> Chart:
    """Moves priced to the end of a year, through time: below zero are cuts, above are hikes."""
    line = found.dropna()
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, unit="moves of 25 bp: above zero hikes, below zero cuts", height=300)}
    for side, colour in ((line.clip(upper=0), "easing"), (line.clip(lower=0), "tightening")):
        fill: dict[str, Any] = {"fill": "tozeroy", "fillcolor": shade(ink.colour(colour), 0.18), "hoverinfo": "skip", "hovertemplate": None}
        figure["data"].append(marks.line(side, colour, ink.colour(colour), width=0, **fill))
    figure["data"].append(marks.line(line, "priced", ink.text, number="+.2f", width=1.6))
    figure["layout"]["shapes"].append(marks.level(0, ink))
    last = float(line.iloc[-1])
    marks.end_label(figure, line, moves_words(last), ink.colour("easing" if last < 0 else "tightening"))
    reading = f"{moves_words(last).capitalize()} were priced to the end of {year} on {day(line.index[-1].date())}."
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


def moves_words(moves: float) -> str:
    """``1.76 cuts``, ``0.97 hikes``, ``no move``."""
    if abs(moves) < 0.005:
        return "no move"
    return f"{abs(moves):.2f} {'cuts' if moves < 0 else 'hikes'}"


def odds(found: pd.DataFrame, meeting: dt.date, papers: Sequence[Papers], ink: Ink, begins: str) -> Chart:
    """The odds of a cut, of no move and of a hike at one meeting, through time."""
    shown = found.dropna()
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, unit="% probability", height=300)}
    colours = {"cut": ink.colour("easing"), "hold": ink.colour("context"), "hike": ink.colour("tightening")}
    for name, colour in colours.items():
        figure["data"].append(marks.line(shown[name], name, colour, number=".1f"))
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


def reliability(found: Any, papers: Sequence[Papers], ink: Ink, horizon: int) -> Chart:
    """How often what was priced came: one dot a bin of priced probability."""
    bins = found.reliability[horizon]
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, unit="% of times it came", right=20, height=320, hover="closest")}
    figure["data"].append({"type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100], "line": {"color": ink.muted, "dash": "dot", "width": 1}, "hoverinfo": "skip"})
    figure["data"].append(
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [one.forecast for one in bins],
            "y": [one.observed for one in bins],
            "text": [f"{one.n}" for one in bins],
            "textposition": "top center",
            "textfont": {"size": 11, "color": ink.muted},
            "marker": {"color": ink.colour("rates"), "size": 9},
            "hovertemplate": "priced %{x:.0f}%: came %{y:.0f}% of times<extra></extra>",
        }
    )
    figure["layout"]["xaxis"] |= {"title": {"text": "% priced", "font": {"size": 12}}, "range": [-4, 104], "showgrid": True}
    figure["layout"]["yaxis"]["range"] = [-6, 108]
    reading = f"Priced odds {horizon} days before a meeting, and how often they came."
    return Chart(
        key="reliability",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Reliability picture: {reading} Dots on the diagonal are honest odds; numbers are how many odds a dot stands for.",
        papers=tuple(papers),
        rule="odds of cut, hold and hike, pooled in bins · numbers beside the dots: how many odds",
        method="Every decided meeting gives three odds. Odds are binned by size; a bin's height is the share that came true.",
        rows=pd.DataFrame([{"priced": one.forecast, "came": one.observed, "n": one.n} for one in bins]),
    )


def points_change(now: float, before: float | None) -> str:
    """``63.1`` with its change in points, for the table of meetings and ranges."""
    if before is None:
        return f"{now:.1f}"
    return f"{now:.1f} ({percent(now - before).rstrip('%')})"
