"""Frozen data: whether this ledger still shows the numbers that a link was made of.

A frozen-data link carries the as-of instant, the instant of the ledger's last write when it was made (``recorded``) and
``Panel.sha256`` of *the pair's panel*: the two series of the pair and nothing else, every date and value known at the
as-of instant among the rows that the ledger had recorded by then, splits applied. Every other series of the page is cut
at the same two instants, but only the pair is hashed: a link does not depend on series that its page may not show.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from analytics.render.words import day
from analytics.view import View

State = Literal["same", "different", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """What opening a frozen-data link found.

    Attributes:
        state: ``same`` numbers, ``different`` ones, or ``unknown``: this ledger does not reach to the link's instant.
        sentence: What the page says.
    """

    state: State
    sentence: str


def check(chosen: View, sha256: str, written: dt.datetime) -> Check | None:
    """Compare a view's frozen data with what is held; None where the view is not frozen.

    Args:
        chosen: The view that the address gave.
        sha256: Of the pair's panel as read for this view.
        written: The instant of the ledger's last write.
    """
    if chosen.recorded is None:
        return None
    of = _instant(chosen.recorded)
    if chosen.recorded > written:
        return Check("unknown", (
            f"The link's data of {of} are not in this ledger, whose newest are of {_instant(written)}. "
            "What is shown are its own figures, and they may differ. Open the link on the server where it was made."
        ))  # fmt: skip
    if chosen.sha256 != sha256:
        return Check("different", (
            f"These are not the numbers that the link was made of: the pair's figures as this ledger held them on {of} do not "
            f"match the link's hash ({chosen.sha256[:8]}…, here {sha256[:8]}…). Open the link on the server where it was "
            "made, or ask the sender for the CSV."
        ))  # fmt: skip
    return Check("same", f"Frozen data, verified: the pair's figures are those of the link, data of {of}.")


def _instant(moment: dt.datetime) -> str:
    utc = moment.astimezone(dt.UTC)
    return f"{day(utc.date())} {utc:%H:%M} UTC"
