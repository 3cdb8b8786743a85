"""The chain of ``rate_chain`` for many days at once: the same pins and passes, one array operation per month ahead.

Rows are days, columns are months counted from the month before each day's own. ``rate_chain`` is the readable version; a
test holds the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.topics.rate_path.measures.rate_chain import LEAST_AFTER, MAX_STEP


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """What is known of each day's months before solving; all arrays (days, months).

    Attributes:
        average: 100 - price, NaN without a usable price [%].
        meetings: Number of rate meetings in the month as known on the day.
        before, after: N and M where there is exactly one, else 0 [days].
        known: In the day's chain: not before its first month, not past its last priced one, not past the calendar.
        first: (days,) month of the next meeting, where no meeting has been held in it; -1 elsewhere.
        observed: (days,) the rate now in force [%]; NaN where it is not known.
    """

    average: np.ndarray
    meetings: np.ndarray
    before: np.ndarray
    after: np.ndarray
    known: np.ndarray
    first: np.ndarray
    observed: np.ndarray


def solve(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Rate before and after each month, (days, months) each; NaN where nothing determines it [%].

    Months before the next meeting's are left as the contracts leave them.
    """
    free = grid.known & (grid.meetings == 0)
    fixed = free & np.isfinite(grid.average)
    pin = _pins(grid, free, fixed)
    start, end = np.where(fixed, grid.average, np.nan), np.where(fixed, grid.average, np.nan)
    _backward(grid, free, fixed, pin, start, end)
    _forward(grid, free, pin, start, end)
    _observe(grid, pin, start)
    _forward(grid, free, pin, start, end)
    leap = np.abs(end - start) > MAX_STEP
    start[leap] = end[leap] = np.nan
    return start, end


def _pins(grid: Grid, free: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    pin = np.full_like(grid.average, np.nan)
    carried = np.full(len(pin), np.nan)
    for i in range(pin.shape[1]):
        pin[:, i] = np.where(grid.known[:, i], carried, np.nan)
        carried = np.where(fixed[:, i], grid.average[:, i], np.where(free[:, i], carried, np.nan))
    return pin


def _backward(
    grid: Grid, free: np.ndarray, fixed: np.ndarray, pin: np.ndarray, start: np.ndarray, end: np.ndarray
) -> None:
    months = pin.shape[1]
    for i in range(months - 1, -1, -1):
        unset = grid.known[:, i] & ~fixed[:, i]
        following = start[:, i + 1] if i + 1 < months else np.full(len(pin), np.nan)
        end[:, i] = np.where(unset, following, end[:, i])
        before, after = grid.before[:, i], grid.after[:, i]
        tail = np.where(
            after == 0, 0.0, after * end[:, i]
        )  # with no day after the meeting the end has no weight
        own = ((before + after) * grid.average[:, i] - tail) / np.where(before == 0, np.nan, before)
        derived = np.where(free[:, i], end[:, i], own)
        derived = np.where(np.isfinite(pin[:, i]), pin[:, i], derived)
        start[:, i] = np.where(unset, derived, start[:, i])


def _observe(grid: Grid, pin: np.ndarray, start: np.ndarray) -> None:
    rows = np.flatnonzero((grid.first >= 0) & (grid.first < pin.shape[1]) & np.isfinite(grid.observed))
    rows = rows[grid.known[rows, grid.first[rows]] & np.isnan(start[rows, grid.first[rows]])]
    start[rows, grid.first[rows]] = grid.observed[rows]
    rows = rows[grid.after[rows, grid.first[rows]] >= LEAST_AFTER]
    pin[rows, grid.first[rows]] = grid.observed[rows]


def _forward(grid: Grid, free: np.ndarray, pin: np.ndarray, start: np.ndarray, end: np.ndarray) -> None:
    for i in range(pin.shape[1]):
        if i:
            handed = grid.known[:, i] & np.isnan(start[:, i])
            start[:, i] = np.where(handed, end[:, i - 1], start[:, i])
        before, after = grid.before[:, i], grid.after[:, i]
        head = np.where(before == 0, 0.0, before * pin[:, i])
        own = ((before + after) * grid.average[:, i] - head) / np.where(after == 0, np.nan, after)
        open_end = grid.known[:, i] & np.isnan(end[:, i])
        end[:, i] = np.where(open_end, np.where(free[:, i], start[:, i], own), end[:, i])
