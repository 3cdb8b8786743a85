"""The rate path of whoever installs today: expired contracts are gone, and every number is still of its day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.clock.instants import end_of_day
from analytics.errors import NotPriced
from analytics.evaluate import Evaluator, evaluator
from analytics.ledger import Ledger
from analytics.render.words import day
from analytics.topics.claims import recipes as claims
from analytics.topics.rate_path import blocks, recipes
from analytics.topics.rate_path.measures.rate_through_time import year_end_line
from analytics.view import ARTICLE, DEFAULT
from tests.recorded import TODAY

pytestmark = pytest.mark.market
FAR = pd.Timestamp("2027-01-01")


def asked(ledger: Ledger, on: dt.date, **choices: str) -> Evaluator:
    return evaluator(ledger, replace(DEFAULT, as_of=end_of_day(on), **choices), end_of_day(TODAY))


def test_the_day_of_the_article_is_known_without_its_own_contracts(newcomer):
    asks = asked(newcomer, ARTICLE)
    found = asks.finding(recipes.RATE_PATH)
    assert found.now.as_of == ARTICLE
    assert found.year_end.bp == pytest.approx(-44.0, abs=0.05)
    assert found.now.observed.rate == pytest.approx(3.64)
    story = asks.finding(recipes.RATE_STORY)
    assert story.year_end.bp == pytest.approx(-44.0, abs=0.05)
    assert story.second_half.cuts == pytest.approx(1.0, abs=0.005)
    assert blocks.reading(asks, found) == (
        "The market prices 1.76 cuts by the end of 2026, from 3.50–3.75% (23 Jan 2026)."
    )


def test_with_every_contract_the_near_ones_determine_the_start(record):
    found = asked(record, ARTICLE).finding(recipes.RATE_PATH)
    assert found.now.observed is None
    assert found.year_end.bp == pytest.approx(-44.1, abs=0.05)


def test_claims_10_and_11_are_answered_on_the_first_day(newcomer):
    ledger = asked(newcomer, ARTICLE).finding(claims.CLAIMS)
    answered = {one.id: one for one in ledger.claims if one.id in (10, 11)}
    assert answered[10].value == pytest.approx(-44.0, abs=0.05)
    assert answered[11].value == pytest.approx(1.0, abs=0.005)
    assert not answered[10].reason


def test_the_line_has_a_value_on_every_day_on_which_the_far_contract_traded(newcomer):
    asks = asked(newcomer, TODAY)
    prices = asks.finding(recipes.RATE_INPUTS).prices
    line = year_end_line(asks.finding(recipes.RATE_HISTORY), 2026)
    traded = prices.index[prices[FAR].notna() & prices[FAR + pd.offsets.MonthBegin()].notna()]
    assert len(traded) > 190
    assert line[traded].notna().all()
    assert year_end_line(asks.finding(recipes.RATE_HISTORY), 2025).isna().all()


def test_a_year_that_nothing_pins_gives_way_to_the_next_and_says_why(newcomer):
    asks = asked(newcomer, dt.date(2025, 9, 17))
    found = asks.finding(recipes.RATE_PATH)
    assert found.year == 2026
    assert "the meeting of 2025-12-10" in found.running.why
    assert found.now.observed.rate == pytest.approx(4.08)
    assert found.now.observed.announced == -0.25
    assert "by the end of 2026" in blocks.reading(asks, found)
    assert blocks.reading(asks, found).endswith("(17 Sep 2025). The end of 2025 is not known.")
    with pytest.raises(NotPriced, match="Move gives those that are known by themselves"):
        blocks.odds_map(asks)
    moves = asked(newcomer, dt.date(2025, 9, 17), odds="meeting")
    assert blocks.odds_map(moves).rows.notna().any(axis=None)
    assert blocks.priced_card(asks).label == "Priced by Dec 2026"
    chosen = asked(newcomer, dt.date(2025, 9, 17), year="2025").finding(recipes.RATE_PATH)
    assert (chosen.year, chosen.year_end.moves, chosen.running) == (2025, None, None)
    assert chosen.unchosen == 2026


def test_an_earlier_day_on_which_nothing_is_known_says_why(newcomer):
    far = asked(newcomer, TODAY, compare="2012-03-05")
    found = far.finding(recipes.RATE_PATH)
    assert found.then is None
    assert blocks.no_comparison(far).startswith(
        "No change is shown: nothing is priced for 5 Mar 2012. No fed funds"
    )
    assert "change" not in blocks.odds_map(far).reading
    expired = asked(newcomer, dt.date(2026, 4, 10), compare="2025-09-17")
    assert "do not determine these odds" in blocks.no_comparison(expired)
    assert "change" not in blocks.odds_map(expired).reading
    month = asked(newcomer, TODAY)
    assert blocks.no_comparison(month) == ""
    assert "change in points since 5 May 2026" in blocks.odds_map(month).reading


def test_the_inputs_name_prices_day_range_and_rate(newcomer):
    found = blocks.inputs(asked(newcomer, ARTICLE))
    assert "Closes of 23 Jan 2026" in found.title
    assert "3.50–3.75% · effective rate of 22 Jan 2026: 3.64%, the path starts from it" in found.rule
    row = found.rows.loc["Feb 2027"]
    assert row["price"] == pytest.approx(100 - row["average %"])
    assert row["contract"] == "ZQG27.CBT"


def test_the_dots_have_their_vintages_where_they_are_held(demo):
    asks = evaluator(demo, DEFAULT, end_of_day(TODAY))
    found = blocks.dots(asks)
    days = [dt.datetime.strptime(text, "%d %b %Y").date() for text in found.rows.index]
    assert days == sorted(days, reverse=True)
    assert len(days) == 4
    assert all(one.month in (3, 6, 9, 12) and one <= TODAY for one in days)
    assert f"as known on {day(days[0])}" in found.title


def test_the_newest_dots_alone_say_what_more_would_take(newcomer):
    found = blocks.dots(asked(newcomer, TODAY))
    assert len(found.rows) == 1
    assert "FRED gives earlier vintages to those who have a key" in found.rule
    with pytest.raises(NotPriced, match="need a key"):
        blocks.dots(asked(newcomer, ARTICLE))


@pytest.mark.parametrize("seed", range(3))
def test_the_card_is_of_the_day_of_the_path_or_not_there(newcomer, seed):
    days = pd.bdate_range("2025-06-05", TODAY)
    for stamp in np.random.default_rng(seed).choice(days, 8, replace=False):
        asks = asked(newcomer, pd.Timestamp(stamp).date())
        found = asks.finding(recipes.RATE_PATH)
        assert asks.day - found.now.as_of <= dt.timedelta(days=7)
        if found.year_end.moves is None:
            with pytest.raises(NotPriced, match="gives the rate after the meeting"):
                blocks.priced_card(asks)
            continue
        card = blocks.priced_card(asks)
        assert card.note == day(found.now.as_of)
        assert card.spark[-1] == pytest.approx(found.year_end.bp)
        assert str(found.year) in card.label


def lagging(inputs: recipes.Inputs, after: int) -> recipes.Inputs:
    prices = inputs.prices.copy()
    ahead = prices.columns >= prices.index[-1].replace(day=1)
    prices.loc[prices.index[-1], prices.columns[ahead][after:]] = np.nan
    return replace(inputs, prices=prices)


def test_a_day_on_which_some_months_came_does_not_turn_the_path_over(newcomer):
    inputs = asked(newcomer, TODAY).finding(recipes.RATE_INPUTS)
    before = recipes.path_on(inputs, dt.date(2026, 6, 4))
    for came in (1, 3):
        assert recipes.path_on(lagging(inputs, came), TODAY) == replace(before)


def test_a_row_of_a_saturday_is_no_day(newcomer):
    asks = asked(newcomer, TODAY)
    question = recipes.Question(
        asks.view, asks.panel(recipes.keys(asks.view, TODAY)), asks.window, asks.finding
    )
    column = question.panel.columns["zq_2026_07"]
    saturday = pd.concat([column, pd.Series([95.0], index=[pd.Timestamp("2026-06-06")])])
    panel = replace(question.panel, columns={**question.panel.columns, "zq_2026_07": saturday})
    assert recipes.read_inputs(replace(question, panel=panel)).prices.index[-1] == pd.Timestamp(TODAY)


def test_the_score_stands_on_the_first_day(newcomer):
    asks = asked(newcomer, TODAY)
    found = asks.finding(recipes.RATE_SCORE)
    assert [one.horizon for one in found.horizons] == [1, 30, 90, 180]
    assert min(one.n for one in found.horizons) >= 100
    assert max(one.from_record for one in found.horizons) >= 100
    assert all(one.last <= TODAY for one in found.horizons)
    chart = blocks.reliability(asks)
    assert "from the published record of odds (whole percents" in chart.rule
    assert found.horizons[0].against_no_change.high < 0
    then = asked(newcomer, ARTICLE).finding(recipes.RATE_SCORE)
    assert [one.n >= 100 for one in then.horizons[:3]] == [True] * 3
    assert max(one.last for one in then.horizons) < ARTICLE


def test_a_rounded_record_moves_no_score_by_a_hundredth(newcomer, record):
    rounded, exact = (asked(ledger, ARTICLE).finding(recipes.RATE_SCORE) for ledger in (newcomer, record))
    assert all(one.from_record == 0 for one in exact.horizons)
    for one, other in zip(rounded.horizons, exact.horizons, strict=True):
        assert one.n == other.n
        assert one.market.mean == pytest.approx(other.market.mean, abs=0.005)


def test_the_score_says_both_with_and_without_the_moves_outside_the_calendar(newcomer):
    found = asked(newcomer, TODAY).finding(recipes.RATE_SCORE)
    first = found.horizons[0]
    assert first.unscheduled == 2  # 3 and 15 March 2020
    assert first.market_with == pytest.approx((first.n * first.market.mean + 4) / (first.n + 2))
    assert "The 2 moves outside the calendar had no odds and are not scored" in found.sentence


def test_without_any_contract_the_score_stands_on_the_record(newcomer):
    asks = asked(newcomer, TODAY)
    keys = recipes.keys(asks.view, TODAY)
    panel = asks.panel([key for key in keys if not key.startswith("zq_")])
    question = recipes.Question(
        asks.view, panel, asks.window, lambda name, view=None: recipes.read_inputs(question)
    )
    assert recipes._score(question).horizons[0].from_record >= 100
    with pytest.raises(NotPriced, match="import zq"):
        recipes.read_inputs(question)


def test_where_no_contract_is_held_the_card_says_that_it_is_coarse(newcomer):
    card = blocks.priced_card(asked(newcomer, dt.date(2015, 6, 1)))
    assert card.label == "Fed, coarse"
    assert card.note in ("29 May 2015", "28 May 2015")
