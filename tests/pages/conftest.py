"""States of the app that a reader may meet: live, stale, empty, demo.

A server keeps its caches from one reader to the next, and so do these tests as long as they stay in one state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stamina

from analytics.sources.pace import Pace
from tests.few_draws import few_draws
from tests.loopback.server import Loopback
from tests.pages.reader import fresh_process, rest
from tests.pages.served import copy_of, environment, fill

Open = Callable[..., Path]
LATER = "2026-07-06"
"""A day on which everything known on served.TODAY is stale."""
_here: list[str] = []
"""The state that the process is in."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process for all of these: the whole catalogue is fetched once."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("pages"))


@pytest.fixture(scope="package", autouse=True)
def _few_draws() -> Iterator[None]:
    with few_draws():
        yield


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the whole catalogue as the loopback server tells it on 5 June 2026; not to be written to."""
    with Loopback() as source:
        return fill(tmp_path_factory.mktemp("history"), source.address)


@pytest.fixture(scope="session")
def stages(
    history: Path, simulated: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, str]]:
    """The settings of each state, with a folder of its own."""

    def folder(name: str, source: Path | None) -> Path:
        made = tmp_path_factory.mktemp(name)
        return made if source is None else copy_of(source, made)

    return {
        "live": environment(folder("live", history)),
        "stale": environment(folder("stale", history), SILVERLEAD_TODAY=LATER),
        "empty": environment(folder("empty", None)),
        "demo": environment(folder("demo", simulated), SILVERLEAD_DATA="demo"),
    }


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No waiting between tries and none for FRED's pace; a refresh that a page woke ends with the test."""
    stamina.set_testing(True, attempts=1)
    monkeypatch.setattr("analytics.sources.fred.FRED_PACE", Pace(rate=10_000, burst=10_000))
    yield
    rest()
    stamina.set_testing(False)


@pytest.fixture
def stage(
    stages: dict[str, dict[str, str]], unhurried: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Path]:
    """``stage("live")``: the app runs in that state; caches stay warm while the state is the same."""

    def enter(name: str) -> Path:
        for setting, value in stages[name].items():
            monkeypatch.setenv(setting, value)
        if _here != [name]:
            fresh_process(keep_findings=True)
            _here[:] = [name]
        return Path(stages[name]["SILVERLEAD_CACHE"])

    return enter


@pytest.fixture
def live(stage: Callable[[str], Path]) -> Path:
    return stage("live")


@pytest.fixture
def opened(tmp_path: Path, unhurried: None, monkeypatch: pytest.MonkeyPatch) -> Open:
    """The app started anew on a copy: ``opened(folder or None, SETTING="value", ...)`` gives the folder it works on.
    With ``measured=True`` all that a page shows is measured again."""

    def start(folder: Path | None = None, *, measured: bool = False, **settings: str) -> Path:
        home = tmp_path / "cache"
        if folder is not None:
            copy_of(folder, home)
        for name, value in environment(home, **settings).items():
            monkeypatch.setenv(name, value)
        fresh_process(keep_findings=not measured)
        _here.clear()
        return home

    return start
