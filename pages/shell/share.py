"""Share: links that hold. A live link carries the choices, a frozen window carries the dates too."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from analytics import view
from analytics.view import View
from pages.shell.contents import PAGES


def menu(slug: str, chosen: View, now: dt.datetime) -> None:
    """The Share button and what it offers."""
    with st.popover(":material/link: Share", key="share_menu"):
        st.markdown("**Live link**: the same choices, always with the newest data.")
        st.code(address(slug, chosen), language=None, wrap_lines=True)
        frozen = chosen.frozen(now)
        start, end = frozen.window(now)
        st.markdown(f"**Frozen window**: the same dates, {start:%d %b %Y} to {end:%d %b %Y}, as known then.")
        st.code(address(slug, frozen), language=None, wrap_lines=True)


def address(slug: str, chosen: View) -> str:
    """The full address of a page with every choice in it."""
    parts = urlsplit(st.context.url or "http://localhost:8501/")
    path = parts.path.rstrip("/")
    if path.rsplit("/", 1)[-1] in {name for name, _, _ in PAGES}:
        path = path.rsplit("/", 1)[0]
    page = "" if slug == "overview" else slug
    return urlunsplit((parts.scheme, parts.netloc, f"{path}/{page}", urlencode(view.to_query(chosen)), ""))
