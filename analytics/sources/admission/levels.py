"""The main values of a series on their days, as arrays: what answers, held rows and witnesses are compared in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.catalogue import Series

SAME = 1e-7
"""Relative difference below which two values are one: sources send 4-byte floats."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Values by day.

    Attributes:
        days: Days since 1970, int64, strictly rising, shape (n,).
        values: float64, shape (n,), no NaN.
    """

    days: np.ndarray
    values: np.ndarray

    def on(self, days: np.ndarray) -> np.ndarray:
        """Values on given days; NaN where there is none."""
        found = np.full(len(days), np.nan)
        if len(self.days):
            at = np.clip(np.searchsorted(self.days, days), 0, len(self.days) - 1)
            there = self.days[at] == days
            found[there] = self.values[at[there]]
        return found

    def over(self, other: Levels) -> Levels:
        """Both together; these values where both have a day."""
        days = np.union1d(self.days, other.days)
        mine = self.on(days)
        return Levels(days, np.where(np.isnan(mine), other.on(days), mine))

    def only(self, days: np.ndarray) -> Levels:
        """The part on given days."""
        kept = np.isin(self.days, days)
        return Levels(self.days[kept], self.values[kept])


NOTHING = Levels(np.array([], np.int64), np.array([], np.float64))


def stored(frame: pd.DataFrame, series: Series) -> Levels:
    """The main field of rows (period, field, value) as the ledger holds it; the last value of a day with several."""
    return _of_field(frame, series.field)


def splits(frame: pd.DataFrame) -> Levels:
    """The splits among rows: new shares for one old, by ex-date."""
    return _of_field(frame, "split")


def _of_field(frame: pd.DataFrame, field: str) -> Levels:
    chosen = (frame["field"] == field).to_numpy()
    days = frame["period"].to_numpy()[chosen].astype("datetime64[D]").astype(np.int64)
    values = frame["value"].to_numpy(float)[chosen]
    if len(days) and not (np.diff(days) > 0).all():
        order = np.argsort(days, kind="stable")
        days, values = days[order], values[order]
        last = np.append(np.diff(days) > 0, True)
        days, values = days[last], values[last]
    return Levels(days, values)


def adjusted(levels: Levels, split: Levels) -> Levels:
    """Prices as traded brought to the newest shares: those before a split divided by its ratio."""
    if not len(split.days):
        return levels
    following = np.append(np.cumprod(split.values[::-1])[::-1], 1.0)
    return Levels(
        levels.days, levels.values / following[np.searchsorted(split.days, levels.days, side="right")]
    )
