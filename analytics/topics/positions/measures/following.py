"""Whether a group of traders follows the price: its weekly changes against the price's, for display, no verdict."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData

FEWEST = 26
"""Weeks below which a correlation is not given."""


@dataclass(frozen=True, slots=True)
class Following:
    """Weekly changes of one group beside the price's.

    Attributes:
        group: Whose net long is looked at.
        market: What is traded.
        correlation: Of ``change`` with ``return``.
        n: Number of weeks.
        weeks: By report day: ``change`` of the net long since the report before [% of open interest] and the price's log
            ``return`` over the same days [%]; no NaN.
    """

    group: str
    market: str
    correlation: float
    n: int
    weeks: pd.DataFrame = field(repr=False)


def following(share: pd.Series, price: pd.Series, *, group: str, market: str) -> Following:
    """Measure one group.

    Args:
        share: Its net long by report day, rising [% of open interest]; no NaN.
        price: The last close up to each of those days; NaN where none is known.
        group, market: What sentences call them.

    Raises:
        NotEnoughData: fewer than FEWEST weeks have both.
    """
    weeks = weekly(share, price)
    if len(weeks) < FEWEST:
        raise NotEnoughData(
            f"The record of weekly positions beside the price of {market}", len(weeks), FEWEST
        )
    found = float(np.corrcoef(weeks["change"], weeks["return"])[0, 1])
    return Following(group, market, found, len(weeks), weeks)


def weekly(share: pd.Series, price: pd.Series) -> pd.DataFrame:
    """``change`` and ``return`` as in ``Following.weeks``, where both are known."""
    closes = np.log(price.reindex(share.index))
    return pd.DataFrame({"change": share.diff(), "return": 100 * closes.diff()}).dropna()
