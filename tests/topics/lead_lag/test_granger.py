from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.tsa.stattools import grangercausalitytests

from analytics.errors import MeasureError, NotEnoughData, SameSeries
from analytics.stats.naive import hac_covariance
from analytics.topics.lead_lag.measures.granger import f_test, granger, wald
from bench import nulls

PUBLISHED = Path(__file__).resolve().parents[3] / ".." / "shared" / "published"
"""Series that others printed numbers for; facts to check against, not shipped with the project."""


def published(name: str) -> pd.DataFrame:
    path = PUBLISHED / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"{name}.csv is not beside the checkout")
    return pd.read_csv(path)


def simulated(seed: int, n: int = 700) -> tuple[np.ndarray, np.ndarray]:
    x, y = nulls.simulate("N3", 1, seed, n=n)
    return x[0], y[0]


@pytest.mark.parametrize("order", [1, 3, 7])
def test_f_is_that_of_statsmodels(order: int) -> None:
    x, y = simulated(1)
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = grangercausalitytests(np.column_stack([y, x]), [order])[order][0]["ssr_ftest"]
    found = f_test(x, y, range(1, order + 1))
    assert found.statistic == pytest.approx(theirs[0], rel=1e-9)
    assert found.p == pytest.approx(theirs[1], rel=1e-9)
    assert found.freedom == (theirs[3], theirs[2])


def test_chickens_and_eggs() -> None:
    """R lmtest 0.9-40, grangertest(egg ~ chicken, order = 3, data = ChickEgg), its printed example."""
    series = published("ChickEgg")
    chicken, egg = series["chicken"].to_numpy(float), series["egg"].to_numpy(float)
    found, reverse = f_test(chicken, egg, (1, 2, 3)), f_test(egg, chicken, (1, 2, 3))
    assert (round(found.statistic, 4), round(found.p, 4), found.freedom) == (0.5916, 0.6238, (3, 44))
    assert (round(reverse.statistic, 3), round(reverse.p, 6)) == (5.405, 0.002966)


def test_newey_west_of_real_investment() -> None:
    """R sandwich 3.1, NeweyWest(fm, lag = 4, prewhite = FALSE) with fm = lm(RealInv ~ RealGNP + RealInt), as
    printed."""
    series = published("Investment").dropna()
    design = np.column_stack([np.ones(len(series)), series["RealGNP"], series["RealInt"]])
    y = series["RealInv"].to_numpy(float)
    residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    expected = [
        [359.4170681, -0.3115505035, -4.089319305],
        [-0.3115505035, 0.0002805888, -0.005355931],
        [-4.089319305, -0.005355931, 11.171472998],
    ]
    np.testing.assert_allclose(hac_covariance(design, residuals, 4), expected, rtol=2e-7)


@pytest.mark.parametrize("lags", [0, 4, 59])
def test_newey_west_is_that_of_statsmodels(lags: int) -> None:
    x, y = simulated(2)
    design = sm.add_constant(x)
    fitted = sm.OLS(y, design).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False})
    np.testing.assert_allclose(hac_covariance(design, fitted.resid, lags), fitted.cov_params(), rtol=1e-9)


def test_a_flat_kernel_sums_all_autocovariances() -> None:
    rng = np.random.default_rng(1)
    design, residuals = np.ones((60, 1)), rng.standard_normal(60)
    lags = [sum(residuals[k:] * residuals[: 60 - k]) for k in range(4)]
    expected = (lags[0] + 2 * sum(lags[1:])) / 60**2
    assert hac_covariance(design, residuals, 3, "flat")[0, 0] == pytest.approx(expected)


def test_wald_is_that_of_statsmodels_with_white_errors() -> None:
    x, y = simulated(3)
    rng = np.random.default_rng(3)
    base, extra = sm.add_constant(x), rng.standard_normal((len(y), 3))
    fitted = sm.OLS(y, np.hstack([base, extra])).fit(cov_type="HC0")
    theirs = fitted.wald_test(np.eye(5)[2:], use_f=False, scalar=True)
    assert float(wald(y, base, extra)) == pytest.approx(float(theirs.statistic), rel=1e-9)
    many = wald(np.stack([y, 2 * y, -y]), base, extra)
    np.testing.assert_allclose(many, float(theirs.statistic), rtol=1e-9)


def test_a_lag_among_the_tested_is_found_and_one_given_is_not() -> None:
    x, y = simulated(4, n=2_000)
    found = granger(nulls.levels(x, nulls.plant_lag(x, y, 5, 0.12)), names=("silver", "Bitcoin"))
    assert found.p <= 0.01
    assert "help to predict Bitcoin" in found.sentence
    assert "not" not in found.sentence
    given = granger(nulls.levels(x, nulls.plant_lag(x, y, 2, 0.12)), names=("silver", "Bitcoin"))
    assert given.p > 0.05
    assert "do not help" in given.sentence


def test_size_under_common_volatility_where_plain_f_fails() -> None:
    """100 pairs of N2: the robust p within the exact 99.9% band of 5%, the plain F above it
    (docs/methods.md#granger)."""
    x, y = nulls.simulate("N2", 100, 21, n=1_500)
    found = [granger(nulls.levels(x[i], y[i]), draws=99, seed=i) for i in range(100)]
    low, high = stats.binom.interval(0.999, 100, 0.05)
    assert low <= sum(one.p <= 0.05 for one in found) <= high
    assert sum(one.plain.p <= 0.05 for one in found) > high


def test_the_same_input_gives_the_same_bits() -> None:
    levels = nulls.levels(*simulated(6))
    assert granger(levels) == granger(levels)
    assert granger(levels).n == 693


@pytest.mark.parametrize(
    ("error", "levels"),
    [
        (NotEnoughData, nulls.levels(*simulated(6, n=100))),
        (SameSeries, nulls.levels(simulated(6)[0], simulated(6)[0])),
    ],
)
def test_bad_input_is_a_sentence(error: type[MeasureError], levels: pd.DataFrame) -> None:
    with pytest.raises(error, match=r"\.$"):
        granger(levels)
