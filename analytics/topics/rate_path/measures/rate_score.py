"""How good the market's odds were: Brier scores of cut, hold and hike before each decided meeting (docs/methods.md#record-of-the-odds)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.published import fomc
from analytics.stats.resampling import DRAWS, SEED, generator
from analytics.topics.rate_path.measures.rate_history import RateHistory
from analytics.topics.rate_path.measures.rate_odds import STEP, cut_hold_hike
from analytics.topics.rate_path.measures.rate_reliability import ReliabilityBin, reliability

HORIZONS = (1, 30, 90, 180)
"""Calendar days before the decision at which the odds are read [days]."""
STALE = 7
"""Odds older than this on the day they are read for are not used [days]."""
LEAST = 10
"""Fewest meetings that a score is printed for."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a scheduled meeting did.

    Attributes:
        day: Decision day.
        moves: Change of the range in steps of 25 bp, negative for a cut [moves].
        outcome: 0 cut, 1 hold, 2 hike (``rate_history.OUTCOMES``).
    """

    day: dt.date
    moves: float
    outcome: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over meetings with its 95% bootstrap interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class HorizonScore:
    """Scores at one horizon; all forecasts are scored on the same meetings.

    Attributes:
        horizon: Calendar days before the decision [days].
        n: Meetings scored.
        unpriced: Decided meetings left out because the contracts did not solve them then.
        first, last: Decision days of the first and the last meeting scored.
        outcomes: How many of them were cuts, holds and hikes.
        market: Brier score of the market's odds, 0 (right and sure) to 2 (wrong and sure).
        no_change: The same for "hold, for sure".
        base_rate: The same for the frequencies of cut, hold and hike among the meetings decided by then.
        against_no_change, against_base_rate: Market minus the other, paired; below zero the market was better.
    """

    horizon: int
    n: int
    unpriced: int
    first: dt.date
    last: dt.date
    outcomes: tuple[int, int, int]
    market: Estimate
    no_change: Estimate
    base_rate: Estimate
    against_no_change: Estimate
    against_base_rate: Estimate


@dataclass(frozen=True, slots=True)
class RateScore:
    """The market's record.

    Attributes:
        as_of: Only meetings decided by this day count.
        horizons: One a horizon with at least ``LEAST`` meetings.
        bins: Non-empty bins, by horizon, outcome and probability.
        sentence: The page's reading.
    """

    as_of: dt.date
    horizons: tuple[HorizonScore, ...]
    bins: tuple[ReliabilityBin, ...]
    sentence: str


def decided(ranges: pd.DataFrame, entries: Sequence[fomc.Meeting], as_of: dt.date) -> tuple[Decided, ...]:
    """What each scheduled meeting held by ``as_of`` did to the announced range, rising.

    A meeting that was withdrawn or not scheduled had no odds before it and is left out. That flatters the market: the two
    emergency cuts of March 2020, which nobody had priced by date, are not among those scored. A meeting counts once the
    ranges reach past its day.

    Args:
        ranges: Announced range by calendar day, columns ``lower``, ``upper`` [%] (``AnnouncedRange.by_day``).
        entries: The Committee's calendar (``fomc.load()``).
        as_of: Last day that counts.
    """
    lower = ranges["lower"]
    days = sorted({e.day for e in entries if e.scheduled and e.withdrawn is None and e.day <= as_of})
    found = []
    for day in days:
        after, before = pd.Timestamp(day), pd.Timestamp(day) - pd.Timedelta(days=1)
        if (
            before < lower.index[0] or after >= lower.index[-1]
        ):  # FRED shows a decision a day late: wait for that day
            continue
        moves = float(lower[after] - lower[before]) / STEP
        found.append(Decided(day, moves, int(np.sign(moves)) + 1))
    return tuple(found)


def rate_score(
    history: RateHistory,
    decisions: Sequence[Decided],
    as_of: dt.date,
    *,
    since: dt.date = dt.date(2010, 1, 1),
    horizons: Sequence[int] = HORIZONS,
    seed: int = SEED,
) -> RateScore:
    """Score the odds of cut, hold and hike that stood some days before each decided meeting.

    Brier (1950) over the three outcomes, beside the score of "no change" and of the frequencies known on the day of the
    forecast (expanding). Intervals: percentile bootstrap over meetings, 4,999 draws; meetings close to one another
    share surprises, so the true intervals are somewhat wider.

    Args:
        history: The priced path by day.
        decisions: ``decided(...)``; those before ``since`` feed the frequencies only.
        as_of: Neither later prices nor later decisions are used.
        since: First decision day that is scored.
        horizons: Calendar days before the decision [days].
        seed: Of the bootstrap.

    Raises:
        NotEnoughData: no horizon has ``LEAST`` scored meetings.
    """
    rng = generator("rate_score", seed)
    past = [decision for decision in decisions if decision.day <= as_of]
    scored = [decision for decision in past if decision.day >= since]
    found: list[HorizonScore] = []
    bins: list[ReliabilityBin] = []
    most = 0
    for horizon in horizons:
        market = forecasts(history, scored, horizon)
        base = _base_rates(past, scored, horizon)
        usable = ~np.isnan(market).any(axis=1) & ~np.isnan(base).any(axis=1)
        most = max(most, int(usable.sum()))
        if usable.sum() < LEAST:
            continue
        kept = [decision for decision, use in zip(scored, usable, strict=True) if use]
        found.append(_score(horizon, kept, len(scored) - len(kept), market[usable], base[usable], rng))
        bins += reliability(horizon, market[usable], np.array([decision.outcome for decision in kept]))
    if not found:
        raise NotEnoughData("The record of priced and decided meetings", most, LEAST)
    return RateScore(as_of, tuple(found), tuple(bins), _sentence(found))


def forecasts(history: RateHistory, decisions: Sequence[Decided], horizon: int) -> np.ndarray:
    """(n, 3) odds of cut, hold and hike ``horizon`` days before each decision [fractions].

    The newest solved odds of that day or up to ``STALE`` days before it; NaN where there are none.
    """
    odds = np.full((len(decisions), 3), np.nan)
    for i, decision in enumerate(decisions):
        stamp = pd.Timestamp(decision.day)
        if stamp not in history.meetings:
            continue
        moves = history.moves[:, history.meetings.get_loc(stamp)]
        read = stamp - pd.Timedelta(days=horizon)
        first = history.days.searchsorted(read - pd.Timedelta(days=STALE))
        last = history.days.searchsorted(read, side="right")
        known = moves[first:last][~np.isnan(moves[first:last])]
        if len(known):
            odds[i] = cut_hold_hike(known[-1:])[0]
    return odds


def _base_rates(past: Sequence[Decided], scored: Sequence[Decided], horizon: int) -> np.ndarray:
    """(n, 3) frequencies of the outcomes decided by the day of each forecast; NaN before the first decision."""
    days = np.array([decision.day for decision in past], dtype="datetime64[D]")
    counts = np.cumsum(np.eye(3)[[decision.outcome for decision in past]], axis=0)
    read = np.array([decision.day for decision in scored], dtype="datetime64[D]") - horizon
    last = np.searchsorted(days, read, side="right") - 1
    rates = counts[last] / (last + 1)[:, None].clip(min=1)
    rates[last < 0] = np.nan
    return rates


def brier(odds: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Brier score of each forecast: squared differences summed over the classes, 0 to 2 (Brier 1950).

    Args:
        odds: (n, classes) probabilities [fractions].
        outcome: (n,) position of the class that came.
    """
    return ((odds - np.eye(odds.shape[1])[outcome]) ** 2).sum(axis=1)


