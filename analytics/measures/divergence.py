"""How far apart the two legs of a pair are, and which leg did it. Descriptive: no verdict is earned here."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NotPositive

Z_WINDOW = 250
"""Trailing window of the spread's z [trading days]."""
Z_WIDE = 2.0
Z_SHARE_RANDOM = 16.5
"""Share of days on which the z of a random spread is beyond +-2: two unrelated GARCH-t series with silver's and
Bitcoin's means and volatilities (N1; METHODS, sections 4 and 9). Simulated again, with a fixed seed, in
tests/measures/test_divergence.py; a Gaussian walk without drift gives 15.0 [%]."""
FLAT = math.log(1.01)
"""A ratio that moved by less than 1% is called unmoved [log]."""
MINOR = 0.1
"""A leg that worked against the ratio with less than this share of its move is not named as a cause."""
MAIN = 0.8
"""A leg that made at least this share of the move is called its main cause."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg over the legs window.

    Attributes:
        name: As the reading calls it.
        first, last: Closes at both ends [unit of the series].
        log_points: 100 x log(last / first) [log % points].
        simple: 100 x (last / first - 1) [%].
        contribution: Its part of the ratio's log change: ``log_points`` for follow, minus that for lead
            [log % points]; the two parts add up to the whole.
    """

    name: str
    first: float
    last: float
    log_points: float
    simple: float
    contribution: float


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
        raise NotEnoughData(f"The window from {_day(start)} to {_day(end)}", len(shown), 2)
    ratio = (known["follow"] / known["lead"]).rename("ratio")
    z = spread_z(known, z_window)
    ranks = percentiles(ratio)
    lead, follow, window, clamped = _legs(known, legs_start or shown.index[0].date(), legs_end or end, names)
    change = follow.contribution + lead.contribution
    cause = _cause(lead, follow)
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
        sentence=_sentence(lead, follow, cause, _when(window, known.index[-1].date(), clamped)),
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
            raise NotPositive(_upper(name), _day(bad[0]))
    return known


def _legs(
    known: pd.DataFrame, start: dt.date, end: dt.date, names: tuple[str, str]
) -> tuple[Leg, Leg, tuple[dt.date, dt.date], bool]:
    dates = known.index
    i = int(dates.searchsorted(pd.Timestamp(start), side="right")) - 1
    j = int(dates.searchsorted(pd.Timestamp(end), side="right")) - 1
    clamped, i = i < 0, max(i, 0)
    if j <= i:
        raise NotEnoughData(f"The legs window from {_day(start)} to {_day(end)}", max(j - i + 1, 0), 2)
    ends = known.iloc[[i, j]]
    lead = _leg(names[0], ends["lead"], -1)
    follow = _leg(names[1], ends["follow"], 1)
    return lead, follow, (dates[i].date(), dates[j].date()), clamped


def _leg(name: str, ends: pd.Series, sign: int) -> Leg:
    first, last = map(float, ends)
    log_points = 100 * (math.log(last) - math.log(first))
    return Leg(name, first, last, log_points, 100 * (last / first - 1), sign * log_points)


def _cause(lead: Leg, follow: Leg) -> str:
    """Why the ratio moved: the legs that pushed it the way it went, the larger part first."""
    change = lead.contribution + follow.contribution
    if abs(change) <= 100 * FLAT:
        return ""
    main, other = sorted((lead, follow), key=lambda leg: leg.contribution / change, reverse=True)
    main_does, other_does = f"{main.name} {_verb(main)}", f"{other.name} {_verb(other)}"
    share = other.contribution / change
    if share > 1 - MAIN:
        return f"because {main_does} and {other_does}"
    if share > MINOR:
        return f"mostly because {main_does}"
    if share >= -MINOR:
        return f"because {main_does}"
    return f"because {main_does} more than {other.name}"


def _when(window: tuple[dt.date, dt.date], last: dt.date, clamped: bool) -> str:
    """"since 23 Jan 2026", or "from ... to ..." where the window ends before the data do."""
    whole = window[1] == last
    when = f"since {_day(window[0])}" if whole else f"from {_day(window[0])} to {_day(window[1])}"
    return f"{when}, as far back as the pair goes," if clamped else when


def _sentence(lead: Leg, follow: Leg, cause: str, when: str) -> str:
    if cause:
        change = 100 * math.expm1((lead.contribution + follow.contribution) / 100)
        direction = "rose" if change > 0 else "fell"
        ends = f"{lead.name} {_signed(lead.simple)}, {follow.name} {_signed(follow.simple)}"
        return f"The ratio {direction} {_size(change)} {when} {cause} ({ends})."
    if max(abs(lead.simple), abs(follow.simple)) <= 1:
        return f"Neither leg moved by more than 1% {when.rstrip(',')}; the ratio is where it was."
    both = _common(lead.simple, follow.simple)
    logs = _common(lead.log_points, follow.log_points).removeprefix("about ")
    return f"Both legs {_verb(lead)} {both} {when} ({logs} in log terms); the ratio is where it was."


def _common(a: float, b: float) -> str:
    """Two sizes of one sign as one phrase."""
    low, high = (_size(value) for value in sorted((a, b), key=abs))
    return f"about {low}" if low == high else f"{low} to {high}"


def _verb(leg: Leg) -> str:
    return "rose" if leg.log_points > 0 else "fell" if leg.log_points < 0 else "stood still"


def _size(percent: float) -> str:
    return f"{abs(percent):.0f}%" if abs(percent) >= 9.95 else f"{abs(percent):.1f}%"


def _signed(percent: float) -> str:
    size = _size(percent)
    return size if size == "0.0%" else f"{'+' if percent > 0 else '-'}{size}"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]
