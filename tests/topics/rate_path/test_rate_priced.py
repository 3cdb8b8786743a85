from __future__ import annotations

import datetime as dt
import json
import math

import pytest

from analytics.topics.rate_path.measures.rate_path import rate_path
from analytics.topics.rate_path.measures.rate_priced import compare, second_half_moves, year_end_moves
from tests.topics.rate_path.test_rate_path import T1, T1_DAY, T1_RANGE, known, strip


def test_moves_priced_to_a_year_end_and_for_a_second_half():
    path = rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE)
    year = year_end_moves(path, 2026)
    assert (year.first, year.last) == (dt.date(2026, 7, 29), dt.date(2026, 12, 9))
    assert year.moves == pytest.approx(sum(m.expected_moves for m in path.meetings[:4]))
    assert year.bp == pytest.approx(25 * year.moves)
    assert "the meeting of 2027-12-08: that takes" in year_end_moves(path, 2027).why
    assert "does not lie ahead" in year_end_moves(path, 2025).why
    assert "do not all lie ahead" in second_half_moves(path, 2026).why


def test_a_calendar_that_ends_in_january_is_not_yet_a_year():
    prices = strip(2026, 11, 96.1, 96.0, 95.9, 95.9)
    days = [dt.date(2026, 10, 28), dt.date(2026, 12, 9), dt.date(2027, 1, 27)]
    path = rate_path(prices, days, dt.date(2026, 11, 10), (3.75, 4.0))
    assert year_end_moves(path, 2027).moves is None
    assert year_end_moves(path, 2026).moves is not None


def test_two_paths_compare_in_points_by_level():
    now = rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE)
    then = rate_path({m: p + 0.05 for m, p in T1.items()}, known(T1_DAY), T1_DAY, T1_RANGE)
    same = compare(now, now)
    assert all(p == 0 for change in same for p in change.points.values())
    steeper = {**T1, dt.date(2026, 8, 1): 96.2575}
    change = compare(rate_path(steeper, known(T1_DAY), T1_DAY, T1_RANGE), now)[0]
    assert math.fsum(change.points.values()) == pytest.approx(0, abs=1e-9)
    assert change.points[3.75] > 0
    assert change.moves == pytest.approx(change.points[3.75] / 100)
    assert compare(now, then)[0].end == pytest.approx(0.05)
    short = rate_path(
        {m: p for m, p in T1.items() if m < dt.date(2026, 10, 1)}, known(T1_DAY), T1_DAY, T1_RANGE
    )
    assert [bool(c.points) for c in compare(now, short)[:3]] == [True, True, False]
    assert json.dumps(short.to_dict())


def test_nothing_is_skipped_when_the_near_contracts_are_gone():
    """Contracts from June on only: the path from June is right, odds and moves priced for the year would not be."""
    full = strip(
        2026,
        1,
        96.36,
        96.37,
        96.385,
        96.405,
        96.44,
        96.49,
        96.555,
        96.615,
        96.655,
        96.71,
        96.75,
        96.785,
        96.8,
        96.8,
    )
    day, late = dt.date(2026, 1, 23), {m: p for m, p in full.items() if m >= dt.date(2026, 6, 1)}
    whole, broken = (rate_path(prices, known(day), day, (3.50, 3.75)) for prices in (full, late))
    assert year_end_moves(whole, 2026).cuts == pytest.approx(1.76, abs=0.01)
    said = year_end_moves(broken, 2026)
    assert said.moves is None
    assert "before the meeting of 2026-01-28" in said.why
    assert all(not meeting.probabilities for meeting in broken.meetings)
    assert broken.meetings[-2].end == pytest.approx(whole.meetings[-2].end)
    assert "do not say" in broken.sentence
    assert second_half_moves(broken, 2026).moves == pytest.approx(second_half_moves(whole, 2026).moves)
