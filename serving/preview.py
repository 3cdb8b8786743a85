"""The picture that a chat shows of a short link."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from analytics import catalogue
from analytics import panel as panels
from analytics.ledger import Ledger
from analytics.view import View
from serving import card
from serving.words import PRODUCT


@lru_cache(maxsize=128)
def drawn(ledger: Ledger, version: int, title: str, told: str, chosen: View, now: dt.datetime) -> bytes:
    """A link's picture; drawn once a minute and ledger version, however often it is asked for.

    Args:
        ledger: What is read.
        version: Of the ledger: another one is another picture.
        title: The link's.
        told: As of when, in words.
        chosen: The link's view.
        now: The minute.
    """
    as_of = chosen.instant(now)
    held = panels.build(ledger, (chosen.lead, chosen.follow), as_of, recorded_by=chosen.recorded)
    start, end = chosen.window(now)
    lines = [
        card.Line(
            catalogue.get(key).label, catalogue.get(key).colour, held.columns[key].loc[str(start) : str(end)]
        )
        for key in (chosen.lead, chosen.follow)
        if key in held
    ]
    return card.draw(PRODUCT, title, told, lines, simulated=held.simulated)
