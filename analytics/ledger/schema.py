"""Tables of the ledger. Instants are microseconds since 1970 UTC and dates are days since 1970: the same integers,
the same order and the same arithmetic on SQLite and PostgreSQL, and they go into numpy without parsing."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

SCHEMA_VERSION = 1
ADVISORY_REFRESH, ADVISORY_CREATE = 0x51_1F_E2_1E_AD, 0x51_1F_E2_1E_AE
"""Any constants: they name our locks among the advisory locks of a PostgreSQL database."""

FIELDS = {
    "value": 0, "close": 1, "volume": 2, "dividend": 3, "split": 4,
    "managed_long": 5, "managed_short": 6, "producers_long": 7, "producers_short": 8, "swaps_long": 9, "swaps_short": 10,
    "others_long": 11, "others_short": 12, "managers_long": 13, "managers_short": 14, "dealers_long": 15, "dealers_short": 16,
    "leveraged_long": 17, "leveraged_short": 18, "gold": 19,
}  # fmt: skip
"""Stored as small integers: an as-of read moves tens of thousands of rows. Numbers are never used again."""
MOST_FIELDS = 64
FIELD_NAMES = {code: name for name, code in FIELDS.items()}

metadata = MetaData()

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
)

# Clustered by its key on SQLite, so that an as-of read is one ordered scan without a sort.
observation = Table(
    "observation",
    metadata,
    Column("series_id", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("field", SmallInteger, primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("known_at", BigInteger, primary_key=True, autoincrement=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("estimated", SmallInteger, nullable=False),
    Column("value", Double, nullable=False),
    sqlite_with_rowid=False,
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", String(64), nullable=False, index=True),
    Column("provider", String(16), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("full_read", SmallInteger, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("added", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("error", String(32), nullable=False, default=""),
    Column("message", Text, nullable=False, default=""),
)

oddity = Table(
    "oddity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt_id", Integer, ForeignKey("attempt.id"), nullable=False, index=True),
    Column("series", String(64), nullable=False, index=True),
    Column("period", Integer),
    Column("field", String(16), nullable=False),
    Column("value", String(64), nullable=False),
    Column("reason", Text, nullable=False),
)

# One row: the schema's version, the newest recorded_at (the ledger's version) and what kind of data it holds.
state = Table(
    "state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
)

# Added after the first ledgers were made, and only ever beside them: links.py makes it where it is missing.
link = Table(
    "link",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("page", String(32), nullable=False),
    Column("query", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("as_of", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
)

# Added later as well (visits.py): logins that ended before their cookie did, as an identifier and not as a name.
ended_visit = Table(
    "ended_visit",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("until", BigInteger, nullable=False),
)

# Added later as well (symbols.py): when a typed symbol was last shown, to the day.
typed_symbol = Table(
    "typed_symbol",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("shown_at", BigInteger, nullable=False),
)

# Added later as well (scans.py): whole-universe scans, a row a scan and a row a finished part of one.
scan = Table(
    "scan",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("keys", Text, nullable=False),
    Column("left_out", Text, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("draws", Integer, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
)

scan_part = Table(
    "scan_part",
    metadata,
    Column("scan_id", String(32), ForeignKey("scan.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

# Added later (retractions.py): rows that no longer count from an instant on. Rows are never deleted; reads of earlier instants
# still show them. An undone retraction keeps its row.
retraction = Table(
    "retraction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series_id", Integer, ForeignKey("series.id"), nullable=False, index=True),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("known_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("undone_at", BigInteger),
    Column("undone_recorded_at", BigInteger),
)

# Added later (standing.py): whether a series is confirmed and what its source says of it, such as its currency (of both the
# newest row of each counts), answers that contradict what is
# held, as bytes (int64 days and float64 values, little-endian), and held dates that an answer lacked.
standing = Table(
    "standing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", String(64), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)

trait = Table(
    "trait",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", String(64), nullable=False, index=True),
    Column("name", String(16), nullable=False),
    Column("value", String(64), nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)

dispute = Table(
    "dispute",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("whole", SmallInteger, nullable=False),
    Column("days", LargeBinary, nullable=False),
    Column("levels", LargeBinary, nullable=False),
)

absence = Table(
    "absence",
    metadata,
    Column("series", String(64), primary_key=True),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("asked_at", BigInteger, primary_key=True, autoincrement=False),
)

# Added later (results.py): what has been evaluated, as bytes by a hash. In a file of its own beside an embedded ledger. The
# bytes stand last: SQLite walks through a long value to what stands behind it.
results = MetaData()
result = Table(
    "result",
    results,
    Column("key", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
)
