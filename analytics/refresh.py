"""Refresh: who is due, fetch side by side within each provider's limits, check at the door, add to the ledger."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

import pandas as pd

from analytics import calendars, catalogue
from analytics.catalogue import Series
from analytics.errors import ProviderError, Throttled, TimedOut, UnknownSymbol, Unreachable
from analytics.instants import day_of
from analytics.ledger import Attempt, Ledger, refresh_lock
from analytics.providers import Answer, Clock, Fetch, Oddity
from analytics.providers.door import Admitted, Held, admit

REREAD_SESSIONS = 10
REREAD_PERIODS = 24
FULL_READ_EVERY = dt.timedelta(days=7)
ASK_AGAIN = {"d": dt.timedelta(hours=4), "w": dt.timedelta(hours=12), "m": dt.timedelta(days=1)}
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
class Job:
    """One series to ask for, from ``since`` on (None: the whole history)."""

    series: Series
    since: dt.date | None


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


def everything(ledger: Ledger, now: dt.datetime) -> list[Series]:
    """All series that a refresh keeps: the catalogue, the listed contract months, and typed symbols already held."""
    listed = [*catalogue.load().values(), *catalogue.listed_contracts(day_of(now))]
    typed = [catalogue.get(key) for key in ledger.series_keys() if key.startswith(catalogue.TYPED)]
    return list({series.key: series for series in [*listed, *typed]}.values())


def due(ledger: Ledger, wanted: Sequence[Series], now: dt.datetime, *, force: bool = False) -> list[Job]:
    """Which series to ask for now, and from when.

    A series is due when it was never read, when its last attempt failed, or when a newer figure should be out by its
    own calendar and it was not asked for a while; weekly it is read whole, so that old revisions are seen.
    """
    state = _state(ledger, wanted)
    jobs = []
    for series in wanted:
        known = state[series.key]
        whole = known.last is None or known.full_read is None or now - known.full_read >= FULL_READ_EVERY
        if force or (_wanted(known, now) if known.failed else whole or _newer_expected(series, known, now)):
            jobs.append(Job(series, None if whole else _reread_from(series, known.last)))
    return jobs


@dataclass(frozen=True, slots=True)
class _Known:
    last: dt.date | None
    full_read: dt.datetime | None
    succeeded: dt.datetime | None
    failed: bool
    unknown_at: dt.datetime | None


def _state(ledger: Ledger, wanted: Sequence[Series]) -> dict[str, _Known]:
    last = ledger.last_periods()
    full = ledger.last_full_reads()
    attempts = ledger.last_attempts().set_index("series")
    found = {}
    for series in wanted:
        row = attempts.loc[series.key] if series.key in attempts.index else None
        good = None if row is None or pd.isna(row["succeeded_at"]) else row["succeeded_at"].to_pydatetime()
        failed = row is not None and row["outcome"] == "failed"
        unknown = row["started_at"].to_pydatetime() if failed and row["error"] == UnknownSymbol.__name__ else None
        last_held = last.get((series.key, series.field))
        found[series.key] = _Known(last_held, full.get(series.key), good, failed, unknown)
    return found


def _wanted(known: _Known, now: dt.datetime) -> bool:
    """A failed series is asked again at once, but one that its source does not know only once a day."""
    return known.unknown_at is None or now - known.unknown_at >= dt.timedelta(days=1)


def _newer_expected(series: Series, known: _Known, now: dt.datetime) -> bool:
    if known.last is None or known.succeeded is None:
        return True
    newest = calendars.newest_expected(series, now, known.last)
    if newest == known.last:
        return False
    # Asked since it came due and got nothing: it is late, so ask again only now and then.
    asked_since = known.succeeded >= calendars.release(series, newest)
    return not asked_since or now - known.succeeded >= ASK_AGAIN.get(series.frequency, dt.timedelta(days=1))


def _reread_from(series: Series, last: dt.date | None) -> dt.date | None:
    if last is None:
        return None
    if series.frequency == "d":
        return last - dt.timedelta(days=REREAD_SESSIONS if series.every_day else REREAD_SESSIONS * 7 // 5 + 1)
    days = {"w": 7, "m": 31, "q": 92, "a": 366}[series.frequency]
    return last - dt.timedelta(days=days * REREAD_PERIODS)


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
        sources: By provider name.
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
        wanted = everything(ledger, now) if only is None else [catalogue.get(key) for key in only]
        jobs = due(ledger, wanted, now, force=force or only is not None)
        jobs.sort(key=lambda job: first.index(job.series.key) if job.series.key in first else len(first))
        attempts: list[Attempt] = []
        report(Progress(0, len(jobs), None))
        for job, outcome in _fetch_all(jobs, sources):
            attempts.append(_store(ledger, job, outcome, clock()))
            report(Progress(len(attempts), len(jobs), attempts[-1]))
    return Summary(tuple(attempts), time.monotonic() - started)


def fetch_one(ledger: Ledger, sources: Mapping[str, Source], series: Series, clock: Clock) -> Attempt:
    """Ask for one series now, whoever else is refreshing: writes queue up at the ledger, requests at the provider."""
    job = Job(series, None)
    return _store(ledger, job, _Patience(sources[series.provider]).ask(job), clock())


@dataclass(frozen=True, slots=True)
class _Outcome:
    answer: Answer | ProviderError
    started: dt.datetime
    seconds: float


class _Patience:
    """Stops asking a provider that cannot be reached: the remaining series fail at once with the same reason."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._failures = 0
        self._lock = threading.Lock()
        self._last: ProviderError | None = None

    def ask(self, job: Job) -> _Outcome:
        started, tick = dt.datetime.now(dt.UTC), time.monotonic()
        with self._lock:
            given_up = self._last if self._failures >= GIVE_UP_AFTER else None
        try:
            answer: Answer | ProviderError = given_up or self.source.fetch(job.series, job.since)
        except ProviderError as error:
            answer = error
        with self._lock:
            if isinstance(answer, Unreachable | TimedOut | Throttled):
                self._failures, self._last = self._failures + 1, answer
            else:
                self._failures = 0
        return _Outcome(answer, started, time.monotonic() - tick)


