"""Weekly changes against the price's, on weeks whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData
from analytics.topics.positions.measures.following import FEWEST, following, weekly

DAYS = pd.date_range("2024-01-02", periods=60, freq="7D")
MOVES = np.random.default_rng(3).standard_normal(60)
PRICE = pd.Series(30 * np.exp(0.02 * MOVES.cumsum()), DAYS)


def ask(share: pd.Series, price: pd.Series = PRICE):
    return following(share, price, group="managed money", market="silver")


def test_a_group_that_buys_what_rises_follows_it_and_one_that_sells_does_the_reverse():
    share = pd.Series(2 * MOVES.cumsum(), DAYS)
    assert ask(share).correlation == pytest.approx(1.0)
    assert ask(-share).correlation == pytest.approx(-1.0)
    assert ask(share).n == 59


def test_a_week_is_counted_where_both_are_known():
    price = PRICE.copy()
    price.iloc[10] = np.nan
    table = weekly(pd.Series(np.arange(60.0), DAYS), price)
    assert (len(table), set(table["change"])) == (57, {1.0})
    assert table["return"].iloc[0] == pytest.approx(2 * MOVES[1])


def test_too_few_weeks_say_so():
    with pytest.raises(NotEnoughData, match="weekly positions beside the price of silver"):
        ask(pd.Series(MOVES[:FEWEST], DAYS[:FEWEST]))
