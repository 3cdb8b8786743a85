"""The Drivers page's figures: what they say and draw of findings whose truth is known."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.render.chart import SIMULATED, Chart
from analytics.render.theme import DARK, LIGHT
from analytics.topics.drivers.charts import betas as paths
from analytics.topics.drivers.charts import driver_tables as tables
from analytics.topics.drivers.charts import drivers as charts
from analytics.topics.drivers.charts import roles as pictures
from analytics.topics.drivers.measures.abroad import abroad
from analytics.topics.drivers.measures.attribution import attribution
from analytics.topics.drivers.measures.driver_betas import rolling_betas
from analytics.topics.drivers.measures.driver_stability import driver_stability
from analytics.topics.drivers.measures.drivers import drivers
from analytics.topics.drivers.measures.moves import USUAL
from analytics.topics.drivers.measures.roles import COLUMNS, roles
from tests.render.conftest import papers
from tests.render.drawn import dates, numbers, points
from tests.topics.drivers.driver_samples import simulated

SILVER, BITCOIN = catalogue.get("silver"), catalogue.get("bitcoin")
TABLE = simulated(n=800).assign(
    bitcoin=lambda table: 1_000 * simulated(7, n=800, betas={"sp500": 2.0})["silver"]
)
WINDOW = (TABLE.index[-120].date(), TABLE.index[-1].date())
KEYS = ("attribution", "betas", "roles", "abroad")


@pytest.fixture(scope="module")
def moved():
    return attribution(TABLE, TABLE.index[-31].date(), WINDOW[1])


@pytest.fixture(scope="module")
def rolled():
    return rolling_betas(TABLE, ["silver", "bitcoin"], draws=49)


@pytest.fixture(scope="module")
def shares():
    rng = np.random.default_rng(3)
    gold, industry = rng.standard_normal((2, 700))
    moves = [0.6 * gold + 0.8 * industry, gold, *(industry + 0.5 * rng.standard_normal((3, 700)))]
    levels = pd.DataFrame(50 * np.exp(0.01 * np.cumsum(moves, axis=1).T), TABLE.index[:700], list(COLUMNS))
    return roles(levels, draws=99, band_draws=19)


@pytest.fixture(scope="module")
def moneys():
    rates = {"eur_usd": np.linspace(1.0, 1.25, len(TABLE)), "usd_cny": np.full(len(TABLE), 7.0)}
    return abroad(TABLE.assign(**rates), *WINDOW)


@pytest.fixture
def draw(moved, rolled, shares, moneys):
    def make(key: str, ink=LIGHT, **marked) -> Chart:
        own = (papers("silver", **marked), papers("real_yield_10y", **marked))
        both = {"silver": SILVER, "bitcoin": BITCOIN}
        made = {
            "attribution": lambda: charts.attribution(moved, SILVER, own, ink),
            "betas": lambda: paths.betas(rolled, "real_yield_10y", both, WINDOW, own, ink),
            "roles": lambda: pictures.roles(shares, WINDOW, own, ink),
            "abroad": lambda: pictures.abroad(moneys, own, ink),
        }
        return made[key]()

    return make


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_is_plain_data_with_a_sentence_and_the_readers_paper(key, draw):
    chart = draw(key)
    json.dumps(chart.figure)
    assert chart.key == key
    assert chart.reading.endswith(".")
    assert chart.reading in chart.alt
    assert "nan" not in chart.reading + chart.rule + chart.method
    assert len(chart.rows)
    assert draw(key, DARK).figure["layout"]["paper_bgcolor"] == DARK.paper
    marked = draw(key, simulated=True).figure["layout"]["annotations"]
    assert SIMULATED in [note["text"] for note in marked]


def test_the_waterfalls_bars_stand_on_each_other_and_end_at_the_total(draw, moved):
    bars = draw("attribution").figure["data"][0]
    ends = np.add(bars["base"], bars["x"])
    assert bars["base"][:-1] == pytest.approx([0.0, *ends[:-2]], abs=1e-10)
    assert ends[-2] == pytest.approx(moved.total, abs=1e-10)
    assert (bars["base"][-1], bars["x"][-1]) == (0.0, moved.total)
    spread = moved.residual_interval[1] - moved.residual
    assert bars["error_x"]["array"][-2:] == pytest.approx([spread, 0.0])
    low, high = draw("attribution").figure["layout"]["xaxis"]["range"]
    assert low < min(0, *ends) < max(0, *ends) < high


def test_the_reading_says_share_and_window_and_never_minus_nothing(moved):
    said = charts.attribution_reading(replace(moved, share=-0.001, interval=(-0.003, 0.002)), SILVER)
    assert said.startswith("Real yields and the dollar account for 0% (0% to 0%) of silver's ")
    big = replace(moved, share=0.8, interval=(0.5, 1.2), residual=0.1 * moved.total)
    assert "80% (50% to 120%)" in charts.attribution_reading(big, SILVER)
    assert "unexplained" not in charts.attribution_reading(big, SILVER)
    assert "unexplained" in charts.attribution_reading(replace(big, residual=0.6 * moved.total), SILVER)
    assert "did not move" in charts.attribution_reading(replace(moved, share=math.nan), SILVER)
    assert "−12% of " in charts.share_line(replace(moved, share=-0.12), 0.5)
    assert "more than 50% was asked for" in charts.share_line(moved, 0.5)


def test_a_row_of_buttons_has_short_names():
    assert [charts.shorter(key) for key in USUAL] == ["Real yield", "Dollar", "Breakeven", "S&P 500"]


def test_each_asset_has_a_panel_with_its_band_and_the_whole_historys_beta(draw, rolled):
    figure = draw("betas").figure
    for i, (key, axis) in enumerate((("silver", "y"), ("bitcoin", "y2"))):
        low, high, line = figure["data"][3 * i : 3 * i + 3]
        assert {trace["yaxis"] for trace in (low, high, line)} == {axis}
        band = rolled.band(key, "real_yield_10y").loc[str(WINDOW[0]) :]
        for trace, column in ((low, "low"), (line, "beta"), (high, "high")):
            assert list(points(trace).values()) == pytest.approx(band[column].to_numpy(), rel=1e-5)
        levels = [shape["y0"] for shape in figure["layout"]["shapes"] if shape["yref"] == axis]
        assert levels == [0, rolled.whole.loc[key, "real_yield_10y"]]
    upper, lower = figure["layout"]["yaxis"]["domain"], figure["layout"]["yaxis2"]["domain"]
    assert lower[1] <= upper[0]
    assert dates(figure["data"][2])[0] >= WINDOW[0]


def test_a_span_without_windows_shows_the_whole_history(rolled):
    whole = {"silver": SILVER, "bitcoin": BITCOIN}
    early = (TABLE.index[0].date(), TABLE.index[5].date())
    chart = paths.betas(rolled, "sp500", whole, early, (papers("silver"),), LIGHT)
    assert len(points(chart.figure["data"][2])) == len(rolled.betas["silver"])


def test_the_reading_of_betas_tells_what_stands_off_zero(draw, rolled):
    assert "silver and" in draw("betas").reading
    assert "only silver" in draw("betas").reading or "all of them" in draw("betas").reading
    wide = replace(rolled, multipliers=rolled.multipliers * 1e3)
    chart = paths.betas(
        wide, "sp500", {"silver": SILVER, "bitcoin": BITCOIN}, WINDOW, (papers("silver"),), LIGHT
    )
    assert "A rise of 1% in the S&P 500" in chart.reading
    assert chart.reading.endswith("none of them can be told from zero.")


def test_shares_are_drawn_in_per_cent_with_the_line_that_a_role_must_exceed(draw, shares):
    figure = draw("roles").figure
    gold = figure["data"][2]
    assert numbers(gold["y"])[-1] == pytest.approx(100 * shares.rolling["gold"].iloc[-1], rel=1e-5)
    assert figure["layout"]["shapes"][-1]["y0"] == pytest.approx(5)
    assert "deciding nothing" in pictures.roles_beside(shares)


def test_every_money_is_labelled_and_the_absent_one_is_named(draw, moneys):
    chart = draw("abroad")
    labels = [note["text"] for note in chart.figure["layout"]["annotations"] if "xshift" in note]
    assert [label.split()[0] for label in labels] == ["dollars", "euros", "yuan"]
    assert "not known: the rate for rupees" in chart.rule
    assert chart.rows["dollars"].iloc[-1] == pytest.approx(100 + moneys.changes["dollars"])


def test_tables_hold_numbers_and_show_words():
    found, stability = drivers(TABLE, draws=99), driver_stability(TABLE, draws=49)
    rows = tables.whole_table(found, stability)
    assert list(rows["beta"]) == [one.estimate for one in found.coefficients]
    assert list(rows["p_break"]) == [one.p for one in stability.breaks[:-1]]
    shown = tables.whole_shown(rows)
    assert list(shown.index) == ["10-year real yield", "Dollar", "10-year breakeven", "S&P 500"]
    assert shown["95%"].iloc[0] == "{} to {}".format(
        *(f"{v:+.2f}".replace("-", "−") for v in rows.iloc[0][["low", "high"]])
    )
    tests = tables.tests_table([("Real yield", found)])
    assert list(tests.index) == ["Real yield", "Real yield, weeks"]
    assert tests.loc["Real yield", "effect"] == found.inference.estimate
    assert tables.tests_shown(tests)["p"].str.match(r"^(< )?\.\d+$").all()
    broad = TABLE.rename(columns={"dollar_index": "dollar_broad"})
    keys = tuple("dollar_broad" if key == "dollar_index" else key for key in USUAL)
    other = drivers(broad, "dollar_broad", keys=keys, basket=True, draws=99)
    assert "It decides nothing." in tables.broad_reading(found, other)
