"""Scans: each pair is the page's own family, the correction is the maximum over everything, planted leads are named."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData
from analytics.stats.correlation.correlogram import sides
from analytics.stats.correlation.smoothed_family import DAILY, window_family
from analytics.stats.resampling import signed_cross_sums
from analytics.topics.scan.measures import scan
from analytics.topics.scan.measures.universe import universe
from bench import nulls

DRAWS = 199
KEYS = tuple(f"s{number}" for number in range(6))


@pytest.fixture(scope="module")
def returns() -> np.ndarray:
    found = nulls.universe("U2", 1, len(KEYS), 7, n=900)[0]
    return found - found.mean(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def blocks(returns) -> list[scan.Block]:
    packed = scan.signs(DRAWS, returns.shape[1])
    return [scan.block(returns, follow, packed) for follow in range(len(KEYS))]


def test_each_pair_is_what_the_page_says_of_it(returns, blocks):
    """Same family, same draws, another road: one long transform a pair and draw against pieces added up."""
    packed, highest = scan.signs(DRAWS, returns.shape[1]), []
    for row, lead in zip(blocks[2].rows, (0, 1, 3, 4, 5), strict=True):
        null = sides(signed_cross_sums(returns[lead], returns[2], DAILY.last, packed), DAILY)[0]
        found = window_family(returns[lead], returns[2], null, DAILY)
        said = (found.statistic, found.length, found.gap, found.estimate, found.standard_error, found.p_best)
        assert row == pytest.approx(said, rel=1e-9)
        highest.append(found.unrelated[0])
    assert (np.median(blocks[2].maxima) > highest).all()


def test_the_scan_is_judged_by_the_largest_of_all_blocks(blocks):
    found = scan.scan(KEYS, 900, reversed(blocks))
    null = np.max([block.maxima for block in blocks], axis=0)
    best = max(block.rows[:, 0].max() for block in blocks)
    assert found.standings[0].statistic == best
    assert found.standings[0].p == (1 + np.count_nonzero(null >= best)) / (DRAWS + 1)
    assert found.pairs == len(found.standings) == 30
    assert found.by_chance == pytest.approx(1.5)
    assert (found.stand_out > 0) == (best > found.critical)
    assert all(one.p >= one.p_alone for one in found.standings)
    for one in found.standings:
        assert scan.standing(found, blocks[KEYS.index(one.follow)], one.lead) == one


def test_a_missing_block_is_a_defect_and_not_a_smaller_scan(blocks):
    with pytest.raises(ValueError, match="5 of 6 blocks"):
        scan.scan(KEYS, 900, blocks[:-1])


def test_a_planted_lead_is_named_in_its_direction_only(returns):
    planted = returns.copy()
    planted[4] = nulls.plant_window(planted[1], planted[4], 20, 20, 0.35)
    planted -= planted.mean(axis=1, keepdims=True)
    packed = scan.signs(DRAWS, planted.shape[1])
    found = scan.scan(KEYS, 900, [scan.block(planted, follow, packed) for follow in range(len(KEYS))])
    best = found.standings[0]
    assert (best.lead, best.follow, best.length, best.gap) == ("s1", "s4", 1, 20)
    assert best.p <= 0.01
    assert "stand" in found.sentence
    assert not found.sentence.startswith("Of 30 pairs scanned, none")


def test_units_do_not_matter_and_a_mirrored_lead_is_no_lead(returns, blocks):
    packed = scan.signs(DRAWS, returns.shape[1])
    scaled = scan.block(returns * np.array([1, 50, 1e-3, 7, 1e4, 2])[:, None], 2, packed)
    assert scaled.rows == pytest.approx(blocks[2].rows, rel=1e-6)
    assert scaled.maxima == pytest.approx(blocks[2].maxima, rel=1e-4)
    planted = nulls.plant_window(returns[1], returns[4], 20, 20, 0.35)
    mirrored = np.array([returns[1], -(planted - planted.mean())])
    assert scan.block(mirrored, 1, packed).rows[0, 5] > 0.05


# ------------------------------------------------------------------------------------------------- who takes part


def prices(**columns: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(columns, index=pd.bdate_range("2020-01-01", periods=600))


def walk(seed: int, n: int = 600) -> np.ndarray:
    return 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.01, n)))


def with_holes(values: np.ndarray, holes: slice | list[int]) -> np.ndarray:
    values = values.copy()
    values[holes] = np.nan
    return values


def test_whoever_cannot_be_compared_is_left_out_with_the_reason():
    table = prices(
        a=walk(1),
        b=with_holes(walk(2), [10, 300]),
        short=with_holes(walk(3), slice(0, 300)),
        ended=with_holes(walk(4), slice(560, 600)),
        still=np.full(600, 5.0),
        below=walk(5) - 200,
        holes=with_holes(walk(6), list(range(5, 600, 10))),
    )
    found = universe(table)
    assert found.keys == ("a", "b")
    assert found.returns.shape == (2, 597)
    assert np.abs(found.returns.mean(axis=1)).max() < 1e-15
    assert (found.first, found.last) == (dt.date(2020, 1, 2), table.index[-1].date())
    assert dict(found.left_out) == {
        "short": "300 prices; 361 are needed",
        "ended": f"its last price is of {table.index[559]:%Y-%m-%d}",
        "still": "it hardly ever moves",
        "below": "a price that is not above zero",
        "holes": "no price on 10% of the days",
    }


def test_the_youngest_series_says_when_the_scan_begins_unless_a_day_is_given():
    table = prices(a=walk(1), b=walk(2), young=with_holes(walk(3), slice(0, 150)))
    assert universe(table).first == table.index[151].date()
    bounded = universe(table, since=table.index[50].date())
    assert (bounded.keys, bounded.first) == (("a", "b"), table.index[51].date())
    assert bounded.left_out["young"] == f"its first price is of {table.index[150]:%Y-%m-%d}"


def test_a_universe_of_one_is_none():
    with pytest.raises(NotEnoughData, match="The universe has 1 observations"):
        universe(prices(a=walk(1), still=np.full(600, 5.0)))
