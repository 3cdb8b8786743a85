"""The priced path, and the contracts that it was solved from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analytics import catalogue
from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day
from analytics.topics.rate_path.measures.rate_path import Meeting, RatePath
from analytics.topics.rate_path.words import CAVEATS, path_title


def path(
    found: RatePath,
    earlier: RatePath | None,
    upper: pd.Series,
    lower: pd.Series,
    papers: Sequence[Papers],
    ink: Ink,
    ticks: Mapping[dt.date, float] | None = None,
    dots: pd.Series | None = None,
) -> Chart:
    """The priced path after each meeting against the target range so far.

    Args:
        found: The path.
        earlier: That of another day, dotted; None without.
        upper, lower: The announced range by day [%].
        papers: Of what is drawn.
        ink: Colours.
        ticks: {decision day: what one tick of a contract moves the rate after it [% points]}: a band.
        dots: The Committee's median projections, index first days of the years at whose end they stand [%].
    """
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, unit="%", right=96)}
    since = pd.Timestamp(found.as_of) - pd.DateOffset(months=15)
    figure["data"] += _range_band(lower[since:], upper[since:], ink)
    if earlier is not None:
        figure["data"].append(
            _steps(earlier, f"priced on {day(earlier.as_of)}", ink.colour("context"), 1.2, "dot")
        )
    figure["data"] += _tick_band(found, ticks or {}, ink)
    figure["data"].append(_steps(found, "priced", ink.colour("rates"), 2.4, "solid"))
    figure["data"] += _dots(dots, found, ink)
    ends = [meeting for meeting in found.meetings if meeting.end is not None]
    if ends:
        marks.end_label(
            figure,
            pd.Series([ends[-1].end], index=[pd.Timestamp(ends[-1].date)]),
            f"{ends[-1].end:.2f}%",
            ink.colour("rates"),
        )
    figure["layout"]["shapes"].append(_today(found.as_of, ink))
    rows = pd.DataFrame(
        {
            "start": [meeting.start for meeting in found.meetings],
            "end": [meeting.end for meeting in found.meetings],
            "expected_moves": [meeting.expected_moves for meeting in found.meetings],
            "residual_bp": [meeting.residual_bp for meeting in found.meetings],
            "tick_bp": [_bp((ticks or {}).get(meeting.date)) for meeting in found.meetings],
            "liquid": [meeting.liquid for meeting in found.meetings],
        },
        index=pd.DatetimeIndex([meeting.date for meeting in found.meetings], name="meeting"),
    )
    return Chart(
        key="path",
        figure=marks.finish(figure, papers),
        reading=path_title(found),
        alt=f"Step line of the rate priced after each meeting, with the target range so far as a band. {found.sentence}",
        papers=tuple(papers),
        rule=f"closes of {day(found.as_of)}{_from(found)} · day count: the decision's own day counts {found.count} it · {len(found.meetings)} meetings ahead{_drawn(earlier, ticks, dots)}",
        method=(
            "Each 30-day fed funds future settles on the mean effective rate of its month. Months without a meeting pin the "
            "rate between meetings; from these pins the path is solved back without limit and forward by one month. "
            + " ".join(CAVEATS)
        ),
        rows=rows,
    )


def _bp(points: float | None) -> float | None:
    return None if points is None else 100 * points


def _drawn(earlier: RatePath | None, ticks: Mapping[dt.date, float] | None, dots: pd.Series | None) -> str:
    """What the marks beside the path are."""
    widest = max(ticks.values(), default=0.0) if ticks else 0.0
    return "".join(
        [
            f" · dotted: priced on {day(earlier.as_of)}" if earlier else "",
            f" · band: one contract settling a tick higher or lower, {_bp(widest):.2g} bp at most"
            if widest
            else "",
            " · diamonds: the Committee's median for the year's end"
            if dots is not None and len(dots)
            else "",
        ]
    )


def _tick_band(found: RatePath, ticks: Mapping[dt.date, float], ink: Ink) -> list[dict[str, Any]]:
    """The path a tick lower and higher; an area a run of known meetings, so that none bridges a hole."""
    runs: list[list[Meeting]] = [[]]
    for one in found.meetings:
        if one.end is None:
            runs.append([])
        else:
            runs[-1].append(one)
    style = {"type": "scatter", "mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    fill = {"fill": "tonexty", "fillcolor": shade(ink.colour("rates"), 0.3)}
    return [
        {
            **style,
            "x": [one.date.isoformat() for one in run],
            "y": [(one.end or 0.0) + side * ticks.get(one.date, 0.0) for one in run],
            "name": "a tick",
            **(fill if side > 0 else {}),
        }
        for run in runs
        if len(run) > 1 and ticks
        for side in (-1, 1)
    ]


def _dots(dots: pd.Series | None, found: RatePath, ink: Ink) -> list[dict[str, Any]]:
    """Medians of the years that the path reaches."""
    last = found.meetings[-1].date.year if found.meetings else 0
    shown = (
        {}
        if dots is None
        else {stamp.year: float(value) for stamp, value in dots.items() if stamp.year <= last}
    )
    if not shown:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [f"{year}-12-31" for year in shown],
            "y": list(shown.values()),
            "name": "the Committee's median",
            "marker": {"symbol": "diamond-open", "size": 10, "color": ink.text, "line": {"width": 1.6}},
            "hovertemplate": "the Committee's median for the year's end: %{y:.2f}%<extra></extra>",
        }
    ]


def _from(found: RatePath) -> str:
    """Where the path starts, where that is no contract's word."""
    now = found.observed
    if now is None:
        return ""
    moved = f" and the {100 * now.announced:+.0f} bp announced since" if now.announced else ""
    return f" · from the effective rate of {day(now.day)}{moved}: {now.rate:.2f}%"


