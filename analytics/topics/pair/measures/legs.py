"""The two legs of a ratio over a window, and the words for which of them moved it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import pandas as pd

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


def leg(name: str, ends: pd.Series, sign: int) -> Leg:
    """A leg from the closes at both ends; ``sign`` is 1 for the follow and -1 for the lead."""
    first, last = map(float, ends)
    log_points = 100 * (math.log(last) - math.log(first))
    return Leg(name, first, last, log_points, 100 * (last / first - 1), sign * log_points)


def cause_of(lead: Leg, follow: Leg) -> str:
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


def span_text(window: tuple[dt.date, dt.date], last: dt.date, clamped: bool) -> str:
    """ "since 23 Jan 2026", or "from ... to ..." where the window ends before the data do."""
    whole = window[1] == last
    when = f"since {day_text(window[0])}" if whole else f"from {day_text(window[0])} to {day_text(window[1])}"
    return f"{when}, as far back as the pair goes," if clamped else when


def reading(lead: Leg, follow: Leg, cause: str, when: str) -> str:
    """The page's sentence, true in every combination of signs."""
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


def day_text(day: dt.date) -> str:
    """``23 Jan 2026``."""
    return f"{day.day} {day:%b %Y}"
