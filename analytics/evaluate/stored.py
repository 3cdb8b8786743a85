"""Findings that a process before this one has measured: looked up by their data, choices, code and libraries."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar, cast

from analytics.evaluate.cache import Key
from analytics.evaluate.codec import Foreign, decode, encode
from analytics.ledger.results import Results

T = TypeVar("T")
log = logging.getLogger("silverlead")
LIBRARIES = ("numpy", "pandas", "scipy", "statsmodels", "arch")
"""Whose release may change a number."""
WORTH_SECONDS = 0.02
"""What is measured faster is not worth a look in the store."""


@cache
def code_hash() -> str:
    """Over every source file and table of this package, the libraries that measure and Python."""
    found = hashlib.sha256(sys.version.encode())
    for name in LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    root = Path(__file__).resolve().parents[1]
    for path in sorted(one for one in root.rglob("*") if one.suffix in (".py", ".toml", ".csv")):
        found.update(path.relative_to(root).as_posix().encode() + b"\n" + path.read_bytes())
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """A cache of findings over a store that outlives the process; panels and blocks are made anew.

    An entry that is damaged, or that other code wrote, is measured again and replaced.
    """

    results: Results

    def get(self, key: Key, make: Callable[[], T], /) -> T:
        if key.kind != "finding":
            return make()
        name = hashlib.sha256("\n".join((code_hash(), key.name, *key.parts)).encode()).hexdigest()
        data = self.results.get(name)
        if data is not None:
            try:
                return cast("T", decode(data))
            except Foreign as error:
                log.warning("a result held from before is not used: %s", error)
        began = time.perf_counter()
        value = make()
        if time.perf_counter() - began >= WORTH_SECONDS:
            self.results.put(name, encode(value), dt.datetime.now(dt.UTC))
        return value
