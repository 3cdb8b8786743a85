"""Many readers at once, on loopback: sessions over the websocket that read a page's charts and change its span every 3 s.

    python -m bench.load [--sessions 1,10,50,100] [--seconds 30] [--engines sqlite,postgresql] [--reruns 3000] [--no-plain]

The data are what tests/loopback tells, in a live ledger on SQLite or PostgreSQL. Up to 50 sessions share one server
process; 100 are spread over two, as behind a proxy that keeps each reader on one. In the middle of each case a refresh
runs as a process of its own (`python -m analytics refresh`, a later day), so the ledger's version moves under the readers.
Every page and span was asked for once before: what is measured is a busy server, not a first one. Each reader keeps a clock
of its own, and an answer's time counts from the moment when its change was due: a server that falls behind cannot slow its
readers down and look better for it. Every run must bring its page's charts; one that does not, and every exception on a
page, is an error. Beside them stands a plain Streamlit page (bench/plain/app.py) with as many charts of as many points,
under the same readers without a refresh. Then one session runs 3,000 times.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
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

import numpy as np
from websockets.exceptions import WebSocketException

from analytics.clock.calendars import us_sessions
from analytics.ledger import Ledger
from bench.figures import machine, mark, quantile
from bench.pages import PLAIN, Side, shape
from bench.session import Session, reader
from pages.shell.contents import PAGES
from tests import postgres
from tests.loopback.server import Loopback
from tests.pages.served import TODAY, environment, fill, free_port, mirrors
from tests.serving.process import Server, running

ROOT = Path(__file__).resolve().parent.parent
THINK = 3.0
"""From one change of a reader to the next [s]."""
SPANS = ("1y", "3y", "5y", "10y", "max")
CONTROL = "pick_span"
SERVED = "2026-06-30"
"""The day of the servers' clocks; the sources begin at tests/pages/served.TODAY, and each refresh brings one trading day."""
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
    errors: list[str] = field(default_factory=list)


class Refresh:
    """A refresh as a process of its own, which brings the sources' next trading day."""

    def __init__(self, settings: dict[str, str], source: Loopback) -> None:
        self._settings, self._source = settings, source
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        day = next_session(self._source.now)
        self._source.now = day
        settings = {**os.environ, **self._settings, "SILVERLEAD_TODAY": day.isoformat()}
        command = [sys.executable, "-m", "analytics", "refresh"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=quiet, stderr=quiet)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def end(self) -> int:
        """Wait for it; its exit code."""
        assert self._process is not None
        return self._process.wait(120)


def next_session(day: dt.date) -> dt.date:
    """The trading day after."""
    sessions = us_sessions()
    after: dt.date = sessions[np.searchsorted(sessions, np.datetime64(day), side="right")].astype(object)
    return after


def version(settings: dict[str, str]) -> int:
    """The version of the ledger that these settings name."""
    url = settings["DATABASE_URL"]
    held = Ledger(url) if url else Ledger.at(Path(settings["SILVERLEAD_CACHE"]) / "ledger.sqlite")
    try:
        return held.version()
    finally:
        held.close()


async def read(side: Side, number: int, until: float, tally: Tally, refresh: Refresh | None) -> None:
    """One reader: a page of its own, then another span every THINK seconds by its own clock."""
    dice = random.Random(number)
    due = time.monotonic() + dice.uniform(0, THINK)
    slug = CHARTED[number % len(CHARTED)]
    try:
        await asyncio.sleep(due - time.monotonic())
        async with reader(side.port) as session:
            first = await session.visit(*side.address(slug, "max"))
            while (due := due + THINK) < until:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                await _change(session, dice.choice(SPANS), len(first.specs), due, tally, refresh)
    except (OSError, TimeoutError, WebSocketException) as error:
        tally.errors.append(f"{slug}: {type(error).__name__}")


async def _change(
    session: Session, span: str, charts: int, due: float, tally: Tally, refresh: Refresh | None
) -> None:
    before = refresh is not None and refresh.runs
    run = await session.press(CONTROL, span)
    seconds = time.monotonic() - due
    tally.seconds.append(seconds)
    if before or (refresh is not None and refresh.runs):
        tally.refreshing.append(seconds)
    tally.errors += run.problems
    if len(run.specs) != charts:
        tally.errors.append(f"{len(run.specs)} charts instead of {charts}")


async def warm(side: Side) -> dict[str, dict[str, object]]:
    """Every page and span once, so that the measures are at hand; what a plain page needs to draw as much."""
    shapes: dict[str, dict[str, object]] = {}
    async with reader(side.port) as session:
        for slug in CHARTED:
            for span in SPANS:
                run = await session.visit(*side.address(slug, span))
                assert not run.problems, (slug, run.problems)
                assert run.points, f"{slug} drew nothing"
                shapes.setdefault(slug, {})[span] = shape(run)
    return shapes


async def crowd(
    sides: Sequence[Side], sessions: int, seconds: float, tally: Tally, refresh: Refresh | None
) -> None:
    """All readers at once; the refresh begins a third of the way in."""
    until = time.monotonic() + seconds
    readers = [read(sides[number % len(sides)], number, until, tally, refresh) for number in range(sessions)]

    async def in_the_middle() -> None:
        await asyncio.sleep(seconds / 3)
        if refresh is not None:
            refresh.begin()

    await asyncio.gather(*readers, in_the_middle())


