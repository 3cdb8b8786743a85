from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData, NotPositive
from analytics.published import thresholds
from analytics.stats.naive import horizon_returns
from analytics.topics.regime.measures.shock_response import (
    BITCOIN_DAYS,
    DELTA,
    METAL_DAYS,
    shock_counts,
    shock_response,
    vix_jumps,
)
from bench.nulls import simulate
from bench.planted_regime import EARLIER, prices, vix_paths, with_response

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"


def world(metals=0.0, bitcoin=0.0, seed=5, kind="N2"):
    x, y = simulate(kind, 1, seed)
    jumps = vix_jumps(vix_paths(1, seed)[0])
    hit = jumps.to_numpy()[EARLIER:]
    gold = with_response(x[0], hit, METAL_DAYS, metals)
    levels = prices(
        {"gold": gold, "silver": 1.5 * gold, "bitcoin": with_response(y[0], hit, BITCOIN_DAYS, bitcoin)}
    )
    return levels, jumps


def ask(levels, jumps, **choices):
    return shock_response(levels, jumps, **{"draws": 499, **choices})


def test_the_claims_own_threshold():
    claim = thresholds.get(9)
    assert (claim.delta, claim.direction) == (DELTA, "greater")
    assert (METAL_DAYS, BITCOIN_DAYS) == ((0, 2), (3, 22))


def test_jumps_stand_out_of_the_changes_before_them():
    vix = vix_paths(1, 8)[0]
    jumps, moved = vix_jumps(vix), np.log(vix).diff()
    assert not jumps.iloc[:251].any()
    for at in (251, 600, 1_500):
        assert jumps.iloc[at] == (moved.iloc[at] > np.quantile(moved.iloc[at - 250 : at], 0.95))
    later = vix.copy()
    later.iloc[1_000:] *= np.exp(np.arange(len(vix) - 1_000) % 2)
    assert vix_jumps(later).iloc[:1_000].equals(jumps.iloc[:1_000])
    with pytest.raises(NotPositive, match="VIX"):
        vix_jumps(vix - 100)


def test_counts_are_the_days_after_each_shock():
    hit = np.zeros(40, bool)
    hit[[5, 6, 39]] = True
    counts = shock_counts(hit, (0, 2))  # return i ends on price day i + 1
    assert np.flatnonzero(counts).tolist() == [4, 5, 6, 7, 38]
    assert counts[[4, 5, 6, 7, 38]].tolist() == [1, 2, 2, 1, 1]
    late = shock_counts(hit, (3, 22))
    assert np.flatnonzero(late).tolist() == list(range(7, 28))
    assert late.sum() == 40


def test_effects_are_mean_excess_returns_in_their_own_deviations():
    levels, jumps = world()
    found = ask(levels, jumps)
    moved = np.log(levels).diff().iloc[1:]
    y = moved[["gold", "silver"]].mean(axis=1).to_numpy()
    at = [levels.index.get_loc(day) for day in found.shocks]
    whole = [s for s in at if s > 0 and s + 1 < len(y)]
    assert len(whole) == len(at)
    made = np.mean([y[s - 1 : s + 2].sum() - 3 * y.mean() for s in whole])
    metals, bitcoin = found.legs
    assert metals.pp == pytest.approx(100 * made)
    assert metals.effect == pytest.approx(made / horizon_returns(y, 3).std())
    z = moved["bitcoin"].to_numpy()
    whole = [s for s in at if s + 22 <= len(z)]
    made = np.mean([z[s + 2 : s + 22].sum() - 20 * z.mean() for s in whole])
    assert bitcoin.pp == pytest.approx(100 * made, abs=1.5 * (len(at) - len(whole)) + 1e-9)


def test_both_must_hold():
    both = ask(*world(0.8, 0.8))
    assert both.verdict == "supported"
    assert "metals rise first, Bitcoin later" in both.sentence
    for metals, bitcoin in ((1.0, 0.0), (0.0, 1.0)):
        one = ask(*world(metals, bitcoin))
        weak = one.legs[0] if bitcoin else one.legs[1]
        assert one.inference.p == weak.p == max(leg.p for leg in one.legs)
        assert one.inference.estimate == weak.effect
        assert one.inference.mde == max(leg.mde for leg in one.legs)
        assert one.verdict in ("undecided", "not supported")


def test_a_fall_contradicts():
    found = ask(*world(-1.0, 0.5))
    assert found.verdict == "contradicted"
    assert found.inference.p_opposite == 2 * found.legs[0].p_opposite
    assert "metals fall" in found.sentence


def test_paths_begin_on_the_day_of_the_shock():
    levels, jumps = world(1.0, 0.0)
    found = ask(levels, jumps)
    gold = np.log(levels["gold"]).diff()
    first = 100 * gold[found.shocks].mean()
    assert found.paths["gold"].mean[0] == pytest.approx(first)
    assert found.paths["bitcoin"].days[-1] == 23
    assert set(found.paths) == {"metals", "gold", "silver", "bitcoin"}


def test_shocks_count_on_the_next_common_day():
    levels, jumps = world()
    day = ask(levels, jumps).shocks[20]
    without = levels.drop(day)
    moved = ask(without, jumps).shocks
    assert day not in moved
    assert levels.index[levels.index.get_loc(day) + 1] in moved


def test_size_at_the_hardest_point_of_the_null():
    alarms = 0
    x, y = simulate("N2", 100, 21)
    for i, vix in enumerate(vix_paths(100, 21)):
        jumps = vix_jumps(vix)
        gold = with_response(x[i], jumps.to_numpy()[EARLIER:], METAL_DAYS, 1.0)
        levels = prices({"gold": gold, "silver": gold, "bitcoin": y[i]})
        alarms += shock_response(levels, jumps, draws=99, seed=i).inference.p <= 0.05
    assert alarms <= 13  # P(more of 100 | 5%) = 0.0005


def test_what_cannot_be_tested_is_refused():
    levels, jumps = world()
    with pytest.raises(NotEnoughData, match="VIX jumps"):
        ask(levels, jumps & (jumps.index < jumps.index[0]))
    with pytest.raises(NotEnoughData, match="needs 500"):
        ask(levels.iloc[:300], jumps)
    with pytest.raises(NotPositive, match="gold"):
        ask(levels.assign(gold=levels["gold"] - 1e6), jumps)


@pytest.mark.market
def test_recorded_shocks():
    columns = {}
    for key, symbol in (("gold", "GC=F"), ("silver", "SI=F"), ("bitcoin", "BTC-USD"), ("vix", "^VIX")):
        path = MARKET / f"{symbol}.csv"
        if not path.exists():
            pytest.skip("the recorded market data are not beside the checkout")
        columns[key] = pd.read_csv(path, parse_dates=["date"], index_col="date")["close"]
    jumps = vix_jumps(columns.pop("vix"))
    found = ask(pd.concat(columns, axis=1, join="inner"), jumps)
    assert 120 < len(found.shocks) < 220
    assert found.verdict != "supported"
