"""A refresh that is told to end while a source hangs: at once, in one sentence, with what it had and without the lock."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.loopback.server import Loopback
from tests.pages.served import TODAY, environment, mirrors

WORDS = ["refresh", "--only", "silver", "--only", "treasury_10y", "--only", "cpi"]
PATIENCE = 60.0
"""Longest wait for a child [s]; well under it a source that hangs is given up at the earliest after 20."""
AT_ONCE = 5.0
"""Within this a child that was told to end has ended [s]: a hanging request alone takes four times as long."""


@contextmanager
def started(folder: Path, address: str) -> Iterator[subprocess.Popen[str]]:
    """The command as a process of its own, gone after the block."""
    urls = mirrors(address)
    child = subprocess.Popen(
        [sys.executable, "-m", "analytics", *WORDS],
        env=os.environ | environment(folder, **urls),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


def stored(folder: Path) -> set[tuple[str, int]]:
    """Each series that a ledger holds, and how many rows."""
    path = folder / "ledger.sqlite"
    if not path.exists():
        return set()
    query = "SELECT key, count(*) FROM observation JOIN series ON series.id = series_id GROUP BY key"
    with closing(sqlite3.connect(path)) as connection:
        try:
            return set(connection.execute(query))
        except sqlite3.OperationalError:  # its tables are being made
            return set()


def until_it_hangs(child: subprocess.Popen[str], source: Loopback, folder: Path) -> None:
    """Silver is stored, and FRED has been asked."""
    end = time.monotonic() + PATIENCE
    while not stored(folder) or not any("/graph/" in path for _, path, _ in source.log):
        assert child.poll() is None, child.communicate()
        assert time.monotonic() < end, "the child does nothing"
        time.sleep(0.05)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("word", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_refresh_that_hangs_ends_at_once(tmp_path, word, code):
    with Loopback(TODAY) as source:
        source.mode, source.only = "heads", "/graph/"
        with started(tmp_path, source.address) as child:
            until_it_hangs(child, source, tmp_path)
            child.send_signal(word)
            out, said = child.communicate(timeout=AT_ONCE)
        assert (child.returncode, out) == (code, "")
        assert said == "Stopped; what was stored so far stays, and the next refresh goes on.\n"
        kept = stored(tmp_path)
        assert {key for key, _ in kept} == {"silver"}

        source.mode = "ok"
        with started(tmp_path, source.address) as child:  # the lock is free
            out, said = child.communicate(timeout=PATIENCE)
        assert (child.returncode, said) == (0, "")
        assert "0 failed" in out
        assert kept < stored(tmp_path)
