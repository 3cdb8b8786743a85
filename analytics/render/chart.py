"""A chart: a figure, the sentence that it shows, and its papers; and the few marks that all figures are made of."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analytics.panel import Papers
from analytics.published.dated_events import Event
from analytics.published.provenance import Printed
from analytics.render.theme import Ink, shade

DAY_MS = 86_400_000
LONGEST_GAP = 14
"""A line is not drawn across a longer hole in the data [days]."""
MOST_RULES = 12
SIMULATED = "Simulated demo data"
Source = Papers | Printed
"""What stands behind a number: a series' papers, or those of a published print."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a page shows and a reader can take away.

    Attributes:
        key: Slug, unique on its page; names downloads.
        figure: A Plotly figure as plain JSON-ready data.
        reading: One sentence: what the figure shows now.
        alt: What the figure is, for those who cannot see it.
        papers: Of every series and every print in it.
        rule: Calendar, n and what was done, one line under the chart.
        method: How it is computed, Markdown.
        rows: The figure's derived values, for CSV.
        handed_on: Whether the figure itself may be taken away as a file; False where its points are rows of a source whose terms
            forbid that.
    """

    key: str
    figure: dict[str, Any]
    reading: str
    alt: str
    papers: tuple[Source, ...]
    rule: str
    method: str
    rows: pd.DataFrame = field(repr=False)
    handed_on: bool = True

    @property
    def simulated(self) -> bool:
        return any(paper.simulated for paper in self.papers)


def encode(values: np.ndarray) -> dict[str, str]:
    """Numbers as Plotly's base64 typed array of 4-byte floats: a fifth of the bytes of a list."""
    return {"dtype": "f4", "bdata": base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()}


def daily(series: pd.Series, longest: int = LONGEST_GAP) -> dict[str, Any]:
    """x and y of a line through dated values: a start and a step of one day instead of a list of dates.

    Absent days are NaN that the line passes over; holes longer than ``longest`` days break it.
    """
    if len(series) < 2 or np.median(np.diff(_days(series))) > 5:
        return {"x": [f"{day:%Y-%m-%d}" for day in series.index], "y": encode(series.to_numpy())}
    days = _days(series)
    grid = np.full(days[-1] - days[0] + 1, np.nan)
    grid[days - days[0]] = series.to_numpy()
    holes = _holes(series, longest)
    if len(holes):
        return _with_breaks(series, holes)
    start = f"{series.index[0]:%Y-%m-%d}"
    return {"x0": start, "dx": DAY_MS, "y": encode(grid), "connectgaps": True}


def _holes(series: pd.Series, longest: int) -> np.ndarray:
    return np.flatnonzero(np.diff(_days(series)) > longest) + 1


def runs(series: pd.Series, longest: int) -> list[pd.Series]:
    """The parts of dated values between holes of more than ``longest`` days: Plotly fills an area across a broken line."""
    edges = [0, *_holes(series, longest).tolist(), len(series)]
    return [series.iloc[first:last] for first, last in itertools.pairwise(edges)]


def _with_breaks(series: pd.Series, holes: np.ndarray) -> dict[str, Any]:
    dates: list[str | None] = [f"{stamp:%Y-%m-%d}" for stamp in series.index]
    for hole in holes[::-1].tolist():
        dates.insert(hole, None)
    return {"x": dates, "y": encode(np.insert(series.to_numpy(float), holes, np.nan))}


def _days(series: pd.Series) -> np.ndarray:
    return series.index.to_numpy().astype("datetime64[D]").astype(np.int64)


def line(
    series: pd.Series,
    name: str,
    colour: str,
    *,
    number: str = ",.2f",
    width: float = 1.8,
    longest: int = LONGEST_GAP,
    **more: Any,
) -> dict[str, Any]:
    """A line trace through dated values; SVG, because a browser has only about 16 WebGL contexts."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "line": {"color": colour, "width": width},
        "hovertemplate": f"{name} %{{y:{number}}}<extra></extra>",
        **daily(series, longest),
        **more,
    }


def end_label(
    figure: dict[str, Any], series: pd.Series, text: str, colour: str, *, log: bool = False
) -> None:
    """The line's name at its end, in its colour."""
    if series.empty:
        return
    value = float(series.iloc[-1])
    figure["layout"]["annotations"].append(
        {
            "text": text,
            "x": f"{series.index[-1]:%Y-%m-%d}",
            "y": float(np.log10(value)) if log else value,
            "xanchor": "left",
            "xshift": 5,
            "showarrow": False,
            "align": "left",
            "font": {"size": 12, "color": colour},
        }
    )


