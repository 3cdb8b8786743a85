from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import catalogue
from analytics.sources.contract_month import parse_month

ON = dt.date(2026, 7, 14)
JULY = dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07", "2026/07", "202607", "2026-07-01", "JUL 26", "JLY 26", "Jul-26", "jul26", "July 2026", "JUL '26",
        "ZQN26", "ZQN6", "FFN6", "FFN26", "zqn2026", "ZQN26.CBT", "/ZQN26", " ZQN6 ",
    ],
)  # fmt: skip
def test_july_2026_in_every_way_that_people_write_it(text):
    assert parse_month(text, ON) == JULY


@pytest.mark.parametrize(
    "text", ["", "July", "26-Jul", "2026-13", "ZQA26", "ESU6", "ZQN", "2026-07-02", "Jux 26", "1985-07"]
)
def test_what_names_no_contract_month(text):
    assert parse_month(text, ON) is None


@given(st.dates(dt.date(1995, 1, 1), dt.date(2060, 12, 31)), st.integers(0, 100))
def test_a_year_of_one_digit_is_the_first_that_had_not_expired(on, ahead):
    year, month = catalogue.divmod_month(on.year * 12 + on.month - 1 + ahead)
    code = f"ZQ{catalogue.MONTH_CODES[month]}{year % 10}"
    assert parse_month(code, on) == dt.date(year, month, 1)
