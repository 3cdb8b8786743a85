"""A server that a stranger cannot fill: hostile websockets, half-open connections, floods and what they leave, on the real server."""

from __future__ import annotations

import logging
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from serving import listen
from serving.frames import LONGEST_MESSAGE, MALFORMED, NOT_FOR_READERS, TOO_LONG, UNSUPPORTED, Frames
from serving.listen import Crowd
from serving.logs import AT_ONCE, Pace
from tests.pages.served import copy_of, environment, free_port
from tests.serving.process import Server, running, wait_for

pytestmark = pytest.mark.xdist_group("serving")
TOKEN = "a-token-of-the-operator"
SHARED = "correct horse battery"
HANDSHAKE = (
    b"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
HALF = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


@pytest.fixture(scope="module")
def opened(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Nobody is asked to sign in; logs are JSON."""
    settings = {"SILVERLEAD_LOG": "json", "SILVERLEAD_METRICS_TOKEN": TOKEN, "SILVERLEAD_DATA": "demo"}
    folder = copy_of(simulated, tmp_path_factory.mktemp("opened"))
    with running("asgi.py", free_port(), environment(folder, **settings)) as server:
        yield server


@pytest.fixture(scope="module")
def shut(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Behind a password."""
    settings = {"SILVERLEAD_PASSWORD": SHARED, "SILVERLEAD_DATA": "demo"}
    folder = copy_of(simulated, tmp_path_factory.mktemp("shut"))
    with running("asgi.py", free_port(), environment(folder, **settings)) as server:
        yield server


def session(server: Server, cookie: str = "") -> ClientConnection:
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    headers = {"Cookie": cookie} if cookie else {}
    return connect(address, subprotocols=["streamlit"], additional_headers=headers, close_timeout=1)  # type: ignore[list-item]


def signed_in(server: Server) -> str:
    answer = httpx.post(f"{server.address}/login", data={"password": SHARED})
    return answer.headers["set-cookie"].split(";")[0]


def closed(socket_: ClientConnection) -> int:
    """The code that the server ends a websocket with; 1006 where the connection ended before it could be read."""
    with suppress(ConnectionClosed):
        while True:
            socket_.recv(timeout=20)
    return socket_.close_code or 1006


def healthy(server: Server) -> float:
    """How long /healthz takes on a connection of its own [s]."""
    began = time.monotonic()
    assert httpx.get(f"{server.address}/healthz", timeout=10).status_code == 200
    return time.monotonic() - began


# ------------------------------------------------------------------------------------------------------- the handshake


@pytest.mark.parametrize("cookie", ["", "silverlead_reader=forged", "silverlead_reader="])
def test_a_websocket_without_a_cookie_is_refused_in_its_handshake(shut, cookie):
    with pytest.raises(InvalidStatus) as refused:
        session(shut, cookie)
    assert refused.value.response.status_code == 403


def test_a_reader_has_a_websocket_and_files_are_kept(shut):
    with session(shut, signed_in(shut)) as reader:
        reader.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
        assert reader.recv(timeout=60)
    assert httpx.get(f"{shut.address}/media/{'0' * 56}.csv").text == "There is nothing here.\n"


def test_a_copied_cookie_is_dead_after_the_logout(shut):
    copied = {"Cookie": signed_in(shut)}
    assert httpx.get(f"{shut.address}/logout", headers=copied).status_code == 200
    assert httpx.get(shut.address, headers=copied).status_code == 200
    assert httpx.post(f"{shut.address}/logout", headers=copied).status_code == 303
    assert httpx.get(shut.address, headers=copied).status_code == 303
    with pytest.raises(InvalidStatus):
        session(shut, copied["Cookie"])


# ------------------------------------------------------------------------------------------------------------ messages


@pytest.mark.parametrize(("message", "code"), [
    ("hello", UNSUPPORTED),
    ("x" * (LONGEST_MESSAGE - 1), UNSUPPORTED),
    (b"\xff" * 64, MALFORMED),
    (b"", MALFORMED),
    (bytes(LONGEST_MESSAGE + 1), TOO_LONG),
    (bytes(20_000_000), TOO_LONG),
])  # fmt: skip
def test_what_is_no_message_closes_the_session_with_one_line(opened, message, code):
    before = len(opened.log)
    with session(opened) as stranger:
        with suppress(ConnectionClosed):  # ended before the last of it was sent
            stranger.send(message)
        assert closed(stranger) in (code, 1006 if len(message) > LONGEST_MESSAGE else code)
    wait_for(lambda: "session closed" in opened.log[before:])
    said = opened.log[before:]
    assert "Traceback" not in said
    assert '"trace"' not in said
    assert len(said) < 1_000


def test_sixty_hostile_messages_leave_nothing_behind(opened):
    state = BackMsg(rerun_script={"query_string": ""})
    state.rerun_script.widget_states.widgets.add(id="x", string_value="y" * 20_000_000)
    hostile = state.SerializeToString()
    healthy(opened)
    before = opened.memory
    with ExitStack() as stack:
        for _ in range(60):
            stranger = stack.enter_context(session(opened))
            with suppress(ConnectionClosed):
                stranger.send(hostile)
    assert opened.memory - before < 50
    assert healthy(opened) < 1


@pytest.mark.anyio
async def test_messages_for_who_writes_the_pages_are_not_handed_on():
    click = BackMsg(rerun_script={"query_string": ""}).SerializeToString()
    others = [BackMsg(**{name: True}).SerializeToString() for name in NOT_FOR_READERS]
    incoming, taken = [*others, click, *others], []

    async def receive():
        return (
            {"type": "websocket.receive", "bytes": incoming.pop(0)}
            if incoming
            else {"type": "websocket.disconnect"}
        )

    async def app(scope, receive, send):
        while (message := await receive())["type"] == "websocket.receive":
            taken.append(message["bytes"])

    async def send(message):
        raise AssertionError(message)

    await Frames(app)({"type": "websocket"}, receive, send)
    assert taken == [click]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_a_message_in_countless_parts_and_pings_that_nobody_reads_end_the_connection(opened):
    with session(opened) as stranger:
        with suppress(ConnectionClosed):
            stranger.send(b"" for _ in range(10_000))
        with pytest.raises(ConnectionClosed):
            stranger.recv(timeout=20)
    pings = b"\x89\xfd" + b"\0" * 129  # 125 bytes, masked with zeros
    with socket.create_connection(("127.0.0.1", opened.port), timeout=20) as deaf:
        deaf.sendall(HANDSHAKE)
        assert deaf.recv(1_000).startswith(b"HTTP/1.1 101 ")
        with pytest.raises(ConnectionError):
            flood(deaf, pings * 2_000)
    assert healthy(opened) < 1


def flood(connection: socket.socket, data: bytes) -> None:
    """Send 100 MB, and read nothing."""
    for _ in range(400):
        connection.sendall(data)


# --------------------------------------------------------------------------------------------------------- connections


def half_open(port: int, n: int) -> list[socket.socket]:
    found = []
    for _ in range(n):
        one = socket.create_connection(("127.0.0.1", port), timeout=10)
        one.sendall(HALF)
        found.append(one)
    return found


def test_half_open_connections_do_not_stop_health_and_leave_a_short_log(opened):
    before = len(opened.log)
    waiting = half_open(opened.port, 1_100)
    try:
        assert healthy(opened) < 1
    finally:
        for one in waiting:
            one.close()
    assert len(opened.log) - before < 10_000


async def plenty(scope, receive, send) -> None:
    """An application that reads a body and answers with 20 MB, or says nothing on a websocket."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            await send({"type": "websocket.send", "text": "heard"})
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": bytes(20_000_000)})


@pytest.fixture
def impatient(monkeypatch) -> Iterator[int]:
    """The port of a server of the same kind that waits less long."""
    monkeypatch.setattr(listen, "ASK_SECONDS", 0.4)
    monkeypatch.setattr(listen, "STALL_SECONDS", 0.4)
    config = uvicorn.Config(plenty, http=listen.Http, ws=listen.Socket, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with listen.listening(0, "127.0.0.1") as taken:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        yield taken.getsockname()[1]
        server.should_exit = True
        thread.join(20)


def test_a_websocket_stays_although_nothing_is_said_on_it(impatient):
    with connect(f"ws://127.0.0.1:{impatient}") as quiet:
        time.sleep(3 * listen.ASK_SECONDS)
        quiet.send("still there?")
        assert quiet.recv(timeout=20) == "heard"


def ended(connection: socket.socket) -> bool:
    """Whether the server has let a connection go."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("begun", [
    b"", HALF, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\na",
], ids=["nothing", "a head", "a body"])  # fmt: skip
def test_a_request_that_does_not_arrive_ends_its_connection_however_it_trickles(impatient, begun):
    with socket.create_connection(("127.0.0.1", impatient), timeout=20) as slow:
        slow.sendall(begun)
        trickle = threading.Thread(target=trickled, args=(slow,))
        trickle.start()
        assert ended(slow)
        trickle.join(20)


