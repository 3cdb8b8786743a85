"""The figure of acceleration: the path in the window, and the weeks that may answer."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.errors import NotEnoughData
from analytics.render.theme import DARK, LIGHT
from analytics.topics.pair.charts.acceleration import acceleration as draw
from analytics.topics.pair.measures.acceleration import Acceleration, acceleration
from tests.render.conftest import papers
from tests.render.drawn import every_date, points

DAYS = pd.bdate_range("2021-01-04", "2026-01-23")
END = dt.date(2026, 1, 23)
SINCE = dt.date(2025, 12, 28)


@pytest.fixture(scope="module")
def found() -> Acceleration:
    """A random walk that explodes in its last half year."""
    noise = np.random.default_rng(3).normal(0, 0.01, len(DAYS)).cumsum()
    boom = np.clip(np.arange(len(DAYS)) - (len(DAYS) - 120), 0, None)
    closes = pd.Series(20 * np.exp(noise + 0.00008 * boom**2), DAYS)
    return acceleration(closes, END, tested_from=SINCE, name="Silver", draws=199)


def test_the_window_is_drawn_and_the_tested_weeks_are_marked(found):
    window = (dt.date(2025, 6, 2), END)
    chart = draw(found, catalogue.get("silver"), papers("silver"), window, LIGHT)
    drawn = points(chart.figure["data"][0])
    assert min(drawn) >= window[0]
    assert drawn[END] == pytest.approx(found.bsadf.iloc[-1], rel=1e-5)
    level = next(
        shape for shape in chart.figure["layout"]["shapes"] if shape.get("line", {}).get("dash") == "dash"
    )
    assert (level["y0"], level["x0"], level["x1"]) == (found.critical, "2026-01-02", "2026-01-23")
    assert "passes" in chart.reading
    assert f"{found.inference.statistic:.1f}" in chart.reading
    assert len(chart.rows) == len(found.bsadf)
    assert all(window[0] <= day <= END for day in every_date(chart.figure))


def test_a_window_that_begins_among_the_tested_weeks_shows_no_earlier_day(found):
    chart = draw(found, catalogue.get("silver"), papers("silver"), (dt.date(2026, 1, 12), END), DARK)
    assert min(every_date(chart.figure)) == dt.date(2026, 1, 16)


def test_a_window_without_a_week_is_refused(found):
    with pytest.raises(NotEnoughData):
        draw(
            found,
            catalogue.get("silver"),
            papers("silver"),
            (dt.date(2019, 1, 1), dt.date(2019, 2, 1)),
            LIGHT,
        )
