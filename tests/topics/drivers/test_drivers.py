from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import BadChoice, MeasureError, NotEnoughData
from analytics.published import thresholds
from analytics.stats.regression.wild_newey_west import LAGS, long_run, wild_t
from analytics.stats.resampling import generator, packed_signs, unpack
from analytics.topics.drivers.measures.drivers import FIVE_YEARS, design_of, drivers, outcome_of
from analytics.topics.drivers.measures.moves import USUAL, moves
from bench.planted_drivers import PLANTED, driver_worlds
from tests.topics.drivers.driver_samples import BETAS, recorded, simulated


def ask(table, driver="real_yield_10y", **options):
    return drivers(table, driver, **{"draws": 199, **options})


def claim_14(table, **options):
    return ask(table, "dollar_index", basket=True, delta=0.25, **options)


def test_planted_betas_are_found_with_their_units():
    found = ask(simulated(n=1_250))
    for row in found.coefficients:
        assert row.estimate == pytest.approx(BETAS[row.key], abs=4 * row.error)
        assert row.interval[0] < row.estimate < row.interval[1]
    assert [row.key for row in found.coefficients] == list(USUAL)
    assert [row.step for row in found.coefficients] == ["10 bp", "1%", "10 bp", "1%"]
    assert found.verdict == "supported"
    assert found.inference.unit == "% per 10 bp"
    assert found.inference.estimate == found.coefficients[0].estimate
    assert found.sentence.startswith("Over 1,250 trading days to ")
    assert found.sentence.endswith("the other drivers held still: supported.")
    assert 0.1 < found.explained < 0.9


def test_errors_and_estimates_are_those_of_statsmodels():
    table = simulated(n=400)
    found, made = ask(table), moves(table, ("silver",), need=100)
    theirs = sm.OLS(outcome_of(made), design_of(made)).fit(
        cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": False}
    )
    plain = sm.OLS(outcome_of(made), design_of(made)).fit()
    for i, row in enumerate(found.coefficients):
        assert row.estimate == pytest.approx(theirs.params[1 + i], rel=1e-10)
        assert row.error == pytest.approx(theirs.bse[1 + i], rel=1e-10)
    assert found.explained == pytest.approx(plain.rsquared, rel=1e-10)
    assert found.naive.t_plain == pytest.approx(plain.tvalues[1], rel=1e-10)
    alone = sm.OLS(outcome_of(made), design_of(made)[:, :2]).fit()
    assert found.naive.t_alone == pytest.approx(alone.tvalues[1], rel=1e-10)


def test_draws_are_those_of_the_definition():
    """Every draw: the null fit's residuals with signs, fitted again, t with its own Newey-West error."""
    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(80), rng.standard_normal((80, 2))])
    y = design @ [0.1, 0.5, -0.2] + rng.standard_t(4, 80)
    found = wild_t(y, design, 2, 9, generator("test", 1), null_value=-0.3)
    null_fit = sm.OLS(y + 0.3 * design[:, 2], design[:, :2]).fit()
    signs = unpack(packed_signs(generator("test", 1), 9, 80), 80)
    for w, t in zip(signs, found.drawn, strict=True):
        again = sm.OLS(w * null_fit.resid, design).fit(
            cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": False}
        )
        assert t == pytest.approx(again.tvalues[2], rel=1e-9)
    whole = sm.OLS(y, design).fit(cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": False})
    assert found.estimate == pytest.approx(whole.params[2], rel=1e-10)
    assert found.error == pytest.approx(whole.bse[2], rel=1e-10)
    assert found.t == pytest.approx((whole.params[2] + 0.3) / whole.bse[2], rel=1e-9)


def test_long_run_variance_by_hand():
    assert long_run(np.array([[1.0, 2.0, -1.0]]), 1)[0] == pytest.approx(6 + 2 * 0.5 * (2 - 2))
    assert long_run(np.array([[1.0, 2.0, 3.0]]), 2)[0] == pytest.approx(14 + 2 * (2 / 3 * 8 + 1 / 3 * 3))


def test_in_the_basket_the_dollar_s_coefficient_is_one_higher_and_the_others_stay():
    table = simulated()
    plain, basket = ask(table, "dollar_index"), claim_14(table)
    for quoted, priced in zip(plain.coefficients, basket.coefficients, strict=True):
        shift = 1.0 if quoted.key == "dollar_index" else 0.0
        assert priced.estimate == pytest.approx(quoted.estimate + shift, abs=1e-10)
        assert priced.error == pytest.approx(quoted.error, rel=1e-9)
    assert basket.verdict == "supported"
    assert "priced in the currencies that the dollar is against" in basket.sentence


def test_a_change_of_the_unit_of_account_alone_is_not_more_than_that():
    found = claim_14(simulated(betas={"dollar_index": -1.0}))
    assert found.verdict in ("not supported", "undecided")
    assert found.naive.t_alone < -5  # a reader of the pair alone would have been sure
    assert claim_14(simulated(betas={"dollar_index": 0.0})).verdict == "contradicted"


def test_directions_mirror():
    down, up = ask(simulated(betas={"real_yield_10y": -1.0})), ask(simulated(betas={"real_yield_10y": 1.0}))
    assert (down.verdict, up.verdict) == ("supported", "contradicted")
    assert up.inference.p_opposite < 0.05 < up.inference.p


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(-3, 3))
def test_units_of_levels_do_not_matter(metal, dollar, lift):
    table = simulated(n=300)
    moved = table.assign(
        silver=metal * table["silver"],
        dollar_index=dollar * table["dollar_index"],
        real_yield_10y=table["real_yield_10y"] + lift,
    )
    base, other = ask(table, draws=19), ask(moved, draws=19)
    assert other.inference.estimate == pytest.approx(base.inference.estimate, rel=1e-6)
    assert other.inference.p == base.inference.p


