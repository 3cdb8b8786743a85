"""What is thought of a series beside its rows: whether it is confirmed, which answers contradict it, what answers lacked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from analytics.clock.instants import from_micros, to_micros
from analytics.ledger import schema

CONFIRMED, UNCONFIRMED, CONTRADICTED, APPROVED = "confirmed", "unconfirmed", "contradicted", "approved"
"""``unconfirmed``: nothing else speaks of it. ``contradicted``: something else says otherwise; pages call both unconfirmed.
``approved`` is a person's word: the next answer that contradicts what is held is taken, and the series is confirmed."""
BY_A_PERSON = "A person confirmed it."
WAITING = "waiting"
"""The kind of an answer of which only some rows were not stored."""
MOST_DISPUTES = 40
"""Kept of one series; the oldest go first."""
_standing, _dispute, _absence = schema.standing.c, schema.dispute.c, schema.absence.c


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest word on a series: ``confirmed``, ``unconfirmed`` or ``approved``, why, and since when."""

    state: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class DisputedAnswer:
    """An answer that was not stored, or the part of it that was not.

    Attributes:
        kind: What is wrong with it (``admission.dispute`` has the kinds).
        reason: The sentence a reader sees.
        asked_at: When it was given.
        whole: It was a read of the whole history.
        days: Days since 1970 of its main field, rising, int64, shape (n,).
        levels: Values, shape (n,).
    """

    kind: str
    reason: str
    asked_at: dt.datetime
    whole: bool
    days: np.ndarray
    levels: np.ndarray


def say(connection: sa.Connection, key: str, state: str, reason: str, now: dt.datetime, version: int) -> None:
    """Add a word on a series."""
    values = {"series": key, "state": state, "reason": reason, "at": to_micros(now), "recorded_at": version}
    connection.execute(schema.standing.insert().values(values))


def newest(connection: sa.Connection, recorded_by: int | None = None) -> dict[str, Standing]:
    """The newest word on each series, as this ledger knew it by an instant."""
    last = sa.select(sa.func.max(_standing.id)).group_by(_standing.series)
    if recorded_by is not None:
        last = last.where(_standing.recorded_at <= recorded_by)
    query = sa.select(schema.standing).where(_standing.id.in_(last))
    return {
        row.series: Standing(row.state, row.reason, from_micros(row.at)) for row in connection.execute(query)
    }


def describe(connection: sa.Connection, key: str, name: str, value: str, version: int) -> bool:
    """Note what a source says of a series, where that is news; whether it was."""
    if traits(connection, name).get(key) == value:
        return False
    row = {"series": key, "name": name, "value": value, "recorded_at": version}
    connection.execute(schema.trait.insert().values(row))
    return True


def traits(connection: sa.Connection, name: str) -> dict[str, str]:
    """The newest value of a trait such as ``currency`` of each series that has one."""
    table = schema.trait.c
    last = sa.select(sa.func.max(table.id)).where(table.name == name).group_by(table.series)
    return {
        row.series: row.value for row in connection.execute(sa.select(schema.trait).where(table.id.in_(last)))
    }


def keep(connection: sa.Connection, key: str, answer: DisputedAnswer) -> None:
    """Remember a disputed answer."""
    values = {
        "series": key,
        "kind": answer.kind,
        "reason": answer.reason,
        "asked_at": to_micros(answer.asked_at),
        "whole": int(answer.whole),
        "days": answer.days.astype("<i8").tobytes(),
        "levels": answer.levels.astype("<f8").tobytes(),
    }
    connection.execute(schema.dispute.insert().values(values))
    old = (
        sa.select(_dispute.id)
        .where(_dispute.series == key)
        .order_by(_dispute.id.desc())
        .offset(MOST_DISPUTES)
    )
    numbers = list(connection.scalars(old))
    if numbers:
        connection.execute(schema.dispute.delete().where(_dispute.id.in_(numbers)))


def disputed(connection: sa.Connection, key: str) -> list[DisputedAnswer]:
    """The open disputes of a series, oldest first."""
    query = sa.select(schema.dispute).where(_dispute.series == key).order_by(_dispute.id)
    return [
        DisputedAnswer(
            row.kind,
            row.reason,
            from_micros(row.asked_at),
            bool(row.whole),
            np.frombuffer(row.days, "<i8").astype(np.int64),
            np.frombuffer(row.levels, "<f8").astype(np.float64),
        )
        for row in connection.execute(query)
    ]


def disputed_keys(connection: sa.Connection, rows_too: bool) -> set[str]:
    """Series with an open dispute of a whole answer, or also those with rows that wait."""
    query = sa.select(_dispute.series).distinct()
    return set(connection.scalars(query if rows_too else query.where(_dispute.kind != WAITING)))


def settle(connection: sa.Connection, key: str) -> None:
    """Forget the disputes and absences of a series: its newest answer and what is held agree."""
    connection.execute(schema.dispute.delete().where(_dispute.series == key))


def missed(connection: sa.Connection, key: str, periods: Iterable[int], asked_at: dt.datetime) -> None:
    """Note held dates [days since 1970] that a good answer lacked."""
    rows = [{"series": key, "period": int(day), "asked_at": to_micros(asked_at)} for day in periods]
    if rows:
        connection.execute(schema.absence.insert(), rows)


def absences(connection: sa.Connection, key: str) -> dict[int, list[dt.datetime]]:
    """When answers lacked which held dates, by day since 1970."""
    found: dict[int, list[dt.datetime]] = {}
    query = sa.select(schema.absence).where(_absence.series == key).order_by(_absence.asked_at)
    for row in connection.execute(query):
        found.setdefault(row.period, []).append(from_micros(row.asked_at))
    return found


def present_again(connection: sa.Connection, key: str, periods: Iterable[int]) -> None:
    """Forget the absences of dates that an answer has again."""
    days = [int(day) for day in periods]
    if days:
        connection.execute(schema.absence.delete().where(_absence.series == key, _absence.period.in_(days)))
