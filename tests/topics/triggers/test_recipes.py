"""The triggers as the pages ask for them: what was known then, why a state is not known, and what the figures say."""

from __future__ import annotations

import datetime as dt
import re
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from analytics.clock.instants import NEW_YORK, end_of_day
from analytics.errors import NotKnown
from analytics.panel import Panel, fingerprint
from analytics.recipe import Question
from analytics.render.theme import LIGHT
from analytics.topics.triggers import charts
from analytics.topics.triggers import recipes as findings
from analytics.view import View
from tests.render.conftest import papers
from tests.render.drawn import every_date, points

CUT = dt.date(2025, 9, 17)
"""A decision day; the published range moves on the day after."""
EVERY_DAY = pd.date_range("2016-01-01", "2025-12-31")
WORKING = pd.bdate_range("2016-01-01", "2025-12-31")


def columns() -> dict[str, pd.Series]:
    """Seeded prices, a range that is cut once, and deficits that widen by a fifth in 2025."""
    rng = np.random.default_rng(8)
    upper = pd.Series(4.5, EVERY_DAY)
    upper[pd.Timestamp(CUT) + pd.Timedelta(days=1) :] = 4.25
    months = pd.date_range("2015-01-01", "2025-10-01", freq="MS")
    return {
        "target_upper": upper,
        "target_lower": upper - 0.25,
        "dollar_index": pd.Series(100 * np.exp(0.004 * rng.standard_normal(len(WORKING)).cumsum()), WORKING),
        "federal_balance_monthly": pd.Series(np.where(months.year >= 2025, -120e3, -100e3), months),
        "bitcoin": pd.Series(9e3 * np.exp(0.03 * rng.standard_normal(len(EVERY_DAY)).cumsum()), EVERY_DAY),
    }


def ask(instant: dt.datetime, *, without=(), later=(), known_ahead: int = 0):
    """The finding at an instant; ``known_ahead`` days of the range beyond it are known, as after a decision."""
    day = instant.astimezone(NEW_YORK).date()
    cut = {
        key: column[: pd.Timestamp(day) + pd.Timedelta(days=known_ahead if key.startswith("target") else 0)]
        for key, column in columns().items()
        if key not in without
    }
    held = {key: papers(key, later_vintage=key in later) for key in cut}
    panel = Panel(instant, MappingProxyType(cut), MappingProxyType(held), fingerprint(cut), False)
    return findings._triggers(Question(View(), panel, (day, day), lambda name: None))


@pytest.fixture(scope="module")
def found():
    return ask(end_of_day(dt.date(2025, 10, 20)))


def test_a_cut_counts_from_its_announcement():
    then = ask(end_of_day(CUT), known_ahead=1)
    cut = then.triggers[0]
    assert (cut.on, cut.since, cut.fired) == (True, CUT, (CUT,))
    assert ask(end_of_day(CUT - dt.timedelta(days=1))).triggers[0].on is False


def test_a_day_counts_once_it_is_over():
    noon = dt.datetime.combine(CUT, dt.time(12), NEW_YORK)
    assert ask(noon, known_ahead=1).day == CUT - dt.timedelta(days=1)
    assert ask(end_of_day(dt.date(2025, 9, 20))).day == dt.date(2025, 9, 19)  # a Saturday


@pytest.mark.parametrize(
    ("changes", "trigger", "says"),
    [
        ({"without": ["federal_balance_monthly"]}, 2, "nothing is held of Federal surplus or deficit"),
        ({"later": ["federal_balance_monthly"]}, 2, "only today's revision of the balances is held"),
        ({"without": ["target_lower"]}, 0, "nothing is held of Federal funds target range, lower limit"),
        ({"without": ["dollar_index"]}, 1, "nothing is held of"),
    ],
)
def test_an_unknown_state_says_why_and_leaves_the_others(changes, trigger, says):
    some = ask(end_of_day(dt.date(2025, 10, 20)), **changes)
    assert [one.on is None for one in some.triggers] == [place == trigger for place in range(3)]
    assert says in some.triggers[trigger].distance
    assert charts.STATES[None] in charts.states(some)
    with pytest.raises(NotKnown, match="not known"):
        charts.through_time(some.triggers[trigger], [papers("bitcoin")], LIGHT)


def test_before_bitcoin_states_are_known_and_nothing_is_followed():
    early = ask(end_of_day(dt.date(2025, 10, 20)), without=["bitcoin"])
    assert early.triggers[0].on is True
    assert all(one.outcomes is None for one in early.triggers)
    assert "Bitcoin has not lived through 60 days" in charts.record(early.triggers[0])
    assert findings.firing_rows(early.triggers[0])["false_alarm"].tolist() == [None]


def test_every_firing_stands_in_the_ledger_with_what_followed(found):
    dollar = found.triggers[1]
    rows = findings.firing_rows(dollar)
    assert tuple(stamp.date() for stamp in rows.index) == dollar.fired
    over = rows.dropna(subset=["after"])
    assert (over["false_alarm"] == (over["after"] <= 0)).all()
    assert over["false_alarm"].sum() == dollar.outcomes.false_alarms > 0
    every = charts.firings_table({one.title: findings.firing_rows(one) for one in found.triggers})
    assert len(every) == sum(len(one.fired) for one in found.triggers)
    assert (every["outcome"] == "false alarm").sum() == sum(
        one.outcomes.false_alarms for one in found.triggers if one.outcomes
    )
    assert str(len(every)) in charts.firings_title(found)


def test_the_figure_shades_the_days_on_and_draws_the_bar(found):
    dollar = found.triggers[1]
    chart = charts.through_time(dollar, [papers("dollar_index")], LIGHT)
    line, marks = chart.figure["data"]
    drawn = points(line)
    assert drawn[found.day] == pytest.approx(dollar.value, rel=1e-5)
    (shaded,) = [shape for shape in chart.figure["layout"]["shapes"] if shape["type"] == "path"]
    spans = re.findall(r"M (\S+),0 V1 H (\S+) V0Z", shaded["path"])
    assert len(spans) == shaded["path"].count("M")
    days_on = {stamp.date() for stamp in dollar.states.index[dollar.states == 1]}
    inside = {day for day in drawn if any(first <= day.isoformat() <= last for first, last in spans)}
    assert inside == days_on
    assert [text[:10] for text in marks["x"]] == [day.isoformat() for day in dollar.fired]
    assert {y for y in marks["y"]} == {dollar.bar}
    assert max(every_date(chart.figure)) == found.day
    assert chart.reading.startswith(f"The dollar weakens for months: {charts.STATES[dollar.on]} since ")


def test_the_count_in_words(found):
    on = sum(one.on is True for one in found.triggers)
    assert (found.triggers[0].on, found.triggers[2].on) == (True, True)
    words = {2: "two of the three triggers are on", 3: "all three triggers are on"}[on]
    assert charts.counted(found) == f"On 20 Oct 2025 {words}."
