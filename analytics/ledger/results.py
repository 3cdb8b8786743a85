"""Results that outlive the process which measured them: bytes by key, the longest unused go first.

In PostgreSQL they lie beside the ledger, so that every worker and server finds them; beside an embedded ledger they have a file of
their own, ``results.sqlite``, which may be deleted at any time. They are no part of the ledger: its version stays.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from analytics.clock.instants import to_micros
from analytics.errors import LedgerDamaged, LedgerError
from analytics.ledger import schema
from analytics.ledger.connect import ensure, make_engine, sqlite_url
from analytics.ledger.faults import said_plainly

log = logging.getLogger("silverlead")
FILE = "results.sqlite"
LARGEST = 4_000_000
"""Of one result [bytes]: what is larger is measured again."""
_result = schema.result.c
_INSERTS: dict[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Results:
    """A bounded store of bytes; safe for many threads and processes. What fails is logged and then simply not there.

    Args:
        engine: A database that may be written.
        most: Bound of all results together [bytes].
    """

    def __init__(self, engine: sa.Engine, most: int) -> None:
        self._engine, self._most = engine, most

    @classmethod
    def beside(cls, ledger: sa.Engine, folder: Path, most: int) -> Results | None:
        """The store that belongs to a ledger; None where it cannot be opened or nothing is to be held."""
        if most <= 0:
            return None
        try:
            if ledger.dialect.name != "sqlite":
                return cls(_prepared(ledger), most)
            return cls(_embedded(folder / FILE), most)
        except LedgerError as error:
            log.info("evaluated results are not held for the next start: %s", error)
            return None

    def get(self, key: str) -> bytes | None:
        """The bytes under ``key``; None where there are none."""
        try:
            with said_plainly(), self._engine.connect() as connection:
                found = connection.scalar(sa.select(_result.body).where(_result.key == key))
        except LedgerError as error:
            log.warning("a result held from before could not be read: %s", error)
            return None
        return None if found is None else bytes(found)

    def put(self, key: str, body: bytes, now: dt.datetime) -> None:
        """Hold bytes under ``key`` in the place of what was there; too many of them are not held."""
        if len(body) > min(LARGEST, self._most):
            return
        row = {"key": key, "body": body, "size": len(body), "made_at": to_micros(now)}
        try:
            with said_plainly(), self._engine.execution_options(writing=True).begin() as connection:
                insert = _INSERTS[connection.dialect.name](schema.result).values(row)
                put = insert.on_conflict_do_update(index_elements=[_result.key], set_=row)
                connection.execute(put)
                self._make_room(connection)
        except LedgerError as error:
            log.warning("a result could not be held for the next start: %s", error)

    def _make_room(self, connection: sa.Connection) -> None:
        """Forget the oldest beyond the bound."""
        newest_first = (_result.made_at.desc(), _result.key)
        total = sa.func.sum(_result.size).over(order_by=newest_first).label("total")
        counted = sa.select(_result.key, total).subquery()
        over = sa.select(counted.c.key).where(counted.c.total > self._most)
        connection.execute(schema.result.delete().where(_result.key.in_(over)))


def _embedded(path: Path) -> sa.Engine:
    """The file's engine; a damaged one is begun anew, since nothing in it is of worth."""
    try:
        return _prepared(make_engine(sqlite_url(path)))
    except LedgerDamaged:
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        return _prepared(make_engine(sqlite_url(path)))


def _prepared(engine: sa.Engine) -> sa.Engine:
    ensure(engine, schema.result)
    return engine
