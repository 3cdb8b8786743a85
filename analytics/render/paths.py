"""Mean paths after events, with the band around any day's path."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analytics.render import chart as marks
from analytics.render.theme import Ink, layout, shade
from analytics.stats.event_study.event_paths import EventPath


def figure(path: EventPath, ink: Ink, colour: str, name: str, axis: str) -> dict[str, Any]:
    """The mean path after events, any day's path with its simultaneous band, both labelled at their end.

    Args:
        path: From the measure.
        ink: Colours.
        colour: Of the mean path.
        name: Label of the mean path.
        axis: Title of the x axis.
    """
    made: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, unit="mean log return since the event, pp", right=100, hover="x unified"),
    }
    shared: dict[str, Any] = {"type": "scatter", "mode": "lines", "x0": 1, "dx": 1}
    made["data"] += band(
        path.unconditional - path.band, path.unconditional + path.band, shade(ink.muted, 0.16)
    )
    made["data"] += [
        {
            **shared,
            "y": marks.encode(path.unconditional),
            "name": "any day",
            "line": {"color": ink.muted, "width": 1.4, "dash": "dot"},
            "hovertemplate": "any day %{y:.1f}<extra></extra>",
        },
        {
            **shared,
            "y": marks.encode(path.mean),
            "name": "after events",
            "line": {"color": colour, "width": 2.2},
            "hovertemplate": "after events %{y:.1f}<extra></extra>",
        },
    ]
    label(made, int(path.days[-1]), float(path.mean[-1]), name, colour)
    label(made, int(path.days[-1]), float(path.unconditional[-1]), "any day", ink.muted)
    made["layout"]["xaxis"] |= {"title": {"text": axis, "font": {"size": 12}}}
    return made


def band(low: np.ndarray, high: np.ndarray, colour: str, first: int = 1) -> list[dict[str, Any]]:
    """Two edges and what is between them."""
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x0": first,
        "dx": 1,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    return [
        {**edge, "y": marks.encode(low)},
        {**edge, "y": marks.encode(high), "fill": "tonexty", "fillcolor": colour},
    ]


def label(figure: dict[str, Any], x: int, y: float, text: str, colour: str) -> None:
    """A line's name at its end."""
    figure["layout"]["annotations"].append(
        {
            "text": text,
            "x": x,
            "y": y,
            "xanchor": "left",
            "xshift": 5,
            "showarrow": False,
            "font": {"size": 12, "color": colour},
        }
    )


def table(path: EventPath) -> pd.DataFrame:
    """The path's numbers for CSV."""
    return pd.DataFrame(
        {"mean": path.mean, "unconditional": path.unconditional, "other": path.other, "band": path.band},
        index=pd.Index(path.days, name="day"),
    )
