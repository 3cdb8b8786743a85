"""A thousand random views: each opens again from its address as itself, and its figure is the same to the byte."""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pandas as pd
from hypothesis import given, settings

from analytics import catalogue, view
from analytics.clock.instants import end_of_day
from analytics.errors import AnalyticsError
from analytics.panel import Panel
from analytics.recipe import Question
from analytics.render.pair import Pair
from analytics.render.theme import LIGHT
from analytics.topics.pair.charts import divergence as charts
from analytics.topics.pair.recipes import DRAWDOWNS
from analytics.view import View
from tests.render.conftest import papers
from tests.render.test_frozen import views

NOW = end_of_day(dt.date(2026, 6, 5))
FRIDAYS = pd.date_range("1990-01-05", "2026-06-05", freq="W-FRI").astype("datetime64[s]")
KEYS = sorted(catalogue.load())


def _prices() -> dict[str, pd.Series]:
    """A seeded walk for every series of the catalogue, so that each pair has a figure of its own."""
    noise = np.random.default_rng(1).standard_normal((len(FRIDAYS), len(KEYS)))
    levels = 100 * np.exp(0.02 * noise.cumsum(axis=0))
    return {key: pd.Series(levels[:, i], FRIDAYS) for i, key in enumerate(KEYS)}


PRICES = _prices()


def figure(chosen: View) -> str:
    """The pair's drawdowns for a view, as JSON; the sentence where its days have no prices."""
    as_of = chosen.instant(NOW)
    cut = pd.Timestamp(as_of.date())
    columns = {key: PRICES[key].loc[:cut] for key in (chosen.lead, chosen.follow)}
    held = Panel(as_of, columns, {key: papers(key) for key in columns}, "", False)
    window = chosen.window(NOW)
    pair = Pair(catalogue.get(chosen.lead), catalogue.get(chosen.follow), tuple(held.papers.values()), LIGHT)
    try:
        found = DRAWDOWNS.measure(Question(chosen, held, window, lambda other: None))
    except AnalyticsError as error:
        return str(error)
    return json.dumps(charts.drawdowns(found, pair).figure)


@settings(max_examples=1_000)
@given(chosen=views())
def test_a_reopened_view_draws_the_same_figure_to_the_byte(chosen):
    address = urlencode(view.to_query(chosen))
    assert len(f"https://silverlead.example.org/silver_market?{address}") < 1_500
    again, problems = view.from_query(dict(parse_qsl(address, strict_parsing=True)))
    assert (again, problems) == (chosen, [])
    assert list(view.to_query(again)) == list(view.CONTROLS)
    assert figure(again) == figure(chosen)


def test_other_views_draw_other_figures():
    """Else the test above could not fail."""
    base = View(span="1y")
    others = [
        View(span="3y"),
        View(lead="gold"),
        View(follow="ether"),
        View(as_of=NOW - dt.timedelta(days=90)),
    ]
    assert len({figure(one) for one in (base, *others)}) == 5
