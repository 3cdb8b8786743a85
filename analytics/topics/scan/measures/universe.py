"""Many series brought to one calendar for a scan: who can take part, from when on, and why the others cannot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.stats.pairs import FEWEST_MOVES, returns
from analytics.topics.lead_lag.measures.lead_lag import FEWEST_RETURNS

MOST_MISSING = 0.05
"""Share of the universe's days that a series may lack; a day on which any is missing is left out for all."""
LATEST = 10
"""A series whose last price is more trading days older than the newest one would end the scan for all."""


@dataclass(frozen=True, slots=True, eq=False)
class Universe:
    """Series that a scan can compare.

    Attributes:
        keys: Those that take part.
        returns: Their demeaned log returns on common days, (series, n), no NaN.
        first, last: First and last day of the returns.
        left_out: Why each of the others takes no part, in words.
    """

    keys: tuple[str, ...]
    returns: np.ndarray
    first: dt.date
    last: dt.date
    left_out: Mapping[str, str]


def universe(levels: pd.DataFrame, since: dt.date | None = None) -> Universe:
    """The series of ``levels`` that can be compared, on their common days.

    Args:
        levels: One column a series, prices on US trading days, rising dates, NaN where there is none.
        since: First day; series that begin later are left out. Without it the youngest series says when it begins.

    Raises:
        NotEnoughData: fewer than two series, or too few common days.
    """
    left_out: dict[str, str] = {}
    table = levels if since is None else levels.loc[pd.Timestamp(since) :]
    newest = len(table) - 1
    for key in levels:
        if why := _unfit(table[key], newest, since is not None):
            left_out[str(key)] = why
    table = _common(table.drop(columns=list(left_out)), left_out)
    if table.shape[1] < 2:
        raise NotEnoughData("The universe", table.shape[1], 2)
    if len(table) - 1 < FEWEST_RETURNS:
        raise NotEnoughData("The universe's common days", len(table) - 1, FEWEST_RETURNS)
    found = returns(table).to_numpy().T
    days = table.index.to_numpy().astype("datetime64[D]").astype(object)
    centred = np.ascontiguousarray(found - found.mean(axis=1, keepdims=True))
    return Universe(tuple(map(str, table.columns)), centred, days[1], days[-1], left_out)


def _unfit(column: pd.Series, newest: int, bounded: bool) -> str:
    """Why a series cannot take part, before the others are looked at; empty where it can."""
    held = np.flatnonzero(column.notna().to_numpy())
    if len(held) <= FEWEST_RETURNS:
        return f"{len(held):,} prices; {FEWEST_RETURNS + 1:,} are needed"
    if newest - held[-1] > LATEST:
        return f"its last price is of {column.index[held[-1]]:%Y-%m-%d}"
    if bounded and held[0] > LATEST:
        return f"its first price is of {column.index[held[0]]:%Y-%m-%d}"
    prices = column.to_numpy()[held]
    if not (np.isfinite(prices) & (prices > 0)).all():
        return "a price that is not above zero"
    if np.mean(np.diff(prices) != 0) < FEWEST_MOVES:
        return "it hardly ever moves"
    return ""


def _common(table: pd.DataFrame, left_out: dict[str, str]) -> pd.DataFrame:
    """The days that all series have, from the youngest one's first; series with many holes are left out first."""
    if table.shape[1] == 0:
        return table
    table = table.loc[max(table[key].first_valid_index() for key in table) :]
    table = table[table.notna().sum(axis=1) * 2 >= table.shape[1]]
    missing = table.isna().mean()
    for key, share in missing[missing > MOST_MISSING].items():
        left_out[str(key)] = f"no price on {100 * share:.0f}% of the days"
    return table.drop(columns=[key for key in table if missing[key] > MOST_MISSING]).dropna()
