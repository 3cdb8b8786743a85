from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from analytics.stats.regression.wild_regression import contrasts, infer
from analytics.stats.resampling import generator, packed_signs, unpack


def sample(n=300, seed=2, slope=(0.4, 0.0)):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 2))
    y = 0.1 + x @ np.array(slope) + rng.standard_normal(n) * np.exp(0.5 * x[:, 0])
    return y, np.column_stack([np.ones(n), x])


def signs(n, draws=399):
    return packed_signs(generator("test", 3), draws, n)


def test_estimates_and_errors_against_statsmodels():
    y, design = sample()
    fitted = sm.OLS(y, design).fit(cov_type="HC3")
    rows = np.array([[0, 1, 0], [0, 1, 1]])
    found = contrasts(y, design, rows, signs(len(y)))
    assert found.estimate == pytest.approx(rows @ fitted.params)
    assert found.error == pytest.approx(np.sqrt(np.diag(rows @ fitted.cov_params() @ rows.T)))


def test_the_statistic_has_the_nulls_residuals():
    """One slope held at a value: White's error comes from the regression without that slope."""
    y, design = sample()
    held = y - 0.3 * design[:, 1]
    restricted = sm.OLS(held, design[:, [0, 2]]).fit()
    partial = sm.OLS(design[:, 1], design[:, [0, 2]]).fit().resid
    terms = partial * restricted.resid
    packed = signs(len(y))
    found = contrasts(y, design, np.array([0, 1, 0]), packed, null_value=0.3)
    scale = np.sqrt((terms**2).sum())
    assert found.t[0] == pytest.approx(terms.sum() / scale)
    assert found.drawn[:, 0] == pytest.approx(unpack(packed, len(y)) @ terms / scale)
    assert found.null_error[0] == pytest.approx(scale / (partial @ partial))


def test_a_mean_is_carried_by_all_its_days_and_a_dummy_by_its_own():
    y, _ = sample()
    design = np.column_stack([np.arange(len(y)) < 30, np.arange(len(y)) >= 30]).astype(float)
    found = contrasts(y, design, np.eye(2), signs(len(y)))
    assert found.carried_by == pytest.approx([30, 270])
    assert found.estimate == pytest.approx([y[:30].mean(), y[30:].mean()])


def test_directions_mirror_and_units_scale():
    y, design = sample(slope=(0.6, 0.2))
    row, packed = np.array([0, 1, 0]), signs(len(y))
    rise = infer(contrasts(y, design, row, packed), unit="u", delta=0.2, direction="greater")
    fall = infer(contrasts(-y, design, row, packed), unit="u", delta=0.2, direction="less")
    percent = infer(contrasts(y, design, row, packed), unit="u", delta=20, direction="greater", scale=100)
    assert rise.verdict == fall.verdict == percent.verdict == "supported"
    assert (fall.estimate, fall.statistic) == pytest.approx((-rise.estimate, -rise.statistic))
    assert fall.interval == pytest.approx((-rise.interval[1], -rise.interval[0]))
    assert percent.p == rise.p
    assert percent.mde == pytest.approx(100 * rise.mde)
    assert (
        infer(contrasts(y, design, row, packed), unit="u", delta=0.2, direction="less").verdict
        == "contradicted"
    )


def test_a_family_takes_the_strongest_and_its_own_band():
    y, design = sample(slope=(0.0, 0.5), n=600)
    packed = signs(len(y))
    both = contrasts(y, design, np.eye(3)[1:], packed)
    found = infer(both, unit="u", delta=0.2, direction="two-sided", stated=0)
    assert found.statistic == both.t[1]
    assert np.isnan(found.p_opposite)
    assert found.verdict == "supported"
    assert found.estimate == both.estimate[0]
    alone = infer(contrasts(y, design, np.eye(3)[1], packed), unit="u", delta=0.2, direction="two-sided")
    assert found.interval[1] - found.interval[0] > alone.interval[1] - alone.interval[0]


def test_size_under_changing_volatility():
    """400 samples without a slope whose noise grows with the regressor: 5% nominal, three standard errors."""
    alarms = []
    for seed in range(400):
        y, design = sample(120, seed, (0.0, 0.3))
        found = contrasts(y, design, np.array([0, 1, 0]), signs(len(y), 199))
        alarms.append(infer(found, unit="u", delta=1, direction="greater").p <= 0.05)
    assert 0.017 < np.mean(alarms) < 0.083
