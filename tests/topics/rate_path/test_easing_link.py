from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analytics.errors import NotEnoughData, NoVariation
from analytics.topics.rate_path.measures.easing_link import HAC_LAGS, easing_changes, easing_link
from analytics.topics.rate_path.measures.rate_history import rate_history
from analytics.topics.rate_path.measures.rate_path_days import fixed_calendar
from bench import fedwatch
from tests.topics.rate_path.test_rate_history import MEETINGS, steady

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market"


def world(real=-0.4, dollar=-0.4, n=240, seed=5, volatile=False):
    """Daily changes in which the two legs have given correlations with the cuts priced."""
    rng = np.random.default_rng(seed)
    cuts, own, other = rng.standard_normal((3, n))
    scale = np.exp(0.4 * np.cumsum(rng.standard_normal(n)) / np.sqrt(n)) if volatile else 1.0
    table = {
        "cuts": 0.2 * scale * cuts,
        "real_yield": 0.06 * scale * (real * cuts + np.sqrt(1 - real**2) * own),
        "dollar": 0.4 * scale * (dollar * cuts + np.sqrt(1 - dollar**2) * other),
    }
    return pd.DataFrame(table, index=pd.bdate_range("2022-01-03", periods=n))


def test_two_planted_links_are_found_with_their_sizes():
    found = easing_link(world(n=1_250))
    assert found.inference.verdict == "supported"
    for leg, scale in zip(found.legs, (100 * 0.06 / 0.2, 0.4 / 0.2), strict=True):
        assert leg.correlation == pytest.approx(-0.4, abs=0.06)
        assert leg.slope == pytest.approx(-0.4 * scale, rel=0.2)
        assert leg.interval[0] < leg.correlation < leg.interval[1] < 0
    assert found.inference.mde < 0.2
    assert found.n == found.inference.n == 1_250
    assert found.sentence.startswith("Over 1,250 days to ")
    assert found.sentence.endswith(": supported.")


def test_intervals_cover_the_planted_correlation():
    legs = [leg for seed in range(150) for leg in easing_link(world(seed=seed), draws=199).legs]
    covered = np.mean([leg.interval[0] < -0.4 < leg.interval[1] for leg in legs])
    assert 0.90 < covered < 0.985


def test_both_must_hold():
    found = easing_link(world(real=-0.6, dollar=0.0))
    real, dollar = found.legs
    assert real.p < 0.01
    assert found.inference.p == dollar.p == max(real.p, dollar.p) > 0.05
    assert found.inference.estimate == dollar.correlation
    assert found.inference.interval == dollar.interval
    assert found.inference.mde == max(real.mde, dollar.mde)
    assert found.inference.verdict in ("not supported", "undecided")


def test_one_link_the_other_way_contradicts():
    found = easing_link(world(real=-0.5, dollar=0.5))
    assert found.inference.verdict == "contradicted"
    assert found.inference.p_opposite == 2 * found.legs[1].p_opposite


def test_too_short_a_window_is_undecided_not_unsupported():
    found = easing_link(world(real=0.0, dollar=0.0, n=70, seed=2))
    assert found.inference.far > 0.2
    assert found.inference.verdict == "undecided"
    assert found.rolling.isna().all().all()
    assert all(np.isnan(half) for half in found.band.values())


def test_statistics_against_statsmodels():
    changes = world(n=400, volatile=True)
    found = easing_link(changes)
    x = sm.add_constant(changes["cuts"].to_numpy())
    for leg in found.legs:
        y = changes[leg.name].to_numpy()
        hac = sm.OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": HAC_LAGS, "use_correction": False})
        white = sm.OLS(y, x).fit(cov_type="HC0")
        assert leg.t_hac == pytest.approx(hac.tvalues[1], rel=1e-9)
        assert leg.slope == pytest.approx(hac.params[1] * (100 if leg.name == "real_yield" else 1), rel=1e-9)
        assert leg.correlation == pytest.approx(np.corrcoef(changes["cuts"], y)[0, 1], abs=1e-12)
        half = (leg.interval[1] - leg.interval[0]) / 2 * np.std(y) / np.std(changes["cuts"])
        assert 1.7 < half / white.bse[1] < 2.3  # a wild critical value near 1.96
        a, b = changes["cuts"] - changes["cuts"].mean(), y - y.mean()
        assert leg.t_white == pytest.approx((a * b).sum() / np.sqrt((a**2 * b**2).sum()), rel=1e-9)


