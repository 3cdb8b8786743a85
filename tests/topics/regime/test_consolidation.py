from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.published import thresholds
from analytics.topics.regime.measures.consolidation import BLOCK, DELTA, consolidation, high_vix
from bench import honesty_regime
from bench.honesty_regime import _narrowed
from bench.nulls import simulate
from bench.planted_regime import EARLIER, prices, vix_paths

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"


def world(narrower=0.0, seed=3):
    _, y = simulate("N1", 1, seed)
    vix = vix_paths(1, seed)[0]
    moved = _narrowed(y[0], high_vix(vix).to_numpy()[EARLIER:], narrower)
    return prices({"bitcoin": moved})["bitcoin"], vix


def ask(closes, vix, **choices):
    return consolidation(closes, vix, **{"draws": 499, **choices})


def test_the_claims_own_threshold():
    claim = thresholds.get(25)
    assert (claim.delta, claim.direction) == (DELTA, "less")


def test_the_state_is_the_trailing_percentile_of_the_vix():
    vix = vix_paths(1, 8)[0]
    state = high_vix(vix)
    assert state.iloc[:249].isna().all()
    for at in (249, 500, 1_234):
        assert state.iloc[at] == float(vix.iloc[at] > np.quantile(vix.iloc[at - 249 : at + 1], 0.8))


def test_blocks_do_not_overlap_and_know_only_the_day_before():
    closes, vix = world()
    table = ask(closes, vix).blocks
    assert (np.diff([closes.index.get_loc(day) for day in table.index]) == BLOCK).all()
    at = closes.index.get_loc(table.index[7])
    block, before = closes.iloc[at : at + BLOCK], closes.iloc[at - BLOCK : at]
    row = table.iloc[7]
    assert row["range"] == pytest.approx(np.log(block.max() / block.min()))
    assert row["before"] == pytest.approx(np.log(np.log(before.max() / before.min())))
    assert row["last"] == block.index[-1]
    assert row["fall"] == pytest.approx(100 * (block / block.cummax() - 1).min())
    assert row["stress"] == (high_vix(vix)[closes.index[at - 1]] > 0)


def test_a_new_day_moves_no_older_block():
    closes, vix = world()
    whole, cut = ask(closes, vix).blocks, ask(closes.iloc[:-5], vix).blocks
    pd.testing.assert_frame_equal(whole.iloc[: len(cut)], cut)


def test_the_estimate_is_the_regression():
    closes, vix = world(0.4)
    found = ask(closes, vix)
    table = found.blocks
    design = sm.add_constant(np.column_stack([table["stress"].astype(float), table["before"]]))
    fitted = sm.OLS(np.log(table["range"]), design).fit(cov_type="HC3")
    assert found.inference.estimate == pytest.approx(fitted.params.iloc[1])
    half = (found.inference.interval[1] - found.inference.interval[0]) / 2
    assert 1.6 < half / fitted.bse.iloc[1] < 2.4
    assert found.stress_blocks + found.calm_blocks == len(table) == found.inference.n
    stressed = table.loc[table["stress"], "range"]
    assert found.range_stress == pytest.approx(100 * np.expm1(stressed.median()))


def test_narrow_ranges_are_found_and_wide_ones_contradict():
    found = ask(*world(0.5))
    assert found.verdict == "supported"
    assert found.inference.interval[0] < np.log(0.5) < found.inference.interval[1]
    assert "consolidates while risk is cut" in found.sentence
    wide = ask(*world(-1.0))
    assert wide.verdict == "contradicted"
    assert "swings more" in wide.sentence
    nothing = ask(*world())
    assert "both possible" in nothing.sentence
    years = BLOCK * nothing.inference.n / 252 * (nothing.inference.mde / nothing.inference.delta) ** 2
    assert f"about {years:.0f} years" in nothing.sentence  # a block is twenty days, not one


def test_units_do_not_matter():
    closes, vix = world(0.2)
    first, scaled = ask(closes, vix).inference, ask(0.003 * closes, vix).inference
    assert (scaled.p, scaled.p_opposite) == (first.p, first.p_opposite)
    assert scaled.estimate == pytest.approx(first.estimate)


def test_size_beside_an_independent_state():
    alarms = {"p": 0, "p_opposite": 0}
    _, y = simulate("N1", 120, 17)
    for i, vix in enumerate(vix_paths(120, 17)):
        found = ask(prices({"b": y[i]})["b"], vix, draws=99, seed=i).inference
        for key in alarms:
            alarms[key] += getattr(found, key) <= 0.05
    assert max(alarms.values()) <= 15  # P(more of 120 | 5%) = 0.0004


def test_the_honesty_table_calls_this_very_function():
    size = list(honesty_regime.size_rows(50, 49, only="VIX apart"))
    assert [(row.kind, row.n) for row in size] == [("honest", 50), ("honest at 2.5%", 50)]
    power = list(honesty_regime.power_rows(50, 49, only="40% narrower"))
    assert power[0].rate > size[0].rate


def test_what_cannot_be_tested_is_refused():
    closes, vix = world()
    with pytest.raises(NotEnoughData, match="needs 30"):
        ask(closes.iloc[: 30 * BLOCK], vix)
    with pytest.raises(NotEnoughData, match="VIX is known"):
        ask(closes, vix.iloc[:EARLIER])
    with pytest.raises(NotEnoughData, match="begin in stress"):
        ask(closes, pd.Series(np.linspace(90, 10, len(vix)), index=vix.index))
    with pytest.raises(NoVariation, match="Bitcoin from "):
        ask(closes.where(np.arange(len(closes)) // BLOCK != 9, 50.0), vix)
    with pytest.raises(NotPositive, match="Bitcoin is not above zero"):
        ask(closes.where(np.arange(len(closes)) != 9, 0.0), vix)


@pytest.mark.market
def test_recorded_bitcoin():
    columns = {}
    for symbol in ("^VIX", "BTC-USD"):
        path = MARKET / f"{symbol}.csv"
        if not path.exists():
            pytest.skip("the recorded market data are not beside the checkout")
        columns[symbol] = pd.read_csv(path, parse_dates=["date"], index_col="date")["close"].dropna()
    vix = columns["^VIX"]
    closes = columns["BTC-USD"][columns["BTC-USD"].index.isin(vix.index)]
    found = ask(closes, vix)
    assert found.inference.n == len(closes) // BLOCK - 1
    assert found.verdict != "supported"
