from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import NotEnoughData, NotPositive
from analytics.stats.drawdown import drawdown

MARKET = Path(__file__).resolve().parents[2] / ".." / "shared" / "market" / "yahoo"


def series(values):
    return pd.Series(values, index=pd.bdate_range("2020-01-01", periods=len(values)), dtype=float)


def whole(closes):
    return drawdown(closes, closes.index[0].date(), closes.index[-1].date())


closes = st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=60).map(series)


@given(closes)
def test_the_path_is_the_plain_one(prices):
    found = whole(prices)
    plain = [100 * (price / max(prices.iloc[: i + 1]) - 1) for i, price in enumerate(prices)]
    assert np.allclose(found.path, plain)
    assert (found.path <= 0).all()
    assert found.deepest == found.path.min() == found.path[pd.Timestamp(found.deepest_on)]
    assert found.high * (1 + found.now / 100) == pytest.approx(prices.iloc[-1])


@given(closes, st.floats(1e-3, 1e3))
def test_units_do_not_matter(prices, unit):
    assert np.allclose(whole(prices).path, whole(prices * unit).path, atol=1e-9)


@given(closes, st.integers(0, 59))
def test_the_high_before_the_window_counts(prices, skip):
    skip = min(skip, len(prices) - 1)
    found = drawdown(prices, prices.index[skip].date(), prices.index[-1].date())
    assert np.allclose(found.path, whole(prices).path.iloc[skip:])
    assert found.high == prices.max()


def test_days_since_the_high_are_calendar_days_from_its_last_day():
    found = whole(series([5, 9, 7, 9, 8, 8, 8]))  # Wednesday 1 January to Thursday 9 January 2020
    assert found.high_on == dt.date(2020, 1, 6)
    assert found.days_since_high == 3
    assert whole(series([1, 2, 3])).days_since_high == 0


def test_nothing_after_the_end_is_used():
    found = drawdown(series([5, 4, 50, 1]), dt.date(2020, 1, 1), dt.date(2020, 1, 2))
    assert found.high == 5
    assert found.now == pytest.approx(-20)


def test_missing_days_are_left_out_and_bad_ones_refused():
    assert whole(series([5, np.nan, 4])).n == 2
    with pytest.raises(NotPositive, match="2 Jan 2020"):
        whole(series([5, 0, 4]))
    with pytest.raises(NotEnoughData):
        drawdown(series([5, 4]), dt.date(2021, 1, 1), dt.date(2021, 2, 1))


@pytest.mark.market
def test_bitcoin_and_silver_in_june_2026():
    """Highest closes 124,753 (BTC-USD, 6 Oct 2025) and 115.5 (SI=F): both far below by 5 June 2026."""
    if not (MARKET / "BTC-USD.csv").exists():
        pytest.skip("the recorded market data are not beside the checkout")
    for symbol, month, depth in (("BTC-USD", (2025, 10), -51), ("SI=F", (2026, 1), -40)):
        prices = pd.read_csv(MARKET / f"{symbol}.csv", parse_dates=["date"], index_col="date")["close"]
        found = drawdown(prices, dt.date(2025, 6, 5), dt.date(2026, 6, 5))
        assert (found.high_on.year, found.high_on.month) == month
        assert found.now == pytest.approx(depth, abs=1.5)
