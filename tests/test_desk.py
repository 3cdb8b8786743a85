"""The desk: live or demo, a probe that ends, and one refresher in the background."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics import catalogue
from analytics import desk as desks
from analytics.desk import Desk, reachable, sources
from analytics.errors import LedgerFull, LedgerUnavailable, RefreshRunning
from analytics.ledger import Attempt
from analytics.settings import Settings
from analytics.sources.refresh import Progress, Summary
from tests.ledger.rows import NOW, SILVER, rows
from tests.loopback.server import Loopback

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _small_demo(monkeypatch):
    """The demo's own tests look at its world; here one series of it will do."""
    answer = rows(SILVER, ["2026-06-01"], [70.0])
    monkeypatch.setattr("analytics.sources.demo.admitted", lambda: [(SILVER, answer)])


def configured(folder: Path, **more: object) -> Settings:
    known = {
        "silverlead_yahoo_url": NOWHERE,
        "silverlead_fred_url": NOWHERE,
        "silverlead_cftc_url": NOWHERE,
        "silverlead_lbma_url": NOWHERE,
        "silverlead_today": dt.date(2026, 6, 5),
    }
    return Settings(silverlead_cache=folder, **known | more)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[object]:
    made = []

    def make(**more: object) -> Desk:
        made.append(Desk(configured(tmp_path, **more)))
        return made[-1]

    yield make
    for one in made:
        settle(one)
        one.ledger.close()


def settle(desk: Desk) -> None:
    until = time.monotonic() + 30
    while desk.refreshing:
        assert time.monotonic() < until
        time.sleep(0.01)


# ---------------------------------------------------------------------------------------------------- live or demo


def test_with_no_source_and_no_ledger_it_is_the_demo_and_says_why(opened):
    desk = opened()
    assert (desk.live, desk.ledger.kind, desk.why_demo) == (
        False,
        "demo",
        "no source could be reached when the app started",
    )
    assert desk.ledger.series_keys() == ["silver"]
    assert desk.wake(asked=True) is False  # the demo has nobody to ask


def test_demo_when_it_is_asked_for(opened):
    desk = opened(silverlead_data="demo")
    assert (desk.live, desk.why_demo) == (False, "SILVERLEAD_DATA asks for it")


def test_live_when_it_is_asked_for_without_a_probe(opened, monkeypatch):
    monkeypatch.setattr(desks, "reachable", lambda settings: pytest.fail("probed"))
    desk = opened(silverlead_data="live")
    assert (desk.live, desk.why_demo, desk.ledger.series_keys()) == (True, "", [])


def test_live_with_a_ledger_without_a_probe(opened, tmp_path, monkeypatch):
    with_data = desks.live_ledger(configured(tmp_path))
    with_data.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)
    with_data.close()
    monkeypatch.setattr(desks, "reachable", lambda settings: pytest.fail("probed"))
    assert opened().live


def test_live_when_a_source_answers(opened):
    with Loopback() as source:
        assert opened(silverlead_fred_url=source.address).live
        assert len(source.log) == 1


def test_a_database_that_does_not_answer_is_an_error_and_not_the_demo(tmp_path):
    with pytest.raises(LedgerUnavailable):
        Desk(configured(tmp_path, database_url="postgresql://u:geheim@127.0.0.1:1/x"))


def test_the_live_ledger_and_the_demos_are_different_files(opened, tmp_path):
    opened(silverlead_data="demo")
    opened(silverlead_data="live")
    assert len(list(tmp_path.glob("*.sqlite"))) == 2


# --------------------------------------------------------------------------------------------------------- probing


def test_one_source_that_answers_is_enough_even_beside_one_that_hangs(tmp_path, monkeypatch):
    monkeypatch.setattr(desks, "PROBE_SECONDS", 20.0)
    with Loopback() as quick, Loopback() as stuck:
        stuck.mode, stuck.slow = "slow", 15.0
        began = time.monotonic()
        assert reachable(
            configured(tmp_path, silverlead_fred_url=quick.address, silverlead_yahoo_url=stuck.address)
        )
        assert time.monotonic() - began < 10.0


