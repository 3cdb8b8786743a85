"""Net longs, shares, ranks and the price beside them, on made reports whose answers can be counted by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData
from analytics.topics.positions.measures.positioning import QUARTER, net_longs, positioning

GROUPS = {"managed": "managed money", "producers": "producers and users"}
KNOWN_AT = dt.datetime(2026, 1, 23, 20, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 1, 26)


def reports(net: np.ndarray, interest: float = 1_000.0, last: str = "2026-01-20") -> pd.DataFrame:
    days = pd.date_range(end=last, periods=len(net), freq="7D")
    held = {
        "managed_long": 300 + net,
        "managed_short": 300.0,
        "producers_long": 100.0,
        "producers_short": 100 + net,
    }
    return pd.DataFrame({"open_interest": interest, **held}, index=days)


def measured(table: pd.DataFrame, price: pd.Series | None = None):
    return positioning(table, GROUPS, price, market="silver", known_at=KNOWN_AT, day=DAY)


def test_a_net_long_is_long_less_short_over_open_interest():
    found = measured(reports(np.arange(60.0)))
    first, other = found.groups
    assert (first.name, first.long, first.short, first.net) == ("managed money", 359.0, 300.0, 59.0)
    assert first.share == pytest.approx(5.9)
    assert (other.net, other.share) == (-59.0, pytest.approx(-5.9))
    assert (first.week, first.quarter, first.percentile) == (1.0, 13.0, 100.0)
    assert other.percentile == pytest.approx(100 / 60)
    assert (found.report, found.age, found.n, found.open_interest) == (dt.date(2026, 1, 20), 6, 60, 1_000.0)
    assert found.known_at == KNOWN_AT


def test_what_the_groups_net_adds_up_to_nothing_where_all_are_counted():
    assert (net_longs(reports(np.arange(5.0)), GROUPS).sum(axis=1) == 0).all()


def test_the_price_is_the_last_close_up_to_the_day_of_the_report():
    table = reports(np.linspace(200.0, 100.0, 30))
    price = pd.Series(np.linspace(50.0, 100.0, 400), index=pd.bdate_range(end="2026-01-26", periods=400))
    price = price.drop(table.index[-1])  # no close on the very day: Monday's counts
    found = measured(table, price)
    assert found.weeks["price"].iloc[-1] == price["2026-01-19"]
    back = table.index[-1 - QUARTER]
    assert found.since == back.date()
    assert found.price_change == pytest.approx(100 * (price["2026-01-19"] / price[back] - 1))
    assert found.divergence == "rising price, less speculation"
    assert "while the price rose" in found.sentence


def test_falling_prices_with_more_speculation_are_named_and_small_moves_are_not():
    falling = pd.Series(np.linspace(100.0, 50.0, 400), index=pd.bdate_range(end="2026-01-26", periods=400))
    assert (
        measured(reports(np.linspace(0.0, 200.0, 30)), falling).divergence
        == "falling price, more speculation"
    )
    flat = pd.Series(100.0, index=falling.index)
    assert measured(reports(np.linspace(0.0, 200.0, 30)), flat).divergence == ""
    assert measured(reports(np.zeros(30)), falling).divergence == ""


def test_few_reports_have_no_rank_and_no_quarter():
    found = measured(reports(np.arange(QUARTER + 0.0)))
    assert np.isnan(found.groups[0].percentile)
    assert np.isnan(found.groups[0].quarter)
    assert (found.since, found.divergence) == (None, "")
    assert (
        found.sentence
        == "On 20 Jan 2026 managed money were net long 12 contracts of silver, 1.2% of open interest."
    )
    assert np.isnan(measured(reports(np.array([5.0]))).groups[0].week)


def test_a_group_that_is_short_is_said_to_be():
    found = measured(reports(np.full(60, -250.0)))
    assert found.sentence.startswith(
        "On 20 Jan 2026 managed money were net short 250 contracts of silver, 25.0% of open interest, 100% of"
    )


def test_without_a_price_nothing_is_said_of_it():
    found = measured(reports(np.arange(60.0)))
    assert np.isnan(found.price_change)
    assert "price" not in found.sentence
    assert found.weeks["price"].isna().all()


def test_no_report_is_not_enough():
    with pytest.raises(NotEnoughData, match="positions in silver"):
        measured(reports(np.array([])))
