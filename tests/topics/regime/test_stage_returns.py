from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.published import thresholds
from analytics.topics.regime.measures.stage_returns import DELTA, shift_days, stage_returns
from bench.honesty_regime import ask_stage
from bench.nulls import simulate
from bench.planted_regime import prices


def world(gain=0.0, n=1_200, seed=2):
    """Bitcoin with stages in spells of 40 days; debasement days gain so many pp over 60 days more."""
    _, y = simulate("N1", 1, seed, n=n)
    rng = np.random.default_rng(seed)
    words = rng.choice(["panic", "debasement", "neither"], n // 40 + 1)
    stage = np.repeat(words, 40)[:n]
    closes = prices({"b": y[0] + np.where(stage == "debasement", gain / 6_000, 0.0)})["b"]
    return closes, pd.Series(stage, index=closes.index[1:])


def ask(closes, stages, **choices):
    return stage_returns(closes, stages, **{"draws": 499, **choices})


def test_the_claims_own_threshold():
    claim = thresholds.get(26)
    assert (claim.delta, claim.direction, claim.unit) == (DELTA, "greater", "pp over 60 trading days")


def test_the_effect_is_the_difference_of_the_means():
    closes, stages = world()
    found = ask(closes, stages)
    y = 6_000 * np.log(closes).diff().iloc[1:]
    panic, debasement, neither = (y[stages == row.stage] for row in found.rows)
    assert found.inference.estimate == pytest.approx(debasement.mean() - panic.mean())
    assert [row.mean for row in found.rows] == pytest.approx(
        [panic.mean(), debasement.mean(), neither.mean()]
    )
    assert [row.days for row in found.rows] == [len(panic), len(debasement), len(neither)]
    assert found.all_days == pytest.approx(y.mean())
    welch = np.sqrt(panic.var() / len(panic) + debasement.var() / len(debasement))
    assert (found.inference.interval[1] - found.inference.interval[0]) / 2 == pytest.approx(
        1.96 * welch, rel=0.12
    )
    for row in found.rows:
        assert row.interval[0] < row.mean < row.interval[1]
        assert 0 < row.effective_n <= row.days / 40 + row.spells


def test_planted_gains_are_found_and_losses_contradict():
    assert ask(*world(120.0)).verdict == "supported"
    contradicted = ask(*world(-120.0))
    assert contradicted.verdict == "contradicted"
    assert "did worse in debasement" in contradicted.sentence
    nothing = ask(*world())
    assert nothing.verdict == "undecided"
    assert nothing.inference.mde > 5
    assert nothing.inference.effective_n == min(row.effective_n for row in nothing.rows[:2])


def test_shifts_are_first_debasement_days_after_panic():
    letters = {"p": "panic", "d": "debasement", "n": "neither"}
    stages = np.array([letters[c] for c in "ddpnnddpdnddnp"])
    assert shift_days(stages).tolist() == [5, 8]
    closes, stages = world()
    found = ask(closes, stages)
    assert len(found.shifts) == len(shift_days(stages.to_numpy()))
    y = np.log(closes).diff()
    at = [closes.index.get_loc(day) for day in found.shifts]
    first = 100 * np.mean([y.iloc[i] for i in at])
    assert found.path.mean[0] == pytest.approx(first)
    assert 0 < found.shifts_effective_n <= len(found.shifts)


def test_days_without_a_stage_are_in_none():
    closes, stages = world()
    stages.iloc[:100] = "unknown"
    found = ask(closes, stages)
    assert found.inference.n == len(stages) - 100
    assert found.first == stages.index[100]
    never = stages.where(stages != "neither", "panic")
    assert ask(closes, never).rows[2].days == 0


def test_size_under_common_volatility():
    """One chunk of the honesty table's own case: stages follow the volatility of Bitcoin."""
    counts = ask_stage("N2")(99, 31, 77)
    test = "stage returns, claim 26"
    for side, most in (((test, "honest"), 9), ((f"{test}, opposite direction", "honest at 2.5%"), 6)):
        assert len(counts[side]) > 40
        assert sum(counts[side]) <= most  # P(more of 50 | 5%) = 0.0002, P(more of 50 | 2.5%) = 0.0002
    assert sum(counts["stage returns: 60-day means by Welch", "naive"]) > 8


def test_what_cannot_be_tested_is_refused():
    closes, stages = world()
    with pytest.raises(NotEnoughData, match="stage panic"):
        ask(closes, stages.where(stages != "panic", "neither"))
    with pytest.raises(NotEnoughData, match="needs 250"):
        ask(closes, stages.iloc[:200])
    with pytest.raises(NotPositive, match="Bitcoin"):
        ask(closes - 2 * closes.min(), stages)
    with pytest.raises(NoVariation, match="Bitcoin"):
        ask(closes * 0 + 5.0, stages)
