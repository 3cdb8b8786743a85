"""How good the odds have been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day
from analytics.topics.rate_path.charts.odds import OUTCOME_COLOURS
from analytics.topics.rate_path.measures.rate_score import RateScore


def reliability(
    found: RateScore, papers: Sequence[Papers], ink: Ink, horizon: int, record: str = ""
) -> Chart:
    """How often what was priced came: one dot a bin of priced probability."""
    bins = [one for one in found.bins if one.horizon == horizon]
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, unit="% of times it came", right=20, height=320, hover="closest"),
    }
    figure["data"].append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": [0, 100],
            "y": [0, 100],
            "line": {"color": ink.muted, "dash": "dot", "width": 1},
            "hoverinfo": "skip",
        }
    )
    figure["data"].append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [100 * one.forecast for one in bins],
            "y": [100 * one.frequency for one in bins],
            "text": [f"n = {one.n}" for one in bins],
            "marker": {
                "color": [ink.colour(OUTCOME_COLOURS[one.outcome]) for one in bins],
                "size": [round(5 + 1.6 * one.n**0.5, 1) for one in bins],
            },
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": [100 * (one.interval[1] - one.frequency) for one in bins],
                "arrayminus": [100 * (one.frequency - one.interval[0]) for one in bins],
                "color": shade(ink.muted, 0.5),
                "thickness": 1,
                "width": 0,
            },
            "customdata": [one.outcome for one in bins],
            "hovertemplate": "%{customdata} priced at %{x:.0f}%: came %{y:.0f}% of times, %{text}<extra></extra>",
        }
    )
    figure["layout"]["xaxis"] |= {
        "title": {"text": "% priced", "font": {"size": 12}},
        "range": [-4, 104],
        "showgrid": True,
    }
    figure["layout"]["yaxis"]["range"] = [-6, 108]
    score = next(one for one in found.horizons if one.horizon == horizon)
    better = score.against_no_change.high < 0
    reading = (
        f"{horizon} days before {score.n} meetings to {day(score.last)} the market's odds scored {score.market.mean:.2f} (lower is better), "
        f"{'better than' if better else 'not reliably better than'} always saying no change ({score.no_change.mean:.2f})."
    )
    return Chart(
        key="reliability",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Reliability picture: {reading} Dots on the diagonal are honest odds; a larger dot stands for more odds.",
        papers=tuple(papers),
        rule="blue: cut, grey: hold, red: hike · size: how many meetings a dot stands for · bars: 95% Wilson intervals"
        + record,
        method="Every decided meeting gives three odds. Odds are binned by size; a bin's height is the share that came true.",
        rows=pd.DataFrame(
            [
                {"outcome": one.outcome, "priced": one.forecast, "came": one.frequency, "n": one.n}
                for one in bins
            ]
        ),
    )


def score_rows(found: RateScore) -> pd.DataFrame:
    """The score table: one row a horizon."""
    return pd.DataFrame(
        [
            {
                "days before": one.horizon,
                "market": one.market.mean,
                "no change": one.no_change.mean,
                "base rates": one.base_rate.mean,
                "market − no change": one.against_no_change.mean,
                "interval low": one.against_no_change.low,
                "interval high": one.against_no_change.high,
                "market, all moves": one.market_with,
                "no change, all moves": one.no_change_with,
                "meetings": one.n,
                "cuts, holds, hikes": "/".join(str(count) for count in one.outcomes),
            }
            for one in found.horizons
        ]
    ).set_index("days before")
