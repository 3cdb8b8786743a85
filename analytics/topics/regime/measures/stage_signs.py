"""The stage rule's signs on one day: what was known, how far that is from the threshold, which sign holds."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import pandas as pd

from analytics.errors import NotEnoughData
from analytics.topics.regime.measures.stage import CONDITIONS, Condition, Stage, StageHistory


@dataclass(frozen=True, slots=True)
class Sign:
    """One condition on one day.

    Attributes:
        condition: The condition.
        value: Its input as known at the close before [the condition's unit]; NaN where it had no vote.
        past: By how much the input is past the threshold, on the side on which the sign holds; negative: by how much it
            falls short [the condition's unit]; NaN without a vote.
        holds: Whether it is a sign of the condition's stage.
    """

    condition: Condition
    value: float
    past: float
    holds: bool

    @property
    def votes(self) -> bool:
        return not math.isnan(self.value)


def signs(history: StageHistory, day: dt.date | None = None) -> tuple[Sign, ...]:
    """The signs of a trading day, in the rule's order; of the last one without a day.

    Raises:
        NotEnoughData: a day that is not in the history.
    """
    stamp = history.table.index[-1] if day is None else pd.Timestamp(day)
    if stamp not in history.table.index:
        raise NotEnoughData(f"The stage history on {stamp.day} {stamp:%b %Y}", 0, 1)
    row = history.table.loc[stamp]
    return tuple(_sign(condition, float(row[condition.key])) for condition in CONDITIONS)


def holding(found: tuple[Sign, ...], stage: Stage) -> int:
    """How many signs of a stage hold."""
    return sum(sign.holds for sign in found if sign.condition.stage == stage)


def _sign(condition: Condition, value: float) -> Sign:
    beyond = value - condition.threshold
    past = -beyond if condition.comparison == "<=" else beyond
    holds = past > 0 if condition.comparison == ">" else past >= 0
    return Sign(condition, value, past, holds)
