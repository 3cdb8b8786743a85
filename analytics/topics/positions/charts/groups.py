"""Figures of one report: the price over the first group's net long, and who stood on the other side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.catalogue import Series
from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day
from analytics.topics.positions import words
from analytics.topics.positions.measures.positioning import QUARTER, TAIL, Group, Positioning

PRICE, NET, GAP = 0.56, 0.44, 15
"""Bottom of the price's place and top of the net long's [share of the plot]; least distance of two labels [px]."""
SPECULATORS = "equities"
"""Colour of the first group."""
METHOD = (
    "A group's net long is what it is long less what it is short, as a share of open interest (futures and options by their "
    "deltas; spreads and small traders left out). The CFTC sorts large traders into groups by what they say about "
    "their business. A report tells of a Tuesday and comes out on Friday at 15:30 in New York, later after holidays and "
    "shutdowns (docs/quantities.md)."
)


def beside_price(
    found: Positioning,
    price: pd.Series | None,
    asset: Series,
    window: tuple[dt.date, dt.date],
    papers: Sequence[Papers],
    ink: Ink,
) -> Chart:
    """The price above, the first group's net long below; grey where no report tells of the days yet."""
    first, weeks = found.groups[0], shown(found.weeks, window)
    top, bottom = ink.pair(asset.colour, SPECULATORS)
    indexed = _indexed(price, weeks, window)
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, height=430, right=88, unit=f"{asset.label}, {day(weeks.index[0])} = 100"),
    }
    _two_places(figure)
    if indexed is not None:
        figure["data"].append(marks.line(indexed, asset.label, top, number=",.1f"))
        marks.end_label(figure, indexed, asset.label, top)
    net = weeks[first.name]
    figure["data"].append(
        marks.line(net, words.capital(first.name), bottom, number=".1f", longest=30, yaxis="y3")
    )
    marks.end_label(figure, net, _placed(first), bottom)
    last = weeks.index[-1] if indexed is None else max(weeks.index[-1], indexed.index[-1])
    figure["layout"]["annotations"][-1] |= {"yref": "y3", "x": f"{last:%Y-%m-%d}"}
    figure["layout"]["annotations"].append(_unit(f"{words.of(first.name)} net long, % of open interest", ink))
    _quarter(figure, found, indexed, net, ink)
    figure["layout"]["shapes"].append({**marks.level(0, ink), "yref": "y3"})
    if np.isfinite(first.low):
        figure["layout"]["shapes"].append({**marks.band_shape(first.low, first.high, ink), "yref": "y3"})
    _unreported(figure, weeks.index[-1], last, ink)
    figure["layout"]["xaxis"]["range"] = [f"{weeks.index[0]:%Y-%m-%d}", f"{last:%Y-%m-%d}"]
    reading = words.answer(found)
    return Chart(
        key="positions_price",
        figure=marks.finish(figure, papers),
        reading=_title(found),
        alt=f"{asset.label} above, {words.of(first.name)} net long below, on the same days. {reading} {words.dated(found)}",
        papers=tuple(papers),
        rule=(
            f"{_rule(found)} · band: all but {TAIL}% of reports at each end · dashed: the last {QUARTER} weeks · grey at the right: no "
            "report yet"
        ),
        method=METHOD,
        rows=_rows(found, weeks),
    )


def shown(weeks: pd.DataFrame, window: tuple[dt.date, dt.date]) -> pd.DataFrame:
    """The reports of the shown window; all of them where it has fewer than two."""
    inside = weeks.loc[str(window[0]) : str(window[1])]
    return inside if len(inside) > 1 else weeks


def _title(found: Positioning) -> str:
    """The page's title says the finding; the figure's, by how much the net long moved."""
    first = found.groups[0]
    said = f"{words.capital(first.name)}: {abs(first.net):,.0f} contracts net {'long' if first.net >= 0 else 'short'}"
    if found.since is None:
        return f"{said} on {day(found.report)}."
    before = first.net - first.quarter
    return f"{said} on {day(found.report)}, after {before:,.0f} on {day(found.since)}."


def _rule(found: Positioning) -> str:
    return f"report of {day(found.report)}, out {day(found.known_at.date())} {found.known_at:%H:%M} New York · n = {found.n:,} reports"


def _placed(first: Group) -> str:
    rank = "" if np.isnan(first.percentile) else f"<br>{_ordinal(round(first.percentile))} percentile"
    return f"{first.share:.1f}%{rank}".replace("-", "−")


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _indexed(
    price: pd.Series | None, weeks: pd.DataFrame, window: tuple[dt.date, dt.date]
) -> pd.Series | None:
    """Closes from the first shown report on, 100 there; None where none is known."""
    if price is None:
        return None
    inside = price.loc[weeks.index[0] : pd.Timestamp(window[1])]
    return None if inside.empty else 100 * inside / inside.iloc[0]


def _two_places(figure: dict[str, Any]) -> None:
    axis = figure["layout"]["yaxis"]
    figure["layout"]["yaxis3"] = {**axis, "domain": [0, NET], "anchor": "x", "nticks": 5}
    figure["layout"]["yaxis"] = {**axis, "domain": [PRICE, 1], "anchor": "x", "nticks": 5}
    figure["layout"]["xaxis"]["anchor"] = "y3"


