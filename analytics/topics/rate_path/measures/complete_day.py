"""The last complete day of a strip: a refresh that brought three of twelve months is no day yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotPriced
from analytics.topics.rate_path.measures.rate_path_days import month_number

LOOKED_BACK = 7
"""A month that had a price in so many days should have one now [days]."""
NEEDED = 13
"""Contracts that are waited for: the running month and a year beyond; farther ones may trade less than daily [months]."""


@dataclass(frozen=True, slots=True)
class CompleteDay:
    """The day whose prices are read.

    Attributes:
        day: The last day on which no needed month lags.
        newest: The last day with any price; later than ``day`` where months lag.
        lagging: Months without a price on ``newest``, though they had one in the week before; first days.
    """

    day: dt.date
    newest: dt.date
    lagging: tuple[dt.date, ...]


def complete_day(prices: pd.DataFrame, day: dt.date) -> CompleteDay:
    """The last complete day up to ``day``, at most a week before it.

    A day is complete where every needed month that had a price earlier in the week still has one.

    Args:
        prices: Rows days (rising), columns first days of contract months; NaN where there is no price.
        day: Nothing later is used.

    Raises:
        NotPriced: no price in that week.
    """
    week = prices.loc[pd.Timestamp(day) - pd.Timedelta(days=LOOKED_BACK) : pd.Timestamp(day)]
    ahead = _ahead(week)
    stands = week.notna().to_numpy() & (ahead >= 0)
    stands, ahead, days = (each[stands.any(axis=1)] for each in (stands, ahead, week.index))
    if not len(days):
        raise NotPriced(
            f"No fed funds contract has a price in the week up to {day}. {_begins(prices)}"
            "Refresh, import contract prices, or choose another day."
        )
    lags = np.logical_or.accumulate(stands) & ~stands & (ahead >= 0) & (ahead < NEEDED)
    last = int(np.flatnonzero(~lags.any(axis=1))[-1])
    months = tuple(stamp.date() for stamp in week.columns[lags[-1]])
    return CompleteDay(days[last].date(), days[-1].date(), months)


def _ahead(week: pd.DataFrame) -> np.ndarray:
    """(days, months) how many months each contract lies ahead of each day."""
    months, days = ([month_number(stamp) for stamp in axis] for axis in (week.columns, week.index))
    return np.array(months, dtype=int)[None, :] - np.array(days, dtype=int)[:, None]


def _begins(prices: pd.DataFrame) -> str:
    return (
        ""
        if prices.empty
        else f"Stored prices run from {prices.index[0].date()} to {prices.index[-1].date()}. "
    )
