"""``python -m serving.listen PORT [ADDRESS]``: one process, asgi.py under uvicorn, bounded in what a connection may cost.

uvicorn waits for ever for the head of a request, for a body and for a reader who does not read, and takes connections until the
process has no file descriptor left; then nobody reaches ``/healthz``, and each refused connection is a traceback in the log. Here
every wait ends, and a new connection takes the place of the oldest that has not asked for anything yet.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import sys
from collections import Counter
from typing import Any

import h11
import streamlit as st
import uvicorn
from streamlit.web import bootstrap, cli
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from serving.frames import LONGEST_MESSAGE
from serving.tries import sender_of

ASK_SECONDS, STALL_SECONDS, IDLE_SECONDS = 10.0, 30.0, 5
"""How long a request may take to arrive, head and body; how long an answer may wait to be read; an idle connection's end."""
LONGEST_HEAD = 32 * 1024
"""Of a request's head [bytes]: an address of 8 KB, and the cookies of an OIDC login, which come in parts of 4 KB."""
MOST_CONNECTIONS, MOST_OF_ONE, RESERVE = 1_500, 200, 500
"""Open connections of a process, and of one address (but this machine's, where a proxy speaks for many); files it needs besides."""
MOST_PARTS, MOST_UNREAD = 64, 1 << 20
"""Frames of one websocket message; bytes of answers to pings that are not read."""


class Crowd:
    """The open connections, oldest first, bounded in number."""

    def __init__(self, most: int = MOST_CONNECTIONS, most_of_one: int = MOST_OF_ONE) -> None:
        self.most, self._most_of_one = most, most_of_one
        self._open: dict[asyncio.Transport, str] = {}
        self._of_one: Counter[str] = Counter()
        self._asking: set[asyncio.Transport] = set()
        self._sessions: set[asyncio.Transport] = set()

    def enter(self, transport: asyncio.Transport, address: str) -> None:
        """Take a connection in; where that is one too many, the oldest that may go is ended, else the new one."""
        sender = "" if _speaks_for_many(address) else sender_of(address)
        self._open[transport] = sender
        self._of_one[sender] += 1
        self._asking.add(transport)
        if sender and self._of_one[sender] > self._most_of_one:
            self._end_one(sender)
        elif len(self._open) > self.most:
            self._end_one()

    def leave(self, transport: asyncio.Transport) -> None:
        """Forget a connection; one that was forgotten before too."""
        sender = self._open.pop(transport, None)
        if sender is not None:
            self._of_one -= Counter([sender])
        self._asking.discard(transport)
        self._sessions.discard(transport)

    def asks(self, transport: asyncio.Transport, *, whole: bool) -> None:
        """Whether the request of a connection has arrived as a whole."""
        if whole:
            self._asking.discard(transport)
        elif transport in self._open:
            self._asking.add(transport)

    def session(self, transport: asyncio.Transport) -> None:
        """A connection became a websocket: it stays, since those are bounded by themselves (serving/frames.py)."""
        self.asks(transport, whole=True)
        if transport in self._open:
            self._sessions.add(transport)

    def _end_one(self, sender: str | None = None) -> None:
        candidates = [one for one, of in self._open.items() if sender in (None, of)]
        asking = next((one for one in candidates if one in self._asking), None)
        oldest = asking or next((one for one in candidates if one not in self._sessions), candidates[-1])
        self.leave(oldest)
        oldest.abort()


def _speaks_for_many(address: str) -> bool:
    """Whether an address is this machine's or a proxy's that uvicorn believes."""
    try:
        return ipaddress.ip_address(address).is_loopback or address in _proxies()
    except ValueError:  # no address: a socket of this machine
        return True


def _proxies() -> list[str]:
    return os.environ.get("FORWARDED_ALLOW_IPS", "").split(",")


def _plain(address: str) -> str:
    """An IPv4 address as such; a socket that listens to both kinds writes it as one of IPv6, which no list of proxies names."""
    return address.removeprefix("::ffff:") if "." in address else address


crowd = Crowd()
"""The process's."""