def trickled(connection: socket.socket) -> None:
    """A byte ten times a second, for as long as somebody takes it."""
    try:
        for _ in range(100):
            time.sleep(0.1)
            connection.sendall(b"a")
    except OSError:
        pass


def test_a_reader_who_does_not_read_is_let_go(impatient):
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        deaf.connect(("127.0.0.1", impatient))
        deaf.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1.0)
        deaf.settimeout(20)
        assert received(deaf) < 20_000_000


def received(connection: socket.socket) -> int:
    """Bytes until the connection ends."""
    found = 0
    try:
        while part := connection.recv(1 << 20):
            found += len(part)
    except ConnectionResetError:
        pass
    return found


def test_a_reader_who_reads_gets_all_of_it_however_long_it_takes(impatient):
    with httpx.stream("GET", f"http://127.0.0.1:{impatient}", timeout=20) as answer:
        got = 0
        for chunk in answer.iter_raw(2_000_000):
            got += len(chunk)
            time.sleep(0.1)
    assert got == 20_000_000


def test_a_head_that_does_not_end_is_refused(opened):
    with socket.create_connection(("127.0.0.1", opened.port), timeout=20) as long:
        long.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * (2 * listen.LONGEST_HEAD))
        assert long.recv(64).startswith(b"HTTP/1.1 400 ")


