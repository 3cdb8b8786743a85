"""A series beside another source's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.catalogue import Witness
from analytics.sources import witnesses
from bench import witness_bounds
from tests.sources.demo.simulated import LISTED, close

DAYS = pd.date_range("2026-01-01", periods=60, freq="D")
TWICE = Witness("ratio", (("b", 1.0),), 1.8, 2.2, 0.05)


def line(values: object) -> pd.Series:
    return pd.Series(np.broadcast_to(np.asarray(values, dtype=float), len(DAYS)), index=DAYS)


def test_a_ratio_has_a_level_and_a_gap_on_common_dates_only():
    values, other = line(10.0), line(5.0)
    values.iloc[40] = 10.6
    found = witnesses.compare(TWICE, values, {"b": other.iloc[10:], "c": other})
    assert (len(found), found.index[0]) == (50, DAYS[10])
    assert found["level"].tolist() == pytest.approx([2.0] * 30 + [2.12] + [2.0] * 19)
    assert found["gap"].isna().tolist() == [True] * 5 + [False] * 45
    assert found["gap"].iloc[30] == pytest.approx(np.log(1.06))
    assert found.index[found["against"]].tolist() == [DAYS[40]]


def test_a_sum_adds_its_terms_and_the_bounds_may_begin_later():
    witness = Witness("sum", (("b", 1.0), ("c", -2.0)), -0.1, 0.1, 9.0, dt.date(2026, 2, 1))
    found = witnesses.compare(witness, line(1.0), {"b": line(5.5), "c": line(2.0)})
    assert found["level"].tolist() == pytest.approx([-0.5] * 60)
    assert found["against"].tolist() == [False] * 31 + [True] * 29


@pytest.mark.parametrize("lie", [0.0, -10.0])
def test_what_has_no_ratio_is_against(lie):
    assert witnesses.compare(TWICE, line(lie), {"b": line(5.0)})["against"].all()


def test_without_a_common_date_nothing_is_said():
    assert witnesses.compare(TWICE, line(10.0), {"b": line(5.0).iloc[:0]}).empty


@pytest.mark.parametrize("key", [key for key in LISTED if catalogue.get(key).witnesses])
def test_the_simulated_series_agree_with_their_witnesses(key):
    for witness in catalogue.get(key).witnesses:
        found = witnesses.compare(witness, close(key), {other: close(other) for other in witness.keys})
        assert found[found["against"]].empty, witness


@pytest.fixture(scope="module")
def record() -> dict[str, pd.Series]:
    if not (witness_bounds.MARKET / "zq_contracts.csv").exists():
        pytest.skip("no recorded market data beside the checkout")
    return witness_bounds.recorded(witness_bounds.MARKET)


@pytest.mark.market
def test_no_recorded_value_is_against_its_witness(record):
    seen = [(series.key, found["against"].sum()) for series, _, found in witness_bounds.pairs(record)]
    assert len(seen) > 250
    assert [key for key, against in seen if against] == []


# A model's estimate has no second source: the term premium is only seen beside the yield that it is a part of.
@pytest.mark.market
@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.01, 0.1, 0.5, 2.0, 4.0, 10.0, 100.0])
def test_a_whole_history_out_of_scale_is_against_its_witness(record, factor):
    told: dict[str, float] = {}
    for series, witness, _ in witness_bounds.pairs(record):
        if series.key in LISTED and series.key != "term_premium_10y":
            found = witnesses.compare(witness, record[series.key] * factor, record)
            told[series.key] = max(told.get(series.key, 0.0), float(found["against"].mean()))
    assert len(told) > 35
    assert {key: share for key, share in told.items() if share < 0.2} == {}


@pytest.mark.market
def test_the_document_holds_the_measured_tables(record, capsys):
    witness_bounds.main(witness_bounds.MARKET)
    measured = [line for line in capsys.readouterr().out.splitlines() if line]
    assert len(measured) > 110
    page = (Path(__file__).resolve().parents[2] / "docs" / "data-quality.md").read_text()
    assert [line for line in measured if line not in page.splitlines()] == []
