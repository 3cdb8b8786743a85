"""London's vaults: the newest count and its changes."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analytics.errors import NotEnoughData
from analytics.topics.positions.measures.vaults import vaults

KNOWN_AT = dt.datetime(2026, 1, 8, 18, 0, tzinfo=dt.UTC)


def counts(values: list[float], last: str = "2025-12-31") -> pd.Series:
    return pd.Series(values, index=pd.date_range(end=last, periods=len(values), freq="ME"))


def test_changes_are_over_calendar_months_and_in_million_ounces():
    found = vaults(counts([800_000.0 + 1_000 * month for month in range(14)]), "silver", KNOWN_AT)
    assert (found.ounces, found.month, found.year) == (813.0, 1.0, 12.0)
    assert (found.low, found.low_day, found.n) == (800.0, dt.date(2024, 11, 30), 14)
    assert found.sentence == (
        "London's vaults held 813 million ounces of silver on 31 Dec 2025, 12 million more than a year before."
    )


def test_a_month_that_is_absent_gives_no_change():
    table = counts([800_000.0] * 13)
    found = vaults(table.drop([table.index[0], table.index[-2]]), "gold", KNOWN_AT)
    assert (found.month, found.year) == (None, None)
    assert found.sentence == "London's vaults held 800 million ounces of gold on 31 Dec 2025."


def test_no_count_is_not_enough():
    with pytest.raises(NotEnoughData, match="London's vaults"):
        vaults(counts([]), "silver", KNOWN_AT)
