"""Dated events: what charts mark with a thin rule. The facts and their sources stand in ``dated_events.toml``."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TOPICS = ("silver", "bitcoin", "fed", "tariffs", "minerals")
LONGEST_TITLE = 40
"""A longer label does not fit a chart's rule [characters]."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day.

    Attributes:
        day: Its date, never earlier than the day on which it was public in New York.
        title: Label of the rule, at most 40 characters.
        body: One sentence more.
        topics: A part of ``TOPICS``.
        source: Who says so.
    """

    day: dt.date
    title: str
    body: str
    topics: tuple[str, ...]
    source: str


@cache
def load() -> tuple[Event, ...]:
    """All events, oldest first."""
    text = files("analytics.published").joinpath("dated_events.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["event"]
    events = (Event(**{**row, "topics": tuple(row["topics"])}) for row in rows)
    return tuple(sorted(events, key=lambda event: event.day))


def known(as_of: dt.date, *topics: str) -> tuple[Event, ...]:
    """The events to the end of ``as_of`` in New York, oldest first; with topics, those of any of them."""
    return tuple(
        event for event in load() if event.day <= as_of and (not topics or set(topics) & set(event.topics))
    )
