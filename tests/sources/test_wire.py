"""Answers that do not end, that hold too much or that are only half there: nothing waits for them, nothing of them is taken."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
import stamina

from analytics import catalogue
from analytics.clock.instants import end_of_day
from analytics.errors import Malformed, ProviderError, TimedOut
from analytics.sources import Answer, Fetch, wire
from analytics.sources.cftc import Cftc
from analytics.sources.fred import Fred
from analytics.sources.lbma import Lbma
from analytics.sources.pace import Pace
from analytics.sources.yahoo import Yahoo
from tests.loopback import fred as fred_made
from tests.loopback.server import Loopback, bomb

KEY = "0123456789abcdef0123456789abcdef"
TODAY = dt.date(2026, 6, 5)
SOURCES = {
    "yahoo": "silver",
    "fred file": "treasury_10y",
    "fred key": "payrolls",
    "cftc": "silver_positions",
    "lbma": "london_vaults",
}
each = pytest.mark.parametrize("name", SOURCES)
Ask = Callable[..., Answer]


@pytest.fixture
def source() -> Iterator[Loopback]:
    with Loopback(TODAY) as running, stamina.set_testing(True, attempts=1):
        running.pause = 0.05
        yield running


@pytest.fixture
def ask(source: Loopback, tmp_path: Path) -> Ask:
    """The whole history of one series of a source, each answer within ``timeout`` [s]."""

    def asked(name: str, timeout: float = 0.5, address: str = source.address) -> Answer:
        now = lambda: end_of_day(TODAY)  # noqa: E731
        more = {"base_url": address, "timeout": timeout}
        paced = more | {"pace": Pace(10_000, 10_000)}
        made: dict[str, Callable[[], Fetch]] = {
            "yahoo": lambda: Yahoo(clock=now, cache_dir=tmp_path, **more),
            "fred file": lambda: Fred(clock=now, **paced),
            "fred key": lambda: Fred(clock=now, key=KEY, **paced),
            "cftc": lambda: Cftc(**paced),
            "lbma": lambda: Lbma(**paced),
        }
        return made[name]()(catalogue.get(SOURCES[name]), None)

    return asked


# --------------------------------------------------------------------------------------------------------- without end


@each
@pytest.mark.parametrize("mode", ["heads", "processing", "drip"])
def test_an_answer_in_drips_is_given_up(ask, source, name, mode):
    source.mode = mode
    with pytest.raises(TimedOut, match=r"no answer within 0\.5 s"):
        ask(name)
    source.mode = "ok"
    assert len(ask(name, 20.0).rows) > 100


@each
def test_answers_before_the_answer_without_a_pause_end_too(ask, source, name):
    source.mode, source.pause = "processing", 0.0
    with pytest.raises(ProviderError):
        ask(name)


@contextmanager
def _handshake_in_drips() -> Iterator[str]:
    """A server that begins a TLS record of 16 kB and sends it a byte at a time."""
    stop = threading.Event()

    def drip(listener: socket.socket) -> None:
        with suppress(OSError), listener.accept()[0] as connection:
            connection.sendall(b"\x16\x03\x03\x40\x00\x02")
            while not stop.wait(0.05):
                connection.sendall(b"\x00")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        stop.set()
    thread.join(2)


@each
def test_a_handshake_in_drips_is_given_up(ask, name):
    with _handshake_in_drips() as address, pytest.raises(TimedOut):
        ask(name, address=address)


def test_no_page_however_many_follow_outlives_the_time_of_a_series(ask, source, monkeypatch):
    monkeypatch.setattr(fred_made, "MOST_ROWS", 1)
    source.latency = 0.1
    with pytest.raises(TimedOut, match=r"no answer within 0\.9 s"):
        ask("fred key", 0.3)
    assert 3 <= len(source.log) <= 9  # and not one of the thousands that it announces


def test_an_address_that_nobody_answers_at_leaves_time_for_the_next(ask, monkeypatch):
    monkeypatch.setattr(wire, "_addresses", lambda host, port: ["127.0.0.2", host])
    assert len(ask("fred file").rows) > 100


# ------------------------------------------------------------------------------------------------------------ too much


def test_what_holds_a_thousand_times_what_it_weighs_takes_little_memory():
    code = """if True:
        import datetime as dt, pathlib, resource, sys, tempfile, stamina
        from tests.sources.test_wire import *
        peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        source = Loopback(TODAY)
        with source, stamina.set_testing(True, attempts=1), tempfile.TemporaryDirectory() as folder:
            asked = ask.__wrapped__(source, pathlib.Path(folder))
            for name in SOURCES:
                asked(name, 20.0)  # what its libraries and a true answer take is there before
            before, source.mode = peak(), "bomb"
            for name in SOURCES:
                try:
                    asked(name, 20.0)
                except Malformed as error:
                    assert "more than 16 MB" in str(error), error
                else:
                    raise AssertionError(name)
            print(peak() - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 160  # [MB], of 4,096 that are on their way


# ---------------------------------------------------------------------------------------------------------- half there


@each
@pytest.mark.parametrize("length", [1, 2, 3, 20, 0.5])
def test_an_answer_that_lacks_its_end_is_malformed(ask, source, name, monkeypatch, length):
    made = import_module("tests.loopback." + name.split()[0])
    whole = made.reply

    def cut(path, query, state):
        answer = whole(path, query, state)
        body = answer.body.rstrip()
        off = int(len(body) * length) if length < 1 else length
        return replace(answer, body=body[:-off]) if answer.status == 200 else answer

    monkeypatch.setattr(made, "reply", cut)
    with pytest.raises(Malformed):
        ask(name, 20.0)


def _packed(*parts: bytes) -> bytes:
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


def _in_pieces(data: bytes) -> Iterator[bytes]:
    return (data[start : start + 100] for start in range(0, len(data), 100))


@pytest.mark.parametrize("packing", ["", "identity", "gzip", " GZIP "])
def test_a_whole_body_is_unpacked(packing):
    body = bytes(range(256)) * 40
    sent = _packed(body) if "gzip" in packing.lower() else body
    assert wire.unpacked(_in_pieces(sent), packing, most=len(body)) == body
    with pytest.raises(wire._Unreadable, match="more than"):
        wire.unpacked(_in_pieces(sent), packing, most=len(body) - 1)


@pytest.mark.parametrize(
    ("sent", "packing", "why"),
    [
        (_packed(b"4.05\n")[:-1], "gzip", "damaged"),
        (_packed(b"4.05\n")[:12], "gzip", "damaged"),
        (b"", "gzip", "damaged"),
        (b"4.05\n", "gzip", "damaged"),
        (_packed(b"4.0", b"5\n"), "gzip", "damaged"),
        (_packed(_packed(b"4.05\n")), "gzip, gzip", "not asked for"),
        (b"4.05\n", "br", "not asked for"),
    ],
)
def test_what_cannot_be_unpacked_to_its_end_is_refused(sent, packing, why):
    with pytest.raises(wire._Unreadable, match=why):
        wire.unpacked([sent], packing)


def test_a_bomb_is_opened_no_further_than_the_limit():
    pieces = bomb()
    with pytest.raises(wire._Unreadable, match="more than"):
        wire.unpacked(pieces, "gzip", most=5 * 2**20)
    assert sum(1 for _ in pieces) == 4096 - 6


def test_certificates_are_checked():
    assert wire._certificates().verify_mode is ssl.CERT_REQUIRED
    assert wire._certificates().check_hostname
