"""A small ledger, its loopback sources, and the invariants that must hold after every harm."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from analytics import panel
from analytics.clock.instants import end_of_day, from_micros
from analytics.desk import Desk
from analytics.ledger import Ledger
from analytics.sources.refresh import Source, Summary, refresh
from tests.loopback.server import Loopback
from tests.pages.reader import Reader, fresh_process
from tests.pages.served import TODAY, clock, copy_of, environment, sources

KEY = "0123456789abcdef0123456789abcdef"
SERIES = ("silver", "bitcoin", "real_yield_10y", "cpi")
"""The pair, a daily figure, and a series with vintages."""
BEFORE = TODAY - dt.timedelta(days=9)
"""A week and more before TODAY, so that the next refresh reads all history again."""
FILE = "ledger.sqlite"
Fact = tuple[str, int, int, float]
Row = tuple[Any, ...]


@dataclass
class Outcome:
    """What came of one kind of harm.

    Attributes:
        harm: What was done.
        tries: How often.
        seen: Counts of what happened, by words.
        broken: Every invariant that did not hold, with the try it happened at.
    """

    harm: str
    tries: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def count(self, what: str, n: int = 1) -> None:
        self.seen[what] = self.seen.get(what, 0) + n

    def check(self, problems: Sequence[str]) -> None:
        """End of one try."""
        self.tries += 1
        self.broken += [f"try {self.tries}: {problem}" for problem in problems]


@dataclass(frozen=True)
class Held:
    """What a ledger holds at one moment: whole rows, and the hashes of reads as of earlier days."""

    rows: frozenset[Row]
    reads: tuple[tuple[dt.datetime, dt.datetime, str], ...]


@dataclass(frozen=True)
class Stage:
    """Folders of this run and what is true.

    Attributes:
        source: The loopback sources on TODAY.
        home: Everything of the run; removed at its end.
        filled: A folder with a ledger filled on BEFORE; not to be written to.
        truth: What the ledger holds after a refresh on TODAY without harm.
    """

    source: Loopback
    home: Path
    filled: Path
    truth: frozenset[Fact]

    def copy(self, name: str) -> Path:
        """A ledger of BEFORE that may be harmed."""
        target = self.home / name
        shutil.rmtree(target, ignore_errors=True)
        return copy_of(self.filled, target)

    def refresh(self, folder: Path, day: dt.date = TODAY, ledger: Ledger | None = None) -> Summary:
        """A whole refresh in this process."""
        return refresh_in(folder, self.source.address, day, ledger)


@contextmanager
def stage() -> Iterator[Stage]:
    """Sources and a filled ledger, in a temporary folder."""
    home = Path(tempfile.mkdtemp(prefix="silverlead-endure-"))
    try:
        with Loopback(BEFORE) as early:
            filled = home / "filled"
            refresh_in(filled, early.address, BEFORE)
        with Loopback(TODAY) as source:
            source.slow, source.retry_after = 3.0, "0"
            true = copy_of(filled, home / "true")
            done = refresh_in(true, source.address, TODAY)
            assert not done.failed, done.failed
            yield Stage(source, home, filled, facts_at(true))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def sources_at(folder: Path, address: str, day: dt.date, timeout: float = 20.0) -> dict[str, Source]:
    return sources(folder, address, clock(day), KEY, timeout)


def refresh_in(folder: Path, address: str, day: dt.date, ledger: Ledger | None = None) -> Summary:
    """Bring a folder's ledger up to a day, asking for every series."""
    held = ledger or Ledger.at(folder / FILE)
    try:
        return refresh(held, sources_at(folder, address, day), clock(day), only=SERIES)
    finally:
        if ledger is None:
            held.close()


# ------------------------------------------------------------------------------------------------------ invariants


def rows(ledger: Ledger) -> frozenset[Row]:
    """Every observation, whole: series, field, period, known_at, recorded_at, estimated, value."""
    columns = "series_id, field, period, known_at, recorded_at, estimated, value"
    return frozenset(_asked(ledger, f"SELECT {columns} FROM observation"))


