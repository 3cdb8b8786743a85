from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analytics.errors import NotEnoughData
from analytics.published import thresholds
from analytics.stats.pairs import pair
from analytics.topics.regime.measures.stress_beta import (
    BURN_IN,
    DELTA,
    QUANTILES,
    STATED,
    StressBeta,
    lagged_state,
    stress_beta,
    tail_marks,
)
from bench.demo_recovery_stress import recoveries
from bench.nulls import levels
from bench.planted_regime import EARLIER, unrelated_to_equities, vix_paths

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"


def world(beta=0.0, extra=0.0, seed=4, n=None):
    x, y = (series[0, :n] for series in unrelated_to_equities("N2", 1, seed))
    return x, y + beta * x + extra * np.where(x < np.quantile(x, 0.05), x, 0.0)


def ask(x, y, **choices) -> StressBeta:
    return stress_beta(levels(x, y), **{"draws": 499, **choices})


def test_the_claims_own_threshold():
    claim = thresholds.get(24)
    assert (claim.delta, claim.direction, claim.alpha) == (DELTA, "greater", 0.05)


def test_marks_use_the_days_before_only():
    x, _ = world()
    marks, now = tail_marks(x)
    for i in (BURN_IN, BURN_IN + 7, 900, len(x) - 1):
        bars = [np.quantile(x[:i], q) for q in QUANTILES]
        assert marks[i - BURN_IN].tolist() == [float(x[i] < bar) for bar in bars]
    assert list(now.values()) == pytest.approx([100 * np.quantile(x, q) for q in QUANTILES])
    changed = x.copy()
    changed[1_500:] = -1.0  # a crash later moves no earlier mark
    assert (tail_marks(changed)[0][: 1_500 - BURN_IN] == marks[: 1_500 - BURN_IN]).all()


def test_betas_are_the_regression_of_baur_and_mcdermott():
    x, y = world(0.7, 0.5)
    found = ask(x, y)
    marks, _ = tail_marks(x)
    design = np.column_stack([np.ones(len(marks)), x[BURN_IN:], x[BURN_IN:, None] * marks])
    c = np.linalg.lstsq(design, y[BURN_IN:], rcond=None)[0]
    assert [beta.beta for beta in found.regimes] == pytest.approx(np.cumsum(c[1:]))
    assert found.inference.estimate == pytest.approx(c[1] + c[2] + c[3])
    assert found.regimes[STATED].interval == pytest.approx(found.inference.interval)
    assert found.shift.estimate == pytest.approx(c[2] + c[3])
    assert sum(beta.days for beta in found.regimes) == found.inference.n == len(x) - BURN_IN
    plain = sm.OLS(y[BURN_IN:], design).fit()
    sums = ([0, 0, 1, 0, 0], [0, 0, 1, 1, 0], [0, 0, 1, 1, 1])
    assert found.naive_shift == pytest.approx(max(abs(plain.t_test(row).tvalue.item()) for row in sums))


def test_a_planted_risk_asset_is_supported_and_a_hedge_contradicts():
    x, y = world(1.4)
    risk = ask(x, y)
    assert risk.verdict == "supported"
    assert risk.inference.interval[0] < 1.4 < risk.inference.interval[1]
    assert "it trades as a risk asset" in risk.sentence
    x, y = world(-2.0)
    hedge = ask(x, y)
    assert hedge.verdict == "contradicted"
    assert hedge.hedge.verdict == "supported"
    assert "moves against equities" in hedge.sentence
    x, y = world(0.0)
    nothing = ask(x, y)
    assert nothing.verdict in ("undecided", "not supported")
    assert nothing.hedge.verdict != "supported"


def test_a_beta_that_only_rises_in_stress_is_a_shift():
    x, y = world(0.5, 4.0)
    assert ask(x, y).shift.verdict == "supported"
    x, y = world(1.0)
    assert ask(x, y).shift.verdict != "supported"


