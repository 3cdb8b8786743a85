"""The Divergence page's figures."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.errors import NotEnoughData, NoVariation
from analytics.published.dated_events import Event
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.pair import CALENDAR, Pair, both_legs
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day, in_sentence, percent, price, ratio_unit
from analytics.stats.correlation.rolling_correlation import RollingCorrelation
from analytics.stats.drawdown import Drawdown
from analytics.topics.pair.measures.cointegration import Cointegration
from analytics.topics.pair.measures.divergence import Z_WINDOW, Divergence, Leg


def indexed(found: Divergence, pair: Pair, known: Sequence[Event]) -> Chart:
    """Both legs from 100 at the first shown day."""
    figure = both_legs(found.indexed, pair, known)
    moves = [found.indexed[column].iloc[-1] - 100 for column in ("lead", "follow")]
    reading = (
        f"{pair.lead.label} {percent(moves[0])} and {pair.names[1]} {percent(moves[1])} "
        f"from {day(found.first)} to {day(found.last)}."
    )
    rows = found.indexed.rename(columns={"lead": pair.lead.key, "follow": pair.follow.key})
    return Chart(
        key="indexed",
        figure=marks.finish(figure, pair.papers),
        reading=reading,
        alt=f"Line chart of {pair.lead.label} and {pair.follow.label}, both 100 on {day(found.first)}. {reading}",
        papers=pair.papers,
        rule=f"n = {found.n:,} days · {CALENDAR}",
        method="Each close divided by the close of the first shown day, times 100. No dividends, no currency change.",
        rows=rows,
    )


def ratio(found: Divergence, pair: Pair, known: Sequence[Event]) -> Chart:
    """How many units of the lead one unit of the follow buys, and how rare that is."""
    unit = ratio_unit(pair.lead, pair.follow)
    colour = pair.colours[1]
    figure: dict[str, Any] = {
        "data": [marks.line(found.ratio, "Ratio", colour, number=",.4~r")],
        "layout": layout(pair.ink, unit=unit),
    }
    marks.end_label(figure, found.ratio, price(found.ratio_now), colour)
    marks.events(figure, known, found.first, found.last, pair.ink)
    known_history = f"higher than on {found.percentile:.0f}% of the {found.n_earlier:,} earlier days"
    reading = f"The ratio is {price(found.ratio_now)} {unit}: {known_history}."
    return Chart(
        key="ratio",
        figure=marks.finish(figure, pair.papers),
        reading=reading,
        alt=f"Line chart of {unit}. {reading}",
        papers=pair.papers,
        rule=f"{pair.closes} · percentile among the days before, from the pair's first day on · n = {found.n:,} shown",
        method=(
            "Ratio = close of the follow / close of the lead on the same US trading day. The percentile of a day is the "
            "share of all earlier days of the pair with a lower ratio (ties by half): nothing later is used."
        ),
        rows=pd.DataFrame({"ratio": found.ratio, "percentile": found.percentiles}),
    )


def zscore(found: Divergence, pair: Pair) -> Chart:
    """The trailing z of the log spread, beside how often a random spread is as far out.

    Raises:
        NotEnoughData: the pair is younger than one window.
        NoVariation: its spread has not moved for a whole window.
    """
    if not found.n_z:
        raise NotEnoughData("The history of this pair", found.n_history, Z_WINDOW)
    if math.isnan(found.z_now):
        raise NoVariation(f"The spread of {pair.names[0]} and {pair.names[1]}")
    colour = pair.colours[0]
    z = found.z.dropna()
    figure: dict[str, Any] = {
        "data": [marks.line(z, "z", colour, number=".2f")],
        "layout": layout(pair.ink, height=280, unit="standard deviations"),
    }
    figure["layout"]["shapes"] += [marks.band_shape(-2, 2, pair.ink), marks.level(0, pair.ink)]
    marks.end_label(figure, z, f"{found.z_now:+.1f}".replace("-", "−"), colour)
    side = "dear" if found.z_now > 0 else "cheap"
    reading = (
        f"{pair.lead.label} is {abs(found.z_now):.1f} standard deviations {side} against {pair.names[1]}; it was beyond 2 on "
        f"{found.z_share:.0f}% of days, and a random spread is on {found.z_share_random:g}%."
    )
    return Chart(
        key="zscore",
        figure=marks.finish(figure, pair.papers),
        reading=reading,
        alt=f"Line chart of the trailing 250-day z of log({pair.lead.label}/{pair.follow.label}). {reading}",
        papers=pair.papers,
        rule=f"trailing 250 days, today among them · share over {found.n_z:,} days of history · a display, not a test",
        method=(
            "z = (log(lead/follow) − its mean over the last 250 days) / its standard deviation over the same days. A wide "
            "z is no signal by itself: the spread of two independent random walks is beyond ±2 on 16.5% of days."
        ),
        rows=pd.DataFrame({"z": found.z}),
    )


def legs(found: Divergence, pair: Pair) -> Chart:
    """The waterfall of the ratio's log change by leg."""
    parts = (found.follow.contribution, found.lead.contribution, found.ratio_log_points)
    names = [pair.follow.label, f"minus {in_sentence(pair.lead.label)}", "Ratio"]
    figure: dict[str, Any] = {
        "data": [_waterfall(names, parts, pair.ink)],
        "layout": layout(pair.ink, height=300, right=16, unit="log % points", hover="closest"),
    }
    figure["layout"]["xaxis"]["type"] = "category"
    figure["layout"]["shapes"].append(marks.level(0, pair.ink))
    figure["layout"]["yaxis"]["range"] = _room(parts)
    window = f"{day(found.legs_start)} to {day(found.legs_end)}"
    clamped = " · the window begins with the pair's history" if found.clamped else ""
    return Chart(
        key="legs",
        figure=marks.finish(figure, pair.papers),
        reading=found.sentence,
        alt=f"Waterfall of the ratio's log change from {window} into its two legs. {found.sentence}",
        papers=pair.papers,
        rule=f"{window} · ratio {price(found.ratio_first)} → {price(found.ratio_last)} ({percent(found.ratio_simple)}){clamped}",
        method=(
            "log(ratio) = log(follow) − log(lead), so the change of the first is the change of the second minus the change "
            "of the third, exactly. Log % points add up; simple percentages, shown in the download, do not."
        ),
        rows=_leg_rows((found.lead, found.follow), found),
    )


