"""Slips and leaps, by hand and on what really happened."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.catalogue import Series
from analytics.sources.admission import slips
from bench import witness_bounds
from tests.sources.admission.answers import SILVER, YIELD, days, rows

NOTHING = rows([], [])
each = pytest.mark.parametrize("series", catalogue.load().values(), ids=lambda series: series.key)


def slipped(series: Series, told: pd.Series) -> list[int]:
    frame = rows(told.index, told.to_numpy(), series.field)
    return slips.slipped(frame, series, NOTHING).nonzero()[0].tolist()


@pytest.mark.parametrize(
    ("level", "astray"),
    [
        ([1, 1, 9, 1, 1], [2]),
        ([1, 1, -9, -9.5, -9, 1.2, 1], [2, 3, 4]),
        ([1, 9, 1, 9, 1, 1], [1, 3]),
        ([9, 1, 1, 1, 1, 1, 1, 9], []),  # neither end has two neighbours
        ([1, 9, 9, 9, 9, 9, 1], [1, 2, 3, 4, 5]),
        ([1, 9, 9, 9, 9, 9, 9, 1], []),  # may be true for so long
        ([1, 9, 20, 31], []),
        ([1, 9, 4, 4], []),  # does not come back to where it was
        ([1, 1, 9, 20, 20.5, 9.5], [3, 4]),
        ([1, 1, np.inf, 1], [2]),
        ([], []),
        ([1], []),
    ],
)
def test_a_short_stay_at_another_level_is_an_island(level, astray):
    assert slips.islands(np.array(level, dtype=float), 2.0).nonzero()[0].tolist() == astray


def test_a_rate_slips_too():
    told = pd.Series([4.45, 4.47, 0.447, 4.49, 4.5], index=days(5))
    assert slipped(YIELD, told) == [2]
    assert slipped(YIELD, told.replace(0.447, 3.9)) == []


def test_a_value_among_its_vintages_is_judged_by_itself():
    told = pd.Series([30.0, 30.0, 3.0, 30.5], index=days(3).take([0, 1, 1, 2]))
    assert slipped(SILVER, told) == [2]


def test_a_series_without_a_known_step_never_slips():
    told = pd.Series([1.0, 1e300, 1.0], index=days(3))
    assert slipped(dataclasses.replace(YIELD, leap=None), told) == []


@each
def test_every_listed_series_but_a_projection_has_a_step(series):
    assert (series.leap is None) == series.projection
    assert series.leap is None or series.leap > 0
    assert series.still is None or series.still >= 2


@pytest.fixture(scope="module")
def record() -> dict[str, pd.Series]:
    if not (witness_bounds.MARKET / "zq_contracts.csv").exists():
        pytest.skip("no recorded market data beside the checkout")
    return witness_bounds.recorded(witness_bounds.MARKET)


def recorded(record: dict[str, pd.Series], series: Series) -> pd.Series:
    if series.key not in record:
        pytest.skip(f"no recorded {series.code} beside the checkout")
    return record[series.key]


@pytest.mark.market
@each
def test_no_recorded_value_leaps_slips_or_stands_too_long(record, series):
    steps = witness_bounds.steps(series, recorded(record, series))
    assert series.leap is None or steps.largest <= series.leap
    assert series.still is None or steps.longest <= series.still
    assert slipped(series, record[series.key]) == []


@pytest.mark.market
def test_no_recorded_contract_price_leaps_slips_or_stands_too_long(record):
    months = [catalogue.get(key) for key in record if catalogue.contract_month(key)]
    for series in months:
        steps = witness_bounds.steps(series, record[series.key])
        assert (steps.largest <= series.leap, steps.longest <= series.still) == (True, True), series.key
        assert slipped(series, record[series.key]) == []
    assert len(months) > 200


# What moves by many times itself in a true step, or a level too near zero, hides a slip; the rest do not.
@pytest.mark.market
@each
@pytest.mark.parametrize("factor", [9.0, 0.2, 0.1, 100.0])
def test_a_value_midway_that_is_off_by_a_factor_is_a_slip(record, series, factor):
    if series.leap is None:
        pytest.skip("the years of a projection do not follow from each other")
    told = recorded(record, series).astype(float)
    at = len(told) - 20 if len(told) > 200 else len(told) - 3
    off = told.iloc[at] * (factor - 1)
    if series.change == "difference" and abs(off) <= 1.6 * series.leap:
        pytest.skip("too near zero at that day")
    if series.key == "policy_uncertainty" and factor < 100.0:
        pytest.skip("it has moved by a factor of 62 in a day")
    if series.key == "treasury_account" and factor < 1.0:
        pytest.skip("it has moved by a factor of 5 in a week")
    told.iloc[at] *= factor
    assert slipped(series, told) == [at]
    told.iloc[at - 1] = told.iloc[at]
    assert slipped(series, told) == [at - 1, at]
