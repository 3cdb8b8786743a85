"""Typed symbols: fetched once when they are first wanted, refused with a sentence, and bounded."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from analytics import catalogue
from analytics.clock.instants import day_of
from analytics.desk import Desk
from analytics.errors import LedgerError
from analytics.ledger import symbols
from analytics.sources import due
from analytics.sources.refresh import fetch_one
from analytics.view import DEFAULT, View
from pages.shell import access, load

MOST_FETCHES, WITHIN_SECONDS = 20, 600.0
"""How many typed symbols the process fetches within how long; a link cannot make it hammer a source."""
REMEMBER_SECONDS, MOST_REMEMBERED = 600.0, 500

_recent: deque[float] = deque(maxlen=MOST_FETCHES)
_refused: dict[str, tuple[float, str]] = {}
_noted: dict[str, dt.date] = {}
"""The day on which each symbol was last kept as shown, as far as this process knows."""
_guard = threading.Lock()


def ensure(desk: Desk, chosen: View) -> tuple[View, list[str]]:
    """The view with only series that the ledger holds, and a sentence for each that it could not get."""
    problems = []
    for role, default in (("lead", DEFAULT.lead), ("follow", DEFAULT.follow)):
        key = getattr(chosen, role)
        if not key.startswith(catalogue.TYPED):
            continue
        problem = "" if key in desk.ledger.series_keys() else _fetch(desk, key)
        if not problem:
            _note(desk, key)
        if problem:
            other = chosen.follow if role == "lead" else chosen.lead
            fallback = default if default != other else "gold"
            chosen = replace(chosen, lead=fallback) if role == "lead" else replace(chosen, follow=fallback)
            problems.append(f"{problem} {catalogue.get(fallback).title} is shown instead.")
    return chosen, problems


def kept(desk: Desk) -> list[str]:
    """The typed symbols that a refresh keeps up to date, those shown last first."""
    return due.typed_symbols(desk.ledger, desk.settings.silverlead_typed_symbols)


def remove(key: str) -> None:
    """Take a symbol out of the refresh; asked again here, whatever the page showed."""
    if access.may_refresh():
        symbols.remove(load.desk().ledger.engine, key)
        _noted[key] = _today(load.desk())  # the address of whoever removed it may still name it


def _note(desk: Desk, key: str) -> None:
    """Keep that a symbol is shown: once a day, and not where the ledger cannot be written, since the page can do without."""
    if desk.live and _noted.get(key) != _today(desk):
        while len(_noted) >= MOST_REMEMBERED:
            _noted.pop(next(iter(_noted)), None)
        _noted[key] = _today(desk)
        with suppress(LedgerError):
            symbols.show(desk.ledger.engine, key, desk.settings.now())


def _today(desk: Desk) -> dt.date:
    return day_of(desk.settings.now())


def _fetch(desk: Desk, key: str) -> str:
    """Empty when the ledger now holds ``key``, else why not."""
    if not desk.live:
        return "Typed symbols need live data; this is the simulated demo."
    with _guard:
        now = time.monotonic()
        when, why = _refused.get(key, (-REMEMBER_SECONDS, ""))
        if now - when < REMEMBER_SECONDS:
            return why
        if len(_recent) == MOST_FETCHES and now - _recent[0] < WITHIN_SECONDS:
            return "Too many new symbols were asked for just now; try again in a few minutes."
        _recent.append(now)
    with st.spinner(f"Asking Yahoo for {catalogue.get(key).code}…"):
        attempt = fetch_one(desk.ledger, desk.sources, catalogue.get(key), desk.settings.now)
    if attempt.outcome != "failed":
        return ""
    with _guard:
        while len(_refused) >= MOST_REMEMBERED:
            _refused.pop(next(iter(_refused)))
        _refused[key] = (time.monotonic(), attempt.message)
    return attempt.message
