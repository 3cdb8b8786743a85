"""Rows that are far from the values beside them: new ones that leap, and corrections that fit worse than what they correct."""

from __future__ import annotations

import numpy as np

from analytics.catalogue import Series, get
from analytics.sources.admission.levels import Levels

BEYOND = 3.0
"""A leap by more than this factor (or so many times the largest step) is beyond belief without a witness or a person."""
NEAR = 6.0
"""A correction may miss its neighbours by so many typical steps."""
LOOK_BACK = 120
"""So many days before the first row in question are compared with a witness."""
TYPICAL = 60
"""Steps whose median size is the typical one."""


def largest_step(series: Series) -> float:
    """The step beyond which a new value needs its witnesses: a factor less one, or in the series' unit.

    What a ratio's widest gap could not tell from the truth passes; the series' own largest step where that is smaller, or
    where the witness is of another provider and so of another hour: a true leap would wait a day for it.
    """
    own = np.inf if series.leap is None else series.leap
    ratios = (witness for witness in series.witnesses if witness.relation == "ratio")
    here = (one for one in ratios if all(get(key).provider == series.provider for key in one.keys))
    return min([own, *(witness.gap for witness in here)])


def distance(series: Series, a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """How far two values lie apart: as a factor less one, or in the series' unit."""
    if series.change == "difference":
        return np.abs(np.asarray(a) - b)
    with np.errstate(all="ignore"):
        return np.maximum(np.asarray(a) / b, b / np.asarray(a)) - 1


def leaping(series: Series, told: Levels, held: Levels) -> np.ndarray:
    """Days after the last held one (of a first answer: its last) whose value is a leap from the last good value before."""
    if series.frequency != "d" or not len(told.days):
        return np.array([], np.int64)
    last = held.days[-1] if len(held.days) else told.days[-2] if len(told.days) > 1 else told.days[-1]
    before = told.over(held)
    at = int(np.searchsorted(before.days, last, side="right"))
    if not at:
        return np.array([], np.int64)
    good = held.values[-1] if len(held.days) else before.values[at - 1]
    found = []
    for day, value in zip(before.days[at:].tolist(), before.values[at:].tolist(), strict=True):
        if distance(series, value, good) > largest_step(series):
            found.append(day)
        else:
            good = value
    return np.array(found, np.int64)


def beyond_belief(series: Series, told: Levels, held: Levels, day: int) -> bool:
    """Whether a value is too far from the last held one before it (of history that comes late: the first) to be taken on the source's word alone."""
    at = int(np.searchsorted(held.days, day))
    if not len(held.days):
        return True
    far = BEYOND - 1 if series.change == "return" else BEYOND * largest_step(series)
    return bool(distance(series, told.on(np.array([day]))[0], held.values[max(at - 1, 0)]) > far)


def unlikely(series: Series, told: Levels, held: Levels, changed: np.ndarray) -> np.ndarray:
    """Changed days whose new value misses its neighbours by far more than the held one does."""
    if not len(changed) or series.frequency != "d":
        return np.array([], np.int64)
    typical = (
        float(np.median(distance(series, held.values[1:], held.values[:-1])[-TYPICAL:]))
        if len(held.days) > 1
        else 0.0
    )
    found = []
    for day in changed.tolist():
        at = int(np.searchsorted(held.days, day))
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(held.days) and held.days[i] not in changed]
        if not beside:
            beside = [i for i in (at - 1,) if i >= 0]
        if not beside:
            continue
        middle = float(np.mean(held.values[beside]))
        new = float(distance(series, told.on(np.array([day]))[0], middle))
        old = float(distance(series, held.values[at], middle))
        if new > max(NEAR * typical, old):
            found.append(day)
    return np.array(found, np.int64)
