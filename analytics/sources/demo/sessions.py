"""The demo's calendars by rule: US trading days, the Fed's business days, and every day for crypto.

Rules instead of a calendar library because importing one costs as much as simulating the whole world; a test
holds them against exchange_calendars.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np

DEMO_FIRST_DAY = dt.date(2010, 1, 4)
DEMO_LAST_DAY = dt.date(2026, 6, 5)
UNBROKEN = np.datetime64("2025-12-15")
"""From here on no day is missing in any series: the days that the product opens on."""

CLOSED = ("2012-10-29", "2012-10-30", "2018-12-05", "2025-01-09")
"""New York Stock Exchange closings outside the rules: hurricane Sandy, and two days of national mourning."""
_ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True)
class Calendar:
    """All days of the demo.

    Attributes:
        days: Every calendar day, datetime64[D].
        sessions: US trading days, datetime64[D].
        session_of_day: For each day the position of the session whose close ends the return that holds it.
        bond: Mask over ``sessions``: the Treasury market is open as well.
        fed: Mask over ``days``: a business day of the Federal Reserve.
    """

    days: np.ndarray
    sessions: np.ndarray
    session_of_day: np.ndarray
    bond: np.ndarray
    fed: np.ndarray

    def at(self, dates: np.ndarray) -> np.ndarray:
        """Positions of the sessions at or next after ``dates``."""
        return np.searchsorted(self.sessions, dates)


@cache
def calendar() -> Calendar:
    """The calendars from DEMO_FIRST_DAY to DEMO_LAST_DAY inclusive."""
    days = np.arange(np.datetime64(DEMO_FIRST_DAY), np.datetime64(DEMO_LAST_DAY) + 1)
    years = np.arange(DEMO_FIRST_DAY.year, DEMO_LAST_DAY.year + 2)
    closed = np.concatenate([exchange_holidays(years), np.array(CLOSED, dtype="datetime64[D]")])
    sessions = days[np.is_busday(days, holidays=closed)]
    fed = np.is_busday(days, holidays=federal_holidays(years))
    bond = np.isin(sessions, days[fed])
    return Calendar(days, sessions, np.searchsorted(sessions, days), bond, fed)


def exchange_holidays(years: np.ndarray) -> np.ndarray:
    """Holidays of the New York Stock Exchange in ``years``, as observed, datetime64[D]."""
    fixed = [_nearest_weekday(_fixed(years, 7, 4)), _nearest_weekday(_fixed(years, 12, 25))]
    new_year = _fixed(years, 1, 1)
    # A Saturday's New Year is not made up for.
    new_year = _sunday_to_monday(new_year[_weekday(new_year) != 5])
    juneteenth = _nearest_weekday(_fixed(years[years >= 2022], 6, 19))
    good_friday = np.array([_easter(int(year)) for year in years], dtype="datetime64[D]") - 2
    return np.concatenate([*fixed, new_year, juneteenth, good_friday, *_mondays_and_thanksgiving(years)])


def federal_holidays(years: np.ndarray) -> np.ndarray:
    """Holidays of the Federal Reserve: a Saturday's is not made up for, a Sunday's is on Monday."""
    dates = [_fixed(years, month, day) for month, day in ((1, 1), (7, 4), (11, 11), (12, 25))]
    fixed = np.concatenate([*dates, _fixed(years[years >= 2022], 6, 19)])
    fixed = _sunday_to_monday(fixed[_weekday(fixed) != 5])
    return np.concatenate([fixed, *_mondays_and_thanksgiving(years), _nth(years, 10, "Mon", 2)])


def _mondays_and_thanksgiving(years: np.ndarray) -> list[np.ndarray]:
    memorial = _nth(years, 6, "Mon", 1) - 7  # the last Monday of May
    king, presidents, labor = _nth(years, 1, "Mon", 3), _nth(years, 2, "Mon", 3), _nth(years, 9, "Mon", 1)
    return [king, presidents, memorial, labor, _nth(years, 11, "Thu", 4)]


def _fixed(years: np.ndarray, month: int, day: int) -> np.ndarray:
    return _month(years, month).astype("datetime64[D]") + (day - 1)


def _month(years: np.ndarray, month: int) -> np.ndarray:
    return ((years - 1970) * 12 + month - 1).astype("datetime64[M]")


def _nth(years: np.ndarray, month: int, weekday: str, n: int) -> np.ndarray:
    first = _month(years, month).astype("datetime64[D]")
    return np.busday_offset(first, n - 1, roll="forward", weekmask=weekday)


def _weekday(dates: np.ndarray) -> np.ndarray:
    """0 is Monday."""
    return (dates.astype("datetime64[D]").astype(int) + 3) % 7


def _sunday_to_monday(dates: np.ndarray) -> np.ndarray:
    return np.where(_weekday(dates) == 6, dates + _ONE_DAY, dates)


def _nearest_weekday(dates: np.ndarray) -> np.ndarray:
    return np.where(_weekday(dates) == 5, dates - _ONE_DAY, _sunday_to_monday(dates))


def _easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (Butcher's rule)."""
    golden, century, rest = year % 19, year // 100, year % 100
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
