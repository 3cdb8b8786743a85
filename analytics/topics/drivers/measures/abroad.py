"""A metal priced in other moneys: what its move in dollars was to a holder whose money is not the dollar. Descriptive.

Beside claim 14, whose test is made in the whole basket of the dollar index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.errors import NotEnoughData, NotPositive
from analytics.topics.drivers.measures.moves import name_of

DOLLARS = "dollars"


@dataclass(frozen=True, slots=True)
class Money:
    """A money and the exchange rate that leads to it.

    Attributes:
        key: Series of the exchange rate.
        name: As a sentence says it.
        per_dollar: The rate counts this money per dollar; otherwise dollars per unit of it.
    """

    key: str
    name: str
    per_dollar: bool


_TABLE = (
    Money("eur_usd", "euros", False),
    Money("usd_cny", "yuan", True),
    Money("usd_inr", "rupees", True),
)
MONEYS: Mapping[str, Money] = {row.key: row for row in _TABLE}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Abroad:
    """The metal in each money.

    Attributes:
        asset: Key of the metal.
        first, last: First and last common day.
        n: Common days from the first to the last.
        indexed: By day, 100 on the first; one column a money by its name, ``dollars`` first.
        changes: By the same names, change from the first day to the last [%].
        absent: Names of the moneys whose exchange rate is not known.
        sentence: What a reader sees.
    """

    asset: str
    first: dt.date
    last: dt.date
    n: int
    indexed: pd.DataFrame
    changes: dict[str, float]
    absent: tuple[str, ...]
    sentence: str


def abroad(levels: pd.DataFrame, start: dt.date, end: dt.date, *, asset: str = "silver") -> Abroad:
    """Index ``asset`` in dollars and in every money whose exchange rate is among the columns.

    Args:
        levels: Column ``asset`` [$] and those keys of ``MONEYS`` that are known, on rising days; a row with a NaN is
            left out.
        start, end: The window; the index is 100 on its first common day.

    Raises:
        NotEnoughData: no exchange rate or no metal, or fewer than two common days.
        NotPositive: a price or a rate at or below zero.
    """
    held = [money for money in MONEYS.values() if money.key in levels]
    if asset not in levels or not held:
        missing = name_of(asset).capitalize() if asset not in levels else "Each exchange rate"
        raise NotEnoughData(missing, 0, 2)
    columns = [asset, *(money.key for money in held)]
    known = levels[columns].loc[pd.Timestamp(start) : pd.Timestamp(end)].dropna()
    if len(known) < 2:
        raise NotEnoughData(f"{name_of(asset).capitalize()} in other moneys over this span", len(known), 2)
    for key in columns:
        if (known[key] <= 0).any():
            raise NotPositive(
                name_of(key).capitalize(), f"{known.index[(known[key] <= 0).argmax()]:%Y-%m-%d}"
            )
    prices = {DOLLARS: known[asset]}
    for money in held:
        prices[money.name] = known[asset] * known[money.key] ** (1 if money.per_dollar else -1)
    indexed = pd.DataFrame({name: 100 * price / price.iloc[0] for name, price in prices.items()})
    changes = {str(name): float(indexed[name].iloc[-1] - 100) for name in indexed}
    first, last = known.index[0].date(), known.index[-1].date()
    return Abroad(
        asset=asset,
        first=first,
        last=last,
        n=len(known),
        indexed=indexed,
        changes=changes,
        absent=tuple(money.name for money in MONEYS.values() if money not in held),
        sentence=_sentence(asset, changes, first, last),
    )


def _sentence(asset: str, changes: Mapping[str, float], first: dt.date, last: dt.date) -> str:
    said = [f"{change:+.1f}% in {name}" for name, change in changes.items()]
    listed = f"{', '.join(said[:-1])} and {said[-1]}"
    return f"From {first:%-d %b %Y} to {last:%-d %b %Y} {name_of(asset)} moved {listed}."
