"""Adding to the ledger: inside one transaction, in a queue of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, repeat

import numpy as np
import pandas as pd
import sqlalchemy as sa

from analytics.catalogue import Series
from analytics.clock.instants import to_micros
from analytics.ledger import retractions, schema
from analytics.ledger.merge import merge_rows
from analytics.ledger.reading import COLUMNS, raw_rows

ROWS_PER_INSERT = 50_000
NOTHING = pd.DataFrame({name: [] for name in COLUMNS})


@dataclass(frozen=True, slots=True)
class Added:
    """What an append did: periods seen for the first time, and new values for periods already held."""

    new: int
    revised: int


def take_turn(connection: sa.Connection) -> None:
    """Wait until no other writer is at work; recorded_at must grow in the order of commits.

    SQLite queued this writer when its transaction began; on PostgreSQL the state row is the queue.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(schema.state.c.id).with_for_update())


def append(
    connection: sa.Connection,
    batch: Sequence[tuple[Series, pd.DataFrame]],
    now: dt.datetime,
    *,
    fill_only: bool,
) -> list[Added]:
    """Add what is not held yet of each series; as ``Ledger.append_many``, which owns the transaction."""
    version = advance(connection, now)
    done = []
    for series, rows in batch:
        held = connection.scalar(sa.select(schema.series.c.id).where(schema.series.c.key == series.key))
        stored = NOTHING if held is None else _stored(connection, held, _first_period(rows))
        merged = merge_rows(rows, stored, vintages=series.vintages, now=to_micros(now), fill_only=fill_only)
        if len(merged.rows):
            _insert(connection, held or _new_series(connection, series.key), merged.rows, version)
        done.append(Added(merged.new, merged.revised))
    return done


def _stored(connection: sa.Connection, series_id: int, since: int) -> pd.DataFrame:
    """Rows of a series with ``hidden_at``: the instant of the retraction that hides a row, 0 for none."""
    rows = raw_rows(connection, [series_id], since=since)
    hidden_at = np.zeros(len(rows), np.int64)
    for holding in retractions.in_force(connection, [series_id], None, None):
        hidden_at = np.maximum(hidden_at, np.where(retractions.hidden(rows, [holding]), holding[3], 0))
    return rows.assign(hidden_at=hidden_at)


def retire(
    connection: sa.Connection, key: str, periods: np.ndarray, now: dt.datetime, version: int, reason: str
) -> int:
    """Retract what is held of some periods [days since 1970] of a series; returns the number of stretches."""
    held = connection.scalar(sa.select(schema.series.c.id).where(schema.series.c.key == key))
    if held is None or not len(periods):
        return 0
    table = schema.observation.c
    query = sa.select(table.period).where(table.series_id == held).distinct().order_by(table.period)
    stored = np.array(list(connection.scalars(query)), np.int64)
    spans = retractions.stretches(np.asarray(periods, np.int64), stored)
    return retractions.add(connection, held, spans, now, version, reason)


def advance(connection: sa.Connection, now: dt.datetime) -> int:
    """The recorded_at of this write: the clock, or just after the last write where the clock went back."""
    held = connection.scalar(sa.select(schema.state.c.version)) or 0
    version = max(to_micros(now), held + 1)
    connection.execute(schema.state.update().values(version=version))
    return version


def _first_period(rows: pd.DataFrame) -> int:
    """The earliest period of ``rows`` [days since 1970]; nothing before it can collide with them."""
    if rows.empty:
        return 0
    return int(rows["period"].to_numpy().astype("datetime64[D]").min().astype(int))


def _new_series(connection: sa.Connection, key: str) -> int:
    return connection.execute(
        schema.series.insert().values(key=key).returning(schema.series.c.id)
    ).scalar_one()


def _insert(connection: sa.Connection, series_id: int, rows: pd.DataFrame, version: int) -> None:
    columns = ("field", "period", "known_at", "estimated", "value")
    values = zip(repeat(series_id), repeat(version), *(rows[name].tolist() for name in columns))
    marks = "%s, %s, %s, %s, %s, %s, %s" if connection.dialect.name == "postgresql" else "?, ?, ?, ?, ?, ?, ?"
    statement = (
        "INSERT INTO observation (series_id, recorded_at, field, period, known_at, estimated, value) "
        f"VALUES ({marks})"
    )
    while part := list(islice(values, ROWS_PER_INSERT)):
        connection.exec_driver_sql(statement, part)