class Line:
    """A connection that can be ended."""

    ended = False

    def abort(self) -> None:
        self.ended = True


def test_the_oldest_that_has_not_asked_goes_first_and_a_session_never():
    crowd, lines = Crowd(most=3), [Line() for _ in range(5)]
    crowd.enter(lines[0], "192.0.2.1")
    crowd.session(lines[0])
    crowd.enter(lines[1], "192.0.2.2")
    crowd.asks(lines[1], whole=True)
    crowd.enter(lines[2], "192.0.2.3")
    crowd.enter(lines[3], "192.0.2.4")  # one too many: the third has not asked yet
    crowd.asks(lines[3], whole=True)
    crowd.enter(lines[4], "192.0.2.5")  # the newest has not asked either, and so it goes
    assert [line.ended for line in lines] == [False, False, True, False, True]
    for line in lines:
        crowd.leave(line)
        crowd.leave(line)
    assert [*crowd._open, *crowd._of_one, *crowd._asking, *crowd._sessions] == []


def test_one_address_has_its_share_and_a_proxy_speaks_for_many(monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.9")
    crowd, lines = Crowd(most_of_one=2), [Line() for _ in range(12)]
    for number, line in enumerate(lines):
        crowd.enter(line, ("192.0.2.1", "192.0.2.9", "127.0.0.1", "::1")[number % 4])
    assert [number for number, line in enumerate(lines) if line.ended] == [0]


# --------------------------------------------------------------------------------------------------- inner addresses


def test_streamlits_counters_ask_for_the_same_token(opened):
    address = f"{opened.address}/_stcore/metrics"
    assert httpx.get(address).text == "There is nothing here.\n"
    assert httpx.get(address, headers={"Authorization": "Bearer x"}).status_code == 404
    found = httpx.get(address, headers={"Authorization": f"Bearer {TOKEN}"})
    assert found.status_code == 200
    assert "cache_memory_bytes" in found.text


@pytest.mark.parametrize("path", [
    "script-health-check", "agent/openapi.json", "agent/interact", "agent/mcp", "upload_file/x/y", "metrics/", "./metrics",
    "/metrics", "bidi-components/x", "",
])  # fmt: skip
def test_what_no_browser_needs_is_not_there(opened, path):
    for method in ("GET", "POST", "PUT", "OPTIONS"):
        assert httpx.request(method, f"{opened.address}/_stcore/{path}").status_code == 404


def test_health_stays(opened, shut):
    for server in (opened, shut):
        assert httpx.get(f"{server.address}/_stcore/health").text == "ok"
        assert httpx.get(f"{server.address}/_stcore/host-config").status_code == 200


# ---------------------------------------------------------------------------------------------------------------- logs


def test_lines_are_bounded_and_what_is_left_out_is_counted():
    pace = Pace()

    def line(at: float) -> logging.LogRecord:
        return logging.makeLogRecord({"name": "x", "levelno": 30, "msg": "a %d", "args": (7,), "created": at})

    assert sum(pace.filter(line(0.0)) for _ in range(10_000)) == AT_ONCE
    late = line(1.0)
    assert pace.filter(late)
    assert late.getMessage() == f"a 7 ({10_000 - AT_ONCE:.0f} lines before it were left out)"
    assert pace.filter(logging.makeLogRecord({"name": "y", "levelno": 30, "created": 0.0}))


def test_a_flood_of_refused_requests_leaves_a_short_log(opened):
    before = len(opened.log)
    for _ in range(2_000):
        with socket.create_connection(("127.0.0.1", opened.port), timeout=10) as one:
            one.sendall(b"nonsense\r\n\r\n")
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    healthy(opened)
    assert len(opened.log) - before < 200_000
