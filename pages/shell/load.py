"""The ledger behind the pages, and its own tables. Keys of caches are the ledger's version and plain values, never frames."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from analytics import catalogue
from analytics.clock.instants import day_of, from_micros
from analytics.desk import ASKED_PAUSE_SECONDS, Desk, results_of
from analytics.errors import LedgerDamaged, LedgerError
from analytics.evaluate import Evaluator
from analytics.evaluate.stored import Stored
from analytics.ledger import Ledger, scans
from analytics.ledger.connect import check_pages
from analytics.ledger.scans import ScanRow
from analytics.panel import Panel
from analytics.settings import settings
from analytics.sources import due, health
from analytics.sources.health import Health
from analytics.topics.scan import run as scan_run
from analytics.topics.scan.measures.scan import Scan, Standing
from analytics.view import View
from pages.shell import access, memory
from pages.shell.cache import Shared
from pages.shell.prewarm import Prewarm

_reopened = [-ASKED_PAUSE_SECONDS]
QUANTUM = dt.timedelta(minutes=5)
"""A live page is read as of a moment at most this old, so that readers share one panel."""

_mending = threading.Lock()


@st.cache_resource(show_spinner="Opening the ledger…")
def desk() -> Desk:
    """The process's desk; decides once between live and demo."""
    opened = Desk(settings())
    memory.settle()
    return opened


@st.cache_resource(show_spinner=False)
def shared() -> Shared:
    """The process's caches, over the results of processes before it."""
    results = results_of(settings(), desk().ledger)
    return Shared() if results is None else Shared(Stored(results))


def present(version: int) -> dt.datetime:
    """The instant that live pages read at: now, rounded down, but never before the ledger's last write."""
    source = desk()
    if not source.live:
        from analytics.sources.demo import LAST_INSTANT

        return LAST_INSTANT
    now = settings().now()
    if settings().silverlead_today is not None:
        return now
    floor = dt.datetime.fromtimestamp(
        now.timestamp() // QUANTUM.total_seconds() * QUANTUM.total_seconds(), dt.UTC
    )
    written = from_micros(version)
    return max(floor, written) if written <= now else floor


@st.cache_resource(show_spinner=False)
def prewarm() -> Prewarm | None:
    """Which version readers see, where new figures are measured ahead: simulated ones never change."""
    return Prewarm(desk().ledger) if settings().silverlead_ahead and desk().live else None


def version() -> int:
    """The version of the ledger that readers see: every cache below hangs on it."""
    seen = prewarm()
    return desk().ledger.version() if seen is None else seen.version()


def pending() -> bool:
    """Whether newer figures than those shown are being measured."""
    seen = prewarm()
    return seen is not None and seen.pending


def written(ledger_version: int) -> dt.datetime:
    """The instant of the ledger's last write."""
    return from_micros(ledger_version)


def panel(
    keys: Sequence[str], as_of: dt.datetime, ledger_version: int, recorded: dt.datetime | None = None
) -> Panel:
    """The panel of some series as known at an instant.

    Rows recorded after ``recorded`` (frozen data), or else after the version that this run began with, are not read: all
    panels of a run see one ledger, and a frozen-data link made of it can be checked to the bit.
    """
    chosen = View(as_of=as_of, recorded=recorded)
    return Evaluator(desk().ledger, chosen, as_of, ledger_version, cache=shared()).panel(keys)


def ledger_table(name: str, ledger_version: int) -> Any:
    """One of the ledger's own tables (``attempts``, ``last_attempts``, ``oddities``, ``revisions``); not to be changed."""
    return _ledger_table(
        name=name, ledger_version=ledger_version, newest_attempt=desk().ledger.newest_attempt()
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _ledger_table(name: str, ledger_version: int, newest_attempt: int) -> Any:
    return getattr(desk().ledger, name)()


@st.cache_resource(max_entries=16, show_spinner=False)
def _health(as_of: str, now: str, ledger_version: int, recorded: str, typed: str) -> list[Health]:
    instant = dt.datetime.fromisoformat(as_of)
    ledger = desk().ledger
    wanted = catalogue.followed(day_of(instant))
    wanted += [catalogue.get(key) for key in typed.split()]
    cut = dt.datetime.fromisoformat(recorded) if recorded else None
    data = panel([series.key for series in wanted], instant, ledger_version, cut)
    return health.health(wanted, data, ledger.last_attempts(), ledger.revision_counts(instant))


def health_rows(as_of: dt.datetime, ledger_version: int, recorded: dt.datetime | None = None) -> list[Health]:
    """The state of every series; attempts that changed nothing count too, so the newest one is part of the key."""
    newest = desk().ledger.newest_attempt()
    return _health(
        as_of=as_of.isoformat(),
        now=f"{newest}",
        ledger_version=ledger_version,
        recorded=recorded.isoformat() if recorded else "",
        typed=" ".join(due.typed_symbols(desk().ledger, settings().silverlead_typed_symbols)),
    )


def scan(as_of: dt.datetime, recorded: dt.datetime | None) -> ScanRow | None:
    """The newest finished scan of a universe that could have been made at an instant; None where there is none."""
    return scans.newest(desk().ledger.engine, as_of, recorded)


@st.cache_resource(max_entries=8, show_spinner=False)
def scanned(scan_id: str, pair: tuple[str, str], _row: ScanRow) -> tuple[Scan, Standing | None]:
    """What a scan found, and the place of one pair in it."""
    found = scan_run.read(desk().ledger, _row)
    return found, scan_run.standing(desk().ledger, _row, found, *pair)


def mend() -> bool:
    """Look at a ledger that failed under a page and open it anew where it is damaged; whether pages can be drawn now."""
    with _mending:
        try:
            if _damaged(desk().ledger):
                _stop()
                desk().ledger.close()
                st.cache_resource.clear()  # the desk, and panels of the old ledger: the new one may come to its versions
                desk()
        except LedgerError:
            return False
    return True


def _stop() -> None:
    if (seen := prewarm()) is not None:
        seen.stop()


def _damaged(ledger: Ledger) -> bool:
    try:
        check_pages(ledger.engine)
    except LedgerDamaged:
        return True
    return False


def reopen() -> None:
    """Decide again between live and demo, for everybody; not more often than a refresh may be asked for."""
    now = time.monotonic()
    if access.may_refresh() and now - _reopened[0] >= ASKED_PAUSE_SECONDS:
        _reopened[0] = now
        _stop()
        desk.clear()
        prewarm.clear()
