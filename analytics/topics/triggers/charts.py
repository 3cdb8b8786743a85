"""The trigger ledger's figures: each trigger's number against its bar through time, and the table of its firings."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import NotKnown
from analytics.panel import Papers
from analytics.render import chart as marks
from analytics.render.chart import Chart
from analytics.render.theme import Ink, layout, shade
from analytics.render.words import day, percent
from analytics.topics.triggers.measures.trigger_outcomes import HORIZON, Outcomes
from analytics.topics.triggers.measures.trigger_states import SINCE
from analytics.topics.triggers.measures.triggers import Trigger, Triggers

COLOURS = {"cut": "rates", "dollar": "dollar", "fiscal": "copper"}
STATES = {True: "on", False: "off", None: "not known"}
DIGITS = {"cut": 0, "dollar": 1, "fiscal": 0}
HEIGHT = 230
RULE = (
    "Each trading day's state uses what was known by its close. A firing is a day on which a trigger came on; one that is "
    "already on when its history begins has not fired. Bitcoin is followed from the close of the firing's day over "
    f"{HORIZON} trading days; a firing after which it stood no higher is a false alarm. What Bitcoin did after is shown and "
    "enters no verdict. Past deficits are today's revision of them."
)


@dataclass(frozen=True, slots=True)
class Tile:
    """What a small trigger tile says: its name, its state, since when, and how far it is from changing."""

    title: str
    state: str
    since: str
    distance: str


def tile(found: Trigger) -> Tile:
    """A trigger in four short pieces."""
    since = "" if found.since is None else f"since {day(found.since)}"
    distance = found.distance.replace("(-", "(−").removeprefix("not known: ")
    return Tile(found.title, STATES[found.on], since, f"{distance[:1].upper()}{distance[1:]}.")


def reading(found: Trigger) -> str:
    """The trigger's state and distance in one sentence."""
    said = tile(found)
    return f"{said.title}: {said.state} {said.since}".rstrip() + f". {said.distance}"


def through_time(found: Trigger, papers: Sequence[Papers], ink: Ink) -> Chart:
    """The number behind a trigger against its bar since 2003; shaded while on, a mark at each firing.

    Raises:
        NotKnown: no day with a known state; the reason is the trigger's ``distance``.
    """
    values = found.values.loc[pd.Timestamp(SINCE) :].dropna()
    if values.empty:
        raise NotKnown(reading(found))
    colour = ink.colour(COLOURS[found.key])
    figure: dict[str, Any] = {
        "data": [marks.line(values, found.title, colour, number=f"+.{DIGITS[found.key]}f")],
        "layout": layout(ink, unit=found.unit, height=HEIGHT, right=64),
    }
    figure["layout"]["shapes"] += [*_spans(found, values.index[0], shade(colour, 0.16)), _bar(found, ink)]
    marks.end_label(figure, values, _number(values.iloc[-1], found.key), colour)
    _bar_label(figure, found, ink, values.iloc[-1])
    if found.fired:
        figure["data"].append(_fired(found, ink))
    return Chart(
        key=f"trigger_{found.key}",
        figure=marks.finish(figure, papers),
        reading=reading(found),
        alt=f"Line of the number behind the trigger against its bar, shaded while it is on. {reading(found)}",
        papers=tuple(papers),
        rule=f"{found.definition.rstrip('.')} · known from {day(values.index[0].date())} · shaded while on · marks: firings",
        method=f"{found.definition} {RULE}",
        rows=pd.DataFrame({"value": found.values, "on": found.states}).dropna(how="all").loc[str(SINCE) :],
    )


def _number(value: float, key: str) -> str:
    rounded = round(value, DIGITS[key]) + 0.0
    return f"{rounded:+,.{DIGITS[key]}f}".replace("-", "−") if rounded else "0"


def _bar(found: Trigger, ink: Ink) -> dict[str, Any]:
    return marks.level(found.bar, ink) | {"line": {"color": ink.text, "width": 1, "dash": "dash"}}


def _bar_label(figure: dict[str, Any], found: Trigger, ink: Ink, last: float) -> None:
    """The bar's name at the right edge, on the side that the line's own label leaves free."""
    note = {"text": "bar", "xref": "paper", "x": 1, "y": found.bar, "xanchor": "left", "xshift": 5}
    above = last < found.bar
    font = {"size": 12, "color": ink.muted}
    figure["layout"]["annotations"].append(
        note | {"showarrow": False, "font": font, "yshift": 9 if above else -9}
    )


