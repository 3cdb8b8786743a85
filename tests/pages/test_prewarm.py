"""New figures are measured before readers see them; whatever goes wrong with that, readers get to them all the same."""

from __future__ import annotations

import datetime as dt
import logging
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from analytics.errors import LedgerUnavailable
from analytics.evaluate.cache import Asked
from analytics.evaluate.codec import Foreign
from analytics.sources.refresh import refresh
from analytics.view import DEFAULT
from pages.shell import cache, load, prewarm
from pages.shell.frame import Page
from pages.shell.measuring import evaluated
from pages.shell.prewarm import Prewarm
from tests.loopback.server import Loopback
from tests.pages.reader import Reader, fresh_process
from tests.pages.served import clock, sources

ONE = Asked(DEFAULT, "light", "finding", ("divergence",))


class Shelf:
    """A ledger of which only the version and the series matter."""

    def __init__(self) -> None:
        self.now, self.series, self.broken = 1, ["silver"], False
        self.coming: list[int] = []
        """Versions that the next readings find, one each."""

    def version(self) -> int:
        if self.broken:
            raise LedgerUnavailable("it is starting")
        if self.coming:
            self.now = self.coming.pop(0)
        return self.now

    def series_keys(self) -> list[str]:
        return self.series


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def seen(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prewarm]:
    """What readers of the shelf see; version 1 so far, and somebody has asked for something."""
    monkeypatch.setattr(prewarm, "STILL_SECONDS", 0.01)
    began = Prewarm(shelf)  # type: ignore[arg-type]
    assert began.version() == 1
    began.note(ONE)
    yield began
    settled(began)


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Measuring that lasts until ``go`` is set, and gives or raises what ``end`` says."""
    state: dict[str, object] = {"go": threading.Event(), "end": [], "asked": []}

    def measured(version: int, wanted: list[Asked], seconds: float) -> list[cache.Entry]:
        state["asked"].append((version, wanted))
        assert state["go"].wait(10)
        if isinstance(state["end"], Exception):
            raise state["end"]
        return state["end"]

    monkeypatch.setattr(prewarm, "measured", measured)
    yield state
    state["go"].set()


def settled(seen: Prewarm) -> None:
    until = time.monotonic() + 10
    while seen.pending:
        assert time.monotonic() < until
        time.sleep(0.005)


def test_readers_stay_on_what_they_know_until_the_new_is_measured(shelf, seen, measuring):
    shelf.now = 2
    assert seen.version() == 1
    assert seen.pending
    assert seen.version() == 1
    measuring["go"].set()
    settled(seen)
    assert seen.version() == 2
    assert measuring["asked"] == [(2, [ONE])]


def test_a_refresh_is_waited_for(shelf, seen, measuring):
    measuring["go"].set()
    shelf.coming = [2, 2, 3, 4, 5]
    assert seen.version() == 1
    settled(seen)
    assert [version for version, _ in measuring["asked"]] == [5]
    assert seen.version() == 5


def test_one_that_does_not_end_is_not_waited_for_for_ever(shelf, seen, measuring, monkeypatch):
    monkeypatch.setattr(prewarm, "LONGEST_SECONDS", 0.0)
    measuring["go"].set()
    shelf.now = 2
    seen.version()
    settled(seen)
    assert seen.version() == 2


@pytest.mark.parametrize(
    "end",
    [
        OSError("no memory"),
        subprocess.TimeoutExpired("measuring", 120),
        subprocess.CalledProcessError(1, "measuring"),
        Foreign("it broke off"),
        LedgerUnavailable("it is starting"),
    ],
    ids=lambda end: type(end).__name__,
)
def test_where_measuring_fails_readers_go_over_all_the_same(shelf, seen, measuring, end, caplog):
    measuring["end"] = end
    measuring["go"].set()
    shelf.now = 2
    with caplog.at_level(logging.WARNING, "silverlead"):
        seen.version()
        settled(seen)
    assert seen.version() == 2
    assert str(end) in caplog.text


def test_a_ledger_that_fails_meanwhile_keeps_nobody(shelf, seen, measuring, monkeypatch):
    asleep = threading.Event()
    monkeypatch.setattr(prewarm.time, "sleep", lambda seconds: asleep.wait(10))
    shelf.now = 2
    seen.version()
    shelf.broken = True
    asleep.set()
    until = time.monotonic() + 10
    while seen.pending:
        assert time.monotonic() < until
    shelf.broken = False
    assert seen.version() == 2
    assert measuring["asked"] == []


def test_where_nobody_has_asked_lately_the_new_is_taken_at_once(shelf, seen, measuring, monkeypatch):
    monkeypatch.setattr(prewarm, "LATELY_SECONDS", -1.0)
    shelf.now = 2
    assert seen.version() == 2
    assert not seen.pending


@pytest.mark.parametrize("busy", [False, True])
def test_a_series_that_was_not_there_is_shown_at_once(shelf, seen, measuring, busy):
    if busy:
        shelf.now = 2
        assert seen.version() == 1
    shelf.now, shelf.series = 3, ["silver", "yahoo:ADA-USD"]
    assert seen.version() == 3
    measuring["go"].set()
    settled(seen)
    assert seen.version() == 3  # and never back to what was measured meanwhile


def test_a_ledger_that_was_begun_anew_is_shown_at_once(shelf, seen, measuring):
    shelf.now = 9
    seen.version()
    measuring["go"].set()
    settled(seen)
    shelf.now = 4
    assert seen.version() == 4


def test_nothing_is_kept_of_a_ledger_that_was_given_up(shelf, seen, measuring, monkeypatch):
    monkeypatch.setattr(cache, "hold", lambda found: pytest.fail("kept"))
    shelf.now = 2
    seen.version()
    seen.stop()
    measuring["go"].set()
    settled(seen)
    assert [version for version, _ in measuring["asked"]] == [2]


def test_only_so_much_is_remembered(shelf, seen, monkeypatch, measuring):
    monkeypatch.setattr(prewarm, "MOST", 3)
    for span in ("1y", "3y", "5y", "10y"):
        seen.note(replace(ONE, view=replace(DEFAULT, span=span)))
    shelf.now = 2
    seen.version()
    measuring["go"].set()
    settled(seen)
    [(_, wanted)] = measuring["asked"]
    assert [one.view.span for one in wanted] == ["3y", "5y", "10y"]


PAGES = ("overview", "regime", "rate_path")


def test_after_a_refresh_a_page_is_at_hand_and_is_what_it_would_have_been(history, opened, monkeypatch):
    """The real thing: a refresh of a later day under readers, another process that measures, and then no measuring here."""
    monkeypatch.setattr(prewarm, "STILL_SECONDS", 0.05)
    monkeypatch.setattr(prewarm, "PROGRAM", "tests.pages.measuring_few")
    monkeypatch.setattr(prewarm, "LATELY_SECONDS", 600.0)  # however busy the machine
    monkeypatch.setattr(prewarm, "LONGEST_SECONDS", 600.0)
    opened(history, measured=True, SILVERLEAD_TODAY="2026-06-09")
    before = {slug: Reader(slug).figures() for slug in PAGES}
    old = load.version()
    day = dt.date(2026, 6, 9)
    with Loopback(day) as source:
        folder = load.settings().silverlead_cache
        done = refresh(load.desk().ledger, sources(folder, source.address, clock(day)), clock(day))
    assert done.added
    assert load.version() == old
    assert {slug: Reader(slug).figures() for slug in PAGES} == before
    until = time.monotonic() + 120
    while load.pending():
        assert time.monotonic() < until
        time.sleep(0.1)
    assert load.version() > old

    def forbidden(key, make):
        raise AssertionError(f"{key.name} was evaluated in the server")

    with monkeypatch.context() as closed:
        closed.setattr(cache, "_noted", forbidden)
        pages = {slug: Reader(slug) for slug in PAGES}
        after = {slug: page.figures() for slug, page in pages.items()}
        assert all(page.errors == [] for page in pages.values())
    fresh_process()
    assert {slug: Reader(slug).figures() for slug in PAGES} == after
    assert after != before


def test_the_verdict_on_a_claim_is_measured_ahead_like_every_finding(simulated, opened):
    """No list of measures has it: pages ask for it by its number."""
    opened(simulated, measured=True, SILVERLEAD_DATA="demo")
    version, asked = load.version(), []
    found = evaluated(version, [replace(ONE, names=("claim_22",))])
    assert "claim_22" in {key.name for key, _ in found}
    page = Page(load.desk().ledger, DEFAULT, load.present(version), version, cache=load.shared())
    noted = replace(page, prewarm=SimpleNamespace(note=asked.append))
    assert noted.verdict(22).id == 22
    assert ("claim_22",) in {one.names for one in asked}


def test_it_can_be_switched_off_and_the_demo_has_none(history, simulated, opened):
    opened(history, SILVERLEAD_AHEAD="false")
    assert load.prewarm() is None
    opened(simulated, SILVERLEAD_DATA="demo")
    assert load.prewarm() is None


def test_what_cannot_be_measured_says_so(monkeypatch):
    monkeypatch.setenv("SILVERLEAD_CACHE", os.devnull)
    monkeypatch.setenv("SILVERLEAD_DATA", "live")
    with pytest.raises(subprocess.CalledProcessError):
        prewarm.measured(1, [ONE], 60)
