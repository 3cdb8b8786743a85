"""The door: a page's address asked for by somebody unknown leads to the login, and from there back to the same view.

The lock is the pages' own guard (pages/shell/access.py), which every run passes; the door keeps websockets, files, short links and
their pictures, and spares readers a page that only says so. With no access setting it stands open.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, quote, unquote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analytics.errors import AnalyticsError
from analytics.settings import Settings
from serving import words
from serving.access import COOKIE, LONGEST_PASSWORD, OIDC_SECONDS, TICKET_SECONDS, Access, Reader
from serving.health import FRESH
from serving.metrics import not_here
from serving.tries import WITHIN_SECONDS, Tries
from serving.visits import Visits

FILES = "/media/"
"""Where Streamlit keeps pictures and downloads of the sessions that are open."""
POLICY = 1008
"""The code of a websocket's end for somebody who may not have it (RFC 6455)."""
CALLBACK, LOGOUT = "/oauth2callback", "/auth/logout"
"""Streamlit's own places of the OIDC login."""
RETURN_COOKIE, RETURN_SECONDS = "silverlead_return", 600
"""Where to go after an OIDC login, which itself always comes back to the root; kept no longer than a login takes."""
LONGEST_RETURN = 3_000
_SHORT = re.compile(r"/s/[A-Za-z0-9_-]{22}")
_QUERY = re.compile(r"[!-~]*")
Claims = Callable[[Mapping[str, str]], Mapping[str, object]]


class Door:
    """Who is asking, and the routes of the login.

    Args:
        held: The settings.
        pages: Slugs of the pages.
        claims: Reads the OIDC login's cookies.
        begin: The address at which the OIDC login begins.
        visits: Knows who signed out.
    """

    def __init__(
        self,
        held: Settings,
        pages: frozenset[str],
        claims: Claims,
        begin: Callable[[], str],
        visits: Visits,
    ) -> None:
        self.access, self._claims, self._begin, self._visits = Access(held), claims, begin, visits
        self._paths = {"/", *(f"/{slug}" for slug in pages - {"overview"})}
        self._tries = Tries()

    @property
    def shut(self) -> bool:
        """Whether a login is asked for at all."""
        return self.access.mode != "open"

    def reader(self, request: HTTPConnection) -> Reader | None:
        """Whoever sends this request; None for somebody unknown, or who signed out."""
        found = self._claimed(request)
        return None if found is None or self._visits.ended(found.visit) else found

    def _claimed(self, request: HTTPConnection) -> Reader | None:
        if self.access.mode == "oidc":
            return self.access.by_claims(self._claims(request.cookies))
        return self.access.by_ticket(request.cookies.get(COOKIE, "")) if self.shut else Reader("", False)

    def keeps(self, path: str) -> bool:
        """Whether an address is a page's or a file's: nothing for somebody unknown."""
        return (path.rstrip("/") or "/") in self._paths or FILES in path

    def returning(self, target: str) -> str:
        """A place of ours to go back to; anything else, other hosts above all, is the root."""
        parts = urlsplit(target) if len(target) <= LONGEST_RETURN and _QUERY.fullmatch(target) else None
        if parts is None or parts.scheme or parts.netloc or not target.startswith("/"):
            return "/"
        path = parts.path.rstrip("/") or "/"
        ours = path in self._paths or _SHORT.fullmatch(path)
        return (f"{path}?{parts.query}" if parts.query else path) if ours else "/"

    async def login(self, request: Request) -> Response:
        """``/login?to=...``: what to do to come in; a password is sent here too."""
        target = self.returning(request.query_params.get("to", "/"))
        if request.method == "POST":
            return await self._password(request)
        if await run_in_threadpool(self.reader, request) is not None:
            return RedirectResponse(target, 303, headers=FRESH)
        if self.access.mode == "password":
            return HTMLResponse(words.password(target), headers=FRESH)
        who = str(self._claims(request.cookies).get("email") or "")
        return HTMLResponse(words.oidc(target, self.access.domains, who), headers=FRESH)

    async def _password(self, request: Request) -> Response:
        if self.access.mode != "password" or not _same_origin(request):
            return HTMLResponse(words.refused(), 403, headers=FRESH)
        form = parse_qs((await _body(request)).decode(errors="replace"))
        target = self.returning(form.get("to", ["/"])[0])
        address = request.client.host if request.client else ""
        if not self._tries.admit(address, time.monotonic()):
            wait = {"Retry-After": str(int(WITHIN_SECONDS)), **FRESH}
            return HTMLResponse(words.password(target, words.TOO_OFTEN), 429, headers=wait)
        reader = self.access.by_password(form.get("password", [""])[0])
        if reader is None:
            return HTMLResponse(words.password(target, words.WRONG), 401, headers=FRESH)
        self._tries.forgive(address)
        answer = RedirectResponse(target, 303, headers=FRESH)
        _set(answer, request, COOKIE, self.access.ticket(reader), TICKET_SECONDS)
        return answer

    def go(self, request: Request) -> Response:
        """``/login/go?to=...``: keeps the place to come back to and sends the browser to the OIDC provider."""
        if self.access.mode != "oidc":
            return RedirectResponse("/", 303, headers=FRESH)
        answer = RedirectResponse(self._begin(), 303, headers=FRESH)
        target = self.returning(request.query_params.get("to", "/"))
        _set(answer, request, RETURN_COOKIE, quote(target, safe=""), RETURN_SECONDS)
        return answer

    def logout(self, request: Request) -> Response:
        """End this visit, here and in every copy of its cookie, and with OIDC at the provider too; only by a form of ours."""
        if request.method != "POST":
            return HTMLResponse(words.leaving(), headers=FRESH)
        if not _same_origin(request):
            return HTMLResponse(words.refused(), 403, headers=FRESH)
        try:
            self._end(self.reader(request))
        except AnalyticsError as error:
            return HTMLResponse(words.leaving(str(error)), 503, headers=FRESH)
        after = {"oidc": LOGOUT, "password": "/login"}.get(self.access.mode, "/")
        answer = RedirectResponse(after, 303, headers=FRESH)
        for name in (COOKIE, RETURN_COOKIE):
            answer.delete_cookie(name)
        return answer

    def _end(self, reader: Reader | None) -> None:
        if reader is not None and reader.visit:
            seconds = OIDC_SECONDS if self.access.mode == "oidc" else TICKET_SECONDS
            self._visits.end(reader.visit, seconds)

    def stays(self, request: Request) -> bool:
        """Whether Streamlit's own way out, which is an address that any site may lead to, is taken by somebody who did not leave."""
        reader = self.reader(request)
        return reader is not None and bool(reader.visit)


