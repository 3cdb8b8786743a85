"""The guard: every run of every page passes it first (frame.open_page), and every admin's action asks it again."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import streamlit as st

from analytics.settings import settings
from serving.access import COOKIE, Access, Reader

HOW = "Sign in to read. A server that asks for a login is started with `make serve`."
SIGN_OUT = (
    '<form method="post" action="logout" target="_self"><button style="font:inherit;color:inherit;background:none;border:0;padding:0;'
    'cursor:pointer;text-decoration:underline">Sign out</button></form>'
)
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
    if access.mode == "open":
        return EVERYBODY
    found = _claimed(access)
    return None if found is not None and found.visit and _ended(found.visit) else found


def _ended(visit: str) -> bool:
    """Whether a reader signed out, in this browser or another one that has a copy of the cookie."""
    from analytics.ledger import visits  # here and not above: load imports this module
    from pages.shell import load

    return visits.ended(load.desk().ledger.engine, visit)


def _claimed(access: Access) -> Reader | None:
    """Whom the cookie names, whether or not that visit has ended."""
    if access.mode == "oidc":
        claims = st.user.to_dict()
        return access.by_claims(claims) if claims.get("is_logged_in") else None
    return access.by_ticket(st.context.cookies.get(COOKIE, ""))


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
        st.html(SIGN_OUT, width="content")


def _refuse(path: str) -> None:
    """Only how to come in; the door of asgi.py has usually said so before any page ran."""
    query = urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    back = quote(f"/{path}?{query}" if query else f"/{path}", safe="")
    st.markdown("## Silverlead")
    st.markdown(HOW)
    st.html(f'<a href="login?to={back}" target="_self">Sign in</a>')
