"""The journal beside the observations: every attempt to read a source, and what of its answer was left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from analytics.clock.instants import from_micros, to_micros
from analytics.ledger import schema
from analytics.ledger.faults import said_plainly

LeftOut = tuple[dt.date | None, str, str, str]
"""Period, field, value, reason."""
_made = schema.attempt.c


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


def write(connection: sa.Connection, attempt: Attempt, oddities: Iterable[LeftOut]) -> None:
    """Keep one attempt and what it left out."""
    values = {name: getattr(attempt, name) for name in Attempt.__slots__}
    values |= {"started_at": to_micros(attempt.started_at), "full_read": int(attempt.full_read)}
    values["message"] = _clean(attempt.message)
    number = connection.execute(schema.attempt.insert().values(values).returning(_made.id)).scalar_one()
    rows = [_oddity_row(number, attempt.series, oddity) for oddity in oddities]
    if rows:
        connection.execute(schema.oddity.insert(), rows)


def _oddity_row(number: int, series: str, oddity: LeftOut) -> dict[str, object]:
    period, field, value, reason = oddity
    days = None if period is None else (period - dt.date(1970, 1, 1)).days
    row = {"attempt_id": number, "series": series, "period": days, "field": field[:16]}
    return row | {"value": _clean(value)[:64], "reason": _clean(reason)}


def _clean(text: str) -> str:
    """Without what PostgreSQL's text cannot hold; a source may send anything."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def attempts(connection: sa.Connection, limit: int) -> pd.DataFrame:
    """The newest attempts, newest first."""
    return _frame(connection, sa.select(schema.attempt).order_by(_made.id.desc()).limit(limit))


def newest(connection: sa.Connection) -> int:
    """The number of the newest attempt; 0 before the first."""
    return int(connection.scalar(sa.select(sa.func.max(_made.id))) or 0)


def last_attempts(connection: sa.Connection) -> pd.DataFrame:
    """The newest attempt of each series, and when its newest good one was (``succeeded_at``, NaT for never)."""
    frame = _frame(connection, _newest_of_each(schema.attempt))
    good = _frame(
        connection, _newest_of_each(_made.series, _made.started_at, where=_made.outcome != "failed")
    )
    return frame.merge(good.rename(columns={"started_at": "succeeded_at"}), on="series", how="left")


def last_full_reads(connection: sa.Connection) -> dict[str, dt.datetime]:
    """When each series was last read whole with success."""
    good = sa.and_(_made.full_read == 1, _made.outcome != "failed")
    found = connection.execute(_newest_of_each(_made.series, _made.started_at, where=good))
    return {row[0]: from_micros(row[1]) for row in found}


def good_attempts(connection: sa.Connection, key: str, limit: int = 100) -> list[tuple[dt.datetime, bool]]:
    """When the newest good attempts at a series began, newest first, and whether each read its whole history."""
    query = sa.select(_made.started_at, _made.full_read).where(_made.series == key, _made.outcome != "failed")
    found = connection.execute(query.order_by(_made.id.desc()).limit(limit))
    return [(from_micros(row[0]), bool(row[1])) for row in found]


def totals(engine: sa.Engine) -> pd.DataFrame:
    """All attempts so far, brought together: columns provider, outcome, error, n, seconds, added.

    Raises:
        LedgerError: the database does not answer.
    """
    groups = (_made.provider, _made.outcome, _made.error)
    sums = (sa.func.sum(column).label(column.name) for column in (_made.seconds, _made.added))
    query = sa.select(*groups, sa.func.count().label("n"), *sums).group_by(*groups)
    with said_plainly(), engine.connect() as connection:
        return _frame(connection, query)


def oddities(connection: sa.Connection, limit: int) -> pd.DataFrame:
    """What was left out and why, newest first; only of each series' newest attempt that left something out."""
    last = sa.select(sa.func.max(schema.oddity.c.attempt_id)).group_by(schema.oddity.c.series)
    query = sa.select(schema.oddity, _made.started_at).join(
        schema.attempt, _made.id == schema.oddity.c.attempt_id
    )
    query = query.where(schema.oddity.c.attempt_id.in_(last)).order_by(schema.oddity.c.id.desc()).limit(limit)
    frame = _frame(connection, query)
    frame["period"] = pd.to_datetime(frame["period"], unit="D")
    return frame


def _newest_of_each(
    *columns: sa.Table | sa.ColumnElement, where: sa.ColumnElement[bool] | None = None
) -> sa.Select:
    # By number and not by time: where the clock went back, the newest attempt is not the one with the latest time.
    numbers = sa.select(sa.func.max(_made.id)).group_by(_made.series)
    if where is not None:
        numbers = numbers.where(where)
    return sa.select(*columns).where(_made.id.in_(numbers))


def _frame(connection: sa.Connection, query: sa.Select) -> pd.DataFrame:
    result = connection.execute(query)
    frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
    if "started_at" in frame:
        frame["started_at"] = pd.to_datetime(frame["started_at"].astype("Int64"), unit="us", utc=True)
    return frame
