"""Which stage is it: panic, debasement or neither? One rule, fixed before any stage was looked at, on what
was known the day before.

    panic        any of its signs: the VIX at 25 or more, or financial conditions tighter than average
    debasement   no panic, and at least two of three signs: a falling dollar, rising breakevens, easing priced
    neither      everything else

A day's stage follows from five numbers of the day before and from nothing else, so that a reader can check it
by hand: no memory, no smoothing, nothing estimated. The thresholds with their reasons are ``CONDITIONS``.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.topics.regime.measures.stage_inputs import MOVE_DAYS, Inputs, as_known

Stage = Literal["panic", "debasement", "neither", "unknown"]
STAGES: tuple[Stage, ...] = ("panic", "debasement", "neither", "unknown")
SIGNS_OF_DEBASEMENT = 2


@dataclass(frozen=True, slots=True)
class Condition:
    """One sign of a stage.

    Attributes:
        key: Column of the input.
        stage: What it is a sign of.
        comparison: ``>=``, ``>`` or ``<=``; the input is on the left.
        threshold: [unit].
        unit: Of input and threshold.
        required: Without this input the stage is unknown; an input that is not required has no vote while it
            is missing, and the history says so.
        text: The sign in words.
        reason: Why this threshold, decided a priori.
    """

    key: str
    stage: Stage
    comparison: Literal[">=", ">", "<="]
    threshold: float
    unit: str
    required: bool
    text: str
    reason: str

    def holds(self, values: np.ndarray) -> np.ndarray:
        """bool, same shape; a missing value (NaN) is no sign."""
        if self.comparison == "<=":
            return values <= self.threshold
        return values >= self.threshold if self.comparison == ">=" else values > self.threshold


CONDITIONS: tuple[Condition, ...] = (
    Condition(
        "vix", "panic", ">=", 25.0, "% a year", True,
        "the VIX closed at 25 or more",
        "The VIX has averaged about 20 since 1990 with a standard deviation of about 8; 25 begins its upper "
        "fifth or so. The same level splits calm from stress wherever this product does so.",
    ),
    Condition(
        "conditions", "panic", ">", 0.0, "index", False,
        "financial conditions (NFCI) were tighter than average",
        "Zero is the index's own average since 1971 by construction: above it money is tighter than usual, "
        "whatever options say.",
    ),
    Condition(
        "dollar", "debasement", "<=", -2.0, "%", True,
        f"the dollar had fallen by 2% or more in {MOVE_DAYS} trading days",
        "Over half a standard deviation of the dollar's quarter, and the bar of the dollar trigger of claim "
        "33.",
    ),
    Condition(
        "breakeven", "debasement", ">=", 15.0, "bp", True,
        f"the 10-year breakeven had risen by 15 bp or more in {MOVE_DAYS} trading days",
        "Breakevens move by 3 to 4 bp on an ordinary day, so by about 28 bp in a quarter: over half of that, "
        "as for the dollar.",
    ),
    Condition(
        "path", "debasement", "<=", -25.0, "bp", False,
        "fed funds contracts priced at least one cut of 25 bp within twelve months",
        "The Fed moves in steps of 25 bp; less than one whole step is also what a term premium looks like "
        "(claim 10).",
    ),
)  # fmt: skip
"""The rule. Signs of panic need one of two, signs of debasement ``SIGNS_OF_DEBASEMENT`` of three."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Consecutive trading days of one stage: a ribbon under a chart.

    Attributes:
        stage: Which.
        first, last: Its days, inclusive.
        days: Trading days.
    """

    stage: Stage
    first: dt.date
    last: dt.date
    days: int


@dataclass(frozen=True, slots=True, eq=False)
class StageHistory:
    """The stage of each trading day.

    Attributes:
        table: By day: the inputs as known at the close before (``vix`` [% a year], ``conditions`` [index],
            ``dollar`` [% over 60 trading days], ``breakeven`` [bp over 60], ``path`` [bp within twelve
            months]; NaN where not known), ``dollar_from`` (which dollar series), one bool column ``sign_KEY``
            an input, and ``stage``.
        spells: In time order.
        share: Share of the days with a known stage, by stage.
        without: Inputs that had no vote on some days, and on how many.
        unknown: Days without a required input.
        sentence: The last day's stage and why.
    """

    table: pd.DataFrame
    spells: tuple[Spell, ...]
    share: dict[Stage, float]
    without: dict[str, int]
    unknown: int
    sentence: str

    @property
    def stages(self) -> pd.Series:
        """Stage by day."""
        return self.table["stage"]

    def on(self, day: dt.date) -> Stage:
        """Stage of one trading day.

        Raises:
            NotEnoughData: a day that is not in the history.
        """
        stamp = pd.Timestamp(day)
        if stamp not in self.table.index:
            raise NotEnoughData(f"The stage history on {day.day} {day:%b %Y}", 0, 1)
        found: Stage = self.table.at[stamp, "stage"]
        return found


@dataclass(frozen=True, slots=True)
class PanicShare:
    """Claim 27: how much of a window the rule calls panic.

    Attributes:
        first, last: First and last trading day.
        days: Trading days with a known stage.
        panic: Those called panic.
        unknown: Days without a known stage.
        share: panic / days.
        sentence: What a reader sees.
    """

    first: dt.date
    last: dt.date
    days: int
    panic: int
    unknown: int
    share: float
    sentence: str


def stage_history(inputs: Inputs, days: pd.DatetimeIndex) -> StageHistory:
    """Apply the rule to trading days, each with what was known at the close of the one before.

    Args:
        inputs: The five series with their release lags.
        days: US trading days, rising; the first has no day before it and is left out.

    Raises:
        NotEnoughData: fewer than two days, or no day with a known stage.
    """
    if len(days) < 2:
        raise NotEnoughData("The days whose stage is asked", len(days), 2)
    table = as_known(inputs, days[:-1]).set_axis(days[1:], axis=0)
    for condition in CONDITIONS:
        table[f"sign_{condition.key}"] = condition.holds(table[condition.key].to_numpy(float))
    table["stage"] = classify(table)
    known = table["stage"] != "unknown"
    if not known.any():
        raise NotEnoughData("The stage rule's inputs (VIX, dollar, breakeven)", 0, 1)
    missing = {c.key: int(table.loc[known, c.key].isna().sum()) for c in CONDITIONS if not c.required}
    counts = table.loc[known, "stage"].value_counts(normalize=True)
    return StageHistory(
        table=table,
        spells=spells(table["stage"]),
        share={stage: float(counts.get(stage, 0.0)) for stage in STAGES[:3]},
        without={key: count for key, count in missing.items() if count},
        unknown=int((~known).sum()),
        sentence=_sentence(table),
    )


def classify(table: pd.DataFrame) -> np.ndarray:
    """Stage of each row from its inputs, named as the conditions' keys; (n,) of ``STAGES``."""
    signs = {c.key: c.holds(table[c.key].to_numpy(float)) for c in CONDITIONS}
    panic = np.any([signs[c.key] for c in CONDITIONS if c.stage == "panic"], axis=0)
    debasement = np.sum([signs[c.key] for c in CONDITIONS if c.stage == "debasement"], axis=0)
    known = table[[c.key for c in CONDITIONS if c.required]].notna().all(axis=1).to_numpy()
    return np.select(
        [~known, panic, debasement >= SIGNS_OF_DEBASEMENT], ["unknown", "panic", "debasement"], "neither"
    )


