"""Short links: who knows the identifier may read; 128 random bits cannot be guessed. Kept beside the observations.

The table came after the first ledgers were made. It is added where it is missing when the first link is made, and a ledger
without it simply has no links: no other table changes, so SCHEMA_VERSION stays. Links do not change the ledger's version.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from analytics.clock.instants import from_micros, to_micros
from analytics.ledger import schema
from analytics.ledger.connect import ensure, holds
from analytics.ledger.faults import said_plainly

BYTES = 16
"""Of randomness in an identifier: 22 characters of A-Z a-z 0-9 - _."""
LENGTH = 22
LONGEST_QUERY, LONGEST_TITLE = 2_000, 300
_kept = schema.link.c


@dataclass(frozen=True, slots=True)
class ShortLink:
    """One row. ``as_of`` is None for live; ``query`` is the whole view as an address carries it."""

    id: str
    page: str
    query: str
    title: str
    as_of: dt.datetime | None
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None

    def opens(self, now: dt.datetime) -> bool:
        """Whether it still leads anywhere."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def create(
    engine: sa.Engine,
    page: str,
    query: str,
    title: str,
    as_of: dt.datetime | None,
    now: dt.datetime,
    expires_at: dt.datetime | None = None,
) -> ShortLink:
    """Keep a new link and return it.

    Raises:
        ValueError: a query or a title that no page of ours has.
        LedgerError: the database cannot do it.
    """
    if len(query) > LONGEST_QUERY or len(title) > LONGEST_TITLE or "\0" in query + title:
        raise ValueError("no view is that long")
    made = ShortLink(secrets.token_urlsafe(BYTES), page, query, title, as_of, now, expires_at, None)
    ensure(engine, schema.link)
    with said_plainly(), engine.execution_options(writing=True).begin() as connection:
        connection.execute(schema.link.insert().values(_row(made)))
    return made


def find(engine: sa.Engine, identifier: str, now: dt.datetime) -> ShortLink | None:
    """The link that opens under an identifier; None for one that is unknown, expired or revoked."""
    if len(identifier) != LENGTH or not identifier.isascii():
        return None
    found = _read(engine, sa.select(schema.link).where(_kept.id == identifier))
    return found[0] if found and found[0].opens(now) else None


def newest(engine: sa.Engine, limit: int = 200) -> list[ShortLink]:
    """The newest links, revoked and expired ones too."""
    return _read(engine, sa.select(schema.link).order_by(_kept.created_at.desc(), _kept.id).limit(limit))


def revoke(engine: sa.Engine, identifier: str, now: dt.datetime) -> bool:
    """End a link for good; whether there was one that had not been ended."""
    if not holds(engine, schema.link):
        return False
    live = sa.and_(_kept.id == identifier, _kept.revoked_at.is_(None))
    with said_plainly(), engine.execution_options(writing=True).begin() as connection:
        return (
            connection.execute(schema.link.update().where(live).values(revoked_at=to_micros(now))).rowcount
            == 1
        )


def _read(engine: sa.Engine, query: sa.Select) -> list[ShortLink]:
    if not holds(engine, schema.link):
        return []
    with said_plainly(), engine.connect() as connection:
        return [_link(row) for row in connection.execute(query)]


def _row(link: ShortLink) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(link, name) for name in ShortLink.__slots__}
    moments = {name: value for name, value in values.items() if isinstance(value, dt.datetime)}
    return values | {name: to_micros(moment) for name, moment in moments.items()}


def _link(row: sa.Row) -> ShortLink:
    values = dict(row._mapping)
    moments = {name: values[name] for name in ("as_of", "created_at", "expires_at", "revoked_at")}
    return ShortLink(
        **values | {name: None if held is None else from_micros(held) for name, held in moments.items()}
    )
