"""The Regime page's figures about shocks, ranges and what is not in the price yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render import paths
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day
from analytics.topics.regime.measures.consolidation import BLOCK, Consolidation
from analytics.topics.regime.measures.gap import WINDOW, Gap
from analytics.topics.regime.measures.shock_response import BITCOIN_DAYS, METAL_DAYS, ShockResponse


def shocks(found: ShockResponse, ink: Ink, papers: Sequence[Papers]) -> Chart:
    """Mean paths from the shock day on, beyond any day's, of metals and Bitcoin."""
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, right=84, unit="mean log return beyond any day's, pp"),
    }
    for name in ("bitcoin", "metals"):
        path, colour = found.paths[name], ink.colour("silver" if name == "metals" else name)
        figure["data"] += paths.band(-path.band, path.band, shade(colour, 0.14), first=0)
    drawn = (
        ("bitcoin", "Bitcoin", "bitcoin", 2.4),
        ("metals", "metals", "silver", 2.4),
        ("gold", "gold", "gold", 1.2),
    )
    for name, text, tint, width in drawn:
        path = found.paths[name]
        excess = path.mean - path.unconditional
        line = {"color": ink.colour(tint), "width": width}
        figure["data"].append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": text,
                "x0": 0,
                "dx": 1,
                "y": marks.encode(excess),
                "line": line,
                "hovertemplate": f"{text} %{{y:.1f}}<extra></extra>",
            }
        )
        paths.label(figure, len(excess) - 1, float(excess[-1]), text, ink.colour(tint))
    figure["layout"]["shapes"].append(marks.level(0, ink))
    figure["layout"]["xaxis"] |= {"title": {"text": "trading days after the VIX jumps", "font": {"size": 12}}}
    marks.spread_labels(figure, height=240)
    metals, bitcoin = found.legs
    title = (
        f"On days {METAL_DAYS[0]} to {METAL_DAYS[1]} after a shock metals make {metals.pp:+.1f} pp beyond any day's, on days "
        f"{BITCOIN_DAYS[0]} to {BITCOIN_DAYS[1]} Bitcoin {bitcoin.pp:+.1f}."
    ).replace("-", "−")
    return Chart(
        key="shocks",
        figure=marks.finish(figure, papers),
        reading=title,
        alt=f"Mean paths of metals, gold and Bitcoin from the day of a VIX jump on, with bands. {title}",
        papers=tuple(papers),
        rule=f"{len(found.shocks)} jumps of the VIX beyond its trailing 95th percentile, n = {found.n:,} days · bands: simultaneous 95% around any day, of metals and of Bitcoin",
        method="Mean cumulative log return from the shock's own day (0) on, less any day's. Metals are gold and silver at equal weight.",
        rows=pd.concat({name: paths.table(path) for name, path in found.paths.items()}, axis=1),
    )


def ranges(found: Consolidation, ink: Ink, papers: Sequence[Papers]) -> Chart:
    """The range of each block, by whether it began in stress."""
    blocks = found.blocks
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, right=96, unit="highest over lowest close, %", hover="closest"),
    }
    for stress, name, colour in ((False, "calm", ink.muted), (True, "high VIX", ink.colour("down"))):
        chosen = blocks[blocks["stress"] == stress]
        height = 100 * np.expm1(chosen["range"].to_numpy())
        median = found.range_stress if stress else found.range_calm
        figure["data"].append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [f"{first:%Y-%m-%d}" for first in chosen.index],
                "y": marks.encode(height),
                "marker": {"size": 7, "color": colour, "opacity": 0.8},
                "hovertemplate": f"%{{x}}, {name}: %{{y:.0f}}%<extra></extra>",
            }
        )
        figure["layout"]["shapes"].append(
            {**marks.level(median, ink), "line": {"color": colour, "width": 1.4, "dash": "dot"}}
        )
        figure["layout"]["annotations"].append(_at_the_end(median, f"{name} {median:.0f}%", colour))
    figure["layout"]["yaxis"] |= {"type": "log", "tickvals": [2, 5, 10, 20, 50, 100, 200]}
    for note in figure["layout"]["annotations"]:
        if note.get("xanchor") == "left" and note["yref"] == "y":
            note["y"] = float(np.log10(note["y"]))
    _apart(figure)
    title = (
        f"{found.name}'s median range of {BLOCK} days is {found.range_stress:.0f}% after a high VIX and {found.range_calm:.0f}% "
        f"otherwise; the deepest fall inside is {-found.fall_stress:.0f}% and {-found.fall_calm:.0f}%."
    )
    return Chart(
        key="ranges",
        figure=marks.finish(figure, papers),
        reading=title,
        alt=f"Dots of the range of every block of {BLOCK} trading days, by whether it began with a high VIX. {title}",
        papers=tuple(papers),
        rule=f"{found.stress_blocks} blocks after a high VIX, {found.calm_blocks} others, none overlaps, the last begins on {day(blocks.index[-1].date())} · high: above the 80th percentile of its trailing 250 days",
        method=f"Blocks of {BLOCK} trading days counted from the first close; the state is the VIX's on the day before the block.",
        rows=blocks,
    )


def _at_the_end(value: float, text: str, colour: str) -> dict[str, Any]:
    place = {"xref": "paper", "yref": "y", "x": 1, "y": value, "xanchor": "left", "xshift": 5}
    return {**place, "text": text, "showarrow": False, "font": {"size": 12, "color": colour}}


def _apart(figure: dict[str, Any]) -> None:
    """Two labels of medians that nearly agree: one above its rule, one below."""
    labels = [note for note in figure["layout"]["annotations"] if note.get("yref") == "y"]
    low, high = sorted(labels, key=lambda note: note["y"])
    low["yshift"], high["yshift"] = -8, 8


def gap(found: Gap, ink: Ink, colour: str, name: str, papers: Sequence[Papers]) -> Chart:
    """The gap's z through time beside what random walks give."""
    z = found.path["z"].dropna()
    figure: dict[str, Any] = {
        "data": [marks.line(z, "z", colour, number=".2f")],
        "layout": layout(ink, unit="standard deviations of the gap"),
    }
    figure["layout"]["shapes"] += [marks.band_shape(-2, 2, ink), marks.level(0, ink)]
    marks.end_label(figure, z, f"{found.now:+.1f}".replace("-", "−"), colour)
    side = "behind" if found.now > 0 else "ahead of"
    title = (
        f"{name} is {abs(found.now):.1f} standard deviations {side} what its drivers promise; {100 * found.chance_now:.0f}% of "
        "random walks end at least as far out."
    )
    return Chart(
        key="gap_path",
        figure=marks.finish(figure, papers),
        reading=title,
        alt=f"Line of the standardised gap between what drivers promised and what {name} made. {title}",
        papers=tuple(papers),
        rule=f"{day(z.index[0].date())} to {day(z.index[-1].date())} · out of sample only · random walks are beyond ±2 on {100 * found.chance_beyond_2:.0f}% of days",
        method=(
            f"The sum over {WINDOW} days of the return that real yields, the dollar, breakevens, equities and gold predict for the "
            "same day, with betas of the days before only, less the return made. Out of sample the same-day fit explains "
            f"{100 * found.same_day.r_squared:.0f}% of the variance; the gap ahead {100 * found.ahead.r_squared:.1f}% (Clark-West "
            f"p = {found.ahead.p:.2f})."
        ),
        rows=found.path.dropna(how="all"),
    )
