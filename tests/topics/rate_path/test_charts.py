from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.render.theme import LIGHT
from analytics.topics.rate_path import words
from analytics.topics.rate_path.charts import path as path_charts
from analytics.topics.rate_path.charts import through_time
from analytics.topics.rate_path.measures.complete_day import CompleteDay
from analytics.topics.rate_path.measures.rate_observed import Observed
from analytics.topics.rate_path.measures.rate_path import rate_path
from tests.render.conftest import papers
from tests.render.drawn import dates, numbers, points
from tests.topics.rate_path.test_rate_path import known

PAPERS = (papers("target_lower"),)
DAYS = pd.bdate_range("2026-01-05", "2026-06-30")


def holed(first, last):
    line = pd.Series(np.linspace(-2, 1, len(DAYS)), index=DAYS)
    line[first:last] = np.nan
    return line


@pytest.mark.parametrize(("first", "last"), [("2026-02-02", "2026-02-06"), ("2026-02-02", "2026-04-30")])
def test_no_area_and_no_line_bridges_days_without_data(first, last):
    """A week and three months without a value; weekends are passed over."""
    found = through_time.moves_line(holed(first, last), 2026, PAPERS, LIGHT, "")
    for trace in found.figure["data"]:
        drawn = sorted(points(trace))
        if trace.get("fill"):
            assert drawn[-1] < dt.date.fromisoformat(first) or drawn[0] > dt.date.fromisoformat(last)
        elif not trace.get("connectgaps"):
            assert None in dates(trace)
            assert np.isnan(numbers(trace["y"])).any()
        else:
            pytest.fail("the line is joined over the hole")
    areas = [trace for trace in found.figure["data"] if trace.get("fill")]
    assert len(areas) == 4
    whole = through_time.moves_line(holed("2027-01-01", "2027-01-02"), 2026, PAPERS, LIGHT, "")
    assert [bool(trace.get("connectgaps")) for trace in whole.figure["data"]] == [True] * 3


def test_a_meetings_odds_are_not_joined_over_a_hole_either():
    share = holed("2026-02-02", "2026-02-06").clip(-1, 1).abs() * 100
    odds = pd.DataFrame({"cut": share, "hold": 100 - share, "hike": 0.0 * share})
    found = through_time.odds(odds, dt.date(2026, 7, 29), PAPERS, LIGHT, "")
    assert all(None in dates(trace) for trace in found.figure["data"])


def test_the_path_says_that_it_starts_from_the_effective_rate():
    day = dt.date(2025, 9, 17)
    now = Observed(4.08, dt.date(2025, 9, 16), -0.25)
    path = rate_path({dt.date(2026, 2, 1): 96.8}, known(day), day, (4.0, 4.25), observed=now)
    limits = pd.Series(4.0, index=pd.date_range("2025-01-01", day))
    found = path_charts.path(path, None, limits + 0.25, limits, PAPERS, LIGHT)
    assert "from the effective rate of 16 Sep 2025 and the -25 bp announced since: 4.08%" in found.rule
    steps = next(trace for trace in found.figure["data"] if trace["name"] == "priced")
    assert steps["y"][:3] == [4.08, 4.08, None]  # it holds until the next meeting, whose outcome is not known
    assert steps["x"][:3] == ["2025-09-17", "2025-10-29", "2025-10-29"]


def test_months_that_lag_are_named():
    day, months = dt.date(2026, 6, 4), tuple(dt.date(2026, month, 1) for month in range(7, 13))
    assert words.lag(CompleteDay(day, day, ())) == ""
    assert words.lag(CompleteDay(day, dt.date(2026, 6, 5), months)) == (
        "Shown as of 4 Jun 2026, the last complete day: on 5 Jun 2026 no price has come yet for Jul 2026, Aug 2026, "
        "Sep 2026, Oct 2026 and 2 more."
    )
