"""The Regime page's findings and figures on one seeded world: what is said, what is drawn, what is left out."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from analytics.clock.instants import end_of_day
from analytics.errors import NotEnoughData, SameSeries
from analytics.evaluate import recipe
from analytics.panel import Panel, fingerprint
from analytics.recipe import Question
from analytics.render.chart import SIMULATED
from analytics.render.pair import Pair
from analytics.render.theme import DARK, LIGHT
from analytics.topics.regime import words as stage_rule
from analytics.topics.regime.charts import regime as charts
from analytics.topics.regime.charts import stages, stress
from analytics.topics.regime.measures.stage import CONDITIONS
from analytics.topics.regime.measures.stage_signs import holding, signs
from analytics.view import DEFAULT, View
from tests.render.conftest import pair, papers
from tests.render.drawn import every_date, numbers

LAST = dt.date(2026, 2, 27)
DAYS = pd.bdate_range("2015-01-02", LAST)
FIRST_SHOWN = dt.date(2025, 2, 27)
FIGURES = (
    "ribbon",
    "returns",
    "shifts",
    "markov",
    "betas",
    "rolling",
    "states",
    "extremes",
    "shocks",
    "ranges",
    "gap",
)


def columns() -> dict[str, pd.Series]:
    """Seeded prices on weekdays: Bitcoin moves with equities, the VIX swings between calm and stress."""
    rng = np.random.default_rng(11)
    n = len(DAYS)
    noise = rng.standard_t(5, (7, n))
    vix = 19 * np.exp(0.35 * np.sin(np.arange(n) / 45) + 0.06 * noise[0])
    equities = 0.008 * noise[1] * (vix / 19)

    def price(start: float, moved: np.ndarray) -> pd.Series:
        return pd.Series(start * np.exp(moved.cumsum()), DAYS)

    return {
        "vix": pd.Series(vix, DAYS),
        "sp500": price(2_000, equities),
        "nasdaq": price(4_000, 1.2 * equities + 0.003 * noise[2]),
        "bitcoin": price(300, 0.9 * equities + 0.03 * noise[3]),
        "gold": price(1_200, 0.008 * noise[4]),
        "silver": price(16, 0.011 * noise[4] + 0.01 * noise[5]),
        "dollar_index": price(95, 0.004 * noise[6]),
        "treasury_20y_etf": price(120, 0.007 * noise[2]),
        "breakeven_10y": pd.Series(2 + 0.3 * np.sin(np.arange(n) / 70), DAYS),
        "real_yield_10y": pd.Series(0.5 + 0.02 * noise[5].cumsum() / 3, DAYS),
        "financial_conditions": pd.Series(-0.4, pd.date_range("2015-01-02", LAST, freq="W-FRI")),
    }


def asker(view: View = DEFAULT, last: dt.date = LAST, *, without=(), later=(), more=MappingProxyType({})):
    """``ask(name)``: a recipe's finding as of ``last``, each measured once."""
    known = {
        key: line[: pd.Timestamp(last)].rename(key)
        for key, line in {**columns(), **more}.items()
        if key not in without
    }
    held = {key: papers(key, later_vintage=key in later) for key in known}
    panel = Panel(
        end_of_day(last), MappingProxyType(known), MappingProxyType(held), fingerprint(known), False
    )
    made: dict[str, object] = {}

    def ask(name: str):
        if name not in made:
            made[name] = recipe(name).measure(
                Question(view, panel, (FIRST_SHOWN, last), lambda asked, view=None, /: ask(asked.name))
            )
        return made[name]

    return ask


@pytest.fixture(scope="module")
def ask():
    return asker()


def draw(key: str, ask, of: Pair | None = None):
    of = of or pair()
    made = {
        "ribbon": lambda: stages.ribbon(ask("divergence").indexed, ask("stages"), of, (), ()),
        "returns": lambda: stages.returns(ask("stage"), of.ink, of.papers),
        "shifts": lambda: stages.shifts(ask("stage"), of.ink, "#112233", of.papers),
        "markov": lambda: stages.markov(ask("markov"), of.ink, of.papers),
        "betas": lambda: charts.stress_betas(ask("stress_beta"), of.ink, "#112233", of.papers),
        "rolling": lambda: charts.rolling(ask("risk_or_hedge"), of.ink, (FIRST_SHOWN, LAST), of.papers),
        "states": lambda: charts.states(ask("risk_or_hedge"), of.ink, of.papers),
        "extremes": lambda: charts.exceedances(ask("risk_or_hedge"), of.ink, of.papers),
        "shocks": lambda: stress.shocks(ask("shock_response"), of.ink, of.papers),
        "ranges": lambda: stress.ranges(ask("consolidation"), of.ink, of.papers),
        "gap": lambda: stress.gap(ask("gap"), of.ink, "#112233", "Bitcoin", of.papers),
    }
    return made[key]()


@pytest.mark.parametrize("key", FIGURES)
def test_a_figure_is_plain_data_in_words_marked_and_no_later_than_its_day(key, ask):
    chart = draw(key, ask)
    json.dumps(chart.figure, allow_nan=False)
    assert chart.reading.endswith(".")
    assert chart.reading in chart.alt
    assert "nan" not in f"{chart.reading}{chart.rule}{chart.method}".lower()
    assert len(chart.rows)
    assert all(day <= LAST for day in every_date(chart.figure))
    simulated = draw(key, ask, pair(ink=DARK, simulated=True))
    assert SIMULATED in [note["text"] for note in simulated.figure["layout"]["annotations"]]
    assert simulated.figure["layout"]["paper_bgcolor"] == DARK.paper


