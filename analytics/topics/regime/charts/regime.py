"""The Regime page's figures about what Bitcoin is: betas in stress, Nasdaq against gold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render import intervals, paths
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day
from analytics.stats.naive import Z_95
from analytics.topics.regime.measures.risk_or_hedge import RiskOrHedge
from analytics.topics.regime.measures.stage import StageHistory
from analytics.topics.regime.measures.stress_beta import StressBeta
from analytics.topics.regime.words import called

OLS_FALSE_ALARMS = 33
"""Share of series without any shift in which plain errors find one under common volatility (docs/methods.md#stress-beta) [%]."""
RISK = {
    "supported": "{} trades as a risk asset when equities fall hardest",
    "contradicted": "{} moves against equities when they fall hardest",
    "undecided": "the data cannot tell whether {} is a risk asset in stress",
    "too small to matter": "{} is a risk asset in stress by too little to matter",
    "not supported": "{} is no proven risk asset when equities fall hardest",
}


def reading(history: StageHistory | None, found: StressBeta | None) -> str:
    """The page's sentence from whatever is known of the two."""
    parts = []
    if history is not None:
        last = history.stages.index[-1].date()
        parts.append(f"the stage on {day(last)} is {called(history.on(last))}")
    if found is not None:
        parts.append(RISK[found.verdict].format(found.names[1]))
    both = ", and ".join(parts)
    return f"{both[0].upper()}{both[1:]}."


def stress_betas(found: StressBeta, ink: Ink, colour: str, papers: Sequence[Papers]) -> Chart:
    """Whole betas by how badly the market does."""
    rows = [
        intervals.Row(f"{one.label}<br>{one.days:,} days", one.beta, one.interval, colour, faded=i != 2)
        for i, one in enumerate(found.regimes)
    ]
    market, follow = found.names
    figure = intervals.figure(rows, ink, f"{follow}'s move for 1% of {market}")
    calm, hard = found.regimes[0].beta, found.regimes[2].beta
    title = f"{follow} moves {_for_one(hard)} with {market} on its worst 5% of days and {_for_one(calm)} on others."
    return Chart(
        key="stress_betas",
        figure=marks.finish(figure, papers),
        reading=title,
        alt=f"Dots with 95% intervals of {follow}'s beta by how badly {market} does. {title}",
        papers=tuple(papers),
        rule=f"{day(found.first.astype(object))} to {day(found.last.astype(object))} · n = {found.inference.n:,} days · the filled dot decides · quantiles of the days before, never of the full sample",
        method=(
            "r_B = a + c0 r_S + c1 r_S D10 + c2 r_S D05 + c3 r_S D01 (Baur and McDermott 2010), D marking days on which equities "
            "return less than their 10, 5 and 1% quantile of all days before. Shown are the whole betas c0, c0 + c1, c0 + c1 + "
            "c2 and c0 + c1 + c2 + c3, each with a pointwise 95% interval (HC3)."
        ),
        rows=intervals.table(rows, "days of the market"),
    )


def _for_one(beta: float) -> str:
    return f"{beta:.2f}% for 1%".replace("-", "−")


def beside(found: StressBeta) -> pd.DataFrame:
    """The test that decides, and those that stand beside it."""
    named = {
        "whole beta on the worst 5% (decides)": found.inference,
        "shift of the beta in a tail, either way": found.shift,
        "hedge: a beta below zero in a tail": found.hedge,
    }
    if found.lagged is not None:
        named[f"extra beta after a VIX of {found.lagged.level:g} or more"] = found.lagged.extra
    rows = [
        {"test": name, "p": one.p, "estimate": one.estimate, "t": one.statistic}
        for name, one in named.items()
    ]
    return pd.DataFrame(rows).set_index("test")


def naive(found: StressBeta) -> str:
    """What plain errors would have said."""
    verb = "would pass for a shift" if found.naive_shift > Z_95 else "would not pass for a shift"
    return (
        f"With plain least-squares errors the largest of three |t| of a shift is {found.naive_shift:.1f} and {verb}; such "
        f"errors find one in {OLS_FALSE_ALARMS}% of series that have none, because the tails are the volatile days."
    )


def rolling(found: RiskOrHedge, ink: Ink, window: tuple[Any, Any], papers: Sequence[Papers]) -> Chart:
    """Bitcoin's beta to Nasdaq against its beta to gold through time."""
    path = found.rolling.loc[str(window[0]) : str(window[1])]
    path = path if len(path) > 1 else found.rolling
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, unit=f"beta given the other, trailing {found.window} days"),
    }
    for name, text, tint in (("nasdaq", "Nasdaq", "equities"), ("gold", "gold", "gold")):
        colour = ink.colour(tint)
        half = Z_95 * path[f"{name}_error"]
        band: dict[str, Any] = {"fill": "tonexty"}
        for edge, more in ((path[name] - half, {}), (path[name] + half, band)):
            drawn = marks.line(
                edge, text, colour, width=0, hoverinfo="skip", fillcolor=shade(colour, 0.13), **more
            )
            figure["data"].append({key: value for key, value in drawn.items() if key != "hovertemplate"})
        figure["data"].append(marks.line(path[name], f"beta to {text}", colour, width=2))
        marks.end_label(figure, path[name], text, colour)
    figure["layout"]["shapes"].append(marks.level(0, ink))
    marks.spread_labels(figure)
    return Chart(
        key="two_betas",
        figure=marks.finish(figure, papers),
        reading=found.sentence,
        alt=f"Lines of Bitcoin's rolling betas to Nasdaq and to gold with bands. {found.sentence}",
        papers=tuple(papers),
        rule=f"n = {found.n:,} returns · bands: pointwise 95%, HC1 · a display, no verdict rests on it",
        method="Bitcoin's log return on those of Nasdaq and gold together, least squares with a constant in every window.",
        rows=found.rolling,
    )


