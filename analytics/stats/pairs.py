"""A pair of price series made ready for a test: common days first, then differences, then every refusal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NoOverlap, NotEnoughData, NotPositive, NoVariation, SameSeries, TooManyGaps

FEWEST_WEEKDAYS = 0.8
"""US trading days are 96.5% of the weekdays; below this share a series is not daily."""
FEWEST_MOVES = 0.5
"""Share of days on which a series must move at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Log returns of two series on their common days.

    Attributes:
        lead, follow: Log returns, (n,), no NaN.
        days: The common days, datetime64[D], (n + 1,): return i runs from day i to day i + 1.
        names: How a sentence calls them.
        longest_step: Most calendar days that one return spans.
    """

    lead: np.ndarray
    follow: np.ndarray
    days: np.ndarray
    names: tuple[str, str]
    longest_step: int

    def __len__(self) -> int:
        return len(self.lead)


def returns(levels: pd.DataFrame) -> pd.DataFrame:
    """Log returns between days that all columns share: first to common days, only then differences, so that
    Bitcoin is compounded over weekends and holidays (docs/methods.md#calendar-and-closing-times).

    Args:
        levels: Prices above zero on rising dates; a row with a NaN is no common day.

    Returns:
        One row fewer than there are common days, each dated by the day on which it ends.
    """
    common = levels.dropna()
    logs: pd.DataFrame = np.log(common)
    return logs.diff().iloc[1:]


def weekly(levels: pd.DataFrame) -> pd.DataFrame:
    """The last common day of each week that ends on a Friday, dated by that Friday; a week without one, or
    one that is not over on the last common day, is left out."""
    common = levels.dropna()
    days = common.index.to_numpy().astype("datetime64[D]").astype(int)
    week = (days + 5) // 7  # 1970-01-01, day 0, was a Thursday: Friday is the last day of its week
    fridays = week * 7 + 1
    closing = np.append(week[1:] != week[:-1], days[-1:] == fridays[-1:])
    dates = fridays[closing].astype("datetime64[D]").astype("datetime64[s]")
    return common[closing].set_axis(pd.DatetimeIndex(dates), axis=0)


def pair(levels: pd.DataFrame, names: tuple[str, str], need: int) -> Pair:
    """Returns of a pair, or the reason why there are none worth testing.

    Args:
        levels: Columns ``lead`` and ``follow``: prices on rising dates, as ``Panel.pair`` gives them.
        names: How a sentence calls the two.
        need: Fewest returns that the method can use.

    Raises:
        NoOverlap: no common day.
        NotEnoughData: fewer returns than needed.
        NotPositive: a price at or below zero, or infinite.
        TooManyGaps: not daily, or with a large hole.
        NoVariation: one of them hardly ever moves.
        SameSeries: both move alike to the last digit.
    """
    common = levels[["lead", "follow"]].dropna()
    if common.empty:
        raise NoOverlap(*names)
    if len(common) - 1 < need:
        raise NotEnoughData(f"The pair of {names[0]} and {names[1]}", len(common) - 1, need)
    _check_prices(common, names)
    found = returns(common)
    _check_moves(found, names)
    days = common.index.to_numpy().astype("datetime64[D]")
    lead, follow = (found[name].to_numpy(float) for name in ("lead", "follow"))
    return Pair(lead, follow, days, names, int(np.diff(days).astype(int).max()))


def _check_prices(common: pd.DataFrame, names: tuple[str, str]) -> None:
    for column, name in zip(("lead", "follow"), names, strict=True):
        wrong = ~(np.isfinite(common[column]) & (common[column] > 0))
        if wrong.any():
            raise NotPositive(name, f"{common.index[wrong.to_numpy().argmax()]:%Y-%m-%d}")
    days = common.index.to_numpy().astype("datetime64[D]")
    share = len(days) / (np.busday_count(days[0], days[-1]) + 1)
    if share < FEWEST_WEEKDAYS:
        raise TooManyGaps(f"The pair of {names[0]} and {names[1]}", 100 * share)


def _check_moves(found: pd.DataFrame, names: tuple[str, str]) -> None:
    for column, name in zip(("lead", "follow"), names, strict=True):
        if np.mean(found[column] != 0) < FEWEST_MOVES:
            raise NoVariation(name)
    if np.allclose(found["lead"], found["follow"], rtol=0, atol=1e-12):
        raise SameSeries(names[0])
