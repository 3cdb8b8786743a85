"""Honest ledgers, made once a process: a copy is lied to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from analytics import catalogue
from analytics.ledger import Ledger
from tests.admission import stage
from tests.admission.stage import DAYS, LIE_ON, Twin, World

Honest = Callable[[str, str], tuple[Path, Twin]]
AFTER = 3
"""Honest days within which everything heals."""


@pytest.fixture(scope="session")
def _short_histories() -> Iterator[None]:
    """A catalogue whose series begin where the stage's sources do, so that nobody misses what they do not tell."""
    rows = catalogue.load()
    short = {
        key: replace(row, begins=_later(row.begins), first_day=_later(row.first_day))
        for key, row in rows.items()
    }
    whole = dict(rows)
    rows.update(short)
    yield
    rows.update(whole)


def _later(first: dt.date | None) -> dt.date:
    return max(first or stage.BEGINS, stage.BEGINS)


@pytest.fixture(scope="session")
def honest(_short_histories: None, tmp_path_factory: pytest.TempPathFactory) -> Honest:
    """By code and mode (``empty`` is filled on the day of the lie): the ledger before the lie, and the twin."""

    @cache
    def made(code: str, mode: str) -> tuple[Path, Twin]:
        folder = tmp_path_factory.mktemp("honest")
        count = LONGEST if mode == "incremental" and code in WITNESSED else AFTER + 1
        return fill(folder, code, days_before(mode), DAYS[lie_place(mode) : lie_place(mode) + count])

    return made


WITNESSED = ("SI=F", "DFII10")
"""Held series about which somebody lies for days."""
LONGEST = 14
"""Days from the lie on that this needs."""


def lie_place(mode: str) -> int:
    return LIE_ON["incremental" if mode == "empty" else mode]


def days_before(mode: str) -> list[dt.date]:
    return [] if mode == "empty" else DAYS[:2]


def fill(folder: Path, code: str, before: list[dt.date], after: list[dt.date]) -> tuple[Path, Twin]:
    """A ledger as it was after ``before``, and a twin that goes on through ``after``."""
    world, keys, panels = World(folder), stage.watched(code), {}
    ledger = Ledger.at(folder / "twin.sqlite")
    template = folder / "before.sqlite"
    for day in [*before, *after]:
        if day == after[0]:
            template = copied(ledger, folder)
            ledger = Ledger.at(folder / "twin.sqlite")
        world.refresh(ledger, day, keys)
        panels[day] = stage.at(ledger, keys[0], day)
    ledger.close()
    return template, Twin(keys[0], panels)


def copied(ledger: Ledger, folder: Path) -> Path:
    """A closed copy of an open ledger's file."""
    target = folder / "before.sqlite"
    with ledger.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{target.as_posix()}'")
        connection.exec_driver_sql("BEGIN")
    ledger.close()
    return target
