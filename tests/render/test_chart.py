"""The marks that every figure is made of."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.published.dated_events import Event
from analytics.render import chart as marks
from analytics.render.theme import DARK, LIGHT, layout
from tests.render.conftest import papers
from tests.render.drawn import dates, numbers, points

START = pd.Timestamp("2026-01-05")


def on(days: list[int], values: list[float] | None = None) -> pd.Series:
    """A series on given days after START."""
    index = pd.DatetimeIndex([START + pd.Timedelta(days=day) for day in days]).astype("datetime64[s]")
    return pd.Series(
        [float(i + 1) for i in range(len(days))] if values is None else values, index, dtype=float
    )


def figure(mode: str = "linear", **axis: object) -> dict:
    made = {"data": [], "layout": layout(LIGHT)}
    made["layout"]["yaxis"].update(type=mode, **axis)
    return made


@given(st.lists(st.floats(-1e6, 1e6, width=32), max_size=20))
def test_numbers_survive_the_journey_in_four_bytes(values):
    sent = marks.encode(np.array(values))
    assert sent["dtype"] == "f4"
    assert numbers(sent) == pytest.approx(values, rel=1e-6)


def test_encoding_is_a_fifth_of_a_list():
    import json

    values = np.random.default_rng(1).standard_normal(1_000).cumsum() + 100
    assert len(json.dumps(marks.encode(values))) < 0.35 * len(json.dumps(values.tolist()))


def test_a_weekend_is_a_hole_that_the_line_passes_over():
    sent = marks.daily(on([0, 1, 2, 3, 4, 7, 8]))
    assert (sent["x0"], sent["dx"], sent["connectgaps"]) == ("2026-01-05", 86_400_000, True)
    assert np.isnan(numbers(sent["y"])).tolist() == [False] * 5 + [True] * 2 + [False] * 2


def test_a_hole_of_14_days_is_passed_over_and_one_of_15_breaks_the_line():
    assert marks.daily(on([0, 1, 2, 16, 17, 18]))["connectgaps"] is True
    broken = marks.daily(on([0, 1, 2, 17, 18, 19, 40, 41]))
    assert "connectgaps" not in broken
    assert [place for place, day in enumerate(broken["x"]) if day is None] == [3, 7]
    assert np.flatnonzero(np.isnan(numbers(broken["y"]))).tolist() == [3, 7]


@pytest.mark.parametrize(
    "days", [[], [3], [0, 31, 59], [0, 7, 14, 21]], ids=["none", "one", "months", "weeks"]
)
def test_sparse_series_carry_their_dates(days):
    sent = marks.daily(on(days))
    assert sent["x"] == [f"{START + pd.Timedelta(days=day):%Y-%m-%d}" for day in days]
    assert "connectgaps" not in sent


@settings(max_examples=150)
@given(st.sets(st.integers(0, 400), max_size=60))
def test_every_value_is_drawn_on_its_own_day_and_nothing_else_is(days):
    series = on(sorted(days))
    trace = marks.line(series, "Silver", "#000000")
    assert points(trace) == {stamp.date(): value for stamp, value in series.items()}


def test_lines_are_svg_and_named():
    trace = marks.line(on([0, 1]), "Silver", "#123456", number=".1f")
    assert trace["type"] == "scatter"
    assert (trace["name"], trace["line"]["color"]) == ("Silver", "#123456")
    assert trace["hovertemplate"] == "Silver %{y:.1f}<extra></extra>"


def test_an_end_label_stands_at_the_last_point():
    made, series = figure(), on([0, 1, 2], [5, 6, 7])
    marks.end_label(made, series, "Silver", "#000000")
    note = made["layout"]["annotations"][0]
    assert (note["x"], note["y"], note["text"]) == ("2026-01-07", 7.0, "Silver")
    logarithmic = figure("log")
    marks.end_label(logarithmic, on([0, 1], [10, 1000]), "x", "#000000", log=True)
    assert logarithmic["layout"]["annotations"][0]["y"] == pytest.approx(3)


def test_an_empty_series_has_no_label():
    made = figure()
    marks.end_label(made, on([]), "Silver", "#000000")
    assert made["layout"]["annotations"] == []


@settings(max_examples=150)
@given(st.lists(st.floats(1, 1000), min_size=2, max_size=4), st.sampled_from(["linear", "log"]))
def test_end_labels_never_overlap(ends, mode):
    made = figure(mode)
    for i, end in enumerate(ends):
        series = on([0, 1, 2], [1.0, 1000.0, end])
        made["data"].append(marks.line(series, f"s{i}", "#000000"))
        marks.end_label(made, series, f"s{i}", "#000000", log=mode == "log")
    marks.spread_labels(made, height=270, gap=15)
    low, high = (0.0, 3.0) if mode == "log" else (1.0, 1000.0)
    notes = made["layout"]["annotations"]
    places = sorted((note["y"] - low) / (high - low) * 270 + note["yshift"] for note in notes)
    assert min(np.diff(places)) >= 15 - 0.2  # shifts are rounded to a tenth of a pixel
    by_value = sorted(notes, key=lambda note: note["y"])
    shown = [(note["y"] - low) / (high - low) * 270 + note["yshift"] for note in by_value]
    assert shown == sorted(shown)


def test_labels_that_have_room_stay_where_they_are():
    made = figure(range=[0, 100])
    for value in (10.0, 90.0):
        marks.end_label(made, on([0], [value]), "x", "#000000")
    marks.spread_labels(made)
    assert [note["yshift"] for note in made["layout"]["annotations"]] == [0, 0]


def test_events_are_dated_rules_inside_the_window_and_the_newest_few():
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=i) for i in range(40)]
    known = [Event(day, f"Event {day}", "Body.", ("fed",), "test") for day in days]
    made = figure()
    marks.events(made, known, days[5], days[30], LIGHT)
    drawn = dates(made["data"][0])
    assert drawn == days[31 - marks.MOST_RULES : 31]
    assert [shape["x0"] for shape in made["layout"]["shapes"]] == [f"{day}" for day in drawn]
    assert made["data"][0]["text"][-1] == "31 Jan 2026: Event 2026-01-31"


def test_no_event_no_mark():
    made = figure()
    marks.events(made, [], dt.date(2026, 1, 1), dt.date(2026, 2, 1), LIGHT)
    assert made["data"] == []
    assert made["layout"]["shapes"] == []


@pytest.mark.parametrize("simulated", [True, False])
def test_one_simulated_series_marks_the_whole_figure(simulated):
    made = marks.finish(figure(), [papers("silver"), papers("bitcoin", simulated=simulated)])
    said = [note["text"] for note in made["layout"]["annotations"]]
    assert said == (["Simulated demo data"] if simulated else [])


@pytest.mark.parametrize("ink", [LIGHT, DARK], ids=["light", "dark"])
def test_a_layout_is_of_its_page_and_shares_nothing_with_the_next(ink):
    one, other = layout(ink, unit="$"), layout(ink, unit="$")
    assert (one["paper_bgcolor"], one["font"]["color"]) == (ink.paper, ink.text)
    one["shapes"].append("x")
    one["annotations"].append("x")
    one["yaxis"]["type"] = "log"
    assert other["shapes"] == []
    assert len(other["annotations"]) == 1
    assert "type" not in other["yaxis"]
