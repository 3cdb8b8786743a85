"""Engines: where a ledger lives, opened so that many may read while one writes."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import stamina
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from analytics.errors import LedgerDamaged, LedgerForeign, LedgerUnavailable
from analytics.ledger.faults import BAD_OPTION, said_plainly
from analytics.ledger.schema import ADVISORY_CREATE, SCHEMA_VERSION, metadata, state

BUSY_SECONDS = 15


def sqlite_url(path: Path) -> sa.URL:
    """The SQLAlchemy address of a ledger file; not text, in which a ``?`` of the path would end it."""
    return sa.URL.create("sqlite", database=path.as_posix())


def make_engine(url: str | sa.URL) -> sa.Engine:
    """An engine for ``sqlite:///...`` or ``postgresql://...`` (psycopg 3 is chosen for the latter).

    Raises:
        LedgerUnavailable: an address of another form; it is not repeated, since it may hold a password.
    """
    try:
        address = sa.engine.make_url(url)
        backend = address.get_backend_name()
        if backend in ("postgresql", "postgres"):  # some hosts still hand out the older name
            return _server_engine(address.set(drivername="postgresql+psycopg"))
    except (sa.exc.ArgumentError, ValueError):
        raise LedgerUnavailable("its address cannot be read") from None
    if backend != "sqlite" or not address.database or address.database == ":memory:":
        raise LedgerUnavailable("its address is neither postgresql:// nor a file of SQLite")
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "do_connect", _open_unwritable)
    event.listen(engine, "checkout", _same_file)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _server_engine(address: sa.URL) -> sa.Engine:
    from analytics.ledger import server  # its driver is read only where there is a server

    if not server.options_are_known(address.query):
        raise LedgerUnavailable(BAD_OPTION)
    engine = sa.create_engine(address, pool_pre_ping=True, pool_size=8, hide_parameters=True)
    server.bound(engine)
    return engine


def _open_unwritable(
    dialect: sa.Dialect, record: ConnectionPoolEntry, words: tuple[str, ...], options: dict[str, Any]
) -> DBAPIConnection | None:
    """A connection to a file whose folder takes no log beside it; None where SQLite's own way will do."""
    path = Path(words[0])
    seen = _unwritable(path)
    if seen is None:
        return None
    record.info["unwritable"] = (path, seen)
    return dialect.connect(f"{path.as_uri()}?immutable=1", **(options | {"uri": True}))


def _unwritable(path: Path) -> tuple[int, ...] | None:
    """What tells whether a file that only others can write is still the same; None where it may be written, or where a
    log lies beside it: SQLite reads that by itself, and what is told that a file never changes would not."""
    if os.access(path.parent, os.W_OK) or not path.exists():
        return None
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        return None
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _same_file(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    path, seen = record.info.get("unwritable", (None, None))
    if path is not None and _unwritable(path) != seen:
        raise sa.exc.DisconnectionError  # the pool opens it anew


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves: pysqlite's own rules start it too late
    cursor = connection.cursor()
    # Several processes that open a new file at once: this one switch is refused at once, without SQLite's own waiting.
    for attempt in stamina.retry_context(
        on=_is_busy, attempts=None, timeout=BUSY_SECONDS, wait_initial=0.01, wait_max=0.2
    ):
        with attempt:
            cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute(
        "PRAGMA synchronous=NORMAL"
    )  # a killed process loses nothing; lost power may lose the last commit
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


def _begin_immediate(connection: sa.Connection) -> None:
    # A writer takes its lock at once: a read that later turns into a write could fail without waiting its turn.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def create(engine: sa.Engine, kind: str) -> None:
    """Make the tables where they are missing and the one state row; refuses a ledger of another kind or schema.

    A ledger that is there is only read: it opens while others write, and where nothing may be written.

    Raises:
        LedgerDamaged: the file is no ledger, or a part of one.
        LedgerForeign: it is readable, but not what is wanted.
        LedgerUnavailable: the database does not answer.
    """
    with said_plainly():
        with engine.connect() as connection:
            there = sa.inspect(connection).has_table(state.name)
            if there and engine.dialect.name == "sqlite":
                _check_pages(connection)
        if not (there and _is_ours(engine, kind)):
            _make(engine, kind)
            _is_ours(engine, kind)


def holds(engine: sa.Engine, table: sa.Table) -> bool:
    """Whether a database has a table that came after the first ledgers.

    Raises:
        LedgerError: the database cannot say.
    """
    with said_plainly(), engine.connect() as connection:
        return sa.inspect(connection).has_table(table.name)


def ensure(engine: sa.Engine, table: sa.Table) -> None:
    """Make such a table where it is missing, and those that are made with it.

    Raises:
        LedgerError: the database cannot do it.
    """
    if not holds(engine, table):
        with said_plainly():
            add_tables(engine, table.metadata)


def add_tables(engine: sa.Engine, tables: sa.MetaData = metadata) -> None:
    """Make the tables that are missing and leave the others alone."""
    with engine.execution_options(writing=True).begin() as connection:
        _create_all(connection, tables)


def _create_all(connection: sa.Connection, tables: sa.MetaData = metadata) -> None:
    if connection.dialect.name == "postgresql":  # two servers starting at once would both make the tables
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_CREATE)))
    tables.create_all(connection)


def _make(engine: sa.Engine, kind: str) -> None:
    with engine.execution_options(writing=True).begin() as connection:
        _create_all(connection)
        if connection.execute(sa.select(state.c.id)).one_or_none() is None:
            values = {"id": 1, "schema_version": SCHEMA_VERSION, "version": 0, "kind": kind}
            connection.execute(state.insert().values(values))


def _is_ours(engine: sa.Engine, kind: str) -> bool:
    """Whether the state row is there; a row of another kind or schema is refused."""
    wanted = f"a {kind} ledger of schema {SCHEMA_VERSION}"
    try:
        with engine.connect() as connection:
            row = connection.execute(sa.select(state)).one_or_none()
    except (sa.exc.ProgrammingError, sa.exc.OperationalError) as error:
        if getattr(error.orig, "sqlstate", "") != "42703" and "no such column" not in str(error.orig):
            raise
        raise LedgerForeign("tables of another program", wanted) from None
    if row is not None and (row.schema_version != SCHEMA_VERSION or row.kind != kind):
        raise LedgerForeign(f"a {row.kind} ledger of schema {row.schema_version}", wanted)
    return row is not None


def check_pages(engine: sa.Engine) -> None:
    """Look at every page of a ledger's file; nothing on PostgreSQL, which does so itself.

    Raises:
        LedgerDamaged: it is no longer a readable ledger.
        LedgerUnavailable: it does not answer.
    """
    if engine.dialect.name == "sqlite":
        with said_plainly(), engine.connect() as connection:
            _check_pages(connection)


def _check_pages(connection: sa.Connection) -> None:
    """A file that lost its end or some pages opens well and fails later, on a page: found here [0.3 s a 100 MB]."""
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise LedgerDamaged("The ledger file")


def move_aside(path: Path, now: dt.datetime) -> Path:
    """Rename a damaged ledger file (and its log files) so that a new one can be made; returns the new name."""
    stem = f"{path.stem}.damaged-{now:%Y%m%dT%H%M%S}"
    names = (f"{stem}{'' if i == 1 else f'-{i}'}{path.suffix}" for i in itertools.count(1))
    target = next(path.with_name(name) for name in names if not path.with_name(name).exists())
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(target.with_name(target.name + suffix))
    return target
