"""The ledger: rows are only ever added, and "as of T" is a read of it, never a filter on a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import sqlalchemy as sa

from analytics.catalogue import Series
from analytics.errors import LedgerDamaged, LedgerFull, LedgerUnavailable
from analytics.instants import from_micros, to_micros
from analytics.ledger import connect, reading, schema
from analytics.ledger.merge import merge_rows
from analytics.ledger.reading import Observed

ROWS_PER_INSERT = 50_000


@dataclass(frozen=True, slots=True)
class Added:
    """What an append did: periods seen for the first time, and new values for periods already held."""

    new: int
    revised: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one series: a row of the Data page.

    ``outcome`` is ``ok`` (new rows), ``unchanged`` or ``failed``; ``error`` is the class of our error tree.
    """

    series: str
    provider: str
    started_at: dt.datetime
    seconds: float
    full_read: bool
    outcome: str
    added: int = 0
    revised: int = 0
    refused: int = 0
    error: str = ""
    message: str = ""


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
    """Observations over SQLAlchemy; safe to share between threads.

    Args:
        url: ``sqlite:///file`` or ``postgresql://...``.
        kind: ``live`` or ``demo``; one ledger never holds both.

    Raises:
        LedgerDamaged: the file cannot be read as a ledger of this kind.
        LedgerUnavailable: the database does not answer.
    """

    def __init__(self, url: str, kind: str = "live") -> None:
        self.kind = kind
        self.engine = connect.make_engine(url)
        self._writer = self.engine.execution_options(writing=True)
        connect.create(self.engine, kind)
        self._ids: dict[str, int] = {}

    @classmethod
    def at(cls, path: Path, kind: str = "live") -> Ledger:
        """The ledger in a file, made where there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(connect.sqlite_url(path), kind)

    def close(self) -> None:
        self.engine.dispose()

    # -- writing ------------------------------------------------------------------------------------------------

    def append(self, series: Series, rows: pd.DataFrame, now: dt.datetime, *, fill_only: bool = False) -> Added:
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
        done: list[Added] = []
        with self._write() as connection:
            version = self._advance(connection, now)
            for series, rows in batch:
                series_id = self._series_id(connection, series.key)
                stored = reading.raw_rows(connection, [series_id], since=_first_period(rows))
                merged = merge_rows(rows, stored, vintages=series.vintages, now=to_micros(now), fill_only=fill_only)
                _insert(connection, series_id, merged.rows, version)
                done.append(Added(merged.new, merged.revised))
            if not any(added.new or added.revised for added in done):
                connection.rollback()  # an unchanged ledger keeps its version, so caches stay warm
        return done

    def log(self, attempt: Attempt, oddities: Iterable[tuple[dt.date | None, str, str, str]] = ()) -> None:
        """Keep one attempt and what it left out: (period, field, value, reason) each."""
        with self._write() as connection:
            values = {
                **{name: getattr(attempt, name) for name in Attempt.__slots__},
                "started_at": to_micros(attempt.started_at),
                "full_read": int(attempt.full_read),
            }
            key = connection.execute(schema.attempt.insert().values(values)).inserted_primary_key
            rows = [
                {
                    "attempt_id": key[0] if key else 0,
                    "series": attempt.series,
                    "period": None if period is None else (period - dt.date(1970, 1, 1)).days,
                    "field": field,
                    "value": value[:64],
                    "reason": reason,
                }
                for period, field, value, reason in oddities
            ]
            if rows:
                connection.execute(schema.oddity.insert(), rows)

    def _advance(self, connection: sa.Connection, now: dt.datetime) -> int:
        """The recorded_at of this write: the clock, or just after the last write where the clock went back."""
        held = connection.scalar(sa.select(schema.state.c.version)) or 0
        version = max(to_micros(now), held + 1)
        connection.execute(schema.state.update().values(version=version))
        return version

    def _series_id(self, connection: sa.Connection, key: str) -> int:
        found = connection.scalar(sa.select(schema.series.c.id).where(schema.series.c.key == key))
        if found is None:
            result = connection.execute(schema.series.insert().values(key=key))
            found = result.inserted_primary_key[0] if result.inserted_primary_key else 0
        return int(found)

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with _said_plainly(), self._writer.connect() as connection, connection.begin() as transaction:
            if self.engine.dialect.name == "postgresql":
                # The state row is the writers' queue: recorded_at must grow in the order of commits.
                connection.execute(sa.select(schema.state.c.id).with_for_update())
            yield connection
            if not transaction.is_active:
                return

    # -- reading ------------------------------------------------------------------------------------------------

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
            pd.DataFrame({"period": found.dates.astype("datetime64[s]"), "field": name, "value": found.values})
            for (_, name), found in self.read([key], far, fields=tuple(schema.FIELDS)).items()
        ]
        empty = pd.DataFrame({"period": np.array([], "datetime64[s]"), "field": [], "value": np.array([], float)})
        return pd.concat(parts, ignore_index=True) if parts else empty

    def version(self) -> int:
        """Grows with every write that changed something; the key of every cache [microseconds since 1970 UTC]."""
        with self._read() as connection:
            return int(connection.scalar(sa.select(schema.state.c.version)) or 0)

    def last_periods(self) -> dict[tuple[str, str], dt.date]:
        """The newest period held, by (key, field)."""
        table, names = schema.observation.c, schema.series.c
        query = (
            sa.select(names.key, table.field, sa.func.max(table.period))
            .join(schema.series, names.id == table.series_id)
            .group_by(names.key, table.field)
        )
        with self._read() as connection:
            return {
                (row[0], schema.FIELD_NAMES[row[1]]): dt.date(1970, 1, 1) + dt.timedelta(days=row[2])
                for row in connection.execute(query)
            }

    def series_keys(self) -> list[str]:
        """Keys of all series with at least one row."""
        with self._read() as connection:
            return list(connection.scalars(sa.select(schema.series.c.key).order_by(schema.series.c.id)))

    def attempts(self, limit: int = 500) -> pd.DataFrame:
        """The newest attempts, newest first: the columns of ``Attempt`` and ``id``."""
        query = sa.select(schema.attempt).order_by(schema.attempt.c.id.desc()).limit(limit)
        return self._frame(query)

    def newest_attempt(self) -> int:
        """The number of the newest attempt; 0 before the first."""
        with self._read() as connection:
            return int(connection.scalar(sa.select(sa.func.max(schema.attempt.c.id))) or 0)

    def revision_counts(self, as_of: dt.datetime) -> dict[str, int]:
        """How many values were replaced by an instant, by series key."""
        table, names = schema.observation.c, schema.series.c
        periods = (
            sa.select(table.series_id, (sa.func.count() - 1).label("more"))
            .where(table.known_at <= to_micros(as_of))
            .group_by(table.series_id, table.field, table.period)
            .having(sa.func.count() > 1)
            .subquery()
        )
        query = (
            sa.select(names.key, sa.func.sum(periods.c.more))
            .join(schema.series, names.id == periods.c.series_id)
            .group_by(names.key)
        )
        with self._read() as connection:
            return {row[0]: int(row[1]) for row in connection.execute(query)}

    def last_attempts(self) -> pd.DataFrame:
        """The newest attempt of each series, and when it last succeeded (``succeeded_at``, NaT for never)."""
        newest = sa.select(sa.func.max(schema.attempt.c.id)).group_by(schema.attempt.c.series)
        frame = self._frame(sa.select(schema.attempt).where(schema.attempt.c.id.in_(newest)))
        good = self._frame(
            sa.select(schema.attempt.c.series, sa.func.max(schema.attempt.c.started_at).label("started_at"))
            .where(schema.attempt.c.outcome != "failed")
            .group_by(schema.attempt.c.series)
        ).rename(columns={"started_at": "succeeded_at"})
        return frame.merge(good, on="series", how="left")

    def last_full_reads(self) -> dict[str, dt.datetime]:
        """When each series was last read whole with success."""
        query = (
            sa.select(schema.attempt.c.series, sa.func.max(schema.attempt.c.started_at))
            .where(schema.attempt.c.full_read == 1, schema.attempt.c.outcome != "failed")
            .group_by(schema.attempt.c.series)
        )
        with self._read() as connection:
            return {row[0]: from_micros(row[1]) for row in connection.execute(query)}

    def oddities(self, limit: int = 500) -> pd.DataFrame:
        """What was left out of answers and why, newest first; only each series' newest attempts that left some."""
        newest = sa.select(sa.func.max(schema.oddity.c.attempt_id)).group_by(schema.oddity.c.series)
        query = (
            sa.select(schema.oddity, schema.attempt.c.started_at)
            .join(schema.attempt, schema.attempt.c.id == schema.oddity.c.attempt_id)
            .where(schema.oddity.c.attempt_id.in_(newest))
            .order_by(schema.oddity.c.id.desc())
            .limit(limit)
        )
        frame = self._frame(query)
        frame["period"] = pd.to_datetime(frame["period"], unit="D")
        return frame

    def revisions(self, keys: Sequence[str] | None = None, limit: int = 500) -> list[Revision]:
        """Values that replaced earlier ones, the newest first."""
        with self._read() as connection:
            ids = self._known_ids(connection, keys)
            rows = reading.revised_rows(connection, list(ids.values()))
        names = {series_id: key for key, series_id in ids.items()}
        found = [
            Revision(
                names[int(row.series_id)],
                schema.FIELD_NAMES[int(row.field)],
                dt.date(1970, 1, 1) + dt.timedelta(days=int(row.period)),
                float(row.before),
                float(row.value),
                from_micros(int(row.known_at)),
            )
            for row in rows.sort_values("known_at", ascending=False).head(limit).itertuples()
        ]
        return found

    def _known_ids(self, connection: sa.Connection, keys: Sequence[str] | None) -> dict[str, int]:
        """Ids by key of the series that have rows; ids never change, so they are kept."""
        wanted = set(keys) if keys is not None else None
        if wanted is None or not wanted <= self._ids.keys():
            rows = connection.execute(sa.select(schema.series.c.key, schema.series.c.id))
            self._ids = {row[0]: int(row[1]) for row in rows}
        return dict(self._ids) if wanted is None else {key: self._ids[key] for key in wanted if key in self._ids}

    def _frame(self, query: sa.Select) -> pd.DataFrame:
        with self._read() as connection:
            result = connection.execute(query)
            frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
        for name in frame.columns.intersection(["started_at"]):
            frame[name] = pd.to_datetime(frame[name].astype("Int64"), unit="us", utc=True)
        return frame

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with _said_plainly(), self.engine.connect() as connection:
            yield connection


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Database failures as our own errors, without addresses in their text."""
    try:
        yield
    except sa.exc.OperationalError as error:
        text = str(error.orig).lower()
        if "full" in text or "disk" in text or "no space" in text:
            raise LedgerFull from None
        if "malformed" in text or "not a database" in text:
            raise LedgerDamaged("The ledger file") from None
        raise LedgerUnavailable(text.splitlines()[0][:80] if text else "no answer") from None
    except sa.exc.DatabaseError as error:
        if "malformed" in str(error.orig) or "not a database" in str(error.orig):
            raise LedgerDamaged("The ledger file") from None
        raise


def _first_period(rows: pd.DataFrame) -> int:
    """The earliest period of ``rows`` [days since 1970]; nothing before it can collide with them."""
    if rows.empty:
        return 0
    return int(rows["period"].to_numpy().astype("datetime64[D]").min().astype(int))


def _insert(connection: sa.Connection, series_id: int, rows: pd.DataFrame, version: int) -> None:
    columns = ("field", "period", "known_at", "estimated", "value")
    values = list(zip(*(rows[name].tolist() for name in columns), strict=True))
    marks = "%s, %s, %s, %s, %s, %s, %s" if connection.dialect.name == "postgresql" else "?, ?, ?, ?, ?, ?, ?"
    statement = (
        "INSERT INTO observation (series_id, recorded_at, field, period, known_at, estimated, value) "
        f"VALUES ({marks})"
    )
    for start in range(0, len(values), ROWS_PER_INSERT):
        part = [(series_id, version, *row) for row in values[start : start + ROWS_PER_INSERT]]
        connection.exec_driver_sql(statement, part)
