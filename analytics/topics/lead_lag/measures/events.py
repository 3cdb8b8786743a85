"""Events: what the follow did after record highs of the lead, against all of its days and against chance."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.stats import naive
from analytics.stats.event_study.event_paths import EventPath, event_path
from analytics.stats.event_study.event_test import (
    HORIZONS,
    Design,
    SupTest,
    circular_shift_p,
    effective_n,
    exposures,
    sup_test,
)
from analytics.stats.pairs import Pair, pair
from analytics.stats.resampling import DRAWS, SEED, generator, packed_signs
from analytics.stats.verdict import Inference, Verdict, decide, deny, far_end, smallest_detectable
from analytics.topics.lead_lag.measures.event_cycles import HALVINGS, Cycles, cycles
from analytics.topics.lead_lag.measures.event_sentence import sentence

HIGH_DAYS = 252
PATH_DAYS = max(HORIZONS)
FEWEST_RETURNS = 3 * PATH_DAYS
FEWEST_EVENTS = 10
PATH_DRAWS = 1_999


@dataclass(frozen=True, slots=True, eq=False)
class EventStudy:
    """What followed the events.

    Attributes:
        names: Lead and follow.
        event_name: What the events are, in the plural.
        design: What was asked.
        events: One row an event day: ``spell`` (an event within the stated horizon of the one before belongs
            to its spell), and ``h5`` .. the follow's log return over that many days [pp], NaN while the
            horizon is not over.
        n_events: Event days with at least one day after them.
        spells: Number of spells.
        test: Effects at all horizons, tested together.
        unconditional: Mean log return over each horizon after any day [pp].
        effective_n: Independent events they are worth, by horizon.
        path: Mean path with band.
        cycles: Each market cycle apart, and the test without it.
        shift_p: The circular-shift check, approximate.
        naive: What the usual tests would have said at the stated horizon, and at the best of all.
        inference: The verdict; ``effective_n`` there is that at the stated horizon.
        sentence: What a reader sees.
    """

    names: tuple[str, str]
    event_name: str
    design: Design
    events: pd.DataFrame
    n_events: int
    spells: int
    test: SupTest
    unconditional: np.ndarray
    effective_n: np.ndarray
    path: EventPath
    cycles: Cycles
    shift_p: float
    naive: tuple[naive.NaiveTest, ...]
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict

    def summary(self) -> dict[str, object]:
        """The finding in plain values; statistic and p are those behind the verdict."""
        found = self.inference
        return {
            "verdict": found.verdict,
            "statistic": found.statistic,
            "p": found.p,
            "p_opposite": None if math.isnan(found.p_opposite) else found.p_opposite,
            "estimate": found.estimate,
            "interval": list(found.interval),
            "unit": found.unit,
            "null_value": found.null_value,
            "mde": found.mde,
            "delta": found.delta,
            "n": found.n,
            "n_events": self.n_events,
            "spells": self.spells,
            "effective_n": found.effective_n,
            "horizons": list(self.design.horizons),
            "effect_by_horizon": self.test.effect.tolist(),
            "p_by_horizon": self.test.p.tolist(),
            "shift_p": self.shift_p,
            "cycle_sign_p": None if math.isnan(self.cycles.sign_p) else self.cycles.sign_p,
            "cycle_sign_floor": self.cycles.sign_floor,
            "naive": {row.name: row.p for row in self.naive},
            "sentence": self.sentence,
        }


def record_highs(closes: pd.Series, earlier_high: float = 0.0) -> pd.Series:
    """Days on which a series closed above every earlier close; each flag uses nothing later.

    Args:
        closes: Rising dates; NaN are no closes.
        earlier_high: Highest close known from before the history begins; without one the first day is no
            record.

    Returns:
        bool, same index; False where there is no close.
    """
    known = closes.dropna()
    before = known.cummax().shift()
    flags = (known > before) & (known > earlier_high)
    if earlier_high > 0 and len(known):
        flags.iloc[0] = known.iloc[0] > earlier_high
    return flags.reindex(closes.index, fill_value=False)


def highs_252(closes: pd.Series, days: int = HIGH_DAYS) -> pd.Series:
    """Days on which a series closed above each of its ``days`` closes before; each flag uses nothing later.

    Returns:
        bool, same index; False where there is no close and until there are enough closes.
    """
    known = closes.dropna()
    before = known.rolling(days).max().shift()
    return (known > before).reindex(closes.index, fill_value=False)


def event_study(
    levels: pd.DataFrame,
    flags: pd.Series,
    design: Design,
    *,
    names: tuple[str, str] = ("the lead", "the follow"),
    event_name: str = "252-day highs",
    cuts: Sequence[dt.date] = HALVINGS,
    draws: int = DRAWS,
    seed: int = SEED,
    workers: int = 1,
) -> EventStudy:
    """Does the follow do better, or worse, than on its other days after events of the lead?

    Args:
        levels: Columns ``lead`` and ``follow``, closes on common US trading days, rising dates.
        flags: Events, bool on the lead's own dates (``record_highs`` or ``highs_252`` of its full history).
            One on a day that is not common counts on the next common day; those before the first common day
            are left out.
        design: What is asked, fixed before looking.
        names, event_name: How sentences call them.
        cuts: First days of market cycles.
        draws, seed: Same input, draws and seed give the same finding to the last bit.
        workers: Threads of the FFTs.

    Raises:
        MeasureError: one of those that ``pairs.pair`` names, or NotEnoughData with fewer than
            ``FEWEST_EVENTS`` events.
    """
    found = pair(levels, names, FEWEST_RETURNS)
    hit = _on_common_days(found.days, flags)
    at = np.flatnonzero(hit[:-1])
    if len(at) < FEWEST_EVENTS:
        raise NotEnoughData(f"The study of {event_name} of {names[0]}", len(at), FEWEST_EVENTS)
    packed = packed_signs(generator("events", seed), draws, len(found))
    counts = exposures(hit, design.horizons)
    test = sup_test(found.follow, counts, design, packed)
    worth = np.array([effective_n(at, h) for h in design.horizons])
    inference = _infer(test, worth, len(found), design)
    spell = 1 + np.cumsum(np.diff(at, prepend=at[0]) > design.stated)
    return EventStudy(
        names=names,
        event_name=event_name,
        design=design,
        events=_table(found, at, spell, design.horizons),
        n_events=len(at),
        spells=int(spell[-1]),
        test=test,
        unconditional=100 * np.array(design.horizons) * found.follow.mean(),
        effective_n=worth,
        path=event_path(found.follow, hit, PATH_DAYS, packed[:PATH_DRAWS], workers),
        cycles=cycles(found.follow, hit, found.days, counts, design, cuts, packed),
        shift_p=circular_shift_p(found.follow, hit, design.horizons),
        naive=naive.event_table(found.follow, hit, design.horizons, design.stated),
        inference=inference,
        sentence=sentence(test, inference, design, names, event_name, len(at)),
    )


def _on_common_days(days: np.ndarray, flags: pd.Series) -> np.ndarray:
    """Events by common day, bool (days,)."""
    dates = flags.index.to_numpy().astype("datetime64[D]")[flags.to_numpy(bool)]
    at = np.searchsorted(days, dates[dates >= days[0]], side="left")
    hit = np.zeros(len(days), bool)
    hit[at[at < len(days)]] = True
    return hit


def _table(found: Pair, at: np.ndarray, spell: np.ndarray, horizons: Sequence[int]) -> pd.DataFrame:
    total = np.concatenate([[0.0], np.cumsum(found.follow)])
    columns: dict[str, np.ndarray] = {"spell": spell}
    for h in horizons:
        after = np.full(len(at), np.nan)
        over = at + h < len(total)
        after[over] = 100 * (total[at[over] + h] - total[at[over]])
        columns[f"h{h}"] = after
    return pd.DataFrame(columns, index=pd.DatetimeIndex(found.days[at].astype("datetime64[s]"), name="event"))


def _infer(test: SupTest, worth: np.ndarray, n: int, design: Design) -> Inference:
    at = design.horizons.index(design.stated)
    estimate, error = float(test.effect[at]), float(test.standard_error[at])
    half = test.critical_two_sided * error
    far = _far(test, design)
    mde = smallest_detectable(error, test.critical)
    verdict = (
        deny(test.p_best, test.p_opposite)
        if design.denies
        else decide(test.p_best, test.p_opposite, far, design.delta)
    )
    return Inference(
        estimate=estimate,
        interval=(estimate - half, estimate + half),
        unit=f"pp over {design.stated} trading days",
        statistic=test.statistic,
        p=test.p_best,
        p_opposite=test.p_opposite,
        n=n,
        effective_n=float(worth[at]),
        mde=mde,
        delta=design.delta,
        far=far,
        direction=design.direction,
        null_value=design.null_value,
        verdict=verdict,
    )


def _far(test: SupTest, design: Design) -> float:
    """Far end of the horizon that reaches farthest, each in units of its own delta, in days of the stated one [pp]."""
    ratio = np.asarray(design.horizons) / design.stated
    low, high = (test.effect + side * test.critical_two_sided * test.standard_error for side in (-1, 1))
    ends = [
        far_end((a / r, b / r), design.null_value, design.direction)
        for a, b, r in zip(low, high, ratio, strict=True)
    ]
    return float(max(ends))
