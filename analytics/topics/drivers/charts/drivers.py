"""The Drivers page: a move taken apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.catalogue import Series
from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day, in_sentence, percent
from analytics.topics.drivers.measures.attribution import Attribution
from analytics.topics.drivers.measures.moves import DRIVERS

ROW = 46
"""Height of a bar [px]."""
MOSTLY = 0.5
"""Share of a move from which on its residual is called most of it."""


def short(key: str) -> str:
    """A driver's name as a label."""
    name = DRIVERS[key].name.removeprefix("the ")
    return name[:1].upper() + name[1:]


def shorter(key: str) -> str:
    """The same without its term, for a row of buttons."""
    label = short(key).removeprefix("10-year ")
    return label[:1].upper() + label[1:]


def attribution_reading(found: Attribution, asset: Series) -> str:
    """How much of the move the claimed drivers account for, in one sentence."""
    named, span = in_sentence(asset.label), f"from {day(found.start)} to {day(found.end)}"
    if math.isnan(found.share):
        return f"{asset.label} did not move {span}, so no share of a move can be stated."
    low, high = found.interval
    left = "; most of it stays unexplained" if abs(found.residual) > MOSTLY * abs(found.total) else ""
    return (
        f"Real yields and the dollar account for {_share(found.share)} ({_share(low)} to {_share(high)}) of {named}'s "
        f"{percent(found.total)} (log) {span}{left}."
    )


def share_line(found: Attribution, least: float) -> str:
    """The share against its threshold, with what it rests on, in one line."""
    low, high = found.interval
    return (
        f"{_share(found.share)} of {percent(found.total)} (log) [{_share(low)} to {_share(high)}] · more than {_share(least)} was "
        f"asked for, fixed beforehand · {day(found.start)} to {day(found.end)} · betas from {found.n:,} days before"
    )


def _share(value: float) -> str:
    return percent(100 * value, 0).removeprefix("+")


def attribution(found: Attribution, asset: Series, papers: Sequence[Papers], ink: Ink) -> Chart:
    """The waterfall of a move: one bar a driver from where the last one ended, the residual, and the total."""
    rows = attribution_rows(found, asset)
    values = rows["contribution"].tolist()
    bases = [0.0, *rows["contribution"].iloc[:-2].cumsum(), 0.0]
    figure: dict[str, Any] = {
        "data": [_waterfall(rows, values, bases, ink.colour(asset.colour), ink)],
        "layout": layout(ink, height=ROW * len(rows) + 70, right=102, unit="log % points", hover="closest"),
    }
    zero = {**marks.level(0, ink), "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1}
    figure["layout"]["shapes"].append(zero)
    figure["layout"]["xaxis"] |= {"range": _room(values, bases), "showgrid": True, "gridcolor": ink.grid}
    figure["layout"]["yaxis"] |= {"type": "category", "autorange": "reversed", "showgrid": False}
    figure["layout"]["annotations"] += [_number(row, ink) for row in rows.itertuples()]
    short_of = (
        f" (all that the series share; {found.asked:,} were asked for)" if found.n < found.asked else ""
    )
    reading = _parts_reading(found, asset)
    return Chart(
        key="attribution",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Waterfall of {in_sentence(asset.label)}'s log move by driver, with what is left over. {reading}",
        papers=tuple(papers),
        rule=f"{found.days} trading days · betas from the {found.n:,} trading days before them{short_of} · thin lines: 95%",
        method=_attribution_method(found),
        rows=rows,
    )


def _parts_reading(found: Attribution, asset: Series) -> str:
    largest = max(found.parts, key=lambda part: abs(part.contribution))
    return (
        f"Of {in_sentence(asset.label)}'s {signed(found.total)} log % points the largest part with a driver is that of "
        f"{largest.name}, {signed(largest.contribution)}; {signed(found.residual)} stay unexplained."
    )


def _attribution_method(found: Attribution) -> str:
    return (
        "One regression of the asset's daily log return on the changes of all four drivers over the days *before* the window, "
        "so that the move cannot explain itself; each part is a beta times what its driver did inside the window. Parts and "
        f"residual add up to the total exactly. The regression explained {100 * found.explained:.0f}% of the days before. "
        "Intervals come from the betas' errors alone (Newey-West, 5 lags). The residual is unexplained, which is not the same "
        "as speculation."
    )


def attribution_rows(found: Attribution, asset: Series) -> pd.DataFrame:
    """Parts, residual and total as a table."""
    nothing = float("nan")
    rows = [
        (short(part.key), part.beta, part.move, part.step, part.contribution, *part.interval)
        for part in found.parts
    ]
    rows.append(("Not explained", nothing, nothing, "", found.residual, *found.residual_interval))
    rows.append((asset.label, nothing, nothing, "", found.total, nothing, nothing))
    names = ["part", "beta", "move", "step", "contribution", "low", "high"]
    return pd.DataFrame(rows, columns=names).set_index("part")


def _waterfall(
    rows: pd.DataFrame, values: list[float], bases: list[float], whole: str, ink: Ink
) -> dict[str, Any]:
    tints = [ink.colour("up" if value >= 0 else "down") for value in values[:-2]]
    spread = (rows["high"] - rows["contribution"]).fillna(0.0)
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(rows.index),
        "x": values,
        "base": bases,
        "marker": {"color": [*tints, shade(ink.muted, 0.55), whole]},
        "error_x": {
            "type": "data",
            "array": spread.tolist(),
            "thickness": 1.2,
            "width": 4,
            "color": ink.text,
        },
        "width": 0.6,
        "hovertemplate": "%{y}: %{x:+.2f} log % points<extra></extra>",
    }


def _number(row: Any, ink: Ink) -> dict[str, Any]:
    """A bar's number and interval, in a column of their own where no bar can cover them."""
    interval = (
        ""
        if math.isnan(row.low)
        else f"<br><span style='font-size:11px'>{signed(row.low)} to {signed(row.high)}</span>"
    )
    return {
        "text": f"{signed(row.contribution)}{interval}",
        "xref": "paper",
        "x": 1,
        "y": row.Index,
        "xanchor": "left",
        "xshift": 8,
        "align": "left",
        "showarrow": False,
        "font": {"size": 13, "color": ink.text},
    }


def signed(value: float, digits: int = 1) -> str:
    return percent(value, digits).removesuffix("%")


def _room(values: list[float], bases: list[float]) -> list[float]:
    ends = [0.0, *bases, *(base + value for base, value in zip(bases, values, strict=True))]
    margin = max(0.06 * (max(ends) - min(ends)), 0.5)
    return [min(ends) - margin, max(ends) + margin]
