"""The Federal Open Market Committee's meetings, and when each became public. Facts, sources: ``fomc.toml``.

A decision is announced on the meeting's last day; the target range on FRED (DFEDTARL, DFEDTARU) moves the day
after, twice on the day itself (16 December 2015, 14 December 2016): ``decided_by`` knows both.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

Kind = Literal["meeting", "conference call", "notation vote"]
Basis = Literal["release", "seen", "rule", "minutes"]
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One entry of the Committee's calendar.

    Attributes:
        day: Decision day: the last day of a scheduled meeting; for an unscheduled rate decision the day it
            was announced.
        scheduled: In the Board's calendar of the year.
        kind: ``meeting``, ``conference call`` or ``notation vote``; a vote is no meeting.
        published: When it was public that there is (or was) this meeting.
        basis: How ``published`` is known: ``release``, ``seen``, ``rule`` or ``minutes`` (see ``fomc.toml``).
        source: Who says so.
        withdrawn: From this day on the entry no longer stood (moved or called off); None where it stands.
        note: What was particular.
        moved: Change of the target that an unscheduled decision announced [bp]; None where it announced none, and of
            scheduled meetings.
    """

    day: dt.date
    scheduled: bool
    kind: Kind
    published: dt.date
    basis: Basis
    source: str
    withdrawn: dt.date | None = None
    note: str = ""
    moved: int | None = None


@cache
def _document() -> dict[str, Any]:
    text = files("analytics.published").joinpath("fomc.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def load() -> tuple[Meeting, ...]:
    """Every entry by day: those that stand, those withdrawn, and notation votes."""
    document = _document()
    scheduled = _first_published(document["calendar"])
    for change in document["change"]:
        scheduled = dict(_changed(scheduled, change))
    unscheduled = [Meeting(scheduled=False, **row) for row in document["unscheduled"]]
    votes = [
        Meeting(scheduled=False, kind="notation vote", published=row["day"], basis="release", **row)
        for row in document["vote"]
    ]
    return tuple(sorted([*scheduled.values(), *unscheduled, *votes], key=lambda meeting: meeting.day))


def _first_published(calendars: list[dict[str, Any]]) -> dict[dt.date, Meeting]:
    """Scheduled meetings by day; a January meeting stands in two calendars and was public with the first."""
    found: dict[dt.date, Meeting] = {}
    for row in sorted(calendars, key=lambda row: (row["published"], row["year"])):
        for day in (*row["days"], row["january"]):
            meeting = Meeting(day, True, "meeting", row["published"], row["basis"], row["source"])
            found.setdefault(day, meeting)
    return found


def _changed(scheduled: dict[dt.date, Meeting], change: dict[str, Any]) -> Iterator[tuple[dt.date, Meeting]]:
    announced, note = change["announced"], change["note"]
    yield from scheduled.items()
    for day in change["from"]:
        yield day, replace(scheduled[day], withdrawn=announced, note=note)
    for day in change["to"]:
        yield day, Meeting(day, True, "meeting", announced, "release", change["source"], note=note)


@cache
def meetings() -> tuple[Meeting, ...]:
    """The meetings that were held or still stand, scheduled or not, by day; no votes, nothing withdrawn."""
    return tuple(m for m in load() if m.withdrawn is None and m.kind != "notation vote")


@cache
def unscheduled_moves() -> tuple[Meeting, ...]:
    """The unscheduled decisions that moved the target, by day."""
    return tuple(meeting for meeting in load() if meeting.moved is not None)


@lru_cache(maxsize=1024)
def known(as_of: dt.date) -> tuple[Meeting, ...]:
    """The meetings, past and planned, as the public had them at the end of ``as_of`` in New York, by day.

    A meeting that was moved or called off later is in it as then planned; a call that came out with minutes
    is not, until they were published. No notation votes.
    """
    return tuple(
        meeting
        for meeting in load()
        if meeting.kind != "notation vote"
        and meeting.published <= as_of
        and (meeting.withdrawn is None or meeting.withdrawn > as_of)
    )


def decision_days(as_of: dt.date | None = None) -> tuple[dt.date, ...]:
    """Decision days, rising: of ``known(as_of)``, or without a day of all ``meetings()``."""
    return tuple(meeting.day for meeting in (meetings() if as_of is None else known(as_of)))


def calendar_end(as_of: dt.date | None = None) -> dt.date | None:
    """The last day up to which every scheduled meeting was public: a 31 January.

    A month after it has no known meetings, which is not the same as a month without one. None where no
    calendar was public yet.
    """
    years = [row["year"] for row in _document()["calendar"] if as_of is None or row["published"] <= as_of]
    return dt.date(max(years) + 1, 1, 31) if years else None


def decided_by(step: dt.date) -> Meeting | None:
    """The meeting behind a step of the target range that FRED first shows on ``step``; None where none is."""
    days = {meeting.day: meeting for meeting in meetings()}
    return days.get(step) or days.get(step - ONE_DAY)
