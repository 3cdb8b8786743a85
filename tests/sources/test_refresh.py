"""Refresh: order, patience, one at a time, what is kept of an answer, and that a second one moves only what is new."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
import stamina

from analytics import catalogue
from analytics.catalogue import Series
from analytics.clock.instants import end_of_day
from analytics.errors import (
    LedgerFull,
    Malformed,
    ProviderError,
    RefreshRunning,
    Throttled,
    TimedOut,
    UnknownSeries,
    UnknownSymbol,
    Unreachable,
)
from analytics.ledger import Ledger, refresh_lock
from analytics.sources import Answer, Oddity
from analytics.sources.refresh import GIVE_UP_AFTER, Progress, Source, Summary, fetch_one, refresh
from tests.ledger.child import hold, started
from tests.loopback.server import Loopback
from tests.pages.served import clock, sources
from tests.sources.admission.answers import rows

NOW = end_of_day(dt.date(2026, 6, 5))
DAYS = ["2026-06-03", "2026-06-04", "2026-06-05"]
FUNDS = ["silver_etf", "gold_etf", "dollar_etf", "high_yield_etf", "solar_etf"]


class Told:
    """A source that says what a test tells it to, and keeps what it was asked."""

    def __init__(self, name: str = "yahoo", workers: int = 1) -> None:
        self.asked: list[tuple[str, dt.date | None]] = []
        self.fails: dict[str, ProviderError] = {}
        self.values = [70.0, 71.0, 72.0]
        self.oddities: tuple[Oddity, ...] = ()
        self.resets = 0
        self.source = Source(name, self.fetch, workers, self.reset)

    def fetch(self, series: Series, since: dt.date | None) -> Answer:
        self.asked.append((series.key, since))
        if series.key in self.fails:
            raise self.fails[series.key]
        return Answer(series, since, rows(DAYS, self.values, series.field), self.oddities)

    def reset(self) -> None:
        self.resets += 1


@pytest.fixture
def told() -> Told:
    return Told()


def run(ledger: Ledger, told: Told, *, now: dt.datetime = NOW, **more) -> Summary:
    return refresh(ledger, {"yahoo": told.source}, lambda: now, **more)


# ------------------------------------------------------------------------------------------------------- a refresh


def test_an_answer_is_checked_stored_and_written_into_the_journal(ledger, told):
    told.oddities = (Oddity(dt.date(2026, 6, 2), "close", "", "no price for this day"),)
    told.values = [70.0, 7100.0, 72.0]  # the decimal point slipped
    (attempt,) = run(ledger, told, only=["silver"]).attempts
    assert (attempt.outcome, attempt.added, attempt.revised, attempt.refused) == ("ok", 2, 0, 2)
    assert (attempt.series, attempt.provider, attempt.full_read, attempt.started_at) == (
        "silver",
        "yahoo",
        True,
        NOW,
    )
    assert ledger.held("silver")["value"].tolist() == [70.0, 72.0]
    assert set(ledger.oddities()["reason"]) == {
        "no price for this day",
        "It is off the values on both sides by more than the series ever moved: a slip.",
    }
    (kept,) = ledger.attempts().to_dict("records")
    assert (kept["series"], kept["added"], kept["refused"], kept["message"]) == ("silver", 2, 2, "")


def test_a_second_refresh_changes_nothing_and_a_revision_is_one(ledger, told):
    run(ledger, told, only=["silver"])
    version = ledger.version()
    again = run(ledger, told, only=["silver"])
    assert [attempt.outcome for attempt in again.attempts] == ["unchanged"]
    assert ledger.version() == version
    told.values = [70.0, 71.5, 72.0]
    revised = run(ledger, told, only=["silver"])
    assert (revised.added, revised.revised) == (0, 1)


def test_one_failure_stops_nobody_else(ledger, told):
    told.fails = {"gold_etf": Malformed("Yahoo", "GLD", "no JSON")}
    done = run(ledger, told, only=FUNDS)
    assert [attempt.series for attempt in done.failed] == ["gold_etf"]
    assert sorted(ledger.series_keys()) == sorted(set(FUNDS) - {"gold_etf"})
    (failed,) = done.failed
    assert (failed.error, failed.added) == ("Malformed", 0)
    assert "the answer cannot be read (no JSON)" in failed.message


def test_an_answer_that_lost_history_fails_at_the_door(ledger, told):
    run(ledger, told, only=["silver"])
    told.fetch = lambda series, since: Answer(series, since, rows(DAYS[:0], [], "close"))
    done = refresh(ledger, {"yahoo": Source("yahoo", told.fetch)}, lambda: NOW, only=["silver"])
    assert [attempt.error for attempt in done.failed] == ["HistoryShrank"]
    assert len(ledger.held("silver")) == 3


def test_first_things_first_then_the_order_of_the_catalogue(ledger, told):
    steps: list[Progress] = []
    run(ledger, told, only=[*FUNDS, "gold", "silver", "gold"], first=("silver", "gold"), report=steps.append)
    assert [key for key, _ in told.asked] == ["silver", "gold", *FUNDS]
    assert [(step.done, step.total) for step in steps] == [(n, 7) for n in range(8)]
    assert [step.last and step.last.series for step in steps] == [None, "silver", "gold", *FUNDS]
    assert told.resets == 1


def test_providers_are_asked_side_by_side(ledger):
    """Each waits for the other, so neither would end if one came after the other."""
    together = threading.Barrier(2, timeout=30)

    def fetch(series: Series, since: dt.date | None) -> Answer:
        together.wait()
        raise UnknownSymbol(series.provider, series.code)

    both = {name: Source(name, fetch) for name in ("yahoo", "fred")}
    done = refresh(ledger, both, lambda: NOW, only=["silver", "treasury_10y"])
    assert {attempt.error for attempt in done.attempts} == {"UnknownSymbol"}  # and not a broken barrier


def test_a_series_that_the_catalogue_does_not_know_is_refused_before_anything_is_asked(ledger, told):
    with pytest.raises(UnknownSeries):
        run(ledger, told, only=["silver", "no_such"])
    assert told.asked == []


# --------------------------------------------------------------------------------------------------------- patience


@pytest.mark.parametrize(
    "error", [Unreachable("Yahoo", "X"), TimedOut("Yahoo", "X", 5), Throttled("Yahoo", "X")]
)
def test_a_provider_that_cannot_be_reached_is_given_up_after_three_failures(ledger, told, error):
    told.fails = dict.fromkeys(FUNDS, error)
    done = run(ledger, told, only=FUNDS)
    assert [key for key, _ in told.asked] == FUNDS[:3]
    assert len(done.failed) == 5
    assert {attempt.message for attempt in done.failed} == {str(error)}
    assert len(ledger.attempts()) == 5


def test_only_failures_in_a_row_count_and_only_those_to_connect(ledger, told):
    told.fails = {key: Unreachable("Yahoo", "X") for key in (*FUNDS[:2], *FUNDS[3:])}
    assert len(run(ledger, told, only=FUNDS).failed) == 4
    assert len(told.asked) == 5
    told.fails = dict.fromkeys(FUNDS, UnknownSymbol("Yahoo", "X"))
    run(ledger, told, only=FUNDS)
    assert len(told.asked) == 10


def test_the_patience_is_each_refreshs_own(ledger, told):
    told.fails = dict.fromkeys(FUNDS, Unreachable("Yahoo", "X"))
    run(ledger, told, only=FUNDS)
    told.fails = {}
    assert run(ledger, told, only=FUNDS).failed == ()


# ------------------------------------------------------------------------------------------ one at a time, and alone


def test_a_second_refresher_is_refused_and_asks_nobody(any_ledger, told):
    with refresh_lock(any_ledger.engine), pytest.raises(RefreshRunning):
        run(any_ledger, told, only=["silver"])
    assert told.asked == []
    assert run(any_ledger, told, only=["silver"]).added == 3


def test_a_refresher_in_another_process_keeps_this_one_out_and_readers_in(ledger_url, told):
    with closing(Ledger(ledger_url)) as ledger, started(hold, ledger_url) as child:
        assert child.hear() == "held"
        with pytest.raises(RefreshRunning):
            run(ledger, told, only=["silver"])
        assert ledger.series_keys() == []
        attempt = fetch_one(ledger, {"yahoo": told.source}, catalogue.get("yahoo:ADA-USD"), lambda: NOW)
        assert attempt.outcome == "ok"  # a typed symbol does not wait for the refresh
        assert ledger.series_keys() == ["yahoo:ADA-USD"]


def test_a_refresh_that_cannot_write_stops_with_the_reason_and_frees_the_lock(ledger, told, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise LedgerFull

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "take", full)
        with pytest.raises(LedgerFull, match="no room to write"):
            run(ledger, told, only=FUNDS)
    assert ledger.attempts().empty
    assert len(run(ledger, told, only=FUNDS).attempts) == 5


def test_a_defect_of_ours_is_not_taken_for_a_failure_of_the_source(ledger, told):
    def broken(series: Series, since: dt.date | None) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refresh(ledger, {"yahoo": Source("yahoo", broken)}, lambda: NOW, only=["silver"])
    assert run(ledger, told, only=["silver"]).added == 3  # the lock is free


# ----------------------------------------------------------------------------- through the real libraries, on loopback

KEPT = ["silver", "bitcoin", "nasdaq_100_etf", "real_yield_10y", "cpi", "zq_2026_07"]


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.setattr(
        "analytics.sources.refresh.everything",
        lambda ledger, now, most=None: [catalogue.get(key) for key in KEPT],
    )
    stamina.set_testing(True, attempts=1)
    with Loopback(dt.date(2026, 6, 5)) as source:
        yield source
    stamina.set_testing(False)


def test_a_second_refresh_moves_only_what_is_new(ledger, loopback, tmp_path):
    """Requests are counted at the source: none for what cannot have changed, one a series with a new figure after."""

    def once(hour: int = 0) -> tuple[Summary, list[str]]:
        before = len(loopback.log)
        now = lambda: clock(loopback.now)() + dt.timedelta(hours=hour)  # noqa: E731
        done = refresh(ledger, sources(tmp_path, loopback.address, now), now)
        return done, [path for _, path, _ in loopback.log[before:]]

    first, asked = once()
    assert first.failed == ()
    assert len(asked) == len(KEPT)  # one request a series
    assert once()[1] == []
    assert once(hour=1)[1] == []

    loopback.now = dt.date(2026, 6, 6)  # a Saturday: only Bitcoin has a new day
    weekend, asked = once()
    assert [attempt.series for attempt in weekend.attempts] == ["bitcoin"]
    assert weekend.added == 2  # a close and a volume
    assert len(asked) == 1
    assert "BTC-USD?period1=" in asked[0]

    loopback.now = dt.date(2026, 6, 8)
    monday, asked = once()
    assert {attempt.series for attempt in monday.attempts} == set(KEPT) - {"cpi"}
    assert len(asked) == len(KEPT) - 1
    assert not any(attempt.full_read for attempt in monday.attempts)
    assert monday.revised == 0
    new = dict(zip([attempt.series for attempt in monday.attempts], monday.attempts, strict=True))
    assert {key: new[key].added for key in ("silver", "bitcoin")} == {"silver": 2, "bitcoin": 4}


def test_sources_that_answer_in_drips_are_given_up(ledger, loopback, tmp_path):
    loopback.mode, loopback.pause = "processing", 0.05
    dripping = sources(tmp_path, loopback.address, clock(loopback.now), timeout=0.3)
    kept = {
        "yahoo": ["silver", "gold", "bitcoin", "vix", "copper"],
        "fred": ["cpi", "effr", "payrolls", "breakeven_10y", "treasury_10y", "real_yield_10y"],
    }
    done = refresh(
        ledger, dripping, clock(loopback.now), only=[key for keys in kept.values() for key in keys]
    )
    assert {attempt.error for attempt in done.attempts} <= {"TimedOut", "Unreachable"}
    asked = [path.split("/")[1] for _, path, _ in loopback.log]
    assert asked.count("v8") <= GIVE_UP_AFTER  # of five; a busy machine may be late to write one down
    assert asked.count("graph") <= GIVE_UP_AFTER + 1  # two at a time: one more may be on its way


def test_a_symbol_that_the_source_does_not_know_is_asked_for_once_a_day(
    ledger, loopback, tmp_path, monkeypatch
):
    gone = catalogue.get("zq_2026_05")  # over in June: the source no longer has it
    monkeypatch.setattr("analytics.sources.refresh.everything", lambda ledger, now, most=None: [gone])
    asked = []
    for hour in (0, 1, 23, 24, 25):
        now = lambda hour=hour: clock(loopback.now)() + dt.timedelta(hours=hour)  # noqa: E731
        done = refresh(ledger, sources(tmp_path, loopback.address, now), now)
        asked.append(len(loopback.log))
        assert {attempt.error for attempt in done.failed} <= {"UnknownSymbol"}
    assert np.diff([0, *asked]).tolist() == [1, 0, 0, 1, 0]
