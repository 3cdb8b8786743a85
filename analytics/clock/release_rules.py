"""When reports with a calendar of their own come out: a rule each, and the days on which it did not hold.

Holidays are those of the publisher. Where a rule cannot tell (an office closed for a day by proclamation), it is a day
late rather than early.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import ClassVar

import numpy as np
import pandas as pd
from pandas.tseries.holiday import (
    MO,
    AbstractHolidayCalendar,
    DateOffset,
    EasterMonday,
    GoodFriday,
    Holiday,
    USFederalHolidayCalendar,
    next_monday,
)

from analytics.clock.releases import at_clock
from analytics.published import late_releases

FIRST, LAST = "1980-01-01", "2035-12-31"
TUESDAY_TO_FRIDAY = 3
"""The traders' reports take three business days, and are out on Friday at the earliest."""
VAULTS_DAY, STATEMENT_DAY = 5, 8
"""Business day of the next month on which London's vaults and the Treasury's statement are published."""
YEAR_END_STATEMENT = 25
"""Day of October by which the statement of September, which closes the fiscal year, is out (25 October 2019 was the latest)."""


class _EnglishHolidays(AbstractHolidayCalendar):
    """Bank holidays of England that can fall among the first business days of a month."""

    rules: ClassVar = [
        Holiday("New Year", month=1, day=1, observance=next_monday),
        GoodFriday,
        EasterMonday,
        Holiday("Early May", month=5, day=1, offset=DateOffset(weekday=MO(1))),
        Holiday("Platinum Jubilee", year=2022, month=6, day=2),
        Holiday("Platinum Jubilee", year=2022, month=6, day=3),
        Holiday("75 years of peace in Europe", year=2020, month=5, day=8),
    ]


@cache
def _federal() -> np.ndarray:
    return USFederalHolidayCalendar().holidays(FIRST, LAST).to_numpy().astype("datetime64[D]")


@cache
def _english() -> np.ndarray:
    return _EnglishHolidays().holidays(FIRST, LAST).to_numpy().astype("datetime64[D]")


def traders(periods: pd.Series) -> pd.Series:
    """The CFTC's Commitments of Traders: Friday 15:30 New York, later after a federal holiday since the day reported."""
    days = _days(periods)
    friday = np.busday_offset(_week(days) + 4, 0, roll="forward", holidays=_federal())
    third = np.busday_offset(days, TUESDAY_TO_FRIDAY, roll="backward", holidays=_federal())
    return _at(periods, _but("traders", days, np.maximum(friday, third), _week), "15:30 America/New_York")


def vaults(periods: pd.Series) -> pd.Series:
    """The London Bullion Market Association's vault holdings: the fifth business day of the month after."""
    return _at(periods, _business_day(_days(periods), VAULTS_DAY, _english()), "18:00 Europe/London")


def treasury(periods: pd.Series) -> pd.Series:
    """The Monthly Treasury Statement: the eighth business day of the month after at 14:00; that of September takes longer."""
    days = _days(periods)
    usual = _business_day(days, STATEMENT_DAY, _federal())
    september = days.astype("datetime64[M]").astype(int) % 12 == 8
    year_end = _next_month(days) + (YEAR_END_STATEMENT - 1)
    out = np.where(september, year_end, usual)
    return _at(periods, _but("treasury", days, out, _month), "14:00 America/New_York")


RULES: dict[str, Callable[[pd.Series], pd.Series]] = {
    "traders": traders,
    "vaults": vaults,
    "treasury": treasury,
}
"""By the name that the catalogue gives a series: periods (datetime64 at midnight) to instants (datetime64[us, UTC])."""


def _days(periods: pd.Series) -> np.ndarray:
    return periods.to_numpy().astype("datetime64[D]")


def _week(days: np.ndarray) -> np.ndarray:
    """The Monday of each day's week."""
    return days - (days.astype(int) + 3) % 7


def _month(days: np.ndarray) -> np.ndarray:
    """The first day of each day's month."""
    return days.astype("datetime64[M]").astype("datetime64[D]")


def _next_month(days: np.ndarray) -> np.ndarray:
    return (days.astype("datetime64[M]") + 1).astype("datetime64[D]")


def _business_day(days: np.ndarray, n: int, holidays: np.ndarray) -> np.ndarray:
    """The ``n``-th business day of the month after each day."""
    return np.busday_offset(_next_month(days), n - 1, roll="forward", holidays=holidays)


def _but(
    rule: str, days: np.ndarray, usual: np.ndarray, period: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """The usual days but for the weeks or months that came out on another: which day a report is of may move, its week not."""
    late, out = late_releases.of(rule), usual.copy()
    told = period(np.array(list(late), dtype="datetime64[D]"))
    for one, day in zip(told, late.values(), strict=True):
        out[period(days) == one] = np.datetime64(day)
    return out


def _at(periods: pd.Series, out: np.ndarray, clock: str) -> pd.Series:
    return at_clock(pd.Series(out.astype("datetime64[s]"), index=periods.index), clock)


def not_before(instants: pd.Series, first: dt.date | None) -> pd.Series:
    """The instants, those before the end of a day in New York moved to it: nothing of a new kind of report was public before."""
    if first is None:
        return instants
    return instants.clip(lower=pd.Timestamp(first, tz="America/New_York") + pd.Timedelta(hours=18))
