"""The rate path against published numbers, and its properties. The traps are in test_rate_path_traps.py."""

from __future__ import annotations

import datetime as dt
import json
import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.published import fomc
from analytics.topics.rate_path.measures.rate_odds import STEP
from analytics.topics.rate_path.measures.rate_path import rate_path
from analytics.topics.rate_path.measures.rate_path_days import (
    day_split,
    decision_days,
    month_from,
    month_number,
)


def strip(year, month, *prices):
    """Prices of consecutive contract months."""
    first = year * 12 + month - 1
    return {month_from(first + i): price for i, price in enumerate(prices)}


# The three vectors of docs/methods.md#odds-of-a-move: CME's published percentages and worked example.
T1_DAY, T1_RANGE = dt.date(2026, 7, 14), (3.50, 3.75)
T1 = strip(
    2026,
    7,
    96.3688,
    96.2825,
    96.2175,
    96.1325,
    96.0725,
    96.0,
    95.965,
    95.9275,
    95.8975,
    95.8675,
    95.85,
    95.855,
    95.8625,
)
T1_ODDS = {
    dt.date(2026, 7, 29): (63.1, 36.9),
    dt.date(2026, 9, 16): (26.9, 51.9, 21.2),
    dt.date(2026, 10, 28): (19.7, 45.3, 29.4, 5.6),
    dt.date(2026, 12, 9): (11.7, 34.9, 35.9, 15.3, 2.3),
    dt.date(2027, 1, 27): (9.7, 30.9, 35.7, 18.8, 4.5, 0.4),
    dt.date(2027, 3, 17): (7.4, 25.9, 34.6, 22.8, 7.9, 1.4, 0.1),
    dt.date(2027, 4, 28): (6.8, 24.5, 33.9, 23.7, 9.0, 1.9, 0.2),
}
T2_DAY, T2_RANGE = dt.date(2023, 3, 10), (4.50, 4.75)
T2 = strip(
    2023,
    1,
    95.6675,
    95.4275,
    95.3375,
    95.1,
    94.855,
    94.775,
    94.73,
    94.75,
    94.78,
    94.835,
    94.97,
    95.06,
    95.13,
    95.3,
    95.365,
    95.485,
)
T2_ODDS = {
    dt.date(2023, 3, 22): {4.75: 59.8, 5.00: 40.2},
    dt.date(2023, 5, 3): {5.00: 57.4, 5.25: 41.0, 5.50: 1.6},
    dt.date(2023, 6, 14): {5.00: 31.0, 5.25: 48.5, 5.50: 19.7, 5.75: 0.7},
}


def known(day):
    return decision_days(fomc.load(), day)


def odds_by_day(path):
    return {meeting.date: meeting.probabilities for meeting in path.meetings}


def rounded(odds):
    return {level: round(percent, 1) for level, percent in odds.items()}


def test_t1_july_2026_to_the_tenth():
    path = rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE)
    found = odds_by_day(path)
    for day, published in T1_ODDS.items():
        expected = {3.50 + 0.25 * i: percent for i, percent in enumerate(published)}
        assert {level: p for level, p in rounded(found[day]).items() if level in expected} == expected
        assert sum(p for level, p in found[day].items() if level not in expected) < 0.05
    assert path.count == "before"
    assert path.sentence == (
        "As of 14 Jul 2026 the market prices 1.62 hikes of 25 bp by the meeting of 9 Dec 2026, from a range of 3.50-3.75%."
    )


def test_t2_march_2023_to_the_tenth_with_the_older_day_count():
    path = rate_path(T2, known(T2_DAY), T2_DAY, T2_RANGE)
    assert path.count == "after"
    found = odds_by_day(path)
    assert {day: rounded(found[day]) for day in T2_ODDS} == T2_ODDS
    assert dt.date(2024, 3, 20) in found


def test_the_other_day_count_misses_t2():
    found = odds_by_day(rate_path(T2, known(T2_DAY), T2_DAY, T2_RANGE, count="before"))
    assert any(abs(found[day][level] - p) > 0.5 for day, odds in T2_ODDS.items() for level, p in odds.items())


def test_t4_september_2015_steps_forward_from_august():
    path = rate_path(
        strip(2015, 8, 99.8675, 99.805), known(dt.date(2015, 8, 20)), dt.date(2015, 8, 20), (0.0, 0.25)
    )
    meeting = path.meetings[0]
    assert meeting.date == dt.date(2015, 9, 17)
    assert meeting.end == pytest.approx(0.26643, abs=5e-6)
    assert rounded(meeting.probabilities) == {0.0: 46.4, 0.25: 53.6}


def test_json_is_the_shape_that_the_command_line_promises():
    found = json.loads(json.dumps(rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE).to_dict()))
    assert list(found) == ["as_of", "range", "count", "meetings"]
    assert (found["as_of"], found["range"], found["count"]) == ("2026-07-14", [3.5, 3.75], "before")
    first, second = found["meetings"][:2]
    assert list(first) == [
        "date", "start", "end", "expected_moves", "probabilities", "residual_bp", "liquid", "note",
    ]  # fmt: skip
    assert {level: round(p, 1) for level, p in first["probabilities"].items()} == {"3.50": 63.1, "3.75": 36.9}
    assert (first["date"], first["liquid"], first["residual_bp"]) == ("2026-07-29", True, None)
    assert second["residual_bp"] == pytest.approx(-0.2)
    assert found["meetings"][-1]["expected_moves"] is None
    assert found["meetings"][-1]["probabilities"] == {}


