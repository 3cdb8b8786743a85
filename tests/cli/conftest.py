"""The command line over loopback sources: a run that shows no traceback, and a small ledger to run it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stamina
from typer.testing import CliRunner, Result

from analytics.__main__ import app
from analytics.settings import settings
from analytics.sources.pace import Pace
from tests.loopback.server import Loopback
from tests.pages.served import TODAY, copy_of, environment, fill, mirrors

Run = Callable[..., Result]


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.setattr("analytics.sources.fred.FRED_PACE", Pace(rate=10_000, burst=10_000))
    stamina.set_testing(True, attempts=1)
    with Loopback(TODAY) as running:
        yield running
    stamina.set_testing(False)


@pytest.fixture
def run(source: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("measure", "divergence", SETTING="value")``: nothing that it says is a traceback."""
    address = mirrors(source.address)
    for name, value in environment(tmp_path / "cache", **address).items():
        monkeypatch.setenv(name, value)

    def command(*words: str, **changes: str) -> Result:
        with monkeypatch.context() as patch:
            for name, value in changes.items():
                patch.setenv(name, value)
            settings.cache_clear()
            result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return command


@pytest.fixture(scope="session")
def _pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of three series."""
    stamina.set_testing(True, attempts=1)
    with Loopback(TODAY) as running:
        folder = fill(
            tmp_path_factory.mktemp("pair"), running.address, only=["silver", "bitcoin", "real_yield_10y"]
        )
    stamina.set_testing(False)
    return folder


@pytest.fixture
def held(_pair: Path, tmp_path: Path) -> Path:
    return copy_of(_pair, tmp_path / "cache")


def sentence(result: Result, code: int) -> str:
    """The one line on standard error of a command that ended so, with nothing on standard output."""
    assert (result.exit_code, result.stdout) == (code, "")
    (line,) = result.stderr.strip().split("\n")
    return line
