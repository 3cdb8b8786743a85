"""Whether a close was a record: exact arithmetic, no margin. Descriptive (claim 1)."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from analytics.errors import NotEnoughData, NotPositive
from analytics.topics.lead_lag.measures.events import record_highs


@dataclass(frozen=True, slots=True)
class Earlier:
    """A price from before the history begins, from a published table.

    Attributes:
        price: [unit of the series].
        when: As a sentence says it, for example ``January 1980``.
        source: Who says so.
    """

    price: float
    when: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One day's close against every earlier one.

    Attributes:
        name: The series.
        day: The day asked about.
        close_on: The trading day whose close counts: the last at or before it.
        close: That close.
        highest: Highest earlier price, of the history or from before it.
        highest_on: The last earlier day with it; None where it is the published one.
        above: close over highest [%].
        is_record: The close is above every earlier one.
        days: All days of the history, up to ``close_on``, whose close was a record.
        begins: First day of the history.
        n: Earlier closes.
        sentence: What a reader sees.
    """

    name: str
    day: dt.date
    close_on: dt.date
    close: float
    highest: float
    highest_on: dt.date | None
    above: float
    is_record: bool
    days: pd.DatetimeIndex
    begins: dt.date
    n: int
    sentence: str


def record(
    closes: pd.Series, day: dt.date, *, earlier: Earlier | None = None, name: str = "The series"
) -> Record:
    """Compare the close of ``day`` with the highest earlier close of the whole stored history.

    Args:
        closes: Closes above zero (never intraday prices) on rising dates; NaN days are left out.
        day: Nothing later is used.
        earlier: Stands in for the years before the history begins.
        name: How the sentence calls the series.

    Raises:
        NotEnoughData: no close before the day's.
        NotPositive: a close at or below zero.
    """
    known = closes.loc[: pd.Timestamp(day)].dropna()
    if (known <= 0).any():
        raise NotPositive(name, f"{known.index[known <= 0][0]:%Y-%m-%d}")
    if len(known) < 2:
        raise NotEnoughData(f"{name} up to {day:%Y-%m-%d}", len(known), 2)
    close, before = float(known.iloc[-1]), known.iloc[:-1]
    highest, highest_on = _highest(before, earlier)
    flags = record_highs(known, earlier.price if earlier is not None else 0.0)
    return Record(
        name=name,
        day=day,
        close_on=known.index[-1].date(),
        close=close,
        highest=highest,
        highest_on=highest_on,
        above=100 * (close / highest - 1),
        is_record=close > highest,
        days=pd.DatetimeIndex(known.index[flags.to_numpy()]),
        begins=known.index[0].date(),
        n=len(before),
        sentence=_sentence(name, known, highest, _says(highest, highest_on, earlier)),
    )


def _highest(before: pd.Series, earlier: Earlier | None) -> tuple[float, dt.date | None]:
    """Highest earlier price and the last day with it; no day where it is the published one."""
    highest = float(before.max())
    if earlier is not None and earlier.price > highest:
        return earlier.price, None
    return highest, before.index[before == highest][-1].date()


def _says(highest: float, highest_on: dt.date | None, earlier: Earlier | None) -> str:
    if highest_on is None and earlier is not None:
        return f"{_price(highest)} in {earlier.when} ({earlier.source})"
    return f"{_price(highest)} on {_day(highest_on)}" if highest_on is not None else _price(highest)


def _sentence(name: str, known: pd.Series, highest: float, high: str) -> str:
    close, begins = float(known.iloc[-1]), known.index[0].date()
    said = f"{name} closed at {_price(close)} on {_day(known.index[-1].date())}"
    if close > highest:
        first = f" and the first above {passed:,.0f}" if (passed := round_number(highest, close)) else ""
        return f"{said}, above every close since {_day(begins)}{first}; the highest before was {high}."
    if close == highest:
        return f"{said}, level with the highest before: {high}."
    return f"{said}, {100 * (1 - close / highest):.1f}% below the highest before: {high}."


def round_number(highest: float, close: float) -> float:
    """The largest power of ten, or multiple of one, that ``close`` is above and ``highest`` was not; 0 where none is.

    Multiples are of the leading digit's place: 100, 200, ... for prices in the hundreds.
    """
    step = 10.0 ** math.floor(math.log10(close))
    passed = math.floor(close / step) * step
    return passed if highest <= passed < close else 0.0


def _price(price: float) -> str:
    """Two decimals, halves up: 100.925 is 100.93, as the exchange's own reports round it."""
    return f"{Decimal(repr(price)).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
