"""One refresher at a time across processes and machines; the lock falls when its holder dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import filelock
import sqlalchemy as sa

from analytics.errors import RefreshRunning

ADVISORY_KEY = 0x51_1F_E2_1E_AD  # any constant; names our lock among the advisory locks of a database


@contextmanager
def refresh_lock(engine: sa.Engine) -> Iterator[None]:
    """Hold the refresh lock of the ledger behind ``engine``.

    On SQLite it is an operating-system lock on a file beside the ledger, on PostgreSQL a session's advisory lock:
    both are released by the system when the process ends, so a kill -9 never leaves a lock behind.

    Raises:
        RefreshRunning: somebody else holds it.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(ADVISORY_KEY))):
                raise RefreshRunning
            connection.commit()
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(ADVISORY_KEY)))
                connection.commit()
        return
    lock = filelock.FileLock(f"{engine.url.database}.refresh-lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise RefreshRunning from None
    try:
        yield
    finally:
        lock.release()
