"""Many readers at once, on loopback: sessions over the websocket that read a page's charts and change its span every 3 s.

    python -m bench.load [--sessions 1,10,50,100] [--seconds 30] [--engines sqlite,postgresql] [--reruns 3000]

The data are what tests/loopback tells, in a live ledger on SQLite or PostgreSQL. Up to 50 sessions share one server
process; 100 are spread over two, as behind a proxy that keeps each reader on one. In the middle of each case a refresh
runs as a process of its own (`python -m analytics refresh`, a later day), so the ledger's version moves under the readers.
Every page and span was asked for once before: what is measured is a busy server, not a first one. Every run must bring its
page's charts; one that does not, and every exception on a page, is an error. Then one session runs 3,000 times.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from websockets.exceptions import WebSocketException

from bench.figures import machine, mark, quantile
from bench.session import Session, reader
from pages.shell.contents import PAGES
from tests import postgres
from tests.loopback.server import Loopback
from tests.pages.served import environment, fill, free_port
from tests.serving.process import Server, running

ROOT = Path(__file__).resolve().parent.parent
THINK = 3.0
"""Pause between two changes of one reader [s]."""
SPANS = ("1y", "3y", "5y", "10y", "max")
CONTROL = "pick_span"
SERVED, LATER = "2026-06-05", "2026-06-09"
"""The day of the servers' clocks, and that of the refresh in the middle."""
ONE_PROCESS = 50
"""Up to so many sessions share one process; more are spread over two."""
P50_MS, P95_MS, P95_TWO_MS, MB, FLAT = 60.0, 200.0, 500.0, 1.0, 1.05
"""Targets: at 50 sessions, at 100 on two workers, memory a session, memory after 3,000 reruns over that after 500."""
CHARTED = tuple(slug for slug, *_ in PAGES if slug not in ("data", "silver_market", "claims"))
"""Pages whose charts a span changes."""


@dataclass(slots=True)
class Tally:
    """What all readers of a case saw."""

    seconds: list[float] = field(default_factory=list)
    refreshing: list[float] = field(default_factory=list)
    charts: int = 0
    errors: list[str] = field(default_factory=list)


class Refresh:
    """A refresh as a process of its own."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._settings = {**os.environ, **settings, "SILVERLEAD_TODAY": LATER}
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        command = [sys.executable, "-m", "analytics", "refresh"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._settings, stdout=quiet, stderr=quiet)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def end(self) -> int:
        """Wait for it; its exit code."""
        assert self._process is not None
        return self._process.wait(120)


async def read(port: int, number: int, until: float, tally: Tally, refresh: Refresh) -> None:
    """One reader: a page of its own, then another span every THINK seconds."""
    dice = random.Random(number)
    await asyncio.sleep(dice.uniform(0, THINK))
    slug = CHARTED[number % len(CHARTED)]
    try:
        async with reader(port) as session:
            first = await session.visit("" if slug == "overview" else slug, "span=max")
            charts = len(first.specs)
            while (pause := until - time.monotonic()) > 0:
                await asyncio.sleep(min(THINK, pause))
                await _change(session, dice.choice(SPANS), charts, tally, refresh)
    except (OSError, TimeoutError, WebSocketException) as error:
        tally.errors.append(f"{slug}: {type(error).__name__}")


async def _change(session: Session, span: str, charts: int, tally: Tally, refresh: Refresh) -> None:
    before = refresh.runs
    run = await session.press(CONTROL, span)
    tally.seconds.append(run.seconds)
    if before or refresh.runs:
        tally.refreshing.append(run.seconds)
    tally.charts += len(run.specs)
    tally.errors += run.problems
    if len(run.specs) != charts:
        tally.errors.append(f"{len(run.specs)} charts instead of {charts}")


async def warm(port: int) -> None:
    """Every page and span once, so that the measures are at hand."""
    async with reader(port) as session:
        for slug in CHARTED:
            for span in SPANS:
                run = await session.visit("" if slug == "overview" else slug, f"span={span}")
                assert not run.problems, (slug, run.problems)
                assert run.points, f"{slug} drew nothing"


async def crowd(ports: Sequence[int], sessions: int, seconds: float, tally: Tally, refresh: Refresh) -> None:
    """All readers at once; the refresh begins a third of the way in."""
    until = time.monotonic() + seconds
    readers = [read(ports[number % len(ports)], number, until, tally, refresh) for number in range(sessions)]

    async def in_the_middle() -> None:
        await asyncio.sleep(seconds / 3)
        refresh.begin()

    await asyncio.gather(*readers, in_the_middle())


@contextmanager
def ledger(engine: str, source: Loopback) -> Iterator[dict[str, str]]:
    """The settings of a live ledger on an engine, filled."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = {"SILVERLEAD_YAHOO_URL": source.address, "SILVERLEAD_FRED_URL": source.address}
        settings = environment(folder, **address, SILVERLEAD_TODAY=SERVED)
        if engine == "postgresql":
            programs = postgres.programs()
            if programs is None:
                raise SystemExit("PostgreSQL's programs are not here; leave it out with --engines sqlite.")
            settings["DATABASE_URL"] = stack.enter_context(postgres.server(programs)).database()
            command = [sys.executable, "-m", "analytics", "refresh"]
            subprocess.run(
                command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, check=False
            )
        else:
            fill(folder, source.address)
        yield settings


