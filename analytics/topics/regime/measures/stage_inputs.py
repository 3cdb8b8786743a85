"""The stage rule's five inputs, brought to what was known at the close of a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotPositive
from analytics.stats.changes import known_by

MOVE_DAYS = 60
LONGEST_MOVE = 100
"""Sixty trading days span 84 to 92 calendar days; more means a hole, and no move is known [calendar days]."""
MONTHS_AHEAD = 12

YIELD_LAG, BROAD_LAG = 1, 5
"""Monday-to-Friday days until a day's figure is out: Treasury yields and effective rates the next, H.10's
broad dollar up to five."""
CONDITIONS_LAG = 5
"""The NFCI of a Friday is out on the Wednesday after [calendar days]."""


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Series by the day they speak of, rising dates; NaN are no values.

    Attributes:
        vix: Close [% a year]; known on its day.
        dollar: Dollar index; known on its day.
        breakeven: 10-year breakeven [%]; known the next business day.
        path: Expected change of the policy rate within twelve months (``expected_path``) [bp]; None where
            there are no contracts.
        conditions: NFCI by Friday [index]; known five days later. It is revised each week: leave it out
            (None) where the vintage of the day cannot be had.
        broad: Broad dollar index, in the dollar's place on days without it: each 60-day move comes from one
            of the two, never from both; known five business days later.
    """

    vix: pd.Series
    dollar: pd.Series
    breakeven: pd.Series
    path: pd.Series | None = None
    conditions: pd.Series | None = None
    broad: pd.Series | None = None


def as_known(inputs: Inputs, closes: pd.DatetimeIndex) -> pd.DataFrame:
    """The rule's inputs as known at the close of each day.

    Args:
        inputs: See there.
        closes: US trading days, rising, (n,).

    Returns:
        Columns ``vix``, ``conditions``, ``dollar``, ``breakeven``, ``path``, NaN where not known, and
        ``dollar_from`` (``index``, ``broad`` or empty); index ``closes``.

    Raises:
        NotPositive: a dollar index at or below zero.
    """
    index = known_by(log_move(inputs.dollar, "The dollar index"), closes)
    broad = _known(
        None if inputs.broad is None else log_move(inputs.broad, "The broad dollar"), closes, BROAD_LAG
    )
    rise = 100 * move(inputs.breakeven)
    return pd.DataFrame(
        {
            "vix": known_by(inputs.vix, closes),
            "conditions": _known(_released(inputs.conditions), closes, 0),
            "dollar": np.where(np.isnan(index), broad, index),
            "breakeven": _known(rise, closes, YIELD_LAG),
            "path": _known(inputs.path, closes, 0),
            "dollar_from": np.select([~np.isnan(index), ~np.isnan(broad)], ["index", "broad"], ""),
        },
        index=closes,
    )


def expected_path(contracts: pd.DataFrame, effective: pd.Series) -> pd.Series:
    """Expected change of the effective rate within twelve months: what the contract of the same month next
    year implies, less the effective rate known that day.

    Args:
        contracts: Rows days (rising), columns contract months (first days); prices, NaN where there is none.
        effective: Effective rate by day [%].

    Returns:
        By day [bp], negative where cuts are priced; days without that contract or without a known rate are
        left out. A term premium is in it.
    """
    months = pd.DatetimeIndex(contracts.columns)
    days = pd.DatetimeIndex(contracts.index)
    wanted = days.year * 12 + days.month - 1 + MONTHS_AHEAD
    at = pd.Index(months.year * 12 + months.month - 1).get_indexer(wanted)
    prices = contracts.to_numpy(float)[np.arange(len(days)), np.maximum(at, 0)]
    rate = _known(effective, days, YIELD_LAG)
    change = np.where(at >= 0, 100 * (100 - prices - rate), np.nan)
    return pd.Series(change, index=days, name="path").dropna()


def move(values: pd.Series) -> pd.Series:
    """Difference over ``MOVE_DAYS`` of a series' own days [its unit]; NaN where that spans a hole."""
    known = values.dropna()
    days = known.index.to_series()
    span = (days - days.shift(MOVE_DAYS)).dt.days
    return (known - known.shift(MOVE_DAYS)).where(span <= LONGEST_MOVE)


def log_move(values: pd.Series, name: str) -> pd.Series:
    """100 x log return over ``MOVE_DAYS`` of a price's own days [%]."""
    known = values.dropna()
    if (known <= 0).any():
        raise NotPositive(name, f"{known.index[known <= 0][0]:%Y-%m-%d}")
    return 100 * move(pd.Series(np.log(known)))


def _released(weekly: pd.Series | None) -> pd.Series | None:
    return None if weekly is None else weekly.set_axis(weekly.index + pd.Timedelta(days=CONDITIONS_LAG))


def _known(values: pd.Series | None, closes: pd.DatetimeIndex, lag: int) -> np.ndarray:
    """``known_by`` after a lag of Monday-to-Friday days."""
    if values is None:
        return np.full(len(closes), np.nan)
    known = values.dropna()
    stamps = known.index.to_numpy().astype("datetime64[D]")
    out = np.busday_offset(stamps, lag, roll="backward") if lag else stamps
    return known_by(known.set_axis(pd.DatetimeIndex(out.astype("datetime64[s]"))), closes)
