from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.topics.rate_path.measures.rate_odds import (
    NO_MOVE,
    Steps,
    convolve,
    convolve_rows,
    cut_hold_hike,
    in_words,
    ladder,
    percent_by_level,
    step_odds,
    total_variation,
)

chains = st.lists(st.floats(-3, 3), min_size=1, max_size=6)


def test_step_odds_are_floor_and_fraction():
    assert step_odds(0.3) == Steps(0, (0.7, 0.3))
    assert step_odds(-0.3) == Steps(-1, (0.3, 0.7))
    assert step_odds(-2.25) == Steps(-3, (0.25, 0.75))
    assert step_odds(2.0) == Steps(2, (1.0,))
    assert step_odds(0.0) == step_odds(-0.0) == Steps(0, (1.0,))
    twice = convolve(step_odds(0.5), step_odds(-1.5))
    assert twice == Steps(-2, (0.25, 0.5, 0.25))
    assert percent_by_level(3.5, twice) == {3.0: 25.0, 3.25: 50.0, 3.5: 25.0}


def test_words_are_the_same_for_cuts_and_hikes():
    assert [in_words(x) for x in (-1.76, 1.76, -1.0, 1.0, 0.004, -0.004)] == [
        "1.76 cuts of 25 bp", "1.76 hikes of 25 bp", "1.00 cut of 25 bp", "1.00 hike of 25 bp", "no move", "no move",
    ]  # fmt: skip


@settings(deadline=None)
@given(st.lists(chains, min_size=1, max_size=5).filter(lambda rows: len({len(row) for row in rows}) == 1))
def test_rows_convolve_as_single_days_do(rows):
    moves = np.array(rows)
    lowest, highest = ladder(moves)
    state = np.zeros((len(moves), highest - lowest + 1))
    state[:, -lowest] = 1.0
    for column in moves.T:
        state = convolve_rows(state, column)
    for row, chain in zip(state, rows, strict=True):
        steps = NO_MOVE
        for x in chain:
            steps = convolve(steps, step_odds(x))
        alone = np.zeros(len(row))
        alone[steps.first - lowest : steps.first - lowest + len(steps.weights)] = steps.weights
        assert row.tolist() == pytest.approx(alone.tolist(), abs=1e-15)
        assert abs(row.sum() - 1) <= 1e-12


@settings(deadline=None)
@given(st.floats(-5, 5))
def test_the_mean_of_the_odds_is_the_expected_move(moves):
    steps = step_odds(moves)
    assert sum((steps.first + i) * p for i, p in enumerate(steps.weights)) == pytest.approx(moves, abs=1e-12)
    mirrored = step_odds(-moves)
    assert mirrored.weights == steps.weights[::-1]


def test_cut_hold_and_hike_at_one_meeting():
    odds = cut_hold_hike(np.array([-2.5, -0.3, 0.0, 0.3, 1.0, np.nan]))
    assert odds[:5].tolist() == [[1, 0, 0], [0.3, 0.7, 0], [0, 1, 0], [0, 0.7, 0.3], [0, 0, 1]]
    assert np.isnan(odds[5]).all()


def test_total_variation_of_levels():
    assert total_variation({3.5: 60.0, 3.75: 40.0}, {3.5: 40.0, 3.25: 60.0}) == pytest.approx(60.0)
    assert total_variation({3.5: 1.0}, {3.5: 1.0}) == 0
