"""Logs as JSON lines, one object a line, where SILVERLEAD_LOG asks for it; never an address, a key or a typed text."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys

OURS = "silverlead"
NEIGHBOURS = ("streamlit", "uvicorn", "websockets")
"""Loggers of the server's own parts, whose lines become JSON as well."""
AT_ONCE, PER_SECOND, MOST_KINDS = 300.0, 5.0, 500
"""Lines of one logger and level that are written at once, and then a second; how many kinds are told apart."""
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, logger, what it says, and its ``extra`` fields by name."""

    def format(self, record: logging.LogRecord) -> str:
        when = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"time": when, "level": record.levelname.lower(), "logger": record.name}
        line["event"] = record.getMessage()
        line |= {
            name: value for name, value in vars(record).items() if name not in _PLAIN and name[:1] != "_"
        }
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "trace": self.formatException(record.exc_info)}
        return json.dumps(line, ensure_ascii=False, default=str)


class Pace(logging.Filter):
    """Bounds the lines of each logger and level, so that nobody outside can fill a disk with them; what was left out is counted."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[tuple[str, int], tuple[float, float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind = (record.name, record.levelno)
        if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            self._kinds.pop(next(iter(self._kinds)))
        left, seen, out = self._kinds.get(kind, (AT_ONCE, record.created, 0))
        left = min(left + PER_SECOND * max(record.created - seen, 0.0), AT_ONCE)
        if left < 1:
            self._kinds[kind] = (left, record.created, out + 1)
            return False
        self._kinds[kind] = (left - 1, record.created, 0)
        if out:
            record.msg, record.args = f"{record.getMessage()} ({out} lines before it were left out)", ()
        return True


def paced() -> None:
    """Bound what this process writes, whichever part of it writes. Addresses that uvicorn would name are left out."""
    pace = Pace()
    names = [
        name for name in list(logging.root.manager.loggerDict) if name.split(".")[0] in (OURS, *NEIGHBOURS)
    ]
    writers = {handler for name in names for handler in logging.getLogger(name).handlers}
    writers |= {*logging.root.handlers, *([logging.lastResort] if logging.lastResort else [])}
    for handler in writers:
        handler.addFilter(pace)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


def as_json_lines() -> None:
    """Our own lines from ``info`` on, and those of the server's parts, to standard error as JSON."""
    ours = logging.getLogger(OURS)
    if not any(isinstance(handler.formatter, JsonLines) for handler in ours.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in NEIGHBOURS:
            for theirs in logging.getLogger(name).handlers:
                theirs.setFormatter(JsonLines())
