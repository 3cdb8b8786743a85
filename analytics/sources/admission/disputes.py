"""Whether an answer as a whole contradicts what is held, and what settles that. The table is in docs/data-quality.md."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.catalogue import Series, get
from analytics.ledger.standing import APPROVED, CONFIRMED, WAITING, DisputedAnswer
from analytics.sources.admission import evidence, neighbours
from analytics.sources.admission.levels import SAME, Levels
from analytics.sources.admission.record import Record, occasions

Kind = Literal["changed", "refused", "lost", "step"]

SMALL, SMALL_RATE = 0.005, 0.05
"""A held value may change by so much without being called changed [share; percentage points]."""
REVISED = 10.0
"""... and by so many times as much where the publisher revises."""
SMALL_SHARE = 0.02
"""The same for a difference series in another unit, as a share of its median size."""
MOST_CHANGED, MOST_CHANGED_SHARE = 3, 0.02
"""More held values than both changed at once are a dispute."""
MOST_REFUSED, MOST_REFUSED_SHARE = 10, 0.1
"""More refused rows than both are a dispute."""
STEP = 3.0
"""A price that changes by more than this factor from one day to the next, without a split, cannot be judged on its own."""
OUTVOTED = "The source has said so three times, and what was held only once."
TWICE, THRICE = 2, 3
SAME_SHARE = 0.99
"""Two answers are equal where so much of their overlap is."""


@dataclass(frozen=True, slots=True)
class Change:
    """How an answer differs from what is held on the days of both.

    Attributes:
        common: Days that both have.
        changed: Those on which the values differ by more than a small move.
        gross: How many of them differ by more than the series ever moved in a step.
        ratio: The answer over what is held, where that is one number on every changed day and all before it; else NaN.
    """

    common: np.ndarray
    changed: np.ndarray
    gross: int
    ratio: float

    @property
    def is_dispute(self) -> bool:
        return self.gross > MOST_CHANGED or len(self.changed) > max(
            MOST_CHANGED, MOST_CHANGED_SHARE * len(self.common)
        )


def change(series: Series, told: Levels, held: Levels) -> Change:
    """Compare an answer with what is held, both as traded."""
    common = np.intersect1d(told.days, held.days)
    new, old = told.on(common), held.on(common)
    moved = np.abs(new - old) > small(series, old)
    ratio = np.nan
    if moved.any():
        with np.errstate(all="ignore"):
            ratios = new[moved] / old[moved]
        if np.isfinite(ratios).all() and np.ptp(ratios) <= 2e-3 * abs(np.median(ratios)):
            ratio = float(np.median(ratios))
    gross = neighbours.distance(series, new[moved], old[moved]) > neighbours.largest_step(series)
    return Change(common, common[moved], int(gross.sum()), ratio)


def small(series: Series, values: np.ndarray) -> np.ndarray | float:
    """The largest change of held values that is no contradiction, in the series' unit."""
    times = REVISED if series.revised else 1.0
    if series.change == "return":
        return SMALL * times * np.abs(values)
    if series.unit in ("%", "points"):
        return SMALL_RATE * times
    return SMALL_SHARE * times * float(np.median(np.abs(values))) if len(values) else 0.0


def says(series: Series, kind: Kind, told: Levels, held: Levels, found: Change, record: Record) -> str:
    """One sentence: what is wrong with the answer, with an example."""
    if kind == "changed":
        day = found.changed[-1]
        example = f"{told.on(np.array([day]))[0]:,.6g} for {_date(day)}, where {held.on(np.array([day]))[0]:,.6g} is held"
        return f"it changes {len(found.changed):,} of {len(found.common):,} held values ({example}){_named(found, told, record)}"
    if kind == "step":
        at = steps(told)[0]
        factor = told.values[at + 1] / told.values[at]
        return f"it goes from {told.values[at]:,.6g} to {told.values[at + 1]:,.6g} on {_date(told.days[at + 1])} without a split{_shift(factor)}"
    raise AssertionError(kind)


