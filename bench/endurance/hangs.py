"""A PostgreSQL server that stops in the middle of a refresh, with its connections open, and goes on later."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from typing import Any
from unittest.mock import patch

import stamina

from analytics import panel
from analytics.clock.instants import end_of_day
from analytics.errors import AnalyticsError, RefreshRunning
from analytics.ledger import Ledger
from analytics.ledger import server as bounds
from analytics.sources.refresh import Progress, refresh
from bench.endurance.servers import DURABLE
from bench.endurance.stage import (
    BEFORE,
    SERIES,
    TODAY,
    Outcome,
    Stage,
    facts,
    halves,
    held,
    missing,
    problems,
    sources_at,
)
from tests import postgres
from tests.pages.served import clock

SILENT, CONNECT = 1.0, 1.0
"""The bounds on silence while the server hangs, in place of 35 and 5 [s]."""
LONGEST = 30.0
"""Within which every call has ended, however busy the machine is [s]."""


def hung(stage: Stage, tries: int, seed: int) -> Outcome:
    """Each try fills a database anew, stops the server after a random series and lets it go on once every call has ended."""
    outcome, moment = Outcome("PostgreSQL hangs in the middle of a refresh"), random.Random(seed)
    programs = postgres.programs()
    if programs is None:
        outcome.count("skipped: no PostgreSQL server's programs here")
        return outcome
    with postgres.server(programs, DURABLE) as server:
        for _ in range(tries):
            url = server.database()
            with closing(Ledger(url)) as ledger, closing(Ledger(url)) as reader:
                _refresh(stage, ledger, BEFORE)
                before, old = held(ledger), facts(ledger)
                work = _Work(stage, ledger)
                found = _stopped(server, reader, work, moment, outcome)
                found += problems(before, ledger, stage.truth)
                found += halves(old, facts(ledger), stage.truth, work.stored)
                outcome.check(found + _healed(stage, ledger))
    return outcome


class _Work:
    """A refresh of TODAY that tells how far it is.

    Attributes:
        stored: Series that it has said to be stored.
    """

    def __init__(self, stage: Stage, ledger: Ledger) -> None:
        self.stored: list[str] = []
        self._stage, self._ledger = stage, ledger
        self._far, self._wanted = threading.Event(), 0

    def begin(self, pool: ThreadPoolExecutor, wanted: int) -> Future[Any]:
        """Start it, and wait until ``wanted`` series are done or it has ended."""
        self._wanted = wanted
        future = pool.submit(_refresh, self._stage, self._ledger, TODAY, self._report)
        future.add_done_callback(lambda _: self._far.set())
        self._far.wait(LONGEST)
        return future

    def _report(self, progress: Progress) -> None:
        if progress.last is not None and progress.last.outcome == "ok":
            self.stored.append(progress.last.series)
        if progress.done >= self._wanted:
            self._far.set()


def _stopped(
    server: postgres.Server, reader: Ledger, work: _Work, moment: random.Random, outcome: Outcome
) -> list[str]:
    """Stop the server while ``work`` goes on, and call it as pages and commands do; what did not end as it should."""
    calls = (
        reader.version,
        reader.last_attempts,
        lambda: panel.build(reader, SERIES, end_of_day(TODAY)),
        lambda: Ledger(reader.engine.url.render_as_string(hide_password=False)).close(),
    )
    with _impatient(), ThreadPoolExecutor(1 + len(calls)) as pool:
        writing = work.begin(pool, moment.randrange(len(SERIES)))
        time.sleep(moment.uniform(0, 0.1))
        outcome.count("after the refresh" if writing.done() else "in the middle of it")
        with server.stopped():
            every = [writing, *(pool.submit(call) for call in calls)]
            hanging = wait(every, LONGEST).not_done
    return [f"{len(hanging)} calls did not end"] * bool(hanging) + _sentences(every, outcome)


def _sentences(calls: Sequence[Future[Any]], outcome: Outcome) -> list[str]:
    """Calls that ended otherwise than with a result or with one sentence of ours."""
    found = []
    for error in (call.exception() for call in calls):
        outcome.count("calls that ended with a sentence" if error else "calls that went through")
        if error and (not isinstance(error, AnalyticsError) or "\n" in str(error)):
            found.append(f"a call ended with {type(error).__name__}")
    return found


def _healed(stage: Stage, ledger: Ledger) -> list[str]:
    """The next refresh; the server may need a moment to see that the session which held the lock is gone."""
    try:
        for attempt in stamina.retry_context(
            on=RefreshRunning, attempts=None, timeout=LONGEST, wait_initial=0.05, wait_max=0.5
        ):
            with attempt:
                _refresh(stage, ledger, TODAY)
    except RefreshRunning:
        return ["the lock is still held"]
    return missing(stage.truth, facts(ledger))


def _refresh(stage: Stage, ledger: Ledger, day: Any, report: Any = lambda progress: None) -> None:
    refresh(ledger, sources_at(stage.home, stage.source.address, day), clock(day), only=SERIES, report=report)


@contextmanager
def _impatient() -> Iterator[None]:
    with (
        patch.multiple(bounds, SILENT_SECONDS=SILENT, CONNECT_SECONDS=CONNECT),
        patch.dict(bounds.LINE, connect_timeout=2),
    ):
        yield
