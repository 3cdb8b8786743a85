"""How far apart the two legs of a pair are, and which leg did it. Descriptive: no verdict is earned here."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NotPositive
from analytics.topics.pair.measures.legs import Leg, cause_of, day_text, leg, reading, span_text

Z_WINDOW = 250
"""Trailing window of the spread's z [trading days]."""
Z_WIDE = 2.0
Z_SHARE_RANDOM = 16.5
"""Share of days on which the z of a random spread is beyond +-2: two unrelated GARCH-t series with silver's and
Bitcoin's means and volatilities (N1: docs/methods.md#simulated-nulls). Simulated again, with a fixed seed, in
tests/topics/pair/test_divergence.py; a Gaussian walk without drift gives 15.0 [%]."""


@dataclass(frozen=True, slots=True, eq=False)
class Divergence:
    """What the Divergence page shows of a pair.

    Attributes:
        first, last: First and last shown trading day.
        n: Shown days.
        n_history: Days of the pair's whole history up to ``last``.
        indexed: Columns lead and follow, 100 on ``first``.
        ratio: follow / lead on the shown days [units of lead per one follow].
        ratio_now: Its last value.
        percentile: Share of all earlier days with a lower ratio, ties by half [%]; NaN without an earlier day.
        n_earlier: How many earlier days there are.
        percentiles: The same for each shown day, against the days before it [%].
        z: Trailing z of log(lead / follow) on the shown days; NaN before a full window and where nothing moves.
        z_now: Its last value.
        z_share: Share of the days of the whole history with z beyond +-2 [%]; NaN where there is no z.
        n_z: Days behind ``z_share``.
        z_share_random: What a random spread shows [%].
        lead, follow: The legs over the legs window.
        ratio_log_points: Log change of the ratio over it: follow.contribution + lead.contribution [log % points].
        ratio_simple: Simple change of the ratio over it [%].
        ratio_first, ratio_last: The ratio at both ends of it.
        legs_start, legs_end: The trading days on which those closes are: the last at or before the days asked for.
        clamped: The days asked for began before the pair did, so the window begins with the history.
        cause: Why the ratio moved, as a clause ("because silver fell"); empty where it did not.
        sentence: The page's reading.
    """

    first: dt.date
    last: dt.date
    n: int
    n_history: int
    indexed: pd.DataFrame
    ratio: pd.Series
    ratio_now: float
    percentile: float
    n_earlier: int
    percentiles: pd.Series
    z: pd.Series
    z_now: float
    z_share: float
    n_z: int
    z_share_random: float
    lead: Leg
    follow: Leg
    ratio_log_points: float
    ratio_simple: float
    ratio_first: float
    ratio_last: float
    legs_start: dt.date
    legs_end: dt.date
    clamped: bool
    cause: str
    sentence: str


def divergence(
    pair: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    *,
    legs_start: dt.date | None = None,
    legs_end: dt.date | None = None,
    z_window: int = Z_WINDOW,
    names: tuple[str, str] = ("the lead", "the follow"),
) -> Divergence:
    """Compare the legs of a pair; nothing after ``end`` is used.

    Args:
        pair: Columns ``lead`` and ``follow``, closes on common trading days, rising dates, no NaN, above zero.
        start, end: Shown window, inclusive.
        legs_start, legs_end: Window of the leg decomposition; the shown one by default. Each end is the last close
            at or before the day; a start before the history is moved to its first day (``clamped``).
        z_window: Trailing window of the z [trading days].
        names: What the sentence calls lead and follow.

    Raises:
        NotEnoughData: fewer than two days in either window.
        NotPositive: a close at or below zero.
    """
    known = _known(pair, end, names)
    shown = known.loc[pd.Timestamp(start) :]
    if len(shown) < 2:
        raise NotEnoughData(f"The window from {day_text(start)} to {day_text(end)}", len(shown), 2)
    ratio = (known["follow"] / known["lead"]).rename("ratio")
    z = spread_z(known, z_window)
    ranks = percentiles(ratio)
    lead, follow, window, clamped = _legs(known, legs_start or shown.index[0].date(), legs_end or end, names)
    change = follow.contribution + lead.contribution
    cause = cause_of(lead, follow)
    return Divergence(
        first=shown.index[0].date(),
        last=shown.index[-1].date(),
        n=len(shown),
        n_history=len(known),
        indexed=100 * shown / shown.iloc[0],
        ratio=ratio.loc[shown.index],
        ratio_now=float(ratio.iloc[-1]),
        percentile=float(ranks.iloc[-1]),
        n_earlier=len(known) - 1,
        percentiles=ranks.loc[shown.index],
        z=z.loc[shown.index],
        z_now=float(z.iloc[-1]),
        z_share=wide_share(z),
        n_z=int(z.notna().sum()),
        z_share_random=Z_SHARE_RANDOM,
        lead=lead,
        follow=follow,
        ratio_log_points=change,
        ratio_simple=100 * math.expm1(change / 100),
        ratio_first=follow.first / lead.first,
        ratio_last=follow.last / lead.last,
        legs_start=window[0],
        legs_end=window[1],
        clamped=clamped,
        cause=cause,
        sentence=reading(lead, follow, cause, span_text(window, known.index[-1].date(), clamped)),
    )


def spread_z(pair: pd.DataFrame, window: int = Z_WINDOW) -> pd.Series:
    """Trailing z of log(lead / follow): its distance from the mean of the last ``window`` days, today among them, in
    their standard deviations (n - 1). NaN before a full window and where nothing moves.
    """
    spread = pd.Series(np.log(pair["lead"] / pair["follow"]))
    spread -= spread.iloc[0]  # counted from its first value: less rounding in the running sums
    rolling = spread.rolling(window)
    deviation = rolling.std()
    z = (spread - rolling.mean()) / deviation.where(deviation > 1e-10)
    return z.rename("z")


def wide_share(z: pd.Series) -> float:
    """Share of the days with a z on which it is beyond +-2 [%]; NaN where there is none."""
    defined = z.dropna()
    return float((defined.abs() > Z_WIDE).mean() * 100) if len(defined) else math.nan


def percentiles(values: pd.Series) -> pd.Series:
    """For each day, the share of all earlier days with a lower value, ties by half [%]; NaN on the first day."""
    earlier = np.arange(len(values), dtype=float)
    earlier[:1] = np.nan
    return (100 * (values.expanding().rank() - 1) / earlier).rename("percentile")


def _known(pair: pd.DataFrame, end: dt.date, names: tuple[str, str]) -> pd.DataFrame:
    known = pair.loc[: pd.Timestamp(end), ["lead", "follow"]]
    for name, column in zip(names, ("lead", "follow"), strict=True):
        bad = known.index[~(known[column] > 0)]
        if len(bad):
            raise NotPositive(name[:1].upper() + name[1:], day_text(bad[0]))
    return known


def _legs(
    known: pd.DataFrame, start: dt.date, end: dt.date, names: tuple[str, str]
) -> tuple[Leg, Leg, tuple[dt.date, dt.date], bool]:
    dates = known.index
    i = int(dates.searchsorted(pd.Timestamp(start), side="right")) - 1
    j = int(dates.searchsorted(pd.Timestamp(end), side="right")) - 1
    clamped, i = i < 0, max(i, 0)
    if j <= i:
        raise NotEnoughData(
            f"The legs window from {day_text(start)} to {day_text(end)}", max(j - i + 1, 0), 2
        )
    ends = known.iloc[[i, j]]
    lead = leg(names[0], ends["lead"], -1)
    follow = leg(names[1], ends["follow"], 1)
    return lead, follow, (dates[i].date(), dates[j].date()), clamped
