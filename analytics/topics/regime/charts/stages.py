"""The Regime page's figures about stages: the pair over its ribbon, returns by stage, paths after shifts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.panel import Papers
from analytics.published.dated_events import Event
from analytics.render import chart as marks
from analytics.render import intervals, paths
from analytics.render.chart import Chart
from analytics.render.pair import Pair, both_legs
from analytics.render.theme import Ink, layout
from analytics.render.words import day
from analytics.stats.markov import MarkovFilter
from analytics.topics.regime.measures.stage import SHORT, Stage, StageHistory, spells
from analytics.topics.regime.measures.stage_returns import HORIZON, StageReturns

TINTS: dict[Stage, str] = {"panic": "down", "debasement": "up", "neither": "context"}
STRIP, FOOT = 0.07, 0.2
"""Top of the ribbon's place, and bottom of the lines' above it [share of the plot]."""


def tint(stage: Stage, ink: Ink) -> str:
    """A stage's colour; the page's own where the stage is unknown."""
    return ink.colour(TINTS[stage]) if stage in TINTS else ink.grid


def ribbon(
    indexed: pd.DataFrame, history: StageHistory, pair: Pair, known: Sequence[Event], papers: Sequence[Papers]
) -> Chart:
    """Both legs from 100 at the first shown day, over a ribbon of the stages."""
    both = tuple(dict.fromkeys((*pair.papers, *papers)))
    figure = both_legs(indexed, pair, known, height=380, room=240)
    first = indexed.index[0]
    shown = history.stages.loc[first : indexed.index[-1]]
    figure["data"] += _strip(shown, pair.ink)
    figure["layout"]["yaxis"]["domain"] = [FOOT, 1]
    figure["layout"]["shapes"] = [shape | {"y0": FOOT} for shape in figure["layout"]["shapes"]]
    figure["layout"]["yaxis3"] = {"domain": [0, STRIP], "range": [0, 1], "visible": False, "fixedrange": True}
    figure["layout"]["xaxis"]["anchor"] = "y3"
    figure["layout"]["annotations"].append(_legend(pair.ink))
    share = {stage: float((shown == stage).mean()) for stage in TINTS}
    reading = (
        f"Of {len(shown):,} trading days from {day(first.date())} on, {100 * share['panic']:.0f}% were panic and "
        f"{100 * share['debasement']:.0f}% debasement."
    )
    return Chart(
        key="stages",
        figure=marks.finish(figure, both),
        reading=reading,
        alt=f"{pair.lead.label} and {pair.follow.label} as lines over a ribbon coloured by stage. {reading}",
        papers=both,
        rule=f"each day's stage rests on what was known at the close before · {absent(history)}",
        method=(
            "The lines are closes divided by the close of the first shown day, times 100. The ribbon is the stage rule below, "
            "day by day, without memory or smoothing."
        ),
        rows=history.table.loc[shown.index],
    )


def absent(history: StageHistory) -> str:
    """Which inputs had no vote, and on how many of the days."""
    parts = [f"{SHORT[key][0]} had no vote on {count:,}" for key, count in history.without.items()]
    parts += [f"stage unknown on {history.unknown:,}"] if history.unknown else []
    n = f"of {len(history.stages):,} days since {day(history.stages.index[0].date())} "
    return n + (" and ".join(parts) if parts else "every input had its vote")


def _strip(shown: pd.Series, ink: Ink) -> list[dict[str, Any]]:
    """One trace a stage: each spell from the close before it, where its first day's return begins, to its last close."""
    stretches = spells(shown)
    begins = [shown.index[0].date(), *(spell.last for spell in stretches[:-1])]
    made = []
    for stage in TINTS:
        x: list[str | None] = []
        for begin, spell in zip(begins, stretches, strict=True):
            x += [begin.isoformat(), spell.last.isoformat(), None] if spell.stage == stage else []
        made.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": stage,
                "x": x,
                "y": [None if point is None else 0.5 for point in x],
                "yaxis": "y3",
                "line": {
                    "width": 14,
                    "color": tint(stage, ink),
                    "simplify": False,
                },  # else short spells vanish
                "hovertemplate": f"{stage}<extra></extra>",
            }
        )
    return made


