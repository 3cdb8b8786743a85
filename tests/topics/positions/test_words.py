"""Sentences about positions: each says what its numbers say, and no more."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.topics.positions import words
from analytics.topics.positions.measures.crowding import Crowding
from analytics.topics.positions.measures.following import Following
from analytics.topics.positions.measures.vaults import vaults
from tests.topics.positions.made import BITCOIN, CLOSES, LAST, measured

FALLING = np.linspace(200.0, 40.0, 60)


def test_rising_price_with_less_speculation_is_said_with_both_numbers():
    found = measured(FALLING)
    assert words.answer(found) == (
        f"Silver rose {found.price_change:.0f}% in the 13 weeks to 23 Sep 2025 while managed money's net long shrank from 7.5% to 4.0% "
        "of open interest."
    )
    fell = measured(FALLING[::-1], price=CLOSES[::-1].set_axis(CLOSES.index))
    assert "Silver fell" in words.answer(fell)
    assert "net long grew from 16% to 20%" in words.answer(fell)


def test_otherwise_the_rank_is_said():
    assert words.answer(measured(np.arange(60.0))) == (
        "Managed money: net long 5.9% of open interest in silver: more than in 100% of reports so far."
    )
    assert (
        words.answer(measured([-20.0, -30.0])) == "Managed money: net short 3.0% of open interest in silver."
    )


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (LAST + dt.timedelta(days=3), ": 3 days old."),
        (LAST + dt.timedelta(days=1), ": 1 day old."),
        (dt.date(2025, 11, 18), ": 56 days old, and no newer one was known."),
    ],
)
def test_the_report_its_release_and_its_age_stand_together(day, said):
    line = words.dated(measured(FALLING, day=day))
    assert line == f"Report of 23 Sep 2025, out on 26 Sep 2025 at 15:30 in New York{said}"


def test_who_stood_against_is_named():
    assert words.other_side(measured(FALLING)) == (
        "On the other side of managed money (net long 4.0%): swap dealers (net short 4.0%)."
    )
    assert words.other_side(measured([0.0])) == (
        "No other group of large traders stood against managed money's net position."
    )


def test_the_basis_trade_is_named_where_it_is_one():
    held = measured([250.0], groups=BITCOIN, market="Bitcoin")
    assert words.basis(held) == (
        "The basis trade: leveraged funds are net short 25% of open interest in Bitcoin, asset managers net long 25%."
    )
    assert words.basis(measured([-250.0], groups=BITCOIN, market="Bitcoin")).startswith(
        "Leveraged funds are net long 25%"
    )


@pytest.mark.parametrize(
    ("correlation", "said"),
    [
        (0.7, "Managed money's net long moves closely with silver's price, week by week: correlation 0.70."),
        (-0.3, "Managed money's net long moves against silver's price, week by week: correlation −0.30."),
        (0.1, "Managed money's weekly moves barely go with silver's price: correlation 0.10."),
    ],
)
def test_following_is_said_by_its_size(correlation, said):
    assert words.follows(Following("managed money", "silver", correlation, 100, pd.DataFrame())) == said


def test_separate_quarters_are_counted_in_the_sentence():
    found = Crowding("managed money", 800, 200, 35, 0.6, -2.0, 37.0, 0.5, 1_000, False, "", pd.DataFrame())
    assert words.after_crowded(found, "silver") == (
        "In the quarter after a crowded report silver moved +0.6% on average, after others −2.0%: 35 separate quarters."
    )


def test_vaults_say_how_they_moved_over_what_is_known():
    months = pd.Series(
        np.linspace(800_000.0, 930_000.0, 14), pd.date_range("2025-01-31", periods=14, freq="ME")
    )
    known = dt.datetime(2026, 3, 6, 13, 0, tzinfo=dt.UTC)
    year, month, first = (vaults(months.iloc[:n], "silver", known) for n in (14, 3, 1))
    gold = vaults(months / 3, "gold", known)
    assert words.vaults((year, gold)) == (
        "London's vaults: 930 million ounces of silver on 28 Feb 2026, 120 million more than a year before; gold 310 million."
    )
    assert words.vaults((month,)).endswith(
        "820 million ounces of silver on 31 Mar 2025, 10 million more than a month before."
    )
    assert words.vaults((first,)) == "London's vaults: 800 million ounces of silver on 31 Jan 2025."
