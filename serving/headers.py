"""Headers of every answer, bounds of every request. Plain ASGI: nothing is buffered, websockets pass."""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_TARGET = 8_192
"""Of a path with its query [bytes]; an honest address is under 1,500."""
REQUEST_ID = "X-Request-ID"
_GIVEN_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def policy(frame_ancestors: str) -> str:
    """The content security policy that Streamlit's pages and Plotly pass.

    Streamlit's page has one inline script and styles itself inline. Its pages ask no other host for anything: maps, outside
    fonts and pictures are not used here, so none is allowed.
    """
    return "; ".join((
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss: blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        f"frame-ancestors {frame_ancestors}",
    ))  # fmt: skip


class Guard:
    """Refuses oversized addresses, gives every request a number, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, frame_ancestors: str) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": policy(frame_ancestors),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        if frame_ancestors == "'none'":
            self.headers["X-Frame-Options"] = "DENY"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        number = _number(Headers(scope=scope).get(REQUEST_ID, ""))
        scope["request_id"] = number  # the logs' name for it
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                headers[REQUEST_ID] = number
            await send(message)

        app = _too_long if _length(scope) > LONGEST_TARGET else self.app
        await app(scope, receive, marked)


def _number(given: str) -> str:
    """The proxy's number for the request, where it is one; what a log reads must not be the sender's to write."""
    return given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)


def _length(scope: Scope) -> int:
    return len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")


_too_long = PlainTextResponse("The address is too long for any view of Silverlead.\n", 414)
