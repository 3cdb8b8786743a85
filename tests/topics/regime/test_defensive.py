from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest

from analytics.errors import BadChoice, NotEnoughData, NotPositive
from analytics.published import thresholds
from analytics.topics.regime.measures.defensive import DAYS, GROUP, RISK, defensive
from tests.topics.drivers.driver_samples import levels_of, recorded

DAY = dt.date(2026, 1, 23)


def world(last=(1.0, 1.0, -1.0), n=500, seed=3):
    """Members whose last twenty moves add up to ``last`` [%]."""
    rng = np.random.default_rng(seed)
    moved = rng.standard_normal((3, n)) * [[0.9], [0.8], [0.4]]
    for row, total in zip(moved, last, strict=True):
        row[-DAYS:] += (total - row[-DAYS:].sum()) / DAYS
    table = levels_of(dict(zip(GROUP[:2], moved, strict=False)) | {"dollar_index": moved[2]})
    return table.set_axis(pd.bdate_range(end=DAY, periods=n + 1), axis=0)


@pytest.mark.parametrize(
    ("last", "rose"), [((1, 2, 3), 3), ((1, 2, -3), 2), ((-1, 2, -3), 1), ((-1, -2, -3), 0)]
)
def test_the_share_counts_members_that_rose(last, rose):
    found = defensive(world(last), DAY)
    assert (found.rose, found.share) == (rose, rose / 3)
    assert list(found.returns.values()) == pytest.approx(list(last))
    assert f"{rose} of 3 defensive assets rose" in found.sentence
    assert found.end == DAY


def test_claim_4_asks_for_more_than_half():
    claim = thresholds.get(4)
    assert (claim.direction, claim.delta) == (">", 0.5)
    assert defensive(world((1, 1, -1)), DAY).share > claim.delta >= defensive(world((1, -1, -1)), DAY).share


def test_nothing_later_than_the_day_is_used():
    table = world()
    early = table.index[-30].date()
    later = table.copy()
    later.iloc[-29:] *= 2
    assert defensive(later, early).sentence == defensive(table, early).sentence
    assert defensive(table, early).end == early


def test_equal_risk_scales_each_member_by_its_own_past():
    table = world((2.0, 1.0, 1.0))
    found = defensive(table, DAY)
    moved = 100 * np.log(table).diff().iloc[1:]
    risk = moved.iloc[-DAYS - 250 : -DAYS].std() * np.sqrt(252)
    expected = np.mean([value * RISK / risk[key] for key, value in found.returns.items()])
    assert found.equal_risk == pytest.approx(expected)
    calm = table.copy()
    calm["gold"] = 50 * (table["gold"] / 50) ** 0.5  # half the moves and half the risk
    assert defensive(calm, DAY).equal_risk == pytest.approx(found.equal_risk)


def test_how_often_windows_pass_is_counted_over_the_earlier_ones():
    table = world()
    found = defensive(table, DAY)
    logs = np.log(table.iloc[:-DAYS])
    windows = (logs.diff(DAYS).iloc[DAYS:] > 0).to_numpy()
    assert found.windows == len(windows)
    assert found.passing == pytest.approx(100 * np.mean(windows.sum(axis=1) >= 2))
    often = windows.mean(axis=0)
    chance = sum(
        np.prod([p if up else 1 - p for p, up in zip(often, ups, strict=True)])
        for ups in itertools.product([0, 1], repeat=3)
        if sum(ups) >= 2
    )
    assert found.by_chance == pytest.approx(100 * chance)


def test_since_runs_from_the_last_close_before_the_day():
    table = world()
    found = defensive(table, DAY, since=dt.date(2026, 1, 1))
    before = table.loc[:"2025-12-31"].iloc[-1]
    for key in GROUP:
        assert found.since[key] == pytest.approx(100 * np.log(table[key].iloc[-1] / before[key]))
    assert defensive(table, DAY).since == {}


def test_bad_input():
    table = world()
    with pytest.raises(NotEnoughData, match="Long treasury bonds has 0"):
        defensive(table.drop(columns="treasury_20y_etf"), DAY)
    with pytest.raises(NotEnoughData):
        defensive(table.iloc[-60:], DAY)
    with pytest.raises(NotPositive):
        defensive(table.assign(gold=table["gold"] - table["gold"].min()), DAY)
    with pytest.raises(BadChoice, match="since"):
        defensive(table, DAY, since=dt.date(2030, 1, 1))
    with pytest.raises(BadChoice, match="since"):
        defensive(table, DAY, since=dt.date(1990, 1, 1))


@pytest.mark.market
def test_on_the_article_s_day_two_of_three_rose():
    found = defensive(recorded(*GROUP), DAY, since=dt.date(2026, 1, 1))
    assert found.rose == 2
    assert found.returns["gold"] == pytest.approx(10.4, abs=0.05)
    assert found.returns["dollar_index"] < 0 < found.returns["treasury_20y_etf"]
    assert found.since["gold"] == pytest.approx(14.0, abs=0.05)