def test_the_ribbon_colours_every_shown_day_by_its_stage(ask):
    history = ask("stages")
    chart = draw("ribbon", ask)
    shown = history.stages.loc[str(FIRST_SHOWN) :]
    strip = {trace["name"]: trace["x"] for trace in chart.figure["data"] if trace.get("yaxis") == "y3"}
    covered = {}
    for stage, ends in strip.items():
        for first, last in zip(ends[::3], ends[1::3], strict=True):
            covered |= dict.fromkeys(
                shown.loc[first:last].index[first != f"{shown.index[0]:%Y-%m-%d}" :], stage
            )
    assert covered == shown.to_dict()


def test_dots_and_whiskers_are_the_findings_numbers(ask):
    found = ask("stress_beta")
    dots = draw("betas", ask).figure["data"]
    assert [numbers(dot["x"])[0] for dot in dots] == pytest.approx([one.beta for one in found.regimes])
    for dot, one in zip(dots, found.regimes, strict=True):
        ends = one.beta - dot["error_x"]["arrayminus"][0], one.beta + dot["error_x"]["array"][0]
        assert ends == pytest.approx(one.interval)
    assert dots[2]["marker"]["color"] == "#112233" != dots[0]["marker"]["color"]


def test_the_rule_on_the_page_is_the_rule_that_is_applied(monkeypatch):
    panic, debasement, rest = stage_rule.rule()
    for condition in CONDITIONS:
        where = panic if condition.stage == "panic" else debasement
        assert condition.text in where
        assert condition.reason in where
    assert "at least two of three" in debasement
    assert "without VIX, dollar, breakeven" in rest
    monkeypatch.setattr(stage_rule, "CONDITIONS", (replace(CONDITIONS[0], text="the VIX closed at 99"),))
    assert "the VIX closed at 99" in stage_rule.rule()[0]


def test_the_signs_of_a_day_say_how_far_each_input_is(ask):
    history = ask("stages")
    found = signs(history)
    table = stage_rule.signs_table(found)
    assert list(table["sign of"]) == [condition.stage for condition in CONDITIONS]
    assert table.loc["Fed path, twelve months", "distance"] == "no vote"
    assert table.loc["dollar, 60 days", "needs"] == "≤ −2%"
    for day in history.table.index[::97]:
        at = signs(history, day.date())
        row = history.table.loc[day]
        assert [sign.holds for sign in at] == [bool(row[f"sign_{c.key}"]) for c in CONDITIONS]
        assert all(sign.holds == (sign.past >= 0) for sign in at if sign.votes and sign.past)
        called = history.on(day.date())
        assert (called == "panic") == (holding(at, "panic") > 0) or called == "unknown"
    with pytest.raises(NotEnoughData, match="1 Mar 2030"):
        signs(history, dt.date(2030, 3, 1))


def test_the_pages_sentence_speaks_of_what_is_known(ask):
    whole = charts.reading(ask("stages"), ask("stress_beta"))
    assert whole.startswith("The stage on 27 Feb 2026 is ")
    assert whole.endswith("and Bitcoin trades as a risk asset when equities fall hardest.")
    alone = charts.reading(None, ask("stress_beta"))
    assert alone == "Bitcoin trades as a risk asset when equities fall hardest."
    assert charts.reading(ask("stages"), None).count(",") == 0


def test_a_revised_input_has_no_vote_where_its_figures_are_of_a_later_day():
    history = asker(later=("financial_conditions",))("stages")
    assert history.table["conditions"].isna().all()
    assert history.without["conditions"] == (history.stages != "unknown").sum()
    assert asker()("stages").table["conditions"].notna().any()


def test_the_broad_dollar_stands_in_where_no_dollar_index_is_held():
    with pytest.raises(NotEnoughData, match="stage rule's inputs"):
        asker(without=("dollar_index",))("stages")
    found = asker(without=("dollar_index",), more={"dollar_broad": columns()["dollar_index"]})("stages").table
    assert set(found["dollar_from"]) == {"broad", ""}
    assert (found["stage"] != "unknown").any()


def test_what_cannot_be_asked_says_why():
    with pytest.raises(SameSeries, match="both sides"):
        asker(View(follow="gold"))("gap")
    with pytest.raises(NotEnoughData, match="US Dollar Index"):
        asker(without=("dollar_index",))("gap")
    with pytest.raises(NotEnoughData, match="Gold"):
        asker(without=("gold",))("risk_or_hedge")
    with pytest.raises(NotEnoughData, match="Silver"):
        asker(without=("silver",))("shock_response")


def test_extreme_correlations_are_display_only_and_stand_beside_their_correction(ask):
    chart = draw("extremes", ask)
    assert chart.reading.startswith("Display only")
    raw, corrected = (numbers(trace["y"]) for trace in chart.figure["data"])
    table = ask("risk_or_hedge").exceedances
    assert sorted(raw) == pytest.approx(sorted(table["correlation"]), abs=1e-6)
    assert sorted(corrected) == pytest.approx(sorted(table["corrected"]), abs=1e-6)
    assert LIGHT.muted == chart.figure["data"][0]["line"]["color"]
