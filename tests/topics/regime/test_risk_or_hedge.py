from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analytics.errors import NotEnoughData, NoVariation
from analytics.topics.regime.measures.risk_or_hedge import (
    FEWEST_EXTREME,
    exceedance_correlations,
    forbes_rigobon,
    risk_or_hedge,
)
from bench.planted_regime import EARLIER, prices, vix_paths


def world(n=700, seed=1, nasdaq=1.2, gold=0.4, stress=0.0):
    rng = np.random.default_rng(seed)
    x, g, own = rng.standard_t(5, (3, n)) * [[0.012], [0.009], [0.03]]
    vix = vix_paths(1, seed, n + 1)[0]
    high = vix.to_numpy()[EARLIER:-1] >= 25
    levels = prices({"nasdaq": x, "gold": g, "bitcoin": (nasdaq + stress * high) * x + gold * g + own})
    return levels, vix, high


def test_rolling_betas_and_errors_are_least_squares_in_each_window():
    levels, vix, high = world()
    found = risk_or_hedge(levels, vix)
    moved = np.log(levels).diff().iloc[1:]
    assert len(found.rolling) == len(moved) - 249
    for at in (0, 17, len(found.rolling) - 1):
        window = moved.iloc[at : at + 250]
        fitted = sm.OLS(window["bitcoin"], sm.add_constant(window[["nasdaq", "gold"]])).fit(cov_type="HC1")
        row = found.rolling.iloc[at]
        assert found.rolling.index[at] == window.index[-1]
        assert row[["nasdaq", "gold"]].tolist() == pytest.approx(
            fitted.params[["nasdaq", "gold"]].tolist(), rel=1e-9
        )
        errors = row[["nasdaq_error", "gold_error"]].tolist()
        assert errors == pytest.approx(fitted.bse[["nasdaq", "gold"]].tolist(), rel=1e-9)
        assert row["stress"] == high[at + 249]


def test_betas_by_the_vix_of_the_day_before():
    levels, vix, high = world(2_400, stress=1.5)
    every, calm, stress = risk_or_hedge(levels, vix).states
    moved = np.log(levels).diff().iloc[1:]
    for state, days in ((every, high | True), (calm, ~high), (stress, high)):
        chosen = moved[days]
        fitted = sm.OLS(chosen["bitcoin"], sm.add_constant(chosen[["nasdaq", "gold"]])).fit(cov_type="HC3")
        assert state.days == days.sum()
        assert (state.nasdaq, state.gold) == pytest.approx(tuple(fitted.params[["nasdaq", "gold"]]))
        low, high_end = state.nasdaq_interval
        assert (high_end - low) / 2 == pytest.approx(1.96 * fitted.bse["nasdaq"], rel=1e-4)
        gap = fitted.t_test([0, 1, -1])
        assert state.gap == pytest.approx(gap.effect.item())
        assert state.gap_interval == pytest.approx(tuple(gap.conf_int()[0]), rel=1e-4)
    assert calm.nasdaq_interval[1] < stress.nasdaq_interval[0]


def test_the_correction_gives_back_the_correlation_that_volatility_hides():
    """One beta on all days: raw correlations rise with the market's variance, corrected ones do not."""
    rng = np.random.default_rng(3)
    calm, wild = 0.01 * rng.standard_normal(200_000), 0.05 * rng.standard_normal(200_000)
    noise = 0.03 * rng.standard_normal(200_000)
    usual, raised = (np.corrcoef(x, x + noise)[0, 1] for x in (calm, wild))
    assert raised > 2 * usual
    assert forbes_rigobon(raised, 25.0) == pytest.approx(usual, abs=0.01)
    assert forbes_rigobon(0.3, 1.0) == pytest.approx(0.3)


def test_exceedances_are_the_days_beyond_the_markets_own_quantile():
    rng = np.random.default_rng(4)
    x = rng.standard_t(4, 3_000)
    y = 0.5 * x + rng.standard_normal(3_000)
    table = exceedance_correlations(x, y)
    row = table[(table["side"] == "falls") & (table["quantile"] == 0.10)].iloc[0]
    days = x <= np.quantile(x, 0.10)
    assert row["days"] == days.sum()
    assert row["correlation"] == pytest.approx(np.corrcoef(x[days], y[days])[0, 1])
    mirrored = exceedance_correlations(-x, -y)
    swapped = mirrored["side"].map({"falls": "rises", "rises": "falls"})
    both = table.merge(mirrored.assign(side=swapped), on=["side", "quantile"])
    assert both["correlation_x"].tolist() == pytest.approx(both["correlation_y"].tolist())
    short = exceedance_correlations(x[:200], y[:200])
    assert short.loc[short["days"] < FEWEST_EXTREME, "correlation"].isna().all()
    assert (short["days"] < FEWEST_EXTREME).any()


def test_it_is_labelled_display_and_reads_well():
    levels, vix, _ = world(2_000)
    found = risk_or_hedge(levels, vix)
    assert found.note.startswith("display only")
    assert not hasattr(found, "verdict")
    assert found.sentence.startswith("Bitcoin's latest beta is ")
    assert "After a VIX of 25 or more" in found.sentence
    unknown = risk_or_hedge(levels, vix.iloc[EARLIER + 100 :])
    assert unknown.missing == 100
    assert sum(state.days for state in unknown.states[1:]) == unknown.n - 100


def test_what_cannot_be_measured_is_refused():
    levels, vix, _ = world()
    with pytest.raises(NotEnoughData, match="at or above 25"):
        risk_or_hedge(levels, vix.clip(upper=24.0))
    with pytest.raises(NotEnoughData, match="needs 250"):
        risk_or_hedge(levels.iloc[:200], vix)
    with pytest.raises(NoVariation, match="gold"):
        risk_or_hedge(levels.assign(gold=1_900.0), vix)
    with pytest.raises(NotEnoughData, match="VIX below"):
        risk_or_hedge(levels, pd.Series(dtype=float, index=pd.DatetimeIndex([])))
