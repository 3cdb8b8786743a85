"""What fed funds futures said before each decided meeting since 2010. Record, source and method: ``fed_odds.csv``."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

HORIZONS = (1, 30, 90, 180)
"""Calendar days before the decision [days]."""
OUTCOMES = ("cut", "hold", "hike")


@dataclass(frozen=True, slots=True)
class FedOdds:
    """One decided meeting.

    Attributes:
        meeting: Decision day.
        odds: {days before: (cut, hold, hike)} in whole percents that sum to 100; a horizon at which the contracts did not
            say it is absent.
    """

    meeting: dt.date
    odds: dict[int, tuple[int, int, int]]


@cache
def load() -> tuple[FedOdds, ...]:
    """The record, oldest first."""
    text = files("analytics.published").joinpath("fed_odds.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        FedOdds(
            dt.date.fromisoformat(row["meeting"]), {h: _odds(row, h) for h in HORIZONS if row[f"hold_{h}"]}
        )
        for row in csv.DictReader(lines)
    )


def _odds(row: dict[str, str], horizon: int) -> tuple[int, int, int]:
    cut, hold, hike = (int(row[f"{outcome}_{horizon}"]) for outcome in OUTCOMES)
    return cut, hold, hike