def spells(stages: pd.Series) -> tuple[Spell, ...]:
    """Consecutive days of one stage, in time order; one row of ``stages`` a trading day."""
    values, days = stages.to_numpy(), stages.index
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    ends = np.append(starts[1:], len(values)) - 1
    return tuple(
        Spell(values[a], days[a].date(), days[b].date(), int(b - a + 1))
        for a, b in zip(starts, ends, strict=True)
    )


def panic_share(history: StageHistory, first: dt.date, last: dt.date) -> PanicShare:
    """Share of the trading days from ``first`` to ``last`` that the rule calls panic.

    Raises:
        NotEnoughData: no day with a known stage among them.
    """
    window = history.stages.loc[pd.Timestamp(first) : pd.Timestamp(last)]
    known = window[window != "unknown"]
    if known.empty:
        raise NotEnoughData(f"The stage history from {first} to {last}", 0, 1)
    counts = {stage: int((known == stage).sum()) for stage in STAGES[:3]}
    share = counts["panic"] / len(known)
    return PanicShare(
        first=known.index[0].date(),
        last=known.index[-1].date(),
        days=len(known),
        panic=counts["panic"],
        unknown=len(window) - len(known),
        share=share,
        sentence=(
            f"From {_day(known.index[0])} to {_day(known.index[-1])} the rule calls {counts['panic']} of "
            f"{len(known)} trading days panic, {counts['debasement']} debasement and the rest neither."
        ),
    )


def _sentence(table: pd.DataFrame) -> str:
    row, day = table.iloc[-1], table.index[-1]
    inputs = ", ".join(_input(c, float(row[c.key])) for c in CONDITIONS)
    stage = row["stage"]
    if stage == "unknown":
        return f"On {_day(day)} the stage is unknown: {inputs}."
    called = "neither panic nor debasement" if stage == "neither" else stage
    return f"The stage on {_day(day)}, by what was known the day before, is {called}: {inputs}."


SHORT = {
    "vix": ("VIX", "{:.1f}"),
    "conditions": ("NFCI", "{:+.2f}"),
    "dollar": ("dollar", "{:+.1f}% in 60 days"),
    "breakeven": ("breakeven", "{:+.0f} bp in 60 days"),
    "path": ("Fed path", "{:+.0f} bp in twelve months"),
}
"""Key -> (short name, how its value is written)."""


def _input(condition: Condition, value: float) -> str:
    name, form = SHORT[condition.key]
    if not math.isnan(value):
        return f"{name} {form.format(value)}"
    return f"{name} not known" if condition.required else f"{name} not known, so without a vote"


def _day(stamp: pd.Timestamp) -> str:
    return f"{stamp.day} {stamp:%b %Y}"
