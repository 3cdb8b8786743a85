"""Results that outlive their process: bounded, on either engine, and worth nothing when damaged."""

from __future__ import annotations

import datetime as dt
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analytics.ledger import Ledger
from analytics.ledger.results import FILE, LARGEST, Results

NOW = dt.datetime(2026, 6, 5, 12, tzinfo=dt.UTC)


def later(minutes: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


@pytest.fixture
def results(any_ledger: Ledger, tmp_path: Path) -> Results:
    found = Results.beside(any_ledger.engine, tmp_path, 1_000)
    assert found is not None
    return found


def test_what_is_put_is_there_for_the_next_process(
    results: Results, any_ledger: Ledger, tmp_path: Path
) -> None:
    assert results.get("a") is None
    results.put("a", b"\x00one", NOW)
    results.put("a", b"two", later(1))
    other = Results.beside(any_ledger.engine, tmp_path, 1_000)
    assert other is not None
    assert other.get("a") == b"two"


def test_the_oldest_go_first_and_the_bound_holds(results: Results) -> None:
    for minute in range(12):
        results.put(str(minute), bytes(100), later(minute))
    held = [minute for minute in range(12) if results.get(str(minute)) is not None]
    assert held == list(range(2, 12))
    results.put("too large", bytes(1_001), later(20))
    assert results.get("too large") is None
    assert results.get("11") is not None


def test_many_writers_lose_nothing(results: Results) -> None:
    def write(number: int) -> None:
        results.put(f"key {number % 5}", bytes([number]), later(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert {results.get(f"key {number}")[0] % 5 for number in range(5)} == set(range(5))


def test_they_are_no_part_of_the_ledger(results: Results, any_ledger: Ledger) -> None:
    before = any_ledger.version()
    results.put("a", b"one", NOW)
    assert any_ledger.version() == before


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 300])
def test_a_damaged_file_is_begun_anew(ledger: Ledger, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    results = Results.beside(ledger.engine, tmp_path, 1_000)
    assert results is not None
    results.put("a", b"one", NOW)
    assert results.get("a") == b"one"


def test_a_file_damaged_under_a_running_server_is_not_there(ledger: Ledger, tmp_path: Path, caplog) -> None:
    results = Results.beside(ledger.engine, tmp_path, LARGEST)
    assert results is not None
    results.put("a", bytes(50_000), NOW)
    results._engine.dispose()
    (tmp_path / FILE).write_bytes(b"no database at all" * 3_000)
    with caplog.at_level(logging.WARNING, "silverlead"):
        assert results.get("a") is None
        results.put("a", b"one", NOW)
    assert "could not be" in caplog.text


def test_none_are_held_where_none_are_wanted_or_nothing_can_be_written(
    ledger: Ledger, tmp_path: Path
) -> None:
    assert Results.beside(ledger.engine, tmp_path, 0) is None
    assert not (tmp_path / FILE).exists()
    assert Results.beside(ledger.engine, tmp_path / "nowhere", 1_000) is None
