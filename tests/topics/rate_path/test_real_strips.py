"""Real strips with months missing: what the others still pin moves by no more than the printed residuals can say."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analytics.errors import NotPriced
from analytics.topics.rate_path.measures.rate_path import RatePath, rate_path
from tests.recorded import MARKET
from tests.topics.rate_path.test_rate_path import known

pytestmark = pytest.mark.market
SIDES = ("start", "end")
RANGE = (0.0, 0.25)
"""What is solved is the rate; the range takes no part in it."""


@cache
def strips() -> dict[dt.date, dict[dt.date, float]]:
    """Every recorded day's contracts."""
    if not (MARKET / "zq_contracts.csv").exists():
        pytest.skip("no recorded market data beside the checkout")
    table = pd.read_csv(MARKET / "zq_contracts.csv")
    table["month"] = [dt.date.fromisoformat(f"{month}-01") for month in table["month"]]
    return {
        dt.date.fromisoformat(day): dict(zip(rows["month"], rows["price"], strict=True))
        for day, rows in table.groupby("date")
    }


def solved(prices: dict[dt.date, float], day: dt.date) -> RatePath:
    return rate_path(prices, known(day), day, RANGE)


def rates(path: RatePath) -> dict[tuple[dt.date, str], float]:
    """The rate before and after each meeting, where it is known [%]."""
    both = {(one.date, side): getattr(one, side) for one in path.meetings for side in SIDES}
    return {place: rate for place, rate in both.items() if rate is not None}


def without_residuals(prices: dict[dt.date, float], path: RatePath) -> dict[dt.date, float]:
    """The strip in which every contract agrees with the path that the others pin."""
    missed = {one.month: one.residual_bp for one in path.months if one.residual_bp is not None}
    return {month: price + missed.get(month, 0.0) / 100 for month, price in prices.items()}


def allowed(
    real: dict[dt.date, float], agreed: dict[dt.date, float], day: dt.date
) -> dict[tuple[dt.date, str], float]:
    """How far the residuals of these contracts can move each rate, all of them against it [% points]."""
    base = rates(solved(agreed, day))
    sums = dict.fromkeys(base, 0.0)
    for month, price in real.items():
        if price != agreed[month]:
            moved = rates(solved({**agreed, month: price}, day))
            sums = {place: total + abs(moved[place] - base[place]) for place, total in sums.items()}
    return sums


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_dropping_real_contracts_moves_what_the_others_pin_by_their_residuals_at_most(data):
    day = data.draw(st.sampled_from(sorted(strips())))
    prices = strips()[day]
    whole = solved(prices, day)
    dropped = data.draw(st.sets(st.sampled_from(sorted(prices)), max_size=len(prices) - 1))
    left = {month: price for month, price in prices.items() if month not in dropped}
    try:
        found = rates(solved(left, day))
    except NotPriced:
        assume(False)
    agreed = {month: price for month, price in without_residuals(prices, whole).items() if month in left}
    most, before = allowed(left, agreed, day), rates(whole)
    assert found.keys() == most.keys()
    for place, rate in found.items():
        if place in before:
            assert abs(rate - before[place]) <= most[place] + 1e-9, (day, place, sorted(dropped))


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_as_long_as_both_pins_of_a_meeting_stand_nothing_else_moves_it(data):
    """The months without a meeting stay, any others go."""
    day = data.draw(st.sampled_from(sorted(strips())))
    prices = strips()[day]
    whole = solved(prices, day)
    free = {one.month for one in whole.months if one.pinned}
    others = sorted(set(prices) - free)
    assume(free and others)
    dropped = data.draw(st.sets(st.sampled_from(others)))
    left = solved({month: price for month, price in prices.items() if month not in dropped}, day)
    found = rates(left)
    pinned = {
        (one.date, side)
        for one in left.meetings  # a strip ends with its last contract
        for side, month in (("start", -1), ("end", 1))
        if (pd.Timestamp(one.date).to_period("M") + month).to_timestamp().date() in free
    }
    before = rates(whole)
    assert {place: found[place] for place in pinned & before.keys()} == {
        place: before[place] for place in pinned & before.keys()
    }
