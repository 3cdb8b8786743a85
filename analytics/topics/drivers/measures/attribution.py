"""Claim 15: how much of a move real yields and the dollar account for, with betas from before it
(docs/methods.md#attribution).

Each part is a beta estimated on the days before the window times the driver's move inside it; what is left
over is the residual, which is unexplained and not "speculation". Descriptive: an interval, no test.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import BadChoice, NotEnoughData
from analytics.stats.naive import Z_95, hac_covariance
from analytics.stats.regression.wild_newey_west import LAGS
from analytics.topics.drivers.measures.moves import DRIVERS, USUAL, Moves, moves, name_of

FIVE_YEARS = 1_250
"""Days before the window on which the betas are estimated [trading days]."""
LEAST = 250
_STILL = 1e-9
"""A total below this is rounding [% log points]."""
MAIN = ("real_yield_10y", "dollar_index")
"""The two that claim 15 calls the main driver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one driver accounts for.

    Attributes:
        key: The driver.
        name, step: As sentences say them.
        beta: Estimated before the window [% of the asset per step].
        move: The driver's move inside the window [steps].
        contribution: beta x move [% log points of the asset].
        interval: 95% interval of the contribution, from the beta's error alone.
    """

    key: str
    name: str
    step: str
    beta: float
    move: float
    contribution: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attribution:
    """A move taken apart; parts and residual add up to the total.

    Attributes:
        asset: Key.
        start, end: The common trading days whose closes bound the window: the last at or before the days
            asked for.
        total: Log return of the asset over the window [% log points].
        parts: One a driver, in the order asked for.
        residual: What no driver accounts for, the estimated drift included [% log points].
        residual_interval: Its 95% interval: as wide as that of all parts together, whose errors it mirrors.
        share: Share of the total that ``MAIN`` accounts for; NaN where the asset did not move.
        interval: Its 95% interval, from the betas' errors (Newey-West, 5 lags) and their correlation.
        main: The drivers in the share.
        n: Days behind the betas; fewer than ``asked`` where the series share no more before the window.
        asked: Days asked for.
        first: First of those days.
        days: Trading days in the window.
        explained: R^2 of the regression before the window.
        sentence: What a reader sees.
    """

    asset: str
    start: dt.date
    end: dt.date
    total: float
    parts: tuple[Part, ...]
    residual: float
    residual_interval: tuple[float, float]
    share: float
    interval: tuple[float, float]
    main: tuple[str, ...]
    n: int
    asked: int
    first: dt.date
    days: int
    explained: float
    sentence: str


def attribution(
    levels: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    *,
    asset: str = "silver",
    name: str = "",
    keys: Sequence[str] = USUAL,
    main: Sequence[str] = MAIN,
    before: int = FIVE_YEARS,
) -> Attribution:
    """Take the move of ``asset`` from the close of ``start`` to the close of ``end`` apart.

    Claim 15: ``attribution(levels, date(2025, 12, 31), date(2026, 1, 23))``.

    Args:
        levels: Columns ``asset`` and ``keys``: closes and yields [%] on common US trading days, rising; NaN
            rows are left out.
        start, end: The last common day at or before each counts; nothing later than ``end`` is used.
        name: How the sentence calls the asset; its key in words where it is empty.
        main: The drivers whose share is asked for, among ``keys``.
        before: Days that end with ``start`` on which the betas are estimated; fewer where the series share no
            more.

    Raises:
        BadChoice: the window is empty, or ``main`` is not among the drivers.
        NotEnoughData: fewer than 250 changes before the window.
        MeasureError: one of the others that ``moves.moves`` names.
    """
    if not set(main) <= set(keys):
        raise BadChoice("main", ", ".join(main), f"some of {', '.join(keys)}")
    found = moves(levels.loc[: pd.Timestamp(end)], (asset,), tuple(keys), need=2)
    cut = int(np.searchsorted(found.days, np.datetime64(start), side="right")) - 1
    if cut < LEAST:
        raise NotEnoughData(f"The common history before {start:%-d %b %Y}", max(cut, 0), LEAST)
    past, inside = found.between(max(0, cut - before), cut), found.between(cut, len(found))
    if len(inside) == 0:
        raise BadChoice("the window", f"{start} to {end}", "two days with a trading day's close between them")
    betas, covariance, explained = _betas(past)
    path = inside.assets[:, 0] - inside.drivers @ betas
    total, move = float(inside.assets[:, 0].sum()), inside.drivers.sum(axis=0)
    parts = tuple(
        _part(key, *row) for key, *row in zip(keys, betas, move, np.sqrt(np.diag(covariance)), strict=True)
    )
    weights = move * np.isin(keys, main)
    share, half = _share(float(weights @ betas), float(weights @ covariance @ weights), total)
    residual, spread = float(path.sum()), Z_95 * math.sqrt(float(move @ covariance @ move))
    return Attribution(
        asset=asset,
        start=inside.days[0].astype(object),
        end=inside.days[-1].astype(object),
        total=total,
        parts=parts,
        residual=residual,
        residual_interval=(residual - spread, residual + spread),
        share=share,
        interval=(share - half, share + half),
        main=tuple(main),
        n=len(past),
        asked=before,
        first=past.days[1].astype(object),
        days=len(inside),
        explained=explained,
        sentence=_sentence(name or name_of(asset), inside, total, main, share, half, past, before),
    )


def _betas(past: Moves) -> tuple[np.ndarray, np.ndarray, float]:
    """Slopes (k,), their Newey-West covariance (k, k), and R^2."""
    x, y = np.column_stack([np.ones(len(past)), past.drivers]), past.assets[:, 0]
    coefficients = np.linalg.solve(x.T @ x, x.T @ y)
    left = y - x @ coefficients
    covariance = hac_covariance(x, left, LAGS)
    return coefficients[1:], covariance[1:, 1:], 1 - float(left @ left / ((y - y.mean()) @ (y - y.mean())))


def _part(key: str, beta: float, move: float, error: float) -> Part:
    contribution, half = float(beta * move), Z_95 * float(error) * abs(float(move))
    return Part(
        key=key,
        name=DRIVERS[key].name,
        step=DRIVERS[key].step,
        beta=float(beta),
        move=float(move),
        contribution=contribution,
        interval=(contribution - half, contribution + half),
    )


def _share(accounted: float, variance: float, total: float) -> tuple[float, float]:
    if abs(total) < _STILL:
        return math.nan, math.nan
    return accounted / total, Z_95 * math.sqrt(variance) / abs(total)


def _sentence(
    name: str,
    inside: Moves,
    total: float,
    main: Sequence[str],
    share: float,
    half: float,
    past: Moves,
    asked: int,
) -> str:
    start, end = (f"{day.astype(object):%-d %b %Y}" for day in (inside.days[0], inside.days[-1]))
    drivers = " and ".join(DRIVERS[key].name for key in main)
    moved = f"From {start} to {end} {name} moved {total:+.1f}% (log)"
    short = f", all that the series share; {asked:,} were asked for" if len(past) < asked else ""
    basis = f"betas from the {len(past):,} trading days before{short}"
    if math.isnan(share):
        return f"{moved}, so no share of it can be stated ({basis})."
    return (
        f"{moved}; {drivers} account for {round(100 * share)}% of it ({round(100 * (share - half))}% to "
        f"{round(100 * (share + half))}%; {basis})."
    )
