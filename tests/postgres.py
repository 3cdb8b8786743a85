"""A PostgreSQL server of the tests' own: Debian's programs, a temporary folder, loopback only, ended by its own pid."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

PROGRAMS = Path("/usr/lib/postgresql")
ROLE, NAME = "tester", "postgres"
START_SECONDS = 30.0
QUICK = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=16MB",
    "max_connections=60",
)
"""The tests kill clients, never the machine: nothing needs to reach the disk."""


def programs() -> Path | None:
    """Folder of the newest version's programs; None where there are none."""
    found = [path.parent for path in PROGRAMS.glob("*/bin/initdb")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


class Server:
    """A running server with one database, which each call of ``database`` empties."""

    def __init__(self, port: int, password: str, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.port, self.password, self._start = port, password, start
        self._process = start()
        _wait(self._process, self)

    def restart(self, word: signal.Signals) -> None:
        """End the server as ``word`` asks (SIGINT: now; SIGQUIT: as a crash would) and start it again on its port."""
        self.stop(word)
        self._process = self._start()
        _wait(self._process, self)

    def stop(self, word: signal.Signals = signal.SIGQUIT) -> None:
        """End the server; SIGQUIT does not tidy up what is thrown away anyway."""
        self._process.send_signal(word)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Within the block no process of the server runs; the kernel still takes what is sent to them."""
        family = [self._process.pid, *_children(self._process.pid)]
        try:
            for pid in family:
                _send(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in family:
                _send(pid, signal.SIGCONT)

    def url(self, name: str, password: str | None = None) -> str:
        """An address as DATABASE_URL takes it."""
        return f"postgresql://{ROLE}:{password or self.password}@127.0.0.1:{self.port}/{name}"

    def database(self) -> str:
        """The address of the database, emptied: far cheaper than a new one, which is a thousand files."""
        self.drop_clients()
        self.run("DROP SCHEMA public CASCADE")
        self.run("CREATE SCHEMA public")
        return self.url(NAME)

    def drop_clients(self) -> None:
        """End every session but this one."""
        self.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                 "AND pid <> pg_backend_pid()")  # fmt: skip

    def run(self, statement: str) -> None:
        """One statement, outside the tested code."""
        with psycopg.connect(self.url(NAME), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


def _send(pid: int, word: signal.Signals) -> None:
    """A session of the server may have ended since it was listed."""
    with suppress(ProcessLookupError):
        os.kill(pid, word)


@contextmanager
def server(folder: Path, settings: Sequence[str] = QUICK) -> Iterator[Server]:
    """Start a server on the programs in ``folder``; it ends with the block."""
    home = Path(tempfile.mkdtemp(prefix="silverlead-postgres-"))
    password = secrets.token_hex(12)
    try:
        _initialise(folder, home, password)
        port = _free_port()
        running = Server(port, password, partial(_start, folder, home, port, settings))
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _as_whom() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _initialise(folder: Path, home: Path, password: str) -> None:
    whom = _as_whom()
    words = home / "password"
    words.write_text(password)
    if whom:
        for path in (home, words):
            os.chown(path, whom["user"], whom["group"])
    command = [folder / "initdb", "-D", home / "data", "-U", ROLE, "--pwfile", words, "-A", "scram-sha-256"]
    options = ["--no-sync", "-E", "UTF8", "--locale=C"]
    done = subprocess.run([*command, *options], cwd=home, capture_output=True, text=True, check=False, **whom)
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, home: Path, port: int, settings: Sequence[str]) -> subprocess.Popen[bytes]:
    settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", *settings)
    options = [word for setting in settings for word in ("-c", setting)]
    command = [folder / "postgres", "-D", home / "data", "-p", str(port), *options]
    with (home / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=home, stdout=log, stderr=log, **_as_whom())


def _wait(process: subprocess.Popen[bytes], started: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            started.run("SELECT 1")
            return
        except psycopg.OperationalError:
            assert process.poll() is None, "the server ended at once"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)
