"""What the Committee decided, and the odds that stood some days before each decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.published import fomc
from analytics.published.fed_odds import FedOdds
from analytics.topics.rate_path.measures.rate_history import RateHistory
from analytics.topics.rate_path.measures.rate_odds import STEP, cut_hold_hike

STALE = 7
"""Odds older than this on the day they are read for are not used [days]."""


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


def decided(ranges: pd.DataFrame, entries: Sequence[fomc.Meeting], as_of: dt.date) -> tuple[Decided, ...]:
    """What each scheduled meeting held by ``as_of`` did to the announced range, rising.

    A meeting that was withdrawn or not scheduled had no odds before it and is left out; ``unscheduled_moves`` counts those
    that moved the rate. A meeting counts once the ranges reach past its day.

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


def unscheduled_moves(entries: Sequence[fomc.Meeting], since: dt.date, as_of: dt.date) -> tuple[dt.date, ...]:
    """Days from ``since`` to ``as_of`` on which a decision outside the calendar moved the range, rising."""
    return tuple(sorted(e.day for e in entries if e.moved is not None and since <= e.day <= as_of))


def forecasts(history: RateHistory | None, decisions: Sequence[Decided], horizon: int) -> np.ndarray:
    """(n, 3) odds of cut, hold and hike ``horizon`` days before each decision [fractions].

    The newest solved odds of that day or up to ``STALE`` days before it; NaN where there are none, and without a history.
    """
    odds = np.full((len(decisions), 3), np.nan)
    for i, decision in enumerate(decisions):
        stamp = pd.Timestamp(decision.day)
        if history is None or stamp not in history.meetings:
            continue
        moves = history.moves[:, history.meetings.get_loc(stamp)]
        read = stamp - pd.Timedelta(days=horizon)
        first = history.days.searchsorted(read - pd.Timedelta(days=STALE))
        last = history.days.searchsorted(read, side="right")
        known = moves[first:last][~np.isnan(moves[first:last])]
        if len(known):
            odds[i] = cut_hold_hike(known[-1:])[0]
    return odds


def recorded(record: Sequence[FedOdds], decisions: Sequence[Decided], horizon: int) -> np.ndarray:
    """(n, 3) the same odds out of the published record [fractions]; NaN where it has none."""
    held = {one.meeting: one.odds[horizon] for one in record if horizon in one.odds}
    nothing = (np.nan, np.nan, np.nan)
    return np.array([held.get(decision.day, nothing) for decision in decisions]).reshape(-1, 3) / 100


def base_rates(past: Sequence[Decided], scored: Sequence[Decided], horizon: int) -> np.ndarray:
    """(n, 3) frequencies of the outcomes decided by the day of each forecast; NaN before the first decision."""
    days = np.array([decision.day for decision in past], dtype="datetime64[D]")
    counts = np.cumsum(np.eye(3)[[decision.outcome for decision in past]], axis=0)
    read = np.array([decision.day for decision in scored], dtype="datetime64[D]") - horizon
    last = np.searchsorted(days, read, side="right") - 1
    rates = counts[last] / (last + 1)[:, None].clip(min=1)
    rates[last < 0] = np.nan
    return rates
