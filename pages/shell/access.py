"""The guard: every run of every page passes it first (frame.open_page), and every admin's action asks it again."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import streamlit as st

from analytics.settings import settings
from serving.access import COOKIE, Access, Reader

HOW = "Sign in to read. A server that asks for a login is started with `make serve`."
EVERYBODY = Reader("", admin=False)


def admit(slug: str) -> Reader:
    """Whoever reads; for somebody unknown the run ends here, before anything is read or drawn."""
    found = reader()
    if found is None:
        _refuse("" if slug == "overview" else slug)
        st.stop()
    return found


def reader() -> Reader | None:
    """Whoever this session belongs to; asked anew each time, since a login ends. None for somebody unknown."""
    access = Access(settings())
    if access.mode == "oidc":
        claims = st.user.to_dict()
        return access.by_claims(claims) if claims.get("is_logged_in") else None
    return access.by_ticket(st.context.cookies.get(COOKIE, "")) if access.mode == "password" else EVERYBODY


def guarded() -> bool:
    """Whether a login is asked for."""
    return Access(settings()).mode != "open"


def may_refresh() -> bool:
    """Whether this session may start a refresh: anybody on an open server, else an admin."""
    found = reader()
    return found is not None and (found.admin or not guarded())


def may_manage_links() -> bool:
    """Whether this session may list and revoke short links: an admin; on an open server whoever the operator says."""
    found = reader()
    return found is not None and (found.admin if guarded() else settings().silverlead_manage_links)


def sign_out() -> None:
    """A way out, where there was a way in."""
    if guarded():
        st.html('<a href="logout" target="_self" style="color:inherit">Sign out</a>', width="content")


def _refuse(path: str) -> None:
    """Only how to come in; the door of asgi.py has usually said so before any page ran."""
    query = urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    back = quote(f"/{path}?{query}" if query else f"/{path}", safe="")
    st.markdown("## Silverlead")
    st.markdown(HOW)
    st.html(f'<a href="login?to={back}" target="_self">Sign in</a>')
