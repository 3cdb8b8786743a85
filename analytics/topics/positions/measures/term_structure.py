"""What later delivery of silver costs: the next month of delivery over the front, a year, against Treasury bills.

Who holds metal pays interest and storage, so a later month costs more (contango). Where it costs less (backwardation) metal at
hand is worth a premium: it is scarce, or lent out.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.errors import NotKnown

YEAR = 365


@dataclass(frozen=True, slots=True)
class TermStructure:
    """Silver's nearest two months of delivery on the newest day that has both.

    Attributes:
        day: That day.
        front, following: First days of the two months.
        front_price, following_price: Their closes [$/oz].
        spread: log(following / front) over the time between them [% a year].
        bills: The newest 3-month Treasury yield up to that day [%]; NaN where none is known.
        excess: ``spread`` less ``bills`` [pp]; NaN without bills.
        backwardation: Whether the later month is the cheaper one.
        n: Days in ``path``.
        path: By date: ``spread`` [% a year], each day between its own nearest two months, and ``bills`` [%].
    """

    day: dt.date
    front: dt.date
    following: dt.date
    front_price: float
    following_price: float
    spread: float
    bills: float
    excess: float
    backwardation: bool
    n: int
    path: pd.DataFrame = field(repr=False)


def term_structure(closes: Mapping[dt.date, pd.Series], bills: pd.Series | None) -> TermStructure:
    """Measure the spread day by day.

    Args:
        closes: By first day of the month of delivery, each by date, rising, no NaN [$/oz]. A month in whose delivery a day
            lies does not count on it: its trading thins out.
        bills: Treasury yields by date, rising [%]; None where none is known.

    Raises:
        NotKnown: no day has two months.
    """
    path = _path(closes)
    if path.empty:
        raise NotKnown(
            "No two months of delivery of silver are known as of this day. Yahoo lists them as SIZ26.CMX and so on and forgets those that "
            "have expired; what it gave once is kept."
        )
    path["bills"] = np.nan if bills is None else bills.reindex(path.index, method="ffill")
    last = path.iloc[-1]
    front, following = last["front"], last["following"]
    return TermStructure(
        day=path.index[-1].date(),
        front=front,
        following=following,
        front_price=float(closes[front].iloc[closes[front].index.get_loc(path.index[-1])]),
        following_price=float(closes[following].iloc[closes[following].index.get_loc(path.index[-1])]),
        spread=float(last["spread"]),
        bills=float(last["bills"]),
        excess=float(last["spread"] - last["bills"]),
        backwardation=bool(last["spread"] < 0),
        n=len(path),
        path=path[["spread", "bills"]],
    )


def _path(closes: Mapping[dt.date, pd.Series]) -> pd.DataFrame:
    """``spread``, ``front`` and ``following`` of each day between the nearest two months that begin after it."""
    months = sorted(closes)
    parts = []
    for front, following in itertools.pairwise(months):
        both = pd.concat(
            [closes[front], closes[following]], axis=1, join="inner", keys=["front", "following"]
        )
        both = both[both.index < pd.Timestamp(front)]
        years = (following - front).days / YEAR
        spread = 100 * np.log(both["following"] / both["front"]) / years
        parts.append(pd.DataFrame({"spread": spread, "front": front, "following": following}))
    if not parts:
        return pd.DataFrame(columns=["spread", "front", "following"])
    every = pd.concat(parts)
    return every[~every.index.duplicated()].sort_index()  # the nearest pair of a day stands first
