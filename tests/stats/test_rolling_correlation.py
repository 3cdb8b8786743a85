from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import NotEnoughData
from analytics.stats.correlation.rolling_correlation import rolled, rolling_correlation
from bench.nulls import levels, simulate

MARKET = Path(__file__).resolve().parents[2] / ".." / "shared" / "market" / "yahoo"


def normal_pair(seed=1, days=600, correlation=0.0):
    x, noise = np.random.default_rng(seed).normal(0, 0.02, (2, days))
    return levels(x, correlation * x + np.sqrt(1 - correlation**2) * noise)


def ask(table, **options):
    return rolling_correlation(table, **{"draws": 199, **options})


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 80))
def test_the_path_is_that_of_pandas(seed, window):
    table = normal_pair(seed, 200)
    returns = np.log(table).diff().iloc[1:]
    expected = returns["lead"].rolling(window).corr(returns["follow"]).dropna()
    found = ask(table, window=window, draws=19)
    assert np.allclose(found.path, expected, atol=1e-9)
    assert list(found.path.index) == list(expected.index)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_and_order_do_not_matter_for_the_path(seed, lead, follow):
    table = normal_pair(seed, 200)
    found, other = ask(table, draws=19), ask(table * [lead, follow], draws=19)
    assert np.allclose(found.path, other.path, atol=1e-7)
    mirrored = ask(table.rename(columns={"lead": "follow", "follow": "lead"}), draws=19)
    assert np.allclose(found.path, mirrored.path)
    inverted = ask(table.assign(follow=1 / table["follow"]), draws=19)
    assert np.allclose(found.path, -inverted.path)


def test_a_window_that_stands_still_has_no_correlation():
    x, y = np.random.default_rng(1).normal(0, 1, (2, 100))
    y[20:60] = 0.0
    found = rolled(x, y[:, None], 30)[:, 0]
    assert np.isnan(found[20:31]).all()
    assert np.isfinite(np.delete(found, np.arange(20, 31))).all()


@pytest.mark.parametrize(("kind", "published"), [("N1", 0.49), ("N2", 0.57)])
def test_unrelated_series_reach_what_methods_says_and_the_band_knows_it(kind, published):
    """docs/methods.md#rolling-correlation: 95% of independent pairs stay within .49 over 2,700 days, of those with common volatility
    within .57. A pair's own band follows its own volatility, so the bands are spread around those figures.
    """
    x, y = simulate(kind, 300, 5)
    x, y = (v - v.mean(axis=1, keepdims=True) for v in (x, y))
    loudest = [np.abs(rolled(a, b[:, None], 60)).max() for a, b in zip(x, y, strict=True)]
    assert np.quantile(loudest, 0.95) == pytest.approx(published, abs=0.03)
    bands = [ask(levels(x[i], y[i]), seed=i).band for i in range(20)]
    assert np.mean(bands) == pytest.approx(published, abs=0.05)


def test_the_usual_band_is_passed_by_chance_and_ours_is_not():
    found = [
        ask(levels(x, y), seed=i)
        for i, (x, y) in enumerate(zip(*simulate("N2", 100, 9, n=1_200), strict=True))
    ]
    assert sum(each.p <= 0.05 for each in found) <= 14  # the exact 99.9% band of a 5% test
    assert sum(each.naive_outside > 0 for each in found) >= 90


def test_a_planted_correlation_is_seen():
    found = ask(normal_pair(correlation=0.8))
    assert found.p == pytest.approx(1 / 200)
    assert found.outside > 95
    assert found.whole == pytest.approx(0.8, abs=0.05)
    assert abs(found.largest) == found.path.abs().max() == abs(found.path[found.largest_on])
    assert found.band > found.naive_band == pytest.approx(0.253, abs=0.001)


def test_the_same_question_has_the_same_answer_to_the_last_bit():
    assert ask(normal_pair()).band == ask(normal_pair()).band
    assert ask(normal_pair(), seed=2).band != ask(normal_pair()).band


def test_too_short():
    with pytest.raises(NotEnoughData):
        ask(normal_pair(days=100))


@pytest.mark.market
def test_silver_and_bitcoin():
    columns = {}
    for column, symbol in (("lead", "SI=F"), ("follow", "BTC-USD")):
        path = MARKET / f"{symbol}.csv"
        if not path.exists():
            pytest.skip("the recorded market data are not beside the checkout")
        columns[column] = pd.read_csv(path, parse_dates=["date"], index_col="date")["close"]
    found = ask(pd.concat(columns, axis=1, join="inner"))
    assert found.whole == pytest.approx(0.10, abs=0.02)
    assert 0.45 < found.band < 0.65
    assert found.naive_outside > 15
