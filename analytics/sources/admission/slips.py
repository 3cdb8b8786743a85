"""Values out of line with their neighbours on both sides, held history included.

Steps are measured by the catalogue: in logs against log(1 + leap) where moves are factors, in the unit against leap where
they are differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.catalogue import Series

LONGEST_SLIP = 5
"""A stay at another level that is over within so many periods is a slip; a longer one may be true."""

_ABSURD = np.errstate(over="ignore", invalid="ignore", divide="ignore")
"""A source may send 1e300; it is compared like any other value."""


@_ABSURD
def slipped(rows: pd.DataFrame, series: Series, held: pd.DataFrame) -> np.ndarray:
    """Mask of the main field's rows that leap off to another level and back within a few periods.

    Args:
        rows: Columns period, field, value; finite; above zero where the series and splits are.
        series: The catalogue row.
        held: Columns period, field, value.

    Returns:
        bool, shape (len(rows),).
    """
    mask = np.zeros(len(rows), dtype=bool)
    while (found := _astray(rows[~mask], series, held)).any():
        mask[~mask] = found
    return mask


def leap(series: Series) -> float:
    """The largest plausible step of a series' course: of logs for returns, else in its unit; infinite where it is not known."""
    if series.leap is None:
        return math.inf
    return math.log1p(series.leap) if _moves_by_factors(series) else series.leap


def islands(course: np.ndarray, limit: float) -> np.ndarray:
    """Mask of the short stays at another level: a step beyond ``limit``, and another back to within ``limit`` of before.

    Args:
        course: Levels whose differences are steps, shape (n,); may hold infinities.
        limit: Largest plausible step.

    Returns:
        bool, shape (n,); a stay is at most LONGEST_SLIP long, never at either end.
    """
    steps = np.diff(course)
    mask = np.zeros(len(course), dtype=bool)
    away: int | None = None
    for at in np.flatnonzero(~(np.abs(steps) <= limit)).tolist():
        if away is None or at - away > LONGEST_SLIP or not abs(course[at + 1] - course[away]) <= limit:
            away = at
        else:
            mask[away + 1 : at + 1] = True
            away = None
    return mask


def _astray(rows: pd.DataFrame, series: Series, held: pd.DataFrame) -> np.ndarray:
    """``slipped`` in one pass."""
    is_main = (rows["field"] == series.field).to_numpy()
    mask = np.zeros(len(rows), dtype=bool)
    if not is_main.any():
        return mask
    day, level = _levels(rows, is_main, series, held)
    course, limit = _course(series, level), leap(series)
    sound = ~islands(course, limit)
    at = _days(rows)[is_main]
    beside = np.concatenate([[np.nan], course[sound], [np.nan]])
    before = beside[np.searchsorted(day[sound], at, side="left")]
    after = beside[np.searchsorted(day[sound], at, side="right") + 1]
    own = _course(series, rows["value"].to_numpy()[is_main] * _shares(rows, held)(at))
    mask[is_main] = (
        (np.abs(own - before) > limit) & (np.abs(own - after) > limit) & (np.abs(before - after) <= limit)
    )
    return mask


def _levels(
    rows: pd.DataFrame, is_main: np.ndarray, series: Series, held: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Rising days since 1970, and for each the answer's value (the median of its vintages) or, where it has none, the held one."""
    own = pd.Series(rows["value"].to_numpy()[is_main], index=_days(rows)[is_main])
    if own.index.has_duplicates:
        own = own.groupby(level=0).median()
    usable = (held["field"] == series.field).to_numpy(copy=True)
    if series.positive:
        usable &= (held["value"] > 0).to_numpy()
    usable &= ~np.isin(_days(held), own.index.to_numpy())
    day = np.concatenate([own.index.to_numpy(), _days(held)[usable]])
    level = np.concatenate([own.to_numpy(), held["value"].to_numpy()[usable]])
    order = np.argsort(day, kind="stable")
    return day[order], level[order] * _shares(rows, held)(day[order])


def _shares(rows: pd.DataFrame, held: pd.DataFrame) -> Callable[[np.ndarray], np.ndarray]:
    """How many shares one of the oldest has become by given days: closes are stored as traded, and a split is no leap."""
    told: dict[int, float] = {}
    for frame in (held, rows):
        is_split = (frame["field"] == "split").to_numpy()
        told |= zip(
            _days(frame)[is_split].tolist(), frame["value"].to_numpy()[is_split].tolist(), strict=True
        )
    dates = np.array(sorted(told), dtype=np.int64)
    count = np.cumprod([1.0, *(told[date] for date in dates.tolist())])
    return lambda days: count[np.searchsorted(dates, days, side="right")]


def _days(frame: pd.DataFrame) -> np.ndarray:
    """Periods as days since 1970, int64: numpy looks small integers up far faster than dates."""
    return frame["period"].to_numpy().astype("datetime64[D]").astype(np.int64)


def _course(series: Series, level: np.ndarray) -> np.ndarray:
    return np.log(level) if _moves_by_factors(series) else level


def _moves_by_factors(series: Series) -> bool:
    return series.positive and series.change == "return"
