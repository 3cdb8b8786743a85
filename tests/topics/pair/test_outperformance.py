from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from arch.bootstrap import optimal_block_length
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import NotEnoughData, NotPositive, NoVariation, SameSeries
from analytics.stats.naive import hac_covariance
from analytics.stats.resampling import stationary_indices
from analytics.topics.pair.measures.best_of_many import best_of_many
from analytics.topics.pair.measures.outperformance import (
    BLOCK,
    LAGS,
    long_run_error,
    mean_difference,
    outperformance,
)
from bench.nulls import levels, simulate

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"
NAMES = ("silver", "gold")


def metals(seed=1, days=400, ahead=0.0):
    """Two metals with a same-day correlation of about .7; the first is ``ahead`` [pp a month]."""
    gold, own = np.random.default_rng(seed).normal(0, 0.01, (2, days))
    return levels(gold + own + ahead / 2100, gold)


def ask(table, **options):
    return outperformance(table, table.index[-1].date(), **{"draws": 499, "names": NAMES, **options})


def swapped(table):
    return table.rename(columns={"lead": "follow", "follow": "lead"})


def test_the_effect_is_the_plain_one():
    table = metals()
    returns = np.log(table).diff().iloc[-126:]
    found = ask(table)
    gap = (returns["lead"] - returns["follow"]).mean()
    assert found.inference.estimate == pytest.approx(100 * 21 * gap)
    assert found.total == pytest.approx(100 * 126 * gap)
    ratios = returns.mean() / returns.std(ddof=0) * np.sqrt(252)
    assert found.sharpe == pytest.approx(ratios["lead"] - ratios["follow"])
    assert (found.first, found.last) == (returns.index[0].date(), returns.index[-1].date())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_swapping_the_assets_flips_the_sign(seed):
    table = metals(seed)
    found, mirror = ask(table), ask(swapped(table))
    assert mirror.inference.estimate == pytest.approx(-found.inference.estimate)
    assert mirror.inference.statistic == pytest.approx(-found.inference.statistic)
    assert mirror.inference.p == found.inference.p_opposite
    assert mirror.inference.interval == pytest.approx(
        (-found.inference.interval[1], -found.inference.interval[0])
    )
    assert mirror.sharpe == pytest.approx(-found.sharpe)


@settings(max_examples=10, deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_do_not_matter(lead, follow):
    found, other = ask(metals()), ask(metals() * [lead, follow])
    assert other.inference.statistic == pytest.approx(found.inference.statistic)
    assert other.inference.p == found.inference.p


def test_the_long_run_error_is_newey_wests():
    x = np.random.default_rng(2).normal(0, 1, 200)
    design = np.ones((200, 1))
    theirs = hac_covariance(design, x - x.mean(), LAGS)[0, 0]
    assert long_run_error(x) == pytest.approx(np.sqrt(theirs))


def test_planted_leads_are_found_in_both_directions():
    strong = metals(ahead=25)
    assert ask(strong).verdict == "supported"
    assert "Silver beat gold by" in ask(strong).sentence
    assert ask(swapped(strong)).verdict == "contradicted"
    assert "Gold beat silver by" in ask(swapped(strong), names=("silver", "gold")).sentence


def test_what_could_have_been_seen():
    found = ask(metals(3))
    assert found.inference.mde > found.inference.delta > found.inference.far
    assert (
        found.verdict == "not supported"
    )  # whatever the test would have seen beforehand: the interval excludes it
    assert "ruled out" in found.sentence
    assert ask(metals(3), delta=0.9 * found.inference.far).verdict == "undecided"


def test_nothing_after_the_end_is_used():
    table = metals(days=400)
    end = table.index[300].date()
    found = outperformance(table, end, draws=99)
    cut = outperformance(table.loc[: pd.Timestamp(end)], end, draws=99)
    assert dataclasses.asdict(found.inference) == dataclasses.asdict(cut.inference)
    assert found.last == end


def test_bad_input():
    table = metals()
    with pytest.raises(NotEnoughData):
        ask(metals(days=30))
    with pytest.raises(NoVariation):
        ask(table.assign(follow=5.0))
    with pytest.raises(SameSeries):
        ask(table.assign(follow=2 * table["lead"]))


def test_few_false_alarms():
    """100 windows of equal means under common volatility, both tails: within the exact 99.9% band of a 5% test."""
    alarms = {"supported": 0, "contradicted": 0}
    x, y = simulate("N2", 100, 13, n=126)
    for i in range(100):
        gold, own = y[i] - 0.002, x[i] - 0.0005
        verdict = ask(levels(0.4 * gold + own, 0.3 * gold), draws=199, seed=i).verdict
        if verdict in alarms:
            alarms[verdict] += 1
    assert max(alarms.values()) <= 14  # P(more | 5%) = 0.0002


def universe(seed=1, best=0.0, size=8):
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 0.01, 200)
    returns = {f"s{i}": shared + rng.normal(0, 0.01, 200) for i in range(size)}
    returns["s0"] = returns["s0"] + best / 2100
    returns["gold"] = shared
    table = pd.DataFrame(returns, index=pd.bdate_range("2025-01-01", periods=200))
    return 50 * np.exp(table.cumsum())


