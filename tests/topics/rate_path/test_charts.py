from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.render.theme import DARK, LIGHT, blend
from analytics.topics.rate_path import words
from analytics.topics.rate_path.charts import odds as odds_charts
from analytics.topics.rate_path.charts import path as path_charts
from analytics.topics.rate_path.charts import through_time
from analytics.topics.rate_path.measures.complete_day import CompleteDay
from analytics.topics.rate_path.measures.rate_observed import Observed
from analytics.topics.rate_path.measures.rate_path import rate_path
from analytics.topics.rate_path.measures.rate_table import KINDS, OUTCOMES, rate_table
from tests.render.colour_vision import contrast
from tests.render.conftest import papers
from tests.render.drawn import dates, numbers, points
from tests.topics.rate_path.test_rate_path import T1, T1_DAY, T1_RANGE, known

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


NOW = rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE)
NEAR = {month: price + 0.05 for month, price in T1.items() if month <= dt.date(2026, 10, 1)}
THEN = rate_path(NEAR, known(T1_DAY), T1_DAY, T1_RANGE)


def cells(chart):
    """{(meeting, column): (odds, text)} of the cells that hold odds; a cell stands in one layer."""
    found = {}
    for layer in chart.figure["data"]:
        for i, meeting in enumerate(layer["y"]):
            for j, column in enumerate(layer["x"]):
                if layer["z"][i][j] is not None:
                    assert (meeting, column) not in found
                    found[meeting, column] = (layer["z"][i][j], layer["text"][i][j])
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_map_has_the_tables_odds_and_outlines_the_likeliest(kind):
    table = rate_table(NOW, None, kind)
    found = odds_charts.odds_map(table, T1_DAY, PAPERS, LIGHT)
    known_rows = table.odds.dropna()
    drawn = cells(found)
    assert {meeting for meeting, _ in drawn} == {f"{date:%-d %b %Y}" for date in known_rows.index}
    if kind in ("range", "meeting"):
        assert len(found.figure["layout"]["shapes"]) == len(known_rows)
        first = {column: odds for (meeting, column), (odds, _) in drawn.items() if meeting == "29 Jul 2026"}
        assert max(first.values()) == pytest.approx(known_rows.iloc[0].max(), abs=0.01)
        outlined = found.figure["layout"]["shapes"][0]
        at = round((outlined["x0"] + outlined["x1"]) / 2)
        assert list(first.values())[at] == max(first.values())
        assert found.alt.count("%") == len(known_rows)
    else:
        assert found.figure["layout"]["shapes"] == []
    assert "change" not in found.reading
    assert not any("change" in name for name in found.rows.columns)
    assert all("<br>" not in text for _, text in drawn.values())
    unknown = [note["text"] for note in found.figure["layout"]["annotations"]]
    assert unknown == ["not known"] * (len(table.odds) - len(known_rows))


@pytest.mark.parametrize("kind", KINDS)
def test_changes_stand_in_the_cells_and_where_the_earlier_day_knew_nothing_a_dash(kind):
    table = rate_table(NOW, THEN, kind)
    found = odds_charts.odds_map(table, T1_DAY, PAPERS, LIGHT)
    assert f"change in points since {T1_DAY.day} Jul 2026" in found.reading
    assert "–: not known on" in found.rule
    for (meeting, _), (_, text) in cells(found).items():
        date = dt.datetime.strptime(meeting, "%d %b<br>%Y").date()
        if text:
            assert (">–<" in text) == bool(table.points.loc[date].isna().all())
    changes = [name for name in found.rows.columns if "change since 2026-07-14" in name]
    assert len(changes) == len(table.odds.columns)


def test_the_strip_is_the_next_meetings_odds():
    odds = pd.Series([96.0, 4.0, 0.0], index=list(OUTCOMES))
    found = odds_charts.strip(NOW.meetings[0], odds, T1_DAY, T1_DAY, PAPERS, LIGHT)
    assert found.reading == "Next meeting, 29 Jul 2026, in 15 days: cut 96%, hold 4.0%."
    assert [trace["x"] for trace in found.figure["data"]] == [[96.0], [4.0], [0.0]]
    assert [trace["text"] for trace in found.figure["data"]] == [["cut 96%"], [""], [""]]


@pytest.mark.parametrize("ink", [LIGHT, DARK])
@pytest.mark.parametrize("tone", ["rates", *odds_charts.OUTCOME_COLOURS.values()])
def test_what_is_written_in_a_full_cell_can_be_read(ink, tone):
    assert contrast(ink.text, blend(ink.colour(tone), ink.paper, odds_charts.DEEPEST)) >= 4.5


def test_a_ticks_band_lies_around_the_path_and_breaks_where_it_does():
    width = {one.date: 0.01 for one in NOW.meetings if one.end is not None}
    limits = pd.Series(3.5, index=pd.date_range("2026-01-01", T1_DAY))
    dots = pd.Series([3.4, 3.1], index=pd.to_datetime(["2026-01-01", "2031-01-01"]))
    found = path_charts.path(NOW, None, limits + 0.25, limits, PAPERS, LIGHT, width, dots)
    low, high = (trace for trace in found.figure["data"] if trace["name"] == "a tick")
    ends = {one.date.isoformat(): one.end for one in NOW.meetings if one.end is not None}
    assert low["x"] == high["x"] == list(ends)
    assert high["y"] == pytest.approx([end + 0.01 for end in ends.values()])
    assert low["y"] == pytest.approx([end - 0.01 for end in ends.values()])
    assert "1 bp at most" in found.rule
    diamonds = next(trace for trace in found.figure["data"] if trace["mode"] == "markers")
    assert (diamonds["x"], diamonds["y"]) == (["2026-12-31"], [3.4])
    bare = path_charts.path(NOW, None, limits + 0.25, limits, PAPERS, LIGHT)
    assert not any(trace["name"] == "a tick" for trace in bare.figure["data"])
    assert "band" not in bare.rule


@pytest.mark.parametrize(("unchosen", "running", "today", "said"), [
    (2026, 2026, "2026-01-23", "2026 (running)"),
    (2026, 2025, "2025-09-17", "2026 (the end of 2025 is not known)"),
    (2027, 2027, "2026-12-15", "2027 (2026 has no meeting left)"),
])  # fmt: skip
def test_a_year_is_called_running_only_where_it_runs(unchosen, running, today, said):
    assert words.year_choice(unchosen, running, dt.date.fromisoformat(today)) == said


@pytest.mark.parametrize(("value", "odds", "moved"), [
    (62.4, "62", "+62"), (9.97, "10", "+10"), (3.14, "3.1", "+3.1"), (0.04, "0.0", "±0"), (-0.26, "-0.3", "−0.3"),
])  # fmt: skip
def test_whole_percents_from_ten_on(value, odds, moved):
    assert (words.odds(value), words.moved(value)) == (odds, moved)
