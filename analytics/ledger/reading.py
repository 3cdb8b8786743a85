"""From table rows to what was known: SQL that reads in key order, then one pass of numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
import sqlalchemy as sa

from analytics.ledger.merge import same
from analytics.ledger.schema import FIELD_NAMES, MOST_FIELDS, observation

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
    return _frame(connection, query.order_by(table.series_id, table.field, table.period, table.known_at))


def _frame(connection: sa.Connection, query: sa.Select) -> pd.DataFrame:
    """The answer's COLUMNS, integers but for the last.

    The driver's rows flow into one array without becoming objects of ours: half the time of a read of everything.
    Doubles hold every integer here (instants are below 2**53).
    """
    compiled = query.compile(connection, compile_kwargs={"render_postcompile": True, "literal_binds": True})
    result = connection.exec_driver_sql(str(compiled))  # only integers are in the text
    cells = np.fromiter(chain.from_iterable(result.cursor), np.float64).reshape(-1, len(COLUMNS))  # type: ignore[arg-type]
    result.close()
    *integers, value = (np.ascontiguousarray(column) for column in cells.T)
    columns = dict(zip(COLUMNS, (column.astype(np.int64) for column in integers), strict=False))
    return pd.DataFrame({**columns, "value": value})


def last_known(rows: pd.DataFrame, names: Mapping[int, str]) -> dict[tuple[str, str], Observed]:
    """The last row of each period; an exact instant beats an estimated one, whatever their order."""
    if rows.empty:
        return {}
    columns = {name: rows[name].to_numpy() for name in COLUMNS}
    if columns["estimated"].any() and not columns["estimated"].all():
        order = np.lexsort(
            [
                columns["known_at"],
                -columns["estimated"],
                columns["period"],
                columns["field"],
                columns["series_id"],
            ]
        )
        columns = {name: column[order] for name, column in columns.items()}
    code = columns["series_id"] * MOST_FIELDS + columns["field"]
    ends = np.flatnonzero(np.append((np.diff(code) != 0) | (np.diff(columns["period"]) != 0), True))
    columns = {name: column[ends] for name, column in columns.items()}
    code = code[ends]
    starts = np.flatnonzero(np.append(True, np.diff(code) != 0))
    found = {}
    for start, stop in zip(starts, [*starts[1:], len(code)], strict=True):
        part = {name: column[start:stop] for name, column in columns.items()}
        key = (names[int(part["series_id"][0])], FIELD_NAMES[int(part["field"][0])])
        found[key] = Observed(
            part["period"],
            part["value"],
            part["known_at"],
            part["recorded_at"],
            part["estimated"].astype(bool),
        )
    return found


def replaced(
    connection: sa.Connection, series_ids: Sequence[int], known_by: int | None = None
) -> pd.DataFrame:
    """The rows with which the value that an as-of read gives for a period changed, and the value ``before``.

    A period's value is its last exact row where there is one and else its last estimate; a row that changes nothing of
    that (the exact instant of a value that was held as an estimate, say) is no revision.
    """
    table = observation.c
    period = (table.series_id, table.field, table.period)
    several = sa.select(*period).where(table.series_id.in_(sorted(series_ids)))
    several_rows = several.group_by(*period).having(sa.func.count() > 1).subquery()
    alike = sa.and_(*(several_rows.c[column.name] == column for column in period))
    query = sa.select(*(table[name] for name in COLUMNS)).join(several_rows, alike)
    if known_by is not None:
        query = query.where(table.known_at <= known_by)
    rows = _frame(connection, query.order_by(*period, table.known_at))
    keys = [rows["series_id"], rows["field"], rows["period"]]
    exact = rows["value"].where(rows["estimated"] == 0).groupby(keys).ffill()
    stands = exact.fillna(rows["value"])
    before = stands.groupby(keys).shift()
    changed = before.notna().to_numpy() & ~same(stands.to_numpy(), before.to_numpy())
    return rows.assign(value=stands, before=before)[changed]