def _waterfall(names: list[str], parts: tuple[float, float, float], ink: Ink) -> dict[str, Any]:
    bases = [0.0, parts[0], 0.0]
    return {
        "type": "bar",
        "x": names,
        "y": list(parts),
        "base": bases,
        "marker": {"color": [_signed_colour(parts[0], ink), _signed_colour(parts[1], ink), ink.muted]},
        "text": [f"{part:+.1f}".replace("-", "−") for part in parts],
        "textposition": "outside",
        "cliponaxis": False,
        "width": 0.55,
        "hovertemplate": "%{x}: %{text} log % points<extra></extra>",
    }


def _signed_colour(value: float, ink: Ink) -> str:
    return ink.colour("up" if value >= 0 else "down")


def _room(parts: tuple[float, float, float]) -> list[float]:
    """An axis range with room for the numbers outside the bars."""
    ends = [0.0, parts[0], parts[0] + parts[1], parts[2]]
    margin = max(0.14 * (max(ends) - min(ends)), 0.5)
    return [min(ends) - margin, max(ends) + margin]


def _leg_rows(both: tuple[Leg, Leg], found: Divergence) -> pd.DataFrame:
    rows = [
        {
            "leg": leg.name,
            "first": leg.first,
            "last": leg.last,
            "log_points": leg.log_points,
            "simple_percent": leg.simple,
            "contribution_log_points": leg.contribution,
        }
        for leg in both
    ]
    rows.append(
        {
            "leg": "ratio",
            "first": found.ratio_first,
            "last": found.ratio_last,
            "log_points": found.ratio_log_points,
            "simple_percent": found.ratio_simple,
            "contribution_log_points": found.ratio_log_points,
        }
    )
    return pd.DataFrame(rows).set_index("leg")


