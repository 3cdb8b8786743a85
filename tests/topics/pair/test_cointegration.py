from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.stattools import coint

from analytics.errors import NoOverlap, NotEnoughData, NoVariation, SameSeries
from analytics.topics.pair.measures.cointegration import (
    DELTA,
    LONGEST_HALF_LIFE,
    cointegration,
    engle_granger,
    half_life,
    walk,
)
from bench.nulls import levels, simulate

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market" / "yahoo"


def walks(seed=1, days=1_500):
    rng = np.random.default_rng(seed)
    return levels(rng.normal(0.0003, 0.015, days), rng.normal(0.001, 0.03, days))


def tied(half, seed=1, days=1_500, slope=1.5):
    """A follow that returns to slope x log lead, half of the way in ``half`` days."""
    rng = np.random.default_rng(seed)
    x, shocks = rng.normal(0.0003, 0.015, days), rng.normal(0, 0.02, days)
    gap = np.zeros(days + 1)
    for day in range(days):
        gap[day + 1] = 0.5 ** (1 / half) * gap[day] + shocks[day]
    return levels(x, slope * x + np.diff(gap))


def ask(table, **options):
    return cointegration(table, **{"draws": 199, "names": ("silver", "Bitcoin"), **options})


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["c", "ct"]))
def test_tau_is_that_of_statsmodels(seed, trend):
    table = walks(seed, days=400)
    logs = np.log(table)
    theirs = coint(logs["follow"], logs["lead"], trend=trend, maxlag=0, autolag=None)
    found = ask(table, trend=trend, draws=19)
    assert found.inference.statistic == pytest.approx(theirs[0], rel=1e-8)
    assert found.mackinnon_p == pytest.approx(theirs[1], rel=1e-6)
    assert found.mackinnon_critical == pytest.approx(theirs[2][1], abs=1e-3)


def test_the_gap_is_the_residual_of_least_squares():
    table = walks()
    found = ask(table, draws=19)
    logs = np.log(table)
    slope, constant = np.polyfit(logs["lead"], logs["follow"], 1)
    assert found.slope == pytest.approx(slope)
    assert np.allclose(found.gap, 100 * (logs["follow"] - constant - slope * logs["lead"]))
    assert list(found.gap.index) == list(table.index)


def test_a_planted_tie_is_found_with_its_half_life():
    found = ask(tied(20))
    assert found.verdict == "supported"
    assert found.half_life == pytest.approx(20, rel=0.35)
    assert found.slope == pytest.approx(1.5, abs=0.1)
    assert found.inference.direction == "less"
    assert math.isnan(found.inference.interval[1])  # tau is no t: no interval means anything
    assert found.sentence.startswith("The gap between silver and Bitcoin closes: half of it is gone after")
    assert ask(walks()).verdict != "supported"


def test_a_gap_that_feeds_on_itself_contradicts():
    rng = np.random.default_rng(2)
    x, gap = rng.normal(0, 0.01, 600), 0.0005 * 1.015 ** np.arange(601)
    found = ask(levels(x, x + np.diff(gap) + rng.normal(0, 0.002, 600)))
    assert found.verdict == "contradicted"
    assert math.isnan(found.half_life)
    assert math.isnan(found.inference.effective_n)
    assert "feeds on itself" in found.sentence


@settings(max_examples=10, deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_do_not_matter(lead, follow):
    table = walks(days=400)
    found, other = ask(table, draws=19), ask(table * [lead, follow], draws=19)
    assert other.inference.statistic == pytest.approx(found.inference.statistic, rel=1e-6)
    assert other.inference.p == found.inference.p


def test_the_direction_is_the_declared_one():
    table = walks()
    swapped = table.rename(columns={"lead": "follow", "follow": "lead"})
    assert ask(swapped).inference.statistic != pytest.approx(ask(table).inference.statistic, rel=1e-3)


def test_the_same_question_has_the_same_answer_to_the_last_bit():
    first, second = ask(walks()), ask(walks())
    assert dataclasses.asdict(first.inference) == dataclasses.asdict(second.inference)
    assert ask(walks(), seed=8).critical != first.critical


def test_many_pairs_at_once_are_each_alone():
    rng = np.random.default_rng(3)
    lead, follow = walk(rng.normal(0, 1, (300, 5))), walk(rng.normal(0, 1, (300, 5)))
    together = engle_granger(lead, follow, "c").tau
    alone = [engle_granger(lead[:, [i]], follow[:, [i]], "c").tau[0] for i in range(5)]
    assert together == pytest.approx(alone, rel=1e-9)


def test_half_lives():
    assert half_life(-0.5) == pytest.approx(1)
    assert half_life(-DELTA) == pytest.approx(LONGEST_HALF_LIFE)
    assert [math.isnan(half_life(alpha)) for alpha in (0.0, 0.1, -1.0, -1.5)] == [True] * 4


def test_what_could_have_been_seen():
    found = ask(walks())
    error = found.inference.estimate / found.inference.statistic
    assert found.inference.mde == pytest.approx((-found.critical + 0.8416) * error, rel=1e-4)
    assert found.detectable_half_life == pytest.approx(half_life(-found.inference.mde))
    assert found.verdict == "undecided"
    assert f"more than {found.detectable_half_life:.0f} trading days to halve" in found.sentence
    # A coefficient of -1 to 0 with a statistic that is no t: no interval, so nothing is ever ruled out.
    assert ask(walks(), delta=2 * found.inference.mde).verdict == "undecided"


def test_bad_input():
    table = walks()
    early, late = table["lead"].where(table.index.year < 2016), table["follow"].where(table.index.year > 2018)
    with pytest.raises(NotEnoughData):
        ask(walks(days=30))
    with pytest.raises(SameSeries):
        ask(table.assign(follow=3 * table["lead"]))
    with pytest.raises(NoVariation):
        ask(table.assign(lead=20.0))
    with pytest.raises(NoOverlap):
        ask(pd.concat({"lead": early, "follow": late}, axis=1))


def test_few_false_alarms():
    """100 unrelated pairs under common volatility, both tails: within the exact 99.9% band of a 5% test."""
    alarms = {"supported": 0, "contradicted": 0}
    for i, (x, y) in enumerate(zip(*simulate("N2", 100, 11, n=1_000), strict=True)):
        verdict = ask(levels(x, y), draws=99, seed=i).verdict
        if verdict in alarms:
            alarms[verdict] += 1
    assert max(alarms.values()) <= 14  # P(more | 5%) = 0.0002


@pytest.mark.market
def test_silver_and_bitcoin_are_not_tied():
    columns = {}
    for column, symbol in (("lead", "SI=F"), ("follow", "BTC-USD")):
        path = MARKET / f"{symbol}.csv"
        if not path.exists():
            pytest.skip("the recorded market data are not beside the checkout")
        columns[column] = pd.read_csv(path, parse_dates=["date"], index_col="date")["close"]
    found = ask(pd.concat(columns, axis=1, join="inner"), draws=999)
    assert found.inference.statistic == pytest.approx(-1.74, abs=0.02)
    assert found.verdict == "undecided"
