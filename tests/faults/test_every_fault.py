"""Each fault of each provider: the refresh ends, the ledger keeps only what is true, the Data page names the fault,
no key appears anywhere, and the next refresh heals."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest
import stamina
from streamlit.testing.v1 import AppTest

from analytics import catalogue, health, panel
from analytics.instants import end_of_day
from analytics.ledger import Ledger
from analytics.refresh import refresh
from tests.loopback.server import Loopback
from tests.pages.served import clock, environment, sources

KEY = "0123456789abcdef0123456789abcdef"
AFTER = dt.date(2026, 6, 5)
A_FEW_DAYS, MORE_THAN_A_WEEK = dt.date(2026, 6, 1), dt.date(2026, 5, 26)
"""Days of the first read: after more than a week everything is read whole, and only then a halved history shows."""
ONLY = {"yahoo": ["silver", "bitcoin"], "fred": ["real_yield_10y", "payrolls"]}
PATHS = {"yahoo": "/v8", "fred": "/"}
FAILS = {
    "429": "slow down",
    "500": "status 500",
    "html": "cannot be read",
    "empty": "",
    "drop": "",
    "slow": "no answer within",
    "truncated": "",
    "shrink": "lost history",
}
"""Faults of a whole answer, and words that the reader is given (empty: any of our sentences)."""
LEAVES = ("partial", "spike", "duplicate")
"""Faults of single rows: the rest of the answer is good."""


@pytest.fixture(autouse=True)
def _hurried() -> object:
    stamina.set_testing(True, attempts=1)
    yield
    stamina.set_testing(False)


def truth(folder: Path, address: str, only: list[str], day: dt.date) -> dict[str, object]:
    """What the source says when it is well."""
    ledger = Ledger.at(folder / "truth.sqlite")
    refresh(ledger, sources(folder / "truth", address, clock(day), KEY), clock(day), only=only)
    found = panel.build(ledger, only, end_of_day(day))
    ledger.close()
    return dict(found.columns)


def kept(ledger: Ledger, only: list[str], day: dt.date) -> dict[str, object]:
    return dict(panel.build(ledger, only, end_of_day(day)).columns)


@pytest.mark.parametrize("provider", ["yahoo", "fred"])
@pytest.mark.parametrize("mode", [*FAILS, *LEAVES])
def test_a_fault_costs_freshness_and_nothing_else(
    mode: str, provider: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    only = ONLY[provider]
    before = MORE_THAN_A_WEEK if mode == "shrink" else A_FEW_DAYS
    with Loopback(AFTER) as source:
        source.slow = 1.5
        ledger = Ledger.at(tmp_path / "ledger.sqlite")
        source.now = before
        ask = sources(tmp_path, source.address, clock(before), KEY, 0.5 if mode == "slow" else 20.0)
        assert not refresh(ledger, ask, clock(before), only=only).failed
        good = kept(ledger, only, before)

        source.now, source.mode, source.only = AFTER, mode, PATHS[provider]
        ask = sources(tmp_path, source.address, clock(AFTER), KEY, 0.5 if mode == "slow" else 20.0)
        summary = refresh(ledger, ask, clock(AFTER), only=only, force=True)
        source.mode = "ok"
        well = truth(tmp_path, source.address, only, AFTER)
        _only_true(kept(ledger, only, AFTER), well)
        for key, column in good.items():
            assert set(column.index) <= set(kept(ledger, only, AFTER)[key].index), "a row was lost"
        said = _data_page_says(ledger, only)
        if mode in FAILS:
            assert {attempt.series for attempt in summary.failed} == set(only)
            assert FAILS[mode] in said
        else:
            assert not summary.failed
            assert said or mode != "spike", "what was left out is not said"

        assert not refresh(ledger, ask, clock(AFTER), only=only, force=True).failed
        _same(kept(ledger, only, AFTER), well)
        _no_key(ledger, said, caplog)
        _page_serves(ledger, tmp_path, monkeypatch)


def _only_true(found: dict[str, object], well: dict[str, object]) -> None:
    """Every stored value is one that the source stands by."""
    for key, column in found.items():
        true = well[key].reindex(column.index)
        assert ((column - true).abs() <= 1e-6 * true.abs()).all(), key


def _same(found: dict[str, object], well: dict[str, object]) -> None:
    _only_true(found, well)
    for key, column in well.items():
        assert list(found[key].index) == list(column.index), key


def _data_page_says(ledger: Ledger, only: list[str]) -> str:
    """The reasons that the Data page would show for these series."""
    held = panel.build(ledger, only, end_of_day(AFTER))
    rows = health.health([catalogue.get(key) for key in only], held, ledger.last_attempts(), {})
    odd = ledger.oddities()
    return " ".join([*(row.trouble for row in rows), *odd["reason"]])


def _no_key(ledger: Ledger, said: str, caplog: pytest.LogCaptureFixture) -> None:
    everything = said + caplog.text + ledger.attempts().to_csv() + ledger.oddities().to_csv()
    assert KEY not in everything
    assert "api_key" not in everything
    raw = Path(str(ledger.engine.url.database)).read_bytes()
    assert KEY.encode() not in raw


def _page_serves(ledger: Ledger, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Data page opens on what is held."""
    from analytics.settings import settings
    from pages.shell import load

    ledger.close()
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    load.desk.clear()
    app = AppTest.from_file(Path(__file__).resolve().parents[2] / "app.py", default_timeout=60)
    app.switch_page("pages/data.py").run()
    assert not app.exception
    load.desk.clear()
