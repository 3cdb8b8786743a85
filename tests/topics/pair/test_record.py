from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import NotEnoughData, NotPositive
from analytics.topics.pair.measures.record import Earlier, record, round_number

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"
HIGH_OF_1980 = Earlier(50.0, "January 1980", "published table")


def series(values, first="2024-01-01"):
    return pd.Series(values, index=pd.bdate_range(first, periods=len(values)), dtype=float)


def ask(values, **options):
    closes = series(values)
    return record(closes, closes.index[-1].date(), name="Silver", **options)


@given(st.lists(st.integers(1, 50), min_size=2, max_size=40))
def test_it_is_exact(values):
    found = ask(values)
    assert found.is_record == (values[-1] > max(values[:-1]))
    assert (found.above > 0) == found.is_record
    plain = [i for i in range(1, len(values)) if values[i] > max(values[:i])]
    assert list(found.days) == list(series(values).index[plain])
    assert ("above every close since 1 Jan 2024" in found.sentence) == found.is_record


def test_a_tie_is_no_record_and_the_last_high_is_named():
    found = ask([5, 9, 7, 9, 9])
    assert not found.is_record
    assert found.above == 0
    assert found.highest_on == dt.date(2024, 1, 4)
    assert (
        found.sentence
        == "Silver closed at 9.00 on 5 Jan 2024, level with the highest before: 9.00 on 4 Jan 2024."
    )


def test_sentences_of_a_record_and_of_none():
    assert ask([5, 9.1, 9.925]).sentence == (
        "Silver closed at 9.93 on 3 Jan 2024, above every close since 1 Jan 2024; "
        "the highest before was 9.10 on 2 Jan 2024."
    )
    assert ask([5, 10, 8]).sentence.endswith("20.0% below the highest before: 10.00 on 2 Jan 2024.")


@pytest.mark.parametrize(
    ("highest", "close", "passed"),
    [
        (95.98, 100.925, 100),
        (9, 10.9, 10),
        (250, 299, 0),
        (250, 310, 300),
        (100, 101, 100),
        (99, 100, 0),
        (0.9, 1.1, 1),
    ],
)
def test_a_round_number_passed_is_named(highest, close, passed):
    assert round_number(highest, close) == passed
    assert (f"the first above {passed:,.0f}" in ask([1e-3, highest, close]).sentence) == (passed > 0)


def test_the_years_before_the_history_count():
    found = ask([40, 45, 48], earlier=HIGH_OF_1980)
    assert not found.is_record
    assert found.highest == 50
    assert found.highest_on is None
    assert "50.00 in January 1980 (published table)" in found.sentence
    assert list(found.days) == []
    assert ask([40, 45, 51], earlier=HIGH_OF_1980).is_record
    assert ask([40, 60, 55], earlier=HIGH_OF_1980).highest == 60


def test_nothing_later_is_used_and_a_weekend_takes_the_close_before():
    closes = series([5, 6, 7, 8, 9, 100])
    found = record(closes, dt.date(2024, 1, 6))  # the Saturday after five days
    assert found.close == 9
    assert found.close_on == dt.date(2024, 1, 5)


def test_bad_input():
    with pytest.raises(NotEnoughData):
        ask([5])
    with pytest.raises(NotPositive, match="2024-01-02"):
        ask([5, -1, 5])
    assert ask([5, np.nan, 6]).n == 1


@pytest.mark.market
def test_silver_on_the_day_of_the_article():
    """First close above $100: 100.93 on 23 January 2026 (SI=F); 115.5 or less was the highest close, on 26 January."""
    path = MARKET / "SI=F.csv"
    if not path.exists():
        pytest.skip("the recorded market data are not beside the checkout")
    closes = pd.read_csv(path, parse_dates=["date"], index_col="date")["close"]
    found = record(closes, dt.date(2026, 1, 23), earlier=HIGH_OF_1980, name="Silver")
    assert found.is_record
    assert "closed at 100.93 on 23 Jan 2026" in found.sentence
    assert not record(closes, dt.date(2026, 6, 5)).is_record
    before_the_gap = record(closes, dt.date(2011, 4, 29), earlier=HIGH_OF_1980)
    assert not before_the_gap.is_record
