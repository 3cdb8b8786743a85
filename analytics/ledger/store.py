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
from analytics.clock.instants import from_micros, to_micros
from analytics.errors import LedgerUnavailable
from analytics.ledger import connect, journal, reading, retractions, schema, standing, writing
from analytics.ledger.faults import CHECK_FILE, said_plainly
from analytics.ledger.journal import Attempt
from analytics.ledger.reading import Observed
from analytics.ledger.retractions import Retraction
from analytics.ledger.standing import DisputedAnswer, Standing
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
        self._tables: set[str] = set()
        self._complete = False
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

    def take(
        self,
        series: Series,
        rows: pd.DataFrame,
        retired: np.ndarray,
        word: tuple[str, str] | None,
        now: dt.datetime,
        reason: str,
        currency: str | None = None,
    ) -> Added:
        """Retract the periods that an answer does away with, add what is new of it, and note what it says of the series, in
        one transaction.

        Args:
            series, rows, now: As ``append``.
            retired: Held periods to retract, days since 1970.
            word: State and reason to note in ``standing``; None leaves it.
            reason: Why they are retracted.
            currency: Of its prices, to be noted.
        """
        with self._write() as connection:
            spans = writing.retire(
                connection, series.key, retired, now, writing.advance(connection, now), reason
            )
            (added,) = writing.append(connection, [(series, rows)], now, fill_only=False)
            version = int(connection.scalar(sa.select(schema.state.c.version)) or 0)
            if word is not None:
                standing.say(connection, series.key, *word, now, version)
            noted = currency is not None and standing.describe(
                connection, series.key, "currency", currency, version
            )
            if not (added.new or added.revised or spans or word or noted):
                connection.rollback()  # an unchanged ledger keeps its version, so caches stay warm
        return added

    def retract(self, key: str, first: dt.date, last: dt.date, reason: str, now: dt.datetime) -> int:
        """Let what is held of a series from ``first`` to ``last`` no longer count from now on; returns how many periods
        that are."""
        held = self.held(key)
        days = held["period"].to_numpy().astype("datetime64[D]").astype(np.int64)
        span = [(day - retractions.EPOCH).days for day in (first, last)]
        periods = np.unique(days[(days >= span[0]) & (days <= span[1])])
        with self._write() as connection:
            writing.retire(connection, key, periods, now, writing.advance(connection, now), reason)
        return len(periods)

    def undo_retraction(self, number: int, now: dt.datetime) -> bool:
        """Let the rows that a retraction hides count again; whether there was such a retraction."""
        with self._write() as connection:
            return retractions.undo(connection, number, now, writing.advance(connection, now))

    def say(self, key: str, state: str, reason: str, now: dt.datetime) -> None:
        """Note a word on a series (``standing``)."""
        with self._write() as connection:
            standing.say(connection, key, state, reason, now, writing.advance(connection, now))

    def remember(self, key: str, answer: DisputedAnswer) -> None:
        """Keep an answer that contradicts what is held."""
        with self._write() as connection:
            standing.keep(connection, key, answer)

    def settle(self, key: str) -> None:
        """Forget the disputed answers of a series."""
        with self._write() as connection:
            standing.settle(connection, key)

    def miss(self, key: str, gone: Iterable[int], back: Iterable[int], asked_at: dt.datetime) -> None:
        """Note held dates [days since 1970] that a good answer lacked, and those that it has again."""
        with self._write() as connection:
            standing.missed(connection, key, gone, asked_at)
            standing.present_again(connection, key, back)

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with said_plainly():
            if not self._complete:  # a ledger of an earlier version gets the tables that came later
                connect.add_tables(self.engine)
                self._complete = True
            with self._writer.begin() as connection:
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
            holding = self._holding(connection, list(ids.values()), as_of, recorded_by)
        if holding:
            rows = rows[~retractions.hidden(rows, holding)]
        names = {series_id: key for key, series_id in ids.items()}
        return reading.last_known(rows, names)

    def _holding(
        self,
        connection: sa.Connection,
        ids: Sequence[int],
        as_of: dt.datetime | None = None,
        recorded_by: dt.datetime | None = None,
    ) -> list[tuple[int, int, int, int]]:
        """Retractions in force; none in a ledger of an earlier version that may not be written."""
        if not ids or not self._has(connection, schema.retraction):
            return []
        instants = (None if instant is None else to_micros(instant) for instant in (as_of, recorded_by))
        return retractions.in_force(connection, ids, *instants)

    def _has(self, connection: sa.Connection, table: sa.Table) -> bool:
        """Whether a table that came after the first ledgers is there; once it is, it stays."""
        if table.name not in self._tables and sa.inspect(connection).has_table(table.name):
            self._tables.add(table.name)
        return table.name in self._tables

    def held(self, key: str) -> pd.DataFrame:
        """The newest value of every period of a series: columns period (datetime64[s]), field, value and recorded_at
        [microseconds since 1970 UTC]."""
        far = dt.datetime.max.replace(tzinfo=dt.UTC)
        parts = [
            pd.DataFrame(
                {
                    "period": found.dates.astype("datetime64[s]"),
                    "field": name,
                    "value": found.values,
                    "recorded_at": found.recorded_at,
                }
            )
            for (_, name), found in self.read([key], far, fields=tuple(schema.FIELDS)).items()
        ]
        empty = {
            "period": np.array([], "datetime64[s]"),
            "field": [],
            "value": np.array([], float),
            "recorded_at": np.array([], np.int64),
        }
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(empty)

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
            found = {
                (row[0], schema.FIELD_NAMES[row[1]]): dt.date(1970, 1, 1) + dt.timedelta(days=row[2])
                for row in connection.execute(query)
            }
            ids = self._known_ids(connection, None)
            retracted = {row[0] for row in self._holding(connection, list(ids.values()))}
        for key in (key for key, series_id in ids.items() if series_id in retracted):
            found = {at: day for at, day in found.items() if at[0] != key}
            newest = self.held(key).groupby("field")["period"].max()
            found |= {(key, str(field)): period.date() for field, period in newest.items()}
        return found

    def series_keys(self) -> list[str]:
        """Keys of all series with at least one row."""
        with self._read() as connection:
            return list(connection.scalars(sa.select(schema.series.c.key).order_by(schema.series.c.id)))

    # -- what is thought of it ------------------------------------------------------------------------------------

    def standings(self, recorded_by: dt.datetime | None = None) -> dict[str, Standing]:
        """The newest word on each series; a series without one was filled before there were such words."""
        with self._read() as connection:
            if not self._has(connection, schema.standing):
                return {}
            return standing.newest(connection, None if recorded_by is None else to_micros(recorded_by))

    def currencies(self) -> dict[str, str]:
        """ISO code of the currency of prices, of each series whose source said it."""
        with self._read() as connection:
            return standing.traits(connection, "currency") if self._has(connection, schema.trait) else {}

    def disputes(self, key: str) -> list[DisputedAnswer]:
        """The open disputes of a series, oldest first."""
        with self._read() as connection:
            return standing.disputed(connection, key) if self._has(connection, schema.dispute) else []

    def disputed(self, *, rows_too: bool = False) -> set[str]:
        """Series with an open dispute of a whole answer, or also those with rows that wait."""
        with self._read() as connection:
            there = self._has(connection, schema.dispute)
            return standing.disputed_keys(connection, rows_too) if there else set()

    def absences(self, key: str) -> dict[int, list[dt.datetime]]:
        """When good answers lacked which held dates, by day since 1970."""
        with self._read() as connection:
            return standing.absences(connection, key) if self._has(connection, schema.absence) else {}

    def retractions(self) -> list[Retraction]:
        """The newest retractions, undone ones too."""
        with self._read() as connection:
            return retractions.listed(connection) if self._has(connection, schema.retraction) else []

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

    def good_attempts(self, key: str) -> list[tuple[dt.datetime, bool]]:
        """When the newest good attempts at a series began, newest first, and whether each read its whole history."""
        with self._read() as connection:
            return journal.good_attempts(connection, key)

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