def test_a_probe_ends_whatever_the_sources_do(tmp_path, monkeypatch):
    """Also where something hangs that has no limit of its own, such as the look-up of a name."""
    monkeypatch.setattr(desks, "PROBE_SECONDS", 0.2)
    release = threading.Event()

    class Stuck:
        def probe(self, timeout: float) -> bool:
            return release.wait(30)

    monkeypatch.setattr(desks, "_providers", lambda settings: (Stuck(), Stuck()))
    began = time.monotonic()
    assert reachable(configured(tmp_path)) is False
    assert time.monotonic() - began < 5.0
    release.set()


def test_sources_are_those_of_the_settings(tmp_path):
    made = sources(
        configured(tmp_path, fred_api_key="0123456789abcdef" * 2, silverlead_cftc_token="geheimnis")
    )
    workers = {"yahoo": 1, "fred": 2, "cftc": 2, "lbma": 1}
    assert {name: source.workers for name, source in made.items()} == workers
    assert {row.provider for row in catalogue.load().values()} == set(made)
    assert repr(made["fred"].fetch) == "Fred(with a key)"
    assert repr(made["cftc"].fetch) == "Cftc(with a token)"
    assert "0123456789abcdef" not in repr(made)
    assert "geheimnis" not in repr(made)


# ------------------------------------------------------------------------------------------------------- refreshing


class Refresher:
    """Takes the place of ``refresh.refresh``: runs until let go, and ends as told."""

    def __init__(self) -> None:
        self.go, self.runs, self.ends = threading.Event(), 0, Summary((), 0.1)
        self.error: Exception | None = None

    def __call__(self, ledger, sources, clock, *, first, most_typed, report) -> Summary:
        self.runs += 1
        report(Progress(1, 3, Attempt("silver", "yahoo", NOW, 0.1, True, "ok")))
        assert self.go.wait(30)
        if self.error is not None:
            raise self.error
        return self.ends


@pytest.fixture
def refresher(monkeypatch) -> Refresher:
    made = Refresher()
    monkeypatch.setattr("analytics.sources.refresh.refresh", made)
    return made


def test_one_refresh_at_a_time_and_then_a_rest(opened, refresher, monkeypatch):
    desk = opened(silverlead_data="live")
    assert desk.wake()
    assert desk.refreshing
    assert not desk.wake(asked=True)
    until = time.monotonic() + 30
    while desk.progress is None and time.monotonic() < until:
        time.sleep(0.005)
    assert (desk.progress.done, desk.progress.total) == (1, 3)
    refresher.go.set()
    settle(desk)
    assert (refresher.runs, desk.progress, desk.last_error) == (1, None, "")
    assert not desk.wake()
    assert not desk.wake(asked=True)  # asked for, the pause is shorter but there is one
    monkeypatch.setattr(desks, "ASKED_PAUSE_SECONDS", 0.0)
    assert not desk.wake()
    assert desk.wake(asked=True)


@pytest.mark.parametrize("error", [RefreshRunning(), LedgerFull()])
def test_a_refresh_that_cannot_be_says_why_until_one_works(opened, refresher, monkeypatch, caplog, error):
    monkeypatch.setattr(desks, "PAUSE_SECONDS", 0.0)
    refresher.go.set()
    refresher.error = error
    desk = opened(silverlead_data="live")
    with caplog.at_level(logging.WARNING, "silverlead"):
        assert desk.wake()
        settle(desk)
    assert desk.last_error == str(error)
    assert ("refresh stopped" in caplog.text) is isinstance(
        error, LedgerFull
    )  # another refresher is no trouble
    refresher.error = None
    assert desk.wake()
    settle(desk)
    assert desk.last_error == ""


def test_many_readers_at_once_start_one_refresh(opened, refresher):
    desk = opened(silverlead_data="live")
    together, woken = threading.Barrier(8), []

    def visit() -> None:
        together.wait()
        woken.append(desk.wake())

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refresher.go.set()
    assert sorted(woken) == [False] * 7 + [True]