def _legend(ink: Ink) -> dict[str, Any]:
    words = "  ".join(f'<span style="color:{tint(stage, ink)}">■ {stage}</span>' for stage in TINTS)
    place = {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": STRIP + 0.012,
        "xanchor": "left",
        "yanchor": "bottom",
    }
    return {**place, "text": words, "showarrow": False, "font": {"size": 12}}


def returns(found: StageReturns, ink: Ink, papers: Sequence[Papers]) -> Chart:
    """Mean return of each stage with its interval."""
    rows = [
        intervals.Row(
            f"{row.stage}<br>{row.days:,} days in {row.spells} spells,<br>worth {row.effective_n:.0f}",
            row.mean,
            row.interval,
            tint(row.stage, ink),
        )
        for row in found.rows
        if row.days > 1
    ]
    figure = intervals.figure(rows, ink, f"mean log return, pp over {HORIZON} trading days", digits=0)
    said = ", ".join(
        f"{row.mean:+.0f}{' pp' if not i else ''} in {row.stage}"
        for i, row in enumerate(found.rows)
        if row.days > 1
    )
    whole = f"Per {HORIZON} trading days {found.name} makes {said} and {found.all_days:+.0f} in all."
    reading = whole.replace("-", "−")
    return Chart(
        key="stage_returns",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Dots with 95% intervals of {found.name}'s mean return by stage. {reading}",
        papers=tuple(papers),
        rule=f"{day(found.first.date())} to {day(found.last.date())} · worth: stretches of {HORIZON} trading days without overlap · 95%, each by itself",
        method=(
            f"Mean next-day log return of the days that the rule calls so, times {HORIZON}. The stage of a day rests on what was "
            "known at the close before, where its return begins. White's t, wild bootstrap."
        ),
        rows=intervals.table(rows, "stage"),
    )


def shifts(found: StageReturns, ink: Ink, colour: str, papers: Sequence[Papers]) -> Chart | None:
    """The mean path after each shift from panic to debasement; None where there was none."""
    if found.path is None:
        return None
    axis = "trading days from the first day of debasement after panic"
    figure = paths.figure(found.path, ink, colour, "after a shift", axis)
    apart = np.abs(found.path.mean - found.path.unconditional)
    outside = int((apart > found.path.band).sum())
    times = f"{len(found.shifts)} shifts" if len(found.shifts) > 1 else "one shift"
    where = f"leaves the band around any day on {outside} of {len(apart)} days"
    reading = (
        f"After {times} from panic to debasement {found.name}'s mean path "
        f"{where if outside else 'stays inside the band around any day'}."
    )
    return Chart(
        key="shifts",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Mean path of {found.name} after shifts from panic to debasement, with a band. {reading}",
        papers=tuple(papers),
        rule=f"{times}, worth {found.shifts_effective_n:.0f} without overlap · band: simultaneous 95% around any day",
        method="The first debasement day after each stretch that held panic; days that are neither may lie between. Shown beside the verdict, which compares all days of the two stages.",
        rows=paths.table(found.path),
    )


def markov(found: MarkovFilter, ink: Ink, papers: Sequence[Papers]) -> Chart:
    """The filter's probability of the stressed state; display only."""
    colour = ink.colour("down")
    line = (100 * found.stressed).rename("stressed")
    figure: dict[str, Any] = {
        "data": [marks.line(line, "stressed", colour, number=".0f", width=1.2)],
        "layout": layout(ink, height=260, unit="probability of the stressed state, %"),
    }
    figure["layout"]["yaxis"]["range"] = [0, 102]
    marks.end_label(figure, line, f"{line.iloc[-1]:.0f}%", colour)
    return Chart(
        key="markov",
        figure=marks.finish(figure, papers),
        reading=found.sentence,
        alt=f"Line of the filtered probability that the S&P 500 is in its stressed state. {found.sentence}",
        papers=tuple(papers),
        rule=f"{found.note} · n = {found.n:,} weeks · a stay in stress lasts {found.periods[0]:.0f} weeks, in calm {found.periods[1]:.0f}",
        method=(
            "Two states with a mean and a variance of their own (Hamilton 1989), fitted by maximum likelihood. The number of "
            "states is fixed: information criteria find more than one in every series whose volatility changes."
        ),
        rows=line.to_frame(),
    )
