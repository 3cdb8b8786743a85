"""What a browser may say over a websocket: small binary messages of Streamlit's own form, at a bounded rate. Plain ASGI.

Streamlit keeps a session's widget values in memory, and answers what is no message with a traceback in the log. So a message is
looked at before Streamlit sees it: one that no page of ours makes closes the connection, with one line that says why.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from serving.tries import sender_of

log = logging.getLogger("silverlead.session")

LONGEST_MESSAGE = 128 * 1024
"""Of a browser's message [bytes]; honest ones hold an address and a page's few widgets, under 10 KB."""
MOST_SESSIONS, MOST_OF_ONE = 500, 250
"""Open websockets of a process, and of one sender."""
AT_ONCE, PER_SECOND = 100.0, 20.0
"""Messages that a session may send at once, and then a second; the next ones wait unread, in the sender's own machine."""
NOT_FOR_READERS = frozenset({
    "clear_cache", "load_git_info", "set_run_on_save", "debug_disconnect_websocket", "debug_shutdown_runtime",
})  # fmt: skip
"""Messages for somebody who writes the pages: the first would empty everybody's caches, the second costs a process each."""
UNSUPPORTED, MALFORMED, TOO_LONG, TRY_LATER = 1003, 1002, 1009, 1013
"""Codes of a websocket's end (RFC 6455)."""


class Frames:
    """Bounds sessions in number, and each one's messages in form, size and rate."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        sender = sender_of((scope.get("client") or ("",))[0])
        if self._open.total() >= MOST_SESSIONS or self._open[sender] >= MOST_OF_ONE:
            log.warning("A session was refused: too many are open")
            await send({"type": "websocket.close", "code": TRY_LATER})
            return
        self._open[sender] += 1
        try:
            session = _Session(receive, send)
            await self.app(scope, session.receive, session.send)
        finally:
            self._open[sender] -= 1
            self._open += Counter()  # forgets those that have none


class _Session:
    """One websocket: hands on what is a message, and ends at the first that is none."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._over = False
        self._left, self._seen = AT_ONCE, asyncio.get_running_loop().time()

    async def receive(self) -> Message:
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            kind, code, why = read(message)
            if code:
                return await self._end(code, why)
            await self._wait()
            if kind not in NOT_FOR_READERS:
                return message

    async def _end(self, code: int, why: str) -> Message:
        log.warning("A session was closed: %s", why)
        self._over = True
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    async def send(self, message: Message) -> None:
        if not self._over:  # Streamlit may still be answering an earlier message
            await self._send(message)

    async def _wait(self) -> None:
        """While this sleeps nothing is read: the server stops reading a connection whose message was not taken."""
        now = asyncio.get_running_loop().time()
        self._left = min(self._left + PER_SECOND * (now - self._seen), AT_ONCE) - 1
        self._seen = now
        if self._left < 0:
            await asyncio.sleep(-self._left / PER_SECOND)


def read(message: Message) -> tuple[str, int, str]:
    """What kind of message it is; for one that no page of ours could have sent, the code to close with and why."""
    data = message.get("bytes")
    if data is None:
        return "", UNSUPPORTED, "it sent text"
    if len(data) > LONGEST_MESSAGE:
        return "", TOO_LONG, f"it sent a message over {LONGEST_MESSAGE // 1024} KB"
    try:
        kind = BackMsg.FromString(data).WhichOneof("type")
    except DecodeError:
        return "", MALFORMED, "it sent what is no message"
    return (kind, 0, "") if kind else ("", MALFORMED, "it sent an empty message")