def _named(found: Change, told: Levels, record: Record) -> str:
    """What a contradiction looks like, where it looks like something known."""
    for key in record.others:
        other = record.look(key).on(found.changed)
        if np.isclose(other, told.on(found.changed), rtol=SAME, atol=0).mean() > SAME_SHARE:
            return f": these are the values of {get(key).label}"
    if np.isnan(found.ratio):
        return ""
    if abs(found.ratio + 1) < 1e-3:
        return ": all of them with the other sign"
    if not found.ratio:
        return ": all of them zero"
    return f": each {found.ratio:.4g} times as large{_shift(found.ratio)}"


def _shift(factor: float) -> str:
    power = np.log10(abs(factor)) if factor else 0.0
    return (
        ", which looks like another unit or a slipped point"
        if power and abs(power - round(power)) < 0.12
        else ""
    )


def steps(levels: Levels) -> np.ndarray:
    """Positions before a change by more than STEP."""
    if len(levels.days) < 2 or (levels.values <= 0).any():
        return np.array([], np.int64)
    return np.flatnonzero(np.abs(np.diff(np.log(levels.values))) > np.log(STEP))


def settled(
    series: Series,
    kind: Kind,
    told: Levels,
    held: Levels,
    found: Change,
    record: Record,
    now: dt.datetime,
    whole: bool,
) -> str:
    """Why a disputed answer is taken all the same, as a sentence; empty where it is not.

    Args:
        told, held: Main values in the newest shares.
        whole: The answer is of the whole history; only such a one takes the place of what is held.
    """
    if record.state == APPROVED:
        return "A person confirmed the source's answer."
    equal = told_before(told, record, now)
    once = record.state != CONFIRMED and record.days_apart() < TWICE
    if kind == "lost" and not once:  # nothing is contradicted: what the source no longer has stays held
        return "The source says so again: what it no longer serves is kept." if equal >= TWICE else ""
    if kind == "refused" and not found.is_dispute:
        return "The source says so again: the rows that can be true are taken." if equal >= TWICE else ""
    if kind == "step" or not whole:
        return ""
    if equal >= TWICE and _is_base(series, found):
        return "The source says so again: the index has another base."
    whole_word = evidence.whole(series, told, record.look)
    if record.state not in (CONFIRMED, "") and whole_word.says > 0:
        return f"What was held had not been confirmed. {whole_word.reason}."
    prefers = evidence.closer(series, told, held, found.changed, record.look)
    if equal >= TWICE and prefers.says > 0:
        return f"The source says so again, and {prefers.reason} bears it out."
    if equal >= THRICE and prefers.says >= 0 and once:
        return OUTVOTED
    return ""


def _is_base(series: Series, found: Change) -> bool:
    """Whether an answer gives an index another base: one ratio throughout, of a series whose level means nothing by itself.

    Published values and witnesses of such a series stand in the old base and say nothing of the new one. Indices of
    markets, whose levels are quoted, are never given another base.
    """
    index = series.unit.startswith("index") and series.change == "return" and series.revised
    whole = len(found.changed) == len(found.common)
    return index and whole and bool(np.isfinite(found.ratio)) and found.ratio > 0


def told_before(told: Levels, record: Record, now: dt.datetime) -> int:
    """On how many occasions, at least 20 hours apart, an answer like this one was given, this one among them."""
    return occasions(
        [*(one.asked_at for one in record.disputes if one.kind != WAITING and _equal(told, one)), now]
    )


def _equal(told: Levels, earlier: DisputedAnswer) -> bool:
    common = np.intersect1d(told.days, earlier.days)
    mine, theirs = told.on(common), Levels(earlier.days, earlier.levels).on(common)
    return bool(len(common)) and bool(np.isclose(mine, theirs, rtol=SAME, atol=1e-12).mean() >= SAME_SHARE)


def _date(day: int) -> str:
    return f"{dt.date(1970, 1, 1) + dt.timedelta(days=int(day)):%-d %b %Y}"
