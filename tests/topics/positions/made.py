"""Made reports with known numbers, measured: what sentences and figures of positions are tested on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.clock.instants import NEW_YORK
from analytics.topics.positions.measures.positioning import Positioning, positioning

GROUPS = {"managed": "managed money", "swaps": "swap dealers"}
BITCOIN = {"managers": "asset managers", "leveraged": "leveraged funds"}
LAST = dt.date(2025, 9, 23)
KNOWN_AT = dt.datetime(2025, 9, 26, 15, 30, tzinfo=NEW_YORK)
CLOSES = pd.Series(np.linspace(20.0, 60.0, 500), pd.bdate_range(end="2025-11-18", periods=500))


def measured(
    net: Sequence[float] | np.ndarray,
    *,
    price: pd.Series | None = CLOSES,
    groups: dict[str, str] = GROUPS,
    day: dt.date = dt.date(2025, 11, 18),
    market: str = "silver",
) -> Positioning:
    """A market of 1,000 contracts whose first group's net long is given by report and whose second stands against it."""
    net = np.asarray(net, float)
    first, second = groups
    columns = {
        "open_interest": 1_000.0,
        f"{first}_long": 300 + net,
        f"{first}_short": 300.0,
        f"{second}_long": 300.0,
        f"{second}_short": 300 + net,
    }
    table = pd.DataFrame(columns, pd.date_range(end=LAST, periods=len(net), freq="7D"))
    return positioning(table, groups, price, market=market, known_at=KNOWN_AT, day=day)