class Doorway:
    """Puts the door before the pages and their websockets. Plain ASGI: nothing is buffered."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not self.door.shut:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await (self.app if await self._known(HTTPConnection(scope)) else _refuse)(scope, receive, send)
        elif scope["path"] == CALLBACK:
            await self.app(scope, receive, self._back(Request(scope), send))
        else:
            await (await self._app(Request(scope)))(scope, receive, send)

    async def _app(self, request: Request) -> ASGIApp:
        if request.url.path.rstrip("/") == LOGOUT and await run_in_threadpool(self.door.stays, request):
            return RedirectResponse("/logout", 303, headers=FRESH)
        kept = self.door.keeps(request.url.path)
        if not kept or await self._known(request):
            return self.app
        return not_here if FILES in request.url.path else _to_login(request)

    async def _known(self, request: HTTPConnection) -> bool:
        return await run_in_threadpool(self.door.reader, request) is not None  # it may ask the database

    def _back(self, request: Request, send: Send) -> Send:
        """The end of a login that worked goes to where the reader came from instead of the root."""
        target = self.door.returning(unquote(request.cookies.get(RETURN_COOKIE, "/")))

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                came = any("_streamlit_user=" in cookie for cookie in headers.getlist("set-cookie"))
                if came and headers.get("location"):
                    headers["location"] = target
                headers.append("set-cookie", f"{RETURN_COOKIE}=; Max-Age=0; Path=/; SameSite=Lax")
            await send(message)

        return sent


async def _refuse(_scope: Scope, receive: Receive, send: Send) -> None:
    """Ends a websocket in its handshake, with status 403: nothing was accepted, so nothing can be sent."""
    await receive()
    await send({"type": "websocket.close", "code": POLICY})


def _to_login(request: Request) -> Response:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?to={quote(asked, safe='')}", 303, headers=FRESH)


def _same_origin(request: Request) -> bool:
    """Whether a form was sent from a page of ours; browsers say where from, and other programs may say nothing."""
    origin = Headers(scope=request.scope).get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _body(request: Request) -> bytes:
    """A form's bytes; what is longer than any honest one is cut."""
    found = b""
    async for chunk in request.stream():
        found += chunk
        if len(found) > 4 * LONGEST_PASSWORD + LONGEST_RETURN:
            break
    return found


def _set(answer: Response, request: Request, name: str, value: str, seconds: int) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)
