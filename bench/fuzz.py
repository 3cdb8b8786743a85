"""``make fuzz``: hostile addresses, messages and connections against the running app, on loopback. Exit code 1 where one of them did harm.

Every address is asked for as a browser does: over HTTP, and, where its path is a page's, over the websocket, on which the
page's script then runs with the address's parameters. Looked for: a status of 500 or above, the text of a traceback, an
uncaught exception on a page, the address's own markup coming back unescaped, a server that stopped answering, and memory
that does not come back. Before the last part strangers open websockets and connections that no browser opens (``strangers``). The
server is asgi.py as ``make serve`` runs it, on simulated data, started and ended here.

    python -m bench.fuzz [--addresses 10000] [--seed 7] [--workers 4] [--every 1]
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote_from_bytes, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from analytics.desk import demo_ledger
from analytics.view import CONTROLS, DEFAULT, to_query
from pages.shell.contents import PAGES

ROOT = Path(__file__).resolve().parent.parent
PER_SESSION = 50
"""Addresses that one websocket session visits before it hangs up."""
PARTS, SECONDS = 4, 180.0
"""Memory is read after each part: the first two fill the bounded caches, and over the last two it must stay where it is."""
READABLE = 0.04
"""Share of values that can be read: each leads to a view that is measured anew, which costs seconds on a busy machine."""
MARK = "zq9"
"""Stands in all markup that is sent, so that what comes back can be told from what the pages say themselves."""
SLACK_MB = 60.0
"""Growth of resident memory over the second half that is no leak: caches turning over, and the allocator's holes [MB]."""
TRACEBACK = ("Traceback (most recent call last)", 'File "/')
PAYLOADS = (
    f"<script>{MARK}</script>", f"<img src=x onerror={MARK}>", f'"><svg/onload={MARK}>', f"'-{MARK}-'", f"{{{{{MARK}*7}}}}",
    f"javascript:{MARK}", f"[x](javascript:{MARK})", f"![{MARK}](http://127.0.0.1:1/x)", f"=HYPERLINK({MARK})", f"$({MARK})",
    "../../../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "file:///etc/passwd", "//127.0.0.1:1/", "\\\\127.0.0.1\\x",
    "'; DROP TABLE observation; --", "1 OR 1=1", "\x00", "\r\nSet-Cookie: a=b", "\n[ERROR] forged", "\x1b[31m", "\u202e",
    "\ufeff", "Ǆ", "ß" * 40, "🥈" * 20, "２０２６-０１-２３", "A" * 65, "A" * 2_000, "%", "%%%", "%ff%fe", "None", "nan", "-0",
    "1e999", "9" * 400, "0x7fffffff", "[]", "{}", "__class__", "{0.__init__}", "true", "", " ", "yahoo:", "yahoo:../x",
    "yahoo:AAAA", "yahoo:^GSPC", "yahoo:" + "A" * 200, "zq_2026_07", "zq_9999_13", "zq_0000_00", "live", "none", "newest",
)  # fmt: skip
HONEST = {
    "lead": ("silver", "gold", "copper", "cpi", "vix", "zq_2026_12"),
    "follow": ("bitcoin", "ether", "gold", "unemployment"),
    "span": ("3m", "6m", "max"),
    "as_of": (
        "live",
        "2026-01-23",
        "1986-01-01",
        "2099-12-31",
        "2010-07-19",
        "2026-01-23T23:59:59.999999-05:00",
    ),
    "start": ("none", "2025-01-02", "1985-01-02", "2099-01-01"),
    "end": ("none", "2025-06-30", "1985-01-03", "2100-01-01"),
    "compare": ("day", "2012-02-30", "1985-01-02", "2100-01-01"),
    "year": ("auto", "2010", "2030", "２０２６"),
    "meeting": ("next", "2026-01-28", "1985-01-02"),
    "move": (
        "january",
        "2025-12-31_2026-01-23",
        "2026-01-23_2025-12-31",
        "1985-01-02_2100-01-01",
        "_",
        "2026-01-01_",
    ),
    "driver": ("real_yield_10y", "sp500", "dollar_broad"),
    "vintage": ("known", "2025-11-13", "2099-01-01"),
    "topic": ("all", "supply", "everything"),
    "verdict": ("all", "not_supported", "not supported", "true"),
    "recorded": ("newest", "2026-06-05T20:00:00.000000Z", "2099-01-01T00:00:00.000000Z"),
    "sha": ("none", "0" * 64),
}
PATHS = (
    "/..", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//127.0.0.1:1/x", "/\\127.0.0.1\\x", "/%00", "/%0d%0aX: y",
    "/s/", "/s/../healthz", "/s/" + "A" * 22, "/s/" + "A" * 22 + ".png", "/s/%2e%2e%2f.png", "/s/" + "9" * 3_000,
    "/healthz", "/healthz/..", "/readyz", "/component/../../x", "/media/../../x", "/static/../../app.py", "/app.py", "/.env",
    "/data_cache/ledger.sqlite", "/_stcore/health", "/_stcore/host-config", "/_stcore/../../x", "/pages/data.py", "/;a=b",
)  # fmt: skip


