"""Figures of positions: what they draw, what they say, and what of them may be taken away."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.render.exhibits import taken
from analytics.render.theme import DARK, LIGHT
from analytics.topics.positions.charts import groups, vaults, weeks
from analytics.topics.positions.measures.crowding import crowding
from analytics.topics.positions.measures.following import following
from analytics.topics.positions.measures.vaults import vaults as counted
from tests.render.conftest import papers
from tests.render.drawn import every_date, numbers, points
from tests.topics.positions.made import BITCOIN, CLOSES, LAST, measured

WINDOW = (dt.date(2025, 3, 1), dt.date(2025, 11, 18))
FALLING = np.linspace(200.0, 40.0, 60)


def beside(found, window=WINDOW, price=CLOSES, ink=LIGHT):
    both = (papers("silver_positions"), papers("silver"))
    return groups.beside_price(found, price, catalogue.get("silver"), window, both, ink)


def test_the_price_is_above_and_the_net_long_below_on_the_same_days():
    found = measured(FALLING)
    chart = beside(found)
    price, net = chart.figure["data"][:2]
    assert points(net) == pytest.approx(
        {day.date(): value for day, value in found.weeks["managed money"].loc["2025-03-01":].items()},
        rel=1e-5,
    )
    assert (price.get("yaxis", "y"), net["yaxis"]) == ("y", "y3")
    assert points(price)[min(points(net))] == pytest.approx(100.0)
    assert chart.reading == "Managed money: 40 contracts net long on 23 Sep 2025, after 75 on 24 Jun 2025."
    assert "out 26 Sep 2025 15:30 New York" in chart.rule
    assert "56 days old" in chart.alt


def test_the_days_without_a_report_are_grey_to_the_last_close():
    shapes = beside(measured(FALLING)).figure["layout"]["shapes"]
    (grey,) = (shape for shape in shapes if shape.get("xref") == "x")
    assert (grey["x0"], grey["x1"]) == ("2025-09-23", "2025-11-18")
    upto = beside(measured(FALLING), price=CLOSES[:"2025-09-23"]).figure["layout"]["shapes"]
    assert not [shape for shape in upto if shape.get("xref") == "x"]


def test_nothing_later_than_the_window_is_drawn_and_a_window_of_few_reports_shows_all():
    found = measured(FALLING)
    last = dt.date(2025, 7, 1)
    assert max(every_date(beside(found, (WINDOW[0], last)).figure)) <= last
    everything = beside(found, (dt.date(2025, 9, 20), WINDOW[1])).figure["data"][1]
    assert len(points(everything)) == 60


def test_closes_themselves_are_not_among_the_rows():
    rows = beside(measured(FALLING)).rows
    assert rows["price_index"].iloc[0] == 100.0
    assert "price" not in rows
    assert list(rows["managed_money_percent"])[-1] == 4.0


def test_without_a_price_the_positions_are_drawn_alone():
    chart = beside(measured([10.0, 20.0], price=None), price=None, ink=DARK)
    assert [trace["name"] for trace in chart.figure["data"]] == ["Managed money"]
    assert chart.reading == "Managed money: 20 contracts net long on 23 Sep 2025."


def test_every_group_has_a_bar_now_and_a_pale_one_before():
    found = measured(FALLING)
    chart = groups.other_side(found, [papers("silver_positions")], LIGHT)
    before, now = chart.figure["data"]
    assert dict(zip(now["y"], now["x"], strict=True)) == {"managed money": 4.0, "swap dealers": -4.0}
    assert before["x"] == pytest.approx([-7.53, 7.53], abs=0.01)
    assert now["text"] == ["−4.0", "+4.0"]
    assert before["marker"]["color"][0].startswith("rgba(")
    assert list(chart.rows.columns) == ["long", "short", "net", "share", "percentile", "week", "quarter"]


def test_one_dot_a_week_and_the_last_quarter_stands_out():
    found = measured(FALLING + np.random.default_rng(1).standard_normal(60))
    asked = following(
        found.weeks["managed money"], found.weeks["price"], group="managed money", market="silver"
    )
    chart = weeks.follows(asked, [papers("silver_positions")], LIGHT)
    old, recent = chart.figure["data"]
    assert len(numbers(recent["x"])) == 13
    assert len(numbers(old["x"])) + 13 == asked.n == len(chart.rows)
    assert "no verdict" in chart.rule


def test_only_separate_quarters_are_large():
    days = pd.date_range("2008-01-01", periods=900, freq="7D")
    share = pd.Series(np.sin(np.arange(900) / 20), days)
    price = pd.Series(np.linspace(10.0, 60.0, 7 * 900), pd.date_range(days[0], periods=7 * 900))
    found = crowding(share, days + pd.Timedelta(days=3), price, "managed money")
    chart = weeks.crowding(found, "silver", [papers("silver_positions")], LIGHT)
    sizes = [(trace["marker"]["size"], len(numbers(trace["x"]))) for trace in chart.figure["data"]]
    assert sizes == [
        (5, found.n - found.n_crowded),
        (5, found.n_crowded - found.effective_n),
        (9, found.effective_n),
    ]
    assert f"effective n = {found.effective_n}" in chart.rule
    assert len(chart.rows) == found.n


def test_both_sides_of_the_basis_trade_are_lines_and_it_is_named():
    found = measured(np.linspace(200.0, 250.0, 60), groups=BITCOIN, market="Bitcoin")
    chart = weeks.basis(found, WINDOW, [papers("bitcoin_positions")], LIGHT)
    lines = {trace["name"]: points(trace)[LAST] for trace in chart.figure["data"]}
    assert lines == pytest.approx({"Asset managers": 25.0, "Leveraged funds": -25.0})
    assert "the basis trade" in chart.rule
    assert "56 days old" in chart.rule


def test_rows_of_the_vaults_are_shown_and_not_handed_on():
    months = pd.Series(
        np.linspace(800_000.0, 930_000.0, 14), pd.date_range("2025-01-31", periods=14, freq="ME")
    )
    found = (counted(months, "silver", dt.datetime(2026, 3, 6, 18, tzinfo=dt.UTC)),)
    chart = vaults.vaults(found, [papers("london_vaults")], LIGHT)
    assert len(points(chart.figure["data"][0])) == 14
    assert not chart.handed_on
    table = taken(chart)
    assert table is not None
    assert list(table.rows["ounces"]) == [930.0]
