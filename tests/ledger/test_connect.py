"""Where a ledger lives: addresses, folders, full disks, and that no password is ever said."""

from __future__ import annotations

import logging
import sqlite3
import traceback
from contextlib import closing

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from analytics.errors import LedgerError, LedgerFull, LedgerUnavailable
from analytics.ledger import Added, Ledger, refresh_lock
from analytics.ledger.connect import make_engine
from analytics.ledger.faults import said_plainly
from tests.ledger.rows import NOW, SILVER, filled, rows, stored

# -------------------------------------------------------------------------------------------------- addresses, places


@pytest.mark.parametrize("name", ["a b", "50%", "a?b#c", "ünï", "x'y", "%20"])
def test_any_folder_name_will_do(tmp_path, name):
    path = tmp_path / name / "ledger.sqlite"
    with closing(Ledger.at(path)) as ledger, refresh_lock(ledger.engine):
        ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "ledger.sqlite",
        "ledger.sqlite.refresh-lock",
    ]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://user:geheim@127.0.0.1/x", "neither postgresql:// nor a file of SQLite"),
        ("sqlite://", "neither postgresql:// nor a file of SQLite"),
        ("sqlite:///:memory:", "neither postgresql:// nor a file of SQLite"),
        ("geheim", "cannot be read"),
        ("postgresql://user:geheim@127.0.0.1:port/x", "cannot be read"),
        ("", "cannot be read"),
        ("postgresql://user:geheim@127.0.0.1:1/x", "no connection"),
        ("postgres://user:geheim@127.0.0.1:1/x", "no connection"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_plainly_and_not_repeated(address, says):
    with pytest.raises(LedgerUnavailable, match=says) as caught:
        Ledger(address)
    assert "geheim" not in "".join(traceback.format_exception(caught.value))


def test_a_place_where_no_file_can_be_is_said_plainly(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "ledger.sqlite").mkdir()
    for path, says in (
        (tmp_path / "file" / "ledger.sqlite", "its folder cannot be made"),
        (tmp_path / "ledger.sqlite", ""),
    ):
        with pytest.raises(LedgerUnavailable, match=f"{says}.*Check the folder that SILVERLEAD_CACHE names"):
            Ledger.at(path)


def test_an_open_ledger_stays_readable_where_nothing_may_be_written(tmp_path):
    """Opening a ledger that is there writes nothing."""
    path = filled(tmp_path / "ledger.sqlite")
    engine = make_engine(f"sqlite:///file:{path.as_posix()}?mode=ro&uri=true")
    with pytest.raises(sa.exc.OperationalError), engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE x (y)")
    engine.dispose()
    with closing(Ledger(f"sqlite:///file:{path.as_posix()}?mode=ro&uri=true")) as ledger:
        assert len(ledger.held("bitcoin")) == 4000
        with pytest.raises(LedgerUnavailable, match="may not be written"):
            ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)


def test_a_reader_waits_for_no_writer(tmp_path):
    path = filled(tmp_path / "ledger.sqlite")
    with closing(Ledger.at(path)) as ledger, closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM observation")
        assert len(ledger.held("bitcoin")) == 4000
        with closing(Ledger.at(path)) as second:  # opening does not wait either
            assert len(second.held("bitcoin")) == 4000
        writer.execute("ROLLBACK")


# ---------------------------------------------------------------------------------------------------- a full disk


def test_a_full_disk_is_said_and_what_is_stored_stays_readable(tmp_path):
    path = filled(tmp_path / "ledger.sqlite")
    with closing(Ledger.at(path)) as ledger:

        def fill_up(connection: sqlite3.Connection, _record: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages}")

        ledger.close()
        event.listen(ledger.engine, "connect", fill_up)
        before = stored(ledger)
        periods = [f"{year}-01-{day:02d}" for year in range(1990, 2020) for day in range(1, 29)]
        with pytest.raises(LedgerFull, match="no room to write"):
            ledger.append(SILVER, rows(SILVER, periods, [1.0] * len(periods)), NOW)
        assert stored(ledger).equals(before)
        event.remove(ledger.engine, "connect", fill_up)
        ledger.close()
        assert ledger.append(SILVER, rows(SILVER, periods, [1.0] * len(periods)), NOW).new == len(periods)


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_full_server_is_said_too(postgres_server):
    with closing(Ledger(postgres_server.database())) as ledger:
        full = "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END"
        postgres_server.run(f"CREATE FUNCTION full_() RETURNS trigger AS $$ {full} $$ LANGUAGE plpgsql")
        postgres_server.run("CREATE TRIGGER t BEFORE INSERT ON observation EXECUTE FUNCTION full_()")
        with pytest.raises(LedgerFull):
            ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)
        assert ledger.version() == 0
        postgres_server.run("DROP TRIGGER t ON observation")
        assert ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW) == Added(1, 0)


# ------------------------------------------------------------------------------------------------------- PostgreSQL


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_no_message_and_no_log_holds_the_password(postgres_server, caplog):
    """A wrong password, a database and a user that are not there, and a server that drops its clients."""
    right, wrong = postgres_server.password, "wrong-geheim"
    address = postgres_server.database()
    name = address.rsplit("/", 1)[-1]
    said = []
    with caplog.at_level(logging.DEBUG):
        for bad in (
            postgres_server.url(name, wrong),
            postgres_server.url("absent"),
            address.replace("tester:", "nobody_here:"),
        ):
            with pytest.raises(LedgerUnavailable) as caught:
                Ledger(bad)
            said.append(str(caught.value))
        with closing(Ledger(address)) as ledger:
            said += [repr(ledger), repr(ledger.engine), str(ledger.engine.url)]
            with ledger.engine.connect() as connection:
                postgres_server.drop_clients()
                with pytest.raises(LedgerError) as caught, said_plainly():
                    connection.execute(sa.text("SELECT 1"))
            said.append(str(caught.value))
            assert ledger.version() == 0  # the next reader has a connection that lives
    assert said[0].count("it refuses the name or the password") == said[1].count("no such database") == 1
    for text in (*said, caplog.text):
        assert right not in text
        assert wrong not in text


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_pool_that_runs_dry_is_said_plainly(postgres_server):
    with closing(Ledger(postgres_server.database())) as ledger:
        ledger.engine.pool._timeout = 0.05
        taken = [ledger.engine.connect() for _ in range(8 + 10)]
        with pytest.raises(LedgerUnavailable, match="connections are busy"):
            ledger.version()
        for connection in taken:
            connection.close()
        assert ledger.version() == 0
