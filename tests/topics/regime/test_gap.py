from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.published import thresholds
from analytics.stats.regression.out_of_sample import (
    clark_west,
    expanding_means,
    expanding_predictions,
    hat_rows,
)
from analytics.topics.regime.measures.gap import (
    BURN_IN,
    DELAY,
    DELTA,
    DRIVERS,
    FEWEST_RETURNS,
    HORIZON,
    RATES,
    WINDOW,
    Gap,
    gap,
)
from bench.planted_regime import (
    driver_levels,
    driver_returns,
    in_sample_gap_closes,
    with_closing_gap,
)


def world(seed=3, loading=0.0, per_sd=0.0, kind="N1"):
    drivers, bitcoin = driver_returns(kind, 1, seed)
    y = with_closing_gap(bitcoin[0], per_sd) if per_sd else bitcoin[0]
    return driver_levels(drivers, (y + loading * drivers["sp500"][0])[None, :], 0)


def ask(levels, **choices) -> Gap:
    return gap(levels, **{"draws": 99, **choices})


@pytest.fixture(scope="module")
def levels():
    return world(loading=1.5)


@pytest.fixture(scope="module")
def moved(levels):
    logs = np.log(levels)
    logs[list(RATES)] = levels[list(RATES)]
    return logs.diff().iloc[1:]


@pytest.fixture(scope="module")
def found(levels):
    return ask(levels)


def test_the_claims_own_threshold():
    claim = thresholds.get(34)
    assert (claim.delta, claim.direction) == (DELTA, "greater")
    for driver in DRIVERS:
        assert driver in claim.measurement


def test_each_prediction_is_least_squares_on_the_days_before(moved):
    y = moved["bitcoin"].to_numpy()
    design = sm.add_constant(moved[list(DRIVERS)].to_numpy())
    found = expanding_predictions(y, design, hat_rows(design, BURN_IN))
    for at in (BURN_IN, BURN_IN + 1, 1_000, len(y) - 1):
        fitted = sm.OLS(y[:at], design[:at]).fit()
        assert found[at - BURN_IN] == pytest.approx(design[at] @ fitted.params, abs=1e-10)
    assert expanding_means(y, BURN_IN)[7] == pytest.approx(y[: BURN_IN + 7].mean())


def test_the_gap_adds_up_what_was_promised_and_not_made(found, moved):
    y = moved["bitcoin"].to_numpy()
    design = sm.add_constant(moved[list(DRIVERS)].to_numpy())
    short = expanding_predictions(y, design, hat_rows(design, BURN_IN)) - y[BURN_IN:]
    gaps = found.path["gap"].dropna()
    assert len(gaps) == len(y) - BURN_IN - WINDOW + 1
    assert gaps.iloc[-1] == pytest.approx(100 * short[-WINDOW:].sum())
    z = found.path["z"].dropna()
    for at in (0, 400, len(z) - 1):
        known = gaps[: z.index[at]]
        assert len(known) == BURN_IN + at
        assert z.iloc[at] == pytest.approx(known.iloc[-1] / known.std(ddof=0))
    assert found.now == z.iloc[-1]
    assert found.positive == (found.now > 0)


def test_the_slope_is_the_sixty_day_regression_in_hodricks_form(found, moved):
    """Rearranged, not approximated: cov(next day, sum of 60 z) / var(z), each z known a day late."""
    z, y = found.path["z"], moved["bitcoin"]
    exposure = z.rolling(HORIZON).sum().shift(1 + DELAY)
    used = pd.concat([exposure, y], axis=1, keys=["x", "y"]).dropna()
    assert found.inference.n == len(used)
    centred = used - used.mean()
    origins = z.dropna().iloc[: -1 - DELAY]
    slope = 100 * (centred["x"] * centred["y"]).sum() / (len(used) * origins.var(ddof=0))
    t = (centred["x"] * centred["y"]).sum() / np.sqrt((centred["x"] ** 2 * centred["y"] ** 2).sum())
    assert found.inference.estimate == pytest.approx(slope)
    assert found.inference.statistic == pytest.approx(t)


