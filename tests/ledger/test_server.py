"""A PostgreSQL server that hangs, refuses or holds a lock: every call ends, with one sentence that holds no secret."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
import sqlalchemy as sa

from analytics.errors import LedgerUnavailable, RefreshRunning
from analytics.ledger import Ledger, refresh_lock, server
from analytics.ledger.faults import said_plainly
from tests.ledger.rows import NOW, SILVER, rows

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]


@pytest.fixture
def url(postgres_server, monkeypatch) -> str:
    """An empty database, with bounds that a test can wait for."""
    monkeypatch.setattr(server, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(server, "CONNECT_SECONDS", 1.0)
    monkeypatch.setitem(server.LINE, "connect_timeout", 2)
    monkeypatch.setitem(server.SERVER, "lock_timeout", "300ms")
    return postgres_server.database()


@contextmanager
def locked(url: str, statement: str) -> Iterator[None]:
    """Another program has begun a transaction with ``statement`` and sits on it."""
    with closing(psycopg.connect(url)) as other:
        other.execute(statement)  # type: ignore[arg-type]
        yield


def taken_again(ledger: Ledger) -> None:
    """The refresh lock; the server needs a moment to see that its client is gone."""
    until = time.monotonic() + 10
    while True:
        try:
            with refresh_lock(ledger.engine):
                return
        except RefreshRunning:
            assert time.monotonic() < until, "a session that was given up holds the lock"
            time.sleep(0.02)


# ------------------------------------------------------------------------------------------------- it does not answer


def test_a_stopped_server_ends_every_call_and_is_used_again_once_it_goes_on(url, postgres_server):
    with closing(Ledger(url)) as ledger, closing(Ledger(url)) as another:
        with postgres_server.stopped():
            for call in (
                ledger.version,
                ledger.series_keys,
                another.last_attempts,
                lambda: ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW),
                lambda: Ledger(url),
            ):
                with pytest.raises(LedgerUnavailable, match="no answer in time"):
                    call()
        assert ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW).new == 1
        assert len(another.held("silver")) == 1


def test_a_server_that_stops_within_a_transaction_leaves_nothing_half_done(url, postgres_server):
    def half_done(ledger: Ledger) -> None:
        with said_plainly(), ledger.engine.begin() as connection:
            connection.execute(sa.text("UPDATE state SET version = 7"))
            with postgres_server.stopped():
                connection.execute(sa.text("UPDATE state SET version = 8"))

    with closing(Ledger(url)) as ledger:
        with pytest.raises(LedgerUnavailable, match="no answer in time"):
            half_done(ledger)
        assert ledger.version() == 0


def test_a_server_that_stops_during_a_refresh_takes_the_lock_with_it(url, postgres_server):
    with closing(Ledger(url)) as ledger:
        with (
            pytest.raises(LedgerUnavailable, match="no answer in time"),
            refresh_lock(ledger.engine),
            postgres_server.stopped(),
        ):
            ledger.version()
        taken_again(ledger)


def test_work_in_many_small_steps_may_last_longer_than_the_longest_silence(url):
    """A batch is bounded by its silences, not in sum."""
    with closing(Ledger(url)) as ledger, ledger.engine.connect() as connection:
        step = "SELECT pg_sleep(%s), repeat('x', 9000)"  # the server keeps back what fills no 8 kB
        connection.exec_driver_sql(step, [(0.15,)] * 10)
        with pytest.raises(LedgerUnavailable, match="no answer in time"), said_plainly():
            connection.exec_driver_sql("SELECT pg_sleep(5)")


# ------------------------------------------------------------------------------------------------------ it is locked


@pytest.mark.parametrize(
    "statement", ["LOCK TABLE state, series, observation, attempt", "SELECT 1 FROM state FOR UPDATE"]
)
def test_a_lock_of_somebody_else_ends_a_write_and_the_next_succeeds(url, statement):
    with closing(Ledger(url)) as ledger:
        with (
            pytest.raises(LedgerUnavailable, match="somebody else holds a lock on its rows or tables"),
            locked(url, statement),
            refresh_lock(ledger.engine),
        ):
            ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)
        assert ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW).new == 1


def test_a_locked_table_ends_a_read_and_the_opening(url):
    with closing(Ledger(url)) as ledger:
        with locked(url, "LOCK TABLE state, series, observation, attempt"):
            for call in (ledger.version, ledger.last_periods, ledger.last_attempts, lambda: Ledger(url)):
                with pytest.raises(LedgerUnavailable, match="somebody else holds a lock"):
                    call()
        assert ledger.version() == 0


# ---------------------------------------------------------------------------------------------------- who may choose


def shown(url: str, *names: str) -> list[str]:
    with closing(Ledger(url)) as ledger, ledger.engine.connect() as connection:
        return [str(connection.exec_driver_sql(f"SHOW {name}").scalar()) for name in names]


def test_every_session_is_bounded_and_what_an_operator_chose_stays(url, postgres_server):
    assert shown(url, *server.SERVER) == ["30s", "300ms", "1min", "15", "5", "3"]
    chosen = f"{url}?options=-c%20statement_timeout%3D5s&keepalives_idle=77&application_name=mine"
    assert shown(chosen, "statement_timeout", "application_name") == ["5s", "mine"]
    postgres_server.run("ALTER ROLE tester SET statement_timeout = '7s'")
    try:
        assert shown(url, "statement_timeout") == ["7s"]
    finally:
        postgres_server.run("ALTER ROLE tester RESET statement_timeout")


# --------------------------------------------------------------------------------------------------------- it refuses


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("?sslmode=requre", "an option or a value that is not known"),
        ("?geheim=1", "an option or a value that is not known"),
        ("?autocommit=1", "an option or a value that is not known"),
        ("?connect_timeout=soon", "an option or a value that is not known"),
        ("?options=-c%20geheim%3D1", "an option or a value that is not known"),
        ("?sslmode=require", "it offers no encryption"),
        ("?port=geheim", "its address cannot be read"),
        ("?host=geh@eim", "its host is not found; a password's @ is written %40"),
        ("?host=a..b", "its host is not found"),
        ("?dbname=absent", "no such database"),
        ("?options=-c%20search_path%3Dabsent", "its search path names no schema that is there"),
        ("?options=-c%20default_transaction_read_only%3Don", "it may only be read"),
    ],
)
def test_an_address_that_cannot_serve_is_one_sentence(url, change, says):
    with pytest.raises(LedgerUnavailable, match=says) as caught:
        Ledger(url + change)
    assert "\n" not in str(caught.value)
    assert "geh" not in str(caught.value)


def test_a_server_that_may_only_be_read_is_read(url):
    Ledger(url).close()
    with closing(Ledger(f"{url}?options=-c%20default_transaction_read_only%3Don")) as ledger:
        assert ledger.series_keys() == []
        with pytest.raises(LedgerUnavailable, match="it may only be read"):
            ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)


@pytest.fixture
def guest(url, postgres_server) -> Iterator[str]:
    """The address of a role that may connect and no more."""
    postgres_server.run(f"CREATE ROLE guest LOGIN PASSWORD '{postgres_server.password}'")
    yield url.replace("tester:", "guest:")
    postgres_server.run("DROP OWNED BY guest")
    postgres_server.run("DROP ROLE guest")


def test_a_role_without_rights_is_said_at_every_step(url, guest, postgres_server):
    with pytest.raises(LedgerUnavailable, match="no schema that is there for its role"):
        Ledger(guest)
    postgres_server.run("GRANT USAGE ON SCHEMA public TO guest")
    lacks = pytest.raises(LedgerUnavailable, match="its role lacks a right")
    with lacks:
        Ledger(guest)
    with closing(Ledger(url)), lacks:
        Ledger(guest)
    postgres_server.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest")
    with closing(Ledger(guest)) as ledger:
        assert ledger.version() == 0
        with lacks:
            ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)
