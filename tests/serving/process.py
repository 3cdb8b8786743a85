"""The server as a process of its own on 127.0.0.1; it ends with the block, by its own pid."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import httpx

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        address: ``http://127.0.0.1:PORT``.
        pid: Of its process.
    """

    address: str
    pid: int
    _log: IO[bytes]

    @property
    def log(self) -> str:
        """What it has written so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    @property
    def worked(self) -> float:
        """Processor time of its threads so far [s]."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> float:
        """Resident memory [MB]."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def running(script: str, port: int, settings: Mapping[str, str]) -> Iterator[Server]:
    """Start asgi.py as ``python -m serving`` does, or ``streamlit run`` another script, and wait until it draws pages."""
    options = {"server.port": str(port), "server.address": "127.0.0.1", "server.headless": "true"}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    team = script == "asgi.py"
    command = (
        ["-m", "serving.listen", str(port), "127.0.0.1"]
        if team
        else ["-m", "streamlit", "run", script, *words]
    )
    ready = "/readyz" if team else "/_stcore/health"
    with started(command, f"http://127.0.0.1:{port}", ready, settings) as server:
        yield server


@contextmanager
def started(
    command: Sequence[str], address: str, ready: str, settings: Mapping[str, str]
) -> Iterator[Server]:
    """Start a Python program of ours and wait until its address answers."""
    with TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **settings}
        )
        server = Server(address, process.pid, log)
        try:
            wait_for(lambda: httpx.get(address + ready, timeout=5).status_code == 200, process, server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(
    there: Callable[[], bool], process: subprocess.Popen[bytes] | None = None, server: Server | None = None
) -> None:
    """Wait until something answers; at once an error where its process has ended."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            if there():
                return
        except httpx.TransportError:
            pass
        said = server.log if server else ""
        assert process is None or process.poll() is None, said
        assert time.monotonic() < until, f"not ready within {START_SECONDS:g} s\n{said}"
        time.sleep(0.2)
