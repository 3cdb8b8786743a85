"""Refresh: fetch what is due side by side within each provider's limits, judge what comes, add to the ledger."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from analytics import catalogue
from analytics.catalogue import Series
from analytics.errors import Disputed, HistoryShrank, ProviderError, Throttled, TimedOut, Unreachable
from analytics.ledger import Attempt, Ledger, refresh_lock
from analytics.ledger.standing import APPROVED, BY_A_PERSON, CONFIRMED
from analytics.sources import Answer, Clock, Fetch
from analytics.sources.admission import Admitted, Record, admit, evidence
from analytics.sources.admission.levels import Levels, adjusted, splits, stored
from analytics.sources.due import MOST_TYPED, Job, due, everything

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
    most_typed: int = MOST_TYPED,
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
        most_typed: Typed symbols that are asked for, those shown last.
        report: Called after each attempt, in this thread.

    Raises:
        RefreshRunning: another process is at it.
        UnknownSeries: a key in ``only``.
        LedgerError: the ledger cannot be written.
    """
    started = time.monotonic()
    with refresh_lock(ledger.engine):
        now = clock()
        named = None if only is None else [catalogue.get(key) for key in dict.fromkeys(only)]
        wanted = everything(ledger, now, most_typed) if named is None else named
        jobs = due(ledger, wanted, now, force=force or only is not None)
        jobs.sort(key=lambda job: first.index(job.series.key) if job.series.key in first else len(first))
        attempts: list[Attempt] = []
        book, later = _Book(ledger), []
        report(Progress(0, len(jobs), None))

        def kept(attempt: Attempt) -> None:
            attempts.append(attempt)
            report(Progress(len(attempts), len(jobs), attempt))

        for job, outcome in _fetch_all(jobs, sources, clock):
            attempt = _store(ledger, book, job, outcome, clock(), final=False)
            if attempt is None:
                later.append((job, outcome))
            else:
                kept(attempt)
        for job, outcome in later:  # their witnesses have answered by now
            kept(_final(ledger, book, job, outcome, clock()))
        _confirm(ledger, book, jobs, clock())
    return Summary(tuple(attempts), time.monotonic() - started)


def fetch_one(ledger: Ledger, sources: Mapping[str, Source], series: Series, clock: Clock) -> Attempt:
    """Ask for one series now, whoever else is refreshing: writes queue up at the ledger, requests at the provider."""
    job = Job(series, None)
    return _final(ledger, _Book(ledger), job, _Patience(sources[series.provider], clock).ask(job), clock())


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


class _Book:
    """What is held of series, looked up while a refresh goes on, each read once between two writes of it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._levels: dict[str, Levels] = {}
        self._others = tuple(row.key for row in catalogue.load().values() if row.frequency == "d")

    def look(self, key: str) -> Levels:
        """Main values of a series in the newest shares."""
        if key not in self._levels:
            rows = self._ledger.held(key)
            self._levels[key] = adjusted(stored(rows, catalogue.get(key)), splits(rows))
        return self._levels[key]

    def forget(self, key: str) -> None:
        self._levels.pop(key, None)

    def record(self, key: str) -> Record:
        """What is known of a series before an answer."""
        ledger = self._ledger
        return Record(
            ledger.held(key),
            ledger.standings().get(key),
            tuple(ledger.disputes(key)),
            ledger.absences(key),
            tuple(ledger.good_attempts(key)),
            self.look,
            tuple(other for other in self._others if other != key),
        )


def _confirm(ledger: Ledger, book: _Book, jobs: Sequence[Job], now: dt.datetime) -> None:
    """Weigh again what was read whole or is unconfirmed: witnesses may have come after it. A person's word stands."""
    standings = ledger.standings()
    for job in jobs:
        series, word = job.series, standings.get(job.series.key)
        if not series.witnesses or word is None or word.state == APPROVED or word.reason == BY_A_PERSON:
            continue
        if job.since is not None and word.state == CONFIRMED:
            continue
        said = evidence.whole(series, book.look(series.key), book.look)
        if said.says and said.state != word.state:
            ledger.say(series.key, said.state, said.reason, now)


def _final(ledger: Ledger, book: _Book, job: Job, outcome: _Outcome, now: dt.datetime) -> Attempt:
    attempt = _store(ledger, book, job, outcome, now, final=True)
    if attempt is None:
        raise AssertionError("a final judgement is one")
    return attempt


def _store(
    ledger: Ledger, book: _Book, job: Job, outcome: _Outcome, now: dt.datetime, *, final: bool
) -> Attempt | None:
    """Judge an answer, add what is new, keep a row of the attempt; None where a witness that comes later may say more and
    the judgement need not be ``final``."""
    answer, key = outcome.answer, job.series.key
    if isinstance(answer, ProviderError):
        return _failed(ledger, job, outcome, answer)
    admitted = admit(answer, book.record(key), now)
    if admitted.awaited and not final:
        return None
    if admitted.disputed is not None:
        ledger.remember(key, admitted.disputed)
        ledger.miss(key, admitted.missing.tolist(), (), now)
        return _failed(ledger, job, outcome, _disputed(job.series, admitted))
    return _kept(ledger, book, job, outcome, answer, admitted, now)


def _kept(
    ledger: Ledger,
    book: _Book,
    job: Job,
    outcome: _Outcome,
    answer: Answer,
    admitted: Admitted,
    now: dt.datetime,
) -> Attempt:
    series = job.series
    currency = answer.currency if series.key.startswith(catalogue.TYPED) else None
    added = ledger.take(series, admitted.rows, admitted.retired, admitted.word, now, admitted.why, currency)
    book.forget(series.key)
    if admitted.settled:
        ledger.settle(series.key)
    if admitted.waiting is not None:
        ledger.remember(series.key, admitted.waiting)
    if len(admitted.missing) or len(admitted.back):
        ledger.miss(series.key, admitted.missing.tolist(), admitted.back.tolist(), now)
    left_out = (*answer.oddities, *admitted.refused)
    news = "ok" if added.new or added.revised or len(admitted.retired) else "unchanged"
    attempt = _attempt(job, outcome, news, added=added.new, revised=added.revised, refused=len(left_out))
    ledger.log(
        attempt, [(odd.period, odd.field, odd.value, odd.reason) for odd in (*left_out, *admitted.notes)]
    )
    return attempt


def _disputed(series: Series, admitted: Admitted) -> Disputed:
    """The error that the journal and the pages show of a disputed answer."""
    source = catalogue.PROVIDERS[series.provider]
    found = admitted.disputed
    if found is None:
        raise AssertionError("nothing is disputed")
    if found.kind == "lost":
        return HistoryShrank(source, series.code, found.reason)
    return Disputed(source, series.code, found.reason, found.kind, series.key)


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
