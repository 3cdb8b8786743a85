"""``python -m serving``: asgi.py in one process, or in several, each on its own port behind a sticky proxy (docs/deploy.md).

Streamlit keeps a reader's session and files in the memory of one process, so two on one port would lose them; each has a port, and
the proxy sends a reader to the same one. A process that ends is started again, all end together, and only our own are ended.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from analytics.errors import BadSetting
from analytics.settings import Settings, settings

log = logging.getLogger("silverlead.serving")

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
END_SECONDS, QUICK_SECONDS, PAUSE_SECONDS = 15.0, 20.0, 2.0
"""How long an ending process may take; one that lived shorter than the second failed to start; the pause before another try."""
MOST_FAILED_STARTS = 3


class Worker:
    """One process on its port."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self._address = port, address
        self.failed_starts = 0
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "serving.listen", str(self.port)]
        command += [self._address] if self._address else []
        self.process, self._began = subprocess.Popen(command, cwd=ROOT), time.monotonic()

    def restart(self) -> bool:
        """Start it again; whether that is worth a try: it did not fail over and over right after its start."""
        quick = time.monotonic() - self._began < QUICK_SECONDS
        self.failed_starts = self.failed_starts + 1 if quick else 0
        if self.failed_starts >= MOST_FAILED_STARTS:
            return False
        log.warning(
            "The process on port %d ended (%s); it is started again.", self.port, self.process.returncode
        )
        self.start()
        return True

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def ports(held: Settings) -> list[int]:
    """One a process, from SILVERLEAD_PORT on."""
    return [held.silverlead_port + i for i in range(held.silverlead_workers)]


def address(held: Settings) -> str:
    """Where to listen; several processes are the proxy's business, so only this machine reaches them unless it is set."""
    return held.silverlead_address or (LOOPBACK if held.silverlead_workers > 1 else "")


def run(held: Settings, stop: threading.Event) -> int:
    """Keep the processes running until ``stop`` is set; the exit code."""
    workers = [Worker(port, address(held)) for port in ports(held)]
    try:
        while not stop.wait(PAUSE_SECONDS):
            ended = [worker for worker in workers if worker.process.poll() is not None]
            if not all(worker.restart() for worker in ended):
                log.error("A process ends as soon as it starts; what it wrote above says why.")
                return 1
        return 0
    finally:
        for worker in workers:
            worker.process.terminate()  # all at once, then wait for each
        for worker in workers:
            worker.end()


def main() -> int:
    """Run until interrupted or told to end."""
    logging.basicConfig(format="%(asctime)s %(message)s")
    stop = threading.Event()

    def ended(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ended)
    signal.signal(signal.SIGINT, ended)
    try:
        return run(settings(), stop)
    except BadSetting as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
