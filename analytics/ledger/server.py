"""Sessions of a PostgreSQL server that end whatever the server does: one table of bounds, ours and the server's."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.abc import RV, PQGen
from psycopg.pq import Conninfo
from sqlalchemy import event

CONNECT_SECONDS = 5
"""Longest wait for a session, and for a sign of life of one that lay unused [s]."""
STATEMENT_SECONDS = 30
SILENT_SECONDS = STATEMENT_SECONDS + 5.0
"""Longest silence within a statement [s]: a stopped process keeps its line open, and its kernel acknowledges for it."""
LINE = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""What libpq is asked for where the address says nothing else: a machine that is gone is noticed within 30 s."""
SERVER = {
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""What the server is asked for where nobody (address, role, database, server) has chosen otherwise. The last three: a
client's machine that is gone gives back the refresh lock within 30 s."""
_BOUND = (
    "SELECT set_config(name, %(value)s, false) FROM pg_settings WHERE name = %(name)s AND source = 'default'"
)


class Session(psycopg.Connection[Any]):
    """A connection that is given up after too long a silence.

    Attributes:
        patience: Longest silence within one statement [s].
    """

    patience = float(CONNECT_SECONDS)

    def wait(self, gen: PQGen[RV], *args: Any, **options: Any) -> RV:
        """As psycopg's: every answer of the server is waited for here."""
        try:
            return super().wait(_heard(gen, self.patience), *args, **options)
        except psycopg.errors.ConnectionTimeout:
            self.close()  # what it would still answer belongs to no question any more
            raise


def _heard(gen: PQGen[RV], seconds: float) -> PQGen[RV]:
    """``gen``, ended by ConnectionTimeout once nothing has moved on the line for ``seconds``; work in many small steps
    (thousands of rows in one pipeline) may take longer."""
    last = time.monotonic()
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if ready:
                last = time.monotonic()
            elif time.monotonic() - last > seconds:
                raise psycopg.errors.ConnectionTimeout("timeout: the server is silent")
            wanted = gen.send(ready)
    except StopIteration as end:
        result: RV = end.value
        return result


def options_are_known(names: Iterable[str]) -> bool:
    """Whether libpq knows every option that an address names after its ``?``."""
    return set(names) <= {option.keyword.decode() for option in Conninfo.get_defaults()}


def bound(engine: sa.Engine) -> None:
    """Make every session of an engine one that ends."""
    event.listen(engine, "do_connect", _open)
    event.listen(engine, "checkout", lambda session, *_: _be_patient(session, SILENT_SECONDS))
    event.listen(engine, "checkin", lambda session, *_: _be_patient(session, CONNECT_SECONDS))


def _open(_dialect: object, _record: object, words: tuple[Any, ...], options: dict[str, Any]) -> Session:
    try:
        session = Session.connect(*words, **(LINE | options))
    except psycopg.ProgrammingError:  # libpq cannot read the address: nothing was sent yet
        raise psycopg.OperationalError("invalid connection option") from None
    except UnicodeError:  # no name of a host has such a part
        raise psycopg.OperationalError("failed to resolve host") from None
    with session.cursor() as cursor:
        cursor.executemany(_BOUND, [{"name": name, "value": value} for name, value in SERVER.items()])
    session.commit()
    return session


def _be_patient(session: Session | None, seconds: float) -> None:
    if session is not None:  # None: it was given up
        session.patience = seconds