@contextmanager
def ledger(engine: str, source: Loopback) -> Iterator[dict[str, str]]:
    """The settings of a live ledger on an engine, filled."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = mirrors(source.address)
        settings = environment(folder, **address, SILVERLEAD_TODAY=SERVED)
        if engine == "postgresql":
            programs = postgres.programs()
            if programs is None:
                raise SystemExit("PostgreSQL's programs are not here; leave it out with --engines sqlite.")
            settings["DATABASE_URL"] = stack.enter_context(postgres.server(programs)).database()
            command = [sys.executable, "-m", "analytics", "refresh"]
            subprocess.run(
                command,
                cwd=ROOT,
                env={**os.environ, **settings, "SILVERLEAD_TODAY": TODAY.isoformat()},
                stdout=subprocess.DEVNULL,
                check=False,
            )
        else:
            fill(folder, source.address)
        yield settings


def case(
    engine: str, settings: dict[str, str], source: Loopback, sessions: int, seconds: float
) -> dict[str, dict[str, object]]:
    """Run and print one row of the table; what a plain page needs to draw as much."""
    workers = 1 if sessions <= ONE_PROCESS else 2
    with ExitStack() as stack:
        servers = [stack.enter_context(running("app.py", free_port(), settings)) for _ in range(workers)]
        shapes = [asyncio.run(warm(Side(server.port, False))) for server in servers]
        tally, refresh = Tally(), Refresh(settings, source)
        before = version(settings)
        measured = asyncio.run(_measured(servers, sessions, seconds, tally, refresh))
        code = refresh.end()
        assert code or version(settings) > before, "the refresh brought nothing"
    print(_row(engine, workers, sessions, tally, measured), end="")
    print(f"  in the refresh {_times(tally.refreshing)}{'' if code == 0 else f', it ended with {code}'}")
    for error in sorted(set(tally.errors))[:5]:
        print(f"    {error}")
    _judge(sessions, tally, measured.grown)
    return shapes[0]


def plain(shapes: dict[str, dict[str, object]], sessions: int, seconds: float) -> None:
    """The row of a plain page under the same readers."""
    workers = 1 if sessions <= ONE_PROCESS else 2
    with ExitStack() as stack:
        held = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "shapes.json"
        held.write_text(json.dumps(shapes))
        settings = {"BENCH_SHAPES": str(held)}
        servers = [stack.enter_context(running(str(PLAIN), free_port(), settings)) for _ in range(workers)]
        for server in servers:
            asyncio.run(warm(Side(server.port, True)))
        tally = Tally()
        measured = asyncio.run(_measured(servers, sessions, seconds, tally, None))
    print(_row("plain", workers, sessions, tally, measured), flush=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a case cost its servers.

    Attributes:
        grown: More memory than before, a session [MB].
        busy: Processor time over time, of the busiest server.
    """

    grown: float
    busy: float


async def _measured(
    servers: Sequence[Server], sessions: int, seconds: float, tally: Tally, refresh: Refresh | None
) -> Measured:
    """Let the crowd in; memory is read while everybody is still there."""
    sides = [Side(server.port, refresh is None) for server in servers]
    before, worked, began = _memory(servers), [server.worked for server in servers], time.monotonic()
    running_crowd = asyncio.create_task(crowd(sides, sessions, seconds, tally, refresh))
    await asyncio.sleep(seconds * 0.9)
    peak = _memory(servers)
    await running_crowd
    busy = [
        (server.worked - before) / (time.monotonic() - began)
        for server, before in zip(servers, worked, strict=True)
    ]
    return Measured(max(0.0, peak - before) / sessions, max(busy))


def _row(name: str, workers: int, sessions: int, tally: Tally, measured: Measured) -> str:
    return (
        f"  {name:10} {workers} x {sessions // workers:3} sessions  {len(tally.seconds):5} runs  {_times(tally.seconds)}  "
        f"processor {measured.busy:4.0%}  {measured.grown:4.1f} MB a session  {len(tally.errors)} errors"
    )


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


async def _reruns(server: Server, reruns: int) -> tuple[float, float]:
    """Memory after a sixth of the reruns, and after all [MB]."""
    early = 0.0
    async with reader(server.port) as session:
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
        asyncio.run(warm(Side(server.port, False)))
        early, late = asyncio.run(_reruns(server, reruns))
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
    parser.add_argument("--no-plain", action="store_true")
    chosen = parser.parse_args()
    print(f"load: readers that change a span every {THINK:g} s; {machine()}", flush=True)
    beside: set[int] = set()
    for engine in chosen.engines.split(","):
        with Loopback() as source, ledger(engine, source) as settings:
            for sessions in (int(text) for text in chosen.sessions.split(",") if text):
                shapes = case(engine, settings, source, sessions, chosen.seconds)
                if not chosen.no_plain and sessions not in beside:
                    beside.add(sessions)
                    plain(shapes, sessions, chosen.seconds)
            if engine == "sqlite" and chosen.reruns:
                flat(settings, chosen.reruns)


if __name__ == "__main__":
    main()