def spread_labels(figure: dict[str, Any], height: int = 270, gap: int = 15) -> None:
    """Move end labels apart where they would overlap, by pixels, keeping their order."""
    labels = [
        note for note in figure["layout"]["annotations"] if note.get("xanchor") == "left" and "xshift" in note
    ]
    if len(labels) < 2:
        return
    low, high = figure["layout"]["yaxis"].get("range") or _extent(figure)
    labels.sort(key=lambda note: note["y"])
    places = [(note["y"] - low) / max(high - low, 1e-12) * height for note in labels]
    moved = list(places)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    overshoot = (moved[-1] - places[-1]) / 2
    for note, place, new in zip(labels, places, moved, strict=True):
        note["yshift"] = round(new - place - overshoot, 1)


def _extent(figure: dict[str, Any]) -> tuple[float, float]:
    values = []
    for trace in figure["data"]:
        y = trace.get("y")
        if isinstance(y, dict):
            values.append(np.frombuffer(base64.b64decode(y["bdata"]), "<f4"))
    every = np.concatenate(values) if values else np.array([0.0, 1.0])
    if figure["layout"]["yaxis"].get("type") == "log":
        every = np.log10(every)
    return float(np.nanmin(every)), float(np.nanmax(every))


def events(figure: dict[str, Any], known: Sequence[Event], first: dt.date, last: dt.date, ink: Ink) -> None:
    """Thin dated rules with a mark at their foot; hovering the mark tells the event. A picture full of rules hides its
    lines, so at most MOST_RULES are drawn: the newest, since those are what the reader asks about."""
    shown = [event for event in known if first <= event.day <= last][-MOST_RULES:]
    if not shown:
        return
    figure["layout"]["shapes"] += [_rule(event, ink) for event in shown]
    figure["data"].append(_event_points(shown, ink))


def _rule(event: Event, ink: Ink) -> dict[str, Any]:
    day = event.day.isoformat()
    stroke = {"color": shade(ink.muted, 0.5), "width": 1, "dash": "dot"}
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": day,
        "x1": day,
        "y0": 0,
        "y1": 1,
        "line": stroke,
    }


def _event_points(shown: Sequence[Event], ink: Ink) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [event.day.isoformat() for event in shown],
        "y": [0.0 for _ in shown],
        "yaxis": "y2",
        "marker": {"symbol": "triangle-up", "size": 7, "color": ink.muted},
        "text": [f"{event.day.day} {event.day:%b %Y}: {event.title}" for event in shown],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def band_shape(low: float, high: float, ink: Ink) -> dict[str, Any]:
    """A horizontal band across the whole plot."""
    return {
        "type": "rect",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": low,
        "y1": high,
        "fillcolor": shade(ink.muted, 0.13),
        "line": {"width": 0},
        "layer": "below",
    }


def level(value: float, ink: Ink) -> dict[str, Any]:
    """A thin horizontal rule at a value."""
    stroke = {"color": ink.muted, "width": 1}
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": stroke,
        "layer": "below",
    }


def finish(figure: dict[str, Any], papers: Sequence[Source]) -> dict[str, Any]:
    """The last touches: a hidden second axis for events, and the simulated mark where it belongs."""
    figure["layout"].setdefault(
        "yaxis2", {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}
    )
    if any(paper.simulated for paper in papers):
        figure["layout"]["margin"]["t"] = 42  # a line of its own: beside the unit it would collide on a phone
        figure["layout"]["annotations"].append(
            {
                "text": SIMULATED,
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "yshift": 22,
                "showarrow": False,
                "font": {"size": 12, "color": figure["layout"]["font"]["color"]},
            }
        )
    return figure
