from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData, NotPositive
from analytics.topics.regime.measures.ranges import DAYS, range_after, stays_under

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"


def closes(n=400, seed=1):
    rng = np.random.default_rng(seed)
    return pd.Series(
        100 * np.exp(0.03 * rng.standard_normal(n).cumsum()), index=pd.bdate_range("2024-01-01", periods=n)
    )


def test_both_sides_of_the_day():
    prices = closes()
    day = prices.index[199]
    found = range_after(prices, day.date())
    before, after = prices.iloc[140:200], prices.iloc[200:260]
    assert (found.high, found.low) == (before.max(), before.min())
    assert found.above_high == pytest.approx(100 * np.log(after.max() / before.max()))
    assert found.below_low == pytest.approx(100 * np.log(after.min() / before.min()))
    assert found.over
    assert found.stayed == (after.max() <= before.max())
    pd.testing.assert_series_equal(found.closes, prices.iloc[140:260])


def test_nothing_is_decided_before_the_days_are_over():
    prices = closes()
    day = prices.index[199].date()
    part, none = range_after(prices.iloc[:259], day), range_after(prices.iloc[:200], day)
    assert (part.over, part.stayed, part.days_after) == (False, None, 59)
    assert part.sentence.startswith("In the first 59 of 60 trading days")
    assert (none.over, none.stayed, none.days_after) == (False, None, 0)
    assert np.isnan(none.above_high)
    assert none.sentence.startswith("No day after is known yet")


def test_a_touch_of_the_old_high_stays_in_the_range():
    prices = closes()
    prices.iloc[200:260] = prices.iloc[140:200].max()
    touched = range_after(prices, prices.index[199].date())
    assert touched.above_high == 0
    assert touched.stayed is True
    prices.iloc[230] *= 1.001
    above = range_after(prices, prices.index[199].date())
    assert above.stayed is False
    assert "left its range upwards by 0.1%" in above.sentence
    assert "held its old low" in above.sentence


def test_a_day_without_a_close_is_the_last_one_before_it():
    prices = closes()
    saturday = dt.date(2024, 10, 5)
    assert range_after(prices, saturday).day == dt.date(2024, 10, 4)


def test_the_chance_share_is_a_count():
    prices = closes().to_numpy()
    share, count = stays_under(prices, DAYS)
    hits = [
        prices[i : i + DAYS].max() <= prices[i - DAYS : i].max() for i in range(DAYS, len(prices) - DAYS + 1)
    ]
    assert (share, count) == (np.mean(hits), len(hits))
    assert np.isnan(stays_under(prices[:119], DAYS)[0])


def test_what_cannot_be_measured_is_refused():
    prices = closes()
    with pytest.raises(NotEnoughData, match="needs 60"):
        range_after(prices, prices.index[58].date())
    with pytest.raises(NotPositive, match="Bitcoin"):
        range_after(prices - 99, prices.index[199].date())


@pytest.mark.market
def test_recorded_bitcoin_after_the_article():
    path, vix = MARKET / "BTC-USD.csv", MARKET / "^VIX.csv"
    if not path.exists():
        pytest.skip("the recorded market data are not beside the checkout")
    prices, days = (
        pd.read_csv(p, parse_dates=["date"], index_col="date")["close"].dropna() for p in (path, vix)
    )
    found = range_after(prices[prices.index.isin(days.index)], dt.date(2026, 1, 23))
    assert found.stayed is True
    assert found.below_low < -20  # the low of 5 February 2026
