"""Trading days, and which figure should be there by now.

US trading days are the sessions of the New York Stock Exchange, from exchange_calendars. Published daily rates also rest
on federal holidays on which the exchange opens (Columbus Day, Veterans Day). The bounds are fixed so that nothing here
depends on the day it runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar

from analytics.catalogue import Calendar, Series
from analytics.clock.instants import day_of
from analytics.clock.release_rules import RULES, not_before
from analytics.clock.releases import add_business_days, at_clock
from analytics.published import fomc

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


def may_be_dated(series: Series, dates: np.ndarray) -> np.ndarray:
    """Mask of the dates on which a row of the series may stand.

    The calendar refuses what cannot be true and nothing else: which days should have a figure is ``expected_dates``. A date
    before the series' first day is refused as well; NaT always is.

    Args:
        series: The catalogue row.
        dates: datetime64 of any unit, shape (n,), any order.

    Returns:
        bool, shape (n,).
    """
    days = dates.astype("datetime64[D]")
    begun = np.datetime64(series.first_day or dt.date.min)
    return _CALENDARS[series.calendar](days) & (days >= begun) & ~np.isnat(days)


def _on(*weekdays: int) -> Callable[[np.ndarray], np.ndarray]:
    """Mask of the days that fall on some weekdays, Monday being 0."""
    return lambda days: np.isin((days.astype(np.int64) + 3) % 7, weekdays)


def _first_of(*months: int) -> Callable[[np.ndarray], np.ndarray]:
    """Mask of the first days of some months, January being 1."""
    return lambda days: (
        (days == days.astype("datetime64[M]"))
        & np.isin(days.astype("datetime64[M]").astype(int) % 12 + 1, months)
    )


_weekdays = _on(0, 1, 2, 3, 4)


def _nyse(days: np.ndarray) -> np.ndarray:
    """Sessions where they are known, weekdays before and after."""
    known = (days >= np.datetime64(FIRST)) & (days <= np.datetime64(LAST))
    return np.where(known, on_us_sessions(days), _weekdays(days))


def _sunday_week(days: np.ndarray) -> np.ndarray:
    """Sunday to Thursday; Fridays because Tel Aviv has moved there (2026), Saturdays while Riyadh traded on them (2013)."""
    return ~_on(5)(days) | (days < np.datetime64("2013-07-01"))


_CALENDARS: Mapping[Calendar, Callable[[np.ndarray], np.ndarray]] = {
    "daily": lambda days: np.ones(len(days), dtype=bool),
    "weekdays": _weekdays,
    "weekdays_since_2018": lambda days: _weekdays(days) | (days < np.datetime64("2018-01-01")),
    "weekdays_and_month_ends": lambda days: _weekdays(days) | _first_of(*range(1, 13))(days + 1),
    "nyse": _nyse,
    "mondays": _on(0),
    "wednesdays": _on(2),
    "fridays": _on(4),
    "report_days": _on(0, 1, 2),
    "months": _first_of(*range(1, 13)),
    "month_ends": lambda days: _first_of(*range(1, 13))(days + 1),
    "quarters": _first_of(1, 4, 7, 10),
    "years": _first_of(1),
    "sunday_week": _sunday_week,
}


def expected_dates(series: Series, first: dt.date, last: dt.date) -> np.ndarray:
    """The dates on which a series should have a figure from ``first`` to ``last`` inclusive, datetime64[D].

    Crypto has every day, other daily prices every US trading day, published daily figures those that are no federal
    holiday, weekly series one a week on the weekday of ``first``, slower ones the first day of each month, quarter or year;
    what is counted at the end of a month has that month's last day.
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
    if series.calendar == "month_ends":
        ends = (months + 1).astype("datetime64[D]") - 1
        return ends[ends <= stop]
    return months.astype("datetime64[D]")


def release(series: Series, period: dt.date) -> dt.datetime:
    """When the figure of ``period`` can first be known by the catalogue's rule."""
    dates = pd.Series([np.datetime64(period, "s")])
    return release_times(series, dates).iloc[0].to_pydatetime()


def release_times(series: Series, periods: pd.Series) -> pd.Series:
    """``release`` for many periods: datetime64[us, UTC], same index.

    Prices are known when their bar is final; reports with a calendar of their own by their rule; other published figures
    after their release lag, at 18:00 New York. The target range of the day after a decision is known on the decision's day.
    """
    if series.final is not None:
        return at_clock(periods, series.final)
    if series.released is not None:
        return not_before(RULES[series.released](periods), series.public_since)
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
