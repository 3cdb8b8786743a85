"""From table rows to what was known: SQL that reads in key order, then one pass of numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import sqlalchemy as sa

from analytics.ledger.schema import FIELD_NAMES, observation

COLUMNS = ("series_id", "field", "period", "known_at", "recorded_at", "estimated", "value")


@dataclass(frozen=True, slots=True)
class Observed:
    """One field of one series as known at an instant.

    Attributes:
        periods: Days since 1970, strictly rising, shape (n,).
        values: Values in the catalogue's unit, shape (n,), no NaN.
        known_at: Microseconds since 1970 UTC, shape (n,).
        recorded_at: When this ledger learned each row, shape (n,) [microseconds].
        estimated: Whether known_at follows from a release rule, shape (n,).
    """

    periods: np.ndarray
    values: np.ndarray
    known_at: np.ndarray
    recorded_at: np.ndarray
    estimated: np.ndarray

    @property
    def dates(self) -> np.ndarray:
        """Periods as datetime64[D]."""
        return self.periods.astype("datetime64[D]")


def raw_rows(
    connection: sa.Connection,
    series_ids: Sequence[int],
    *,
    fields: Sequence[int] | None = None,
    known_by: int | None = None,
    recorded_by: int | None = None,
    since: int | None = None,
) -> pd.DataFrame:
    """All rows of some series that pass the bounds, in the order of the primary key."""
    table = observation.c
    query = sa.select(*(table[name] for name in COLUMNS)).where(table.series_id.in_(sorted(series_ids)))
    if fields is not None:
        query = query.where(table.field.in_(sorted(fields)))
    if known_by is not None:
        query = query.where(table.known_at <= known_by)
    if recorded_by is not None:
        query = query.where(table.recorded_at <= recorded_by)
    if since is not None:
        query = query.where(table.period >= since)
    query = query.order_by(table.series_id, table.field, table.period, table.known_at)
    compiled = query.compile(connection, compile_kwargs={"render_postcompile": True, "literal_binds": True})
    cursor = connection.exec_driver_sql(str(compiled))  # past the ORM's row objects: only integers are in it
    rows = cursor.cursor.fetchall() if cursor.cursor is not None else []
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in COLUMNS]
    kinds = [np.int64, np.int64, np.int64, np.int64, np.int64, np.int64, np.float64]
    return pd.DataFrame({name: np.array(c, dtype=k) for name, c, k in zip(COLUMNS, columns, kinds, strict=True)})


def last_known(rows: pd.DataFrame, names: Mapping[int, str]) -> dict[tuple[str, str], Observed]:
    """The last row of each period; an exact instant beats an estimated one, whatever their order."""
    if rows.empty:
        return {}
    columns = {name: rows[name].to_numpy() for name in COLUMNS}
    if columns["estimated"].any() and not columns["estimated"].all():
        order = np.lexsort(
            [columns["known_at"], -columns["estimated"], columns["period"], columns["field"], columns["series_id"]]
        )
        columns = {name: column[order] for name, column in columns.items()}
    code = columns["series_id"] * 16 + columns["field"]
    ends = np.flatnonzero(np.append((np.diff(code) != 0) | (np.diff(columns["period"]) != 0), True))
    columns = {name: column[ends] for name, column in columns.items()}
    code = code[ends]
    starts = np.flatnonzero(np.append(True, np.diff(code) != 0))
    found = {}
    for start, stop in zip(starts, [*starts[1:], len(code)], strict=True):
        part = {name: column[start:stop] for name, column in columns.items()}
        key = (names[int(part["series_id"][0])], FIELD_NAMES[int(part["field"][0])])
        found[key] = Observed(
            part["period"], part["value"], part["known_at"], part["recorded_at"], part["estimated"].astype(bool)
        )
    return found


def revised_rows(connection: sa.Connection, series_ids: Sequence[int]) -> pd.DataFrame:
    """Rows that replaced an earlier row of the same period, with the value ``before``."""
    table = observation.c
    several = (
        sa.select(table.series_id, table.field, table.period)
        .where(table.series_id.in_(sorted(series_ids)))
        .group_by(table.series_id, table.field, table.period)
        .having(sa.func.count() > 1)
        .subquery()
    )
    same = sa.and_(*(several.c[name] == table[name] for name in ("series_id", "field", "period")))
    query = sa.select(*(table[name] for name in COLUMNS)).join(several, same)
    query = query.order_by(table.series_id, table.field, table.period, table.known_at)
    result = connection.execute(query)
    rows = pd.DataFrame(result.fetchall(), columns=list(COLUMNS))
    before = rows.groupby(["series_id", "field", "period"])["value"].shift()
    return rows.assign(before=before).dropna(subset=["before"])
