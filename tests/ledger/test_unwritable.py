"""A ledger's file on a disk or in a folder that takes no writes: it is read, and whoever would write hears why not."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.__main__ import app
from analytics.errors import LedgerError
from analytics.ledger import Ledger, refresh_lock
from analytics.settings import settings
from tests.ledger.child import started
from tests.ledger.rows import BITCOIN, NOW, SILVER, filled, rows
from tests.pages.served import environment

NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, which those of pytest are not."""
    made = Path(tempfile.mkdtemp(prefix="silverlead-unwritable-"))
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


@contextmanager
def closed(folder: Path) -> Iterator[None]:
    """Within the block the folder takes no file and none of its files a change."""
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    yield
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)


def unprivileged() -> None:
    """The system's root may write whatever the permissions say."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def said(call) -> str:
    with pytest.raises(LedgerError) as caught:
        call()
    return str(caught.value)


def read(parent: Connection, path: str) -> None:
    """Tell what a ledger holds and how it refuses, then what it holds whenever asked to look again."""
    unprivileged()
    with closing(Ledger.at(Path(path))) as ledger:
        parent.send(len(ledger.held("bitcoin")))
        parent.send(said(lambda: ledger.append(SILVER, rows(SILVER, ["2026-06-01"], [70.0]), NOW)))
        parent.send(said(lambda: refresh_lock(ledger.engine).__enter__()))
        while True:
            parent.recv()
            parent.send(len(ledger.held("bitcoin")))


def refused(parent: Connection, path: str) -> None:
    unprivileged()
    parent.send(said(lambda: Ledger.at(Path(path))))


def command(parent: Connection, cache: str) -> None:
    """What status and refresh say."""
    unprivileged()
    os.environ |= environment(Path(cache), SILVERLEAD_YAHOO_URL="http://127.0.0.1:9")
    for word in ("status", "refresh"):
        settings.cache_clear()
        done = CliRunner().invoke(app, [word])
        parent.send((done.exit_code, done.stdout, done.stderr, repr(done.exception)))


def test_it_is_read_and_every_change_by_its_owner_is_seen(folder):
    path = filled(folder / "ledger.sqlite")
    with closed(folder), started(read, str(path)) as child:
        assert child.hear() == 4000
        assert "its file may not be written" in child.hear()
        assert "no file can be made beside it" in child.hear()
        assert sorted(file.name for file in folder.iterdir()) == ["ledger.sqlite"]
        folder.chmod(0o755)
        path.chmod(0o644)
        with closing(Ledger.at(path)) as owner:
            owner.append(BITCOIN, rows(BITCOIN, ["2030-01-01"], [1.0]), NOW)
            for file in folder.iterdir():
                file.chmod(0o444)
            folder.chmod(0o555)
            child.go()  # while the owner's log lies beside it
            assert child.hear() == 4001
            folder.chmod(0o755)
            for file in folder.iterdir():
                file.chmod(0o644)
        folder.chmod(0o555)
        child.go()  # and when it is gone again
        assert child.hear() == 4001


def test_a_copy_made_within_a_write_is_refused_and_not_read_without_its_log(folder):
    path = filled(folder / "ledger.sqlite")
    with closing(sqlite3.connect(path)) as owner:
        owner.execute("DELETE FROM observation")
        owner.commit()
        for name in ("ledger.sqlite", "ledger.sqlite-wal"):
            shutil.copy(folder / name, folder / f"copy-{name}")
    with closed(folder), started(refused, str(folder / "copy-ledger.sqlite")) as child:
        assert "its file cannot be opened" in child.hear()


def test_status_works_and_refresh_says_a_sentence(folder):
    filled(folder / "ledger.sqlite")
    with closed(folder), started(command, str(folder)) as child:
        code, shown, _, failed = child.hear()
        assert (code, failed) == (0, "None"), (shown, failed)
        assert "BTC-USD" in shown
        code, shown, error, failed = child.hear()
        assert (code, shown, failed) == (4, "", "SystemExit(4)"), (error, failed)
        assert "no file can be made beside it" in error
        assert error.count("\n") == 1
