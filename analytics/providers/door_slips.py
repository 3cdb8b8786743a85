"""Slips of the decimal point: a level beside its neighbours, held history included."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.catalogue import Series

SLIP = 10.0
"""A value this many times off both its neighbours has slipped, if they agree ..."""
AGREE = 3.0
"""... within this factor."""
LEAP = 5.0
"""The newest value of a daily series has one neighbour only, and may differ from it by this factor."""

_ABSURD = np.errstate(over="ignore", invalid="ignore", divide="ignore")
"""A source may send 1e300; it is compared like any other value."""


@_ABSURD
def slipped(rows: pd.DataFrame, series: Series, held: pd.DataFrame) -> np.ndarray:
    """Mask of the main field's rows that are off both neighbours, and of those that then are.

    Args:
        rows: Columns period, field, value; finite, main field and splits above zero.
        series: The catalogue row.
        held: As ``Held.rows``.

    Returns:
        bool, shape (len(rows),); all False where moves are not factors (rates, series that cross zero).
    """
    mask = np.zeros(len(rows), dtype=bool)
    while _moves_by_factors(series) and (found := _alone(rows[~mask], series, held)).any():
        mask[~mask] = found
    return mask


def _alone(rows: pd.DataFrame, series: Series, held: pd.DataFrame) -> np.ndarray:
    """``slipped`` in one pass."""
    is_main = (rows["field"] == series.field).to_numpy()
    mask = np.zeros(len(rows), dtype=bool)
    if not is_main.any():
        return mask
    day, level = _levels(rows, is_main, series, held)
    at = np.searchsorted(day, _days(rows)[is_main])
    beside = np.concatenate([[np.nan], level, [np.nan]])
    before, after = beside[at], beside[at + 2]
    own = rows["value"].to_numpy()[is_main] * _shares(rows, held)(day[at])
    mask[is_main] = (
        (_factor(own, before) > SLIP) & (_factor(own, after) > SLIP) & (_factor(before, after) <= AGREE)
    )
    return mask


@_ABSURD
def leapt(rows: pd.DataFrame, series: Series, held: pd.DataFrame) -> np.ndarray:
    """Mask of the newest row where it is far off the one before; arguments and result as ``slipped``."""
    is_main = (rows["field"] == series.field).to_numpy()
    if not _moves_by_factors(series) or series.frequency != "d" or not is_main.any():
        return np.zeros(len(rows), dtype=bool)
    day, level = _levels(rows, is_main, series, held)
    if len(level) < 2 or _factor(level[-2:-1], level[-1:])[0] <= LEAP:
        return np.zeros(len(rows), dtype=bool)
    return is_main & (_days(rows) == day[-1])


def _levels(
    rows: pd.DataFrame, is_main: np.ndarray, series: Series, held: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Rising days since 1970, and for each the answer's value (the median of its vintages) or, where it has none, the held one."""
    own = pd.Series(rows["value"].to_numpy()[is_main], index=_days(rows)[is_main])
    if own.index.has_duplicates:
        own = own.groupby(level=0).median()
    usable = (held["field"] == series.field).to_numpy() & (held["value"] > 0).to_numpy()
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


def _factor(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How many times the larger is the smaller; NaN where one is missing."""
    return np.maximum(a, b) / np.minimum(a, b)


def _moves_by_factors(series: Series) -> bool:
    return series.positive and series.change == "return"