def _unit(text: str, ink: Ink) -> dict[str, Any]:
    """The lower place's unit, above its axis."""
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": NET,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 4,
        "showarrow": False,
        "font": {"size": 12, "color": ink.muted},
    }


def _quarter(
    figure: dict[str, Any], found: Positioning, indexed: pd.Series | None, net: pd.Series, ink: Ink
) -> None:
    """A dashed line from the report a quarter ago to the newest, in both places: which way each went."""
    if found.since is None or pd.Timestamp(found.since) not in net.index:
        return
    ends = [pd.Timestamp(found.since), net.index[-1]]
    lines = [(net[ends], "y3")]
    if indexed is not None:
        lines.append((indexed.reindex(ends, method="ffill"), "y"))
    for line, axis in lines:
        colour = ink.colour("up" if line.iloc[-1] >= line.iloc[0] else "down")
        drawn = marks.line(line, "", colour, hoverinfo="skip", yaxis=axis, longest=400)
        drawn["line"] |= {"dash": "dash", "width": 1.6}
        figure["data"].append({key: value for key, value in drawn.items() if key != "hovertemplate"})


def _unreported(figure: dict[str, Any], report: pd.Timestamp, last: pd.Timestamp, ink: Ink) -> None:
    """The days after the newest report: the price is known there and the positions are not."""
    if last <= report:
        return
    figure["layout"]["shapes"].append(
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": f"{report:%Y-%m-%d}",
            "x1": f"{last:%Y-%m-%d}",
            "y0": 0,
            "y1": NET,
            "fillcolor": shade(ink.muted, 0.22),
            "line": {"width": 0},
            "layer": "below",
        }
    )


def _rows(found: Positioning, weeks: pd.DataFrame) -> pd.DataFrame:
    """Every group's share, open interest, and the price as an index: closes themselves are not handed on."""
    first = weeks["price"].dropna().iloc[:1]
    index = 100 * weeks["price"] / (first.iloc[0] if len(first) else np.nan)
    named = {group.name: f"{group.name.replace(' ', '_')}_percent" for group in found.groups}
    table = weeks[list(named)].rename(columns=named)
    return table.assign(open_interest=weeks["open_interest"], price_index=index).rename_axis("report")


def other_side(found: Positioning, papers: Sequence[Papers], ink: Ink) -> Chart:
    """Every group's net position now, and a quarter ago."""
    groups = found.groups[::-1]
    names = [_broken(group.name) for group in groups]
    colours = [ink.colour("up" if group.net >= 0 else "down") for group in groups]
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, height=300, right=30, unit="net position, % of open interest", hover="closest"),
    }
    back = None if found.since is None else found.weeks.loc[f"{found.since}"]
    if back is not None and found.since is not None:
        before = [float(back[group.name]) for group in groups]
        figure["data"].append(_bars(names, before, [shade(c, 0.35) for c in colours], day(found.since)))
    now = _bars(names, [group.share for group in groups], colours, day(found.report))
    now |= {"text": [f"{group.share:+.1f}".replace("-", "−") for group in groups], "textposition": "outside"}
    figure["data"].append(now | {"cliponaxis": False})
    figure["layout"] |= {"barmode": "group", "bargap": 0.3, "bargroupgap": 0.05}
    figure["layout"]["xaxis"] |= {"range": _room(figure), "showgrid": True}
    figure["layout"]["shapes"].append(_upright(ink))
    pale = f" · pale: {day(found.since)}" if found.since else ""
    return Chart(
        key="other_side",
        figure=marks.finish(figure, papers),
        reading=words.other_side(found),
        alt=f"Bars of each group's net position in {found.market}, now and {QUARTER} weeks before. {words.other_side(found)}",
        papers=tuple(papers),
        rule=f"{_rule(found)} · open interest {found.open_interest:,.0f} contracts{pale} · small traders make up the rest",
        method=METHOD,
        rows=_group_rows(found),
    )


def _broken(name: str) -> str:
    """A group's name on two lines where it is long."""
    return name.replace(" and ", "<br>and ").replace(" large ", "<br>large ")


def _bars(names: list[str], values: list[float], colours: list[str], when: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": when,
        "y": names,
        "x": values,
        "marker": {"color": colours},
        "hovertemplate": f"%{{y}}, {when}: %{{x:+.1f}}%<extra></extra>",
    }


def _room(figure: dict[str, Any]) -> list[float]:
    """The axis with room for numbers outside the bars."""
    ends = [0.0, *(value for trace in figure["data"] for value in trace["x"])]
    margin = 0.24 * (max(ends) - min(ends)) or 1.0
    return [min(ends) - margin, max(ends) + margin]


def _upright(ink: Ink) -> dict[str, Any]:
    line = {"color": ink.muted, "width": 1}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "line": line}


def _group_rows(found: Positioning) -> pd.DataFrame:
    columns = ("name", "long", "short", "net", "share", "percentile", "week", "quarter")
    table = pd.DataFrame([{name: getattr(group, name) for name in columns} for group in found.groups])
    return table.set_index("name").rename_axis("group")
