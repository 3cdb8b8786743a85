"""The papers of published figures: which print says so, and whether it was read in the print itself.

They stand beside ``analytics.panel.Papers``, which are those of series: a chart may carry both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from analytics.published.dated_events import Event
from analytics.published.silver import Figure, Share, Stock, vintages

UNIT = "million ounces"
EVENT = "event"


@dataclass(frozen=True, slots=True)
class Printed:
    """Where published figures come from; they are facts, on simulated data too.

    Attributes:
        title: What sentences call the print.
        unit: Of its figures.
        origin: Who says so, in full.
        covers: The years or days that the figures describe, as text.
        n: Number of figures.
        printed: Day of the print; the month's last day where only the month is known.
        exact: ``printed`` is the day itself.
        secondary: Taken from a secondary transcription, not from the print itself.
    """

    title: str
    unit: str
    origin: str
    covers: str
    n: int
    printed: dt.date
    exact: bool
    secondary: bool
    simulated: ClassVar[bool] = False

    @property
    def when(self) -> str:
        """The day of the print as a sentence says it."""
        return said(self.printed, self.exact)

    @property
    def source(self) -> str:
        """One line: which print, of when; the source of an event says its day itself."""
        return self.title if self.unit == EVENT else f"{self.title}, printed {self.when}"

    @property
    def line(self) -> str:
        """All of it in one line, for downloads."""
        read = (
            "secondary transcription, not read in the print itself" if self.secondary else "read in the print"
        )
        figures = f"{self.covers}, n = {self.n:,}"
        return f"{self.title} [{self.unit}]: {self.origin}; {figures}; printed {self.when}; {read}."


def said(printed: dt.date, exact: bool) -> str:
    """``13 Nov 2025``, or ``Apr 2026`` where only the month is known."""
    return f"{printed.day} {printed:%b %Y}" if exact else f"{printed:%b %Y}"


def of_figures(figures: Iterable[Figure]) -> tuple[Printed, ...]:
    """Papers of the balance's figures, one a print, oldest first."""
    used = list(figures)
    found = []
    for vintage in vintages():
        own = [figure for figure in used if figure.vintage == vintage.key]
        if own:
            years = sorted({figure.year for figure in own})
            covers = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
            marks = (vintage.printed, vintage.exact, vintage.secondary)
            found.append(Printed(vintage.title, UNIT, vintage.source, covers, len(own), *marks))
    return tuple(found)


def of_stocks(stocks: Iterable[Stock]) -> tuple[Printed, ...]:
    """Papers of visible stocks, one a source and day that they describe."""
    grouped: dict[tuple[str, dt.date], list[Stock]] = {}
    for stock in stocks:
        grouped.setdefault((stock.source, stock.day), []).append(stock)
    return tuple(
        Printed(
            source, UNIT, source, said(day, True), len(own), own[0].printed, own[0].exact, own[0].secondary
        )
        for (source, day), own in grouped.items()
    )


def of_share(share: Share) -> Printed:
    """Papers of the by-product share."""
    marks = (share.printed, True, share.secondary)
    return Printed(share.source, "% of mine output", share.source, f"{share.year}", 1, *marks)


def of_events(known: Iterable[Event]) -> tuple[Printed, ...]:
    """Papers of dated events, one each."""
    return tuple(
        Printed(event.source, EVENT, event.source, said(event.day, True), 1, event.day, True, False)
        for event in known
    )
