"""Typed symbols that a refresh keeps: those that readers showed last, up to a number. Their history stays whatever becomes of them.

The table came later and is added where it is missing, as that of links.py. A typed symbol that has no row there, from before the
table, counts as shown long ago.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from analytics.clock.instants import to_micros
from analytics.ledger import schema
from analytics.ledger.connect import ensure, holds
from analytics.ledger.faults import said_plainly

DAY = dt.timedelta(days=1)
REMOVED = -1
"""Stands for the instant of a symbol that somebody removed: it comes back when a reader shows it again."""
_typed = schema.typed_symbol.c


def show(engine: sa.Engine, key: str, now: dt.datetime) -> None:
    """Keep that a typed symbol was shown; nothing is written where that is known of the last day.

    Raises:
        LedgerError: the database cannot do it.
    """
    if _shown(engine).get(key, 0) <= to_micros(now - DAY):
        _write(engine, key, to_micros(now))


def remove(engine: sa.Engine, key: str) -> None:
    """Take a typed symbol out of the refresh until it is shown again.

    Raises:
        LedgerError: the database cannot do it.
    """
    _write(engine, key, REMOVED)


def kept(engine: sa.Engine, held: Iterable[str], most: int) -> list[str]:
    """Of the typed symbols that the ledger holds, the ``most`` that were shown last, those first.

    Raises:
        LedgerError: the database cannot say.
    """
    shown = _shown(engine)
    wanted = [key for key in held if shown.get(key, 0) != REMOVED]
    return sorted(wanted, key=lambda key: (-shown.get(key, 0), key))[:most]


def _shown(engine: sa.Engine) -> dict[str, int]:
    if not holds(engine, schema.typed_symbol):
        return {}
    with said_plainly(), engine.connect() as connection:
        return {row.key: row.shown_at for row in connection.execute(sa.select(schema.typed_symbol))}


def _write(engine: sa.Engine, key: str, shown_at: int) -> None:
    ensure(engine, schema.typed_symbol)
    with said_plainly(), engine.execution_options(writing=True).begin() as connection:
        connection.execute(schema.typed_symbol.delete().where(_typed.key == key))
        connection.execute(schema.typed_symbol.insert().values(key=key, shown_at=shown_at))
