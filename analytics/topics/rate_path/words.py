"""Sentences about the rate path."""

from __future__ import annotations

from analytics.render.words import day
from analytics.topics.rate_path.measures.complete_day import CompleteDay
from analytics.topics.rate_path.measures.rate_score import RateScore

MOST_NAMED = 4
CAVEATS = (
    "A contract settles on the mean effective rate of its month, so it cannot show two-sided tails: a 50% chance of two "
    "moves and a certain single move look alike.",
    "Meetings are taken as independent of each other.",
    "The effective rate (EFFR) is not the target range; the distance between them is taken as it is now.",
    "A term premium, small this near, is read as expectation.",
)


def lag(read: CompleteDay) -> str:
    """Which months lag behind the newest prices; empty where none does."""
    if read.day == read.newest:
        return ""
    names = [f"{month:%b %Y}" for month in read.lagging]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (
        f"Shown as of {day(read.day)}, the last complete day: on {day(read.newest)} no price has come yet for "
        f"{', '.join(names[:MOST_NAMED])}{more}."
    )


def from_record(found: RateScore) -> str:
    """How many meetings rest on the published record of odds; empty where none does."""
    most = max(found.horizons, key=lambda one: one.from_record)
    if not most.from_record:
        return ""
    return (
        f" · {most.from_record} of {most.n} meetings from the published record of odds (whole percents, computed by this "
        "product from contracts that have expired)"
    )


def moves_words(moves: float) -> str:
    """``1.76 cuts``, ``0.97 hikes``, ``no move``."""
    if abs(moves) < 0.005:
        return "no move"
    return f"{abs(moves):.2f} {'cuts' if moves < 0 else 'hikes'}"
