from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData, NotPositive
from analytics.topics.drivers.measures.abroad import MONEYS, abroad

DAYS = pd.bdate_range("2026-01-01", periods=5).astype("datetime64[s]")
FIRST, LAST = DAYS[0].date(), DAYS[-1].date()


def levels(**changes):
    """Silver doubles in dollars while the euro gains 25% and the yuan 10%; the rupee stands still."""
    table = {
        "silver": [50.0, 60, 70, 80, 100],
        "eur_usd": [1.00, 1.05, 1.10, 1.20, 1.25],
        "usd_cny": [7.70, 7.5, 7.4, 7.2, 7.00],
        "usd_inr": [90.0, 90, 90, 90, 90],
    }
    return pd.DataFrame({**table, **changes}, index=DAYS)


def test_each_money_by_hand():
    found = abroad(levels(), FIRST, LAST)
    assert list(found.indexed) == ["dollars", "euros", "yuan", "rupees"]
    assert found.changes == pytest.approx(
        {"dollars": 100, "euros": 100 * (2 / 1.25 - 1), "yuan": 100 * (2 * 7 / 7.7 - 1), "rupees": 100}
    )
    assert (found.indexed.iloc[0] == 100).all()
    assert (found.first, found.last, found.n, found.absent) == (FIRST, LAST, 5, ())
    assert (
        "silver moved +100.0% in dollars, +60.0% in euros, +81.8% in yuan and +100.0% in rupees"
        in found.sentence
    )


def test_only_common_days_of_the_window_count_and_an_absent_money_is_named():
    table = levels(eur_usd=[np.nan, 1.05, 1.1, 1.2, 1.25]).drop(columns=["usd_cny"])
    found = abroad(table, dt.date(2025, 6, 1), DAYS[3].date())
    assert (found.first, found.last, found.n) == (DAYS[1].date(), DAYS[3].date(), 3)
    assert found.absent == ("yuan",)
    assert found.changes["dollars"] == pytest.approx(100 * (80 / 60 - 1))


def test_bad_input():
    with pytest.raises(NotEnoughData, match="Each exchange rate has 0"):
        abroad(levels().drop(columns=list(MONEYS)), FIRST, LAST)
    with pytest.raises(NotEnoughData, match="Silver has 0"):
        abroad(levels().drop(columns=["silver"]), FIRST, LAST)
    with pytest.raises(NotEnoughData, match="in other moneys over this span has 1"):
        abroad(levels(), LAST, LAST)
    with pytest.raises(NotPositive, match="Silver is not above zero on 2026-01-05"):
        abroad(levels(silver=[50.0, 60, -1, 80, 100]), FIRST, LAST)
