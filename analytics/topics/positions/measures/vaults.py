"""Metal in London's vaults: the newest count that was known, and how it moved."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd

from analytics.errors import NotEnoughData

YEAR = 12
"""Months over which a change is also given."""


@dataclass(frozen=True, slots=True)
class Vaults:
    """A metal in London's vaults.

    Attributes:
        metal: Which.
        day: Month's end that the count describes.
        known_at: When it came out.
        n: Number of months known.
        ounces: [million oz].
        month, year: Change over a month and over YEAR months [million oz]; None where no count reaches back.
        low, low_day: The least since the first count [million oz], and its day.
        sentence: What a reader sees.
        months: [million oz] by month's end.
    """

    metal: str
    day: dt.date
    known_at: dt.datetime
    n: int
    ounces: float
    month: float | None
    year: float | None
    low: float
    low_day: dt.date
    sentence: str
    months: pd.Series = field(repr=False)


def vaults(counts: pd.Series, metal: str, known_at: dt.datetime) -> Vaults:
    """Measure the newest count among all that were known.

    Args:
        counts: By month's end, rising [thousand oz]; no NaN.
        metal: What sentences call it.
        known_at: When the newest came out.

    Raises:
        NotEnoughData: no count.
    """
    if counts.empty:
        raise NotEnoughData(f"The record of {metal} in London's vaults", 0, 1)
    months = counts / 1_000
    last, low = months.index[-1], months.idxmin()
    month, year = (_change(months, back) for back in (1, YEAR))
    return Vaults(
        metal=metal,
        day=last.date(),
        known_at=known_at,
        n=len(months),
        ounces=float(months.iloc[-1]),
        month=month,
        year=year,
        low=float(months[low]),
        low_day=low.date(),
        sentence=_sentence(metal, last, float(months.iloc[-1]), year),
        months=months,
    )


def _change(months: pd.Series, back: int) -> float | None:
    """From the end of the month so many months before; None where that was not counted."""
    before = months.index[-1] - pd.offsets.MonthEnd(back)
    return float(months.iloc[-1] - months[before]) if before in months.index else None


def _sentence(metal: str, day: pd.Timestamp, ounces: float, year: float | None) -> str:
    said = f"London's vaults held {ounces:,.0f} million ounces of {metal} on {day:%-d %b %Y}"
    if year is None:
        return f"{said}."
    return f"{said}, {abs(year):,.0f} million {'more' if year >= 0 else 'fewer'} than a year before."
