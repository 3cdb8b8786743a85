"""Published values of every series, beside what is recorded."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.catalogue import Series
from analytics.clock import calendars
from analytics.published import anchors
from bench import witness_bounds

each = pytest.mark.parametrize("series", catalogue.load().values(), ids=lambda series: series.key)


def missed(series: Series, told: pd.Series) -> int:
    """How many anchors a history does not agree with, among those whose dates it holds."""
    held = [(anchor, pd.Timestamp(anchor.day)) for anchor in anchors.of(series.key)]
    return sum(not anchor.agrees(told[day]) for anchor, day in held if day in told.index)


def test_anchors_are_of_listed_series_only():
    assert set(anchors.load()) == set(catalogue.load())
    assert anchors.of("zq_2026_07") == ()


@each
def test_every_series_has_anchors_that_lie_apart_one_of_them_recent(series):
    found = anchors.of(series.key)
    days = np.array([anchor.day for anchor in found], dtype="datetime64[D]")
    assert 2 <= len(found) <= 5
    assert calendars.may_be_dated(series, days).all()
    assert dt.date(2024, 1, 1) <= found[-1].day < dt.date(2028, 1, 1)
    assert (np.diff(days).astype(int) > 180).all() or series.key == "treasury_20y_etf"
    for anchor in found:
        least, greatest = series.range or (0.0, np.inf)
        assert anchor.source
        assert least <= anchor.value <= greatest
        assert anchor.low < anchor.value < anchor.high
        assert anchor.agrees(anchor.value)
        assert not anchor.agrees(float("nan"))


@pytest.fixture(scope="module")
def record() -> dict[str, pd.Series]:
    if not (witness_bounds.MARKET / "zq_contracts.csv").exists():
        pytest.skip("no recorded market data beside the checkout")
    return witness_bounds.recorded(witness_bounds.MARKET)


@pytest.mark.market
@each
def test_the_record_agrees_and_lies_about_it_do_not(record, series):
    if series.key not in record:
        pytest.skip(f"no recorded {series.code} beside the checkout")
    true = record[series.key]
    assert [
        anchor for anchor in anchors.of(series.key) if not anchor.agrees(true[pd.Timestamp(anchor.day)])
    ] == []
    lies = {f"x{factor}": true * factor for factor in (-1.0, 0.0, 0.01, 0.1, 4.0, 10.0, 100.0)}
    lies["reversed"] = pd.Series(true.to_numpy()[::-1], index=true.index)
    if series.key == "fed_dots_median":
        lies.pop("reversed")  # three years, all near 3%
    assert [name for name, told in lies.items() if missed(series, told) == 0] == []


@pytest.mark.market
def test_no_series_passes_for_another_one(record):
    twins = {
        frozenset(pair)
        for pair in [("vix", "vix_close_fred"), ("effr", "fed_funds_rate"), ("bitcoin", "bitcoin_coinbase")]
    }
    wrong = []
    for key in catalogue.load():
        for other, told in record.items():
            held = sum(pd.Timestamp(anchor.day) in told.index for anchor in anchors.of(key))
            if other == key or frozenset((key, other)) in twins or held < 3:
                continue
            if missed(catalogue.get(key), told) == 0:
                wrong.append((key, other))
    assert wrong == []
