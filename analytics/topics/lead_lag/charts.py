"""The Lead and lag page's figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analytics.render import chart as marks
from analytics.render import paths
from analytics.render.chart import Chart
from analytics.render.pair import CALENDAR, Pair
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day, p_value
from analytics.stats.correlation.correlogram import Correlogram
from analytics.stats.correlation.smoothed_family import WindowFamily
from analytics.topics.lead_lag.measures.events import EventStudy
from analytics.topics.lead_lag.measures.lead_lag import LeadLag


def correlogram(found: LeadLag, pair: Pair) -> Chart:
    """Correlation at every lag with the band for all lags at once."""
    line = found.correlogram
    figure: dict[str, Any] = {
        "data": _band(line, pair.ink),
        "layout": layout(pair.ink, unit="correlation of daily returns", right=16, hover="x"),
    }
    outside = np.abs(line.correlation) > line.band
    colours = (shade(pair.ink.muted, 0.7), pair.ink.colour("rates"))
    figure["data"].append(
        {
            "type": "bar",
            "x0": int(line.lags[0]),
            "dx": 1,
            "y": marks.encode(line.correlation),
            "marker": _two_colours(outside, *colours),
            "hovertemplate": "lag %{x}: %{y:.3f}<extra></extra>",
        }
    )
    figure["layout"]["xaxis"] |= {
        "title": {
            "text": f"days by which {pair.names[0]} comes first (left of 0: {pair.names[1]} first)",
            "font": {"size": 12},
        }
    }
    figure["layout"]["bargap"] = 0.25
    beyond = int((outside & (np.abs(line.lags) > 2)).sum())
    verb = (
        "No lag stands"
        if beyond == 0
        else f"{beyond} of 241 lags stand"
        if beyond > 1
        else "One of 241 lags stands"
    )
    reading = (
        f"{verb} outside the band of unrelated series; the best lag with {pair.names[0]} first is {line.best_lag} days "
        f"({p_value(line.best_p)} among its family)."
    )
    return Chart(
        key="correlogram",
        figure=marks.finish(figure, pair.papers),
        reading=reading,
        alt=f"Bars of the correlation at lags from −120 to 120 days, with a band. {reading}",
        papers=pair.papers,
        rule=f"{day(found.first.astype(object))} to {day(found.last.astype(object))} · lags up to 2 days never count: the closes are hours apart · {CALENDAR}",
        method=(
            "t_k = Σ x_t y_{t+k} / √Σ x_t² y_{t+k}², x and y demeaned log returns. The band is for all lags beyond two days "
            f"at once, from wild-bootstrap draws that keep both volatilities. Unrelated series of this length give a best t of "
            f"{line.unrelated_t[0]:.1f} (median) to {line.unrelated_t[1]:.1f} (95%); here it is {line.best_t:.1f}."
        ),
        rows=pd.DataFrame(
            {"correlation": line.correlation, "t": line.t, "band": line.band},
            index=pd.Index(line.lags, name="lag"),
        ),
    )


def _band(line: Correlogram, ink: Ink) -> list[dict[str, Any]]:
    shared = {
        "type": "scatter",
        "mode": "lines",
        "x0": int(line.lags[0]),
        "dx": 1,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    return [
        {**shared, "y": marks.encode(-line.band)},
        {**shared, "y": marks.encode(line.band), "fill": "tonexty", "fillcolor": shade(ink.muted, 0.16)},
    ]


def windows(found: WindowFamily, pair: Pair, verdict_sentence: str) -> Chart:
    """The map of smoothed windows: t by length and gap; what decides the verdict."""
    lengths = [str(length) for length in found.reach.lengths]
    limit = float(np.nanmax(np.abs(found.t)))
    colours = [[0, pair.ink.colour("down")], [0.5, pair.ink.paper], [1, pair.ink.colour("up")]]
    heat = {
        "type": "heatmap",
        "x": found.gaps.tolist(),
        "y": lengths,
        "z": [[None if np.isnan(v) else round(float(v), 2) for v in row] for row in found.t],
        "colorscale": colours,
        "zmin": -max(limit, found.critical),
        "zmax": max(limit, found.critical),
        "colorbar": {"thickness": 10, "len": 0.9, "title": {"text": "t", "side": "top"}, "outlinewidth": 0},
        "hovertemplate": "the last %{y} days, ending %{x} days before: t = %{z:.2f}<extra></extra>",
    }
    figure: dict[str, Any] = {
        "data": [heat],
        "layout": layout(pair.ink, height=300, right=8, unit="days in the window", hover="closest"),
    }
    figure["layout"]["yaxis"] |= {"type": "category"}
    figure["layout"]["xaxis"] |= {
        "title": {"text": f"days between the window's end and {pair.names[1]}'s return", "font": {"size": 12}}
    }
    figure["data"].append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [found.gap],
            "y": [str(found.length)],
            "marker": {"symbol": "circle-open", "size": 13, "color": pair.ink.text, "line": {"width": 2}},
            "hoverinfo": "skip",
        }
    )
    return Chart(
        key="windows",
        figure=marks.finish(figure, pair.papers),
        reading=verdict_sentence,
        alt=f"Heat map of the t of every smoothed window. {verdict_sentence}",
        papers=pair.papers,
        rule=f"{found.members:,} windows, tested as one family: the largest t must exceed {found.critical:.2f}; here {found.statistic:.2f} · {CALENDAR}",
        method=(
            "Sums of the lead's last L returns (L = 1 to 60), ending a days before the follow's return (3 ≤ a, a + L − 1 ≤ 120); "
            "t by Hodrick's 1B algebra; p from the maximum over the whole family in wild-bootstrap draws. The ring marks the "
            "largest t."
        ),
        rows=pd.DataFrame(
            found.t,
            index=pd.Index(found.reach.lengths, name="window"),
            columns=[f"gap_{gap}" for gap in found.gaps],
        ),
    )


def event_path(found: EventStudy, pair: Pair) -> Chart:
    """The follow's mean path after the lead's highs, against all days."""
    path = found.path
    axis = f"trading days after {pair.names[0]}'s {found.event_name}"
    figure = paths.figure(path, pair.ink, pair.colours[1], "after highs", axis)
    worth = float(found.inference.effective_n)
    inside = bool((np.abs(path.mean - path.unconditional) <= path.band).all())
    reading = (
        f"After {pair.names[0]}'s {found.event_name} {pair.names[1]}'s mean path "
        f"{'stays inside' if inside else 'leaves'} the band around any day."
    )
    return Chart(
        key=f"path_{found.event_name.split()[0]}",
        figure=marks.finish(figure, pair.papers),
        reading=reading,
        alt=f"Mean path of {pair.follow.label} after {pair.lead.label}'s {found.event_name}, with a band. {found.sentence}",
        papers=pair.papers,
        rule=f"{found.n_events} event days in {found.spells} spells, worth {worth:.0f} independent ones at {found.design.stated} days · band: simultaneous 95% around any day",
        method=(
            "Outcome: the follow's log return from the day after the event; benchmark: the mean of all days, never zero. Test: "
            "the next day's return on the number of events in the last h days (Hodrick 1B, White errors), the largest t over "
            f"the horizons against wild-bootstrap draws. Circular-shift check: {p_value(found.shift_p)} (approximate, display)."
        ),
        rows=paths.table(path),
    )


def cycle_rows(found: EventStudy) -> pd.DataFrame:
    """Each market cycle alone, and the test without it."""
    return pd.DataFrame(
        [
            {
                "cycle": f"{day(row.first.astype(object))} to {day(row.last.astype(object))}",
                "event days": row.events,
                "effect alone, pp": row.effect,
                "effect without it, pp": row.effect_without,
                "p without it": row.p_without,
            }
            for row in found.cycles.rows
        ]
    ).set_index("cycle")


def horizon_rows(found: EventStudy) -> pd.DataFrame:
    """The effect at every horizon."""
    test = found.test
    return pd.DataFrame(
        {
            "effect, pp": test.effect,
            "standard error": test.standard_error,
            "t": test.t,
            "p (family)": test.p,
            "worth independent": found.effective_n,
        },
        index=pd.Index(test.horizons, name="days after"),
    )


def strongest(found: WindowFamily, pair: Pair) -> str:
    """The strongest window in words."""
    days = "one day" if found.length == 1 else f"{found.length} days"
    return (
        f"the strongest is {pair.names[0]}'s sum over {days} that end {found.gap} days before, t = {found.statistic:.1f}; "
        f"unrelated series give {found.unrelated[0]:.1f} to {found.unrelated[1]:.1f}."
    )


def _two_colours(second: np.ndarray, plain: str, marked: str) -> dict[str, Any]:
    """A marker whose points have one of two colours: a digit a point on the wire instead of the colour's name."""
    scale = [[0, plain], [1, marked]]
    return {
        "color": second.astype(int).tolist(),
        "colorscale": scale,
        "cmin": 0,
        "cmax": 1,
        "showscale": False,
    }
