"""Claim 33: three triggers. The Fed really cuts, the dollar weakens for months, fiscal pressure mounts.

Each has a state on every trading day, from what was known by its close, and a distance to its bar in plain
units. A firing is a day on which it came on. What Bitcoin did after past firings stands beside it
(``trigger_outcomes``) and does not enter the count.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.topics.triggers.measures.trigger_outcomes import Outcomes, outcomes
from analytics.topics.triggers.measures.trigger_states import (
    DEFICIT_GROWTH,
    DOLLAR_FALL,
    MONTHS,
    PART,
    PARTS_DOWN,
    QUARTER,
    cut_changes,
    cut_distance,
    deficits,
    dollar_changes,
    dollar_distance,
    firings,
    fiscal_distance,
)


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """One trigger on the last day asked.

    Attributes:
        key: ``cut``, ``dollar`` or ``fiscal``.
        title: Short name.
        definition: When it is on, in full.
        inputs: Series that it reads.
        on: State on the last day; None where it is not known.
        since: First day of the present state; None where unknown.
        value: What is held against the bar [unit]; NaN where unknown.
        bar: [unit].
        unit: Of both.
        distance: How far from changing state, in plain words.
        values: What was held against the bar, by trading day [unit]; NaN where unknown.
        states: 1 on, 0 off, NaN unknown, by trading day.
        fired: Days from ``SINCE`` on, on which it came on; a state already on when its history begins is no
            firing.
        known_from: First day with a known state; None where there is none.
        outcomes: What Bitcoin did after; None where no firing has a day after it, or Bitcoin is too young.
    """

    key: str
    title: str
    definition: str
    inputs: tuple[str, ...]
    on: bool | None
    since: dt.date | None
    value: float
    bar: float
    unit: str
    distance: str
    values: pd.Series
    states: pd.Series
    fired: tuple[dt.date, ...]
    known_from: dt.date | None
    outcomes: Outcomes | None


@dataclass(frozen=True, slots=True, eq=False)
class Triggers:
    """All three.

    Attributes:
        day: The last trading day.
        triggers: Cut, dollar, fiscal.
        on: How many are on.
        unknown: How many have no known state.
        all_on: Whether all three are; None where an unknown one could decide it.
        sentence: What a reader sees.
    """

    day: dt.date
    triggers: tuple[Trigger, Trigger, Trigger]
    on: int
    unknown: int
    all_on: bool | None
    sentence: str


def triggers(
    days: pd.DatetimeIndex,
    target_upper: pd.Series | None,
    dollar: pd.Series | None,
    balance: pd.Series | None,
    bitcoin: pd.Series | None,
) -> Triggers:
    """State and record of the three triggers.

    Args:
        days: US trading days up to the as-of day, rising.
        target_upper: Upper limit of the target range as announced by the close of each calendar day [%].
        dollar: Dollar index by trading day.
        balance: Federal balance by month, dated by the first of the month; a deficit is negative [million $].
        bitcoin: Closes by US trading day [$]; None where there are too few to follow a firing.

    Returns:
        A trigger whose series is None, or too short, has no known state and says so.

    Raises:
        NotEnoughData: fewer trading days than a quarter.
        NotPositive: a Bitcoin close at or below zero.
    """
    if len(days) <= QUARTER:
        raise NotEnoughData("The trading days that triggers look back on", len(days), QUARTER + 1)
    found = (
        _cut(days, target_upper, bitcoin),
        _dollar(days, dollar, bitcoin),
        _fiscal(days, balance, bitcoin),
    )
    on, unknown = sum(t.on is True for t in found), sum(t.on is None for t in found)
    off = len(found) - on - unknown
    all_on = False if off else (None if unknown else True)
    return Triggers(days[-1].date(), found, on, unknown, all_on, _sentence(found, on, unknown, days[-1]))


def _cut(days: pd.DatetimeIndex, target_upper: pd.Series | None, bitcoin: pd.Series | None) -> Trigger:
    change = np.full(len(days), np.nan) if target_upper is None else cut_changes(days, target_upper)
    return _trigger(
        key="cut",
        title="The Fed really cuts",
        definition=f"The announced target range is lower than {QUARTER} trading days before.",
        inputs=("target_upper",),
        state=np.where(np.isnan(change), np.nan, change < 0),
        values=change,
        bar=-25.0,
        unit="bp over 63 trading days",
        distance=cut_distance(float(change[-1])),
        days=days,
        bitcoin=bitcoin,
    )


def _dollar(days: pd.DatetimeIndex, dollar: pd.Series | None, bitcoin: pd.Series | None) -> Trigger:
    none = np.full(len(days), np.nan)
    change, down = (none, none) if dollar is None else dollar_changes(days, dollar)
    return _trigger(
        key="dollar",
        title="The dollar weakens for months",
        definition=(
            f"The dollar index is at least {-DOLLAR_FALL:g}% lower than {QUARTER} trading days before and "
            f"lower in at least {PARTS_DOWN} of the three {PART}-day parts."
        ),
        inputs=("dollar_index",),
        state=np.where(np.isnan(change), np.nan, (change <= DOLLAR_FALL) & (down >= PARTS_DOWN)),
        values=change,
        bar=DOLLAR_FALL,
        unit="% over 63 trading days",
        distance=dollar_distance(float(change[-1]), float(down[-1])),
        days=days,
        bitcoin=bitcoin,
    )


def _fiscal(days: pd.DatetimeIndex, balance: pd.Series | None, bitcoin: pd.Series | None) -> Trigger:
    none = np.full(len(days), np.nan)
    now, before = (none, none) if balance is None else deficits(days, balance)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(before > 0, 100 * (now / before - 1), np.nan)
    # After a year without a deficit any deficit is wider by more than any bar, and a surplus is none.
    wider = np.where(before > 0, growth >= DEFICIT_GROWTH, now > 0)
    return _trigger(
        key="fiscal",
        title="Fiscal pressure mounts",
        definition=(
            f"The federal deficit of the last {MONTHS} published months is at least {DEFICIT_GROWTH:g}% "
            f"wider than that of the {MONTHS} before."
        ),
        inputs=("federal_balance_monthly",),
        state=np.where(np.isnan(now), np.nan, wider),
        values=growth,
        bar=DEFICIT_GROWTH,
        unit="% wider than a year before",
        distance=fiscal_distance(float(now[-1]), float(before[-1])),
        days=days,
        bitcoin=bitcoin,
    )


def _trigger(
    *,
    key: str,
    title: str,
    definition: str,
    inputs: tuple[str, ...],
    state: np.ndarray,
    values: np.ndarray,
    bar: float,
    unit: str,
    distance: str,
    days: pd.DatetimeIndex,
    bitcoin: pd.Series | None,
) -> Trigger:
    states = pd.Series(state.astype(float), index=days, name=key)
    last = float(states.iloc[-1])
    known = states.dropna()
    fired = firings(states)
    return Trigger(
        key=key,
        title=title,
        definition=definition,
        inputs=inputs,
        on=None if math.isnan(last) else last == 1,
        since=None if math.isnan(last) else _since(states),
        value=float(values[-1]),
        bar=bar,
        unit=unit,
        distance=distance,
        values=pd.Series(values.astype(float), index=days, name=key),
        states=states,
        fired=tuple(day.date() for day in fired),
        known_from=known.index[0].date() if len(known) else None,
        outcomes=None if bitcoin is None else outcomes(bitcoin, fired),
    )


def _since(states: pd.Series) -> dt.date:
    changed = np.flatnonzero(states.to_numpy()[1:] != states.to_numpy()[:-1])
    return states.index[changed[-1] + 1 if len(changed) else 0].date()


def _sentence(found: tuple[Trigger, ...], on: int, unknown: int, day: pd.Timestamp) -> str:
    parts = ", ".join(f"{t.title[0].lower()}{t.title[1:]}: {_word(t)}" for t in found)
    counted = f"{on} of three triggers on" + (f", {unknown} not known" if unknown else "")
    return f"On {day.day} {day:%b %Y}, {counted} ({parts})."


def _word(trigger: Trigger) -> str:
    return "not known" if trigger.on is None else "on" if trigger.on else "off"
