"""The tests of the pair as the pages and the claims ask for them: whose series, which window, which threshold."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from analytics.clock.instants import end_of_day
from analytics.errors import NotEnoughData, SameSeries
from analytics.evaluate import recipe
from analytics.panel import Panel, fingerprint
from analytics.published import thresholds
from analytics.recipe import Question
from analytics.view import View
from tests.render.conftest import papers

DAYS = pd.bdate_range("2020-01-06", "2026-06-05").astype("datetime64[s]")
ARTICLE, TODAY = dt.date(2026, 1, 23), dt.date(2026, 6, 5)


@pytest.fixture(scope="module")
def closes() -> dict[str, pd.Series]:
    """Seeded walks; silver gains on gold by a tenth of a standard deviation a day."""
    rng = np.random.default_rng(11)
    drift = {"silver": 0.0015, "gold": 0.0, "bitcoin": 0.0005, "sp500": 0.0003}
    return {
        key: pd.Series(50 * np.exp((rng.normal(0, 0.012, len(DAYS)) + mean).cumsum()), DAYS)
        for key, mean in drift.items()
    }


def ask(name: str, closes: dict[str, pd.Series], day: dt.date = TODAY, **choices: str):
    chosen, instant = View(**choices), end_of_day(day)
    keys = recipe(name).keys(chosen, day)
    known = {key: closes[key][: pd.Timestamp(day)] for key in keys if key in closes}
    held = MappingProxyType({key: papers(key) for key in known})
    data = Panel(instant, MappingProxyType(known), held, fingerprint(known), simulated=True)
    window = (day - dt.timedelta(days=365), day)
    return recipe(name).measure(Question(chosen, data, window, lambda other: None))


def test_a_universe_of_which_nothing_is_known_says_so():
    with pytest.raises(NotEnoughData, match="universe of the league table"):
        ask("league", {})


@pytest.mark.parametrize("day", [dt.date(2026, 5, 21), dt.date(2026, 5, 22), dt.date(2026, 5, 24)], ids=str)
def test_four_fridays_up_to_the_day_may_answer(day, closes):
    found = ask("acceleration", closes, day)
    fridays = pd.date_range(found.tested_from, found.last, freq="W-FRI")
    assert (len(fridays), found.inference.n) == (4, 260)
    assert dt.timedelta(0) <= day - found.last < dt.timedelta(days=7)


def test_the_claims_keep_their_windows_whatever_the_day_and_the_pair(closes):
    then, now = (
        ask("acceleration_claim", closes, day, lead="gold", follow="sp500") for day in (ARTICLE, TODAY)
    )
    assert (then.tested_from, then.last) == (dt.date(2026, 1, 2), ARTICLE)
    assert then.name == "Silver"
    assert then.inference == now.inference
    assert then.inference.delta == thresholds.get(2).delta
    then, now = (
        ask("outperformance_claim", closes, day, lead="gold", follow="sp500") for day in (ARTICLE, TODAY)
    )
    assert (then.names, then.last, then.inference.n) == (("silver", "gold"), ARTICLE, 126)
    assert then.inference == now.inference
    assert then.inference.delta == thresholds.get(3).delta


def test_before_its_first_week_claim_2_has_no_answer(closes):
    with pytest.raises(NotEnoughData, match="2026-01-02"):
        ask("acceleration_claim", closes, dt.date(2025, 12, 30))


def test_the_pair_s_own_half_year_and_gold_s(closes):
    assert ask("outperformance", closes).names == ("silver", "Bitcoin")
    assert ask("outperformance_metal", closes).names == ("silver", "gold")
    with pytest.raises(SameSeries):
        ask("outperformance_metal", closes, lead="gold")


def test_the_best_of_the_universe_is_held_against_the_follow(closes):
    found = ask("best_of_many", closes)
    assert (found.benchmark, found.tried, found.n) == ("bitcoin", 3, 126)
    assert found.best in ("silver", "gold", "sp500")
    assert "Bitcoin" in found.sentence
    with pytest.raises(NotEnoughData, match="Bitcoin"):
        ask("best_of_many", {key: column for key, column in closes.items() if key != "bitcoin"})