class _Bounded(asyncio.Protocol):
    """Ends a connection whose answers are not read."""

    transport: asyncio.Transport
    client: tuple[str, int] | None
    _stalled: asyncio.TimerHandle | None = None
    _unread = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self.client:
            self.client = (_plain(self.client[0]), self.client[1])

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def _watch(self) -> None:
        self._unread = self.transport.get_write_buffer_size()
        self._stalled = asyncio.get_running_loop().call_later(STALL_SECONDS, self._look)

    def _look(self) -> None:
        """A slow reader keeps its connection, one that read nothing since the last look does not."""
        if self.transport.get_write_buffer_size() < self._unread:
            self._watch()
        else:
            self.transport.abort()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._moves()

    def connection_lost(self, exc: Exception | None) -> None:
        self._moves()
        crowd.leave(self.transport)
        super().connection_lost(exc)

    def _moves(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None


class Http(_Bounded, H11Protocol):
    """HTTP/1.1 with an end to every wait."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(whole=False)
        crowd.enter(transport, self.client[0] if self.client else "")

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.get_protocol() is self:  # a websocket's protocol has taken over from here else
            self._expect(whole=self.conn.their_state not in (h11.IDLE, h11.SEND_BODY))

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(whole=True)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._expect(whole=True)
        crowd.session(self.transport)
        super().handle_websocket_upgrade(event)

    def _expect(self, *, whole: bool) -> None:
        """Start waiting for the rest of a request, or stop; what trickles in does not prolong the wait."""
        crowd.asks(self.transport, whole=whole)
        if whole and self._late is not None:
            self._late.cancel()
            self._late = None
        elif not whole and self._late is None:
            self._late = self.loop.call_later(ASK_SECONDS, self.transport.abort)


class Socket(_Bounded, WebSocketsSansIOProtocol):
    """A websocket whose messages do not come in countless parts, and whose pings are answered while somebody reads."""

    def handle_cont(self, event: Any) -> None:
        if len(self.frames) < MOST_PARTS:
            super().handle_cont(event)
        else:
            self.transport.abort()

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.transport.get_write_buffer_size() > MOST_UNREAD:
            self.transport.abort()


def read_options() -> None:
    """Read Streamlit's options as ``streamlit run`` does, which alone looks at ``STREAMLIT_...`` of the environment."""
    given = cli.main_run.make_context("run", ["asgi.py"]).params
    bootstrap.load_config_options(
        {name: value for name, value in given.items() if name not in ("target", "args")}
    )


def config() -> uvicorn.Config:
    """How uvicorn serves asgi.py; certificates are named as for ``streamlit run``."""
    return uvicorn.Config(
        "asgi:app",
        http=Http,
        ws=Socket,
        ws_max_size=LONGEST_MESSAGE,
        ws_per_message_deflate=False,  # a small message may unpack to a large one
        ws_ping_interval=30,
        ws_ping_timeout=30,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        timeout_keep_alive=IDLE_SECONDS,
        lifespan="on",
        log_level="warning",
        access_log=False,
        use_colors=False,
        ssl_certfile=st.get_option("server.sslCertFile"),
        ssl_keyfile=st.get_option("server.sslKeyFile"),
    )


def listening(port: int, address: str) -> socket.socket:
    """A socket on one address, or on all of this machine."""
    if address:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return socket.create_server((address, port), family=family, backlog=2_048)
    if socket.has_dualstack_ipv6():
        return socket.create_server(("::", port), family=socket.AF_INET6, backlog=2_048, dualstack_ipv6=True)
    return socket.create_server(("", port), backlog=2_048)


def room() -> int:
    """How many connections this process may hold, with the files that the system allows it; more are asked for first."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + RESERVE
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST_CONNECTIONS
    files = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files - min(RESERVE, files // 2)


def main(port: int, address: str = "") -> None:
    """Serve until told to end."""
    crowd.most = room()
    read_options()
    try:
        taken = listening(port, address)
    except OSError as error:
        sys.exit(f"Port {port} cannot be listened on ({error.strerror}). Set SILVERLEAD_PORT to another one.")
    with taken:
        print(f"Silverlead listens on http://{address or 'localhost'}:{port}", flush=True)
        uvicorn.Server(config()).run(sockets=[taken])


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
