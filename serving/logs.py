"""Logs as JSON lines, one object a line, where SILVERLEAD_LOG asks for it; never an address, a key or a typed text."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys

OURS = "silverlead"
NEIGHBOURS = ("streamlit", "uvicorn", "websockets")
"""Loggers of the server's own parts, whose lines become JSON as well."""
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
            for handler in logging.getLogger(name).handlers:
                handler.setFormatter(JsonLines())
