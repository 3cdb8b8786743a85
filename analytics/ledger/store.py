"""The ledger: rows are only ever added, and "as of T" is a read of it, never a filter on a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import sqlalchemy as sa

from analytics.catalogue import Series
from analytics.errors import LedgerUnavailable
from analytics.instants import from_micros, to_micros
from analytics.ledger import connect, journal, reading, schema, writing
from analytics.ledger.faults import CHECK_FILE, said_plainly
from analytics.ledger.journal import Attempt
from analytics.ledger.reading import Observed
from analytics.ledger.writing import Added


@dataclass(frozen=True, slots=True)
class Revision:
    """A value that replaced an earlier one for the same period."""

    series: str
    field: str
    period: dt.date
    before: float
    after: float
    known_at: dt.datetime


class Ledger:
    """Observations over SQLAlchemy; safe to share between threads. Every method raises ``LedgerError`` where the
    database cannot do what is asked.

    Args:
        url: ``sqlite:///file`` or ``postgresql://...``.
        kind: ``live`` or ``demo``; one ledger never holds both.

    Raises:
        LedgerDamaged: the file cannot be read as a ledger.
        LedgerForeign: a ledger of another kind or schema, or another program's tables.
        LedgerUnavailable: the database does not answer.
    """

    def __init__(self, url: str | sa.URL, kind: str = "live") -> None:
        self.kind = kind
        self.engine = connect.make_engine(url)
        self._writer = self.engine.execution_options(writing=True)
        self._ids: dict[str, int] = {}
        with ExitStack() as undo:
            undo.callback(self.engine.dispose)
            connect.create(self.engine, kind)
            undo.pop_all()

    @classmethod
    def at(cls, path: Path, kind: str = "live") -> Ledger:
        """The ledger in a file, made where there is none."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise LedgerUnavailable("its folder cannot be made", CHECK_FILE) from None
        return cls(connect.sqlite_url(path), kind)

    def close(self) -> None:
        self.engine.dispose()

    # -- writing ------------------------------------------------------------------------------------------------

    def append(
        self, series: Series, rows: pd.DataFrame, now: dt.datetime, *, fill_only: bool = False
    ) -> Added:
        """Add what is not held yet.

        Args:
            series: The catalogue row.
            rows: Columns period, field, value, known_at, estimated (``door.Admitted.rows``); no NaN.
            now: The present instant: when a later revision became known.
            fill_only: Only periods that are not held at all (imports of history).

        Returns:
            How many periods are new and how many values were revised.
        """
        return self.append_many([(series, rows)], now, fill_only=fill_only)[0]

    def append_many(
        self, batch: Sequence[tuple[Series, pd.DataFrame]], now: dt.datetime, *, fill_only: bool = False
    ) -> list[Added]:
        """``append`` for several series in one transaction: all of it is stored or nothing."""
        with self._write() as connection:
            done = writing.append(connection, batch, now, fill_only=fill_only)
            if not any(added.new or added.revised for added in done):
                connection.rollback()  # an unchanged ledger keeps its version, so caches stay warm
        return done

    def log(self, attempt: Attempt, oddities: Iterable[journal.LeftOut] = ()) -> None:
        """Keep one attempt and what it left out: (period, field, value, reason) each."""
        with self._write() as connection:
            journal.write(connection, attempt, oddities)

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with said_plainly(), self._writer.begin() as connection:
            writing.take_turn(connection)
            yield connection

    # -- what was known -----------------------------------------------------------------------------------------

    def read(
        self,
        keys: Sequence[str],
        as_of: dt.datetime,
        recorded_by: dt.datetime | None = None,
        fields: Sequence[str] = ("value", "close", "split"),
    ) -> dict[tuple[str, str], Observed]:
        """What was known at an instant: for each period the last row with known_at <= ``as_of``.

        An exact release time beats an estimated one for the same period.

        Args:
            keys: Series keys; those without a row are absent from the answer.
            as_of: Nothing known later is read.
            recorded_by: Nothing that this ledger learned later is read (frozen data).
            fields: Which fields.

        Returns:
            By (key, field): periods [days since 1970] rising, values, and when they were known.
        """
        with self._read() as connection:
            ids = self._known_ids(connection, keys)
            rows = reading.raw_rows(
                connection,
                list(ids.values()),
                fields=[schema.FIELDS[name] for name in fields],
                known_by=to_micros(as_of),
                recorded_by=None if recorded_by is None else to_micros(recorded_by),
            )
        names = {series_id: key for key, series_id in ids.items()}
        return reading.last_known(rows, names)

    def held(self, key: str) -> pd.DataFrame:
        """The newest value of every period of a series: columns period (datetime64[s]), field, value."""
        far = dt.datetime.max.replace(tzinfo=dt.UTC)
        parts = [
            pd.DataFrame(
                {"period": found.dates.astype("datetime64[s]"), "field": name, "value": found.values}
            )
            for (_, name), found in self.read([key], far, fields=tuple(schema.FIELDS)).items()
        ]
        empty = pd.DataFrame(
            {"period": np.array([], "datetime64[s]"), "field": [], "value": np.array([], float)}
        )
        return pd.concat(parts, ignore_index=True) if parts else empty

    def revisions(self, keys: Sequence[str] | None = None, limit: int = 500) -> list[Revision]:
        """Values that replaced earlier ones, the newest first."""
        with self._read() as connection:
            names = {series_id: key for key, series_id in self._known_ids(connection, keys).items()}
            rows = reading.replaced(connection, list(names))
        newest = rows.sort_values("known_at", ascending=False, kind="stable").head(limit)
        return [
            Revision(
                names[row.series_id],
                schema.FIELD_NAMES[row.field],
                dt.date(1970, 1, 1) + dt.timedelta(days=row.period),
                row.before,
                row.value,
                from_micros(row.known_at),
            )
            for row in newest.itertuples()
        ]

    def revision_counts(self, as_of: dt.datetime) -> dict[str, int]:
        """How many values were replaced by an instant, by series key; series without a revision are absent."""
        with self._read() as connection:
            names = {series_id: key for key, series_id in self._known_ids(connection, None).items()}
            rows = reading.replaced(connection, list(names), to_micros(as_of))
        return {
            names[series_id]: int(n) for series_id, n in rows["series_id"].value_counts(sort=False).items()
        }

    # -- what is held -------------------------------------------------------------------------------------------

    def version(self) -> int:
        """Grows with every write that changed something; the key of every cache [microseconds since 1970 UTC]."""
        with self._read() as connection:
            return int(connection.scalar(sa.select(schema.state.c.version)) or 0)

    def last_periods(self) -> dict[tuple[str, str], dt.date]:
        """The newest period held, by (key, field)."""
        table, names = schema.observation.c, schema.series.c
        query = sa.select(names.key, table.field, sa.func.max(table.period))
        query = query.join(schema.series, names.id == table.series_id).group_by(names.key, table.field)
        with self._read() as connection:
            return {
                (row[0], schema.FIELD_NAMES[row[1]]): dt.date(1970, 1, 1) + dt.timedelta(days=row[2])
                for row in connection.execute(query)
            }

    def series_keys(self) -> list[str]:
        """Keys of all series with at least one row."""
        with self._read() as connection:
            return list(connection.scalars(sa.select(schema.series.c.key).order_by(schema.series.c.id)))

    # -- the journal --------------------------------------------------------------------------------------------

    def attempts(self, limit: int = 500) -> pd.DataFrame:
        """The newest attempts, newest first: the columns of ``Attempt`` and ``id``."""
        with self._read() as connection:
            return journal.attempts(connection, limit)

    def newest_attempt(self) -> int:
        """The number of the newest attempt; 0 before the first."""
        with self._read() as connection:
            return journal.newest(connection)

    def last_attempts(self) -> pd.DataFrame:
        """The newest attempt of each series, and when it last succeeded (``succeeded_at``, NaT for never)."""
        with self._read() as connection:
            return journal.last_attempts(connection)

    def last_full_reads(self) -> dict[str, dt.datetime]:
        """When each series was last read whole with success."""
        with self._read() as connection:
            return journal.last_full_reads(connection)

    def oddities(self, limit: int = 500) -> pd.DataFrame:
        """What was left out of answers and why, newest first; only each series' newest attempts that left some."""
        with self._read() as connection:
            return journal.oddities(connection, limit)

    def _known_ids(self, connection: sa.Connection, keys: Sequence[str] | None) -> dict[str, int]:
        """Ids by key of the series that have rows; ids never change, so they are kept."""
        wanted = set(keys) if keys is not None else None
        if wanted is None or not wanted <= self._ids.keys():
            rows = connection.execute(sa.select(schema.series.c.key, schema.series.c.id))
            self._ids = {row[0]: int(row[1]) for row in rows}
        return (
            dict(self._ids) if wanted is None else {key: self._ids[key] for key in wanted if key in self._ids}
        )

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with said_plainly(), self.engine.connect() as connection:
            yield connection
