"""An app over a few series whose sources fail on demand."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import stamina

from analytics import catalogue
from analytics.ledger import Ledger
from analytics.settings import Settings
from analytics.sources.refresh import Source, refresh
from tests.loopback.server import Loopback
from tests.pages.reader import Reader, fresh_process, rest
from tests.pages.served import TODAY, clock, copy_of, environment, mirrors, sources

KEY = "0123456789abcdef0123456789abcdef"
WATCHED = {
    "yahoo": ("silver", "bitcoin"),
    "fred": ("real_yield_10y", "cpi"),
    "cftc": ("silver_positions", "bitcoin_positions"),
    "lbma": ("london_vaults",),
}
"""What the app keeps in these tests: the pair, a daily figure, a series with vintages, reports of both kinds, the vaults."""
SERIES = [key for keys in WATCHED.values() for key in keys]
READS = {"whole": dt.timedelta(days=9), "newest": dt.timedelta(days=3)}
"""How long before TODAY the ledger was filled: a week later all history is read again, before that the newest part."""
Fact = tuple[str, int, int, float]
"""Series, field, period, value: a row of the ledger without when it was learned."""


@dataclass
class Stage:
    """A running app and its sources."""

    source: Loopback
    folder: Path
    patience: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WATCHED, 20.0))

    def sources(self, settings: Settings) -> dict[str, Source]:
        """As ``desk.sources``, each provider with its own patience [s]."""
        address = self.source.address
        return {
            name: sources(self.folder, address, settings.now, settings.key, self.patience[name])[name]
            for name in WATCHED
        }

    def visit(self, slug: str = "overview") -> Reader:
        """A first visitor of a process just started: the page is served while a refresh runs behind it."""
        fresh_process(keep_findings=True)
        return Reader(slug)

    def facts(self) -> set[Fact]:
        return facts(self.folder)

    def dump(self) -> str:
        """Every row of every table as text."""
        with closing(sqlite3.connect(self.folder / "ledger.sqlite")) as connection:
            return "\n".join(connection.iterdump())


def facts(folder: Path) -> set[Fact]:
    """What a ledger holds; 4-byte noise of the source is rounded away."""
    query = "SELECT key, field, period, value FROM observation JOIN series ON series.id = series_id"
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as connection:
        return {
            (key, field, day, float(f"{value:.6g}")) for key, field, day, value in connection.execute(query)
        }


def keep(folder: Path, address: str, day: dt.date) -> Path:
    """Bring a folder's ledger up to a day, with a FRED key."""
    ledger = Ledger.at(folder / "ledger.sqlite")
    done = refresh(ledger, sources(folder, address, clock(day), KEY), clock(day), only=SERIES)
    ledger.close()
    assert not done.failed, done.failed
    return folder


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders filled before TODAY, by what the next refresh will read; not to be written to."""
    made = {}
    for read, before in READS.items():
        day = TODAY - before
        with Loopback(day) as source:
            made[read] = keep(tmp_path_factory.mktemp(read), source.address, day)
    return made


@pytest.fixture(scope="session")
def truths(filled: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[Fact]]:
    """What the ledgers of ``filled`` hold after a refresh on TODAY from sources without a fault."""
    made = {}
    for read, folder in filled.items():
        with Loopback(TODAY) as source:
            made[read] = facts(
                keep(copy_of(folder, tmp_path_factory.mktemp(f"{read}-true")), source.address, TODAY)
            )
    return made


@pytest.fixture
def read() -> str:
    """What the refresh reads; a test may be parametrised with another of READS."""
    return "whole"


@pytest.fixture
def stage(
    read: str, filled: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """The app on TODAY over a copy of ``filled[read]``; the sources are up, and ``stage.source.mode`` makes them fail."""
    folder = copy_of(filled[read], tmp_path / "cache")
    monkeypatch.setattr(
        "analytics.sources.refresh.everything",
        lambda ledger, now, most=None: [catalogue.get(key) for key in SERIES],
    )
    stamina.set_testing(True, attempts=1)
    with Loopback(TODAY) as source:
        source.slow, source.retry_after = 3.0, "0"
        made = Stage(source, folder)
        monkeypatch.setattr("analytics.desk.sources", made.sources)
        urls = mirrors(source.address)
        for name, value in environment(folder, FRED_API_KEY=KEY, **urls).items():
            monkeypatch.setenv(name, value)
        yield made
        rest()
    fresh_process(keep_findings=True)
    stamina.set_testing(False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process for all of these: the ledgers are filled once."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("faults"))
