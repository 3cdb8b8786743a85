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
BAD_OPTION = "its address holds an option or a value that is not known"
SERVER = (
    ("password", "it refuses the name or the password"),
    ("no pg_hba.conf entry", "it refuses connections from this machine"),
    ("resolve", "its host is not found; a password's @ is written %40, its / %2F"),
    ("does not support ssl", "it offers no encryption, which the address asks for"),
    ("certificate", "its certificate or the one that checks it cannot be used"),
    ("invalid", BAD_OPTION),
    ("unrecognized", BAD_OPTION),
    ("not found", BAD_OPTION),
    ("does not exist", "it has no such database or user"),
    ("timeout", "no answer in time"),
    ("too many", "all its connections are in use"),
)
"""By a word of the server's message; only these words of ours are shown, never the message."""
CONNECTION = ("08", "53", "57", "28", "3D")
RIGHTS = "Grant its role what docs/upgrade.md lists."
LATER = "Try again in a moment."
STATES: dict[str, tuple[str, ...]] = {
    "55P03": ("somebody else holds a lock on its rows or tables", LATER),
    "40": ("somebody else was writing the same rows", LATER),
    "57014": ("no answer in time", LATER),
    "25006": ("it may only be read", "Name the server that takes writes in DATABASE_URL."),
    "25": ("it ended a transaction that waited for too long", LATER),
    "42501": ("its role lacks a right", RIGHTS),
    "3F": (
        "its search path names no schema that is there for its role",
        "Check the search_path of DATABASE_URL and of the role.",
    ),
    "42P01": ("its tables are gone", "Start again: a new ledger is then filled."),
    "0A000": (
        "it cannot do what is asked",
        "Check that it is PostgreSQL 12 or newer, without a pool that shares sessions.",
    ),
    "54": ("it has reached a limit of its own",),
    "58": ("its disk fails",),
    "F0": ("its configuration is at fault",),
    "22021": ("its encoding is not UTF-8", "Make a database with ENCODING 'UTF8'."),
}
"""By the server's SQLSTATE, or the beginning of it; what is in neither table (23, 42601, ...) is a defect of ours."""
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
    for state, words in STATES.items():
        if code.startswith(state):
            return LedgerUnavailable(*words)
    # psycopg gives no code to a connection that fails; 08, 53, 57 are the server's own troubles, 28 and 3D refusals.
    if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError) or code[:2] in CONNECTION:
        return LedgerUnavailable(next((words for word, words in SERVER if word in text), "no connection"))
    return None


def _of_file(code: str, text: str) -> LedgerError | None:
    for name, words in FILE.items():
        if code.startswith(name):
            return LedgerUnavailable(words, CHECK_FILE)
    return LedgerUnavailable(*STATES["42P01"]) if "no such table" in text else None
