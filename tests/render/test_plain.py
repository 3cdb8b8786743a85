"""Findings as JSON: whatever a measure returns can be printed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.render.plain import headline, plain
from analytics.topics.regime.measures.consolidation import consolidation


@dataclass(frozen=True, slots=True)
class Finding:
    """Stands for any measure's."""

    value: float
    table: pd.DataFrame
    parts: tuple[Any, ...] = ()


TABLE = pd.DataFrame({"a": [1.5, np.nan]}, pd.DatetimeIndex(["2026-01-05", "2026-01-06"]))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.float32(0.5), 0.5),
        (float("nan"), None),
        (np.float64("inf"), None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (pd.NaT, None),
        (None, None),
        (pd.Timestamp("2026-01-05"), "2026-01-05T00:00:00"),
        (np.datetime64("2026-01-05"), "2026-01-05"),
        (np.datetime64("NaT"), None),
        (dt.date(2026, 1, 5), "2026-01-05"),
        (dt.datetime(2026, 1, 5, tzinfo=dt.UTC), "2026-01-05T00:00:00+00:00"),
        (MappingProxyType({1: np.int64(2)}), {"1": 2}),
        ((np.array([1.0, np.nan]), [Finding(1.0, TABLE)]), [[1.0, None], [{"value": 1.0, "parts": []}]]),
    ],
)
def test_every_value_has_a_plain_form(value, shown):
    assert plain(value) == shown
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == shown


def test_tables_are_left_out_unless_they_are_asked_for():
    found = Finding(np.nan, TABLE, (Finding(1.0, TABLE),))
    assert plain(found) == {"value": None, "parts": [{"value": 1.0, "parts": []}]}
    rows = [{"at": "2026-01-05", "a": 1.5}, {"at": "2026-01-06", "a": None}]
    assert plain(found, rows=True) == {
        "value": None,
        "table": rows,
        "parts": [{"value": 1.0, "table": rows, "parts": []}],
    }
    assert plain({"x": TABLE["a"]}, rows=True) == {"x": rows}


def test_the_answer_behind_a_verdict_stands_first_and_in_shared_names():
    found = consolidation(*seeded(), draws=99)
    body = plain(found)
    first = headline(body)
    assert first["sentence"] == found.sentence
    assert first["verdict"] == found.verdict
    assert first["interval"] == list(found.inference.interval)
    assert {"estimate", "p", "n", "mde", "delta", "unit"} <= set(first)
    assert headline({"sentence": "Nothing is tested here."}) == {}


def seeded() -> tuple[pd.Series, pd.Series]:
    """Closes and a VIX of 1,600 days."""
    days = pd.bdate_range("2020-01-01", periods=1_600).astype("datetime64[s]")
    noise = np.random.default_rng(3).standard_normal((2, 1_600))
    return pd.Series(np.exp(0.02 * noise[0].cumsum()), days), pd.Series(20 * np.exp(0.2 * noise[1]), days)
