from __future__ import annotations

import numpy as np
import pytest

from analytics.errors import (
    BadChoice,
    NoOverlap,
    NotEnoughData,
    NotPositive,
    NoVariation,
    SameSeries,
    TooManyGaps,
)
from analytics.stats.pairs import weekly
from analytics.topics.drivers.measures.moves import DRIVERS, USUAL, moves, name_of
from tests.topics.drivers.driver_samples import recorded, simulated


def test_changes_are_in_the_steps_that_a_reader_thinks_in():
    table = simulated(n=60)
    found = moves(table, ("silver",), need=50)
    assert found.drivers[:, 0] == pytest.approx(np.diff(table["real_yield_10y"]) / 0.10)
    assert found.drivers[:, 1] == pytest.approx(100 * np.diff(np.log(table["dollar_index"])))
    assert found.drivers[:, 2] == pytest.approx(np.diff(table["breakeven_10y"]) / 0.10)
    assert found.assets[:, 0] == pytest.approx(100 * np.diff(np.log(table["silver"])))
    assert len(found) == 60
    assert len(found.days) == 61
    assert found.dates()[-1] == table.index[-1]
    assert {DRIVERS[key].step for key in USUAL} == {"10 bp", "1%"}


def test_common_days_come_first_and_differences_second():
    """A Monday that one series lacks is one longer change, not a missing one."""
    table = simulated(n=60)
    table.iloc[20, 1] = np.nan
    found = moves(table, ("silver",), need=50)
    assert len(found) == 59
    whole = 100 * np.log(table["silver"].iloc[-1] / table["silver"].iloc[0])
    assert found.assets.sum() == pytest.approx(whole)


def test_leading_rows_without_a_series_are_no_days():
    table = simulated(n=80)
    table.iloc[:10, 2] = np.nan
    found = moves(table, ("silver",), need=50)
    assert found.days[0] == table.index[10].to_numpy().astype("datetime64[D]")
    assert len(found) == 70


def test_weeks_are_the_differences_of_friday_levels():
    table = simulated(n=300)
    found = moves(table, ("silver",), need=50).weeks()
    closes = weekly(table)
    assert found.assets[:, 0] == pytest.approx(100 * np.diff(np.log(closes["silver"])))
    assert found.drivers[:, 0] == pytest.approx(np.diff(closes["real_yield_10y"]) / 0.1)
    assert list(found.dates()) == list(closes.index[1:])


def test_parts_keep_their_days():
    found = moves(simulated(n=300), ("silver",), need=50)
    part = found.latest(100)
    assert len(part) == 100
    assert (part.days == found.days[-101:]).all()
    assert len(found.latest(10_000)) == 300
    assert (found.between(10, 20).assets == found.assets[10:20]).all()


def test_what_cannot_be_measured_is_refused_by_name():
    table = simulated(n=300)

    def ask(levels, assets=("silver",), drivers=USUAL):
        return moves(levels, assets, drivers, need=50)

    with pytest.raises(BadChoice, match="real_yield_10y, dollar_index"):
        ask(table, drivers=("moon_phase",))
    with pytest.raises(NotEnoughData, match="The dollar has 0"):
        ask(table.drop(columns="dollar_index"))
    with pytest.raises(NotEnoughData, match="has 29 observations and needs 50"):
        ask(table.iloc[:30])
    with pytest.raises(SameSeries, match="Silver"):
        ask(table, ("silver", "silver"))
    with pytest.raises(SameSeries, match="moves like the dollar"):
        ask(table.assign(silver=3 * table["dollar_index"]))
    with pytest.raises(NotPositive, match="silver"):
        ask(table.assign(silver=table["silver"] - table["silver"].min()))
    with pytest.raises(NoVariation, match="S&P 500"):
        ask(table.assign(sp500=100.0))
    with pytest.raises(NoVariation, match="once the other drivers are taken out"):
        ask(table.assign(breakeven_10y=3 - table["real_yield_10y"]))
    with pytest.raises(TooManyGaps):
        ask(table.iloc[::3], drivers=USUAL)
    early = table["silver"].where(table.index < table.index[100])
    with pytest.raises(NoOverlap):
        ask(table.assign(silver=early, sp500=table["sp500"].where(table.index > table.index[200])))


def test_yields_may_cross_zero():
    table = simulated(n=300)
    found = moves(table.assign(real_yield_10y=table["real_yield_10y"] - 2), ("silver",), need=50)
    assert found.drivers[:, 0] == pytest.approx(np.diff(table["real_yield_10y"]) / 0.1)


def test_names():
    assert name_of("real_yield_10y") == "the 10-year real yield"
    assert name_of("silver_etf") == "silver etf"


@pytest.mark.market
def test_nominal_yield_less_real_yield_is_the_breakeven_on_every_recorded_day():
    table = recorded("treasury_10y", "real_yield_10y", "breakeven_10y")
    assert len(table) > 5_000
    gap = table["treasury_10y"] - table["real_yield_10y"] - table["breakeven_10y"]
    assert gap.abs().max() < 0.005  # equal to the printed digit; the rest is binary rounding


@pytest.mark.market
def test_nominal_less_real_yield_is_the_breakeven_on_every_recorded_day():
    table = recorded("treasury_10y", "real_yield_10y", "breakeven_10y")
    assert len(table) > 5_000
    gap = table["treasury_10y"] - table["real_yield_10y"] - table["breakeven_10y"]
    assert gap.abs().max() < 1e-9
