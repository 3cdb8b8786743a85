from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.published import silver, thresholds
from analytics.topics.silver_market.measures.silver_balance import mine_and_price, silver_balance
from analytics.topics.silver_market.measures.silver_readings import (
    cover_ratio,
    deficit_years,
    gap_spans,
    industrial_growth,
    supply_gap,
)
from analytics.topics.silver_market.measures.silver_stocks import Cover, silver_cover

BEFORE, ARTICLE, TODAY = dt.date(2025, 1, 1), dt.date(2026, 1, 23), dt.date(2026, 10, 31)
SURVEY_2025, SURVEY_2026 = (
    next(v for v in silver.vintages() if v.key == key) for key in ("survey_2025", "survey_2026")
)


def edited(vintage, item, values):
    """A print with other figures of one item."""
    figures = tuple(
        dataclasses.replace(f, value=values[f.year]) if f.item == item and f.year in values else f
        for f in vintage.figures
    )
    return dataclasses.replace(vintage, figures=figures)


def test_on_the_article_s_day_the_november_print_is_known_and_nothing_later():
    found = silver_balance(ARTICLE)
    assert found.latest.key == "interim_2025"
    assert {f.year: f.value for f in found.balances}[2025] == -95.0
    assert all(f.printed <= ARTICLE for f in found.balances)
    assert max(f.year for f in found.balances) == 2025
    assert -40.3 not in {f.value for f in found.balances}
    assert found.sentence == (
        "2024 was short by 148.9 million ounces; 2025 was expected to be short by about 95 million ounces "
        "(printed Apr 2025 and Nov 2025)."
    )


def test_today_the_survey_of_april_2026_is_known():
    found = silver_balance(TODAY)
    assert {f.year: f.value for f in found.balances}[2025] == -40.3
    assert found.sentence == (
        "2025 was short by 40.3 million ounces; 2026 was expected to be short by 46.3 million ounces "
        "(printed Apr 2026)."
    )


def test_before_the_first_print_nothing_is_measurable_and_it_says_so():
    found = silver_balance(BEFORE)
    for claim in (16, 17, 18, 21, 22):
        assert found.reading(claim).value is None
        assert found.reading(claim).sentence.startswith("Not measurable")
    assert found.reading(19).value == 0
    assert (found.balances, found.latest, found.survey, found.silver_cover) == ((), None, None, None)
    assert "No balance of the silver market had been published by 1 Jan 2025" in found.sentence


@pytest.mark.parametrize(("day", "years"), [(dt.date(2025, 5, 1), 4), (ARTICLE, 4), (TODAY, 5)])
def test_claim_16_counts_completed_years_of_deficit(day, years):
    found = silver_balance(day).deficit_years
    assert (found.value, found.unit) == (years, thresholds.get(16).unit)
    assert found.secondary
    assert found.value >= thresholds.get(16).delta


def test_claim_16_stops_at_a_surplus_and_leaves_forecasts_out():
    assert deficit_years(edited(SURVEY_2026, "balance", {2023: 4.0})).value == 2
    assert deficit_years(edited(SURVEY_2026, "balance", {2025: 4.0})).value == 0
    assert deficit_years(edited(SURVEY_2026, "balance", {2026: 400.0})).value == 5
    # All that is carried of the 2025 survey are deficits: how far back the run goes is in its own words.
    assert deficit_years(SURVEY_2025).value == 4
    assert "by the survey's own words" in deficit_years(SURVEY_2025).sentence
    assert deficit_years(edited(SURVEY_2025, "balance", {2023: 1.0})).value == 1


def test_claim_17_is_not_measurable_without_a_gold_figure():
    found = silver_balance(TODAY).cover_ratio
    assert found.value is None
    assert "no published figure of gold's stocks and demand is carried" in found.sentence
    assert "1.8 years of the demand of 2025" in found.sentence


def test_claim_17_with_a_gold_figure():
    gold = Cover(
        years=20.0,
        stock=1.0,
        demand=1.0,
        day=TODAY,
        places=("all",),
        sentence="Gold's.",
        sources=("a publisher",),
    )
    found = cover_ratio(silver_cover(TODAY), gold)
    assert found.value == pytest.approx(20 / (2017.1 / 1130.6))
    assert found.sources[0] == "a publisher"
    assert cover_ratio(None, gold).value is None


def test_silver_s_cover_counts_every_ounce_once():
    found = silver_cover(TODAY)
    assert found.stock == pytest.approx(894.4 + 449.4 + 24.9 + 22.2 + 3.6 + 1317.6 - 695.0)
    assert (found.demand, found.day) == (1130.6, dt.date(2025, 12, 31))
    then = silver_cover(ARTICLE)
    assert (then.stock, then.places, then.day) == (764.9, ("london",), dt.date(2025, 6, 30))
    assert "not published by then: CME, Shanghai Gold Exchange" in then.sentence
    assert "the demand forecast for 2025" in then.sentence
    assert silver_cover(dt.date(2025, 5, 1)) is None  # demand was known, no stock was


