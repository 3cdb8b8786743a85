"""Whole-universe scans beside the observations: what was asked, and each finished part, so that a killed scan goes on.

The tables came after the first ledgers were made and are added where they are missing, like the one of short links. A scan
never changes the ledger's version.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from analytics.clock.instants import from_micros, to_micros
from analytics.ledger import schema
from analytics.ledger.connect import ensure, holds
from analytics.ledger.faults import said_plainly

_scan, _part = schema.scan.c, schema.scan_part.c
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A scan as it was asked.

    Attributes:
        id: Made of the data and the choices: the same question has the same name.
        keys: The universe.
        left_out: Why each of the others took no part.
        as_of: What was known.
        first, last: First and last day of the returns.
        n: Returns of each series.
        draws: Wild draws.
        begun_at, finished_at: By the clock of whoever ran it; ``finished_at`` is None until its last part is kept.
    """

    id: str
    keys: tuple[str, ...]
    left_out: Mapping[str, str]
    as_of: dt.datetime
    first: dt.date
    last: dt.date
    n: int
    draws: int
    begun_at: dt.datetime
    finished_at: dt.datetime | None = None


def begin(engine: sa.Engine, asked: ScanRow) -> ScanRow:
    """Keep a new scan; one of the same name that is there already is returned instead."""
    ensure(engine, schema.scan)
    with said_plainly(), engine.execution_options(writing=True).begin() as connection:
        held = connection.execute(sa.select(schema.scan).where(_scan.id == asked.id)).one_or_none()
        if held is not None:
            return _of(held)
        connection.execute(schema.scan.insert().values(_values(asked)))
    return asked


def keep(engine: sa.Engine, scan_id: str, number: int, body: bytes) -> None:
    """Keep one finished part; one that is held already stays as it is."""
    there = sa.and_(_part.scan_id == scan_id, _part.number == number)
    with said_plainly(), engine.execution_options(writing=True).begin() as connection:
        if connection.scalar(sa.select(sa.func.count()).where(there)) == 0:
            connection.execute(schema.scan_part.insert().values(scan_id=scan_id, number=number, body=body))


def kept(engine: sa.Engine, scan_id: str) -> dict[int, bytes]:
    """The finished parts of a scan by number."""
    query = sa.select(_part.number, _part.body).where(_part.scan_id == scan_id)
    with said_plainly(), engine.connect() as connection:
        return {row.number: bytes(row.body) for row in connection.execute(query)}


def finish(engine: sa.Engine, scan_id: str, now: dt.datetime) -> None:
    """Say that every part is kept; pages show the scan from now on."""
    change = schema.scan.update().where(_scan.id == scan_id, _scan.finished_at.is_(None))
    with said_plainly(), engine.execution_options(writing=True).begin() as connection:
        connection.execute(change.values(finished_at=to_micros(now)))


def newest(engine: sa.Engine, as_of: dt.datetime, recorded_by: dt.datetime | None = None) -> ScanRow | None:
    """The newest finished scan of what was known by ``as_of``; for frozen data, one that was finished by then."""
    if not holds(engine, schema.scan):
        return None
    query = sa.select(schema.scan).where(_scan.finished_at.is_not(None), _scan.as_of <= to_micros(as_of))
    if recorded_by is not None:
        query = query.where(_scan.finished_at <= to_micros(recorded_by))
    with said_plainly(), engine.connect() as connection:
        row = connection.execute(
            query.order_by(_scan.as_of.desc(), _scan.finished_at.desc()).limit(1)
        ).first()
    return None if row is None else _of(row)


def _values(asked: ScanRow) -> dict[str, object]:
    return {
        "id": asked.id,
        "keys": json.dumps(asked.keys),
        "left_out": json.dumps(dict(asked.left_out)),
        "as_of": to_micros(asked.as_of),
        "first": (asked.first - _EPOCH).days,
        "last": (asked.last - _EPOCH).days,
        "n": asked.n,
        "draws": asked.draws,
        "begun_at": to_micros(asked.begun_at),
        "finished_at": None if asked.finished_at is None else to_micros(asked.finished_at),
    }


def _of(row: sa.Row) -> ScanRow:
    values = dict(row._mapping)
    values |= {"keys": tuple(json.loads(values["keys"])), "left_out": json.loads(values["left_out"])}
    values |= {name: _EPOCH + dt.timedelta(days=values[name]) for name in ("first", "last")}
    for name in ("as_of", "begun_at", "finished_at"):
        values[name] = None if values[name] is None else from_micros(values[name])
    return ScanRow(**values)