def test_what_comes_later_moves_no_gap(found, levels):
    cut = ask(levels.iloc[:2_000])
    known = found.path[: cut.path.index[-1]]
    pd.testing.assert_frame_equal(cut.path, known, rtol=1e-9)


def test_a_gap_that_comes_back_is_found():
    closing = ask(world(per_sd=0.6))
    assert closing.inference.p <= 0.05
    assert closing.inference.estimate > 10
    widening = ask(world(per_sd=-0.05, seed=5))
    assert widening.inference.p > 0.05


def test_a_gap_that_is_closed_now_earns_no_support():
    found = [ask(world(per_sd=0.6, seed=seed), draws=49) for seed in range(2, 12)]
    tested = [one for one in found if one.inference.p <= 0.05]
    assert {one.positive for one in tested} == {True, False}
    for one in tested:
        assert one.verdict == ("supported" if one.positive else "not supported")
        assert ("none is open now" in one.sentence) == (not one.positive)


def test_betas_and_fit_out_of_sample(found):
    assert found.betas["sp500"] == pytest.approx(1.5, abs=0.3)
    assert found.same_day.p < 0.001
    assert 0.02 < found.same_day.r_squared < 0.5
    assert found.ahead.n == found.inference.n - BURN_IN
    assert found.drivers == DRIVERS


def test_clark_west_is_its_definition():
    rng = np.random.default_rng(1)
    y, forecasts = rng.standard_normal((2, 500))
    means = np.zeros(500)
    found = clark_west(y, forecasts, means)
    f = y**2 - ((y - forecasts) ** 2 - forecasts**2)
    fitted = sm.OLS(f, np.ones(500)).fit()
    assert found.statistic == pytest.approx(fitted.tvalues[0])
    assert found.r_squared == pytest.approx(1 - ((y - forecasts) ** 2).sum() / (y**2).sum())
    assert found.r_squared < 0


def test_random_walks_have_gaps_too_and_in_sample_they_close():
    """The wild test keeps its size where the usual fair-value chart finds that nearly every gap closes."""
    drivers, bitcoin = driver_returns("N2", 30, 8)
    tables = [driver_levels(drivers, bitcoin, i) for i in range(30)]
    closes = [in_sample_gap_closes(table) for table in tables]
    assert np.mean([alarm for alarm, _ in closes]) > 0.85
    assert np.mean([fit for _, fit in closes]) > 0.75
    found = [ask(table, draws=59, seed=i) for i, table in enumerate(tables)]
    for key in ("p", "p_opposite"):
        assert sum(getattr(one.inference, key) <= 0.05 for one in found) <= 6  # P(more of 30 | 5%) = 0.0006
    assert 0.05 < np.mean([one.chance_beyond_2 for one in found]) < 0.25
    assert np.mean([one.chance_now for one in found]) == pytest.approx(0.5, abs=0.2)


def test_the_same_seed_gives_the_same_finding(levels, found):
    assert ask(levels).inference == found.inference
    assert ask(levels, seed=4).inference.interval != found.inference.interval


def test_what_cannot_be_tested_is_refused(levels):
    with pytest.raises(NotEnoughData, match=f"needs {FEWEST_RETURNS:,}"):
        ask(levels.iloc[:FEWEST_RETURNS])
    assert ask(levels.iloc[: FEWEST_RETURNS + 1], draws=19).inference.n > 500
    with pytest.raises(NoVariation, match="gold"):
        ask(levels.assign(gold=5.0))
    with pytest.raises(NotPositive, match="sp500"):
        ask(levels.assign(sp500=-levels["sp500"]))
    assert ask(levels.assign(breakeven_10y=levels["breakeven_10y"] - 300), draws=19).inference.n > 0