def facts(ledger: Ledger) -> frozenset[Fact]:
    """Series, field, period, value: what is claimed of the world; 4-byte noise of the source is rounded away."""
    query = "SELECT key, field, period, value FROM observation JOIN series ON series.id = series_id"
    return frozenset(
        (key, kind, day, float(f"{value:.6g}")) for key, kind, day, value in _asked(ledger, query)
    )


def _asked(ledger: Ledger, query: str) -> list[Row]:
    with ledger.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def held(ledger: Ledger) -> Held:
    """The present state, with reads as of three earlier days that later writes must not change."""
    recorded = from_micros(ledger.version())
    days = [BEFORE - dt.timedelta(days=back) for back in (0, 30, 400)]
    reads = tuple((end_of_day(day), recorded, _read(ledger, end_of_day(day), recorded)) for day in days)
    return Held(rows(ledger), reads)


def held_at(folder: Path) -> Held:
    with closing(Ledger.at(folder / FILE)) as ledger:
        return held(ledger)


def facts_at(folder: Path) -> frozenset[Fact]:
    with closing(Ledger.at(folder / FILE)) as ledger:
        return facts(ledger)


def _read(ledger: Ledger, as_of: dt.datetime, recorded: dt.datetime) -> str:
    return panel.build(ledger, SERIES, as_of, recorded_by=recorded).sha256


def problems(before: Held, ledger: Ledger, truth: frozenset[Fact]) -> list[str]:
    """What does not hold: no lost row, no false row, as-of reads unchanged, version not behind the rows."""
    now, found = rows(ledger), []
    if lost := len(before.rows - now):
        found.append(f"{lost} rows were lost")
    if false := len(facts(ledger) - truth):
        found.append(f"{false} false facts")
    for as_of, recorded, sha256 in before.reads:
        if _read(ledger, as_of, recorded) != sha256:
            found.append(f"the read as of {as_of:%Y-%m-%d} changed")
    if ledger.version() < max((row[4] for row in now), default=0):
        found.append("the version is behind the rows")
    return found


def problems_at(before: Held, folder: Path, truth: frozenset[Fact]) -> list[str]:
    """``problems`` of a file, opened anew, which looks at every page of it."""
    with closing(Ledger.at(folder / FILE)) as ledger:
        return problems(before, ledger, truth)


def halves(
    before: Iterable[Fact], now: Iterable[Fact], truth: Iterable[Fact], stored: Iterable[str]
) -> list[str]:
    """A series is as it was or whole, and whole where the refresher had said that it was stored."""
    found = []
    for key in SERIES:
        was, has, whole = ({fact for fact in facts_ if fact[0] == key} for facts_ in (before, now, truth))
        if has not in (was, whole):
            found.append(f"{key} is half stored")
        if key in stored and has != whole:
            found.append(f"{key} was said to be stored and is not")
    return found


def page(folder: Path, slug: str = "overview", *, full: bool = True) -> list[str]:
    """Whether a page is served from the folder by a process just started; ``full``: with the pair's figure on it."""
    with served(folder):
        reader = Reader(slug)
        found = [f"page: {error[:80]}" for error in reader.errors]
        if full and not found and "indexed" not in reader.figures():
            found.append("page: the pair is not drawn")
        return found


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[None]:
    """The app over a folder, asking no source: what it shows is what the ledger holds."""
    with (
        patch.dict(os.environ, environment(folder, **settings)),
        patch.object(Desk, "wake", return_value=False),
    ):
        fresh_process()
        yield
    fresh_process()


def healed(stage: Stage, folder: Path) -> list[str]:
    """Whether the next refresh brings everything back to what is true."""
    done = stage.refresh(folder)
    return [f"the refresh after it failed: {attempt.message}" for attempt in done.failed] + missing(
        stage.truth, facts_at(folder)
    )


def missing(truth: frozenset[Fact], found: frozenset[Fact]) -> list[str]:
    n = len(truth - found)
    return [f"{n} facts are missing"] if n else []
