"""What passes through the server, counted: requests by route, open sessions, and how long a reader waits for a rerun."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack

from google.protobuf.message import DecodeError
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

log = logging.getLogger("silverlead.request")

OWN = ("/healthz", "/readyz", "/metrics")
BEHIND = ("/_stcore", "/static", "/media", "/component", "/app/static")
LONGEST_SIGN = 256
"""A message that only says that a run has ended is far shorter; longer ones are not looked into [bytes]."""
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1.0, 2.0, 5.0, 15.0)
WHOLE = {ForwardMsg.FINISHED_SUCCESSFULLY: "page", ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY: "part"}
"""How a run that was not given up for a newer one ended: of the whole page, or of a part of it."""


class Counts:
    """The counters; one set a process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "silverlead_http_requests", "Answered requests", ["route", "status"], registry=registry
        )
        self.sessions = Gauge("silverlead_sessions", "Open browser sessions", registry=registry)
        self.reruns = Histogram(
            "silverlead_rerun_seconds",
            "From a reader's message to the end of the run that it caused",
            ["run"],
            buckets=SECONDS,
            registry=registry,
        )


class Watch:
    """Counts what passes, and changes nothing of it."""

    def __init__(self, app: ASGIApp, counts: Counts) -> None:
        self.app, self.counts = app, counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._session(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            where = route(scope["path"])
            self.counts.requests.labels(where, str(status)).inc()
            if (
                where != "streamlit" or status >= 400
            ):  # its hundred scripts a visit say nothing while they arrive
                said = {"request": scope.get("request_id", ""), "route": where, "status": status}
                log.info("request", extra=said | {"ms": round(1000 * (time.perf_counter() - begun), 1)})

    async def _session(self, scope: Scope, receive: Receive, send: Send) -> None:
        waiting: list[float] = []
        begun = time.perf_counter()
        number = {"request": scope.get("request_id", "")}

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and asks_for_a_run(message.get("bytes") or b""):
                waiting.append(time.perf_counter())
            return message

        async def said(message: Message) -> None:
            run = run_ended(message.get("bytes") or b"") if message["type"] == "websocket.send" else ""
            await send(message)
            if message["type"] == "websocket.accept":  # one that the door refuses is no session
                opened.enter_context(self.counts.sessions.track_inprogress())
                opened.callback(self._closed, number, begun)
                log.info("session opened", extra=number)
            if run and waiting:
                self.counts.reruns.labels(run).observe(time.perf_counter() - waiting[0])
                waiting.clear()  # messages that came in while it ran were answered by it, or by the next run

        with ExitStack() as opened:
            await self.app(scope, heard, said)

    def _closed(self, number: dict[str, str], begun: float) -> None:
        log.info("session closed", extra=number | {"seconds": round(time.perf_counter() - begun, 1)})


def route(path: str) -> str:
    """One of a few words for where a request went; never the address itself, which is the sender's to write."""
    if path in OWN:
        return path
    if path.startswith("/s/"):
        return "/s/"
    return "streamlit" if path.startswith(BEHIND) else "page"


def asks_for_a_run(data: bytes) -> bool:
    """Whether a browser's message asks for a run of the page's script; what cannot be read is Streamlit's to refuse."""
    try:
        return BackMsg.FromString(data).WhichOneof("type") == "rerun_script"
    except DecodeError:
        return False


def run_ended(data: bytes) -> str:
    """``page`` or ``part`` where a server's message says that a run has ended; empty for every other message."""
    if not data or len(data) > LONGEST_SIGN:
        return ""
    found = ForwardMsg.FromString(data)
    return WHOLE.get(found.script_finished, "") if found.WhichOneof("type") == "script_finished" else ""
