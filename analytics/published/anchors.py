"""Dated values of every series as they were widely published: what a first fetch is held against. Facts, sources:
``anchors.toml``.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Anchor:
    """One published value.

    Attributes:
        key: Of the series.
        day: Its period.
        value: In the series' unit; closes as traded.
        low, high: What still agrees with it.
        source: Who published it.
    """

    key: str
    day: dt.date
    value: float
    low: float
    high: float
    source: str

    def agrees(self, value: float) -> bool:
        """Whether a told value is the published one; a NaN is not."""
        return self.low <= value <= self.high


@cache
def load() -> dict[str, tuple[Anchor, ...]]:
    """The anchors of each series by key, by day."""
    text = files("analytics.published").joinpath("anchors.toml").read_text(encoding="utf-8")
    found: dict[str, tuple[Anchor, ...]] = {}
    for group in tomllib.loads(text)["group"]:
        for key, values in group["values"].items():
            found[key] = tuple(_anchor(key, day, values[day], group) for day in sorted(values))
    return found


def of(key: str) -> tuple[Anchor, ...]:
    """The anchors of one series by day; none for contract months and typed symbols."""
    return load().get(key, ())


def _anchor(key: str, day: str, told: float | list[float], group: dict[str, Any]) -> Anchor:
    value, tolerance = told if isinstance(told, list) else (told, group["tolerance"])
    slack = tolerance if group.get("absolute", False) else tolerance * abs(value)
    return Anchor(key, dt.date.fromisoformat(day), value, value - slack, value + slack, group["source"])
