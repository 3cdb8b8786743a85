"""Database failures as our own errors, in our own words: a driver's text may hold addresses and names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from analytics.errors import LedgerDamaged, LedgerError, LedgerFull, LedgerUnavailable

FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "53100")
"""The second: no room for the few pages by which a reader of a write-ahead log finds its way."""
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002")
FILE = {
    "SQLITE_BUSY": "another process has been writing for too long",
    "SQLITE_LOCKED": "another process has been writing for too long",
    "SQLITE_READONLY": "its file may not be written",
    "SQLITE_PERM": "its file may not be read",
    "SQLITE_CANTOPEN": "its file cannot be opened",
    "SQLITE_IOERR": "its disk fails",
}
"""By the driver's name of the error, or the beginning of it."""
SERVER = (
    ("password", "it refuses the name or the password"),
    ("no pg_hba.conf entry", "it refuses connections from this machine"),
    ("does not exist", "it has no such database or user"),
    ("timeout", "no answer in time"),
    ("too many", "all its connections are in use"),
)
"""By a word of the server's message; only these words of ours are shown, never the message."""
CHECK_FILE = "Check the folder that SILVERLEAD_CACHE names, its disk and its permissions."


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn failures of the database into ``LedgerError``; defects of ours (bad SQL, broken constraints) go on."""
    try:
        yield
    except sa.exc.TimeoutError:
        raise LedgerUnavailable("all its connections are busy", "Try again in a moment.") from None
    except sa.exc.DBAPIError as error:
        found = translated(error)
        if found is None:
            raise
        raise found from None


def translated(error: sa.exc.DBAPIError) -> LedgerError | None:
    """Our error for a failure of the database; None where it is no failure of the database but of ours."""
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or ""
    text = str(error.orig).lower()
    if code.startswith(FULL):
        return LedgerFull()
    if code.startswith(DAMAGED):
        return LedgerDamaged("The ledger file")
    if code.startswith("SQLITE"):
        return _of_file(code, text)
    # psycopg gives no code to a connection that fails; 08, 53, 57 are the server's own troubles, 28 and 3D refusals.
    if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError) or code[:2] in (
        "08",
        "53",
        "57",
        "28",
        "3D",
    ):
        return LedgerUnavailable(next((words for word, words in SERVER if word in text), "no connection"))
    return _tables_gone() if code == "42P01" else None


def _of_file(code: str, text: str) -> LedgerError | None:
    for name, words in FILE.items():
        if code.startswith(name):
            return LedgerUnavailable(words, CHECK_FILE)
    return _tables_gone() if "no such table" in text else None


def _tables_gone() -> LedgerError:
    return LedgerUnavailable("its tables are gone", "Start again: a new ledger is then filled.")