def test_claim_18_is_the_by_product_share_from_the_day_that_it_was_printed():
    assert silver_balance(dt.date(2025, 4, 15)).byproduct.value is None
    found = silver_balance(dt.date(2025, 4, 16)).byproduct
    assert found.value == 72.0 > thresholds.get(18).delta
    assert "is not tested" in found.sentence


@pytest.mark.parametrize(
    ("day", "lists"),
    [(dt.date(2025, 8, 26), 0), (dt.date(2025, 11, 6), 0), (dt.date(2025, 11, 7), 1), (TODAY, 1)],
)
def test_claim_19_counts_final_lists_and_no_draft(day, lists):
    found = silver_balance(day).listings
    assert found.value == lists
    assert len(found.sources) == lists


def test_claim_21_compares_five_years_of_one_survey():
    found = supply_gap(SURVEY_2026)
    assert found.value == pytest.approx(100 * (1090.4 / 981.6 - 1130.6 / 929.0))
    assert found.value < thresholds.get(21).delta
    assert "From 2020 to 2025 supply grew 10.6 points less than demand" in found.sentence
    spans = gap_spans(SURVEY_2026)
    assert list(spans) == list(range(2017, 2025))
    assert spans[2020] == found.value
    assert spans[2022] > 0 > spans[2017]  # one base year can decide the sign
    assert silver_balance(TODAY).spans == spans


def test_claims_21_and_22_say_which_figure_of_the_print_then_is_not_carried():
    then = silver_balance(ARTICLE)
    assert then.survey.key == "survey_2025"
    assert then.supply_gap.value is None
    assert (
        "World Silver Survey 2025's completed supply and demand is not carried here"
        in then.supply_gap.sentence
    )
    assert then.industrial.value is None
    assert "industrial demand of 2023" in then.industrial.sentence


def test_claim_22_is_the_smaller_of_two_changes():
    found = industrial_growth(SURVEY_2026)
    assert found.value == pytest.approx(100 * (657.4 / 679.0 - 1))
    assert "-3.2% in 2025 and -2.7% in 2026 (forecast)" in found.sentence
    assert industrial_growth(edited(SURVEY_2026, "industrial", {2025: 700.0})).value == pytest.approx(
        100 * (639.6 / 700 - 1)
    )
    without = dataclasses.replace(
        SURVEY_2026,
        figures=tuple(f for f in SURVEY_2026.figures if not (f.item == "industrial" and f.forecast)),
    )
    assert industrial_growth(without).value == found.value


def test_the_balance_with_funds_takes_both_from_one_print():
    found = silver_balance(TODAY).with_funds
    assert found[2025] == pytest.approx(-40.3 - 278.1)
    assert found[2022] == pytest.approx(-254.0 + 117.4)
    assert silver_balance(ARTICLE).with_funds == {}


def test_mine_output_beside_price():
    days = pd.bdate_range("2018-06-01", "2025-12-31")
    closes = pd.Series(np.where(days.year == 2020, 30.0, 20.0), index=days)
    found = mine_and_price(SURVEY_2026, closes, TODAY)
    assert list(found.index) == list(range(2018, 2026))
    assert found.loc[2020, "mine"] == pytest.approx(100 * (790.3 / 837.3 - 1))
    assert found.loc[2020, "price"] == pytest.approx(50.0)
    assert np.isnan(found.loc[2018, "price"])
    assert np.isnan(found.loc[2019, "price"])  # 2018 is not whole
    assert mine_and_price(None, closes, TODAY).empty
    assert mine_and_price(SURVEY_2026, None, TODAY)["price"].isna().all()


def test_every_reading_has_its_claim_s_unit_and_a_source_where_it_has_a_value():
    found = silver_balance(TODAY)
    for claim in (16, 17, 18, 19, 21, 22):
        reading = found.reading(claim)
        assert reading.claim == claim
        assert reading.unit == thresholds.get(claim).unit
        assert reading.sources or reading.value is None
        assert reading.sentence.endswith(".")


def test_nothing_printed_later_changes_an_earlier_view(monkeypatch):
    before = silver_balance(ARTICLE)
    kept = tuple(v for v in silver.vintages() if v.printed <= ARTICLE)
    monkeypatch.setattr(silver, "vintages", lambda: kept)
    assert silver_balance(ARTICLE).balances == before.balances
    assert silver_balance(ARTICLE).deficit_years == before.deficit_years
