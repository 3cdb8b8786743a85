"""Where a series is now and how far it came over a window: the numbers behind the Overview's cards. Descriptive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData

SPARK_POINTS = 60
"""As many points as a sparkline can show."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One card.

    Attributes:
        value: Last value in the window [unit of the series].
        day: Its date.
        base: Value that the change is measured from: the last one at or before ``since``.
        since: Its date.
        change: 100 x (value / base - 1) [%] for ``return``, value - base [unit of the series] for ``difference``.
        kind: How the change is measured.
        spark: At most 60 values, evenly spaced through the window's rows, the last one included.
    """

    value: float
    day: dt.date
    base: float
    since: dt.date
    change: float
    kind: Literal["return", "difference"]
    spark: np.ndarray


def snapshot(
    values: pd.Series,
    start: dt.date,
    end: dt.date,
    kind: Literal["return", "difference"],
    name: str = "The series",
) -> Snapshot:
    """The last value up to ``end`` and its change since ``start``.

    Args:
        values: Rising dates, no NaN; above zero where ``kind`` is ``return``.
        start, end: The window; nothing after ``end`` is used. A window that begins before the series is measured from
            its first value.
        kind: How the change is measured.
        name: What an error calls the series.

    Raises:
        NotEnoughData: fewer than two values up to ``end``.
    """
    known = values.loc[: pd.Timestamp(end)]
    if len(known) < 2:
        raise NotEnoughData(name, len(known), 2)
    first = max(int(known.index.searchsorted(pd.Timestamp(start), side="right")) - 1, 0)
    first = min(first, len(known) - 2)
    base, value = float(known.iloc[first]), float(known.iloc[-1])
    shown = known.iloc[first:].to_numpy(float)
    places = np.unique(np.linspace(0, len(shown) - 1, min(SPARK_POINTS, len(shown))).round().astype(int))
    return Snapshot(
        value=value,
        day=known.index[-1].date(),
        base=base,
        since=known.index[first].date(),
        change=100 * (value / base - 1) if kind == "return" else value - base,
        kind=kind,
        spark=shown[places],
    )
