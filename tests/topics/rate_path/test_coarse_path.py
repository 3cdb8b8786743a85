from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analytics.errors import NotPriced
from analytics.topics.rate_path.measures.coarse_path import coarse_path

DAY = dt.date(2015, 6, 1)


def on(value, day):
    return pd.Series([value], index=[pd.Timestamp(day)])


def test_bills_against_the_effective_rate_are_of_the_oldest_day_used():
    known = {
        "effr": on(0.13, "2015-05-29"),
        "treasury_3m": on(0.01, "2015-05-28"),
        "treasury_1y": on(0.255, "2015-05-29"),
    }
    found = coarse_path(known, DAY)
    assert (found.three_months, found.one_year) == pytest.approx((-0.48, 0.5))
    assert (found.day, found.front) == (dt.date(2015, 5, 28), None)
    assert found.sentence.startswith("Coarse, as of 28 May 2015, from the front contract and Treasury bills")


def test_a_figure_of_more_than_a_week_ago_is_none_of_today():
    old = {"effr": on(0.13, "2015-05-29"), "treasury_1y": on(0.255, "2015-05-24")}
    with pytest.raises(NotPriced, match="the week to 2015-06-01"):
        coarse_path(old, DAY)
    with pytest.raises(NotPriced, match="No effective fed funds rate"):
        coarse_path({"effr": on(0.13, "2015-05-24"), "treasury_1y": on(0.25, "2015-05-29")}, DAY)
