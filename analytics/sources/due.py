"""Who is due: which series to ask for now and from when on, by each one's own calendar and by what happened before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analytics import catalogue
from analytics.catalogue import Series
from analytics.clock import calendars
from analytics.clock.instants import day_of
from analytics.errors import UnknownSymbol
from analytics.ledger import Ledger, symbols
from analytics.ledger.standing import CONTRADICTED, UNCONFIRMED, Standing
from analytics.sources.admission.record import occasions

MOST_TYPED = 50
"""Typed symbols that a refresh keeps, unless SILVERLEAD_TYPED_SYMBOLS says otherwise."""
REREAD_SESSIONS = 10
REREAD_PERIODS = 24
FULL_READ_EVERY = dt.timedelta(days=7)
ASK_UNKNOWN_AGAIN = dt.timedelta(days=1)
WATCHED = 4
"""A typed symbol, which nothing confirms, is read whole until so many good answers, 20 hours apart, agree."""
ASK_AGAIN = {"d": dt.timedelta(hours=4), "w": dt.timedelta(hours=12)}
"""Pause before a late figure is asked for again; a day for slower series."""
PERIOD_DAYS = {"w": 7, "m": 31, "q": 92, "a": 366}


@dataclass(frozen=True, slots=True)
class Job:
    """One series to ask for, from ``since`` on (None: the whole history)."""

    series: Series
    since: dt.date | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is held of a series and what its last attempts brought; an instant after now (the clock went back) is none."""

    last: dt.date | None
    full_read: dt.datetime | None
    succeeded: dt.datetime | None
    failed: bool
    unknown_at: dt.datetime | None
    watched: bool


def everything(ledger: Ledger, now: dt.datetime, most_typed: int = MOST_TYPED) -> list[Series]:
    """All series that a refresh keeps: the catalogue, the listed contract months, silver's months of delivery, and the typed symbols shown last."""
    typed = [catalogue.get(key) for key in typed_symbols(ledger, most_typed)]
    return list({series.key: series for series in [*catalogue.followed(day_of(now)), *typed]}.values())


def typed_symbols(ledger: Ledger, most: int = MOST_TYPED) -> list[str]:
    """Keys of the typed symbols that a refresh keeps, those shown last first."""
    held = [key for key in ledger.series_keys() if key.startswith(catalogue.TYPED)]
    return symbols.kept(ledger.engine, held, most) if held else []


def due(ledger: Ledger, wanted: Sequence[Series], now: dt.datetime, *, force: bool = False) -> list[Job]:
    """Which series to ask for now, and from when.

    A series is due when it was never read, when its last attempt failed, or when a newer figure should be out by its
    own calendar and it was not asked for a while; weekly it is read whole, so that old revisions are seen.
    """
    state = _state(ledger, wanted, now)
    jobs = []
    for series in wanted:
        known = state[series.key]
        whole = known.last is None or known.full_read is None or now - known.full_read >= FULL_READ_EVERY
        if force or (_wanted(known, now) if known.failed else whole or _newer_expected(series, known, now)):
            jobs.append(Job(series, None if whole or known.watched else reread_from(series, known.last)))
    return jobs


def reread_from(series: Series, last: dt.date | None) -> dt.date | None:
    """Where a reread begins: 10 sessions or 24 periods back (two holidays among the sessions allowed for)."""
    if last is None:
        return None
    if series.frequency == "d":
        return last - dt.timedelta(days=REREAD_SESSIONS if series.every_day else REREAD_SESSIONS * 7 // 5 + 3)
    return last - dt.timedelta(days=PERIOD_DAYS[series.frequency] * REREAD_PERIODS)


def _state(ledger: Ledger, wanted: Sequence[Series], now: dt.datetime) -> dict[str, _Known]:
    last, full = ledger.last_periods(), ledger.last_full_reads()
    attempts = {row["series"]: row for row in ledger.last_attempts().to_dict("records")}
    disputed, found = ledger.disputed(rows_too=True), {}
    standings = ledger.standings()
    for series in wanted:
        row = attempts.get(series.key, {})
        failed = row.get("outcome") == "failed"
        unknown = row["started_at"] if failed and row["error"] == UnknownSymbol.__name__ else None
        found[series.key] = _Known(
            last.get((series.key, series.field)),
            _past(full.get(series.key), now),
            _past(row.get("succeeded_at"), now),
            failed,
            _past(unknown, now),
            series.key in disputed or _is_watched(ledger, series, standings.get(series.key)),
        )
    return found


def _is_watched(ledger: Ledger, series: Series, word: Standing | None) -> bool:
    """Whether a series is read whole: while something contradicts it, and a typed symbol at first."""
    if word is None or not series.key.startswith(catalogue.TYPED):
        return word is not None and word.state == CONTRADICTED
    good = [instant for instant, _ in ledger.good_attempts(series.key)]
    return word.state == UNCONFIRMED and occasions(good) < WATCHED


def _past(instant: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    return None if instant is None or pd.isna(instant) or instant > now else instant


def _wanted(known: _Known, now: dt.datetime) -> bool:
    """A failed series is asked again at once, but one that its source does not know only once a day."""
    return known.unknown_at is None or now - known.unknown_at >= ASK_UNKNOWN_AGAIN


def _newer_expected(series: Series, known: _Known, now: dt.datetime) -> bool:
    if known.last is None or known.succeeded is None:
        return True
    newest = calendars.newest_expected(series, now, known.last)
    if newest == known.last:
        return False
    # Asked since it came due and got nothing: it is late, so ask again only now and then.
    asked_since = known.succeeded >= calendars.release(series, newest)
    return not asked_since or now - known.succeeded >= ASK_AGAIN.get(series.frequency, dt.timedelta(days=1))
