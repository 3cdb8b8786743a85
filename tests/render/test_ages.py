"""Never an old number as today's: a card says the day of what it rests on, and is greyed where that is older than it may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.clock.instants import end_of_day
from analytics.errors import AnalyticsError, InputError, MeasureError
from analytics.evaluate import Evaluator, evaluator
from analytics.ledger import Ledger
from analytics.panel import Papers
from analytics.render.cards import NOTHING_NEWER, Card
from analytics.render.exhibits import Block, Chart
from analytics.render.source_line import sources
from analytics.render.words import day
from analytics.report.sections import SECTIONS
from analytics.topics.pair import blocks as pair
from analytics.topics.pair import recipes as pair_recipes
from analytics.topics.rate_path import blocks as rates
from analytics.topics.rate_path import recipes as rate_recipes
from analytics.topics.rate_path.measures.complete_day import complete_day
from analytics.view import DEFAULT
from tests.few_draws import few_draws
from tests.render.drawn import said

LAST = dt.date(2026, 7, 20)
"""The ledgers end on 5 June 2026: from then on everything gets older every day."""
DAYS = pd.date_range("2015-01-01", "2026-06-05")
OLD = pd.date_range("2026-06-20", LAST)

SLACK = dt.timedelta(days=7)
"""Weeks end on Fridays, and common days lag by a holiday."""


def asked(ledger: Ledger, on: dt.date) -> Evaluator:
    return evaluator(ledger, replace(DEFAULT, as_of=end_of_day(on)), end_of_day(LAST))


def drawn(seed: int) -> list[dt.date]:
    """Six days of the record, holidays and weekends among them, and two after its end."""
    random = np.random.default_rng(seed)
    return [
        pd.Timestamp(stamp).date()
        for days, n in ((DAYS, 6), (OLD, 2))
        for stamp in random.choice(days, n, replace=False)
    ]


def holds(card: Card, newest: pd.Timestamp, stale: bool) -> None:
    """The card's day is the newest of what it rests on, and it is greyed exactly where that is stale."""
    said = card.note.split(" · ")
    assert said[0] == day(newest.date()), card
    assert card.stale == stale, card
    assert (NOTHING_NEWER in said) == stale, card


def ages(asks: Evaluator) -> list[bool]:
    """Every card of the day held to its series; gives which are stale."""
    keys = list(pair_recipes.SNAPSHOTS.keys(asks.view, asks.day))
    held = asks.panel(keys)
    cards = pair.metric_cards(asks)
    both = held.pair("silver", "bitcoin") if {"silver", "bitcoin"} <= set(held.columns) else None
    rests = {"silver": ("silver",), "bitcoin": ("bitcoin",), "ratio": ("silver", "bitcoin")}
    shown = [
        *rests,
        *(key for key in keys if key not in rests and key in asks.finding(pair_recipes.SNAPSHOTS)),
    ]
    assert len(shown) == len(cards)
    for key, one in zip(shown, cards, strict=True):
        newest = both.index[-1] if key == "ratio" else held.columns[key].index[-1]
        holds(one, newest, any(held.papers[part].stale for part in rests.get(key, (key,))))
    return [one.stale for one in cards]


def priced_ages(asks: Evaluator) -> bool | None:
    """The Fed's card held to the contracts; None where there is none."""
    try:
        one = rates.priced_card(asks)
    except (MeasureError, InputError):
        return None
    if one.label.startswith("Priced"):
        newest = complete_day(asks.finding(rate_recipes.RATE_INPUTS).prices, asks.day).day
        assert one.note.split(" · ")[0] == day(newest)
        assert asks.day - newest <= dt.timedelta(days=7)
    assert (NOTHING_NEWER in one.note) == one.stale
    return one.stale


@pytest.mark.market
@pytest.mark.parametrize("seed", range(2))
def test_no_card_of_the_record_is_older_than_it_says(seed, newcomer):
    days = drawn(seed)
    stale = {on: ages(asked(newcomer, on)) for on in days}
    assert all(any(stale[on]) for on in days[-2:])
    assert not any(priced_ages(asked(newcomer, on)) for on in days)


def test_no_card_of_the_demo_is_older_than_it_says(demo):
    for on in drawn(3):
        asks = asked(demo, on)
        assert not any(ages(asks))  # simulated prices are never stale
        priced_ages(asks)


@pytest.mark.market
def test_a_card_of_the_fed_goes_grey_and_then_away(newcomer):
    """The last contracts are of Friday, 5 June: on the 12th they are a week old, on the 13th they say nothing of the day."""
    assert priced_ages(asked(newcomer, dt.date(2026, 6, 8))) is False
    assert priced_ages(asked(newcomer, dt.date(2026, 6, 12))) is True
    assert priced_ages(asked(newcomer, dt.date(2026, 6, 13))) is None


def test_a_card_is_greyed_only_where_it_is_stale():
    fresh = Card("Silver", "68", "+1%", "5 Jun 2026", [])
    assert fresh.aged(False) == fresh
    assert fresh.aged(True).note == "5 Jun 2026 · nothing newer"


def blocks(asks: Evaluator) -> Iterator[tuple[str, Block]]:
    """Whatever the pages, the brief and the bundle show, as far as the day knows it."""
    for section in SECTIONS:
        try:
            yield from ((section.key, one) for one in section.blocks(asks))
        except AnalyticsError:  # says why in its place
            continue


def words_of(one: Block) -> str:
    texts = (getattr(one, name, "") for name in ("reading", "title", "sentence", "rule", "text"))
    return " ".join([*texts, sources(one.papers)])


def drawn_to(one: Block) -> dt.date | None:
    """The last day that a chart through time shows."""
    if not isinstance(one, Chart) or not isinstance(one.rows.index, pd.DatetimeIndex):
        return None
    return one.rows.dropna(how="all").index[-1].date()


def every_block_says_its_day(asks: Evaluator) -> int:
    n = 0
    for key, one in blocks(asks):
        known = [paper.last for paper in one.papers if isinstance(paper, Papers)]
        dates = set(said(words_of(one)))
        assert dates or len(known) < len(one.papers), f"{key} has no date: {words_of(one)}"
        last = drawn_to(one)
        if last is not None and known and last < min(known) - SLACK:
            assert last in dates, f"{key} ends {last}, its series on {min(known)}, and does not say so"
        n += 1
    return n


@pytest.mark.market
def test_no_block_of_the_record_is_older_than_it_says(newcomer):
    """A stale series says so in the line of sources; a picture that ends before its series says where."""
    with few_draws():
        assert every_block_says_its_day(asked(newcomer, drawn(5)[0])) > 60


def test_no_block_of_the_demo_is_older_than_it_says(demo):
    with few_draws():
        assert every_block_says_its_day(asked(demo, drawn(6)[0])) > 60
