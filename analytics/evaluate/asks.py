"""What a section of a page or of the brief may ask: a page in the browser and an ``Asker`` both answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

from analytics.panel import Panel
from analytics.render.theme import Ink
from analytics.view import View


class Asks(Protocol):
    """A view on a ledger as of a day."""

    @property
    def view(self) -> View: ...

    @property
    def as_of(self) -> dt.datetime: ...

    @property
    def day(self) -> dt.date: ...

    @property
    def window(self) -> tuple[dt.date, dt.date]: ...

    @property
    def ink(self) -> Ink: ...

    @property
    def simulated(self) -> bool: ...

    def on(self, day: dt.date, /) -> Asks: ...

    def seen(self, chosen: View, /) -> Asks: ...

    def panel(self, keys: Sequence[str], /) -> Panel: ...

    def finding(self, name: str, /) -> Any: ...