class Tally:
    """What was seen, counted by every worker."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.harm: list[str] = []
        self._lock = threading.Lock()

    def count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1
            done = sum(n for name, n in self.counts.items() if name.startswith("HTTP"))
            if what.startswith("HTTP") and done % 500 == 0:
                print(f"{done:,} asked, {len(self.harm)} did harm", file=sys.stderr, flush=True)

    def hurt(self, what: str, address: str) -> None:
        with self._lock:
            self.counts[f"HARM: {what}"] += 1
            self.harm.append(f"{what}: {ascii(address)[:200]}")


def addresses(n: int, seed: int) -> Iterator[tuple[str, str]]:
    """(path, query) of ``n`` hostile addresses, the same for a seed."""
    dice = random.Random(seed)
    slugs = ["" if slug == "overview" else slug for slug, *_ in PAGES]
    for _ in range(n):
        if dice.random() < 0.15:
            yield dice.choice(PATHS), _query(dice) if dice.random() < 0.3 else ""
        else:
            yield "/" + dice.choice(slugs), _query(dice)


def _query(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.05:
        return quote_from_bytes(dice.randbytes(dice.randint(1, 200)), safe="&=+%")
    pairs = list(to_query(DEFAULT).items()) if kind < 0.6 else []
    for _ in range(dice.randint(1, 4)):
        name = dice.choice((*CONTROLS, "embed", "utm", dice.choice(PAYLOADS)))
        value = (
            dice.choice(HONEST.get(name, ("true",))) if dice.random() < READABLE else dice.choice(PAYLOADS)
        )
        pairs.insert(dice.randint(0, len(pairs)), (name, value))
        pairs += [(name, dice.choice(PAYLOADS))] * dice.choice((0, 0, 0, 1, 30))
    return urlencode(pairs)


def over_http(port: int, path: str, query: str, tally: Tally) -> None:
    """Ask for one address as it is, unnormalised."""
    target = f"{path}?{query}" if query else path
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.putrequest("GET", target.replace(" ", "%20"), skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read(2_000_000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        tally.hurt(f"no answer ({type(error).__name__})", target)
        return
    finally:
        connection.close()
    tally.count(f"HTTP {answer.status}")
    if answer.status >= 500:
        tally.hurt(f"status {answer.status}", target)
    _look(body + str(answer.headers), target, tally)
    if MARK in body:
        tally.hurt("the address came back", target)


def _look(text: str, address: str, tally: Tally) -> None:
    if any(words in text for words in TRACEBACK):
        tally.hurt("traceback text", address)


class Reader:
    """One websocket session, as a browser tab has one."""

    def __init__(self, port: int) -> None:
        self._stack = ExitStack()
        stream = f"ws://127.0.0.1:{port}/_stcore/stream"
        # No pings: a busy machine answers late, and SECONDS bounds every wait anyway.
        opening = connect(
            stream,
            max_size=None,
            subprotocols=[Subprotocol("streamlit")],
            open_timeout=SECONDS,
            ping_interval=None,
        )
        self._socket: ClientConnection = self._stack.enter_context(opening)

    def visit(self, path: str, query: str, tally: Tally) -> None:
        """Run the page of one address and look at everything that it says."""
        ask = BackMsg()
        ask.rerun_script.query_string = query
        ask.rerun_script.page_name = path.strip("/")
        self._socket.send(ask.SerializeToString())
        until = time.monotonic() + SECONDS
        while True:
            said = ForwardMsg()
            said.ParseFromString(self._socket.recv(timeout=max(until - time.monotonic(), 0.01)))
            if said.WhichOneof("type") == "delta":
                _read(said, f"{path}?{query}", tally)
            if said.WhichOneof("type") == "script_finished":
                tally.count(f"run {ForwardMsg.ScriptFinishedStatus.Name(said.script_finished).lower()}")
                return

    def close(self) -> None:
        self._stack.close()


def _read(said: ForwardMsg, address: str, tally: Tally) -> None:
    element = said.delta.new_element
    kind = element.WhichOneof("type")
    if kind == "exception":
        tally.hurt(f"exception {element.exception.type}", address)
    text = str(element)
    _look(text, address, tally)
    if kind in ("markdown", "alert", "heading", "html") and MARK in text:
        tally.hurt("the address came back on the page", address)


def visit_all(port: int, batch: list[tuple[str, str]], every: int, tally: Tally) -> None:
    """One worker's share: HTTP for each, and a session for those of each ``every`` that are a page's."""
    pages = {"/", *(f"/{slug}" for slug, *_ in PAGES)}
    for start in range(0, len(batch), PER_SESSION):
        reader = None
        for number, (path, query) in enumerate(batch[start : start + PER_SESSION], start):
            over_http(port, path, query, tally)
            if path not in pages or number % every:
                continue
            try:
                reader = reader or Reader(port)
                reader.visit(path, query, tally)
            except (OSError, TimeoutError, WebSocketException) as error:
                tally.hurt(f"websocket {type(error).__name__}", f"{path}?{query}")
                reader = None
        if reader is not None:
            reader.close()


HOSTILE: dict[str, str | bytes] = {
    "text": MARK,
    "long text": MARK * 100_000,
    "garbage": b"\xff" * 512,
    "nothing": b"",
    "oversize": bytes(20_000_000),
}
"""By name, messages that a websocket must be closed for."""
OF_EACH, HALF_OPEN, FLOOD = 60, 1_100, 2_000
"""Sessions for each kind of message; connections that never finish a request; refused requests, and messages of one session."""


def strangers(port: int, tally: Tally) -> None:
    """What no browser does: hostile messages, half-open connections and floods, each bounded; ``/healthz`` must answer after each."""
    for name, message in HOSTILE.items():
        for _ in range(OF_EACH):
            tally.count(f"websocket {name}: {_ended(port, message)}")
        _still(port, name, tally)
    with ExitStack() as stack:
        for _ in range(HALF_OPEN):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=SECONDS))
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            tally.count("half-open connection")
        _still(port, "half-open connections", tally)
    for _ in range(FLOOD):
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as one:
            one.sendall(b"nonsense\r\n\r\n")
        tally.count("refused request")
    _still(port, "refused requests", tally)
    tally.count(
        f"websocket flood: {_ended(port, *[BackMsg(load_git_info=True).SerializeToString()] * FLOOD)}"
    )
    _still(port, "a flood of messages", tally)


def _ended(port: int, *messages: str | bytes) -> str:
    """How a websocket ends on which some messages are sent and then nothing is read."""
    stream = f"ws://127.0.0.1:{port}/_stcore/stream"
    try:
        with connect(stream, open_timeout=SECONDS, close_timeout=1) as stranger:
            for message in messages:
                stranger.send(message)
            stranger.recv(timeout=1)
    except TimeoutError:
        return "open"
    except WebSocketException as error:
        end = getattr(error, "rcvd", None)
        return f"closed {end.code}" if end else "closed"
    return "answered"


def _still(port: int, after: str, tally: Tally) -> None:
    if not alive(port):
        tally.hurt("no answer in five seconds", after)


def memory(pid: int) -> float:
    """Resident memory of a process [MB]."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def server() -> Iterator[tuple[int, int, Path]]:
    """asgi.py on the demo: port, pid and log; ended with the block."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo_ledger(folder).close()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        settings = {
            "SILVERLEAD_DATA": "demo",
            "SILVERLEAD_CACHE": str(folder),
            "SILVERLEAD_ALLOWED_HOSTS": "127.0.0.1",
        }
        command = [sys.executable, "-m", "serving.listen", str(port), "127.0.0.1"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **settings}
            )
        try:
            _wait(port)
            yield port, process.pid, folder / "log"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(port: int) -> None:
    until = time.monotonic() + SECONDS
    while not alive(port):
        if time.monotonic() > until:
            raise SystemExit("the server did not start")
        time.sleep(0.3)


def alive(port: int) -> bool:
    """Whether the server says that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def main() -> int:
    """Run it and print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--addresses", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--every", type=int, default=1, help="run the page of each so many addresses only")
    chosen = parser.parse_args()
    everything = list(addresses(chosen.addresses, chosen.seed))
    tally, began = Tally(), time.monotonic()
    with server() as (port, pid, log):
        levels = [memory(pid)]
        for part in range(PARTS):
            if part == PARTS - 1:
                strangers(port, tally)
            asked = everything[part * len(everything) // PARTS : (part + 1) * len(everything) // PARTS]
            with ThreadPoolExecutor(chosen.workers) as pool:
                shares = [asked[i :: chosen.workers] for i in range(chosen.workers)]
                list(pool.map(lambda share: visit_all(port, share, chosen.every, tally), shares))
            levels.append(memory(pid))
        answers, written = alive(port), log.read_text(errors="replace")
    _look(written, "the server's own log", tally)
    if MARK in written:
        tally.hurt("the address stands in the log", "the server's own log")
    grown = levels[-1] - levels[PARTS // 2]
    print(f"{len(everything):,} hostile addresses in {time.monotonic() - began:.0f} s, seed {chosen.seed}")
    for what, n in sorted(tally.counts.items()):
        print(f"  {what:40} {n:>7,}")
    print(
        f"  memory [MB] at the start and after each quarter: {', '.join(f'{level:.0f}' for level in levels)}"
    )
    print(
        f"  the server {'answers' if answers else 'DOES NOT ANSWER'}; over the second half it grew by {grown:.0f} MB"
    )
    for line in tally.harm[:20]:
        print(f"  {line}")
    good = answers and not tally.harm and grown < SLACK_MB
    print("no harm" if good else "HARM")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
