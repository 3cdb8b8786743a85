"""The rate path of every day at once: expected moves and odds of each meeting through time (docs/methods.md#chain-of-months)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import BadChoice, NotPriced
from analytics.published import fomc
from analytics.topics.rate_path.measures import rate_grid, rate_odds
from analytics.topics.rate_path.measures.rate_chain import PRICES
from analytics.topics.rate_path.measures.rate_observed import observed_rates
from analytics.topics.rate_path.measures.rate_path_days import (
    LAST_AFTER,
    Count,
    is_rate_meeting,
    resolve_count,
    settlements,
)

OUTCOMES = ("cut", "hold", "hike")


@dataclass(frozen=True, slots=True, eq=False)
class RateHistory:
    """What the market priced on each day.

    Attributes:
        days: Days with at least one usable price (DatetimeIndex).
        meetings: Decision days of all rate meetings, also those withdrawn later (DatetimeIndex, rising).
        ahead: (days, meetings): known on the day and still to come, whether priced or not.
        start, end: (days, meetings) expected rate before and after; NaN unless ahead and known, each by itself [%].
        moves: (end - start) / 25 bp, negative for cuts [moves].
        lower: (days,) lower bound of the announced range [%].
        lowest: Moves from the range in force at the first rung of the ladder.
        ladder: One array a meeting, (its days ahead, rungs): probability of a range ``lowest + rung`` moves from the one
            in force [fractions]; NaN rows where a meeting up to it is not solved.
        refused: Prices that no contract can have: columns day, month, price.
    """

    days: pd.DatetimeIndex
    meetings: pd.DatetimeIndex
    ahead: np.ndarray
    start: np.ndarray
    end: np.ndarray
    moves: np.ndarray
    lower: np.ndarray
    lowest: int
    ladder: tuple[np.ndarray, ...]
    refused: pd.DataFrame


def rate_history(
    prices: pd.DataFrame,
    entries: Sequence[fomc.Meeting],
    ranges: pd.DataFrame,
    *,
    effective: pd.Series | None = None,
    count: Count = "auto",
    moved: Collection[dt.date] = (),
) -> RateHistory:
    """``charts`` of every row of ``prices``, vectorised; each day sees the calendar as known on it.

    Args:
        prices: Rows days (DatetimeIndex, rising), columns contract months (Timestamps of first days); NaN where there is
            none. Prices outside 75-105 are refused and listed.
        entries: The Committee's calendar (``fomc.load()``, or ``fixed_calendar`` of bare days).
        ranges: Announced range by day, columns ``lower``, ``upper`` [%] (``AnnouncedRange.by_day``); the last known
            row holds for later days.
        effective: Effective rate by day [%]; gives each day the settlement of the month before it, as
            ``rate_path_days.with_settlement`` does for one, and the rate before the next meeting where no contract does
            (``observed_rates``).
        count: Day count, by day of the prices.
        moved: Days on which a change was announced; unscheduled entries count as meetings only there.

    Raises:
        NotPriced: no usable price at all.
        BadChoice: prices from before the range is known, or an impossible day count.
    """
    quotes, refused = _usable(prices)
    days = pd.DatetimeIndex(quotes.index)
    rate_meetings = [entry for entry in entries if is_rate_meeting(entry, moved)]
    lower = _lower(ranges, days)
    meeting_days = pd.DatetimeIndex(sorted({pd.Timestamp(entry.day) for entry in rate_meetings}))
    standing = _standing(days, meeting_days, rate_meetings)
    column = _months(meeting_days)[None, :] - _months(days)[:, None] + 1
    average = _averages(quotes, days, effective)
    ahead = standing & (meeting_days.to_numpy()[None, :] > days.to_numpy()[:, None])
    now = _observed(effective, ranges, days)
    earlier, later = (_same_month(standing, meeting_days, step) for step in (1, -1))
    opens = _opens(ahead & ~earlier, ahead, column)
    grid = _grid(average, days, meeting_days, standing, column, count, opens, now)
    start, end = (_at(values, column) for values in rate_grid.solve(grid))
    follows_held = earlier & ~_same_month(ahead, meeting_days, 1)
    start = np.where(follows_held, now[:, None], start)
    start[~ahead | (earlier & ~follows_held)] = np.nan
    end[~ahead | later] = np.nan
    moves = (end - start) / rate_odds.STEP
    lowest, ladder = _ladder(ahead, moves)
    return RateHistory(days, meeting_days, ahead, start, end, moves, lower, lowest, ladder, refused)


def _usable(prices: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Prices with the impossible ones blanked and the empty rows left out, on contiguous months; and what was refused."""
    frame = prices.sort_index(axis=1)
    values = frame.to_numpy(dtype=float)
    bad = ~np.isnan(values) & ~((values >= PRICES[0]) & (values <= PRICES[1]))
    rows, columns = np.nonzero(bad)
    refused = pd.DataFrame(
        {"day": frame.index[rows], "month": frame.columns[columns], "price": values[rows, columns]}
    )
    values = np.where(bad, np.nan, values)
    live = np.isfinite(values) & (_months(frame.columns)[None, :] >= _months(frame.index)[:, None])
    kept = live.any(axis=1)
    if not kept.any():
        raise NotPriced(
            "None of the contract prices can be used. Import contract prices, or choose other days."
        )
    months = pd.date_range(frame.columns[0], frame.columns[-1], freq="MS")
    clean = pd.DataFrame(values[kept], index=frame.index[kept], columns=frame.columns)
    return clean.reindex(columns=months), refused


