"""Trading days, and which figure should be there by now.

US trading days are the sessions of the New York Stock Exchange, from exchange_calendars. Published daily rates also rest
on federal holidays on which the exchange opens (Columbus Day, Veterans Day). The bounds are fixed so that nothing here
depends on the day it runs.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar

from analytics.catalogue import Series
from analytics.instants import day_of
from analytics.published import fomc
from analytics.releases import add_business_days, at_clock

FIRST, LAST = "1985-01-02", "2035-12-31"
GRACE_DAYS = {"d": 4, "w": 9, "m": 20, "q": 45, "a": 120}
"""Days that a release may be late before a page calls the series stale [days]."""
LONGEST_LAG = 12
"""No figure comes out later than so many periods after its own; earlier ones need not be looked at."""


@cache
def us_sessions() -> np.ndarray:
    """All US trading days from 1985 to 2035, datetime64[D], rising."""
    import exchange_calendars  # 0.5 s with its calendar: only where a pair is aligned

    sessions = exchange_calendars.get_calendar("XNYS", start=FIRST, end=LAST).sessions
    return sessions.to_numpy().astype("datetime64[D]")


@cache
def us_release_days() -> np.ndarray:
    """US trading days that are no federal holiday, datetime64[D], rising: the days of published daily figures."""
    holidays = USFederalHolidayCalendar().holidays(FIRST, LAST).to_numpy().astype("datetime64[D]")
    return us_sessions()[~np.isin(us_sessions(), holidays)]


def on_us_sessions(dates: np.ndarray) -> np.ndarray:
    """Mask of the dates (datetime64[D], any order) that are US trading days."""
    return np.isin(dates.astype("datetime64[D]"), us_sessions())


def expected_dates(series: Series, first: dt.date, last: dt.date) -> np.ndarray:
    """The dates on which a series should have a figure from ``first`` to ``last`` inclusive, datetime64[D].

    Crypto has every day, other daily prices every US trading day, published daily figures those that are no federal
    holiday, weekly series one a week on the weekday of ``first``, slower ones the first day of each month, quarter or year.
    """
    start, stop = np.datetime64(first), np.datetime64(last)
    if series.frequency == "d":
        if series.every_day:
            return np.arange(start, stop + 1)
        days = us_sessions() if series.final is not None else us_release_days()
        return days[(days >= start) & (days <= stop)]
    if series.frequency == "w":
        return np.arange(start, stop + 1, np.timedelta64(7, "D"))
    step = {"m": 1, "q": 3, "a": 12}[series.frequency]
    months = np.arange(start.astype("datetime64[M]"), stop.astype("datetime64[M]") + 1, step)
    return months.astype("datetime64[D]")


def release(series: Series, period: dt.date) -> dt.datetime:
    """When the figure of ``period`` can first be known by the catalogue's rule."""
    dates = pd.Series([np.datetime64(period, "s")])
    return release_times(series, dates).iloc[0].to_pydatetime()


def release_times(series: Series, periods: pd.Series) -> pd.Series:
    """``release`` for many periods: datetime64[us, UTC], same index.

    Prices are known when their bar is final; published figures after their release lag, at 18:00 New York. The target
    range of the day after a decision is known on the decision's day.
    """
    if series.final is not None:
        return at_clock(periods, series.final)
    if series.announced:
        days = np.array(fomc.decision_days(), dtype="datetime64[D]")
        before = pd.Series(np.isin(periods.to_numpy().astype("datetime64[D]") - 1, days), index=periods.index)
        return at_clock(periods - pd.to_timedelta(before.astype(int), unit="D"), "18:00 America/New_York")
    if series.frequency == "d":
        return at_clock(add_business_days(periods, series.release_lag), "18:00 America/New_York")
    return at_clock(periods, "18:00 America/New_York", add_days=series.release_lag)


def newest_expected(series: Series, now: dt.datetime, last_held: dt.date) -> dt.date:
    """The newest period that should be known at ``now``, not before ``last_held``.

    Steps forward from what is held by the series' own frequency.
    """
    dates = expected_dates(series, last_held, day_of(now))
    dates = dates[dates > np.datetime64(last_held)][-LONGEST_LAG:]
    known = dates[(release_times(series, pd.Series(dates.astype("datetime64[s]"))) <= now).to_numpy()]
    return known[-1].astype(object) if len(known) else last_held


def is_stale(series: Series, now: dt.datetime, last_held: dt.date) -> bool:
    """Whether a newer figure has been due for longer than the grace of its frequency."""
    graced = now - dt.timedelta(days=GRACE_DAYS[series.frequency])
    return newest_expected(series, graced, last_held) > last_held