def test_only_the_last_five_years_answer_and_the_span_is_told():
    table = simulated(n=1_800, betas={"real_yield_10y": 2.0}, after={"real_yield_10y": -2.0})
    assert ask(table).n == FIVE_YEARS
    assert ask(table, days=900).verdict == "supported"
    short = ask(table.iloc[-400:])
    assert (short.n, short.asked) == (399, FIVE_YEARS)
    assert "all that the series share" in short.sentence
    assert "1,250 were asked for" in short.sentence


def test_friday_weeks_stand_beside_and_decide_nothing():
    found = ask(simulated(n=1_250))
    assert found.n_weeks == pytest.approx(250, abs=2)
    assert found.weeks is not None
    assert found.weeks.estimate == pytest.approx(-1.0, abs=4 * found.weeks.error)
    assert ask(simulated(n=260)).weeks is None  # 52 weeks are too few


def test_what_could_have_been_seen():
    found = ask(simulated(n=300, noise=6.0, betas={"real_yield_10y": 0.0}))
    assert found.inference.far > 0.5
    assert found.verdict == "undecided"
    assert "both possible" in found.sentence
    assert (
        ask(simulated(n=300, noise=6.0, betas={"real_yield_10y": 0.0}), delta=9.0).verdict == "not supported"
    )


def test_the_same_question_has_the_same_answer():
    table = simulated()
    assert dataclasses.asdict(ask(table).inference) == dataclasses.asdict(ask(table).inference)
    assert ask(table, seed=8).inference.interval != ask(table).inference.interval


def test_thresholds_are_the_defaults():
    assert thresholds.get(13).delta == 0.5
    assert (
        thresholds.get(13).direction == thresholds.get(14).direction == ask(simulated()).inference.direction
    )
    assert ask(simulated()).inference.delta == thresholds.get(13).delta


def test_bad_input():
    with pytest.raises(NotEnoughData, match="249 observations and needs 250"):
        ask(simulated(n=249))
    with pytest.raises(MeasureError):
        ask(simulated().drop(columns="sp500"))
    with pytest.raises(BadChoice, match="driver"):
        ask(simulated(), "dollar_broad")
    with pytest.raises(BadChoice, match="dollar_index"):
        ask(simulated(), "sp500", basket=True)


def test_intervals_cover_the_planted_beta():
    held = [
        row.interval[0] < BETAS[row.key] < row.interval[1]
        for seed in range(60)
        for row in ask(simulated(seed, n=300)).coefficients
    ]
    assert 0.91 < np.mean(held) < 0.985


def test_few_false_alarms_where_only_the_others_are_planted():
    """100 worlds under common volatility: within the exact 99.9% band of a 5% test in both directions."""
    betas = {**PLANTED, "real_yield_10y": 0.0}
    found = [ask(world, seed=i).verdict for i, world in enumerate(driver_worlds("N2", 100, 17, betas, n=500))]
    assert found.count("supported") <= 14  # P(more | 5%) = 0.0002
    assert found.count("contradicted") <= 14


@pytest.mark.market
def test_on_recorded_prices_it_says_how_much_they_share():
    table = recorded("silver", *USUAL)
    found = ask(table, draws=999)
    assert found.n == FIVE_YEARS  # the record's dollar index is longer now
    assert found.coefficients[1].estimate == pytest.approx(-1.56, abs=0.01)
    assert found.verdict == "supported"
    broad = recorded("silver", "real_yield_10y", "dollar_broad", "breakeven_10y", "sp500")
    keys = ("real_yield_10y", "dollar_broad", "breakeven_10y", "sp500")
    beside = ask(broad, "dollar_broad", keys=keys, basket=True, delta=0.25)
    assert beside.n == FIVE_YEARS
    assert beside.inference.estimate == pytest.approx(-1.82, abs=0.01)