def _range_band(lower: pd.Series, upper: pd.Series, ink: Ink) -> list[dict[str, Any]]:
    shared = {"type": "scatter", "mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    colour = shade(ink.colour("rates"), 0.22)
    moved = (lower != lower.shift()) | (upper != upper.shift())
    moved.iloc[-1] = True  # a step needs its corners and its end, not every day between
    dates = [f"{stamp:%Y-%m-%d}" for stamp in lower.index[moved]]
    return [
        {**shared, "x": dates, "y": marks.encode(lower[moved].to_numpy()), "name": "range, lower"},
        {
            **shared,
            "x": dates,
            "y": marks.encode(upper[moved].to_numpy()),
            "name": "target range",
            "fill": "tonexty",
            "fillcolor": colour,
        },
    ]


def _steps(found: RatePath, name: str, colour: str, width: float, dash: str) -> dict[str, Any]:
    """A step line: the rate after each meeting holds until the next; unsolved meetings leave a hole."""
    solved = [meeting for meeting in found.meetings if meeting.start is not None]
    first = solved[0].start if solved and found.meetings[0].start is not None else None
    held = [found.meetings[0].date] if first is not None and found.meetings[0].end is None else []
    dates = [day.isoformat() for day in (found.as_of, *held, *(meeting.date for meeting in found.meetings))]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": dates,
        "y": [first, *(first for _ in held), *(meeting.end for meeting in found.meetings)],
        "name": name,
        "line": {"color": colour, "width": width, "shape": "hv", "dash": dash},
        "marker": {
            "size": 5,
            "color": [
                colour,
                *(colour for _ in held),
                *(colour if meeting.liquid else shade(colour, 0.35) for meeting in found.meetings),
            ],
        },
        "hovertemplate": f"%{{x|%d %b %Y}}: %{{y:.3f}}% {name}<extra></extra>",
    }


def _today(as_of: dt.date, ink: Ink) -> dict[str, Any]:
    stroke = {"color": ink.muted, "width": 1}
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": as_of.isoformat(),
        "x1": as_of.isoformat(),
        "y0": 0,
        "y1": 1,
        "line": stroke,
    }


def inputs_table(found: RatePath) -> pd.DataFrame:
    """Each contract month of the day: price, average, the path through it, the residual, and what is wrong with it."""
    return pd.DataFrame(
        {
            "month": [f"{one.month:%b %Y}" for one in found.months],
            "contract": [catalogue.contract(one.month.year, one.month.month).code for one in found.months],
            "price": [None if one.average is None else 100 - one.average for one in found.months],
            "average %": [one.average for one in found.months],
            "start %": [one.start for one in found.months],
            "end %": [one.end for one in found.months],
            "residual bp": [one.residual_bp for one in found.months],
            "role": ["pin" if one.pinned else "meeting" for one in found.months],
            "note": [one.note for one in found.months],
        }
    ).set_index("month")
