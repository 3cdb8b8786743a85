"""Readings of a rate path: moves priced to a date, and two paths side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.topics.rate_path.measures.rate_odds import STEP
from analytics.topics.rate_path.measures.rate_path import Meeting, RatePath
from analytics.topics.rate_path.measures.rate_path_days import YEAR_ENDS_FROM


@dataclass(frozen=True, slots=True)
class Priced:
    """Moves priced between two meetings.

    Attributes:
        moves: (last.end - rate before) / 25 bp, negative for cuts [moves]; None where it cannot be said.
        before: The rate they start from [%]; None likewise.
        after: The rate they end at [%]; None likewise.
        first, last: Decision days of the first and the last meeting that is counted; None where there is none.
        why: Why it cannot be said, as a sentence; empty otherwise.
    """

    moves: float | None
    before: float | None
    after: float | None
    first: dt.date | None
    last: dt.date | None
    why: str

    @property
    def cuts(self) -> float | None:
        """Cuts of 25 bp, negative for hikes."""
        return None if self.moves is None else -self.moves

    @property
    def bp(self) -> float | None:
        """The same in basis points, negative for cuts [bp]."""
        return None if self.moves is None else 100 * STEP * self.moves


def year_end_moves(path: RatePath, year: int) -> Priced:
    """Moves priced from before the next meeting to after the year's last one (claim 10)."""
    ahead = [day for day in path.calendar if day.year <= year]
    if not _ends_year(ahead, year):
        return _unsaid(
            f"As of {path.as_of} the end of {year} does not lie ahead in the published calendar of meetings."
        )
    return _between(path, ahead[0], ahead[-1])


def second_half_moves(path: RatePath, year: int) -> Priced:
    """Moves priced from after the last meeting of the year's first half to after its last one (claim 11).

    Meetings priced before July do not count. Only as of days before that first-half meeting: afterwards the half is no
    longer all expectation.
    """
    first_half = [day for day in path.calendar if day.year == year and day.month <= 6]
    second_half = [day for day in path.calendar if day.year == year and day.month > 6]
    if not first_half or not _ends_year(second_half, year):
        return _unsaid(
            f"As of {path.as_of} the meetings from June to December {year} do not all lie ahead in the published calendar."
        )
    return _between(path, second_half[0], second_half[-1], _meeting(path, first_half[-1]))


def _ends_year(days: Sequence[dt.date], year: int) -> bool:
    return bool(days) and days[-1] >= dt.date(year, YEAR_ENDS_FROM, 1)


def _between(path: RatePath, first: dt.date, last: dt.date, base: Meeting | None = None) -> Priced:
    opening, closing = _meeting(path, first), _meeting(path, last)
    before = (opening.start if opening else None) if base is None else base.end
    after = closing.end if closing else None
    if after is None:
        return _unsaid(
            f"No contract stored as of {path.as_of} gives the rate after the meeting of {last}: that takes the price of a "
            "month after it without a meeting."
        )
    if before is None:
        return _unsaid(
            f"Neither the contracts stored as of {path.as_of} nor a recent effective rate give the rate before the meeting "
            f"of {first}."
        )
    return Priced((after - before) / STEP, before, after, first, last, "")


def _meeting(path: RatePath, day: dt.date) -> Meeting | None:
    return next((meeting for meeting in path.meetings if meeting.date == day), None)


def _unsaid(why: str) -> Priced:
    return Priced(None, None, None, None, None, why)


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """One meeting on two days.

    Attributes:
        date: Decision day.
        points: {lower bound [%]: probability now minus then [percentage points]}, over the levels of either day; empty
            where one of them has no distribution.
        moves: Expected moves at this meeting, now minus then [moves]; None where either is unknown.
        end: Expected rate after it, now minus then [% points]; None where either is unknown.
    """

    date: dt.date
    points: dict[float, float]
    moves: float | None
    end: float | None


def compare(now: RatePath, then: RatePath) -> tuple[MeetingChange, ...]:
    """Differences for each meeting of ``now``; a meeting that ``then`` did not reach has none."""
    return tuple(_change(meeting, _meeting(then, meeting.date)) for meeting in now.meetings)


def _change(now: Meeting, then: Meeting | None) -> MeetingChange:
    if then is None:
        return MeetingChange(now.date, {}, None, None)
    levels = sorted({*now.probabilities, *then.probabilities})
    both = bool(now.probabilities and then.probabilities)
    points = {
        level: now.probabilities.get(level, 0.0) - then.probabilities.get(level, 0.0)
        for level in levels
        if both
    }
    return MeetingChange(
        now.date,
        points,
        _difference(now.expected_moves, then.expected_moves),
        _difference(now.end, then.end),
    )


def _difference(now: float | None, then: float | None) -> float | None:
    return None if now is None or then is None else now - then