def states(found: RiskOrHedge, ink: Ink, papers: Sequence[Papers]) -> Chart:
    """Both betas by the VIX of the day before."""
    rows = []
    for state in found.states:
        where = state.label.replace(" the day before", "<br>the day before")
        rows.append(
            intervals.Row(f"Nasdaq, {where}", state.nasdaq, state.nasdaq_interval, ink.colour("equities"))
        )
        rows.append(intervals.Row(f"gold, {where}", state.gold, state.gold_interval, ink.colour("gold")))
    figure = intervals.figure(rows, ink, "Bitcoin's beta, each given the other")
    (_, calm, stress) = found.states
    title = (
        f"In stress Bitcoin's beta is {stress.nasdaq:.2f} to Nasdaq and {stress.gold:.2f} to gold, in calm {calm.nasdaq:.2f} "
        f"and {calm.gold:.2f}."
    ).replace("-", "−")
    days = ", ".join(f"{state.days:,}" for state in found.states)
    return Chart(
        key="states",
        figure=marks.finish(figure, papers),
        reading=title,
        alt=f"Dots with 95% intervals of Bitcoin's betas to Nasdaq and gold by stress state. {title}",
        papers=tuple(papers),
        rule=f"days: {days} · stress is a VIX of {found.level:g} or more the day before · HC3 intervals · display only",
        method="The same regression on all days, on days after a calm VIX close and on days after a high one.",
        rows=intervals.table(rows, "beta"),
    )


def exceedances(found: RiskOrHedge, ink: Ink, papers: Sequence[Papers]) -> Chart:
    """Correlation on Nasdaq's extreme days, raw and corrected; display only."""
    table = found.exceedances
    sides = [table[table["side"] == "falls"], table[table["side"] == "rises"].iloc[::-1]]
    ordered = pd.concat(sides)
    x = [
        f"{100 * row.quantile:.0f}% {'worst' if row.side == 'falls' else 'best'}"
        for row in ordered.itertuples()
    ]
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, height=300, right=84, unit="correlation with Nasdaq"),
    }
    lines = (
        ("correlation", "raw", ink.muted, "dot"),
        ("corrected", "corrected", ink.colour("equities"), "solid"),
    )
    for column, name, colour, dash in lines:
        figure["data"].append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": name,
                "x": x,
                "y": marks.encode(ordered[column].to_numpy()),
                "line": {"color": colour, "width": 2, "dash": dash},
                "hovertemplate": f"{name} %{{y:.2f}}<extra></extra>",
            }
        )
        paths.label(figure, len(x) - 1, float(ordered[column].iloc[-1]), name, colour)
    figure["layout"]["xaxis"] |= {
        "type": "category",
        "title": {"text": "Nasdaq's days", "font": {"size": 12}},
    }
    figure["layout"]["shapes"].append(marks.level(0, ink))
    marks.spread_labels(figure, height=200)
    title = "Display only: the correlation on extreme days, raw and with Forbes and Rigobon's correction."
    return Chart(
        key="exceedances",
        figure=marks.finish(figure, papers),
        reading=title,
        alt=f"Two lines of Bitcoin's correlation with Nasdaq on its extreme days. {title}",
        papers=tuple(papers),
        rule=found.note,
        method=(
            "Correlation on the days on which Nasdaq was below (above) its own full-sample quantile (Longin and Solnik 2001), and "
            "as it would be had Nasdaq moved as on all days (Forbes and Rigobon 2002, equation 11). Read as a test, the raw rise "
            "gives false alarms in 87% of series without any change (measured)."
        ),
        rows=table.set_index(["side", "quantile"]),
    )
