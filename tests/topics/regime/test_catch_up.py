from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import NotEnoughData
from analytics.published import thresholds
from analytics.topics.regime.measures.catch_up import DAYS, LATEST, catch_up
from bench.nulls import simulate
from bench.planted_regime import prices

ARTICLE = 100


def world(n=600, seed=6, opens=130):
    x, y = simulate("N1", 1, seed, n=n)
    levels = prices({"lead": x[0], "follow": y[0]})
    stages = pd.Series("neither", index=levels.index[1:])
    if opens is not None:
        stages.iloc[opens:] = "debasement"
    return levels, stages, levels.index[ARTICLE].date()


def test_the_claims_bar_is_the_default():
    levels, stages, article = world()
    assert catch_up(levels, stages, article).bar == thresholds.get(32).delta


def test_the_window_runs_sixty_days_from_the_first_debasement_day():
    levels, stages, article = world()
    found = catch_up(levels, stages, article)
    assert found.state == "over"
    assert found.opened == stages.index[130].date()
    window = np.log(levels).diff().loc[stages.index[130] :].iloc[:DAYS].sum() * 100
    assert found.follow == pytest.approx(window["follow"])
    assert found.against_lead == pytest.approx(window["follow"] - window["lead"])
    assert found.value == min(found.follow, found.against_lead)
    assert "The window opened on" in found.sentence


def test_a_fall_of_the_lead_is_no_catching_up():
    levels, stages, article = world()
    crashed = levels.assign(lead=levels["lead"] * np.where(np.arange(len(levels)) > 150, 0.3, 1.0))
    plain, found = catch_up(levels, stages, article), catch_up(crashed, stages, article)
    assert found.follow == plain.follow
    assert found.against_lead == pytest.approx(plain.against_lead - 100 * np.log(0.3))
    assert found.value == min(found.follow, found.against_lead) == found.follow


@pytest.mark.parametrize(
    ("opens", "days", "state"),
    [
        (None, 200, "waiting"),
        (None, 400, "never came"),
        (130, 170, "running"),
        (130, 400, "over"),
        (380, 500, "never came"),
    ],
)
def test_no_answer_before_its_time(opens, days, state):
    levels, stages, article = world(opens=opens)
    found = catch_up(levels.iloc[: days + 1], stages.iloc[:days], article)
    assert found.state == state
    assert np.isnan(found.value) == (state != "over")
    if state == "never came":
        assert len(stages.iloc[ARTICLE:days]) >= LATEST
        assert "within a year" in found.sentence
    if state == "running":
        assert found.days == 40
        assert "No answer before they are over" in found.sentence


def test_chance_counts_all_windows():
    levels, stages, article = world()
    found = catch_up(levels, stages, article, bar=4.0)
    logs = 100 * np.log(levels.to_numpy())
    made = logs[DAYS:] - logs[:-DAYS]
    passed = np.minimum(made[:, 1], made[:, 1] - made[:, 0]) > 4.0
    assert found.chance == pytest.approx(passed.mean())


def test_debasement_before_the_article_does_not_count():
    levels, stages, article = world()
    stages.iloc[:50] = "debasement"
    assert catch_up(levels, stages, article).opened == stages.index[130].date()


def test_what_cannot_be_measured_is_refused():
    levels, stages, article = world()
    with pytest.raises(NotEnoughData, match="after"):
        catch_up(levels, stages, dt.date(2040, 1, 1))
    with pytest.raises(NotEnoughData, match="needs 60"):
        catch_up(levels.iloc[:30], stages, article)
