"""docs/upgrade.md: its commands, run as they stand there on a ledger that is being written, give back a whole ledger."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from analytics.ledger import Ledger
from analytics.ledger.connect import sqlite_url
from analytics.settings import ROOT
from tests import postgres
from tests.ledger.child import PAIR, ROWS, append, started
from tests.ledger.rows import stored
from tests.pages.served import environment

BATCHES = 6
DOCUMENT = (ROOT / "docs" / "upgrade.md").read_text()


def commands(heading: str) -> str:
    """The shell commands under a heading."""
    found = re.search(rf"^## {heading}\n.*?^```sh\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def typed(heading: str, folder: Path, **settings: str) -> str:
    """What the commands under a heading print in a folder."""
    (folder / "bin").mkdir(exist_ok=True)
    python = folder / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    places = [
        str(folder / "bin"),
        *([str(postgres.programs())] if postgres.programs() else []),
        os.environ["PATH"],
    ]
    ours = {"PATH": os.pathsep.join(places), "PYTHONPATH": str(ROOT)}
    asked = os.environ | environment(folder / "data_cache") | ours | settings
    done = subprocess.run(
        ["bash", "-euc", commands(heading)],
        cwd=folder,
        env=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def backed_up(url: str, heading: str, folder: Path, **settings: str) -> None:
    """Follow a heading while another process writes batches of two series each."""
    with started(append, url, 0, BATCHES) as child:
        assert child.hear() == "ready"
        child.go()
        assert child.hear() == 0
        typed(heading, folder, **settings)
        assert child.rest() == list(range(1, BATCHES))


def check_whole(restored: Ledger, written: Ledger) -> None:
    """Whole batches, at least the one that was stored before, each row as it was written; and it can be written to."""
    rows = stored(restored)
    counts = [len(restored.held(key)) for key in PAIR]
    assert counts[0] == counts[1] >= ROWS
    assert counts[0] % ROWS == 0
    everything = stored(written)
    assert len(everything) == 2 * ROWS * BATCHES
    assert len(rows.merge(everything)) == len(rows)
    assert restored.version() == rows["recorded_at"].max()


def test_a_file_is_backed_up_while_it_is_written_and_restored(tmp_path):
    path = tmp_path / "data_cache" / "ledger.sqlite"
    Ledger.at(path).close()
    backed_up(str(sqlite_url(path)), "Back up SQLite", tmp_path)
    assert "silver" in typed("Restore SQLite", tmp_path)
    with closing(Ledger.at(path)) as restored, closing(Ledger.at(tmp_path / "aside" / path.name)) as written:
        check_whole(restored, written)


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_database_is_backed_up_while_it_is_written_and_restored(postgres_server, tmp_path):
    url, empty = postgres_server.database(), postgres_server.url("restored")
    Ledger(url).close()
    backed_up(url, "Back up PostgreSQL", tmp_path, DATABASE_URL=url)
    postgres_server.run("CREATE DATABASE restored")
    try:
        assert "silver" in typed("Restore PostgreSQL", tmp_path, RESTORED_URL=empty)
        with closing(Ledger(empty)) as restored, closing(Ledger(url)) as written:
            check_whole(restored, written)
    finally:
        postgres_server.run("DROP DATABASE restored WITH (FORCE)")


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_role_with_the_rights_that_are_listed_reads_and_writes(postgres_server):
    url = postgres_server.database()
    Ledger(url).close()
    (rights,) = re.findall(r"```sql\n(.*?)```", DOCUMENT, re.DOTALL)
    postgres_server.run(f"CREATE ROLE silverlead LOGIN PASSWORD '{postgres_server.password}'")
    try:
        postgres_server.run(rights)
        with started(append, url.replace("tester:", "silverlead:"), 0, 1) as child:
            assert child.hear() == "ready"
            child.go()
            assert child.rest() == [0]
        with closing(Ledger(url)) as ledger:
            assert len(ledger.held("silver")) == ROWS
    finally:
        postgres_server.run("DROP OWNED BY silverlead")
        postgres_server.run("DROP ROLE silverlead")
