"""The chain of months behind the rate path: pins, backward without limit, forward by one month (docs/methods.md#chain-of-months).

A month's contract gives A, the mean effective rate over its calendar days. Around the meeting of a month with D days,
N at the old rate and M at the new one, D x A = N x S + M x E; neighbours share their boundary, E of a month being S of the
next.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard

from analytics.topics.rate_path.measures.rate_path_days import day_split, month_from, month_number

PRICES = (75.0, 105.0)
"""Prices outside stand for rates above 25% or below -5%: no fed funds contract has ever been there."""
MAX_STEP = 3.0
"""A change in one month beyond this says that a price is wrong: six times the largest that was ever priced [% points]."""
LEAST_AFTER = 10
"""From an observed rate the path goes forward by a month's own contract only where so many days of it follow the meeting: with
three, a basis point between the observed rate and that of the days gone by becomes nine [days]."""
NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A month or meeting that was left out, with the reason as a sentence."""

    month: dt.date
    reason: str


@dataclass(slots=True)
class Link:
    """One month of the chain while it is being solved.

    Attributes:
        month: First day.
        average: A; None without a usable price [%].
        meetings: Decision days in the month, held or not.
        known: The published calendar reaches this month.
        ahead: How many of its decisions are still to come.
        before, after: N and M of the meeting's day; 0 where there is not exactly one [days].
        start, end: S and E; None while unknown [%].
        start_from, end_from: Positions of the months whose contracts they rest on.
        own: The month's own contract was used.
        pin: The rate and the positions that the months before pin on its start; None without.
        note: Why it is unsolved or refused.
    """

    month: dt.date
    average: float | None
    meetings: tuple[dt.date, ...]
    known: bool
    ahead: int = 0
    before: int = 0
    after: int = 0
    start: float | None = None
    end: float | None = None
    start_from: frozenset[int] = NOTHING
    end_from: frozenset[int] = NOTHING
    own: bool = False
    pin: tuple[float, frozenset[int]] | None = None
    note: str = ""

    @property
    def change(self) -> float | None:
        """E - S [% points]; None while either is unknown."""
        return None if self.start is None or self.end is None else self.end - self.start

    @property
    def free(self) -> bool:
        """A month that is known to have no meeting."""
        return self.known and not self.meetings


def month_name(month: dt.date) -> str:
    return f"{month:%B %Y}"


def usable(price: float | None) -> TypeGuard[float]:
    """Whether a price is a number within ``PRICES``."""
    return price is not None and math.isfinite(price) and PRICES[0] <= price <= PRICES[1]


def links(
    prices: Mapping[dt.date, float | None],
    meetings: Collection[dt.date],
    as_of: dt.date,
    count: Literal["before", "after"],
) -> tuple[list[Link], list[Refusal]]:
    """The unsolved chain: from the month of ``as_of`` (the month before, if it has a price) to the last priced one.

    Earlier months have expired long ago and are ignored. Months past the last known meeting are past the calendar.
    """
    refusals = [
        Refusal(
            month, f"The price of {month_name(month)} is {price}, which no contract can have; it is not used."
        )
        for month, price in sorted(prices.items())
        if not usable(price)
    ]
    average = {month_number(month): 100.0 - price for month, price in prices.items() if usable(price)}
    here = month_number(as_of)
    priced = [number for number in average if number >= here]
    if not priced:
        return [], refusals
    by_month: dict[int, list[dt.date]] = {}
    for day in sorted(meetings):
        by_month.setdefault(month_number(day), []).append(day)
    calendar_end = max(by_month, default=here - 1)
    chain = [
        _link(number, average.get(number), by_month.get(number, []), number <= calendar_end, as_of, count)
        for number in range(here - 1 if here - 1 in average else here, max(priced) + 1)
    ]
    return chain, refusals


def _link(
    number: int,
    average: float | None,
    days: list[dt.date],
    known: bool,
    as_of: dt.date,
    count: Literal["before", "after"],
) -> Link:
    link = Link(month_from(number), average, tuple(days), known, sum(day > as_of for day in days))
    if len(days) == 1:
        link.before, link.after = day_split(days[0], count)
    elif len(days) > 1:
        named = " and ".join(f"{day.day}" for day in days)
        link.note = f"Two meetings in one month ({named} {month_name(link.month)}) cannot be told apart."
    return link


def solve(chain: list[Link], observed: float | None = None) -> bool:
    """Fill start and end of every month that something determines, in place.

    Args:
        chain: From ``links``.
        observed: The rate now in force [%]; it pins the next meeting's start where no contract does.

    Returns:
        Whether the observed rate was needed.
    """
    _pin(chain)
    _backward(chain)
    _forward(chain)
    needed = observed is not None and _observe(chain, observed)
    if needed:
        _forward(chain)
    return needed


