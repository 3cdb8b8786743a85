from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.stats import naive
from analytics.stats.event_study.event_test import (
    HORIZONS,
    circular_shift_p,
    effective_n,
    exposures,
    sup_test,
)
from analytics.stats.resampling import generator, packed_signs
from analytics.topics.lead_lag.measures.events import EventStudy, event_study
from bench import nulls
from tests.topics.lead_lag.event_samples import ANY_GAIN, highs, simulated, study


@pytest.fixture(scope="module")
def unrelated() -> EventStudy:
    return study(*simulated())


def test_exposures_count_the_events_of_the_days_before() -> None:
    flags = np.array([True, False, True, False, False, False, True])
    expected = [[1, 1], [0, 1], [1, 2], [0, 1], [0, 1], [0, 0]]
    assert exposures(flags, (1, 3)).tolist() == expected


def test_t_is_white_and_its_error_scales_the_effect(unrelated: EventStudy) -> None:
    _, y, flags = simulated()
    for j, h in enumerate(HORIZONS):
        counts = exposures(flags, (h,))[:, 0]
        terms = (counts - counts.mean()) * (y - y.mean())
        assert unrelated.test.t[j] == pytest.approx(terms.sum() / np.sqrt((terms**2).sum()), abs=1e-9)
    np.testing.assert_allclose(
        unrelated.test.effect / unrelated.test.standard_error, unrelated.test.t, atol=1e-9
    )


def test_effective_n_counts_overlap() -> None:
    assert effective_n(np.array([0, 100, 200, 300]), 20) == 4
    assert effective_n(np.array([0, 1]), 10**9) == pytest.approx(1, abs=1e-6)
    assert effective_n(np.array([0, 10]), 20) == pytest.approx(4 / 3)


def test_150_event_days_are_worth_what_methods_says() -> None:
    """docs/methods.md#returns-after-events: 150 event days of simulated silver are worth 25 / 13 / 9 at 20 / 60 / 120 days."""
    worth = []
    for x in nulls.simulate("N1", 60, 1)[0]:
        at = np.flatnonzero(highs(x))
        if len(at):
            worth.append([len(at), *(effective_n(at, h) for h in (20, 60, 120))])
    assert np.mean(worth, axis=0) == pytest.approx([150, 25, 13, 9], rel=0.15)


def test_circular_shifts_are_every_roll_of_the_events() -> None:
    y, flags = simulated(n=400)[1], np.random.default_rng(7).random(401) < 0.1
    known, excess = flags[:-1].astype(float), y - y.mean()
    wrapped = [np.convolve(np.concatenate([known, known]), np.ones(h))[400:800] for h in (5, 20)]
    shifts = []
    for k in range(400):
        t = []
        for counts in wrapped:
            rolled = np.roll(counts - counts.mean(), k)
            t.append((rolled * excess).sum() / np.sqrt((rolled**2 * excess**2).sum()))
        shifts.append(max(t))
    expected = (1 + sum(t >= shifts[0] for t in shifts[1:])) / 400
    assert circular_shift_p(y, flags, (5, 20)) == pytest.approx(expected, abs=1 / 400)


def test_path_meets_the_test_at_every_horizon_and_starts_from_the_usual(unrelated: EventStudy) -> None:
    path = unrelated.path
    at = np.array(HORIZONS) - 1
    np.testing.assert_allclose((path.mean - path.unconditional)[at], unrelated.test.effect, atol=1e-9)
    np.testing.assert_allclose(path.unconditional[at], unrelated.unconditional, atol=1e-9)
    assert (path.band > 0).all()
    assert len(path.days) == 120


def test_path_of_other_days_is_the_mean_over_days_that_are_no_event(unrelated: EventStudy) -> None:
    _, y, flags = simulated()
    total = np.concatenate([[0.0], np.cumsum(y)])
    quiet = np.flatnonzero(~flags[:-1])
    assert unrelated.path.other[0] == pytest.approx(100 * (total[quiet + 1] - total[quiet]).mean())


def test_band_of_the_path_holds_for_all_days_at_once() -> None:
    """On 60 unrelated pairs the whole path leaves the 95% band about 3 times; 99.9% binomial band."""
    left = 0
    for x, y in zip(*nulls.simulate("N2", 60, 100, n=1_000), strict=True):
        flags = highs(x)
        if flags[:-1].sum() >= 10:
            path = study(x, y, flags, draws=99).path
            left += bool((np.abs(path.mean - path.unconditional) > path.band).any())
    low, high = stats.binom.interval(0.999, 60, 0.05)
    assert low <= left <= high


def test_cycles_add_up_and_few_of_them_prove_little() -> None:
    x, y, flags = simulated(n=2_700)
    found = study(x, y, flags)
    rows = found.cycles.rows
    assert sum(row.events for row in rows) == found.n_events
    assert found.cycles.with_events == sum(row.events > 0 for row in rows)
    assert found.cycles.sign_floor == 0.5**found.cycles.with_events
    assert found.cycles.sign_floor <= found.cycles.sign_p <= 1
    assert all(before.last < after.first for before, after in pairwise(rows))


def test_four_cycles_of_one_sign_reach_the_floor_of_one_sixteenth() -> None:
    x, y, flags = simulated(n=2_700, seed=3)
    cuts = tuple(dt.date(year, 1, 1) for year in (2018, 2020, 2023))
    levels = nulls.levels(x, nulls.plant_gain(y, flags, 2.0, 60))
    found = event_study(levels, pd.Series(flags, levels.index), ANY_GAIN, cuts=cuts, draws=99)
    assert [row.effect > 0 for row in found.cycles.rows] == [True] * 4
    assert found.cycles.sign_p == found.cycles.sign_floor == 0.0625


def test_leaving_a_cycle_out_is_the_test_on_the_other_days() -> None:
    x, y, flags = simulated(n=2_700)
    found = study(x, y, flags)
    row = found.cycles.rows[0]
    days = nulls.levels(x, y).index.to_numpy().astype("datetime64[D]")[1:]
    rest = (days < row.first) | (days > row.last)
    counts = exposures(flags, HORIZONS)
    packed = packed_signs(generator("events", 1), 199, len(y))
    without = sup_test(y[rest], counts[rest], ANY_GAIN, packed)
    assert row.p_without == without.p_best
    assert row.p_opposite_without == without.p_opposite
    assert row.effect_without == pytest.approx(without.effect[HORIZONS.index(60)])


def test_the_usual_tests_are_those_of_scipy(unrelated: EventStudy) -> None:
    _, y, flags = simulated()
    after = naive.horizon_returns(y, 60)
    hit = flags[: len(after)]
    zero, welch, newey_west, hansen_hodrick, best = unrelated.naive
    assert zero.p == pytest.approx(stats.ttest_1samp(after[hit], 0).pvalue)
    theirs = stats.ttest_ind(after[hit], after[~hit], equal_var=False)
    assert (welch.statistic, welch.p) == (pytest.approx(theirs.statistic), pytest.approx(theirs.pvalue))
    assert newey_west.effect == pytest.approx(welch.effect) == pytest.approx(hansen_hodrick.effect)
    assert best.p <= welch.p
