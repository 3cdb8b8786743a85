"""Refresh: fetch what is due side by side within each provider's limits, check at the door, add to the ledger."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from analytics import catalogue
from analytics.catalogue import Series
from analytics.due import Job, due, everything
from analytics.errors import ProviderError, Throttled, TimedOut, Unreachable
from analytics.ledger import Attempt, Ledger, refresh_lock
from analytics.providers import Answer, Clock, Fetch
from analytics.providers.door import Held, admit

__all__ = ["Job", "Progress", "Source", "Summary", "due", "everything", "fetch_one", "refresh"]

GIVE_UP_AFTER = 3
"""Failures in a row to connect after which a provider is not asked again in this refresh."""


@dataclass(frozen=True, slots=True)
class Source:
    """A provider and how many of its requests may run side by side."""

    name: str
    fetch: Fetch
    workers: int = 1
    reset: Callable[[], None] = field(default=lambda: None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a refresh is; ``last`` is the attempt that just ended."""

    done: int
    total: int
    last: Attempt | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a refresh did."""

    attempts: tuple[Attempt, ...]
    seconds: float

    @property
    def failed(self) -> tuple[Attempt, ...]:
        return tuple(attempt for attempt in self.attempts if attempt.outcome == "failed")

    @property
    def added(self) -> int:
        return sum(attempt.added for attempt in self.attempts)

    @property
    def revised(self) -> int:
        return sum(attempt.revised for attempt in self.attempts)


def refresh(
    ledger: Ledger,
    sources: Mapping[str, Source],
    clock: Clock,
    *,
    only: Iterable[str] | None = None,
    first: Sequence[str] = (),
    force: bool = False,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Summary:
    """Bring the ledger up to date; one refresher at a time across processes.

    Args:
        ledger: Where to store.
        sources: By provider name; every provider of a wanted series.
        clock: The present.
        only: Series keys to ask for, due or not; None means all that are due.
        first: Keys to ask for before the others.
        force: Ask for every series, due or not.
        report: Called after each attempt, in this thread.

    Raises:
        RefreshRunning: another process is at it.
        UnknownSeries: a key in ``only``.
        LedgerError: the ledger cannot be written.
    """
    started = time.monotonic()
    with refresh_lock(ledger.engine):
        now = clock()
        wanted = (
            everything(ledger, now) if only is None else [catalogue.get(key) for key in dict.fromkeys(only)]
        )
        jobs = due(ledger, wanted, now, force=force or only is not None)
        jobs.sort(key=lambda job: first.index(job.series.key) if job.series.key in first else len(first))
        attempts: list[Attempt] = []
        report(Progress(0, len(jobs), None))
        for job, outcome in _fetch_all(jobs, sources, clock):
            attempts.append(_store(ledger, job, outcome, clock()))
            report(Progress(len(attempts), len(jobs), attempts[-1]))
    return Summary(tuple(attempts), time.monotonic() - started)


def fetch_one(ledger: Ledger, sources: Mapping[str, Source], series: Series, clock: Clock) -> Attempt:
    """Ask for one series now, whoever else is refreshing: writes queue up at the ledger, requests at the provider."""
    job = Job(series, None)
    return _store(ledger, job, _Patience(sources[series.provider], clock).ask(job), clock())


@dataclass(frozen=True, slots=True)
class _Outcome:
    answer: Answer | ProviderError
    started: dt.datetime
    seconds: float


class _Patience:
    """Stops asking a provider that cannot be reached: the remaining series fail at once with the same reason."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self._source, self._clock = source, clock
        self._failures = 0
        self._last: ProviderError | None = None
        self._lock = threading.Lock()

    def ask(self, job: Job) -> _Outcome:
        started, tick = self._clock(), time.monotonic()
        with self._lock:
            given_up = self._last if self._failures >= GIVE_UP_AFTER else None
        answer = given_up or self._fetch(job)
        with self._lock:
            if isinstance(answer, Unreachable | TimedOut | Throttled):
                self._failures, self._last = self._failures + 1, answer
            else:
                self._failures = 0
        return _Outcome(answer, started, time.monotonic() - tick)

    def _fetch(self, job: Job) -> Answer | ProviderError:
        try:
            return self._source.fetch(job.series, job.since)
        except ProviderError as error:
            return error


def _fetch_all(
    jobs: Sequence[Job], sources: Mapping[str, Source], clock: Clock
) -> Iterator[tuple[Job, _Outcome]]:
    """Outcomes as they arrive; each provider has its own workers."""
    pools: list[ThreadPoolExecutor] = []
    futures: dict[Future[_Outcome], Job] = {}
    try:
        for name in dict.fromkeys(job.series.provider for job in jobs):
            source = sources[name]
            source.reset()
            patience = _Patience(source, clock)
            pools.append(ThreadPoolExecutor(source.workers, thread_name_prefix=f"fetch-{name}"))
            mine = [job for job in jobs if job.series.provider == name]
            futures |= {pools[-1].submit(patience.ask, job): job for job in mine}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)


def _store(ledger: Ledger, job: Job, outcome: _Outcome, now: dt.datetime) -> Attempt:
    """Check an answer at the door, add what is new, keep a row of the attempt."""
    answer = outcome.answer
    if isinstance(answer, ProviderError):
        return _failed(ledger, job, outcome, answer)
    try:
        admitted = admit(answer, Held(ledger.held(job.series.key)), now)
    except ProviderError as error:
        return _failed(ledger, job, outcome, error)
    added = ledger.append(job.series, admitted.rows, now)
    left_out = (*answer.oddities, *admitted.refused)
    news = "ok" if added.new or added.revised else "unchanged"
    attempt = _attempt(job, outcome, news, added=added.new, revised=added.revised, refused=len(left_out))
    ledger.log(
        attempt, [(odd.period, odd.field, odd.value, odd.reason) for odd in (*left_out, *admitted.notes)]
    )
    return attempt


def _failed(ledger: Ledger, job: Job, outcome: _Outcome, error: ProviderError) -> Attempt:
    attempt = _attempt(job, outcome, "failed", error=type(error).__name__, message=str(error))
    ledger.log(attempt)
    return attempt


def _attempt(
    job: Job,
    outcome: _Outcome,
    result: str,
    *,
    added: int = 0,
    revised: int = 0,
    refused: int = 0,
    error: str = "",
    message: str = "",
) -> Attempt:
    return Attempt(
        series=job.series.key,
        provider=job.series.provider,
        started_at=outcome.started,
        seconds=outcome.seconds,
        full_read=job.since is None,
        outcome=result,
        added=added,
        revised=revised,
        refused=refused,
        error=error,
        message=message,
    )
