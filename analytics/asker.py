"""A reader's view on a ledger without a browser: what the command line and the brief ask findings through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analytics import findings, panel
from analytics.charts.theme import LIGHT, Ink
from analytics.findings.question import Question
from analytics.instants import day_of, end_of_day, from_micros
from analytics.ledger import Ledger
from analytics.panel import Panel
from analytics.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Asker:
    """Everything a section needs; each series set is read once and each finding measured once.

    Attributes:
        ledger: Where to read.
        view: The reader's choices.
        now: The present instant.
        version: The ledger's version when the asking began: nothing recorded later is read.
        ink: Colours of figures.
    """

    ledger: Ledger
    view: View
    now: dt.datetime
    version: int
    ink: Ink = LIGHT
    _panels: dict[tuple[str, ...], Panel] = field(default_factory=dict, repr=False)
    _found: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def as_of(self) -> dt.datetime:
        """The instant that everything is read at."""
        return self.view.instant(self.now)

    @property
    def day(self) -> dt.date:
        """The as-of day in New York."""
        return day_of(self.as_of)

    @property
    def window(self) -> tuple[dt.date, dt.date]:
        """First and last date shown."""
        return self.view.window(self.now)

    @property
    def simulated(self) -> bool:
        return self.ledger.kind == "demo"

    def on(self, day: dt.date) -> Asker:
        """The same choices as they could have been known at the end of an earlier day."""
        earlier = replace(self.view, as_of=end_of_day(day), start=None, end=None)
        return Asker(self.ledger, earlier, self.now, self.version, self.ink)

    def panel(self, keys: Sequence[str]) -> Panel:
        """What was known of some series."""
        wanted = tuple(dict.fromkeys(keys))
        if wanted not in self._panels:
            cut = self.view.recorded or from_micros(self.version)
            self._panels[wanted] = panel.build(self.ledger, wanted, self.as_of, cut, self.now)
        return self._panels[wanted]

    def finding(self, name: str) -> Any:
        """One of ``analytics.findings`` for this view.

        Raises:
            BadChoice: no finding of that name.
            AnalyticsError: the data cannot answer.
        """
        if name not in self._found:
            keys = findings.recipe(name).keys(self.view, self.day)
            question = Question(self.view, self.panel(keys), self.window, self.finding)
            self._found[name] = findings.measure(name, question)
        return self._found[name]


def asker(ledger: Ledger, view: View, now: dt.datetime) -> Asker:
    """An asker that sees the ledger as it is at this moment."""
    return Asker(ledger, view, now, ledger.version())
