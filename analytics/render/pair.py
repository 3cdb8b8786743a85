"""What every figure of a pair needs to know about it, and its picture from 100."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.catalogue import Series
from analytics.panel import Papers
from analytics.published.dated_events import Event
from analytics.render import chart as marks
from analytics.render.theme import Ink, layout
from analytics.render.words import day, in_sentence

CALENDAR = "US trading days that both have; moves over weekends and holidays are compounded into one"
LOG_FROM = 8.0
"""Ratio of the largest to the smallest value from which an axis is logarithmic."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The legs, the provenance of each, and the reader's colours."""

    lead: Series
    follow: Series
    papers: tuple[Papers, Papers]
    ink: Ink

    @property
    def names(self) -> tuple[str, str]:
        return in_sentence(self.lead.label), in_sentence(self.follow.label)

    @property
    def colours(self) -> tuple[str, str]:
        return self.ink.pair(self.lead.colour, self.follow.colour)

    @property
    def closes(self) -> str:
        """Which closes the ratio uses."""
        (a, b) = self.papers
        return f"{b.source} close over {a.source} close" if not a.simulated else "simulated closes"


def both_legs(
    indexed: pd.DataFrame, pair: Pair, known: Sequence[Event], *, height: int = 340, room: int = 270
) -> dict[str, Any]:
    """Both lines from 100 with their labels and events, unfinished.

    Args:
        indexed: Columns ``lead`` and ``follow``, 100 on the first day.
        pair: The legs.
        known: Dated events to mark.
        height: Of the figure [px].
        room: Height of the lines' place [px].
    """
    logarithmic = indexed.to_numpy().max() / indexed.to_numpy().min() > LOG_FROM
    first, last = indexed.index[0].date(), indexed.index[-1].date()
    unit = f"{day(first)} = 100"
    figure: dict[str, Any] = {"data": [], "layout": layout(pair.ink, height=height, unit=unit)}
    figure["layout"]["yaxis"]["type"] = "log" if logarithmic else "linear"
    series = (pair.lead, pair.follow)
    for column, row, colour in zip(("lead", "follow"), series, pair.colours, strict=True):
        figure["data"].append(marks.line(indexed[column], row.label, colour, number=",.1f"))
        marks.end_label(figure, indexed[column], row.label, colour, log=logarithmic)
    marks.spread_labels(figure, room)
    marks.events(figure, known, first, last, pair.ink)
    return figure
