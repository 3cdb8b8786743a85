"""The odds of a rate path as a table, beside those of an earlier day (docs/methods.md#odds-of-a-move)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analytics.topics.rate_path.measures import rate_odds
from analytics.topics.rate_path.measures.rate_path import Meeting, RatePath

Kind = Literal["range", "at_most", "at_least", "meeting"]
KINDS: tuple[Kind, ...] = get_args(Kind)
OUTCOMES = ("cut", "hold", "hike")


@dataclass(frozen=True, slots=True)
class RateTable:
    """Odds of one day, and how far they moved.

    Attributes:
        kind: Odds of each range after a meeting (``range``), of that range or a lower (``at_most``) or higher one
            (``at_least``), or of the meeting's own move (``meeting``).
        odds: Index decision days; columns lower bounds of the range, rising [%], or ``OUTCOMES``; values [%], a row NaN
            where it is not known.
        points: The same shape: odds now minus then [percentage points]; a row NaN where either day does not know it.
        then: The earlier day; None without one.
    """

    kind: Kind
    odds: pd.DataFrame
    points: pd.DataFrame
    then: dt.date | None

    @property
    def compared(self) -> bool:
        """Whether the earlier day knows any of these odds."""
        return self.then is not None and bool(self.points.notna().to_numpy().any())


def rate_table(now: RatePath, then: RatePath | None, kind: Kind) -> RateTable:
    """The odds of ``now``'s meetings, and their distance from those that ``then`` gave the same meetings."""
    levels = sorted(
        {level for path in (now, then) if path for one in path.meetings for level in one.probabilities}
    )
    odds = _odds(now, kind, levels)
    before = odds * np.nan if then is None else _odds(then, kind, levels).reindex(odds.index)
    return RateTable(kind, odds, odds - before, None if then is None else then.as_of)


def _odds(path: RatePath, kind: Kind, levels: list[float]) -> pd.DataFrame:
    days = [one.date for one in path.meetings]
    if kind == "meeting":
        moves = np.array([one.expected_moves for one in path.meetings], dtype=float)
        return pd.DataFrame(100 * rate_odds.cut_hold_hike(moves), index=days, columns=list(OUTCOMES))
    rows = [_row(one, levels) for one in path.meetings]
    odds = pd.DataFrame(np.array(rows).reshape(len(days), len(levels)), index=days, columns=levels)
    if kind == "at_most":
        return odds.cumsum(axis=1)
    return odds.iloc[:, ::-1].cumsum(axis=1).iloc[:, ::-1] if kind == "at_least" else odds


def _row(one: Meeting, levels: list[float]) -> list[float]:
    unknown = np.nan if not one.probabilities else 0.0
    return [one.probabilities.get(level, unknown) for level in levels]
