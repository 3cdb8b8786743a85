"""PostgreSQL restarted while one process refreshes and others read."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing

from analytics import panel
from analytics.clock.instants import end_of_day
from analytics.errors import AnalyticsError
from analytics.ledger import Ledger
from analytics.sources.refresh import refresh
from bench.endurance.stage import (
    BEFORE,
    SERIES,
    TODAY,
    Outcome,
    Stage,
    facts,
    held,
    missing,
    problems,
    sources_at,
)
from tests import postgres
from tests.pages.served import clock

DURABLE = ("fsync=off", "shared_buffers=16MB", "max_connections=60")
"""Only processes die here, never the machine; but a commit that was reported must be in the log."""
READERS = 2
WORDS = {signal.SIGINT: "ended and started again", signal.SIGQUIT: "crashed and started again"}


def restarts(stage: Stage, tries: int, seed: int) -> Outcome:
    """Restarts under load. While the server is away everybody is told so in a sentence; afterwards all go on by themselves."""
    outcome, moment = Outcome("PostgreSQL restarted under load"), random.Random(seed)
    programs = postgres.programs()
    if programs is None:
        outcome.count("skipped: no PostgreSQL server's programs here")
        return outcome
    with postgres.server(programs, DURABLE) as server, closing(Ledger(server.database())) as ledger:
        refresh(ledger, sources_at(stage.home, stage.source.address, BEFORE), clock(BEFORE), only=SERIES)
        before, done = held(ledger), threading.Event()
        loads = [_Load(done, lambda: _write(stage, ledger))]
        loads += [_Load(done, lambda: _read(ledger)) for _ in range(READERS)]
        for number in range(tries):
            time.sleep(moment.uniform(0.05, 0.8))
            word = (signal.SIGINT, signal.SIGQUIT)[number % 2]
            server.restart(word)
            outcome.count(WORDS[word])
            outcome.check(problems(before, ledger, stage.truth))
        done.set()
        for load in loads:
            outcome.broken += load.end()
        outcome.count("refreshes and reads that went through", sum(load.good for load in loads))
        outcome.count("told that it does not answer", sum(load.told for load in loads))
        _write(stage, ledger)
        outcome.broken += problems(before, ledger, stage.truth) + missing(stage.truth, facts(ledger))
    return outcome


def _write(stage: Stage, ledger: Ledger) -> None:
    refresh(ledger, sources_at(stage.home, stage.source.address, TODAY), clock(TODAY), only=SERIES)


def _read(ledger: Ledger) -> None:
    panel.build(ledger, SERIES, end_of_day(TODAY))
    ledger.version()


class _Load:
    """A thread that does one thing again and again. Our own errors are for a reader; any other ends it and is reported."""

    def __init__(self, done: threading.Event, work: Callable[[], None]) -> None:
        self.good = self.told = 0
        self._done, self._work, self._failure = done, work, ""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self._failure = "a reader or a refresher ended with an error that is none of ours"
        while not self._done.is_set():
            try:
                self._work()
                self.good += 1
            except AnalyticsError:
                self.told += 1
                time.sleep(0.05)
        self._failure = ""

    def end(self) -> list[str]:
        self._thread.join(60)
        return [self._failure] if self._failure else []
