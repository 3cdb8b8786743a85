from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import BadChoice, NotEnoughData, NoVariation
from analytics.topics.drivers.measures.driver_betas import rolling_betas, rolling_ols, window_sums
from analytics.topics.drivers.measures.moves import USUAL, moves
from tests.topics.drivers.driver_samples import BETAS, recorded, simulated

EXACT = 1e-12


def ask(table, assets=("silver",), **options):
    return rolling_betas(table, assets, **{"draws": 99, **options})


def one_by_one(x, y, window):
    return np.array(
        [
            np.linalg.lstsq(x[i : i + window], y[i : i + window], rcond=None)[0]
            for i in range(len(x) - window + 1)
        ]
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 90), st.integers(0, 130))
def test_every_window_is_least_squares_to_the_last_digits(seed, window, more):
    rng = np.random.default_rng(seed)
    n = window + more
    x = np.column_stack([np.ones(n), rng.standard_t(4, (n, 4))])
    y = rng.standard_t(4, (n, 3))
    assert rolling_ols(x, y, window).shape == (more + 1, 5, 3)
    np.testing.assert_allclose(rolling_ols(x, y, window), one_by_one(x, y, window), rtol=0, atol=EXACT)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(0, 130), st.integers(0, 99))
def test_window_sums_do_not_cancel(window, more, seed):
    rng = np.random.default_rng(seed)
    v = rng.standard_normal((window + more, 2))
    v[0] = 1e12  # a running total would lose what comes after it
    found = window_sums(v, window)
    expected = np.array([v[i : i + window].sum(axis=0) for i in range(more + 1)])
    np.testing.assert_allclose(found[1:], expected[1:], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-12)


def test_several_assets_together_are_each_alone():
    table = simulated(n=600).assign(gold=simulated(seed=9, n=600)["silver"])
    both, alone = ask(table, ("silver", "gold")), ask(table, ("gold",))
    pd.testing.assert_frame_equal(both.betas["gold"], alone.betas["gold"])
    pd.testing.assert_frame_equal(both.errors["gold"], alone.errors["gold"])
    assert both.assets == ("silver", "gold")
    assert both.whole.shape == both.multipliers.shape == (2, 4)


def test_a_window_is_dated_by_its_last_day_and_holds_the_planted_betas():
    table = simulated(n=700)
    found = ask(table)
    path = found.betas["silver"]
    assert len(path) == 700 - 250 + 1
    assert path.index[-1] == table.index[-1]
    made = moves(table.iloc[-251:], ("silver",), need=250)
    x = np.column_stack([np.ones(250), made.drivers])
    last = np.linalg.lstsq(x, made.assets, rcond=None)[0][1:, 0]
    assert path.iloc[-1].to_numpy() == pytest.approx(last, abs=EXACT)
    for key in USUAL:
        band = found.band("silver", key)
        assert ((band["low"] < BETAS[key]) & (BETAS[key] < band["high"])).mean() > 0.9
        assert (band["high"] - band["beta"]).to_numpy() == pytest.approx(
            (band["beta"] - band["low"]).to_numpy()
        )


def test_errors_are_white_s_with_the_whole_history_s_residuals():
    table = simulated(n=400)
    found, made = ask(table), moves(table, ("silver",), need=250)
    x = np.column_stack([np.ones(400), made.drivers])
    left = made.assets[:, 0] - x @ np.linalg.lstsq(x, made.assets[:, 0], rcond=None)[0]
    inside, u = x[-250:], left[-250:]
    bread = np.linalg.inv(inside.T @ inside)
    error = np.sqrt(np.diag(bread @ (inside.T * u**2) @ inside @ bread))[1:]
    assert found.errors["silver"].iloc[-1].to_numpy() == pytest.approx(error, rel=1e-9)


def test_one_line_keeps_its_band_on_most_histories_and_the_naive_interval_does_not():
    """A constant beta: 120 histories, the band left by about 5% of them, 1.96 by a third."""
    left = {"band": 0, "naive": 0}
    for seed in range(120):
        found = ask(simulated(seed, n=600))
        t = ((found.betas["silver"]["sp500"] - BETAS["sp500"]) / found.errors["silver"]["sp500"]).abs().max()
        left["band"] += bool(t > found.multipliers.loc["silver", "sp500"])
        left["naive"] += bool(t > found.naive_multiplier)
    assert left["band"] <= 15  # P(more | 5%) = 0.0003
    assert left["naive"] >= 25


def test_a_beta_that_is_not_there_stays_within_the_band():
    found = ask(simulated(n=900, betas={"breakeven_10y": 0.0}))
    assert found.away_from_zero("silver", "breakeven_10y") == 0
    assert found.away_from_zero("silver", "dollar_index") > 80
    assert 2.2 < found.multipliers.loc["silver", "sp500"] < 4.5
    assert found.away_from_zero("silver", "sp500", naive=True) >= found.away_from_zero("silver", "sp500")


def test_a_change_shows_as_one():
    path = ask(simulated(n=1_000, after={"dollar_index": 1.5})).betas["silver"]["dollar_index"]
    assert path.iloc[0] < -1
    assert path.iloc[-1] > 1


def test_the_sentence_says_now_range_and_whole():
    found = ask(simulated(n=500))
    now, whole = found.betas["silver"]["real_yield_10y"].iloc[-1], found.whole.loc["silver", "real_yield_10y"]
    assert f"A rise of 10 bp in the 10-year real yield went with {now:+.2f}% of silver" in found.sentence
    assert found.sentence.endswith(f"the whole history with {whole:+.2f}%.")


def test_bad_input():
    table = simulated(n=500)
    with pytest.raises(NotEnoughData):
        ask(table.iloc[:300])
    with pytest.raises(BadChoice):
        ask(table, ())
    with pytest.raises(BadChoice):
        ask(table, window=20)
    with pytest.raises(NoVariation, match="over some 60 days"):
        ask(table.assign(dollar_index=_resting(table)), window=60)


def _resting(table):
    """The dollar with 80 days on which it stands still: fewer than half of all days."""
    dollar = table["dollar_index"].copy()
    dollar.iloc[100:180] = dollar.iloc[100]
    return dollar


@pytest.mark.market
def test_on_recorded_prices_windows_are_least_squares():
    keys = ("real_yield_10y", "dollar_broad", "breakeven_10y", "sp500")
    assets = ("silver", "gold", "bitcoin")
    table = recorded(*assets, *keys)
    made = moves(table, assets, keys, need=250)
    x = np.column_stack([np.ones(len(made)), made.drivers])
    np.testing.assert_allclose(
        rolling_ols(x, made.assets, 250), one_by_one(x, made.assets, 250), rtol=0, atol=EXACT
    )
    found = ask(table, assets, keys=keys)
    assert found.whole.loc["silver", "real_yield_10y"] == pytest.approx(-0.57, abs=0.01)
    assert found.whole.loc["silver", "dollar_broad"] == pytest.approx(-2.33, abs=0.01)
