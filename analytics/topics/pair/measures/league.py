"""The league table: returns of a universe over calendar windows, ranked over all of it. Descriptive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData

WINDOWS: dict[str, pd.DateOffset] = {
    "1w": pd.DateOffset(weeks=1),
    "1m": pd.DateOffset(months=1),
    "3m": pd.DateOffset(months=3),
    "6m": pd.DateOffset(months=6),
    "1y": pd.DateOffset(years=1),
}
STALE_AFTER = pd.Timedelta(days=7)
"""A close older than this does not stand for the day [calendar days]."""


@dataclass(frozen=True, slots=True, eq=False)
class League:
    """The table.

    Attributes:
        as_of: The day on which every window ends.
        starts: The day on which each window starts.
        returns: One row a series, one column a window, simple returns [%]; NaN where a close is missing at either end.
        ranks: The same shape; 1 is the best, equal returns share the better rank; NaN where there is no return.
        ranked: How many series each window ranks.
        last: Date of each series' last close at or before ``as_of``; NaT where there is none.
    """

    as_of: dt.date
    starts: dict[str, dt.date]
    returns: pd.DataFrame
    ranks: pd.DataFrame
    ranked: dict[str, int]
    last: pd.Series

    def place(self, key: str, window: str) -> str:
        """``"3 of 11"``, or ``"not ranked"``."""
        rank = self.ranks[window][key]
        return f"{rank:.0f} of {self.ranked[window]}" if rank >= 1 else "not ranked"


def league(closes: pd.DataFrame, as_of: dt.date) -> League:
    """Returns and ranks over one week, one, three and six months and one year.

    A window starts at the same day of the calendar so much earlier; at both ends the last close at or before the day
    counts, if it is at most 7 days old.

    Args:
        closes: One column a series, rising dates, NaN on the days a series does not trade. Prices only: the caller
            leaves out rates and whatever else has no return.
        as_of: Nothing later is used.

    Raises:
        NotEnoughData: no series in the universe.
    """
    if closes.shape[1] == 0:
        raise NotEnoughData("The universe of the league table", 0, 1)
    end = pd.Timestamp(as_of)
    starts = {window: (end - offset).date() for window, offset in WINDOWS.items()}
    returns = pd.DataFrame(
        {window: returns_between(closes, start, as_of) for window, start in starts.items()}
    )
    known = closes.loc[:end]
    last = pd.Series({key: known[key].last_valid_index() for key in closes}, dtype="datetime64[s]")
    return League(
        as_of=as_of,
        starts=starts,
        returns=returns,
        ranks=returns.rank(ascending=False, method="min"),
        ranked={window: int(returns[window].count()) for window in WINDOWS},
        last=last,
    )


def returns_between(closes: pd.DataFrame, start: dt.date, end: dt.date) -> pd.Series:
    """Simple return of each column from the close that stands for ``start`` to the one for ``end`` [%].

    NaN where either close is missing, older than 7 days or not above zero.
    """
    first, last = closes_at(closes, start), closes_at(closes, end)
    return 100 * (last.where(last > 0) / first.where(first > 0) - 1)


def closes_at(closes: pd.DataFrame, day: dt.date) -> pd.Series:
    """The last close of each column at or before ``day``, at most 7 days old; NaN where there is none."""
    end = pd.Timestamp(day)
    recent = closes.loc[end - STALE_AFTER : end]
    return recent.ffill().iloc[-1] if len(recent) else pd.Series(np.nan, index=closes.columns)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """One series among a universe over one window.

    Attributes:
        key: The series.
        start, end: The window.
        returns: Simple return of each series that has one, best first [%].
        rank: Place of ``key``; 1 is the best, equal returns share the better place.
        of: Series ranked, ``key`` among them.
        upper_half: ``rank`` is in the upper half.
        sentence: What a reader sees.
    """

    key: str
    start: dt.date
    end: dt.date
    returns: pd.Series
    rank: int
    of: int
    upper_half: bool
    sentence: str


def standing(closes: pd.DataFrame, key: str, start: dt.date, end: dt.date, name: str) -> Standing:
    """Rank ``key`` among all columns by the return from ``start`` to ``end``; closes as in ``league``.

    Args:
        name: How the sentence calls it.

    Raises:
        NotEnoughData: ``key`` has no return over the window, or nothing else has.
    """
    returns = returns_between(closes, start, end).dropna().sort_values(ascending=False)
    if key not in returns or len(returns) < 2:
        raise NotEnoughData(f"The universe over the window to {end.day} {end:%b %Y}", len(returns), 2)
    rank, of = int(returns.rank(ascending=False, method="min")[key]), len(returns)
    window = f"from {start.day} {start:%b %Y} to {end.day} {end:%b %Y}"
    sentence = f"{name} ranks {rank} of {of} {window} ({returns[key]:+.0f}%)."
    return Standing(key, start, end, returns, rank, of, 2 * rank <= of, sentence)