def case(engine: str, settings: dict[str, str], sessions: int, seconds: float) -> None:
    """Run and print one row of the table."""
    workers = 1 if sessions <= ONE_PROCESS else 2
    with ExitStack() as stack:
        servers = [stack.enter_context(running("app.py", free_port(), settings)) for _ in range(workers)]
        ports = [int(server.address.rsplit(":", 1)[1]) for server in servers]
        for port in ports:
            asyncio.run(warm(port))
        before, tally, refresh = _memory(servers), Tally(), Refresh(settings)
        peak = asyncio.run(_crowd_and_memory(ports, sessions, seconds, tally, refresh, servers))
        code = refresh.end()
    grown = max(0.0, peak - before) / sessions
    line = f"  {engine:10} {workers} x {sessions // workers:3} sessions  {len(tally.seconds):5} runs  "
    print(line + f"{_times(tally.seconds)}  in the refresh {_times(tally.refreshing)}  {grown:4.1f} MB a session  "
          f"{len(tally.errors)} errors{'' if code == 0 else f', refresh ended with {code}'}")  # fmt: skip
    for error in sorted(set(tally.errors))[:5]:
        print(f"    {error}")
    _judge(sessions, tally, grown)


async def _crowd_and_memory(
    ports: Sequence[int],
    sessions: int,
    seconds: float,
    tally: Tally,
    refresh: Refresh,
    servers: Sequence[Server],
) -> float:
    """The crowd, and the servers' memory while everybody is still there [MB]."""
    running_crowd = asyncio.create_task(crowd(ports, sessions, seconds, tally, refresh))
    await asyncio.sleep(seconds * 0.9)
    peak = _memory(servers)
    await running_crowd
    return peak


def _memory(servers: Sequence[Server]) -> float:
    return sum(server.memory for server in servers)


def _times(seconds: Sequence[float]) -> str:
    if not seconds:
        return "p50     - p95     - ms"
    return f"p50 {1000 * statistics.median(seconds):5.0f} p95 {1000 * quantile(seconds, 0.95):5.0f} ms"


def _judge(sessions: int, tally: Tally, grown: float) -> None:
    p50, p95 = 1000 * statistics.median(tally.seconds), 1000 * quantile(tally.seconds, 0.95)
    if sessions == ONE_PROCESS:
        print(f"    targets: p50 {P50_MS:g} ms {mark(p50, P50_MS)}, p95 {P95_MS:g} ms {mark(p95, P95_MS)}, "
              f"memory {MB:g} MB {mark(grown, MB)}, no error {mark(len(tally.errors), 0)}")  # fmt: skip
    elif sessions > ONE_PROCESS:
        print(f"    targets: p95 {P95_TWO_MS:g} ms {mark(p95, P95_TWO_MS)}, memory {MB:g} MB {mark(grown, MB)}, "
              f"no error {mark(len(tally.errors), 0)}")  # fmt: skip


async def _reruns(port: int, server: Server, reruns: int) -> tuple[float, float]:
    """Memory after a sixth of the reruns, and after all [MB]."""
    early = 0.0
    async with reader(port) as session:
        await session.visit("divergence", "span=max")
        for i in range(reruns):
            run = await session.press(CONTROL, SPANS[i % len(SPANS)])
            assert run.specs, "no charts"
            assert not run.problems, run.problems
            if i == reruns // 6:
                early = server.memory
    return early, server.memory


def flat(settings: dict[str, str], reruns: int) -> None:
    """Print whether memory stays where it is over many reruns."""
    with running("app.py", free_port(), settings) as server:
        port = int(server.address.rsplit(":", 1)[1])
        asyncio.run(warm(port))
        early, late = asyncio.run(_reruns(port, server, reruns))
    ratio = late / early
    print(f"  {reruns:,} reruns of Divergence: {early:.0f} MB after {reruns // 6}, {late:.0f} MB at the end, "
          f"ratio {ratio:.3f}; target {FLAT:g} {mark(ratio, FLAT)}")  # fmt: skip


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", default="1,10,50,100")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--reruns", type=int, default=3_000)
    chosen = parser.parse_args()
    print(f"load: readers that change a span every {THINK:g} s; {machine()}", flush=True)
    with Loopback() as source:
        for engine in chosen.engines.split(","):
            with ledger(engine, source) as settings:
                for sessions in (int(text) for text in chosen.sessions.split(",") if text):
                    case(engine, settings, sessions, chosen.seconds)
                if engine == "sqlite" and chosen.reruns:
                    flat(settings, chosen.reruns)


if __name__ == "__main__":
    main()
