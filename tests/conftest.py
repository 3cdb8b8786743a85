"""What all tests share: settings that come from nowhere else, a ledger in a temporary folder, and one on each engine."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser

from analytics.clock.calendars import us_sessions
from analytics.ledger import Ledger
from analytics.ledger.connect import sqlite_url
from analytics.settings import Settings, settings
from tests import postgres
from tests.recorded import TODAY, ledger_of_the_record
from tests.requirements import require
from tests.serving.chromium import launched

# A busy machine is no failure: nothing here is timed. Speeds are ratios, in bench/.
hypothesis_settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("project")

ENGINES = [
    "sqlite",
    pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")]),
]


LATER = (
    "bench",
    "browser",
    "cli/test_brief.py",
    "cli/test_check.py",
    "cli/test_interrupt.py",
    "evaluate/test_codec.py::test_every_finding",
    "faults",
    "pages",
    "serving",
    "ledger/test_merge.py",
    "ledger/test_processes.py",
    "ledger/test_server.py",
    "sources/admission/test_lies.py",
    "sources/test_witnesses.py",
    "test_reopened.py",
    "test_upgrade.py",
    "topics/claims/test_recipes.py",
    "topics/claims/test_shown.py",
)
"""Marked ``long``: real servers, browsers and whole pages, every kind of lie; their rules have quick tests beside them."""
LONG = ("pages", "browser", "serving", "faults", "findings")
"""Groups that take longest: they begin first, so that no process is left with one of them when the others have ended."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marked here, before ``-m`` looks at marks."""
    if item.nodeid.removeprefix("tests/").startswith(LATER):
        item.add_marker(pytest.mark.long)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests of one ``xdist_group`` in one process. pytest-xdist 3.8 writes the group to ``_nodeid``, where pytest 9.2
    no longer looks: without this, groups are ignored without a word, and each process starts its own servers."""
    for item in items:
        if {"demo", "record", "newcomer"} & set(
            getattr(item, "fixturenames", ())
        ):  # one process for all that ask these ledgers
            item.add_marker(pytest.mark.xdist_group("findings"))
    items.sort(key=_turn)
    for item in items:
        grouped = getattr(item, "_nodeid", item.nodeid)
        if grouped != item.nodeid:
            item._id = type(item.id).parse(grouped)


def _turn(item: pytest.Item) -> int:
    mark = item.get_closest_marker("xdist_group")
    name = mark.args[0] if mark else ""
    return LONG.index(name) if name in LONG else len(LONG)


@pytest.fixture(scope="session", autouse=True)
def _calendar() -> None:
    """The exchange's calendar is made once, and with what pandas deprecates: that is for its authors to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        us_sessions()


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the machine, and no .env of its user, takes part in a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server a test process; all its tests run in one process (xdist_group)."""
    folder = postgres.programs()
    if folder is None:
        require("postgres", f"no PostgreSQL server's programs under {postgres.PROGRAMS}")
    with postgres.server(folder) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One system Chromium a module; each test has its own context in it, as a new browser would."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's ledger, made once a test process; not to be written to."""
    from analytics.desk import demo_ledger

    folder = tmp_path_factory.mktemp("simulated")
    demo_ledger(folder).close()
    return folder


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty live ledger in a file."""
    opened = Ledger.at(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


@pytest.fixture(params=ENGINES)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty place for a ledger, on either engine."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_server").database())
    return str(sqlite_url(tmp_path / "ledger.sqlite"))


@pytest.fixture
def any_ledger(ledger_url: str) -> Iterator[Ledger]:
    """An empty live ledger, on either engine."""
    opened = Ledger(ledger_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def demo(simulated: Path) -> Iterator[Ledger]:
    """The simulated ledger."""
    from analytics.desk import demo_ledger

    opened = demo_ledger(simulated)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The recorded market as a ledger that read all of it on ``TODAY``."""
    opened = ledger_of_the_record(tmp_path_factory.mktemp("record") / "ledger.sqlite")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The same for whoever installs on ``TODAY``: the contracts that have expired are gone."""
    opened = ledger_of_the_record(tmp_path_factory.mktemp("newcomer") / "ledger.sqlite", expired=False)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def today() -> dt.date:
    return TODAY
