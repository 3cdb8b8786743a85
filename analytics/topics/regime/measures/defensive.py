"""Claim 4: were defensive assets bid as a group? Descriptive: a share of the group, beside what chance gives.

Beside claim 7, which cannot be measured, the same group's returns since a day: a higher price raises the
value of a holding without anybody having bought.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import BadChoice, NotEnoughData
from analytics.stats.changes import changes

GROUP = ("gold", "treasury_20y_etf", "dollar_index")
"""Fixed beforehand; silver is left out because the claim explains silver."""
NAMES = {"gold": "gold", "treasury_20y_etf": "long Treasury bonds", "dollar_index": "the dollar"}
DAYS = 20
RISK_DAYS = 250
"""Days before the window whose volatility sets the weights, and fewest of them that will do [trading
days]."""
FEWEST_RISK_DAYS = 60
RISK = 10.0
"""Every member is scaled to this volatility [% a year]."""
YEAR = 252
MAJORITY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Defensive:
    """What the card shows.

    Attributes:
        group: Keys.
        start, end: Trading days whose closes bound the window.
        returns: Log return of each member over the window [%], by key.
        rose: Members with a return above zero.
        share: ``rose`` over the size of the group: claim 4 asks for more than half.
        equal_risk: Mean return of the members, each scaled to 10% volatility a year by the days before the
            window [%].
        passing: Share of the earlier windows of the same length, one ending every day, in which more than
            half rose [%].
        windows: How many those are.
        by_chance: The same if the members rose independently, each as often as it did in those windows [%].
        since: {key: log return from the last close before ``since_day`` to ``end`` [%]}; empty without one.
        since_day: The day asked for, None without one.
        sentence: What a reader sees.
    """

    group: tuple[str, ...]
    start: dt.date
    end: dt.date
    returns: dict[str, float]
    rose: int
    share: float
    equal_risk: float
    passing: float
    windows: int
    by_chance: float
    since: dict[str, float]
    since_day: dt.date | None
    sentence: str


def defensive(
    levels: pd.DataFrame,
    day: dt.date,
    *,
    group: Sequence[str] = GROUP,
    days: int = DAYS,
    since: dt.date | None = None,
) -> Defensive:
    """Count the members that rose over the ``days`` trading days that end on ``day``.

    Args:
        levels: One column a member: closes on common US trading days, rising; a row with a NaN is left out.
        day: The last common day at or before it counts; nothing later is used.
        since: First day of a second window (claim 7 shows 1 January 2026).

    Raises:
        NotEnoughData: a member is absent, or the window and 60 days before it are not there.
        BadChoice: ``since`` is not within the history.
        MeasureError: one of the others that ``changes.changes`` names.
    """
    for key in group:
        if key not in levels:
            raise NotEnoughData(_name(key).capitalize(), 0, days + FEWEST_RISK_DAYS + 1)
    known = levels.loc[: pd.Timestamp(day), list(group)]
    moved = 100 * changes(known.rename(columns=_name), days + FEWEST_RISK_DAYS)
    inside, before = moved.iloc[-days:], moved.iloc[-days - RISK_DAYS : -days]
    total = inside.sum().to_numpy()
    risk = before.std().to_numpy() * math.sqrt(YEAR)
    rose, earlier = int((total > 0).sum()), _windows(moved.iloc[:-days].to_numpy(), days)
    passing = 100 * float(np.mean((earlier > 0).mean(axis=1) > MAJORITY))
    returns = dict(zip(group, map(float, total), strict=True))
    common = known.dropna()
    return Defensive(
        group=tuple(group),
        start=common.index[-days - 1].date(),
        end=common.index[-1].date(),
        returns=returns,
        rose=rose,
        share=rose / len(group),
        equal_risk=float(np.mean(total * RISK / risk)),
        passing=passing,
        windows=len(earlier),
        by_chance=100 * _majority_of_independent((earlier > 0).mean(axis=0)),
        since=_since(common, since) if since is not None else {},
        since_day=since,
        sentence=_sentence(returns, rose, common.index[-1].date(), days, passing),
    )


def _windows(moved: np.ndarray, days: int) -> np.ndarray:
    """Returns of every window of ``days``, (n, members) -> (n - days + 1, members)."""
    total = np.vstack([np.zeros(moved.shape[1]), np.cumsum(moved, axis=0)])
    return total[days:] - total[:-days]


def _majority_of_independent(often: np.ndarray) -> float:
    """Chance that more than half of independent members rise, member i with probability often[i]."""
    chance = np.ones(1)
    for p in often:
        chance = np.convolve(chance, [1 - p, p])
    return float(chance[np.arange(len(chance)) / len(often) > MAJORITY].sum())


def _since(common: pd.DataFrame, day: dt.date) -> dict[str, float]:
    before = common.loc[: pd.Timestamp(day) - pd.Timedelta(days=1)]
    if before.empty or pd.Timestamp(day) > common.index[-1]:
        raise BadChoice(
            "since", day, f"a day after {common.index[0]:%Y-%m-%d} and up to {common.index[-1]:%Y-%m-%d}"
        )
    moved = 100 * (np.log(common.iloc[-1]) - np.log(before.iloc[-1]))
    return {str(key): float(value) for key, value in moved.items()}


def _name(key: str) -> str:
    return NAMES.get(key, key.replace("_", " "))


def _sentence(returns: dict[str, float], rose: int, end: dt.date, days: int, passing: float) -> str:
    said = ", ".join(f"{_name(key)} {value:+.1f}%" for key, value in returns.items())
    return (
        f"Over the {days} trading days to {end:%-d %b %Y}, {rose} of {len(returns)} defensive assets rose "
        f"({said}); more than half did so in {passing:.0f}% of the earlier windows."
    )
