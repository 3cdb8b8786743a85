"""Where a ledger lives: damaged files, foreign tables, addresses, full disks, and that no password is ever said."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from analytics.desk import demo_ledger, live_ledger
from analytics.errors import LedgerDamaged, LedgerError, LedgerForeign, LedgerFull, LedgerUnavailable
from analytics.ledger import Added, Ledger, refresh_lock
from analytics.ledger.connect import make_engine, move_aside
from analytics.ledger.faults import said_plainly
from analytics.settings import Settings
from tests.ledger.rows import BITCOIN, NOW, SILVER, rows, stored


def filled(path: Path, days: int = 4000) -> Path:
    """A ledger file with enough rows for many pages, and no log beside it."""
    with closing(Ledger.at(path)) as ledger:
        periods = [str(dt.date(2010, 1, 1) + dt.timedelta(days=day)) for day in range(days)]
        ledger.append(BITCOIN, rows(BITCOIN, periods, range(1, days + 1)), NOW)
    assert not path.with_name(path.name + "-wal").exists()
    return path


# ---------------------------------------------------------------------------------------------------- damaged files


def garbage(path: Path) -> None:
    path.write_bytes(b"this was never a database\n" * 400)


def header_gone(path: Path) -> None:
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_inside_a_page(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def pages_overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8192] = b"\xff" * 8192
    path.write_bytes(bytes(data))


damage = pytest.mark.parametrize("damage", [garbage, header_gone, cut_in_half, cut_inside_a_page, pages_overwritten])


@damage
def test_a_damaged_file_is_refused_when_it_is_opened(tmp_path, damage: Callable[[Path], None]):
    path = filled(tmp_path / "ledger.sqlite")
    damage(path)
    with pytest.raises(LedgerDamaged, match="is not a readable ledger"):
        Ledger.at(path)


@damage
def test_the_desk_moves_a_damaged_file_aside_and_begins_anew(tmp_path, caplog, damage: Callable[[Path], None]):
    path = filled(tmp_path / "ledger.sqlite")
    damage(path)
    broken, configured = path.read_bytes(), Settings(silverlead_cache=tmp_path)
    with caplog.at_level(logging.WARNING), closing(live_ledger(configured)) as ledger:
        assert ledger.series_keys() == []
        assert ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW) == Added(1, 0)
    (aside,) = tmp_path.glob("ledger.damaged-*.sqlite")
    assert aside.read_bytes() == broken
    assert f"kept as {aside.name}" in caplog.text
    with closing(live_ledger(configured)) as ledger:
        assert ledger.series_keys() == ["silver"]


def test_several_that_find_the_damage_at_once_begin_one_new_ledger(tmp_path):
    path = tmp_path / "ledger.sqlite"
    for _ in range(3):
        garbage(path)
        together = threading.Barrier(4)

        def start(number: int, together: threading.Barrier = together) -> Ledger:
            together.wait()
            opened = live_ledger(Settings(silverlead_cache=tmp_path))
            opened.append(SILVER, rows(SILVER, [f"2026-06-0{number + 1}"], [70.0]), NOW)
            return opened

        with ThreadPoolExecutor(4) as pool:
            opened = list(pool.map(start, range(4)))
        assert [len(ledger.held("silver")) for ledger in opened] == [4] * 4
        for ledger in opened:
            ledger.close()
    assert len(list(tmp_path.glob("ledger.damaged-*.sqlite"))) == 3


def test_an_empty_file_is_a_new_ledger(tmp_path):
    path = tmp_path / "ledger.sqlite"
    path.touch()
    with closing(Ledger.at(path)) as ledger:
        assert ledger.version() == 0


def test_what_was_moved_aside_is_never_overwritten(tmp_path):
    """The clock may be frozen, so two files may be moved aside at one instant."""
    path, names = tmp_path / "ledger.sqlite", []
    for text in ("first", "second", "third"):
        path.write_text(text)
        path.with_name(path.name + "-wal").write_text(text + "'s log")
        names.append(move_aside(path, NOW))
    assert [name.read_text() for name in names] == ["first", "second", "third"]
    assert names[2].with_name(names[2].name + "-wal").read_text() == "third's log"
    assert list(tmp_path.glob("ledger.sqlite*")) == []


def test_a_file_that_breaks_under_a_running_reader_is_said_plainly(tmp_path):
    path = filled(tmp_path / "ledger.sqlite")
    with closing(Ledger.at(path)) as ledger:
        with path.open("r+b") as file:
            file.seek(8192)
            file.write(b"\xff" * (path.stat().st_size - 8192))
        ledger.close()  # a new connection, so that nothing comes from its cache
        with pytest.raises(LedgerDamaged, match="At the next start it is moved aside"):
            ledger.read(["bitcoin"], NOW)


def test_tables_that_vanish_under_a_running_reader_are_said_plainly(any_ledger):
    with any_ledger.engine.begin() as connection:
        for name in ("oddity", "attempt", "observation"):
            connection.execute(sa.text(f"DROP TABLE {name}"))
    with pytest.raises(LedgerUnavailable, match="its tables are gone"):
        any_ledger.last_periods()


def test_the_demo_is_made_again_from_anything(tmp_path, monkeypatch):
    answer = rows(SILVER, ["2026-06-01"], [70.0])
    monkeypatch.setattr("analytics.providers.demo.admitted", lambda: [(SILVER, answer)])
    demo_ledger(tmp_path).close()
    (path,) = tmp_path.glob("demo-*.sqlite")
    for harm in (garbage, cut_in_half, lambda file: file.unlink(), lambda file: Ledger.at(file.unlink() or file).close()):
        harm(path)
        with closing(demo_ledger(tmp_path)) as ledger:
            assert (ledger.kind, ledger.series_keys()) == ("demo", ["silver"])


# --------------------------------------------------------------------------------------------- readable, but not ours


def test_a_ledger_of_another_schema_is_left_alone(ledger_url):
    Ledger(ledger_url).close()
    engine = make_engine(ledger_url)
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(sa.text("UPDATE state SET schema_version = 7"))
    engine.dispose()
    with pytest.raises(LedgerForeign, match="holds a live ledger of schema 7; this version needs a live ledger of schema 1"):
        Ledger(ledger_url)


def test_another_programs_tables_are_left_alone(ledger_url):
    engine = make_engine(ledger_url)
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(sa.text("CREATE TABLE state (name VARCHAR(10))"))
    with pytest.raises(LedgerForeign, match="tables of another program"):
        Ledger(ledger_url)
    assert sa.inspect(engine).get_table_names() == ["state"]
    engine.dispose()


def test_the_desk_moves_nothing_aside_that_it_can_read(tmp_path):
    path = tmp_path / "ledger.sqlite"
    Ledger.at(path, kind="demo").close()
    with pytest.raises(LedgerForeign, match="Name another place by DATABASE_URL or SILVERLEAD_CACHE"):
        live_ledger(Settings(silverlead_cache=tmp_path))
    assert list(tmp_path.glob("*damaged*")) == []


# -------------------------------------------------------------------------------------------------- addresses, places


@pytest.mark.parametrize("name", ["a b", "50%", "a?b#c", "ünï", "x'y", "%20"])
def test_any_folder_name_will_do(tmp_path, name):
    path = tmp_path / name / "ledger.sqlite"
    with closing(Ledger.at(path)) as ledger, refresh_lock(ledger.engine):
        ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)
    assert sorted(file.name for file in path.parent.iterdir()) == ["ledger.sqlite", "ledger.sqlite.refresh-lock"]


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
    for path, says in ((tmp_path / "file" / "ledger.sqlite", "its folder cannot be made"), (tmp_path / "ledger.sqlite", "")):
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
    address = postgres_server.database()
    name = address.rsplit("/", 1)[-1]
    with closing(Ledger(address)) as ledger:
        full = "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END"
        postgres_server.run(f"CREATE FUNCTION full_() RETURNS trigger AS $$ {full} $$ LANGUAGE plpgsql", name)
        postgres_server.run("CREATE TRIGGER t BEFORE INSERT ON observation EXECUTE FUNCTION full_()", name)
        with pytest.raises(LedgerFull):
            ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)
        assert ledger.version() == 0
        postgres_server.run("DROP TRIGGER t ON observation", name)
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
                postgres_server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
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
