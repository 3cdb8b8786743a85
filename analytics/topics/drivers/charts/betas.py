"""The Drivers page: betas through time, one panel an asset."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analytics.catalogue import Series
from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import in_sentence, percent
from analytics.topics.drivers.charts.drivers import signed
from analytics.topics.drivers.measures.driver_betas import RollingBetas
from analytics.topics.drivers.measures.moves import DRIVERS

CALENDAR = "US trading days that all share; moves over weekends and holidays are compounded into one"
PANEL = 130
"""Height of a panel [px]."""


def betas(
    found: RollingBetas,
    driver: str,
    assets: Mapping[str, Series],
    window: tuple[dt.date, dt.date],
    papers: Sequence[Papers],
    ink: Ink,
) -> Chart:
    """One panel an asset: its beta to the driver with the band for all windows, and the whole history's beta."""
    row = DRIVERS[driver]
    height = 1 / len(found.assets)
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(
            ink,
            height=PANEL * len(found.assets) + 80,
            right=92,
            unit=f"% per {row.step} of {row.name}, {found.window} days",
            hover="x",
        ),
    }
    figure["layout"]["xaxis"] |= {"anchor": f"y{len(found.assets)}" if len(found.assets) > 1 else "y"}
    for i, key in enumerate(found.assets):
        axis = "y" if i == 0 else f"y{i + 1}"
        domain = [1 - (i + 1) * height + 0.12 * height, 1 - i * height]
        own = {"domain": domain, "anchor": "x", "nticks": 4}
        figure["layout"][f"yaxis{i + 1 if i else ''}"] = {**figure["layout"]["yaxis"], **own}
        _panel(figure, found, key, driver, assets[key], axis, window, ink)
    figure["layout"]["xaxis"]["range"] = [
        f"{_shown(found.betas[key], window).index[i]:%Y-%m-%d}" for i in (0, -1)
    ]
    reading = _betas_reading(found, driver, assets)
    return Chart(
        key="betas",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Rolling betas to {row.name}, one panel an asset, each with its band. {reading}",
        papers=tuple(papers),
        rule=_betas_rule(found, driver),
        method=(
            f"Each day's beta is from one regression on all four drivers over the {found.window} trading days up to it. The band "
            f"is for the whole path at once: true betas stay inside it in all windows on 95% of histories (wild bootstrap, "
            f"{found.draws} draws). Dashed: the same regression over the whole history. Same-day association, not cause."
        ),
        rows=pd.concat({key: found.band(key, driver) for key in found.assets}, axis=1).pipe(_flat),
    )


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_axis([f"{asset}_{column}" for asset, column in table.columns], axis=1)


def _panel(
    figure: dict[str, Any],
    found: RollingBetas,
    key: str,
    driver: str,
    asset: Series,
    axis: str,
    window: tuple[dt.date, dt.date],
    ink: Ink,
) -> None:
    colour = ink.colour(asset.colour)
    band = _shown(found.band(key, driver), window)
    edge = {"line": {"width": 0}, "hoverinfo": "skip", "yaxis": axis, "hovertemplate": None}
    figure["data"] += [
        {**marks.line(band["low"], "low", colour), **edge},
        {
            **marks.line(band["high"], "high", colour),
            **edge,
            "fill": "tonexty",
            "fillcolor": shade(colour, 0.18),
        },
        {**marks.line(band["beta"], asset.label, colour, number="+.2f"), "yaxis": axis},
    ]
    whole = float(found.whole.loc[key, driver])
    dash = {"color": colour, "width": 1.2, "dash": "dash"}
    figure["layout"]["shapes"] += [
        {**marks.level(0, ink), "yref": axis},
        {**marks.level(whole, ink), "yref": axis, "line": dash, "layer": "above"},
    ]
    marks.end_label(figure, band["beta"], f"{asset.label}<br>{signed(band['beta'].iloc[-1], 2)}", colour)
    figure["layout"]["annotations"][-1]["yref"] = axis


def _shown(table: pd.DataFrame, window: tuple[dt.date, dt.date]) -> pd.DataFrame:
    """What lies in the window; the whole history where that is less than a line."""
    inside = table.loc[str(window[0]) : str(window[1])]
    return inside if len(inside) > 1 else table


def _betas_reading(found: RollingBetas, driver: str, assets: Mapping[str, Series]) -> str:
    said, clear = [], []
    for key in found.assets:
        now, name = found.band(key, driver).iloc[-1], in_sentence(assets[key].label)
        said.append(f"{percent(now['beta'], 2)} of {name}")
        if now["low"] > 0 or now["high"] < 0:
            clear.append(name)
    row = DRIVERS[driver]
    told = "none of them can be told from zero" if not clear else f"only {_and(clear)} can be told from zero"
    if len(clear) == len(found.assets):
        told = "all of them can be told from zero"
    return f"A rise of {row.step} in {row.name} now goes with {_and(said)}; {told}."


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _betas_rule(found: RollingBetas, driver: str) -> str:
    key = found.assets[0]
    held, usual = found.away_from_zero(key, driver), found.away_from_zero(key, driver, naive=True)
    return (
        f"n = {found.n:,} changes in the history · {key.replace('_', ' ')}'s band leaves out zero in {held:.0f}% of windows, the "
        f"usual ±{found.naive_multiplier:.2f} would in {usual:.0f}% · {CALENDAR}"
    )
