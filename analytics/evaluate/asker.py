"""A reader's view on a ledger without a browser: what the command line and the brief ask findings through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analytics import evaluate, panel
from analytics.clock.instants import day_of, end_of_day, from_micros
from analytics.ledger import Ledger
from analytics.panel import Panel
from analytics.render.theme import LIGHT, Ink
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
    _known: dict[tuple[str, View], Any] = field(default_factory=dict, repr=False)

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
        return self.seen(replace(self.view, as_of=end_of_day(day), start=None, end=None))

    def seen(self, chosen: View) -> Asker:
        """The same ledger with other choices; panels are kept where they are read as of the same instants."""
        same = (chosen.instant(self.now), chosen.recorded) == (self.as_of, self.view.recorded)
        return replace(self, view=chosen, _panels=self._panels if same else {})

    def panel(self, keys: Sequence[str]) -> Panel:
        """What was known of some series."""
        wanted = tuple(dict.fromkeys(keys))
        if wanted not in self._panels:
            cut = self.view.recorded or from_micros(self.version)
            self._panels[wanted] = panel.build(self.ledger, wanted, self.as_of, cut)
        return self._panels[wanted]

    def finding(self, name: str) -> Any:
        """One of the recipes of ``analytics.evaluate`` for this view.

        Raises:
            BadChoice: no finding of that name.
            AnalyticsError: the data cannot answer.
        """
        return self._found(name, self.view, self.panel)

    def _found(self, name: str, chosen: View, read: evaluate.Reads) -> Any:
        if (name, chosen) not in self._known:
            asked = self if chosen == self.view else self.seen(chosen)
            question = evaluate.question(name, chosen, asked.day, asked.window, read, asked._found)
            self._known[name, chosen] = evaluate.measure(name, question)
        return self._known[name, chosen]


def asker(ledger: Ledger, view: View, now: dt.datetime) -> Asker:
    """An asker that sees the ledger as it is at this moment."""
    return Asker(ledger, view, now, ledger.version())
