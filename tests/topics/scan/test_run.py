"""Scans from question to ledger: files, parts kept one by one, a killed scan that goes on, processes that die."""

from __future__ import annotations

import datetime as dt
import json
import logging
import socket

import numpy as np
import pytest
from distributed import Client
from typer.testing import CliRunner

from analytics import catalogue
from analytics.__main__ import app
from analytics.errors import BadFile, LedgerUnavailable, WorkersLost
from analytics.ledger import Ledger, scans
from analytics.topics.scan import run as scan_run
from analytics.topics.scan.cluster import OnClient, workers
from analytics.topics.scan.measures import scan
from bench import nulls
from tests.ledger.rows import NOW, rows

KEYS = ("silver", "bitcoin", "gold", "copper")
DRAWS = 99


@pytest.fixture(scope="module")
def returns() -> np.ndarray:
    found = nulls.universe("U1", 1, len(KEYS), 3, n=500)[0]
    return found - found.mean(axis=1, keepdims=True)


def asked(as_of: dt.datetime = NOW, sha256: str = "a" * 64) -> scans.ScanRow:
    found = scan_run.Universe(
        KEYS, np.zeros((4, 500)), dt.date(2024, 1, 3), dt.date(2026, 1, 5), {"ether": "why"}
    )
    return scan_run.question(found, sha256, as_of, DRAWS, NOW)


def clock() -> dt.datetime:
    return NOW + dt.timedelta(hours=1)


class Dies:
    """Work that stops after some parts, as a killed process does; it says what it was asked."""

    def __init__(self, after: int) -> None:
        self.after, self.numbers = after, []

    def __call__(self, returns, numbers, draws):
        for number, body in scan_run.one_after_another(returns, numbers, draws):
            if len(self.numbers) == self.after:
                raise WorkersLost("the test wants it")
            self.numbers.append(number)
            yield number, body


def test_a_scan_that_was_killed_goes_on_where_it_was(any_ledger: Ledger, returns):
    version = any_ledger.version()
    for begun in (Dies(2), Dies(1)):
        with pytest.raises(WorkersLost, match="finished parts are kept; the same command goes on"):
            scan_run.run(any_ledger, asked(), returns, begun, clock)
    assert scans.newest(any_ledger.engine, NOW) is None
    seen, rest = [], Dies(9)
    found = scan_run.run(any_ledger, asked(), returns, rest, clock, lambda *done: seen.append(done))
    assert rest.numbers == [3]
    assert seen == [(3, 4), (4, 4)]
    row = scans.newest(any_ledger.engine, NOW)
    assert row == scans.ScanRow(
        **{name: getattr(asked(), name) for name in asked().__slots__} | {"finished_at": clock()}
    )
    blocks = [scan.block(returns, follow, scan.signs(DRAWS, 500)) for follow in range(4)]
    whole = scan.scan(KEYS, 500, blocks)
    for made in (found, scan_run.read(any_ledger, row)):
        assert (made.standings, made.critical, made.sentence) == (
            whole.standings,
            whole.critical,
            whole.sentence,
        )
    own = scan_run.standing(any_ledger, row, found, "silver", "bitcoin")
    assert own in found.standings
    assert scan_run.standing(any_ledger, row, found, "silver", "ether") is None
    again = Dies(0)
    assert scan_run.run(any_ledger, asked(), returns, again, clock).standings == found.standings
    assert any_ledger.version() == version


def test_a_page_sees_only_scans_of_what_was_known_by_then(ledger: Ledger, returns):
    early, late = NOW - dt.timedelta(days=30), NOW
    for as_of, sha256 in ((late, "b" * 64), (early, "c" * 64)):
        scan_run.run(ledger, asked(as_of, sha256), returns, scan_run.one_after_another, clock)
    day = dt.timedelta(days=1)
    assert scans.newest(ledger.engine, late + day).as_of == late
    assert scans.newest(ledger.engine, late - day).as_of == early
    assert scans.newest(ledger.engine, early - day) is None
    assert scans.newest(ledger.engine, late, recorded_by=clock() - day) is None


def test_the_name_of_a_scan_is_its_data_and_its_choices():
    assert asked().id == asked(NOW + dt.timedelta(days=1)).id
    assert asked().id != asked(sha256="d" * 64).id
    assert len(asked().id) == 32


def test_a_ledger_that_goes_away_stops_the_scan_with_a_sentence(ledger: Ledger, returns, tmp_path):
    def work(returns, numbers, draws):
        ledger.engine.dispose()
        (tmp_path / "ledger.sqlite").unlink()
        (tmp_path / "ledger.sqlite").mkdir()
        yield 0, b""

    with pytest.raises(LedgerUnavailable):
        scan_run.run(ledger, asked(), returns, work, clock)


def test_a_universe_file_is_read_and_a_bad_line_is_named(tmp_path):
    file = tmp_path / "universe.txt"
    file.write_text("silver  # the lead\n\n# metals\ngold\nsilver\nyahoo:ADA-USD\n")
    assert scan_run.read_universe(file) == ["silver", "gold", "yahoo:ADA-USD"]
    for text, why in (
        ("silver\nnothing_such\n", "line 2: There is no series"),
        ("silver\n", "names 1 series"),
    ):
        file.write_text(text)
        with pytest.raises(BadFile, match=why):
            scan_run.read_universe(file)
    for broken in (tmp_path / "absent", tmp_path):
        with pytest.raises(BadFile, match="cannot be read"):
            scan_run.read_universe(broken)


def test_parts_done_by_dask_are_the_same_to_the_bit(ledger: Ledger, returns):
    """In this process, so that it is quick; bench/scan.py kills workers that are processes."""
    place = {"processes": False, "dashboard_address": None, "silence_logs": logging.CRITICAL}
    with Client(n_workers=1, threads_per_worker=2, **place) as client:
        made = dict(OnClient(client)(returns, range(4), DRAWS))
    assert made == dict(scan_run.one_after_another(returns, range(4), DRAWS))


def test_a_scheduler_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setattr("analytics.topics.scan.cluster.CONNECT_SECONDS", 0.3)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(WorkersLost, match="no scheduler answers"), workers(f"tcp://127.0.0.1:{port}"):
        pass


def test_the_command_scans_says_who_is_left_out_and_keeps_it(tmp_path, monkeypatch):
    days = np.busday_offset("2023-01-02", np.arange(760), roll="forward").astype(str).tolist()
    with_prices = nulls.universe("U1", 1, 3, 5, n=760)[0]
    held = Ledger.at(tmp_path / "ledger.sqlite")
    for key, moves in zip(KEYS, with_prices, strict=False):
        series = catalogue.get(key)
        held.append(series, rows(series, days, (100 * np.exp(np.cumsum(moves))).tolist()), NOW)
    held.close()
    for name, value in {
        "SILVERLEAD_CACHE": str(tmp_path),
        "SILVERLEAD_DATA": "live",
        "SILVERLEAD_TODAY": "2026-06-05",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "u.txt").write_text("\n".join(KEYS))
    words = ["scan", "--universe", str(tmp_path / "u.txt"), "--workers", "0", "--draws", "99"]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0, said.output
    assert "Of 6 pairs scanned" in said.output
    assert "left out: copper: nothing is held of it" in said.output
    body = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert (body["pairs"], len(body["standings"]), body["draws"]) == (6, 6, 99)
    assert CliRunner().invoke(app, [*words, "--since", "yesterday"]).exit_code == 2
