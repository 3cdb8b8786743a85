"""Share: links that hold. A live link carries the choices, a frozen window the dates too, frozen data also the ledger's
instant and a hash."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

import streamlit as st

from analytics import catalogue, view
from analytics.render.words import day
from analytics.view import View
from pages.shell import drawn, short, takeaway
from pages.shell.contents import PAGES


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a frozen-data link made now would carry: the ledger's last write, and the hash of the pair's panel."""

    recorded: dt.datetime
    sha256: str


def menu(slug: str, chosen: View, now: dt.datetime, held: Frozen) -> None:
    """The Share button and what it offers."""
    free = chosen.thawed()
    window = free.frozen(now)
    start, end = window.window(now)
    # A frozen view is handed on as it came, checked or not: its hash is the first sender's.
    data = chosen.frozen(now) if chosen.recorded else free.pinned(now, held.recorded, held.sha256)
    with st.popover(":material/link: Share", key="share_menu", on_change="rerun") as menu:
        if not menu.open:  # sent when asked for, like "how this is computed"
            return
        st.markdown("**Live link**: the same choices, always with the newest data.")
        st.code(address(slug, free), language=None)
        st.markdown(f"**Frozen window**: the same dates, {day(start)} to {day(end)}, as known then.")
        st.code(address(slug, window), language=None)
        st.markdown(
            "**Frozen data**: the same numbers on this server, later revisions left out; opening it checks them by hash."
        )
        st.code(address(slug, data), language=None)
        if short.served():
            _short(slug, data)
        drawn.offer(slug, address(slug, window))
        takeaway.offer(chosen, now)


def plate(slug: str, chosen: View) -> None:
    """In another page's frame, instead of menu and controls: whose page it is, and the way to it."""
    pair = f"{catalogue.get(chosen.lead).label} against {catalogue.get(chosen.follow).label}"
    st.caption(f"Silverlead · {pair} · [open the whole page]({address(slug, chosen)})")


def _short(slug: str, data: View) -> None:
    """A short link to the frozen data, made on demand; it unfurls in a chat."""
    st.markdown("**Short link** to the frozen data: with a title and a picture where it is pasted.")
    made, problem = short.made(slug, data)
    if made:
        st.code(urljoin(address("overview", data), f"s/{made}"), language=None)
    else:
        st.button(
            "Make a short link",
            on_click=short.make,
            args=(slug, data),
            key="make_short",
            icon=":material/add_link:",
        )
    if problem:
        st.caption(problem)


def address(slug: str, chosen: View) -> str:
    """The full address of a page with every choice in it."""
    parts = urlsplit(st.context.url or "http://localhost:8501/")
    path = parts.path.rstrip("/")
    if path.rsplit("/", 1)[-1] in {name for name, _, _ in PAGES}:
        path = path.rsplit("/", 1)[0]
    page = "" if slug == "overview" else slug
    return urlunsplit((parts.scheme, parts.netloc, f"{path}/{page}", urlencode(view.to_query(chosen)), ""))