def _fetch_all(jobs: Sequence[Job], sources: Mapping[str, Source]) -> Iterable[tuple[Job, _Outcome]]:
    """Outcomes as they arrive; each provider has its own workers."""
    pools: list[ThreadPoolExecutor] = []
    futures: dict[Future[_Outcome], Job] = {}
    try:
        for name, source in sources.items():
            mine = [job for job in jobs if job.series.provider == name]
            if not mine:
                continue
            source.reset()
            patience = _Patience(source)
            pool = ThreadPoolExecutor(source.workers, thread_name_prefix=f"fetch-{name}")
            pools.append(pool)
            futures |= {pool.submit(patience.ask, job): job for job in mine}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)


def _store(ledger: Ledger, job: Job, outcome: _Outcome, now: dt.datetime) -> Attempt:
    """Check an answer at the door, add what is new, keep a row of the attempt."""
    base = {
        "series": job.series.key,
        "provider": job.series.provider,
        "started_at": now,
        "seconds": outcome.seconds,
        "full_read": job.since is None,
    }
    admitted: Admitted | None = None
    try:
        if isinstance(outcome.answer, ProviderError):
            raise outcome.answer
        admitted = admit(outcome.answer, Held(ledger.held(job.series.key)), now)
        added = ledger.append(job.series, admitted.rows, now)
    except ProviderError as error:
        attempt = Attempt(**base, outcome="failed", error=type(error).__name__, message=str(error))
        ledger.log(attempt)
        return attempt
    left_out: tuple[Oddity, ...] = (*outcome.answer.oddities, *admitted.refused)
    news = "ok" if added.new or added.revised else "unchanged"
    attempt = Attempt(**base, outcome=news, added=added.new, revised=added.revised, refused=len(left_out))
    ledger.log(attempt, [(odd.period, odd.field, odd.value, odd.reason) for odd in (*left_out, *admitted.notes)])
    return attempt
