"""Rows that no longer count: retracted from an instant on, never deleted. Reads of earlier instants still show them.

A retraction covers the periods from ``first`` to ``last`` of one series and hides every row of them, of any field, that
was known by its own instant; what is told later counts. Undoing one is an instant of its own as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import sqlalchemy as sa

from analytics.clock.instants import from_micros, to_micros
from analytics.ledger import schema

EPOCH = dt.date(1970, 1, 1)
_row = schema.retraction.c


@dataclass(frozen=True, slots=True)
class Retraction:
    """One retraction; ``undone_at`` is None while it holds."""

    id: int
    series: str
    first: dt.date
    last: dt.date
    known_at: dt.datetime
    reason: str
    undone_at: dt.datetime | None


def stretches(periods: np.ndarray, stored: np.ndarray) -> list[tuple[int, int]]:
    """Fewest (first, last) stretches that cover ``periods`` and none of the other ``stored`` ones (days, rising)."""
    retired = np.isin(stored, periods)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], retired, [False]]).astype(np.int8)))
    return [(int(stored[a]), int(stored[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def add(
    connection: sa.Connection,
    series_id: int,
    spans: Iterable[tuple[int, int]],
    now: dt.datetime,
    version: int,
    reason: str,
) -> int:
    """Retract spans of days since 1970; returns how many rows of the table that took.

    A retraction is known just before ``now``, so that what is told at that instant in the place of its rows counts.
    """
    rows = [
        {
            "series_id": series_id,
            "first": first,
            "last": last,
            "known_at": to_micros(now) - 1,
            "recorded_at": version,
            "reason": reason,
        }
        for first, last in spans
    ]
    if rows:
        connection.execute(schema.retraction.insert(), rows)
    return len(rows)


def undo(connection: sa.Connection, number: int, now: dt.datetime, version: int) -> bool:
    """End a retraction; whether there was one that held."""
    query = schema.retraction.update().where(_row.id == number, _row.undone_at.is_(None))
    return bool(
        connection.execute(query.values(undone_at=to_micros(now), undone_recorded_at=version)).rowcount
    )


def listed(connection: sa.Connection, limit: int = 200) -> list[Retraction]:
    """The newest retractions, undone ones too."""
    query = sa.select(schema.retraction, schema.series.c.key).join(
        schema.series, schema.series.c.id == _row.series_id
    )
    return [
        Retraction(
            row.id,
            row.key,
            EPOCH + dt.timedelta(days=row.first),
            EPOCH + dt.timedelta(days=row.last),
            from_micros(row.known_at),
            row.reason,
            None if row.undone_at is None else from_micros(row.undone_at),
        )
        for row in connection.execute(query.order_by(_row.id.desc()).limit(limit))
    ]


def in_force(
    connection: sa.Connection, series_ids: Sequence[int], as_of: int | None, recorded_by: int | None
) -> list[tuple[int, int, int, int]]:
    """(series id, first, last, known_at) of the retractions that hold at an instant, as this ledger knew them by another."""
    query = sa.select(schema.retraction).where(_row.series_id.in_(sorted(series_ids)))
    found = []
    for row in connection.execute(query):
        late = (as_of is not None and row.known_at > as_of) or (
            recorded_by is not None and row.recorded_at > recorded_by
        )
        undone = row.undone_at is not None and not (
            (as_of is not None and row.undone_at > as_of)
            or (recorded_by is not None and row.undone_recorded_at > recorded_by)
        )
        if not late and not undone:
            found.append((row.series_id, row.first, row.last, row.known_at))
    return found


def hidden(rows: pd.DataFrame, holding: Sequence[tuple[int, int, int, int]]) -> np.ndarray:
    """Mask of the rows (series_id, period, known_at) that a retraction hides, shape (n,)."""
    mask = np.zeros(len(rows), dtype=bool)
    if not holding or rows.empty:
        return mask
    series, period, known = (rows[name].to_numpy() for name in ("series_id", "period", "known_at"))
    for series_id, first, last, known_at in holding:
        mask |= (series == series_id) & (period >= first) & (period <= last) & (known <= known_at)
    return mask
