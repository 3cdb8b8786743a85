"""The odds of each meeting: a strip for the next one, and a map of all of them beside an earlier day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, blend, layout, shade
from analytics.render.words import day, points
from analytics.topics.rate_path import words
from analytics.topics.rate_path.measures.rate_path import Meeting
from analytics.topics.rate_path.measures.rate_table import OUTCOMES, RateTable

OUTCOME_COLOURS = {"cut": "easing", "hold": "context", "hike": "tightening"}
SEEN = 0.5
"""A range is a column where its odds reach this after some meeting, now or then [%]."""
LEAST = 0.05
"""Odds and changes below are written as none [%]."""
DEEPEST = 0.5
"""How much of its colour a cell of 100% has: the text on it must stay readable."""
STRIP, ROW = 56, 40
"""Heights of the strip and of a row of the map [px]."""
READABLE = 8
"""A part of the strip narrower than this has no room for its name [%]."""
METHOD = (
    "x = (rate after − rate before) / 25 bp; k = floor(x) moves have probability 1 − frac(x), k + 1 has frac(x). "
    "The range after a meeting: the meetings' own moves, convolved from the announced range. "
) + " ".join(words.CAVEATS)


def strip(
    one: Meeting, odds: pd.Series, as_of: dt.date, today: dt.date, papers: Sequence[Papers], ink: Ink
) -> Chart:
    """Cut, hold and hike at the next meeting as one bar.

    Args:
        one: The meeting.
        odds: Its odds by outcome [%].
        as_of: Day of the prices.
        today: The page's day, from which days to the meeting are counted.
    """
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, height=STRIP, right=8, hover="closest")}
    figure["data"] = [_part(name, float(odds[name]), ink) for name in OUTCOMES]
    figure["layout"] |= {"barmode": "stack", "bargap": 0.05}
    figure["layout"]["xaxis"] |= {"range": [0, 100], "visible": False}
    figure["layout"]["yaxis"] |= {"visible": False}
    figure = marks.finish(figure, papers)
    simulated = 24 * any(paper.simulated for paper in papers)
    figure["layout"] |= {"margin": {"l": 0, "r": 0, "t": simulated, "b": 0}, "height": STRIP + simulated}
    moves = one.expected_moves or 0.0
    said = words.likeliest_first(odds)
    reading = f"Next meeting, {day(one.date)}, {words.in_days((one.date - today).days)}: {said}."
    return Chart(
        key="strip",
        figure=figure,
        reading=reading,
        alt=f"Bar of the odds of a cut, hold and hike. {reading}",
        papers=tuple(papers),
        rule=f"closes of {day(as_of)} · expected move {points(25 * moves, 'bp', 1)}",
        method=METHOD,
        rows=odds.rename_axis("outcome").rename("odds").to_frame(),
    )


def _part(name: str, odds: float, ink: Ink) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [odds],
        "y": [""],
        "name": name,
        "text": [f"{name} {words.odds(odds)}%" if odds >= READABLE else ""],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": ink.text, "size": 14},
        "marker": {"color": shade(ink.colour(OUTCOME_COLOURS[name]), 0.4)},
        "hovertemplate": f"{name} %{{x:.1f}}%<extra></extra>",
    }


def odds_map(found: RateTable, as_of: dt.date, papers: Sequence[Papers], ink: Ink) -> Chart:
    """Meeting by range or by outcome: odds, and below them in the same cell how far they moved; the likeliest is outlined."""
    odds = found.odds[_columns(found)]
    changes = found.points[odds.columns]
    compared = found.compared
    height = len(odds) * (ROW if compared else ROW - 12) + 70
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, height=height, right=4, hover="closest")}
    labels = [words.column(found.kind, column) for column in odds.columns]
    rows = [f"{date:%-d %b}<br>{date:%Y}" if compared else f"{date:%-d %b %Y}" for date in odds.index]
    cells = _cells(odds, changes, compared)
    tones = [OUTCOME_COLOURS.get(str(column), "rates") for column in odds.columns]
    figure["data"] = [
        _layer(
            labels,
            rows,
            odds.where(np.broadcast_to(np.array(tones) == tone, odds.shape)),
            cells,
            ink.colour(tone),
            ink,
        )
        for tone in dict.fromkeys(tones)
    ]
    axis = {"type": "category", "ticks": "", "showgrid": False, "fixedrange": True, "linewidth": 0}
    figure["layout"]["xaxis"] |= axis | {"side": "top", "tickangle": 0}
    figure["layout"]["yaxis"] |= axis | {"autorange": "reversed"}
    figure["layout"]["margin"] |= {"t": 48, "b": 8}
    likeliest = words.likeliest(found.kind, odds)
    figure["layout"]["shapes"] += [
        _outline(list(odds.columns).index(column), row, ink) for row, column in likeliest.items()
    ]
    unknown = [row for row, known in zip(rows, odds.notna().any(axis=1), strict=True) if not known]
    figure["layout"]["annotations"] += [_not_known(row, len(labels), ink) for row in unknown]
    figure = marks.finish(figure, papers)
    figure["layout"]["margin"]["t"] = 48 + 22 * any(paper.simulated for paper in papers)
    return Chart(
        key="odds_map",
        figure=figure,
        reading=words.map_title(found, as_of),
        alt=words.map_alt(found.kind, odds),
        papers=tuple(papers),
        rule=words.map_rule(found, as_of),
        method=METHOD,
        rows=odds_rows(found),
    )


def _columns(found: RateTable) -> list[Any]:
    """Outcomes, or the ranges between the lowest and the highest with odds worth a column on either day."""
    if found.kind == "meeting":
        return list(found.odds.columns)
    highest = 100.0 if found.kind == "range" else 100 - SEEN
    now, then = (each.ge(SEEN) & each.le(highest) for each in (found.odds, found.odds - found.points))
    at = np.flatnonzero((now | then).any())
    return list(found.odds.columns[at[0] : at[-1] + 1]) if len(at) else list(found.odds.columns)


def _cells(odds: pd.DataFrame, changes: pd.DataFrame, compared: bool) -> list[list[str]]:
    pairs = zip(odds.to_numpy(), changes.to_numpy(), strict=True)
    return [[_cell(p, moved, compared) for p, moved in zip(*row, strict=True)] for row in pairs]


def _cell(odds: float, moved: float, compared: bool) -> str:
    if np.isnan(odds) or (odds < LEAST and not abs(moved) >= LEAST):
        return ""
    change = "–" if np.isnan(moved) else words.moved(moved)
    return words.odds(odds) + (f"<br><span style='font-size:10.5px'>{change}</span>" if compared else "")


def _layer(
    labels: list[str],
    rows: list[str],
    odds: pd.DataFrame,
    cells: list[list[str]],
    colour: str,
    ink: Ink,
) -> dict[str, Any]:
    """The cells of one colour; the others are empty in it."""
    return {
        "type": "heatmap",
        "x": labels,
        "y": rows,
        "z": [
            [None if np.isnan(value) else round(float(value), 2) for value in row] for row in odds.to_numpy()
        ],
        "text": cells,
        "texttemplate": "%{text}",
        "textfont": {"color": ink.text, "size": 13},
        "colorscale": [[0, ink.paper], [1, blend(colour, ink.paper, DEEPEST)]],
        "zmin": 0,
        "zmax": 100,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hoverongaps": False,
        "hovertemplate": "%{y} · %{x}: %{z:.1f}%<extra></extra>",
    }


def _outline(column: int, row: int, ink: Ink) -> dict[str, Any]:
    corners = {"x0": column - 0.49, "x1": column + 0.49, "y0": row - 0.46, "y1": row + 0.46}
    return {"type": "rect", "xref": "x", "yref": "y", **corners, "line": {"color": ink.text, "width": 1.5}}


def _not_known(row: str, columns: int, ink: Ink) -> dict[str, Any]:
    at = {"x": (columns - 1) / 2, "y": row, "xref": "x", "yref": "y"}
    return {**at, "text": "not known", "showarrow": False, "font": {"size": 12, "color": ink.muted}}


def odds_cells(found: RateTable) -> pd.DataFrame:
    """The map's cells as text: the odds, and in brackets how far they moved since the earlier day; a dash where not known."""
    odds = found.odds[_columns(found)]
    changes = found.points[odds.columns]
    pairs = zip(odds.to_numpy(), changes.to_numpy(), strict=True)
    cells = [[_plain_cell(p, moved) for p, moved in zip(*row, strict=True)] for row in pairs]
    names = [words.column_name(found.kind, column) for column in odds.columns]
    return pd.DataFrame(cells, index=pd.Index(map(day, odds.index), name="meeting"), columns=names)


def _plain_cell(odds: float, moved: float) -> str:
    if np.isnan(odds):
        return "–"
    return f"{odds:.1f} ({words.moved(moved)})" if abs(moved) >= LEAST else f"{odds:.1f}"


def odds_rows(found: RateTable) -> pd.DataFrame:
    """The map's odds as a table, one decimal; and the changes beside them where there are any."""
    odds = found.odds.round(1).rename(columns=lambda column: words.column_name(found.kind, column))
    odds = odds.set_axis(pd.Index([date.isoformat() for date in odds.index], name="meeting"))
    if not found.compared:
        return odds
    changes = found.points.round(1).set_axis(odds.index).set_axis(odds.columns, axis=1)
    return odds.join(changes.add_suffix(f", change since {found.then}"))
