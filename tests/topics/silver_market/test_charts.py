"""The Silver market page's figures: what they draw, what they say, and whose numbers they are."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotPublished
from analytics.render.chart import SIMULATED
from analytics.render.export import chart_page, csv_with_papers
from analytics.render.theme import DARK, LIGHT
from analytics.topics.silver_market.charts import silver_market as charts
from analytics.topics.silver_market.charts import silver_stocks, silver_supply
from analytics.topics.silver_market.measures.silver_balance import silver_balance
from analytics.topics.silver_market.measures.silver_prints import silver_prints
from analytics.topics.silver_market.measures.silver_stocks import visible_stocks
from tests.render.conftest import papers
from tests.render.drawn import every_date, numbers

ARTICLE, TODAY = dt.date(2026, 1, 23), dt.date(2026, 10, 31)
DAYS = pd.bdate_range("2017-12-27", "2026-01-30")
CLOSES = pd.Series(np.linspace(15.0, 90.0, len(DAYS)), DAYS)


def test_the_balance_draws_the_printed_numbers_and_pales_forecasts():
    chart = charts.balance(silver_prints(TODAY), LIGHT)
    bars = chart.figure["data"][0]
    assert dict(zip(bars["x"], bars["y"], strict=True))["2026F"] == -46.3
    assert bars["text"][3] == "53"  # 52.5, as readers round
    assert bars["marker"]["color"][-1].startswith("rgba(")
    assert (
        chart.reading
        == "6 of the 10 years shown were short of silver, 2022 the most: by 254.0 million ounces."
    )
    assert list(chart.rows["million_ounces"]) == bars["y"]
    assert chart.rows["secondary"].all()


def test_nothing_of_a_later_print_is_in_any_figure_of_the_article_s_day():
    prints = silver_prints(ARTICLE, "2026-04-30")
    drawn = [
        charts.balance(prints, LIGHT), charts.flows(prints, LIGHT), charts.revisions(prints, LIGHT),
        silver_stocks.stocks(visible_stocks(ARTICLE), LIGHT),
    ]  # fmt: skip
    for chart in drawn:
        told = f"{chart.figure} {chart.reading} {chart.alt} {chart.rule} {chart.rows.to_csv()}"
        assert "40.3" not in told
        assert "2026" not in told.replace("23 Jan 2026", "")
        assert all(paper.printed <= ARTICLE for paper in chart.papers)
        assert all(day <= ARTICLE for day in every_date(chart.figure))
    for draw in (
        lambda: silver_supply.mix(prints, LIGHT),
        lambda: silver_supply.spans(silver_balance(ARTICLE), -5.0, LIGHT),
        lambda: silver_supply.mine_and_price(silver_balance(ARTICLE, CLOSES), papers("silver"), LIGHT),
    ):
        with pytest.raises(NotPublished):
            draw()


def test_totals_of_an_earlier_print_than_the_balance_are_said():
    assert "the totals of 2025 are of an earlier print" in charts.flows(silver_prints(ARTICLE), LIGHT).rule
    assert "totals of the same print" in charts.flows(silver_prints(TODAY), LIGHT).rule


def test_revisions_tell_the_year_that_moved_most():
    chart = charts.revisions(silver_prints(TODAY), DARK)
    assert (
        chart.reading
        == "The balance of 2025 was printed as −117.6, then about −95, then −40.3 million ounces."
    )
    line = next(trace for trace in chart.figure["data"] if trace["name"] == "2025")
    assert numbers(line["y"]).tolist() == pytest.approx([-117.6, -95.0, -40.3])
    labels = {note["text"]: note.get("yshift", 0) for note in chart.figure["layout"]["annotations"]}
    assert labels["2025"] != labels["2026"]  # their ends nearly meet


def test_the_mix_stacks_to_the_uses_together():
    chart = silver_supply.mix(silver_prints(TODAY), LIGHT)
    tops = np.nansum([numbers(trace["y"]) for trace in chart.figure["data"]], axis=0)
    assert tops[-1] == pytest.approx(1130.7)
    assert chart.reading == "Industry took 58% of demand in 2025, 54% in 2017; photovoltaics alone 17%."


def test_every_base_year_of_the_pace_is_drawn_beside_the_threshold():
    chart = silver_supply.spans(silver_balance(TODAY), -5.0, LIGHT)
    assert chart.figure["data"][0]["x"] == [f"{year}" for year in range(2017, 2025)]
    assert "4 of 8 base years give a gap beyond −5" in chart.reading
    assert any(shape.get("y0") == -5.0 for shape in chart.figure["layout"]["shapes"])


def test_prices_beside_mine_output_are_simulated_where_the_ledger_is_and_the_survey_never():
    found = silver_balance(TODAY, CLOSES)
    mixed = silver_supply.mine_and_price(found, papers("silver", simulated=True), LIGHT)
    assert mixed.simulated
    assert SIMULATED in [note["text"] for note in mixed.figure["layout"]["annotations"]]
    alone = charts.balance(silver_prints(TODAY), LIGHT)
    assert not alone.simulated


def test_downloads_carry_the_print():
    chart = charts.balance(silver_prints(TODAY), LIGHT)
    text = csv_with_papers(chart.reading, chart.rows, chart.papers, [chart.rule])
    for told in (text, chart_page(chart)):
        assert "World Silver Survey 2026, table Silver Supply and Demand" in told
        assert "secondary transcription, not read in the print itself" in told
        assert SIMULATED not in told
    assert "balance,2025,-40.3" in text
