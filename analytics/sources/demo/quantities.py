"""The demo's quantities: weekly reports of who holds how many contracts, and metal in London's vaults.

The net long of the group that trends (managed money, in Bitcoin asset managers) is a share of open interest that takes
up the week's return of the price and forgets slowly; what the group buys the others sell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics import catalogue
from analytics.sources.demo import anchors
from analytics.sources.demo.noise import autoregression, generator
from analytics.sources.demo.sessions import Calendar
from analytics.sources.demo.truths import size

MEMORY = 0.95
"""Share of its distance from the usual that a net long keeps from week to week."""
LEAST, MOST = -0.30, 0.45
"""Bounds of a net long [share of open interest]."""
CARRY, SQUEEZE = 0.04, -0.03
"""What a year of delay adds to silver's price, as a rule and in the planted squeeze [log]."""
SQUEEZED = np.datetime64("2025-10-06"), np.datetime64("2025-11-01")
FIRST_DELIVERY, LISTED = np.datetime64("2018-03"), 420
"""First month of delivery that is simulated, and days that each is traded before its month."""
FIRST_COUNT = np.datetime64("2016-07-31")


@dataclass(frozen=True, slots=True)
class Market:
    """How a contract is held.

    Attributes:
        price: Key of the series whose weekly returns its trend followers take up; empty for none.
        usual: Their usual net long [share of open interest].
        noise: Of their weekly change beside the price's [share of open interest].
        groups: Names of the trend followers, of the group that takes most of the other side, and of two others.
    """

    price: str
    usual: float
    noise: float
    groups: tuple[str, str, str, str]


METALS = ("managed", "producers", "swaps", "others")
FINANCIAL = ("managers", "leveraged", "dealers", "others")
MARKETS = {
    "silver_positions": Market("silver", 0.12, 0.015, METALS),
    "gold_positions": Market("gold", 0.18, 0.015, METALS),
    "copper_positions": Market("copper", 0.05, 0.015, METALS),
    "bitcoin_positions": Market("bitcoin", 0.20, 0.02, FINANCIAL),
    "fed_funds_positions": Market("", -0.02, 0.02, FINANCIAL),
}
OTHER_SIDE = (0.7, 0.25, 0.05)
"""Shares of the other side of the trend followers' net long."""
HELD = (0.24, 0.22, 0.12, 0.07)
"""What each group holds long and short besides its net [share of open interest]."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report's figures on its days.

    Attributes:
        dates: datetime64[D], rising.
        value: Main value.
        parts: Further figures by name, each like ``value``.
    """

    dates: np.ndarray
    value: np.ndarray
    parts: Mapping[str, np.ndarray]


def positions(
    prices: Mapping[str, tuple[np.ndarray, np.ndarray]], calendar: Calendar, seed: int
) -> dict[str, Report]:
    """Weekly reports by key.

    Args:
        prices: Dates and levels of each price that a market follows.
        calendar: The demo's days.
        seed: Of the world.
    """
    return {
        key: _report(key, market, prices.get(market.price), calendar, seed) for key, market in MARKETS.items()
    }


def _report(
    key: str, market: Market, price: tuple[np.ndarray, np.ndarray] | None, calendar: Calendar, seed: int
) -> Report:
    days = report_days(calendar)
    if key == "bitcoin_positions":
        days = days[days >= np.datetime64("2018-04-10")]
    rng = generator(seed, key)
    interest = anchors.between(anchors.OPEN_INTEREST[key], days) * np.exp(
        autoregression(0.03 * rng.standard_normal(len(days)), 0.8)
    )
    moves = np.zeros(len(days)) if price is None else np.diff(np.log(_at(*price, days)), prepend=np.nan)
    moves[0] = 0.0
    net = _net(market, size("managed money follows silver") * moves, rng)
    return Report(days, np.round(interest), _held(market, np.round(interest), net))


def report_days(calendar: Calendar) -> np.ndarray:
    """Tuesdays, and the Monday before where the exchange rests on one."""
    tuesdays = calendar.days[(calendar.days.astype(int) + 3) % 7 == 1]
    return np.where(np.isin(tuesdays, calendar.sessions), tuesdays, tuesdays - 1)


def _at(dates: np.ndarray, levels: np.ndarray, days: np.ndarray) -> np.ndarray:
    """The last level on or before each day."""
    return levels[np.maximum(np.searchsorted(dates, days, side="right") - 1, 0)]


def _net(market: Market, pull: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The trend followers' net long by week [share of open interest]."""
    shocks = pull + market.noise * rng.standard_normal(len(pull))
    return np.clip(market.usual + autoregression(shocks, MEMORY), LEAST, MOST)


def _held(market: Market, interest: np.ndarray, net: np.ndarray) -> dict[str, np.ndarray]:
    """Longs and shorts of every group [contracts]."""
    nets = (net, *(-share * net for share in OTHER_SIDE))
    found = {}
    for group, base, own in zip(market.groups, HELD, nets, strict=True):
        found[f"{group}_long"] = np.round(interest * np.maximum(base + own / 2, 0.01))
        found[f"{group}_short"] = np.round(interest * np.maximum(base - own / 2, 0.01))
    return found


def vaults(calendar: Calendar, seed: int) -> Report:
    """Metal in London at the end of each month [thousand oz]."""
    months = np.unique(calendar.days.astype("datetime64[M]"))
    ends = (months + 1).astype("datetime64[D]") - 1
    ends = ends[(ends >= FIRST_COUNT) & (ends <= calendar.days[-1])]
    rng = generator(seed, "london_vaults")
    metal = {
        name: np.round(
            anchors.between(anchors.VAULTS[name], ends) * np.exp(0.003 * rng.standard_normal(len(ends)))
        )
        for name in ("silver", "gold")
    }
    return Report(ends, metal["silver"], {"gold": metal["gold"]})


def deliveries(dates: np.ndarray, silver: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Dates and closes of silver for delivery in each month: the front's price and what the delay costs, by key.

    In the planted squeeze later months are cheaper than the front.
    """
    carry = np.where((dates >= SQUEEZED[0]) & (dates < SQUEEZED[1]), SQUEEZE, CARRY)
    ahead = int((dates[-1].astype("datetime64[M]") - FIRST_DELIVERY).astype(int)) + catalogue.DELIVERIES_AHEAD
    found = {}
    for series in catalogue.deliveries(FIRST_DELIVERY.astype(object), ahead):
        month = np.datetime64(catalogue.delivery_month(series.key))
        days = (month - dates).astype(int)
        traded = (days <= LISTED) & (dates.astype("datetime64[M]") <= month.astype("datetime64[M]"))
        delay = np.maximum(days[traded], 0) / 365
        found[series.key] = dates[traded], np.round(silver[traded] * np.exp(carry[traded] * delay), 3)
    return found