def test_the_best_of_many():
    table = universe(best=30)
    found = best_of_many(table, "gold", table.index[-1].date(), draws=199)
    assert found.best == "s0"
    assert found.superior == ("s0",)
    assert found.p <= 0.05
    assert found.p_lower <= found.p <= found.p_upper
    assert (found.tried, found.n) == (8, 126)
    assert "Of 8 assets s0 did best against gold" in found.sentence
    assert "more than the best of 8 owes to chance" in found.sentence
    chance = best_of_many(universe(4), "gold", table.index[-1].date(), draws=199)
    assert chance.p > 0.05
    assert chance.superior == ()
    assert chance.p_alone < chance.p  # picked from eight and tested alone it looks better than it is
    assert "no more than the best of 8 can owe to chance" in chance.sentence
    behind = best_of_many(universe(best=-30, size=1), "gold", table.index[-1].date(), draws=199)
    assert behind.ahead < 0
    assert behind.sentence.startswith("None of 1 assets beat gold")
    again = best_of_many(universe(4), "gold", table.index[-1].date(), draws=199)
    assert again == chance


def test_the_best_of_many_needs_others_and_days():
    table = universe()
    with pytest.raises(NotEnoughData):
        best_of_many(table[["gold"]], "gold", table.index[-1].date())
    with pytest.raises(NotEnoughData):
        best_of_many(table.iloc[:50], "gold", table.index[-1].date())
    with pytest.raises(NotPositive, match="s1"):
        best_of_many(table.assign(s1=table["s1"] - 60), "gold", table.index[-1].date())
    with pytest.raises(NoVariation, match="s1"):
        best_of_many(table.assign(s1=5.0), "gold", table.index[-1].date())


def test_archs_block_lengths():
    """docs/methods.md#numbers-of-others. Source: arch, tests/bootstrap/test_block_length.py: an AR(1) of .3 from RandomState(0)."""
    e = np.random.RandomState(0).standard_normal(10_100)
    for i in range(1, len(e)):
        e[i] += 0.3 * e[i - 1]
    found = optimal_block_length(pd.Series(e[100:], name="x")).loc["x"]
    assert found["stationary"] == pytest.approx(13.635665, rel=1e-4)
    assert found["circular"] == pytest.approx(15.60894, rel=1e-4)


@pytest.mark.market
def test_silver_against_gold_in_the_half_year_before_the_article():
    """Claim 3's window: 126 returns that end on 23 January 2026; daily differences need no longer blocks than ours."""
    columns = {}
    for column, symbol in (("lead", "SI=F"), ("follow", "GC=F")):
        path = MARKET / f"{symbol}.csv"
        if not path.exists():
            pytest.skip("the recorded market data are not beside the checkout")
        columns[column] = pd.read_csv(path, parse_dates=["date"], index_col="date")["close"]
    table = pd.concat(columns, axis=1, join="inner")
    found = outperformance(table, dt.date(2026, 1, 23), names=NAMES)
    assert found.inference.n == 126
    assert found.inference.estimate == pytest.approx(9.35, abs=0.05)
    assert (found.verdict == "supported") == (found.inference.p <= 0.05)
    gap = np.log(table).diff().iloc[1:].loc[:"2026-01-23"].iloc[-126:].pipe(lambda r: r["lead"] - r["follow"])
    assert optimal_block_length(gap)["stationary"].iloc[0] < 2 * BLOCK


def test_days_that_offset_each_other_are_worth_no_more_than_themselves() -> None:
    moves = np.tile([0.02, -0.02], 100) + np.random.default_rng(3).normal(0, 0.004, 200)
    indices = stationary_indices(np.random.default_rng(4), 200, 3, 99)
    assert mean_difference(moves, indices, 2.0).effective_n == 200
