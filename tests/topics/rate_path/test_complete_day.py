from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotPriced
from analytics.topics.rate_path.measures.complete_day import NEEDED, CompleteDay, complete_day


def strips(first, last, months=14):
    days = pd.bdate_range(first, last)
    columns = pd.date_range(days[0].replace(day=1), periods=months, freq="MS")
    return pd.DataFrame(np.full((len(days), months), 96.4), index=days, columns=columns)


def test_a_full_day_is_read_as_it_is():
    prices = strips("2026-06-01", "2026-06-05")
    day = dt.date(2026, 6, 5)
    assert complete_day(prices, day) == CompleteDay(day, day, ())
    assert complete_day(prices, dt.date(2026, 6, 7)).day == day  # a Sunday


def test_a_day_on_which_three_of_twelve_months_came_waits_for_the_others():
    prices = strips("2026-06-01", "2026-06-05")
    prices.iloc[-1, 3:] = np.nan
    found = complete_day(prices, dt.date(2026, 6, 5))
    assert (found.day, found.newest) == (dt.date(2026, 6, 4), dt.date(2026, 6, 5))
    assert found.lagging == tuple(stamp.date() for stamp in prices.columns[3:NEEDED])


def test_a_single_imported_row_is_no_day():
    prices = strips("2026-06-01", "2026-06-04")
    prices.loc[pd.Timestamp("2026-06-05"), pd.Timestamp("2027-07-01")] = 96.0
    assert complete_day(prices.sort_index(axis=1), dt.date(2026, 6, 5)).day == dt.date(2026, 6, 4)


def test_an_expired_month_is_not_waited_for_nor_one_beyond_a_year():
    prices = strips("2026-05-25", "2026-06-02")
    prices.loc["2026-06-01":, "2026-05-01"] = np.nan
    prices.loc["2026-06-01":, "2027-06-01"] = np.nan
    found = complete_day(prices, dt.date(2026, 6, 2))
    assert found.day == dt.date(2026, 5, 29)  # a year ahead of June is needed from June on
    prices = prices.drop(columns=pd.Timestamp("2027-06-01"))
    assert complete_day(prices, dt.date(2026, 6, 2)).day == dt.date(2026, 6, 2)


def test_a_month_that_stays_away_for_a_week_is_waited_for_no_longer():
    prices = strips("2026-06-01", "2026-06-12")
    prices.loc["2026-06-03":, "2026-07-01"] = np.nan
    assert complete_day(prices, dt.date(2026, 6, 9)).day == dt.date(2026, 6, 2)
    assert complete_day(prices, dt.date(2026, 6, 10)).day == dt.date(2026, 6, 10)


@pytest.mark.parametrize("day", [dt.date(2026, 5, 31), dt.date(2026, 6, 20)])
def test_a_week_without_a_price_says_where_prices_are(day):
    with pytest.raises(NotPriced, match="from 2026-06-01 to 2026-06-05"):
        complete_day(strips("2026-06-01", "2026-06-05"), day)
    with pytest.raises(NotPriced, match="in the week up to"):
        complete_day(strips("2026-06-01", "2026-06-05")[:0], day)
