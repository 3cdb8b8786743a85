"""When reports with a calendar of their own come out, against the calendars that their publishers have printed."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analytics import catalogue
from analytics.clock import calendars
from analytics.clock.instants import NEW_YORK
from analytics.published import late_releases


def out(key: str, period: str) -> str:
    """Release in New York."""
    instant = calendars.release(catalogue.get(key), dt.date.fromisoformat(period))
    return f"{instant.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("period", "released"),
    [
        # CFTC, release schedule of 2024: Fridays, later where a federal holiday lies in between, never for Good Friday
        ("2024-01-02", "2024-01-05"),
        ("2024-03-26", "2024-03-29"),
        ("2024-06-18", "2024-06-24"),
        ("2024-07-02", "2024-07-08"),
        ("2024-11-12", "2024-11-15"),
        ("2024-11-26", "2024-12-02"),
        ("2024-12-24", "2024-12-30"),
        # reports of a Monday, where Tuesday was a holiday, and the one of a Wednesday since the rule is known
        ("2012-12-31", "2013-01-04"),
        ("2020-12-21", "2020-12-28"),
        # the shutdowns and the attack of 2023
        ("2025-09-23", "2025-09-26"),
        ("2025-09-30", "2025-11-19"),
        ("2025-11-10", "2025-12-12"),
        ("2026-01-13", "2026-01-20"),
        ("2026-01-20", "2026-01-23"),
        ("2018-12-18", "2018-12-21"),
        ("2018-12-24", "2019-02-01"),
        ("2019-03-05", "2019-03-08"),
        ("2023-01-24", "2023-01-27"),
        ("2023-01-31", "2023-02-24"),
        ("2023-03-21", "2023-03-24"),
        ("2013-10-01", "2013-11-08"),
    ],
)
def test_traders_reports_come_out_on_friday_at_half_past_three_unless_said(period, released):
    assert out("silver_positions", period) == f"{released} 15:30"


def test_groups_were_not_known_before_there_were_such_reports():
    assert out("silver_positions", "2008-07-01") == "2009-10-20 18:00"
    assert out("fed_funds_positions", "2008-07-01") == "2010-07-22 18:00"
    assert out("silver_positions", "2009-10-20") == "2009-10-23 15:30"
    assert out("silver_positions.managed_long", "2026-01-20") == "2026-01-23 15:30"


@pytest.mark.parametrize(
    ("period", "released"),
    [
        ("2025-12-31", "2026-01-08"),  # New Year
        ("2026-03-31", "2026-04-09"),  # Good Friday and Easter Monday
        ("2026-04-30", "2026-05-08"),  # the early May bank holiday
        ("2026-05-31", "2026-06-05"),
        ("2022-05-31", "2022-06-09"),  # the jubilee
    ],
)
def test_vaults_come_out_on_the_fifth_business_day(period, released):
    assert out("london_vaults", period) == f"{released} 13:00"  # 18:00 in London


@pytest.mark.parametrize(
    ("period", "released"),
    [
        ("2026-03-01", "2026-04-10"),
        ("2025-12-01", "2026-01-13"),
        ("2019-09-01", "2019-10-25"),
        ("2018-11-01", "2018-12-13"),
        ("2025-10-01", "2025-11-25"),
    ],
)
def test_the_treasurys_statement_comes_out_on_the_eighth_business_day(period, released):
    assert out("federal_balance_monthly", period) == f"{released} 14:00"


def test_what_is_late_is_later_than_the_rule_and_in_order():
    for rule, key in (("traders", "silver_positions"), ("treasury", "federal_balance_monthly")):
        late = late_releases.of(rule)
        assert list(late) == sorted(late)
        assert list(late.values()) == sorted(late.values())
        assert all(calendars.may_be_dated(catalogue.get(key), _days(late)))
        assert all((day - period).days > 2 for period, day in late.items())
    assert late_releases.of("vaults") == {}


def _days(late: dict[dt.date, dt.date]) -> np.ndarray:
    return np.array(list(late), dtype="datetime64[D]")


def test_the_next_report_is_expected_when_the_rule_says_so():
    series = catalogue.get("silver_positions")
    newest = lambda when, last: calendars.newest_expected(series, when, last)  # noqa: E731
    before = dt.datetime(2026, 1, 23, 15, 29, tzinfo=NEW_YORK)
    assert newest(before, dt.date(2026, 1, 13)) == dt.date(2026, 1, 13)
    assert newest(before + dt.timedelta(minutes=1), dt.date(2026, 1, 13)) == dt.date(2026, 1, 20)
    shut = dt.datetime(2025, 11, 18, 23, 0, tzinfo=NEW_YORK)
    assert newest(shut, dt.date(2025, 9, 23)) == dt.date(2025, 9, 23)
    assert not calendars.is_stale(series, shut, dt.date(2025, 9, 23))