def test_one_day_takes_under_a_millisecond():
    calendar = known(T1_DAY)
    times = []
    for _ in range(50):
        begin = time.perf_counter()
        rate_path(T1, calendar, T1_DAY, T1_RANGE)
        times.append(time.perf_counter() - begin)
    assert min(times) < 1e-3


# Properties. Rates are multiples of 1/512, so that 100 - price and sums of them are exact in binary.
FIRST = month_number(dt.date(2026, 1, 1))
AS_OF = dt.date(2026, 1, 2)
rates = st.integers(-512, 1_024).map(lambda n: n / 512)
jumps = st.lists(st.integers(-100, 100).map(lambda n: n / 512), min_size=13, max_size=13)


@st.composite
def worlds(draw):
    """A strip of 14 months and a calendar with a meeting in some of them; no two months in a row without one."""
    level = draw(rates)
    averages = [level]
    for jump in draw(jumps):
        averages.append(averages[-1] + jump)
    days, quiet = [], False
    for i in range(14):
        quiet = not quiet and draw(st.booleans())
        if not quiet:
            days.append(month_from(FIRST + i).replace(day=draw(st.integers(3, 28))))
    days.append(dt.date(2027, 3, 17))
    return averages, days


def priced(averages):
    return {month_from(FIRST + i): 100.0 - average for i, average in enumerate(averages)}


def solve(averages, days, low=1.0, count="before"):
    return rate_path(priced(averages), days, AS_OF, (low, low + 0.25), count=count)


@settings(deadline=None)
@given(worlds())
def test_odds_sum_to_one_and_none_is_pruned(world):
    for meeting in solve(*world).meetings:
        if meeting.probabilities:
            assert abs(math.fsum(meeting.probabilities.values()) / 100 - 1) <= 1e-12
            assert min(meeting.probabilities.values()) > 0
            assert list(meeting.probabilities) == sorted(meeting.probabilities)


@settings(deadline=None)
@given(worlds())
def test_the_expected_range_moves_with_the_path(world):
    path = solve(*world)
    for meeting in path.meetings:
        if meeting.probabilities:
            level = math.fsum(level * p for level, p in meeting.probabilities.items()) / 100
            assert level - path.range[0] == pytest.approx(meeting.end - path.meetings[0].start, abs=1e-9)


@settings(deadline=None)
@given(worlds(), st.sampled_from(["before", "after"]))
def test_cuts_mirror_hikes_to_the_last_bit(world, count):
    averages, days = world
    up = solve(averages, days, 1.0, count)
    down = solve([-average for average in averages], days, -1.25, count)
    for rise, fall in zip(up.meetings, down.meetings, strict=True):
        mirrored = {-level - STEP: p for level, p in reversed(list(fall.probabilities.items()))}
        assert rise.probabilities == mirrored
        assert rise.expected_moves == (None if fall.expected_moves is None else -fall.expected_moves)
        assert (rise.liquid, bool(rise.note)) == (fall.liquid, bool(fall.note))


@settings(deadline=None)
@given(worlds(), st.integers(-1_024, 1_024).map(lambda n: n / 512))
def test_a_shift_of_all_prices_shifts_the_path_and_nothing_else(world, shift):
    averages, days = world
    base, moved = solve(averages, days), solve([average + shift for average in averages], days)
    for before, after in zip(base.meetings, moved.meetings, strict=True):
        if before.start is not None:
            assert after.start - before.start == pytest.approx(shift, abs=1e-9)
        if before.expected_moves is not None:
            assert after.expected_moves == pytest.approx(before.expected_moves, abs=1e-9)
        assert bool(before.probabilities) == bool(after.probabilities)


@settings(deadline=None)
@given(worlds(), st.integers(4, 13))
def test_a_farther_contract_changes_no_nearer_meeting_unless_it_pins_it(world, length):
    averages, days = world
    short, long = solve(averages[:length], days), solve(averages[: length + 1], days)
    busy = {month_number(day): day for day in days}
    added = FIRST + length
    if added in busy and day_split(busy[added], "before")[1] > 0:
        last_same = added - 1
    else:  # no meeting, or one on its last day: it pins the months with meetings that lead up to it, back to the last pin
        last_same = max((number for number in range(FIRST, added) if number not in busy), default=FIRST) - 1
    nearer = [meeting for meeting in long.meetings if month_number(meeting.date) <= last_same]
    assert nearer == list(short.meetings[: len(nearer)])


@settings(deadline=None)
@given(worlds())
def test_the_path_reproduces_every_contract_that_it_uses(world):
    """Where the own contract is spare its distance is the residual; elsewhere the month's mean is the price."""
    averages, days = world
    path = solve(averages, days)
    for month in path.months:
        decisions = [day for day in days if month_number(day) == month_number(month.month)]
        if month.start is None or month.end is None or not decisions:
            continue
        length = (month_from(month_number(month.month) + 1) - month.month).days
        mean = (decisions[0].day * month.start + (length - decisions[0].day) * month.end) / length
        assert month.average - mean == pytest.approx((month.residual_bp or 0.0) / 100, abs=1e-9)
