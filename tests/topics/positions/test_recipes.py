"""Positions and vaults as known on the day: on the record, whose numbers are the CFTC's, and on simulated data."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from analytics import evaluate
from analytics.clock.instants import NEW_YORK, end_of_day, to_micros
from analytics.errors import NotEnoughData, NotKnown
from analytics.ledger import Ledger
from analytics.recipe import Recipe
from analytics.sources.demo import quantities
from analytics.sources.demo.truths import size
from analytics.topics.positions import blocks, recipes
from analytics.view import DEFAULT
from tests.recorded import ledger_of_the_record

T = TypeVar("T")
OF_RECORD = [recipe for recipe in recipes.RECIPES if recipe is not recipes.TERM_STRUCTURE]
"""What the record has data for."""


def found(ledger: Ledger, recipe: Recipe[T], instant: dt.datetime) -> T:
    return evaluate.evaluator(ledger, replace(DEFAULT, as_of=instant), instant).finding(recipe)


@pytest.mark.market
@pytest.mark.parametrize(
    ("instant", "report", "net", "age"),
    [
        # CFTC, Disaggregated Commitments of Traders, futures and options combined, silver, reports of those days
        (dt.datetime(2025, 9, 26, 15, 30, tzinfo=NEW_YORK), "2025-09-23", 40_065, 3),
        (
            end_of_day(dt.date(2025, 11, 18)),
            "2025-09-23",
            40_065,
            56,
        ),  # eight weeks old, and nobody had a newer one
        (end_of_day(dt.date(2026, 1, 22)), "2026-01-13", 15_045, 9),
        (dt.datetime(2026, 1, 23, 15, 29, tzinfo=NEW_YORK), "2026-01-13", 15_045, 10),
        (dt.datetime(2026, 1, 23, 15, 30, tzinfo=NEW_YORK), "2026-01-20", 11_326, 3),
    ],
)
def test_managed_money_in_silver_as_it_was_known(record, instant, report, net, age):
    positioning = found(record, recipes.POSITIONING, instant)
    assert (str(positioning.report), positioning.groups[0].net, positioning.age) == (report, net, age)
    assert positioning.known_at <= instant


@pytest.mark.market
@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (
            end_of_day(dt.date(2025, 11, 18)),
            "Report of 23 Sep 2025, out on 26 Sep 2025 at 15:30 in New York: 56 days old, and no newer one was known.",
        ),
        (
            end_of_day(dt.date(2026, 1, 22)),
            "Report of 13 Jan 2026, out on 20 Jan 2026 at 15:30 in New York: 9 days old.",
        ),
        (
            dt.datetime(2026, 1, 23, 15, 30, tzinfo=NEW_YORK),
            "Report of 20 Jan 2026, out on 23 Jan 2026 at 15:30 in New York: 3 days old.",
        ),
    ],
)
def test_a_reader_is_told_which_report_was_known_and_how_old_it_was(record, instant, said):
    asked = evaluate.evaluator(record, replace(DEFAULT, as_of=instant), instant)
    assert blocks.dated(asked).text == said


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger from which all that became known after 18 November 2025 was taken away."""
    path = tmp_path_factory.mktemp("cut") / "ledger.sqlite"
    ledger_of_the_record(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        after = to_micros(end_of_day(dt.date(2025, 11, 18)))
        connection.execute("DELETE FROM observation WHERE known_at > ?", (after,))
    return path


@pytest.mark.market
@pytest.mark.parametrize("recipe", OF_RECORD, ids=lambda recipe: recipe.name)
def test_a_ledger_cut_at_the_day_has_the_same_data_and_the_same_sentence(record, cut, recipe):
    at = end_of_day(dt.date(2025, 11, 18))
    with closing(Ledger.at(cut)) as short:
        both = [evaluate.evaluator(ledger, replace(DEFAULT, as_of=at), at) for ledger in (record, short)]
        keys = recipe.keys(DEFAULT, at.date())
        hashes = {asked.panel(keys).sha256 for asked in both}
        found = [repr(asked.finding(recipe)) for asked in both]  # tables are in the hash
    assert len(hashes) == 1
    assert found[0] == found[1]


@pytest.mark.market
def test_on_the_day_of_the_article_the_price_had_doubled_and_speculation_fallen(record):
    at = end_of_day(dt.date(2026, 1, 23))
    asked = evaluate.evaluator(record, replace(DEFAULT, as_of=at), at)
    positioning = asked.finding(recipes.POSITIONING)
    assert positioning.known_at == dt.datetime(2026, 1, 23, 15, 30, tzinfo=NEW_YORK)
    assert positioning.divergence == "rising price, less speculation"
    assert positioning.price_change > 90
    first = positioning.groups[0]
    assert first.share == pytest.approx(100 * 11_326 / 244_012)
    assert (
        "managed money were net long 11,326 contracts of silver, 4.6% of open interest"
        in positioning.sentence
    )
    assert asked.provenance(recipes.POSITIONING)[0].source == "CFTC 084691"


@pytest.mark.market
def test_nobody_knew_the_groups_before_they_were_published(record):
    with pytest.raises(NotEnoughData):
        found(record, recipes.POSITIONING, end_of_day(dt.date(2009, 6, 1)))


@pytest.mark.market
def test_bitcoins_leveraged_short_stands_against_asset_managers(record):
    positioning = found(record, recipes.BITCOIN_POSITIONING, end_of_day(dt.date(2026, 1, 23)))
    by_name = {group.name: group for group in positioning.groups}
    assert positioning.groups[0].name == "asset managers"
    assert by_name["leveraged funds"].net < 0 < by_name["asset managers"].net


@pytest.mark.market
def test_vaults_as_counted_with_gold_absent(record):
    (silver,) = found(record, recipes.VAULTS, end_of_day(dt.date(2026, 1, 23)))
    assert (silver.metal, silver.day, silver.ounces) == (
        "silver",
        dt.date(2025, 12, 31),
        pytest.approx(894.357),
    )
    assert silver.known_at.date() == dt.date(2026, 1, 8)
    (before,) = found(record, recipes.VAULTS, end_of_day(dt.date(2026, 1, 7)))
    assert before.day == dt.date(2025, 11, 30)


@pytest.mark.parametrize(
    ("lead", "report"),
    [
        ("silver", "silver_positions"),
        ("gold_etf", "gold_positions"),
        ("copper", "copper_positions"),
        ("sp500", "silver_positions"),
    ],
)
def test_the_report_follows_the_lead(lead, report):
    assert recipes.report_of(replace(DEFAULT, lead=lead)) == report


def test_the_demo_has_all_of_it_and_its_planted_following(demo):
    now = end_of_day(dt.date(2026, 6, 5))
    positioning = found(demo, recipes.POSITIONING, now)
    assert sum(group.net for group in positioning.groups) == pytest.approx(
        0, abs=0.02 * positioning.open_interest
    )
    crowding = found(demo, recipes.CROWDING, now)
    assert size("managed money follows silver") > 0
    assert crowding.follows > 0.5
    assert {one.metal for one in found(demo, recipes.VAULTS, now)} == {"silver", "gold"}
    assert found(demo, recipes.BITCOIN_POSITIONING, now).groups[0].name == "asset managers"


def test_the_demo_has_its_planted_squeeze_and_its_usual_carry(demo):
    usual = found(demo, recipes.TERM_STRUCTURE, end_of_day(dt.date(2026, 6, 5)))
    assert usual.spread == pytest.approx(100 * quantities.CARRY, abs=0.1)
    assert not usual.backwardation
    squeezed = found(demo, recipes.TERM_STRUCTURE, end_of_day(dt.date(2025, 10, 20)))
    assert squeezed.spread == pytest.approx(100 * quantities.SQUEEZE, abs=0.1)
    assert squeezed.backwardation


@pytest.mark.market
def test_a_record_without_months_of_delivery_says_so(record):
    with pytest.raises(NotKnown, match="No two months of delivery"):
        found(record, recipes.TERM_STRUCTURE, end_of_day(dt.date(2026, 1, 23)))
