"""/healthz and /readyz: how the process and its ledger are, without a secret and without asking a source."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse

from analytics.clock.instants import from_micros
from analytics.errors import AnalyticsError, LedgerUnavailable

if TYPE_CHECKING:  # pandas and the database's library: the server answers before they are there
    from analytics.desk import Desk

ANSWER_SECONDS = 1.5
"""Longest wait of /healthz for the ledger [s]; the ledger's own bounds are for work, and longer."""
FRESH = {"Cache-Control": "no-store"}


class Front:
    """The desk as the server's own routes see it: opened once in the background, so that starting never blocks.

    Args:
        desk: Gives the process's desk; may take seconds, or raise, the first time.
    """

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk
        self._opened = threading.Event()
        self._opening = threading.Lock()
        self._asking = threading.Lock()
        self._asked: _Asked | None = None
        self.trouble = ""

    def open(self) -> None:
        """Open the desk in the background unless that is done or under way."""
        if not self._opened.is_set() and self._opening.acquire(blocking=False):
            threading.Thread(target=self._open, name="opening", daemon=True).start()

    def _open(self) -> None:
        try:
            self._desk()
            self._opened.set()
            self.trouble = ""
        except AnalyticsError as error:
            self.trouble = str(error)
        finally:
            self._opening.release()

    @property
    def desk(self) -> Desk | None:
        """The desk; None while it is being opened."""
        return self._desk() if self._opened.is_set() else None

    def health(self, _request: Request) -> JSONResponse:
        """200 while the process can do its work or is starting, 503 when its ledger cannot be read."""
        self.open()
        desk = self.desk
        if desk is None:
            return _answer(
                503 if self.trouble else 200, "down" if self.trouble else "starting", why=self.trouble
            )
        asked = self._ask(desk)
        asked.join(ANSWER_SECONDS)
        return asked.answer

    def _ask(self, desk: Desk) -> _Asked:
        """One question at a time, however many wait for its answer: a ledger that hangs costs one thread."""
        with self._asking:
            if self._asked is None or not self._asked.is_alive():
                self._asked = _Asked(desk)
                self._asked.start()
            return self._asked

    def ready(self, request: Request) -> JSONResponse:
        """200 once pages can be drawn: the desk is open and its ledger answers."""
        found = self.health(request)
        if found.status_code == 200 and self.desk is None:
            return _answer(503, "starting")
        return found


class _Asked(threading.Thread):
    """One question to the ledger; until its answer is there, ``answer`` says that there is none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(name="health", daemon=True)
        self._desk = desk
        self.answer = _answer(503, "down", why=str(LedgerUnavailable("no answer in time")))

    def run(self) -> None:
        ledger = self._desk.ledger
        try:
            version, series = ledger.version(), len(ledger.series_keys())
        except AnalyticsError as error:
            self.answer = _answer(503, "down", why=str(error))
            return
        written = from_micros(version).isoformat() if version else None
        data = {
            "data": ledger.kind,
            "series": series,
            "written": written,
            "refreshing": self._desk.refreshing,
        }
        self.answer = _answer(200, "ok", **data)


def _answer(status: int, word: str, **more: object) -> JSONResponse:
    body = {"status": word, **{name: value for name, value in more.items() if value != ""}}
    return JSONResponse(body, status, headers=FRESH)
