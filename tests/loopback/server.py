"""A source on 127.0.0.1 that answers as Yahoo, FRED, the CFTC and the LBMA do, and fails as they do when told to.

with Loopback() as source:
    source.mode, source.times = "429", 1
    ...  # ask source.address
    assert source.log == [("GET", "/v8/finance/chart/SI=F?range=5d", 429), ...]
"""

from __future__ import annotations

import datetime as dt
import itertools
import socket
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.loopback.reply import CONTENT, ENDLESS, TRANSPORT, Reply, State

ROUTES = {
    "/v8/": "tests.loopback.yahoo",
    "/fred/": "tests.loopback.fred",
    "/graph/": "tests.loopback.fred",
    "/resource/": "tests.loopback.cftc",
    "/vault-holdings-data/": "tests.loopback.lbma",
}
"""Which module answers the paths that begin so; imported when first asked."""
LONGEST_LOG = 10_000
REFUSALS = {
    "429": Reply(429, "text/html", "Edge: Too Many Requests"),
    "500": Reply(500, "text/plain", "internal"),
    "html": Reply(200, "text/html", "<html>Will be right back...</html>"),
}


class Loopback:
    """A threaded HTTP server for tests; a context manager that closes itself.

    Attributes:
        address: ``http://127.0.0.1:PORT``.
        log: (method, path with query, status) of every request, written before its answer; 0 if dropped.
        now: Last day that the sources know.
        mode: ``ok`` or a fault: one of ``reply.TRANSPORT`` or ``reply.ENDLESS`` (made here) or ``reply.CONTENT`` (by the
            routes).
        times: Faults left before ``ok`` again; -1 for always.
        only: The fault is for paths that begin so.
        lies: Symbol or FRED id -> the name of the lie that is told of it (``lies.LIES``).
        latency: Wait before every answer [s].
        slow: Wait of the mode ``slow`` [s].
        pause: Between two drops of an answer that drips [s].
        retry_after: What a 429 asks for in its Retry-After header.
    """

    def __init__(self, now: dt.date = dt.date(2026, 6, 5)) -> None:
        self.now, self.mode, self.times, self.only = now, "ok", -1, "/"
        self.lies: dict[str, str] = {}
        self.latency, self.slow, self.pause, self.retry_after = 0.0, 8.0, 1.0, "1"
        self.log: list[tuple[str, str, int]] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(self)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()

    def take(self, path: str) -> State:
        """What this request sees; uses up one fault where there is one for it."""
        with self._lock:
            if self.mode not in ("ok", *TRANSPORT, *CONTENT, *ENDLESS):
                raise ValueError(f"no such mode: {self.mode}")
            if self.mode == "ok" or self.times == 0 or not path.startswith(self.only):
                return State(self.now, lies=dict(self.lies))
            self.times -= self.times > 0
            return State(self.now, self.mode, dict(self.lies))

    def note(self, method: str, path: str, status: int) -> None:
        """Add a line to the log."""
        with self._lock:
            if len(self.log) < LONGEST_LOG:
                self.log.append((method, path, status))


class _Server(ThreadingHTTPServer):
    daemon_threads, block_on_close = True, False

    def __init__(self, loopback: Loopback) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.loopback = loopback
        self.connections: set[socket.socket] = set()

    def hang_up(self) -> None:
        """End the connections that clients keep open, and with them their threads."""
        for connection in tuple(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests; anything else is a fault of ours and must be seen."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with suppress(ConnectionError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; the log is an attribute."""

    def do_GET(self) -> None:
        loopback, parts = self.server.loopback, urlsplit(self.path)
        path = unquote(parts.path)
        state = loopback.take(path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        reply = REFUSALS.get(state.mode) or _routed(path, query, state)
        loopback.note(self.command, self.path, 0 if state.mode == "drop" else reply.status)
        loopback.closing.wait(loopback.latency + (loopback.slow if state.mode == "slow" else 0.0))
        if state.mode == "drop":
            self.close_connection = True
        elif state.mode in ENDLESS:
            self._send_without_end(state.mode)
        else:
            self._send(replace(reply, cut=reply.cut or state.mode == "truncated"))

    do_POST = do_HEAD = do_GET

    def _send(self, reply: Reply) -> None:
        body = reply.body.encode()
        self.send_response(reply.status)
        own = (("Content-Type", reply.content_type), ("Content-Length", str(len(body))))
        for name, value in (*own, *reply.headers):
            self.send_header(name, value)
        if reply.status == 429:
            self.send_header("Retry-After", self.server.loopback.retry_after)
        self.close_connection = self.close_connection or reply.cut
        with suppress(ConnectionError):
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body[: len(body) // 2] if reply.cut else body)

    def _send_without_end(self, mode: str) -> None:
        """Until the client has had enough or the server closes."""
        self.close_connection, closing = True, self.server.loopback.closing
        with suppress(ConnectionError):
            for piece in _pieces(mode):
                self.wfile.write(piece)
                if closing.wait(0.0 if mode == "bomb" else self.server.loopback.pause):
                    return


def _pieces(mode: str) -> Iterator[bytes]:
    """What a fault of ENDLESS sends, bit by bit."""
    head = b"HTTP/1.1 200 OK\r\n"
    if mode == "heads":
        yield head + b"X-Long: "
        yield from itertools.repeat(b"x")
    elif mode == "processing":
        yield from itertools.repeat(b"HTTP/1.1 102 Processing\r\n\r\n")
    elif mode == "drip":
        yield head + b"Content-Length: 100000\r\n\r\n"
        yield from itertools.repeat(b" ")
    else:
        yield head + b"Content-Encoding: gzip\r\n\r\n"
        yield from bomb()


def bomb(megabytes: int = 4096) -> Iterator[bytes]:
    """So many megabytes of zeros as gzip, a kilobyte each; only the end is missing."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    million = bytes(2**20)
    yield packer.compress(million) + packer.flush(zlib.Z_FULL_FLUSH)
    yield from itertools.repeat(packer.compress(million) + packer.flush(zlib.Z_FULL_FLUSH), megabytes - 1)


def _routed(path: str, query: dict[str, str], state: State) -> Reply:
    for prefix, module in ROUTES.items():
        if path.startswith(prefix):
            reply = import_module(module).reply(path, query, state)
            if reply is not None:
                return reply
    return Reply(404, "text/plain", "not found")