def test_units_do_not_matter_and_directions_mirror():
    changes = world()
    base = easing_link(changes)
    scaled = easing_link(changes * [7.0, 0.01, 30.0])
    mirrored = easing_link(changes * [-1.0, 1.0, 1.0])
    for before, after, turned in zip(base.legs, scaled.legs, mirrored.legs, strict=True):
        assert (after.p, after.p_opposite) == (before.p, before.p_opposite)
        assert after.correlation == pytest.approx(before.correlation)
        assert turned.correlation == pytest.approx(-before.correlation)
        assert turned.t_white == pytest.approx(-before.t_white)
    assert mirrored.inference.verdict == "contradicted"


def test_the_same_seed_gives_the_same_finding():
    first, again, other = (easing_link(world(0, 0), seed=seed).inference for seed in (1, 1, 2))
    assert first == again
    assert first.p != other.p


def test_false_alarms_with_one_link_planted_and_the_other_absent():
    """The hardest point of the null, 400 times: 5% nominal, three standard errors allowed."""
    alarms = [
        easing_link(world(real=-0.5, dollar=0.0, seed=seed, volatile=True), draws=199, seed=seed).inference.p
        <= 0.05
        for seed in range(400)
    ]
    assert 0.017 < np.mean(alarms) < 0.083


def test_rolling_correlations_and_their_band():
    found = easing_link(world(n=600))
    changes = world(n=600)
    for name in ("real_yield", "dollar"):
        pandas = changes["cuts"].rolling(250).corr(changes[name])
        assert found.rolling[name].dropna().tolist() == pytest.approx(pandas.dropna().tolist(), abs=1e-9)
        assert 1.96 / np.sqrt(250) < found.band[name] < 0.4


def test_what_cannot_be_tested_is_refused():
    with pytest.raises(NotEnoughData, match="59 observations"):
        easing_link(world(n=59))
    with pytest.raises(NoVariation, match="real yield"):
        easing_link(world().assign(real_yield=0.0))


def test_changes_are_taken_on_shared_days_and_more_easing_is_positive():
    days = pd.bdate_range("2026-02-02", periods=5)
    months = pd.date_range("2026-01-01", periods=14, freq="MS")
    averages = np.full((5, 14), 3.6)
    averages[3:, 3:] = 3.5  # on the fourth day 40% of a cut gets priced for 18 March
    averages[3:, 2] = (18 * 3.6 + 13 * 3.5) / 31
    history = rate_history(
        pd.DataFrame(100 - averages, index=days, columns=months),
        fixed_calendar(MEETINGS),
        steady("2026-01-01", "2026-12-31", 3.5),
    )
    real = pd.Series([1.9, 1.8, np.nan, 1.7, 1.7], index=days)
    dollar = pd.Series([100.0, 101.0, 102.0, 99.0], index=days[[0, 1, 2, 3]])
    found = easing_changes(history, real, dollar)
    assert list(found.index) == list(days[[1, 3]])
    assert found["cuts"].tolist() == pytest.approx([0.0, 0.4])
    assert found["real_yield"].tolist() == pytest.approx([-0.1, -0.1])
    assert found["dollar"].tolist() == pytest.approx([100 * np.log(1.01), 100 * np.log(99 / 101)])
    assert len(easing_changes(history, real, dollar, window=1)) == 1


@pytest.mark.market
def test_on_recorded_prices_it_runs_and_says_since_when():
    if not (MARKET / "zq_contracts.csv").exists():
        pytest.skip("the recorded market data are not beside the checkout")
    recorded = fedwatch.load(MARKET)
    dollar = pd.read_csv(MARKET / "yahoo" / "UUP.csv", index_col="date", parse_dates=True)["close"]
    changes = easing_changes(fedwatch.history_of(recorded), fedwatch.fred(MARKET, "DFII10"), dollar)
    found = easing_link(changes)
    assert found.first >= dt.date(2021, 5, 1)
    assert 900 < found.n <= 1_250
    assert found.legs[0].correlation < 0
