"""What others say of a series' values: published anchors, and witnesses, series of another name that must move with it.

The bounds of a witness are measured on recorded data (docs/data-quality.md); a lie that is smaller passes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.catalogue import Series, Witness, get
from analytics.ledger.standing import CONFIRMED, CONTRADICTED, UNCONFIRMED
from analytics.published import anchors
from analytics.sources.admission.levels import Levels
from analytics.sources.witnesses import compare

EPOCH = dt.date(1970, 1, 1)
LEAST_COMMON = 5
"""Fewer common days say nothing of a whole answer."""
MOST_AGAINST = 0.02
"""Witnesses are against an answer when more than this share of the days that they can judge contradicts it."""
MOST_AGAINST_BOTH, FEW_AGAINST = 0.001, 2
"""... and more than this share where anchors are for it: they are few and far between. A ratio may fail on so many days (a
bad tick); a sum of rates holds on every one."""
LEAST_JUDGED = 0.3
"""Less than this share of the days in question judged by a witness says nothing."""
OUTSIDE = 1e3
"""Counted as the distance from a witness where a value lies outside its bounds."""
CLOSER = 0.8
"""An answer is borne out where it lies closer to the witness than what is held, by this factor."""

Look = Callable[[str], Levels]
"""What is held of another series, in the newest shares; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Word:
    """What the evidence comes to: 1 for, -1 against, 0 nothing said; and the sentence."""

    says: int
    reason: str

    @property
    def state(self) -> str:
        """The standing of a series of which this is said."""
        return {1: CONFIRMED, 0: UNCONFIRMED, -1: CONTRADICTED}[self.says]


def whole(series: Series, levels: Levels, look: Look) -> Word:
    """Whether anchors and witnesses bear out a whole answer: what contradicts one of them is not borne out by the other."""
    said = _anchored(series, levels)
    if said.says < 0:
        return said
    support = supported(series, levels, levels.days, look)
    checked, against = int((support != 0).sum()), int((support < 0).sum())
    title = witness_title(series)
    if any(witness.relation == "ratio" for witness in series.witnesses):
        most = max(FEW_AGAINST, (MOST_AGAINST_BOTH if said.says else MOST_AGAINST) * checked)
    else:
        most = 0
    if against > most:
        day = _date(levels.days[np.flatnonzero(support < 0)[-1]])
        return Word(-1, f"{title} says otherwise on {against:,} of {checked:,} days, {day} among them")
    if said.says:
        return said
    if not checked or checked < min(LEAST_COMMON, len(levels.days)) or against > MOST_AGAINST * checked:
        return Word(0, "No published value and no other series bears it out")
    return Word(1, f"{title} agrees on {checked - against:,} of {checked:,} days")


def _anchored(series: Series, levels: Levels) -> Word:
    """By the published values within the answer's span; a day that it lacks is taken from the last one before, if near."""
    agreed = 0
    for anchor in anchors.of(series.key):
        day = (anchor.day - EPOCH).days
        at = int(np.searchsorted(levels.days, day, side="right")) - 1
        if at < 0 or levels.days[at] != day:
            continue
        if not anchor.agrees(float(levels.values[at])):
            return Word(
                -1,
                f"It says {levels.values[at]:,.6g} for {anchor.day:%-d %b %Y}, published is {anchor.value:,.6g}",
            )
        agreed += 1
    return Word(int(agreed > 0), f"It agrees with {agreed} published values")


def supported(series: Series, levels: Levels, days: np.ndarray, look: Look) -> np.ndarray:
    """For each of ``days``: 1 where more witnesses agree than contradict, -1 where fewer do, else 0; int8."""
    votes = np.zeros(len(days), np.int64)
    for witness in series.witnesses:
        against, _ = _judged(witness, levels, days, look)
        votes += np.where(np.isnan(against), 0, np.where(against > 0, -1, 1)).astype(np.int64)
    return np.sign(votes).astype(np.int8)


def closer(series: Series, levels: Levels, held: Levels, days: np.ndarray, look: Look) -> Word:
    """Whether the evidence prefers an answer's values on ``days`` to the held ones there."""
    for anchor in anchors.of(series.key):
        day = np.array([(anchor.day - EPOCH).days])
        told, was = (float(one.on(day)[0]) for one in (levels, held))
        if day[0] in days and anchor.agrees(told) != anchor.agrees(was):
            return Word(1 if anchor.agrees(told) else -1, f"the value published for {anchor.day:%-d %b %Y}")
    if not series.witnesses or not len(days):
        return Word(0, "")
    support = supported(series, levels, days, look)
    judged = support != 0
    if judged.sum() < max(min(LEAST_COMMON, len(days)), LEAST_JUDGED * len(days)):
        return Word(0, "")
    title = witness_title(series)
    if (support < 0).sum() > MOST_AGAINST * judged.sum():
        return Word(-1, title)
    told, was = (_misfit(series, one, days[judged], look) for one in (levels, held))
    return Word(1 if told <= CLOSER * was else -1 if was <= CLOSER * told else 0, title)


def worse(series: Series, levels: Levels, held: Levels, days: np.ndarray, look: Look) -> np.ndarray:
    """Mask of the days on which an answer lies further from a sum of rates than what is held does.

    A ratio wanders by more than an honest correction: it says nothing of one.
    """
    further = np.zeros(len(days), dtype=bool)
    for witness in (one for one in series.witnesses if one.relation != "ratio"):
        told, was = (_distance(witness, one, days, look) for one in (levels, held))
        further |= told > was + 1e-9
    return further


def awaited(series: Series, days: np.ndarray, look: Look) -> bool:
    """Whether a witness has not reached the last of ``days`` yet."""
    reached = [look(key).days for key in witness_keys(series)]
    return any(not len(one) or one[-1] < days.max() for one in reached) if len(days) else False


def witness_keys(series: Series) -> tuple[str, ...]:
    """Keys of the series that bear witness."""
    return tuple(dict.fromkeys(key for witness in series.witnesses for key in witness.keys))


def witness_title(series: Series) -> str:
    """Their names for a sentence."""
    return " and ".join(get(key).label for key in witness_keys(series)) or "No other series"


def _judged(witness: Witness, levels: Levels, days: np.ndarray, look: Look) -> tuple[np.ndarray, np.ndarray]:
    """On each of ``days``: 1 where a witness contradicts, 0 where it agrees, NaN where it says nothing; and the distance of
    the level from its course (NaN likewise)."""
    others = {key: _column(look(key).only(levels.days)) for key in witness.keys}
    table = compare(witness, _column(levels), others)
    common = table.index.to_numpy().astype("datetime64[D]").astype(np.int64)
    against = Levels(common, table["against"].to_numpy(float)).on(days)
    return against, Levels(common, table["gap"].fillna(0.0).to_numpy()).on(days)


def _misfit(series: Series, levels: Levels, days: np.ndarray, look: Look) -> float:
    """Mean distance from the witnesses on days that they judge."""
    total = [_distance(witness, levels, days, look) for witness in series.witnesses]
    told = np.concatenate(total)
    return float(told[~np.isnan(told)].mean()) if not np.isnan(told).all() else OUTSIDE


def _distance(witness: Witness, levels: Levels, days: np.ndarray, look: Look) -> np.ndarray:
    against, gap = _judged(witness, levels, days, look)
    return np.where(against > 0, OUTSIDE, gap)


def _column(levels: Levels) -> pd.Series:
    return pd.Series(levels.values, index=levels.days.astype("datetime64[D]").astype("datetime64[s]"))


def _date(day: int) -> str:
    return f"{EPOCH + dt.timedelta(days=int(day)):%-d %b %Y}"
