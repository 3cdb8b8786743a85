"""States of the app that a reader may meet: live, stale, empty, demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stamina

from analytics.desk import demo_ledger
from analytics.providers.pace import Pace
from tests.loopback.server import Loopback
from tests.pages.reader import fresh_process, rest
from tests.pages.served import copy_of, environment, fill, ready_calendar

Open = Callable[..., Path]


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the whole catalogue as the loopback server tells it on 5 June 2026; not to be written to."""
    stamina.set_testing(True, attempts=1)
    with Loopback() as source:
        return fill(tmp_path_factory.mktemp("history"), source.address)


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's ledger; not to be written to."""
    folder = tmp_path_factory.mktemp("simulated")
    demo_ledger(folder).close()
    return folder


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Start the app in this process: ``opened(folder or None, SETTING="value", ...)`` gives the folder it works on."""
    stamina.set_testing(True, attempts=1)
    monkeypatch.setattr("analytics.providers.fred.FRED_PACE", Pace(rate=10_000, burst=10_000))
    ready_calendar()
    started = []

    def start(folder: Path | None = None, **settings: str) -> Path:
        home = tmp_path / "cache"
        if folder is not None:
            copy_of(folder, home)
        for name, value in environment(home, **settings).items():
            monkeypatch.setenv(name, value)
        fresh_process()
        started.append(home)
        return home

    yield start
    if started:
        rest()
        fresh_process()
    stamina.set_testing(False)
