"""Does Bitcoin move with Nasdaq or with gold? Betas to both through time and by stress state. Display only:
no verdict here.

Also correlations on extreme days. A correlation rises on volatile days even where nothing changed, so each
raw figure has beside it what Forbes and Rigobon's correction leaves (2002, Journal of Finance 57, 2223-2261).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.stats.changes import changes, known_by
from analytics.stats.naive import Z_95
from analytics.topics.regime.measures.stress_beta import STRESS_VIX

WINDOW = 250
FEWEST_RETURNS = WINDOW
FEWEST_STATE = 20
"""Fewest days in a stress state."""
FEWEST_EXTREME = 20
"""An extreme correlation on fewer days is not shown [days]."""
TAILS = (0.05, 0.10, 0.20, 0.30, 0.40)
DISPLAY = "display only: correlations on extreme days rise by construction; no verdict rests on them"
_BATCH = 256
"""Windows at once: a few megabytes."""


@dataclass(frozen=True, slots=True)
class TwoBetas:
    """One regression of Bitcoin on both.

    Attributes:
        label: Which days.
        days: How many.
        nasdaq, gold: Betas, each given the other.
        nasdaq_interval, gold_interval: 95%, HC3 errors.
        gap: Nasdaq's beta minus gold's.
        gap_interval: 95%, HC3 errors.
        correlation: Raw correlation of Bitcoin with Nasdaq on these days.
        corrected: The same after Forbes and Rigobon, as if Nasdaq had moved as on all days.
    """

    label: str
    days: int
    nasdaq: float
    gold: float
    nasdaq_interval: tuple[float, float]
    gold_interval: tuple[float, float]
    gap: float
    gap_interval: tuple[float, float]
    correlation: float
    corrected: float


@dataclass(frozen=True, slots=True, eq=False)
class RiskOrHedge:
    """Betas and extreme correlations; all of it display.

    Attributes:
        rolling: By the last day of each window: ``nasdaq``, ``gold``, their HC1 errors ``nasdaq_error``,
            ``gold_error``, and ``stress``: whether the VIX of the day before was at or above ``level`` (NaN
            where it was not known).
        window: Days of a window.
        level: VIX from which the next day counts as stress [% a year].
        states: All days, calm days, stress days.
        missing: Days without a known VIX, in neither state.
        exceedances: One row a tail (``exceedance_correlations``).
        note: Why none of this is a verdict.
        n: Returns.
        sentence: What a reader sees.
    """

    rolling: pd.DataFrame
    window: int
    level: float
    states: tuple[TwoBetas, ...]
    missing: int
    exceedances: pd.DataFrame
    note: str
    n: int
    sentence: str


def risk_or_hedge(
    levels: pd.DataFrame, vix: pd.Series, *, window: int = WINDOW, level: float = STRESS_VIX
) -> RiskOrHedge:
    """Bitcoin's betas to Nasdaq and gold.

    Args:
        levels: Columns ``bitcoin``, ``nasdaq``, ``gold``: closes by US trading day; a row with a NaN is no
            common day.
        vix: VIX by day [% a year].
        window: Returns in a rolling window.
        level: VIX from which the next day counts as stress [% a year].

    Raises:
        MeasureError: one of those that ``changes.changes`` names, or NotEnoughData with fewer than
            ``FEWEST_STATE`` days in a state.
    """
    common = levels[["bitcoin", "nasdaq", "gold"]].dropna()
    moved = changes(common, max(window, FEWEST_RETURNS))
    before = known_by(vix, common.index[:-1])
    states = _states(moved, before, level)
    rolling = _rolling(moved, window)
    rolling["stress"] = np.where(np.isnan(before), np.nan, before >= level)[window - 1 :]
    return RiskOrHedge(
        rolling=rolling,
        window=window,
        level=level,
        states=states,
        missing=int(np.isnan(before).sum()),
        exceedances=exceedance_correlations(moved["nasdaq"].to_numpy(), moved["bitcoin"].to_numpy()),
        note=DISPLAY,
        n=len(moved),
        sentence=_sentence(rolling, states, level),
    )


def forbes_rigobon(correlation: float, relative_variance: float) -> float:
    """rho / sqrt(1 + d (1 - rho^2)), d = relative_variance - 1: the correlation as if the market had moved as
    usual.

    Args:
        correlation: On the chosen days.
        relative_variance: The market's variance on them over that on all days.

    Source:
        Forbes and Rigobon (2002), equation 11.
    """
    return correlation / math.sqrt(1 + (relative_variance - 1) * (1 - correlation**2))


def exceedance_correlations(market: np.ndarray, follow: np.ndarray) -> pd.DataFrame:
    """Correlation on the days on which the market was below (above) its own quantile (Longin and Solnik 2001,
    J. Finance 56).

    The quantiles are the full sample's: this describes, it does not test.

    Args:
        market, follow: Log returns, (n,).

    Returns:
        One row a tail: ``side``, ``quantile``, ``days``, ``correlation``, ``corrected`` (Forbes and Rigobon);
        NaN with fewer than ``FEWEST_EXTREME`` days.
    """
    rows = []
    for side, turn in (("falls", 1.0), ("rises", -1.0)):
        for tail in TAILS:
            chosen = turn * market <= np.quantile(turn * market, tail)
            raw, corrected = _correlations(market, follow, chosen)
            rows.append((side, tail, int(chosen.sum()), raw, corrected))
    return pd.DataFrame(rows, columns=["side", "quantile", "days", "correlation", "corrected"])


def _correlations(market: np.ndarray, follow: np.ndarray, chosen: np.ndarray) -> tuple[float, float]:
    if chosen.sum() < FEWEST_EXTREME:
        return math.nan, math.nan
    raw = float(np.corrcoef(market[chosen], follow[chosen])[0, 1])
    return raw, forbes_rigobon(raw, float(market[chosen].var() / market.var()))


def _states(moved: pd.DataFrame, before: np.ndarray, level: float) -> tuple[TwoBetas, ...]:
    chosen = {
        "all days": np.ones(len(moved), bool),
        f"VIX below {level:g} the day before": before < level,
        f"VIX at or above {level:g} the day before": before >= level,
    }
    for label, days in chosen.items():
        if days.sum() < FEWEST_STATE:
            raise NotEnoughData(f"The state called {label!r}", int(days.sum()), FEWEST_STATE)
    return tuple(_two_betas(label, moved, days) for label, days in chosen.items())


def _two_betas(label: str, moved: pd.DataFrame, chosen: np.ndarray) -> TwoBetas:
    y, nasdaq, gold = (moved[name].to_numpy() for name in ("bitcoin", "nasdaq", "gold"))
    design = np.column_stack([np.ones(chosen.sum()), nasdaq[chosen], gold[chosen]])
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ y[chosen]
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)
    scores = design * ((y[chosen] - design @ beta) / (1 - leverage))[:, None]
    covariance = bread @ scores.T @ scores @ bread
    raw, corrected = _correlations(nasdaq, y, chosen)
    gap_error = math.sqrt(covariance[1, 1] + covariance[2, 2] - 2 * covariance[1, 2])
    return TwoBetas(
        label=label,
        days=len(design),
        nasdaq=float(beta[1]),
        gold=float(beta[2]),
        nasdaq_interval=_interval(beta[1], math.sqrt(covariance[1, 1])),
        gold_interval=_interval(beta[2], math.sqrt(covariance[2, 2])),
        gap=float(beta[1] - beta[2]),
        gap_interval=_interval(beta[1] - beta[2], gap_error),
        correlation=raw,
        corrected=corrected,
    )


def _interval(estimate: float, error: float) -> tuple[float, float]:
    return float(estimate - Z_95 * error), float(estimate + Z_95 * error)


def _rolling(moved: pd.DataFrame, window: int) -> pd.DataFrame:
    """Least squares with a constant in every window, HC1 errors, by batched normal equations."""
    x = np.column_stack([np.ones(len(moved)), moved["nasdaq"], moved["gold"]])
    y = moved["bitcoin"].to_numpy()
    designs = np.lib.stride_tricks.sliding_window_view(x, window, axis=0)  # (windows, 3, window)
    outcomes = np.lib.stride_tricks.sliding_window_view(y, window)
    parts = [
        _batch(designs[start : start + _BATCH], outcomes[start : start + _BATCH])
        for start in range(0, len(designs), _BATCH)
    ]
    columns = ["nasdaq", "gold", "nasdaq_error", "gold_error"]
    return pd.DataFrame(np.vstack(parts), index=moved.index[window - 1 :], columns=columns)


def _batch(design: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Betas and HC1 errors of many windows, (windows, 4)."""
    k, window = design.shape[1:]
    bread = np.linalg.inv(design @ design.transpose(0, 2, 1))
    beta = (bread @ (design @ outcome[..., None]))[..., 0]
    residuals = outcome - np.einsum("wkt,wk->wt", design, beta)
    scores = design * residuals[:, None, :]
    covariance = bread @ (scores @ scores.transpose(0, 2, 1)) @ bread
    errors = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2) * window / (window - k))
    return np.column_stack([beta[:, 1:], errors[:, 1:]])


def _sentence(rolling: pd.DataFrame, states: tuple[TwoBetas, ...], level: float) -> str:
    last, (_, calm, stress) = rolling.iloc[-1], states
    closer = "Nasdaq" if last["nasdaq"] > last["gold"] else "gold"
    now = f"{last['nasdaq']:.2f} to Nasdaq and {last['gold']:.2f} to gold: closer to {closer}"
    apart = f"{stress.nasdaq:.2f} and {stress.gold:.2f}, otherwise {calm.nasdaq:.2f} and {calm.gold:.2f}"
    return f"Bitcoin's latest beta is {now}. After a VIX of {level:g} or more the two are {apart}."
