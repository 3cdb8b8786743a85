"""One refresher at a time across processes and machines; the lock falls when its holder dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import filelock
import sqlalchemy as sa

from analytics.errors import LedgerError, LedgerUnavailable, RefreshRunning
from analytics.ledger.faults import CHECK_FILE, said_plainly
from analytics.ledger.schema import ADVISORY_REFRESH

OPENING_SECONDS = 30.0
"""Longest wait for another process that moves a damaged ledger aside [s]."""


def refresh_lock(engine: sa.Engine) -> AbstractContextManager[None]:
    """Hold the refresh lock of the ledger behind ``engine``.

    On SQLite it is an operating-system lock on a file beside the ledger, on PostgreSQL a session's advisory lock:
    both are released by the system when the process ends, so a kill -9 never leaves a lock behind.

    Raises:
        RefreshRunning: somebody else holds it.
        LedgerUnavailable: the database does not answer, or no file can be made beside the ledger.
    """
    if engine.dialect.name == "postgresql":
        return _server_lock(engine)
    return _file_lock(Path(f"{engine.url.database}.refresh-lock"), 0.0, RefreshRunning())


def opening_lock(path: Path) -> AbstractContextManager[None]:
    """Held while a damaged ledger file is moved aside, so that two processes do not both do it."""
    busy = LedgerUnavailable("another process has been mending it for too long", CHECK_FILE)
    return _file_lock(path.with_name(path.name + ".open-lock"), OPENING_SECONDS, busy)


@contextmanager
def _server_lock(engine: sa.Engine) -> Iterator[None]:
    with said_plainly():
        connection = engine.connect()
    try:
        with said_plainly():
            held = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(ADVISORY_REFRESH)))
            connection.commit()  # the lock is the session's; no transaction stays open while the sources are asked
        if not held:
            raise RefreshRunning
        yield
    except LedgerUnavailable:  # who does not answer need not be asked: closing the session frees the lock
        connection.invalidate()
        raise
    finally:
        _release(connection)


def _release(connection: sa.Connection) -> None:
    try:
        if not connection.invalidated:
            connection.rollback()
            connection.execute(sa.select(sa.func.pg_advisory_unlock_all()))
            connection.commit()
    except sa.exc.DBAPIError:
        connection.invalidate()  # the session is gone, and the lock with it
    connection.close()


@contextmanager
def _file_lock(path: Path, seconds: float, busy: LedgerError) -> Iterator[None]:
    lock = filelock.FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=seconds)
    except filelock.Timeout:
        raise busy from None
    except OSError:
        raise LedgerUnavailable("no file can be made beside it", CHECK_FILE) from None
    try:
        yield
    finally:
        lock.release()
