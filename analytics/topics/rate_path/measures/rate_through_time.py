"""Lines through time out of a rate history: moves priced to a year-end, and the odds of one meeting."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analytics.errors import BadChoice
from analytics.topics.rate_path.measures import rate_odds
from analytics.topics.rate_path.measures.rate_history import OUTCOMES, RateHistory
from analytics.topics.rate_path.measures.rate_path_days import YEAR_ENDS_FROM


def year_end_line(history: RateHistory, year: int) -> pd.Series:
    """Moves priced from before the next meeting to after the year's last one, by day (claim 10 through time).

    Returns:
        Index ``history.days`` [moves of 25 bp, negative for cuts]; NaN where the contracts do not reach, where the year's
        calendar was not yet published and after its last meeting.
    """
    rows = np.arange(len(history.days))
    return pd.Series(_to_year_end(history, rows, np.full(len(rows), year)), index=history.days, name="moves")


def _to_year_end(history: RateHistory, rows: np.ndarray, years: np.ndarray) -> np.ndarray:
    last = _year_ends(history, rows, years)
    first = history.ahead[rows].argmax(axis=1)
    ends, starts = history.end[rows, last], history.start[rows, first]
    return np.where(last < 0, np.nan, (ends - starts) / rate_odds.STEP)


def _year_ends(history: RateHistory, rows: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Position of each row's last meeting ahead in its year; -1 where the year's end is not in the calendar."""
    closing = history.meetings.month.to_numpy() >= YEAR_ENDS_FROM
    wanted = (history.meetings.year.to_numpy()[None, :] == years[:, None]) & closing & history.ahead[rows]
    width = wanted.shape[1]
    return np.where(wanted.any(axis=1), width - 1 - wanted[:, ::-1].argmax(axis=1), -1)


def change_to_year_end(history: RateHistory, days: pd.DatetimeIndex | None = None) -> pd.Series:
    """Daily change in the moves priced to the year-end meeting, one set of meetings on both days of each change.

    The year is that of the later day, so the target rolls on the first trading day of the year. A meeting that is held
    between the two days counts on the later one with what it decided: a cut that came as priced changes nothing, and
    dropping it from the sum would show a jump that nobody priced.

    Args:
        history: The priced path by day.
        days: Take these days only, before differencing (the days that all series of a comparison share).

    Returns:
        Index the later days [moves, negative where more easing was priced]; NaN where either day is not priced.
    """
    rows = np.flatnonzero(np.ones(len(history.days), bool) if days is None else history.days.isin(days))
    earlier, later = rows[:-1], rows[1:]
    years = history.days.year.to_numpy()[later]
    target = _year_ends(history, earlier, years)
    priced_before = _to_year_end(history, earlier, years)
    still_ahead = history.ahead[later, target]
    held = ~still_ahead & (history.meetings.to_numpy()[target] <= history.days.to_numpy()[later])
    remaining = np.where(still_ahead, _to_year_end(history, later, years), np.where(held, 0.0, np.nan))
    delivered = (history.lower[later] - history.lower[earlier]) / rate_odds.STEP
    change = np.where(target < 0, np.nan, remaining + delivered - priced_before)
    return pd.Series(change, index=history.days[later], name="moves")


def meeting_odds(history: RateHistory, meeting: dt.date) -> pd.DataFrame:
    """Odds of a cut, of no move and of a hike at one meeting, by day.

    They are the meeting's own odds, whatever the meetings before it bring, so they exist wherever its two ends are solved.

    Returns:
        Index the days on which it lay ahead; columns cut, hold, hike, each row 100 in sum [%]; NaN where unsolved.

    Raises:
        BadChoice: a day that is no meeting.
    """
    j = _position(history, meeting)
    rows = np.flatnonzero(history.ahead[:, j])
    odds = 100 * rate_odds.cut_hold_hike(history.moves[rows, j])
    return pd.DataFrame(odds, index=history.days[rows], columns=list(OUTCOMES))


def meeting_levels(history: RateHistory, meeting: dt.date) -> pd.DataFrame:
    """Probability of each range after one meeting, by day.

    Returns:
        Index the days on which it lay ahead; columns lower bounds of the range, rising [%]; each row 100 in sum [%], NaN
        where a meeting up to it is not solved.

    Raises:
        BadChoice: a day that is no meeting.
    """
    j = _position(history, meeting)
    rows = np.flatnonzero(history.ahead[:, j])
    rungs = history.ladder[j]
    bounds, which = np.unique(history.lower[rows], return_inverse=True)
    base = np.rint((bounds - bounds.min(initial=np.inf)) / rate_odds.STEP).astype(int)[which]
    wide = np.zeros((len(rows), rungs.shape[1] + int(base.max(initial=0))))
    wide[np.arange(len(rows))[:, None], base[:, None] + np.arange(rungs.shape[1])[None, :]] = rungs
    wide[np.isnan(rungs).any(axis=1)] = np.nan
    levels = bounds.min(initial=np.inf) + rate_odds.STEP * (history.lowest + np.arange(wide.shape[1]))
    reached = np.nan_to_num(wide).any(axis=0)
    return pd.DataFrame(
        100 * wide[:, reached], index=history.days[rows], columns=np.round(levels[reached], 6)
    )


def _position(history: RateHistory, meeting: dt.date) -> int:
    stamp = pd.Timestamp(meeting)
    if stamp not in history.meetings:
        raise BadChoice("The meeting", meeting, "a decision day of the published calendar")
    return int(history.meetings.get_loc(stamp))