def _spans(found: Trigger, first: pd.Timestamp, colour: str) -> list[dict[str, Any]]:
    """A shaded span for every run of days on which the trigger was on: one shape, since each costs as much as 70 days do."""
    on = (found.states.loc[first:] == 1).to_numpy()
    days = found.states.loc[first:].index
    edges = (
        np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int))).reshape(-1, 2).tolist()
    )
    if not edges:
        return []
    runs = [(f"{days[start]:%Y-%m-%d}", f"{days[stop - 1]:%Y-%m-%d}") for start, stop in edges]
    return [
        {
            "type": "path",
            "xref": "x",
            "yref": "paper",
            "path": " ".join(f"M {begin},0 V1 H {end} V0Z" for begin, end in runs),
            "layer": "below",
            "fillcolor": colour,
            "line": {"width": 0},
        }
    ]


def _fired(found: Trigger, ink: Ink) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [fired.isoformat() for fired in found.fired],
        "y": [found.bar for _ in found.fired],
        "marker": {"symbol": "triangle-up", "size": 8, "color": ink.text},
        "text": [f"fired {day(fired)}{_after(found, fired)}" for fired in found.fired],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _after(found: Trigger, fired: dt.date) -> str:
    if found.outcomes is None or pd.Timestamp(fired) not in found.outcomes.table.index:
        return ""
    after = float(found.outcomes.table.loc[pd.Timestamp(fired), "after"])
    return "" if math.isnan(after) else f"; Bitcoin {percent(after)} (log) after {HORIZON} trading days"


def counted(found: Triggers) -> str:
    """How many triggers are on, in one sentence."""
    number = ("none of the three triggers is", "one of the three triggers is", "two of the three triggers are", "all three triggers are")[found.on]  # fmt: skip
    unknown = [_lower(one.title) for one in found.triggers if one.on is None]
    rest = f"; no state is known of: {', '.join(unknown)}" if unknown else ""
    return f"On {day(found.day)} {number} on{rest}."


def states(found: Triggers) -> str:
    """Every trigger's state, in the order of the ledger."""
    return "; ".join(f"{_lower(one.title)} {STATES[one.on]}" for one in found.triggers) + "."


def _lower(title: str) -> str:
    """A title inside a sentence; names keep their capitals."""
    return f"{title[0].lower()}{title[1:]}"


def record(found: Trigger) -> str:
    """What past firings were worth, in one sentence."""
    count = len(found.fired)
    if found.known_from is None:
        return f"No past state of the trigger is known: {_lower(found.title)}."
    times = "never" if count == 0 else "once" if count == 1 else f"{count} times"
    known = max(found.known_from, SINCE)
    said = f"{found.title} fired {times} since {day(known)}"
    if found.outcomes is None or not found.outcomes.over:
        return f"{said}; Bitcoin has not lived through {HORIZON} days after one."
    return f"{said}; {_worth(found.outcomes)}"


def _worth(after: Outcomes) -> str:
    return (
        f"of {after.over} that Bitcoin has lived through (worth {after.effective_n:.1f} independent ones) "
        f"{after.false_alarms} were false alarms, and any day is one {100 * after.chance:.0f}% of the time; its mean "
        f"{HORIZON}-day log return was {percent(after.mean)} against {percent(after.usual)} after any day."
    )


def firings_rows(rows: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Firings of all triggers, newest first, for CSV.

    Args:
        rows: By trigger title, what ``findings.triggers.firing_rows`` gives.
    """
    every = pd.concat([table.assign(trigger=title).reset_index() for title, table in rows.items()])
    return every.sort_values("fired", ascending=False, kind="stable").set_index("fired")


def firings_table(rows: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Firings of all triggers, newest first, as a reader sees them."""
    every = firings_rows(rows)
    said = {True: "false alarm", False: "Bitcoin stood higher", None: "not over, or before Bitcoin"}
    return pd.DataFrame(
        {
            "trigger": every["trigger"].to_numpy(),
            f"Bitcoin, next {HORIZON} days (log)": [percent(value) for value in every["after"]],
            "outcome": [said[flag] for flag in every["false_alarm"]],
        },
        index=pd.Index([day(stamp.date()) for stamp in every.index], name="fired"),
    )


def firings_title(found: Triggers) -> str:
    """What all firings together were worth."""
    count = sum(len(one.fired) for one in found.triggers)
    over = sum(one.outcomes.over for one in found.triggers if one.outcomes)
    false = sum(one.outcomes.false_alarms for one in found.triggers if one.outcomes)
    chance = next((one.outcomes.chance for one in found.triggers if one.outcomes), math.nan)
    if not over:
        return f"{count} firings since {SINCE.year}; Bitcoin has not lived through {HORIZON} days after one."
    return (
        f"{count} firings since {SINCE.year}; after {false} of the {over} that are over Bitcoin stood no higher "
        f"{HORIZON} trading days later, as it does after {100 * chance:.0f}% of all days."
    )
