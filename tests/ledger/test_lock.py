"""One refresher at a time: the lock falls when its holder ends, however it ends."""

from __future__ import annotations

import time

import pytest

from analytics.errors import LedgerUnavailable, RefreshRunning
from analytics.ledger import Ledger, refresh_lock
from analytics.ledger.connect import make_engine, sqlite_url
from tests.ledger.child import hold, started


def test_a_second_holder_is_refused_and_the_next_is_not(any_ledger):
    for _ in range(3):
        with refresh_lock(any_ledger.engine):
            with (
                pytest.raises(RefreshRunning, match="Another process is refreshing now"),
                refresh_lock(any_ledger.engine),
            ):
                raise AssertionError("two hold the lock")
            with (
                pytest.raises(RefreshRunning),
                refresh_lock(any_ledger.engine),
            ):  # being refused takes nothing away
                raise AssertionError("two hold the lock")


def test_the_lock_falls_when_the_work_fails(any_ledger):
    with pytest.raises(ZeroDivisionError), refresh_lock(any_ledger.engine):
        raise ZeroDivisionError
    with refresh_lock(any_ledger.engine):
        pass


def test_the_lock_is_held_across_processes_and_falls_with_a_killed_one(ledger_url):
    ledger = Ledger(ledger_url)
    with started(hold, ledger_url) as child:
        assert child.hear() == "held"
        with pytest.raises(RefreshRunning), refresh_lock(ledger.engine):
            raise AssertionError("two hold the lock")
        child.kill()
        until = time.monotonic() + 10
        while True:  # PostgreSQL needs a moment to see that its client is gone
            try:
                with refresh_lock(ledger.engine):
                    break
            except RefreshRunning:
                assert time.monotonic() < until, "a dead process holds the lock"
                time.sleep(0.02)
    ledger.close()


def test_readers_and_writers_go_on_while_somebody_refreshes(any_ledger):
    with refresh_lock(any_ledger.engine):
        assert any_ledger.version() == 0
        assert any_ledger.series_keys() == []


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_server_that_goes_away_is_said_plainly_and_takes_the_lock_with_it(postgres_server):
    ledger = Ledger(postgres_server.database())
    with refresh_lock(ledger.engine):
        postgres_server.drop_clients()
    with refresh_lock(ledger.engine):
        pass
    ledger.close()
    nobody = make_engine("postgresql://tester:geheim@127.0.0.1:1/nowhere")
    with pytest.raises(LedgerUnavailable, match="no connection") as caught, refresh_lock(nobody):
        raise AssertionError("a lock without a server")
    assert "geheim" not in str(caught.value)


def test_a_folder_that_takes_no_file_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("in the way")
    engine = make_engine(sqlite_url(tmp_path / "file" / "ledger.sqlite"))
    with pytest.raises(LedgerUnavailable, match="no file can be made beside it"), refresh_lock(engine):
        raise AssertionError("a lock without a file")
