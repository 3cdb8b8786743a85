"""Refreshes in processes of their own, forked from one that has everything imported."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
from multiprocessing.connection import Connection
from pathlib import Path

import stamina

from analytics.errors import AnalyticsError, RefreshRunning
from analytics.ledger import Ledger
from analytics.sources.refresh import Progress, refresh
from bench.endurance.stage import FILE, SERIES, sources_at
from tests.ledger.child import started
from tests.pages.served import clock

__all__ = ["ATTEMPTS", "DEADLINE", "refresh_here", "refresh_in_haste", "started"]
DEADLINE, ATTEMPTS = 0.5, 2
"""Of ``refresh_in_haste``: longest wait for an answer [s], requests for a series."""
multiprocessing.get_context("forkserver").set_forkserver_preload(
    ["tests.ledger.child", "bench.endurance.children"]
)


def refresh_here(parent: Connection, folder: str, address: str, day: dt.date) -> None:
    """Refresh when told to; says each series that is stored, and at the end how it went."""
    home = Path(folder)
    ledger = Ledger.at(home / FILE)
    providers = sources_at(home, address, day)
    parent.send("ready")
    parent.recv()

    def report(progress: Progress) -> None:
        if progress.last is not None:
            parent.send((progress.last.series, progress.last.outcome))

    try:
        done = refresh(ledger, providers, clock(day), only=SERIES, report=report)
        parent.send(("end", "failed" if done.failed else "done"))
    except RefreshRunning:
        parent.send(("end", "waited for the other"))
    except AnalyticsError as error:
        parent.send(("end", f"{type(error).__name__}: {error}"))
    ledger.close()


def refresh_in_haste(parent: Connection, folder: str, address: str, day: dt.date) -> None:
    """Refresh when told to, waiting DEADLINE for an answer; says how many series failed and how much memory it took [MB].
    It then lives on, with whatever it still holds, until it is killed."""
    home = Path(folder)
    ledger = Ledger.at(home / FILE)
    providers = sources_at(home, address, day, DEADLINE)
    stamina.set_testing(True, attempts=ATTEMPTS)
    stamina.instrumentation.set_on_retry_hooks([])
    parent.send("ready")
    parent.recv()
    before = _peak()
    done = refresh(ledger, providers, clock(day), only=SERIES)
    parent.send((len(done.failed), _peak() - before))
    parent.recv()


def _peak() -> int:
    """Most memory that this process has had [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
