"""Instants and days: New York's midnight on every kind of day, and clocks of other places."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.clock.instants import NEW_YORK, day_of, end_of_day, from_micros, parse_clock, to_micros
from analytics.clock.releases import add_business_days, at_clock

MICRO = dt.timedelta(microseconds=1)
SPRING, AUTUMN = dt.date(2026, 3, 8), dt.date(2026, 11, 1)  # the days of 23 and of 25 hours
some_day = st.dates(dt.date(1971, 1, 1), dt.date(2099, 12, 30))


def periods(*days: str) -> pd.Series:
    return pd.Series(pd.DatetimeIndex(list(days)).to_numpy().astype("datetime64[s]"))


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (dt.date(2026, 1, 23), "2026-01-24T04:59:59.999999"),
        (dt.date(2026, 7, 1), "2026-07-02T03:59:59.999999"),
        (SPRING - dt.timedelta(days=1), "2026-03-08T04:59:59.999999"),
        (SPRING, "2026-03-09T03:59:59.999999"),
        (AUTUMN - dt.timedelta(days=1), "2026-11-01T03:59:59.999999"),
        (AUTUMN, "2026-11-02T04:59:59.999999"),
    ],
)
def test_a_day_ends_at_midnight_in_new_york(day, utc):
    assert end_of_day(day) == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)
    assert end_of_day(day).utcoffset() == end_of_day(day).astimezone(NEW_YORK).utcoffset()


@given(some_day)
@example(SPRING)
@example(AUTUMN)
def test_the_last_microsecond_of_a_day_is_in_it_and_the_next_is_not(day):
    assert day_of(end_of_day(day)) == day
    assert day_of(end_of_day(day).astimezone(dt.UTC) + MICRO) == day + dt.timedelta(days=1)


def test_the_hours_of_a_day_are_counted_as_they_pass():
    hours = {
        day: (end_of_day(day) - end_of_day(day - dt.timedelta(days=1)).astimezone(dt.UTC))
        for day in (SPRING, AUTUMN)
    }
    assert hours == {SPRING: dt.timedelta(hours=23), AUTUMN: dt.timedelta(hours=25)}


@given(
    st.datetimes(
        dt.datetime(1700, 1, 1), dt.datetime(9000, 1, 1), timezones=st.sampled_from([dt.UTC, NEW_YORK])
    )
)
def test_microseconds_there_and_back(instant):
    assert from_micros(to_micros(instant)) == instant.astimezone(dt.UTC)


def test_microseconds_are_exact_and_need_a_zone():
    assert to_micros(dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) == 0
    assert to_micros(dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC)) == -1
    assert to_micros(dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC)) == 253402300799999999
    with pytest.raises(ValueError, match="zone"):
        to_micros(dt.datetime(2026, 1, 1))


def test_a_clock_is_a_time_and_a_zone():
    time, zone = parse_clock("13:25 America/New_York")
    assert (time, zone.key) == (dt.time(13, 25), "America/New_York")


@pytest.mark.parametrize(
    ("clock", "add", "day", "utc"),
    [
        ("18:00 America/New_York", 0, "2026-01-23", "2026-01-23 23:00"),
        ("18:00 America/New_York", 0, "2026-06-05", "2026-06-05 22:00"),
        (
            "18:00 America/New_York",
            45,
            "2026-03-01",
            "2026-04-15 22:00",
        ),  # winter to summer: the local hour stays
        ("00:00 UTC", 0, "2026-06-05", "2026-06-06 00:00"),  # the midnight that ends the day
        ("00:00 UTC", 1, "2026-06-05", "2026-06-07 00:00"),
        ("02:30 America/New_York", 0, "2026-03-08", "2026-03-08 07:00"),  # there is no such hour that day
        ("01:30 America/New_York", 0, "2026-11-01", "2026-11-01 05:30"),  # there are two: the first
        ("15:00 Asia/Tokyo", 0, "2026-06-05", "2026-06-05 06:00"),
    ],
)
def test_a_local_time_of_day_as_an_instant(clock, add, day, utc):
    found = at_clock(periods(day), clock, add)
    assert found.dtype == "datetime64[us, UTC]"
    assert found.tolist() == [pd.Timestamp(utc, tz="UTC")]


def test_instants_keep_the_index_of_their_dates():
    days = periods("2026-06-01", "2026-06-02").set_axis([7, 3])
    assert at_clock(days, "00:00 UTC").index.tolist() == [7, 3]
    assert add_business_days(days, 1).index.tolist() == [7, 3]
    assert at_clock(days[:0], "00:00 UTC").empty


@pytest.mark.parametrize(
    ("day", "move", "to"),
    [
        ("2026-06-04", 1, "2026-06-05"),
        ("2026-06-05", 1, "2026-06-08"),  # a Friday's figure comes out on Monday
        ("2026-06-06", 1, "2026-06-08"),  # stamped on a Saturday: as Friday's
        ("2026-06-07", 0, "2026-06-05"),
        ("2026-06-05", 6, "2026-06-15"),
    ],
)
def test_business_days_are_monday_to_friday(day, move, to):
    assert add_business_days(periods(day), move).tolist() == [pd.Timestamp(to)]