def _months(dates: pd.Index) -> np.ndarray:
    stamps = pd.DatetimeIndex(dates)
    return (stamps.year * 12 + stamps.month - 1).to_numpy()


def _lower(ranges: pd.DataFrame, days: pd.DatetimeIndex) -> np.ndarray:
    rows = ranges.index.searchsorted(days, side="right") - 1
    if rows.min() < 0:
        raise BadChoice(
            "The first day of the prices", days[0].date(), f"days from {ranges.index[0].date()} on"
        )
    return ranges["lower"].to_numpy()[rows]


def _standing(
    days: pd.DatetimeIndex, meetings: pd.DatetimeIndex, entries: Sequence[fomc.Meeting]
) -> np.ndarray:
    """(days, meetings): published by the day and not withdrawn by then."""
    standing = np.zeros((len(days), len(meetings)), dtype=bool)
    position = {stamp: i for i, stamp in enumerate(meetings)}
    for entry in entries:
        first = days.searchsorted(pd.Timestamp(entry.published))
        last = len(days) if entry.withdrawn is None else days.searchsorted(pd.Timestamp(entry.withdrawn))
        standing[first:last, position[pd.Timestamp(entry.day)]] = True
    return standing


def _averages(quotes: pd.DataFrame, days: pd.DatetimeIndex, effective: pd.Series | None) -> np.ndarray:
    """(days, months) 100 - price from the month before each day's own on [%]; NaN without a usable price."""
    average = _relative(100.0 - quotes.to_numpy(), _months(days) - 1 - _months(quotes.columns)[0])
    if effective is not None:
        previous = days.to_period("M").to_timestamp() - pd.offsets.MonthBegin()
        settled = 100.0 - settlements(effective).reindex(previous).to_numpy()
        average[:, 0] = np.where(np.isnan(average[:, 0]), settled, average[:, 0])
    return average


def _observed(effective: pd.Series | None, ranges: pd.DataFrame, days: pd.DatetimeIndex) -> np.ndarray:
    if effective is None:
        return np.full(len(days), np.nan)
    return observed_rates(effective, ranges, days)["rate"].to_numpy()


def _same_month(flags: np.ndarray, meetings: pd.DatetimeIndex, step: int) -> np.ndarray:
    """(days, meetings): an earlier meeting (``step`` 1; a later one for -1) of the same month is flagged."""
    months, marked = _months(meetings)[::step], flags[:, ::step]
    found = np.zeros_like(marked)
    for j in (np.flatnonzero(np.diff(months) == 0) + 1).tolist():
        found[:, j] = found[:, j - 1] | marked[:, j - 1]
    return found[:, ::step]