def test_plain_errors_take_volatility_for_a_shift():
    """Common volatility and one beta: the usual t alarms several times too often, the wild one does not."""
    found = [
        ask(x, y, draws=99, seed=i)
        for i, (x, y) in enumerate(zip(*unrelated_to_equities("N2", 60, 9), strict=True))
    ]
    assert np.mean([one.naive_shift > 1.96 for one in found]) > 0.15
    assert sum(one.shift.p <= 0.05 for one in found) <= 10  # P(more | 5%) = 0.0002
    assert sum(one.inference.p <= 0.05 for one in found) <= 10
    assert sum(one.hedge.p <= 0.05 for one in found) <= 10


def test_beta_by_the_vix_of_the_day_before():
    held = []
    pairs = zip(*unrelated_to_equities("N2", 20, 4), vix_paths(20, 5), strict=True)
    for i, (x, own, vix) in enumerate(pairs):
        before = vix.to_numpy()[EARLIER : EARLIER + len(x)]
        y = own + 0.6 * x + 1.5 * np.where(before >= 25, x, 0.0)
        found = lagged_state(pair(levels(x, y), ("a", "b"), 100), vix, draws=99, seed=i)
        assert found.stress.days == (before >= 25).sum()
        assert found.calm.days + found.stress.days == len(x)
        assert found.extra.estimate == pytest.approx(found.stress.beta - found.calm.beta)
        held.append([low <= truth <= high for truth, (low, high) in (
            (0.6, found.calm.interval), (2.1, found.stress.interval), (1.5, found.extra.interval)
        )])  # fmt: skip
    assert (np.sum(held, axis=0) >= 15).all()  # P(fewer of 20 | 95%) = 0.0003
    assert ask(x, y, vix=vix).lagged.extra.verdict == "supported"


def test_the_demos_stress_beta_is_recovered():
    calm, extra, whole = recoveries(range(6), draws=199)
    assert (calm.planted, extra.planted, whole.planted) == pytest.approx((0.6, 0.8, 1.4))
    assert extra.held >= 5
    assert whole.held >= 5
    assert calm.held >= 5


def test_the_same_seed_gives_the_same_finding_and_units_do_not_matter():
    x, y = world(0.1)
    first, again, other = ask(x, y).inference, ask(x, y).inference, ask(x, y, seed=7).inference
    assert first == again
    assert first.estimate == other.estimate
    assert first.p != other.p
    scaled = stress_beta(levels(x, y) * [3.0, 0.2], draws=499).inference
    assert scaled.estimate == pytest.approx(first.estimate)
    assert scaled.p == first.p


def test_what_cannot_be_tested_is_refused():
    x, y = world()
    with pytest.raises(NotEnoughData, match="999 observations and needs 1,000"):
        ask(x[:999], y[:999])
    calm = x.copy()
    calm[:250] *= 30  # a first year so wild that nothing later is extreme
    with pytest.raises(NotEnoughData, match="worst"):
        ask(calm, y)
    vix = vix_paths(1, 5)[0]
    with pytest.raises(NotEnoughData, match="at or above 25"):
        ask(x, y, vix=vix.clip(upper=20.0))


@pytest.mark.market
def test_recorded_bitcoin_is_a_risk_asset_in_stress():
    columns = {}
    for column, symbol in (("lead", "^GSPC"), ("follow", "BTC-USD"), ("vix", "^VIX")):
        path = MARKET / f"{symbol}.csv"
        if not path.exists():
            pytest.skip("the recorded market data are not beside the checkout")
        columns[column] = pd.read_csv(path, parse_dates=["date"], index_col="date")["close"]
    vix = columns.pop("vix")
    found = stress_beta(pd.concat(columns, axis=1, join="inner"), vix, draws=999)
    assert found.verdict == "supported"
    assert found.lagged is not None
    assert found.lagged.missing == 0
