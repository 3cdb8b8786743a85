"""How fine the path is: what one tick of one contract's settlement moves (docs/methods.md#chain-of-months)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from analytics.topics.rate_path.measures.rate_chain import usable
from analytics.topics.rate_path.measures.rate_path import RatePath
from analytics.topics.rate_path.measures.rate_path_days import month_of

NEAREST_TICK, TICK = 0.0025, 0.005
"""Smallest step of a price in the nearest contract month, and in the others. Source: CBOT Rulebook, chapter 22, 30-Day
Federal Funds Futures [price points]."""
Solve = Callable[[Mapping[dt.date, float | None]], RatePath]


def tick_band(prices: Mapping[dt.date, float | None], solve: Solve) -> dict[dt.date, float]:
    """How far the rate after each meeting moves, at most, where any one contract settles a tick higher or lower.

    The path is linear in the prices, so both directions move it alike.

    Args:
        prices: As for ``rate_path.rate_path``; the settlement of a month gone by is a mean of rates and has no tick.
        solve: The path of such prices.

    Returns:
        {decision day: half-width [% points]} of the meetings whose end is known.
    """
    path = solve(prices)
    widest = {one.date: 0.0 for one in path.meetings if one.end is not None}
    here = month_of(path.as_of)
    for month, price in prices.items():
        if month < here or not usable(price):
            continue
        moved = solve({**prices, month: price + (NEAREST_TICK if month == here else TICK)})
        ends = {one.date: one.end for one in moved.meetings}
        for one in path.meetings:
            if one.end is not None and (other := ends.get(one.date)) is not None:
                widest[one.date] = max(widest[one.date], abs(other - one.end))
    return widest
