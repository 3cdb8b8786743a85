"""What later delivery costs: planted carries, a planted squeeze, and months that are absent."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotKnown
from analytics.render.theme import LIGHT
from analytics.topics.positions import words
from analytics.topics.positions.charts.terms import term
from analytics.topics.positions.measures.term_structure import term_structure
from tests.render.conftest import papers
from tests.render.drawn import points

MONTHS = [dt.date(2026, 5, 1), dt.date(2026, 7, 1), dt.date(2026, 9, 1)]
DAYS = pd.bdate_range("2026-01-02", "2026-06-05")
BILLS = pd.Series([3.5, 4.0], pd.DatetimeIndex(["2026-01-02", "2026-06-03"]))


def months(carry: float) -> dict[dt.date, pd.Series]:
    """Closes of each month around a front of 30, a year's delay adding ``carry`` [log]."""
    return {
        month: pd.Series([30 * np.exp(carry * (pd.Timestamp(month) - day).days / 365) for day in DAYS], DAYS)
        for month in MONTHS
    }


def test_a_planted_carry_comes_back_a_year_and_against_bills():
    found = term_structure(months(0.05), BILLS)
    assert (found.day, found.front, found.following) == (dt.date(2026, 6, 5), MONTHS[1], MONTHS[2])
    assert found.spread == pytest.approx(5.0)
    assert (found.bills, found.excess) == (4.0, pytest.approx(1.0))
    assert not found.backwardation
    assert found.following_price > found.front_price > 30
    assert words.term(found) == (
        "Silver for later delivery costs 5.0% a year more (Sep 2026 over Jul 2026); bills pay 4.0%."
    )


def test_a_later_month_that_is_cheaper_is_backwardation():
    found = term_structure(months(-0.03), None)
    assert found.backwardation
    assert found.spread == pytest.approx(-3.0)
    assert np.isnan(found.excess)
    assert words.term(found) == (
        "Backwardation: silver for later delivery is cheaper, by 3.0% a year (Sep 2026 over Jul 2026)."
    )


def test_a_month_in_delivery_is_no_front_and_each_day_has_its_own_nearest_two():
    closes = months(0.05)
    closes[MONTHS[0]] *= 1.5  # were May the front in May, the spread would jump
    path = term_structure(closes, None).path
    assert path.index[-1] == DAYS[-1]
    assert len(path) == len(DAYS)
    assert (path.loc[:"2026-04-30", "spread"] < -100).all()
    assert path.loc["2026-05-01":, "spread"].to_numpy() == pytest.approx(5.0)


@pytest.mark.parametrize("closes", [{}, {MONTHS[1]: pd.Series([30.0], DAYS[:1])}])
def test_absent_months_are_said(closes):
    with pytest.raises(NotKnown, match="No two months of delivery of silver are known"):
        term_structure(closes, BILLS)


def test_the_figure_has_both_lines_and_counts_backward_days():
    chart = term(
        term_structure(months(-0.03), BILLS), (DAYS[-20].date(), DAYS[-1].date()), [papers("silver")], LIGHT
    )
    later, bills = chart.figure["data"]
    assert points(later)[DAYS[-1].date()] == pytest.approx(-3.0)
    assert points(bills)[DAYS[-1].date()] == pytest.approx(4.0)
    assert "backwardation (below zero) on 20 of them" in chart.rule
