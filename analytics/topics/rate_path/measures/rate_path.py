"""The rate path: what fed funds futures price the Committee to do, as of one day (docs/methods.md#rate-path)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analytics.errors import BadChoice, NotPriced
from analytics.topics.rate_path.measures import rate_chain, rate_odds, rate_path_notes
from analytics.topics.rate_path.measures.rate_chain import Link, Refusal, month_name
from analytics.topics.rate_path.measures.rate_observed import Observed
from analytics.topics.rate_path.measures.rate_path_days import (
    Count,
    as_day,
    month_number,
    month_of,
    resolve_count,
)

HORIZON = 18
"""Contracts beyond this many months trade too thinly to be read [months]."""


@dataclass(frozen=True, slots=True)
class MonthRate:
    """One contract month of the path.

    Attributes:
        month: First day.
        average: 100 - price, the mean effective rate priced for the month [%]; None without a usable price.
        start, end: Rate on its first and after its last day [%]; None where the contracts do not determine it.
        pinned: The month has no meeting and a price, so it fixes the path by itself.
        residual_bp: Own contract minus the path where neighbours pin both sides [bp]; None elsewhere.
        note: Why it is unsolved, unused or refused; empty otherwise.
    """

    month: dt.date
    average: float | None
    start: float | None
    end: float | None
    pinned: bool
    residual_bp: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """One coming meeting.

    Attributes:
        date: Decision day.
        start, end: Expected effective rate before and after [%]; None where unknown, each by itself.
        expected_moves: (end - start) / 25 bp, negative for cuts [moves]; None where unsolved.
        probabilities: {lower bound of the range after the meeting [%]: probability [%]} in numeric order; empty where
            there is no distribution. Nothing is left out for being small.
        residual_bp: As in ``MonthRate``.
        liquid: All contracts behind it are within the horizon, and none is known to have a volume of zero.
        note: What is wrong with it; empty otherwise.
    """

    date: dt.date
    start: float | None
    end: float | None
    expected_moves: float | None
    probabilities: dict[float, float]
    residual_bp: float | None
    liquid: bool
    note: str


@dataclass(frozen=True, slots=True)
class RatePath:
    """What the market prices as of one day.

    Attributes:
        as_of: The day of the prices.
        range: Target range as announced by that day's close (lower, upper) [%].
        count: Side on which a decision's own day counts: ``before`` or ``after`` the change.
        months: From the month of ``as_of`` to the last priced one.
        meetings: Coming meetings within those months.
        calendar: All coming decision days known on ``as_of``, also past the last contract.
        refusals: Months left out, with reasons.
        observed: The effective rate that the path starts from; None where the contracts determine its start.
        sentence: The page's reading.
    """

    as_of: dt.date
    range: tuple[float, float]
    count: Literal["before", "after"]
    months: tuple[MonthRate, ...]
    meetings: tuple[Meeting, ...]
    calendar: tuple[dt.date, ...]
    refusals: tuple[Refusal, ...]
    observed: Observed | None
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """The path as JSON-ready values: percent, lower bound of the range as key; null where unknown."""
        return {
            "as_of": self.as_of.isoformat(),
            "range": list(self.range),
            "count": self.count,
            "meetings": [_meeting_dict(meeting) for meeting in self.meetings],
        }


def _meeting_dict(meeting: Meeting) -> dict[str, Any]:
    return {
        "date": meeting.date.isoformat(),
        "start": meeting.start,
        "end": meeting.end,
        "expected_moves": meeting.expected_moves,
        "probabilities": {f"{level:.2f}": percent for level, percent in meeting.probabilities.items()},
        "residual_bp": meeting.residual_bp,
        "liquid": meeting.liquid,
        "note": meeting.note,
    }


def rate_path(
    prices: Mapping[dt.date, float | None],
    meetings: Collection[dt.date],
    as_of: dt.date,
    target_range: tuple[float, float],
    *,
    count: Count = "auto",
    volumes: Mapping[dt.date, float | None] | None = None,
    horizon: int = HORIZON,
    observed: Observed | None = None,
) -> RatePath:
    """Expected rate and odds after each coming meeting.

    Each quantity is solved from the months that pin it, and is known or not by itself. Pins come from months without a
    meeting; the path is solved backward from them without limit and forward by one month; x = (E - S) / 0.25 of each meeting becomes odds, convolved meeting by meeting from the announced range. Months past the
    last known meeting are past the calendar and pin nothing. The rate before the next meeting comes from contracts where they
    determine it, else from the effective rate. Source: CME Group, "Understanding the CME Group FedWatch
    Tool methodology"; docs/methods.md#rate-path.

    Args:
        prices: {first day of the contract month: price}. None, NaN and prices outside 75-105 are refused by month. The
            month before ``as_of`` may stand with its settlement (100 minus its mean effective rate); earlier ones are
            ignored.
        meetings: Decision days known on ``as_of``, those already held included (``rate_path_days.decision_days``).
        as_of: The day of the prices; meetings up to and including it have been held.
        target_range: (lower, upper) as announced by the close of ``as_of`` [%].
        count: Day count: ``before`` (N = d), ``after`` (N = d - 1) or ``auto`` by date.
        volumes: {contract month: volume}; None, NaN or absent is unknown, which is not zero.
        horizon: Contracts further ahead are marked as not liquid [months].
        observed: The effective rate in force (``rate_observed.observed_rate``).

    Raises:
        NotPriced: no contract of the current or a later month has a usable price.
        BadChoice: an impossible range or day count.
    """
    as_of = as_day(as_of)
    lower, upper = _checked(target_range)
    resolved = resolve_count(as_of, count)
    days = sorted({as_day(day) for day in meetings})
    quotes = {month_of(as_day(month)): price for month, price in prices.items()}
    chain, refusals = rate_chain.links(quotes, days, as_of, resolved)
    if not chain:
        raise NotPriced(
            f"No fed funds contract for {month_name(as_of)} or later has a usable price as of {as_of}. "
            "Import contract prices, or choose another day."
        )
    needed = rate_chain.solve(chain, None if observed is None else observed.rate)
    refusals += rate_chain.refuse_leaps(chain)
    coming = tuple(day for day in days if day > as_of)
    thin = rate_path_notes.thin(chain, as_of, volumes or {}, horizon)
    found = _meetings(chain, coming, lower, thin, observed)
    shown = [link for link in chain if month_number(link.month) >= month_number(as_of)]
    return RatePath(
        as_of=as_of,
        range=(lower, upper),
        count=resolved,
        months=tuple(_month_rate(link) for link in shown),
        meetings=found,
        calendar=coming,
        refusals=tuple(refusals),
        observed=observed if needed else None,
        sentence=_sentence(as_of, (lower, upper), found),
    )


def _checked(target_range: tuple[float, float]) -> tuple[float, float]:
    lower, upper = (float(limit) for limit in target_range)
    if not (math.isfinite(lower) and math.isfinite(upper) and lower < upper):
        raise BadChoice("The target range", target_range, "a lower and a higher limit, for example 3.50-3.75")
    return lower, upper


def _meetings(
    chain: list[Link],
    coming: tuple[dt.date, ...],
    lower: float,
    thin: dict[int, str],
    observed: Observed | None,
) -> tuple[Meeting, ...]:
    steps: rate_odds.Steps | None = rate_odds.NO_MOVE
    broken: dt.date | None = None
    found = []
    for day in coming:
        link = rate_chain.covers(chain, day)
        if link is None:
            break
        start, end = _sides(link, day, observed)
        moves = None if start is None or end is None else (end - start) / rate_odds.STEP
        if moves is None:
            broken, steps = broken or day, None
        elif steps is not None:
            steps = rate_odds.convolve(steps, rate_odds.step_odds(moves))
        note = rate_path_notes.unsolved(link, start, end, broken)
        weak = [thin[i] for i in sorted(link.start_from | link.end_from) if i in thin]
        odds = {} if steps is None else rate_odds.percent_by_level(lower, steps)
        residual = rate_chain.residual_bp(link)
        liquid = moves is not None and not weak
        note = note or ("" if liquid else f"Thin: {'; '.join(weak)}.")
        found.append(Meeting(day, start, end, moves, odds, residual, liquid, note))
    return tuple(found)


def _sides(link: Link, day: dt.date, observed: Observed | None) -> tuple[float | None, float | None]:
    """The rate before and after one decision: of two in a month the first has the month's start, the last its end, and
    one that follows a decision already held starts from the rate observed."""
    held = len(link.meetings) - link.ahead
    position = link.meetings.index(day)
    start = link.start if position == 0 else None
    if position == held > 0 and observed is not None:
        start = observed.rate
    return start, link.end if position == len(link.meetings) - 1 else None


def _month_rate(link: Link) -> MonthRate:
    return MonthRate(
        link.month,
        link.average,
        link.start,
        link.end,
        link.free and link.average is not None,
        rate_chain.residual_bp(link),
        rate_path_notes.of_month(link),
    )


def _sentence(as_of: dt.date, bounds: tuple[float, float], meetings: tuple[Meeting, ...]) -> str:
    """The moves to the last meeting of a year after which the rate is known: the next meeting's year, or the first after."""
    date = f"{as_of:%-d %b %Y}"
    first = next(iter(meetings), None)
    known = [(one.date, one.end) for one in meetings if one.end is not None]
    if first is None or first.start is None or not known:
        return f"As of {date} the stored contracts do not say what the market prices for the next meeting."
    last, end = [one for one in known if one[0].year == known[0][0].year][-1]
    moves = (end - first.start) / rate_odds.STEP
    return (
        f"As of {date} the market prices {rate_odds.in_words(moves)} by the meeting of {last:%-d %b %Y}, "
        f"from a range of {bounds[0]:.2f}-{bounds[1]:.2f}%."
    )
