"""Other processes at the ledger: forked from a server that has everything imported, so that each is there at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from analytics import catalogue
from analytics.ledger import Ledger, refresh_lock
from tests.ledger.rows import NOW, rows

ROWS = 400
PAIR = ("silver", "bitcoin")
PATIENCE = 120.0
"""Longest wait for a word from a child [s]; the machine may be busy."""
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.ledger.child"])


def append(parent: Connection, address: str, first: int, batches: int) -> None:
    """Batches of two series, each batch one transaction; its number is sent once it is stored."""
    held, series = Ledger(address), [catalogue.get(key) for key in PAIR]
    parent.send("ready")
    parent.recv()
    for number in range(first, first + batches):
        days = range(number * ROWS, (number + 1) * ROWS)
        periods = [f"{1970 + day // 336}-{day % 336 // 28 + 1:02d}-{day % 28 + 1:02d}" for day in days]
        held.append_many([(one, rows(one, periods, range(1, ROWS + 1))) for one in series], NOW)
        parent.send(number)
    held.close()


def hold(parent: Connection, address: str) -> None:
    """Hold the refresh lock until killed."""
    held = Ledger(address)
    with refresh_lock(held.engine):
        parent.send("held")
        parent.recv()


def open_it(parent: Connection, address: str) -> None:
    """Open a ledger when told to, as others do at the same moment, and tell its version."""
    parent.send("ready")
    parent.recv()
    held = Ledger(address)
    parent.send(held.version())
    held.close()


class Child:
    """A running child."""

    def __init__(self, work: Callable[..., None], words: tuple[Any, ...]) -> None:
        self._pipe, theirs = _forks.Pipe()
        self._process = _forks.Process(target=work, args=(theirs, *words), daemon=True)
        self._process.start()
        theirs.close()

    def hear(self) -> Any:
        """The next thing that the child says."""
        assert self._pipe.poll(PATIENCE), "the child says nothing"
        return self._pipe.recv()

    def speaks(self, within: float) -> bool:
        """Whether it says something within so many seconds."""
        return self._pipe.poll(within)

    def go(self) -> None:
        """Let a child that is ready begin."""
        self._pipe.send("go")

    def rest(self) -> list[Any]:
        """Everything that it still says until its end."""
        said = []
        try:
            while True:
                said.append(self.hear())
        except EOFError:
            self._process.join(PATIENCE)
            return said

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._process.kill()
        self._process.join(PATIENCE)

    @property
    def code(self) -> int | None:
        """How it ended."""
        return self._process.exitcode


@contextmanager
def started(work: Callable[..., None], *words: Any) -> Iterator[Child]:
    """A child that is gone after the block, whatever happens in it."""
    child = Child(work, words)
    try:
        yield child
    finally:
        child.kill()