def _opens(alone: np.ndarray, ahead: np.ndarray, column: np.ndarray) -> np.ndarray:
    """(days,) month of the next meeting, where none has been held in it; -1 elsewhere."""
    rows, first = np.arange(len(ahead)), ahead.argmax(axis=1)
    return np.where(alone[rows, first], column[rows, first], -1)


def _grid(
    average: np.ndarray,
    days: pd.DatetimeIndex,
    meetings: pd.DatetimeIndex,
    standing: np.ndarray,
    column: np.ndarray,
    count: Count,
    opens: np.ndarray,
    observed: np.ndarray,
) -> rate_grid.Grid:
    width = average.shape[1]
    inside = standing & (column >= 0) & (column < width)
    rows, which = np.nonzero(inside)
    held = np.zeros(average.shape, dtype=int)
    np.add.at(held, (rows, column[rows, which]), 1)
    before, after = np.zeros(average.shape, dtype=int), np.zeros(average.shape, dtype=int)
    split = meetings.day.to_numpy()[which] - _announcement_counts_after(days, count)[rows]
    before[rows, column[rows, which]] = split
    after[rows, column[rows, which]] = meetings.days_in_month.to_numpy()[which] - split
    before[held != 1] = after[held != 1] = 0
    priced = np.isfinite(average)
    last_priced = width - 1 - priced[:, ::-1].argmax(axis=1)
    calendar_end = np.where(standing, column, -1).max(axis=1, initial=-1)
    position = np.arange(width)[None, :]
    known = position <= np.minimum(last_priced, calendar_end)[:, None]
    known[:, 0] &= priced[:, 0]
    return rate_grid.Grid(average, held, before, after, known, opens, observed)


def _announcement_counts_after(days: pd.DatetimeIndex, count: Count) -> np.ndarray:
    """(days,) 1 where the announcement day counts as after the decision, else 0."""
    resolve_count(LAST_AFTER, count)
    if count == "auto":
        return (days <= pd.Timestamp(LAST_AFTER)).astype(int)
    return np.full(len(days), int(count == "after"))


def _relative(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """(days, width): each row's values from its own first column on; NaN outside, cut after the last one priced."""
    source = first[:, None] + np.arange(values.shape[1] - first.min())[None, :]
    inside = (source >= 0) & (source < values.shape[1])
    rows = np.arange(len(values))[:, None]
    shifted = np.where(inside, values[rows, np.clip(source, 0, values.shape[1] - 1)], np.nan)
    width = np.flatnonzero(np.isfinite(shifted).any(axis=0))[-1] + 1
    return shifted[:, :width]


def _at(values: np.ndarray, column: np.ndarray) -> np.ndarray:
    """(days, meetings): the values of each meeting's month; NaN outside the grid."""
    inside = (column >= 0) & (column < values.shape[1])
    found = np.take_along_axis(values, np.clip(column, 0, values.shape[1] - 1), axis=1)
    return np.where(inside, found, np.nan)


def _ladder(ahead: np.ndarray, moves: np.ndarray) -> tuple[int, tuple[np.ndarray, ...]]:
    """Convolve meeting by meeting in the order of the calendar, all days together."""
    lowest, highest = rate_odds.ladder(moves)
    state = np.zeros((len(moves), highest - lowest + 1))
    state[:, -lowest] = 1.0
    found = []
    for j in range(moves.shape[1]):
        rows = np.flatnonzero(ahead[:, j])
        state[rows[np.isnan(moves[rows, j])]] = np.nan
        solved = rows[~np.isnan(state[rows, 0]) & ~np.isnan(moves[rows, j])]
        state[solved] = rate_odds.convolve_rows(state[solved], moves[solved, j])
        found.append(state[rows])
    return lowest, tuple(found)
