"""Honest ledgers, made once a process: a copy is lied to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.sources.admission import stage
from tests.sources.admission.stage import AFTER, DAYS, LIE_ON, Twin, fill

Honest = Callable[[str, str], tuple[Path, Twin]]


@pytest.fixture
def _short_histories() -> Iterator[None]:
    """For one test: the catalogue is the whole process's, and the tests after it know the true one."""
    with stage.short_histories():
        yield


@pytest.fixture
def honest(_short_histories: None, _ledgers: Honest) -> Honest:
    """By code and mode (``empty`` is filled on the day of the lie): the ledger before the lie, and the twin."""
    return _ledgers


@pytest.fixture(scope="session")
def _ledgers(tmp_path_factory: pytest.TempPathFactory) -> Honest:

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
