"""Ledgers that cannot be read, and some that can but are not ours."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from analytics.desk import demo_ledger, live_ledger
from analytics.errors import LedgerDamaged, LedgerForeign, LedgerUnavailable
from analytics.ledger import Added, Ledger
from analytics.ledger.connect import make_engine, move_aside
from analytics.settings import Settings
from tests.ledger.rows import NOW, SILVER, filled, rows

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


damage = pytest.mark.parametrize(
    "damage", [garbage, header_gone, cut_in_half, cut_inside_a_page, pages_overwritten]
)


@damage
def test_a_damaged_file_is_refused_when_it_is_opened(tmp_path, damage: Callable[[Path], None]):
    path = filled(tmp_path / "ledger.sqlite")
    damage(path)
    with pytest.raises(LedgerDamaged, match="is not a readable ledger"):
        Ledger.at(path)


@damage
def test_the_desk_moves_a_damaged_file_aside_and_begins_anew(
    tmp_path, caplog, damage: Callable[[Path], None]
):
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
    monkeypatch.setattr("analytics.sources.demo.admitted", lambda: [(SILVER, answer)])
    demo_ledger(tmp_path).close()
    (path,) = tmp_path.glob("demo-*.sqlite")
    for harm in (
        garbage,
        cut_in_half,
        lambda file: file.unlink(),
        lambda file: Ledger.at(file.unlink() or file).close(),
    ):
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
    with pytest.raises(
        LedgerForeign, match="holds a live ledger of schema 7; this version needs a live ledger of schema 1"
    ):
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
