"""Short links from the pages: made on demand, bounded, listed and revoked. The server behind asgi.py opens them."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import deque
from urllib.parse import urlencode

import streamlit as st

from analytics import catalogue, view
from analytics.errors import LedgerError
from analytics.ledger import links
from analytics.ledger.links import ShortLink
from analytics.settings import settings
from analytics.view import View
from pages.shell import access, load
from pages.shell.contents import PAGES

MOST_MADE, WITHIN_SECONDS = 30, 3_600.0
"""How many links this process makes within how long."""
_MADE, _PROBLEM = "silverlead_short", "silverlead_short_problem"

_served = threading.Event()
_recent: deque[float] = deque(maxlen=MOST_MADE)
_guard = threading.Lock()


def serve() -> None:
    """asgi.py says that this process opens ``/s/...``."""
    _served.set()


def served() -> bool:
    """Whether this process opens short links; without asgi.py nobody would."""
    return _served.is_set()


def made(slug: str, data: View) -> tuple[str, str]:
    """The identifier made in this session for just this view, and why none could be made; empty for neither."""
    key = (slug, *view.to_query(data).values())
    return st.session_state.get(_MADE, {}).get(key, ""), st.session_state.pop(_PROBLEM, "")


def make(slug: str, data: View) -> None:
    """Keep a link to a view; the next run shows it."""
    if not _admitted(time.monotonic()):
        st.session_state[_PROBLEM] = (
            f"This server has made {MOST_MADE} short links within an hour; try again later."
        )
        return
    query = view.to_query(data)
    now = settings().now()
    days = settings().silverlead_link_days
    ends = None if days is None else now + dt.timedelta(days=days)
    try:
        link = links.create(
            load.desk().ledger.engine, slug, urlencode(query), title(slug, data), data.as_of, now, ends
        )
    except LedgerError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    st.session_state[_MADE] = {**st.session_state.get(_MADE, {}), (slug, *query.values()): link.id}


def _admitted(now: float) -> bool:
    with _guard:
        if len(_recent) == MOST_MADE and now - _recent[0] < WITHIN_SECONDS:
            return False
        _recent.append(now)
        return True


def title(slug: str, data: View) -> str:
    """What an unfurl says: the page and the pair."""
    label = next(label for name, _, label in PAGES if name == slug)
    return f"{catalogue.get(data.lead).label} against {catalogue.get(data.follow).label}: {label}"


def newest() -> list[ShortLink]:
    """The newest links."""
    return links.newest(load.desk().ledger.engine)


def revoke(identifier: str) -> None:
    """End a link; asked again here, whatever the page showed."""
    if access.may_manage_links():
        links.revoke(load.desk().ledger.engine, identifier, settings().now())
