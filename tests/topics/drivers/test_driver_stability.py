from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.errors import NotEnoughData
from analytics.topics.drivers.measures.driver_stability import ALL, ANDREWS, TRIM, driver_stability
from analytics.topics.drivers.measures.moves import USUAL, moves
from bench.planted_drivers import PLANTED, driver_worlds
from tests.topics.drivers.driver_samples import recorded, simulated


def ask(table, **options):
    return driver_stability(table, **{"draws": 199, **options})


def by_hand(table, at):
    """Wald statistics of each slope and of all, with the part before change ``at`` against the rest."""
    made = moves(table, ("silver",), need=100)
    x, y = np.column_stack([np.ones(len(made)), made.drivers]), made.assets[:, 0]
    u = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    betas, variance = [], 0
    for part in (slice(0, at), slice(at, None)):
        bread = np.linalg.inv(x[part].T @ x[part])
        betas.append(bread @ x[part].T @ y[part])
        variance = variance + bread @ (x[part].T * u[part] ** 2) @ x[part] @ bread
    gap, own = (betas[1] - betas[0])[1:], variance[1:, 1:]
    return [*(gap**2 / np.diag(own)), gap @ np.linalg.solve(own, gap)], betas


def test_the_path_is_the_wald_statistic_of_every_split():
    table = simulated(n=400)
    found = ask(table)
    for row in (0, 57, len(found.path) - 1):
        at = math.ceil(TRIM * 400) + row
        walds, _ = by_hand(table, at)
        assert found.path.iloc[row].to_numpy() == pytest.approx(walds, rel=1e-8)
        assert found.path.index[row] == table.index[at + 1]
    assert len(found.path) == math.floor(0.85 * 400) - math.ceil(0.15 * 400) + 1
    assert list(found.path) == [*USUAL, ALL]


def test_a_planted_break_is_found_with_its_day_and_both_betas():
    table = simulated(n=1_250, after={"dollar_index": 1.0})
    found = ask(table)
    broken = found.breaks[1]
    assert broken.key == "dollar_index"
    assert broken.p <= 0.01
    assert broken.statistic > broken.andrews == ANDREWS[1]
    assert abs(table.index.get_loc(str(broken.day)) - 626) < 40
    assert broken.before == pytest.approx(-1.5, abs=0.4)
    assert broken.after == pytest.approx(1.0, abs=0.4)
    assert found.breaks[-1].key == ALL
    assert found.breaks[-1].andrews == ANDREWS[4]
    assert found.breaks[-1].p <= 0.01
    assert math.isnan(found.breaks[-1].before)


def test_the_sentence_is_about_the_first_driver():
    changed = ask(simulated(n=1_250, after={"real_yield_10y": 2.0}))
    assert "changed from" in changed.sentence
    assert "one number for the whole span hides that" in changed.sentence
    steady = ask(simulated(seed=4, n=1_250))
    assert steady.breaks[0].p > 0.05
    assert "no break in silver's beta to the 10-year real yield stands out" in steady.sentence


def test_only_the_last_days_answer_unless_all_are_asked_for():
    table = simulated(n=1_400)
    assert ask(table).n == 1_250
    assert ask(table, days=None).n == 1_400


def test_andrews_table_is_the_supremum_of_its_bridge():
    """Simulated on 1,000 steps, 4,000 times; a coarse grid loses about .15."""
    rng = np.random.default_rng(5)
    total = 0.0
    for p in range(1, 6):
        walk = np.cumsum(rng.standard_normal((4_000, 1_000), dtype=np.float32), axis=1) / np.sqrt(1_000)
        at = np.arange(1, 1_001) / 1_000
        bridge = walk - at * walk[:, -1:]
        total = total + bridge**2 / np.maximum(at * (1 - at), 1e-9)
        assert np.quantile(total[:, 150:851].max(axis=1), 0.95) == pytest.approx(ANDREWS[p], abs=0.55)


def test_few_false_alarms_under_changing_volatility():
    """100 worlds without a break: within the exact 99.9% band of a 5% test."""
    found = [
        ask(world, seed=i, draws=99) for i, world in enumerate(driver_worlds("N2", 100, 3, PLANTED, n=600))
    ]
    assert sum(stable.breaks[0].p <= 0.05 for stable in found) <= 14
    assert sum(stable.breaks[-1].p <= 0.05 for stable in found) <= 14


def test_too_little_is_refused():
    with pytest.raises(NotEnoughData):
        ask(simulated(n=249))


@pytest.mark.market
def test_on_recorded_prices():
    keys = ("real_yield_10y", "dollar_broad", "breakeven_10y", "sp500")
    found = ask(recorded("silver", *keys), keys=keys, draws=499)
    assert found.n == 1_250
    assert found.breaks[0].statistic == pytest.approx(9.39, abs=0.01)
    assert found.breaks[0].p <= 0.05
