"""Engines: where a ledger lives, opened so that many may read while one writes."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event

from analytics.errors import LedgerDamaged, LedgerUnavailable
from analytics.ledger.schema import SCHEMA_VERSION, metadata, state

BUSY_SECONDS = 15


def sqlite_url(path: Path) -> str:
    """The SQLAlchemy address of a ledger file."""
    return f"sqlite:///{path.as_posix()}"


def make_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///...`` or ``postgresql://...`` (psycopg 3 is chosen for the latter)."""
    address = sa.engine.make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        return sa.create_engine(address, pool_pre_ping=True, pool_size=8, connect_args={"connect_timeout": 5})
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves: pysqlite's own rules start it too late
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")  # a killed process loses nothing; lost power may lose the last commit
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA mmap_size=268435456")
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    # A writer takes its lock at once: a read that later turns into a write could fail without waiting its turn.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def create(engine: sa.Engine, kind: str) -> None:
    """Make the tables where they are missing and the one state row; refuses a ledger of another kind or schema.

    Raises:
        LedgerDamaged: the file is no ledger.
        LedgerUnavailable: the database does not answer.
    """
    try:
        with engine.execution_options(writing=True).begin() as connection:
            metadata.create_all(connection)
            row = connection.execute(sa.select(state)).one_or_none()
            if row is None:
                values = {"id": 1, "schema_version": SCHEMA_VERSION, "version": 0, "kind": kind}
                connection.execute(state.insert().values(values))
            elif row.schema_version != SCHEMA_VERSION or row.kind != kind:
                raise LedgerDamaged(f"The {row.kind} ledger of schema {row.schema_version}")
    except sa.exc.OperationalError as error:
        raise LedgerUnavailable(_cause(error)) from None
    except sa.exc.DatabaseError:
        raise LedgerDamaged("The ledger file") from None


def _cause(error: sa.exc.OperationalError) -> str:
    """The driver's first line without addresses or passwords."""
    text = str(error.orig).splitlines()[0] if str(error.orig) else "no answer"
    return text.split("://")[0][:120]


def move_aside(path: Path, now: dt.datetime) -> Path:
    """Rename a damaged ledger file (and its log files) so that a new one can be made; returns the new name."""
    target = path.with_name(f"{path.stem}.damaged-{now:%Y%m%dT%H%M%S}{path.suffix}")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(target.with_name(target.name + suffix))
    return target
