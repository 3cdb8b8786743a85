"""Several series made ready for a regression: common days first, then changes, then every refusal; and states
as known the day before.

The sister of ``pairs``, for any number of columns and for rates, which have differences instead of returns.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from analytics.errors import NoOverlap, NotEnoughData, NotPositive, NoVariation, TooManyGaps
from analytics.stats.pairs import FEWEST_MOVES, FEWEST_WEEKDAYS

LONGEST_WAIT = 7
"""A state older than this is not known: a week bridges any holiday but hides no hole [calendar days]."""


def changes(levels: pd.DataFrame, need: int, differences: Collection[str] = ()) -> pd.DataFrame:
    """Log returns, or plain differences, between days that all columns share.

    Args:
        levels: Levels on rising dates; a row with a NaN is no common day. Column names are what sentences
            say.
        need: Fewest changes that the method can use.
        differences: Columns that are rates: their change is a difference in their own unit and may cross
            zero.

    Returns:
        One row fewer than there are common days, each dated by the day on which it ends; no NaN.

    Raises:
        NoOverlap: no common day.
        NotEnoughData: fewer changes than needed.
        NotPositive: a price at or below zero, or infinite.
        TooManyGaps: not daily, or with a large hole.
        NoVariation: a column that hardly ever moves.
    """
    common = levels.dropna()
    if common.empty:
        raise NoOverlap(str(levels.columns[0]), ", ".join(map(str, levels.columns[1:])))
    if len(common) - 1 < need:
        what = ", ".join(map(str, levels.columns))
        raise NotEnoughData(f"The common history of {what}", len(common) - 1, need)
    prices = [name for name in common if name not in differences]
    _check(common, prices)
    logs = common.astype(float)
    logs[prices] = np.log(common[prices])
    moved = logs.diff().iloc[1:]
    for name in moved:
        if np.mean(moved[name] != 0) < FEWEST_MOVES:
            raise NoVariation(str(name))
    return moved


def _check(common: pd.DataFrame, prices: Collection[str]) -> None:
    for name in common:
        wrong = ~np.isfinite(common[name])
        if name in prices:
            wrong |= common[name] <= 0
        if wrong.any():
            raise NotPositive(str(name), f"{common.index[wrong.to_numpy().argmax()]:%Y-%m-%d}")
    days = common.index.to_numpy().astype("datetime64[D]")
    share = len(days) / (np.busday_count(days[0], days[-1]) + 1)
    if share < FEWEST_WEEKDAYS:
        raise TooManyGaps(f"The common history of {', '.join(map(str, common.columns))}", 100 * share)


def known_by(series: pd.Series, days: np.ndarray | pd.Index) -> np.ndarray:
    """The last value stamped on or before each day, not older than ``LONGEST_WAIT``; NaN where there is none.

    Args:
        series: Rising dates; NaN are no values.
        days: Rising dates, (n,).

    Returns:
        (n,), float.
    """
    known = series.dropna()
    if known.empty:
        return np.full(len(days), np.nan)
    stamps = known.index.to_numpy().astype("datetime64[D]")
    wanted = np.asarray(days).astype("datetime64[D]")
    at = np.searchsorted(stamps, wanted, side="right") - 1
    found = known.to_numpy(float)[np.maximum(at, 0)]
    age = (wanted - stamps[np.maximum(at, 0)]).astype(int)
    return np.where((at >= 0) & (age <= LONGEST_WAIT), found, np.nan)