def drawdowns(both: tuple[Drawdown, Drawdown], pair: Pair) -> Chart:
    """How far each leg is below its highest close so far."""
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(pair.ink, height=280, unit="% below the highest close so far"),
    }
    for found, row, colour in zip(both, (pair.lead, pair.follow), pair.colours, strict=True):
        fill: dict[str, Any] = {"fill": "tozeroy", "fillcolor": shade(colour, 0.08)}
        figure["data"].append(marks.line(found.path, row.label, colour, number=".1f", **fill))
        marks.end_label(figure, found.path, row.label, colour)
    marks.spread_labels(figure, height=210)
    parts = [
        f"{row.label} is {_below(found)}" if i == 0 else f"{in_sentence(row.label)} is {_below(found)}"
        for i, (found, row) in enumerate(zip(both, (pair.lead, pair.follow), strict=True))
    ]
    reading = f"{parts[0]}; {parts[1]}."
    return Chart(
        key="drawdowns",
        figure=marks.finish(figure, pair.papers),
        reading=reading,
        alt=f"Drawdowns of {pair.lead.label} and {pair.follow.label}. {reading}",
        papers=pair.papers,
        rule=f"closes, each on its own days · n = {both[0].n:,} and {both[1].n:,}",
        method="100 × (close / highest close of the stored history up to that day − 1).",
        rows=pd.concat({pair.lead.key: both[0].path, pair.follow.key: both[1].path}, axis=1, sort=True),
    )


def _below(found: Drawdown) -> str:
    if found.now > -0.05:
        return "at its highest close"
    return f"{abs(found.now):.0f}% below its high of {day(found.high_on)}"


def correlation(found: RollingCorrelation, pair: Pair, window: tuple[dt.date, dt.date]) -> Chart:
    """Rolling correlation of returns with the band that unrelated series stay inside."""
    colour = pair.ink.colour("rates")
    path = found.path.loc[str(window[0]) : str(window[1])].dropna()
    figure: dict[str, Any] = {
        "data": [marks.line(path, "Correlation", colour, number=".2f")],
        "layout": layout(pair.ink, height=280, unit=f"correlation of daily returns, {found.window} days"),
    }
    figure["layout"]["shapes"] += [
        marks.band_shape(-found.band, found.band, pair.ink),
        marks.level(0, pair.ink),
    ]
    figure["layout"]["yaxis"]["range"] = [-1, 1]
    marks.end_label(figure, path, f"{path.iloc[-1]:+.2f}".replace("-", "−"), colour)
    sign = "together" if found.now > 0 else "against each other"
    inside = abs(found.now) <= found.band
    reading = (
        f"{pair.lead.label} and {pair.names[1]} move {sign} ({found.now:+.2f} now), "
        f"{'no more than unrelated series sometimes do' if inside else 'more than unrelated series ever do'}; "
        f"{found.outside:.0f}% of days were outside the band."
    ).replace("(-", "(−")
    return Chart(
        key="correlation",
        figure=marks.finish(figure, pair.papers),
        reading=reading,
        alt=f"Rolling correlation of {pair.lead.label} and {pair.follow.label}. {reading}",
        papers=pair.papers,
        rule=f"n = {found.n:,} returns · band ±{found.band:.2f}: the widest point of unrelated series, 95% · {CALENDAR}",
        method=(
            f"Correlation of daily log returns over the last {found.window} days. The band is for the whole path at once: "
            f"in {found.draws:,} resamplings without any relation (wild bootstrap) 95% of whole paths stay inside it. The "
            f"usual ±{found.naive_band:.2f} holds for one day chosen beforehand only."
        ),
        rows=found.path.rename("correlation").to_frame(),
    )


def cointegration_method(found: Cointegration) -> str:
    """How the verdict on the gap is computed."""
    return (
        "Engle and Granger: log follow regressed on log lead and a constant, one direction declared beforehand; tau is the t of "
        f"the gap's pull in a Dickey-Fuller regression. tau = {found.inference.statistic:.2f}, 5% critical value "
        f"{found.critical:.2f} from {found.draws:,} wild-bootstrap walks as volatile and as correlated as the pair, in which no "
        f"gap closes (MacKinnon's table for independent shocks: {found.mackinnon_critical:.2f}, p {found.mackinnon_p:.2f}; "
        "display only). Never the best of several variants."
    ).replace(" -", " −")
