"""From an expected change of the rate to odds, by 25 bp steps, cuts and hikes alike (docs/methods.md#odds-of-a-move)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

STEP = 0.25
"""Size of one move [% points]."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A distribution over whole moves of 25 bp.

    Attributes:
        first: The lowest number of moves with a probability (negative for cuts).
        weights: Probabilities of first, first + 1, ...; they sum to 1, and none is left out for being small.
    """

    first: int
    weights: tuple[float, ...]


NO_MOVE = Steps(0, (1.0,))


def step_odds(moves: float) -> Steps:
    """Odds of one meeting at which ``moves`` steps are expected: the two whole numbers around it share the odds.

    Equal to k = floor(x) with 1 - frac(x) and k + 1 with frac(x), written from zero outwards so that cuts are the exact
    mirror image of hikes, to the last bit.

    Args:
        moves: x = (E - S) / 0.25, negative for cuts [moves]; finite.
    """
    whole = math.trunc(moves)
    part = abs(moves - whole)
    if part == 0:
        return Steps(whole, (1.0,))
    return Steps(whole, (1 - part, part)) if moves > 0 else Steps(whole - 1, (part, 1 - part))


def convolve(before: Steps, meeting: Steps) -> Steps:
    """The distribution after a meeting whose outcome is independent of those before it."""
    weights = [0.0] * (len(before.weights) + len(meeting.weights) - 1)
    for i, p in enumerate(before.weights):
        for j, q in enumerate(meeting.weights):
            weights[i + j] += p * q
    return Steps(before.first + meeting.first, tuple(weights))


def percent_by_level(lower: float, steps: Steps) -> dict[float, float]:
    """{lower bound of the range [%]: probability [%]}, in numeric order, from the range whose lower bound is given."""
    return {
        round(lower + STEP * (steps.first + i), 6): 100 * weight for i, weight in enumerate(steps.weights)
    }


def cut_hold_hike(moves: np.ndarray) -> np.ndarray:
    """Odds of a cut, of no move and of a hike at one meeting.

    Args:
        moves: Expected moves at the meeting, any shape, NaN where unknown [moves].

    Returns:
        The same shape with a last axis of 3, summing to 1; NaN where ``moves`` is.
    """
    cut, hike = np.clip(-moves, 0, 1), np.clip(moves, 0, 1)
    return np.stack([cut, 1 - cut - hike, hike], axis=-1)


def convolve_rows(state: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """``convolve`` for many days at once.

    Args:
        state: (days, levels) probabilities over a fixed ladder of levels, wide enough for every outcome.
        moves: (days,) expected moves at the meeting, finite [moves].

    Returns:
        (days, levels): the state after the meeting.
    """
    whole = np.trunc(moves)
    part = np.abs(moves - whole)
    outward = whole + np.sign(moves)
    after = np.zeros_like(state)
    for shift in np.unique(np.concatenate([whole, outward])).astype(int):
        weight = np.where(whole == shift, 1 - part, 0.0) + np.where(
            (outward == shift) & (part > 0), part, 0.0
        )
        rows = np.flatnonzero(weight)
        after[rows] += weight[rows, None] * _shifted(state[rows], int(shift))
    return after


def _shifted(state: np.ndarray, shift: int) -> np.ndarray:
    moved = np.zeros_like(state)
    width = state.shape[1]
    if shift >= 0:
        moved[:, shift:] = state[:, : width - shift]
    else:
        moved[:, :shift] = state[:, -shift:]
    return moved


def ladder(moves: np.ndarray) -> tuple[int, int]:
    """Lowest and highest number of moves reachable along any row.

    Args:
        moves: (days, meetings) expected moves, NaN where unknown [moves].
    """
    known = np.nan_to_num(moves)
    lowest = np.minimum(np.floor(known), 0).sum(axis=1).min(initial=0)
    highest = np.maximum(np.ceil(known), 0).sum(axis=1).max(initial=0)
    return int(lowest), int(highest)


def total_variation(a: dict[float, float], b: dict[float, float]) -> float:
    """Half the summed absolute difference of two distributions by level, in the unit of the probabilities."""
    return 0.5 * math.fsum(abs(a.get(level, 0.0) - b.get(level, 0.0)) for level in {*a, *b})


def in_words(moves: float) -> str:
    """Expected moves as a phrase, in the same words for both directions: "1.76 cuts of 25 bp", "no move"."""
    size = f"{abs(moves):.2f}"
    if float(size) == 0:
        return "no move"
    return f"{size} {'cut' if moves < 0 else 'hike'}{'' if size == '1.00' else 's'} of 25 bp"