def _observe(chain: list[Link], rate: float) -> bool:
    """Between two decisions the rate is no expectation: it holds from the last meeting held to the next one's start.

    A month that has seen one decision and awaits another begins with neither rate; nothing of it is filled.
    """
    first = next((i for i, link in enumerate(chain) if link.ahead), len(chain))
    ahead = chain[first : first + 1]
    if not ahead or ahead[0].start is not None or ahead[0].ahead < len(ahead[0].meetings):
        return False
    for link in reversed(chain[:first]):
        link.end = rate
        if link.meetings:
            break
        link.start = rate
    ahead[0].start = rate
    if ahead[0].after >= LEAST_AFTER:
        ahead[0].pin = (rate, NOTHING)
    return True


def _pin(chain: list[Link]) -> None:
    """A priced month without a meeting fixes its own rate and the start of the month after; an unpriced one passes on."""
    pin: tuple[float, frozenset[int]] | None = None
    for i, link in enumerate(chain):
        link.pin = pin if link.known else None
        if not link.free:
            pin = None
        elif link.average is not None:
            pin = (link.average, frozenset((i,)))
            link.start = link.end = link.average
            link.start_from = link.end_from = pin[1]
            link.own = True


def _backward(chain: list[Link]) -> None:
    """From each known end to its start, which is the end of the month before, without limit."""
    for i in range(len(chain) - 1, -1, -1):
        link = chain[i]
        if not link.known or link.own:
            continue
        if i + 1 < len(chain) and chain[i + 1].known:
            link.end, link.end_from = chain[i + 1].start, chain[i + 1].start_from
        if link.pin is not None:
            link.start, link.start_from = link.pin
        elif link.free:
            link.start, link.start_from = link.end, link.end_from
        else:
            _start_from_own(link, i)


def _start_from_own(link: Link, i: int) -> None:
    if link.average is None or link.before == 0 or (link.end is None and link.after > 0):
        return
    end = 0.0 if link.end is None else link.end  # with no day after the meeting the end has no weight
    link.start = ((link.before + link.after) * link.average - link.after * end) / link.before
    link.start_from = frozenset((i,)) | (link.end_from if link.after else NOTHING)
    link.own = True


def _forward(chain: list[Link]) -> None:
    """From a pinned start to an end that nothing pins, for that month only; what follows is handed the boundary."""
    for i, link in enumerate(chain):
        if not link.known:
            return
        if i and link.start is None:
            link.start, link.start_from = chain[i - 1].end, chain[i - 1].end_from
        if link.end is None and link.free:
            link.end, link.end_from = link.start, link.start_from
        elif link.end is None and link.after > 0:
            _end_from_own(link, i)


def _end_from_own(link: Link, i: int) -> None:
    if link.average is None or (link.before > 0 and link.pin is None):
        return
    start, start_from = link.pin or (0.0, NOTHING)  # with no day before the meeting the start has no weight
    link.end = ((link.before + link.after) * link.average - link.before * start) / link.after
    link.end_from = frozenset((i,)) | (start_from if link.before else NOTHING)
    link.own = True


def refuse_leaps(chain: list[Link]) -> list[Refusal]:
    """Unsolve the months in which the rate would leap by more than ``MAX_STEP``; names the contracts behind each."""
    refusals = []
    for link in chain:
        if link.change is None or abs(link.change) <= MAX_STEP:
            continue
        behind = " or ".join(month_name(chain[i].month) for i in sorted(link.start_from | link.end_from))
        link.note = (
            f"The rate would change by {link.change:+.2f} points in {month_name(link.month)}: "
            f"the contract of {behind} has a wrong price."
        )
        refusals.append(Refusal(link.month, link.note))
        link.start = link.end = None
    return refusals


def residual_bp(link: Link) -> float | None:
    """Own contract minus what the pinned path implies for it; None where it was used or is missing [bp]."""
    days = link.before + link.after
    if link.own or link.average is None or days == 0:  # two meetings: the path inside the month is unknown
        return None
    start = link.start if link.before else 0.0  # with no day on a side of the meeting its rate has no weight
    end = link.end if link.after else 0.0
    if start is None or end is None:
        return None
    return 100 * (link.average - (link.before * start + link.after * end) / days)


def covers(chain: list[Link], day: dt.date) -> Link | None:
    """The link of the month of ``day``; None outside the chain."""
    position = month_number(day) - month_number(chain[0].month) if chain else -1
    return chain[position] if 0 <= position < len(chain) else None
