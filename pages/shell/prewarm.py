"""New figures are measured before anybody waits for them.

A refresh moves the ledger, and everything shown hangs on its version: without this, the next reader of every page waits
while it is measured anew, and everybody else waits for the interpreter. So readers stay on the version that they know while
a process of its own (``measuring``) makes for the new one what they have asked for lately; then all go over at once. The
older version is whole: every panel is cut at its last write.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import cast

from analytics.errors import LedgerError
from analytics.evaluate.cache import Asked
from analytics.evaluate.codec import Foreign, decode, encode
from analytics.ledger import Ledger
from pages.shell import cache
from pages.shell.cache import Entry

log = logging.getLogger("silverlead")

ROOT = Path(__file__).resolve().parents[2]
LATELY_SECONDS = 60.0
"""What nobody has asked for in so long is not measured ahead; where nothing is, a new version is taken at once."""
STILL_SECONDS = 1.0
"""A refresh writes series by series: measuring waits until the ledger has stood still for so long."""
LONGEST_SECONDS = 120.0
"""After so long readers go over to the new version, measured or not."""
MOST = 2_000
PROGRAM = "pages.shell.measuring"


class Prewarm:
    """Which version of a ledger its readers see. One a process; safe to use from many threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._guard = threading.Lock()
        self._asked: OrderedDict[Asked, float] = OrderedDict()
        self._current, self._series = -1, -1
        self._worker: threading.Thread | None = None
        self._stopped = False

    def note(self, one: Asked) -> None:
        """A page asks for this."""
        with self._guard:
            self._asked[one] = time.monotonic()
            self._asked.move_to_end(one)
            if len(self._asked) > MOST:
                self._asked.popitem(last=False)

    def stop(self) -> None:
        """This ledger is not read any more: nothing that is still being measured of it is kept."""
        self._stopped = True

    @property
    def pending(self) -> bool:
        """Whether figures are being measured that readers do not see yet."""
        return self._worker is not None

    def version(self) -> int:
        """The version that readers see now; starts the measuring of a newer one.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        if self._ledger.version() == self._current:
            return self._current
        with self._guard:  # read here, where nobody can go over to a newer one in between
            newest, series = self._ledger.version(), len(self._ledger.series_keys())
            if newest == self._current:
                return newest
            # A series that was not there may be what the reader waits for: a typed symbol, or a ledger that fills.
            if series != self._series or newest < self._current or not self._lately():
                self._current, self._series = newest, series
            elif self._worker is None:
                self._worker = threading.Thread(
                    target=self._work, args=(newest,), name="prewarm", daemon=True
                )
                self._worker.start()
            return self._current

    def _lately(self) -> list[Asked]:
        since = time.monotonic() - LATELY_SECONDS
        return [one for one, when in self._asked.items() if when >= since]

    def _work(self, newest: int) -> None:
        began = time.monotonic()
        try:
            newest = self._still(newest, began + LONGEST_SECONDS)
            with self._guard:
                wanted = self._lately()
            found = measured(newest, wanted, began + LONGEST_SECONDS - time.monotonic())
            if self._stopped:  # another ledger has taken this one's place, and may come to the same version
                return
            cache.hold(found)
            done = {"answers": len(found), "seconds": round(time.monotonic() - began, 1)}
            log.info("measured ahead: %(answers)d answers in %(seconds)s s", done, extra=done)
        except (LedgerError, OSError, subprocess.SubprocessError, Foreign) as error:
            log.warning("new figures are measured as they are asked for: %s", error)
        finally:
            with self._guard:
                self._current, self._worker = max(self._current, newest), None

    def _still(self, newest: int, until: float) -> int:
        """The version at which the ledger stands still."""
        while time.monotonic() + STILL_SECONDS < until:
            time.sleep(STILL_SECONDS)
            before, newest = newest, self._ledger.version()
            if newest == before:
                break
        return newest


def measured(version: int, wanted: list[Asked], seconds: float) -> list[Entry]:
    """Everything that pages need to show ``wanted`` at a version, made by a process of its own.

    Raises:
        OSError, subprocess.SubprocessError: it cannot be started, failed, or took longer than ``seconds``.
        Foreign: its answer broke off.
    """
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-m", PROGRAM],
        input=encode((version, wanted)),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        timeout=seconds,
        check=True,
    )
    return cast("list[Entry]", decode(done.stdout))