def _score(
    horizon: int,
    kept: Sequence[Decided],
    unpriced: int,
    market: np.ndarray,
    base: np.ndarray,
    rng: np.random.Generator,
) -> HorizonScore:
    outcome = np.array([decision.outcome for decision in kept])
    hold = np.tile([0.0, 1.0, 0.0], (len(kept), 1))
    scores = [brier(odds, outcome) for odds in (market, hold, base)]
    columns = np.column_stack([*scores, scores[0] - scores[1], scores[0] - scores[2]])
    cut, held, hike = np.bincount(outcome, minlength=3).tolist()
    return HorizonScore(
        horizon,
        len(kept),
        unpriced,
        kept[0].day,
        kept[-1].day,
        (cut, held, hike),
        *_estimates(columns, rng),
    )


def _estimates(columns: np.ndarray, rng: np.random.Generator) -> list[Estimate]:
    """Mean and percentile interval of each column, its rows drawn together."""
    n = len(columns)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=DRAWS) @ columns / n
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return [Estimate(*map(float, row)) for row in zip(columns.mean(axis=0), low, high, strict=True)]


def _sentence(scores: Sequence[HorizonScore]) -> str:
    parts = [
        f"{score.market.mean:.2f} at {score.horizon} day{'' if score.horizon == 1 else 's'} "
        f"(no change {score.no_change.mean:.2f}, base rates {score.base_rate.mean:.2f}, n = {score.n})"
        for score in scores
    ]
    return f"Brier score of the market's odds, lower is better: {'; '.join(parts)}."
