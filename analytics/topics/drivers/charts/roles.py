"""More figures of the Drivers page: silver's two roles, and silver in other moneys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.pair import LOG_FROM
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day, percent
from analytics.topics.drivers.measures.abroad import Abroad
from analytics.topics.drivers.measures.role_windows import EVERY, WINDOW
from analytics.topics.drivers.measures.roles import NULL_SHARE, Roles

COLOURS = {"gold": "gold", "industry": "copper"}
MONEY_COLOURS = {"dollars": "silver", "euros": "ether", "yuan": "other", "rupees": "tightening"}
"""Four that stay apart for every eye; which one is whose says its label."""


def roles(found: Roles, window: tuple[dt.date, dt.date], papers: Sequence[Papers], ink: Ink) -> Chart:
    """Both shares through time, each with its band."""
    shown = found.rolling.loc[str(window[0]) : str(window[1])]
    table = 100 * (shown if len(shown) > 1 else found.rolling)
    figure: dict[str, Any] = {
        "data": [],
        "layout": layout(ink, unit=f"% of silver's daily variance, {WINDOW} days", right=84, hover="x"),
    }
    for name, colour in COLOURS.items():
        tint = ink.colour(colour)
        edge = {"line": {"width": 0}, "hoverinfo": "skip", "hovertemplate": None}
        figure["data"] += [
            {**marks.line(table[f"{name}_low"], "low", tint), **edge},
            {
                **marks.line(table[f"{name}_high"], "high", tint),
                **edge,
                "fill": "tonexty",
                "fillcolor": shade(tint, 0.2),
            },
            marks.line(table[name], name.capitalize(), tint, number=".0f"),
        ]
        marks.end_label(figure, table[name], name.capitalize(), tint)
    figure["layout"]["yaxis"]["range"] = [0, 100]
    marks.spread_labels(figure)
    figure["layout"]["xaxis"]["range"] = [f"{table.index[i]:%Y-%m-%d}" for i in (0, -1)]
    figure["layout"]["shapes"].append(marks.level(100 * NULL_SHARE, ink))
    gold, industry = (found.rolling[name].iloc[-1] for name in COLOURS)
    reading = f"Of silver's daily variance over the last {WINDOW} days gold accounts for {100 * gold:.0f}% and industry for {100 * industry:.0f}%."
    return Chart(
        key="roles",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Line chart of the share of silver's variance from gold and from industry, with bands. {reading}",
        papers=tuple(papers),
        rule=(
            f"windows of {WINDOW} trading days, every {EVERY}th · bands: 95% for one window chosen beforehand · thin rule: the "
            f"{100 * NULL_SHARE:.0f}% that a role must exceed · a display, the verdict is the test below"
        ),
        method=_roles_method(found),
        rows=found.rolling,
    )


def _roles_method(found: Roles) -> str:
    weights = ", ".join(f"{key.replace('_', ' ')} {weight:.2f}" for key, weight in found.weights.items())
    return (
        "Shapley (LMG) shares of the variance of silver's daily log return: each regressor's gain in R² averaged over both orders. "
        f"Industry is the first component of three standardised series (weights: {weights}; it holds {100 * found.component:.0f}% "
        "of their variance) with gold taken out, so what gold and industry share counts for gold. Bands: stationary bootstrap, mean "
        "block 20 days. That gold is a haven is assumed here, not tested."
    )


def roles_beside(found: Roles) -> str:
    """What stands beside the verdict and decides nothing."""
    (week_gold, week_industry), (fair_gold, fair_industry) = found.weeks, found.fair
    return (
        f"Beside it, deciding nothing: on Friday weeks gold has {100 * week_gold:.0f}% and industry {100 * week_industry:.0f}% "
        f"(metals settle at midday and funds at four, which daily data count against industry); where the factor keeps what it "
        f"shares with gold, {100 * fair_gold:.0f}% and {100 * fair_industry:.0f}%."
    )


def abroad(found: Abroad, papers: Sequence[Papers], ink: Ink) -> Chart:
    """Silver in each money, all 100 on the first day."""
    values = found.indexed.to_numpy()
    logarithmic = bool(values.max() / values.min() > LOG_FROM)
    figure: dict[str, Any] = {"data": [], "layout": layout(ink, unit=f"{day(found.first)} = 100", right=112)}
    figure["layout"]["yaxis"]["type"] = "log" if logarithmic else "linear"
    for name in found.indexed:
        path, tint = found.indexed[name], ink.colour(MONEY_COLOURS[name])
        figure["data"].append(marks.line(path, f"in {name}", tint, number=",.1f"))
        marks.end_label(figure, path, f"{name} {percent(found.changes[name], 0)}", tint, log=logarithmic)
    marks.spread_labels(figure)
    figure["layout"]["xaxis"]["range"] = [f"{one:%Y-%m-%d}" for one in (found.first, found.last)]
    parts = [f"{percent(change)} in {name}" for name, change in found.changes.items()]
    reading = f"From {day(found.first)} silver moved {', '.join(parts[:-1])} and {parts[-1]}."
    absent = f" · not known: the rate for {' and '.join(found.absent)}" if found.absent else ""
    return Chart(
        key="abroad",
        figure=marks.finish(figure, papers),
        reading=reading,
        alt=f"Line chart of silver in {', '.join(found.changes)}, each 100 on {day(found.first)}. {reading}",
        papers=tuple(papers),
        rule=f"n = {found.n:,} common US trading days to {day(found.last)} · silver at 13:25 New York, currencies at London's midnight{absent}",
        method="Silver's dollar price times the day's exchange rate, over the same on the first shown day, times 100. A display: the test of claim 14 is made in the dollar index's whole basket.",
        rows=found.indexed,
    )
