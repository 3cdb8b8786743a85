"""How far each rule that fires once has been judged: two instants a rule, from which the ledger gives what was seen then.

Nothing of the answers is kept: the ledger read as of ``as_of`` without what was recorded after ``recorded`` is what the last
run saw. Without a file, or with one that cannot be read, rules begin anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from analytics.cli.alerts import Rule
from analytics.errors import BadChoice

Marks = dict[str, "Mark"]


@dataclass(frozen=True, slots=True)
class Mark:
    """The instant up to which a rule was judged, and the newest record that was there then."""

    as_of: dt.datetime
    recorded: dt.datetime


def place(cache: Path, rules: Path) -> Path:
    """The file of one rules file's marks, in the cache's folder."""
    return cache / f"alerts-{_digest(str(rules.resolve()))}.json"


def sign(rule: Rule) -> str:
    """What a rule is known by: one whose terms are changed begins anew."""
    return _digest(repr(astuple(rule)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def load(file: Path) -> Marks:
    """The marks by ``sign``; none where there is no file that can be read."""
    try:
        rows = json.loads(file.read_bytes())
        return {
            key: Mark(*(dt.datetime.fromisoformat(row[part]) for part in ("as_of", "recorded")))
            for key, row in rows.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def save(file: Path, marks: Mapping[str, Mark]) -> None:
    """Write all marks, at once or not at all.

    Raises:
        BadChoice: the folder cannot be written.
    """
    rows = {
        key: {"as_of": m.as_of.isoformat(), "recorded": m.recorded.isoformat()} for key, m in marks.items()
    }
    beside = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        beside.replace(file)
    except OSError:
        raise BadChoice(
            "SILVERLEAD_CACHE",
            file.parent,
            "a folder that can be written, or rules that fire once tell twice",
        ) from None
