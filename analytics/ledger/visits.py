"""Visits that ended before their cookie did: who signed out. Kept beside the observations, for every process of a server.

The table came later and is added where it is missing, as that of links.py; a ledger without it knows of nobody who signed out.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from analytics.clock.instants import to_micros
from analytics.ledger import schema
from analytics.ledger.connect import ensure, holds
from analytics.ledger.faults import said_plainly

_ended = schema.ended_visit.c


def end(engine: sa.Engine, visit: str, until: dt.datetime, now: dt.datetime) -> None:
    """Keep that a visit has ended, until its cookie would have; those whose time has come are forgotten.

    Raises:
        LedgerError: the database cannot do it.
    """
    ensure(engine, schema.ended_visit)
    with said_plainly(), engine.execution_options(writing=True).begin() as connection:
        over = sa.or_(_ended.until < to_micros(now), _ended.id == visit)
        connection.execute(schema.ended_visit.delete().where(over))
        connection.execute(schema.ended_visit.insert().values(id=visit, until=to_micros(until)))


def ended(engine: sa.Engine, visit: str) -> bool:
    """Whether a visit has ended.

    Raises:
        LedgerError: the database cannot say.
    """
    if not holds(engine, schema.ended_visit):
        return False
    with said_plainly(), engine.connect() as connection:
        return connection.execute(sa.select(_ended.id).where(_ended.id == visit)).first() is not None
