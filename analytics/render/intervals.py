"""Estimates with their 95% intervals, one under the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.render.theme import Ink, layout

ROW = 54
"""Height of one row [px]."""


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate.

    Attributes:
        label: What it is of; ``<br>`` breaks the line, so that it fits a phone.
        estimate: [the figure's unit].
        interval: 95% [the figure's unit].
        colour: Of the dot and its whisker.
        faded: Drawn open: beside the point.
    """

    label: str
    estimate: float
    interval: tuple[float, float]
    colour: str
    faded: bool = False


def figure(rows: Sequence[Row], ink: Ink, unit: str, *, digits: int = 2) -> dict[str, Any]:
    """Dots and whiskers, the first row on top, with a rule at zero.

    Args:
        rows: At least one; rows whose estimate is NaN are drawn without a dot.
        ink: Colours.
        unit: Of estimates and intervals, above the figure.
        digits: Decimals of the numbers beside the dots.
    """
    made: dict[str, Any] = {
        "data": [_row(row, ink, digits) for row in rows],
        "layout": layout(ink, height=96 + ROW * len(rows), right=22, unit=unit, hover="closest"),
    }
    labels = [row.label for row in rows]
    made["layout"]["yaxis"] |= {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": labels[::-1],
        "range": [-0.6, len(rows) - 0.4],
        "showgrid": False,
        "tickfont": {"size": 12, "color": ink.text},
    }
    made["layout"]["xaxis"] |= {"showgrid": True, "nticks": 6}
    made["layout"]["shapes"].append(zero(ink))
    return made


def zero(ink: Ink) -> dict[str, Any]:
    """A thin vertical rule at zero."""
    stroke = {"color": ink.muted, "width": 1}
    place = {"type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1}
    return {**place, "line": stroke, "layer": "below"}


def _row(row: Row, ink: Ink, digits: int) -> dict[str, Any]:
    low, high = row.interval
    said = f"{row.estimate:.{digits}f}".replace("-", "−")
    between = f"{low:.{digits}f} to {high:.{digits}f}".replace("-", "−")
    name = row.label.replace("<br>", ", ")
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": name,
        "x": [row.estimate],
        "y": [row.label],
        "text": [said],
        "textposition": "top center",
        "textfont": {"size": 12, "color": ink.text},
        "marker": {
            "size": 9,
            "color": ink.paper if row.faded else row.colour,
            "line": {"width": 2, "color": row.colour},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - row.estimate],
            "arrayminus": [row.estimate - low],
            "color": row.colour,
            "thickness": 1.6,
            "width": 0,
        },
        "hovertemplate": f"{name}: {said} (95%: {between})<extra></extra>",
        "cliponaxis": False,
    }


def table(rows: Sequence[Row], name: str) -> pd.DataFrame:
    """The same numbers for CSV."""
    return pd.DataFrame(
        {
            "estimate": [row.estimate for row in rows],
            "low": [row.interval[0] for row in rows],
            "high": [row.interval[1] for row in rows],
        },
        index=pd.Index([row.label.replace("<br>", ", ") for row in rows], name=name),
    )
