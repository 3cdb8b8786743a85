"""Ledgers that the findings are asked of: the demo's, made once, and the recorded market's where it is at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.desk import demo_ledger
from analytics.ledger import Ledger
from tests.recorded import TODAY, ledger_of_the_record


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process for all that ask these ledgers: they are made once."""
    for item in items:
        if {"demo", "record"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("findings"))


@pytest.fixture(scope="session")
def demo(simulated: Path) -> Iterator[Ledger]:
    ledger = demo_ledger(simulated)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The recorded market as a ledger that read all of it on ``TODAY``."""
    ledger = ledger_of_the_record(tmp_path_factory.mktemp("record") / "ledger.sqlite")
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def today() -> dt.date:
    return TODAY
