"""What passes between the loopback server and its routes.

A route module has one function, ``reply(path, query, state) -> Reply | None``: ``path`` is unquoted and
without the query, ``query`` holds the first value of each name, None means that the path is not the route's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

TRANSPORT = ("429", "500", "html", "drop", "slow", "truncated")
"""Faults that the server makes itself, whatever the route."""
CONTENT = ("empty", "partial", "spike", "duplicate", "shrink")
"""Faults that a route makes in its own format."""
ENDLESS = ("heads", "processing", "drip", "bomb")
"""Answers that the server makes itself and that do not end: headers, answers 102 and a body in drips, and a body that
is packed a thousand to one."""


@dataclass(frozen=True, slots=True)
class State:
    """What one request sees.

    Attributes:
        now: The last day that the sources know.
        mode: The fault of *this* request; ``ok`` where the fault is for other paths or used up.
        first: Nothing before this day is told.
        lies: The lie that is told of a symbol or FRED id, by its name in ``lies.LIES`` or ``lies.CHANGES``.
    """

    now: dt.date
    mode: str = "ok"
    lies: Mapping[str, str] = field(default_factory=dict)
    first: dt.date = dt.date.min


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer, before it is put on the wire.

    Attributes:
        status: HTTP status.
        content_type: Value of the Content-Type header.
        body: The whole body as text (UTF-8 on the wire).
        headers: Further headers, name and value.
        cut: Announce the whole length, send half and hang up.
    """

    status: int
    content_type: str
    body: str
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
