"""Data for the honesty table of the Divergence page: metals with equal means, planted effects, and the naive practices."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from analytics.stats.unit_root import mackinnon
from analytics.stats.unit_root.explosive import backward_sup, smallest_window
from analytics.topics.pair.measures.cointegration import engle_granger, walk
from bench.nulls import SILVER, Asset, simulate

METAL_CORRELATION = 0.75
GOLD = Asset(SILVER.mean, 0.0095, SILVER.arch, SILVER.garch, SILVER.freedom)
"""Silver's mean and memory with gold's volatility: the null of claim 3 is equal means."""
ROLLED, EVERY = 250, 63
"""Window of the naive rolling cointegration test, and how often somebody looks at it [trading days]."""


def metals(replications: int, days: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Silver and gold under N2 with equal means and a same-day correlation of .75, and silver's own part of its returns;
    (replications, days) each.
    """
    still = replace(SILVER, mean=0.0), replace(GOLD, mean=0.0)
    own, gold = simulate("N2", replications, seed, n=days, lead=still[0], follow=still[1])
    own = math.sqrt(1 - METAL_CORRELATION**2) * own
    return SILVER.mean + own + shared(gold), SILVER.mean + gold, own


def shared(gold: np.ndarray) -> np.ndarray:
    """The part of silver's returns that gold's (without their mean) bring."""
    return METAL_CORRELATION * SILVER.sd / GOLD.sd * gold


def with_growth(x: np.ndarray, growth: float, weeks: int = 26, ahead: float = 0.15) -> np.ndarray:
    """Returns whose last ``weeks`` feed on their own rise: each week adds ``growth`` of the log distance from where they
    began, which was already ``ahead``.
    """
    planted, distance = x.copy(), ahead
    for day in range(len(x) - 5 * weeks, len(x)):
        planted[day] += growth / 5 * distance
        distance += planted[day]
    return planted


def with_gap(x: np.ndarray, y: np.ndarray, half_life: float) -> np.ndarray:
    """Returns of 1.5 log lead plus a gap whose shocks are y's (demeaned) and of which half is gone after ``half_life``."""
    keep, gap = 0.5 ** (1 / half_life), np.zeros(len(y) + 1)
    for day, shock in enumerate(y - y.mean()):
        gap[day + 1] = keep * gap[day] + shock
    return 1.5 * x + np.diff(gap)


def naive_cointegration(x: np.ndarray, y: np.ndarray) -> dict[str, bool]:
    """The practices that docs/methods.md#cointegration rules out, and the published table that it starts from."""
    silver, bitcoin = walk(x[:, None]), walk(y[:, None])
    n = len(x)
    declared = _tau(silver, bitcoin, "c")
    critical = mackinnon.critical_values("c", 2, n)[1]
    other_way, trending = _tau(bitcoin, silver, "c"), _tau(silver, bitcoin, "ct")
    windows = [
        np.lib.stride_tricks.sliding_window_view(v[:, 0], ROLLED)[::EVERY].T for v in (silver, bitcoin)
    ]
    rolling = engle_granger(windows[0], windows[1], "c").tau
    return {
        "MacKinnon's table": declared < critical,
        "best of three variants": min(declared, other_way) < critical
        or trending < mackinnon.critical_values("ct", 2, n)[1],
        "ADF p on the residual": declared < mackinnon.critical_values("c", 1, n)[1],
        "any rolling window": bool((rolling < mackinnon.critical_values("c", 2, ROLLED)[1]).any()),
    }


def _tau(lead: np.ndarray, follow: np.ndarray, trend: mackinnon.Trend) -> float:
    return float(engle_granger(lead, follow, trend).tau[0])


@lru_cache
def iid_critical(weeks: int, draws: int = 1_999) -> float:
    """95% quantile of the GSADF of Gaussian walks with drift 1/T: what published tables hold (Phillips, Shi, Yu 2015)."""
    steps = np.random.default_rng(20_260_123).standard_normal((weeks - 1, draws)) + 1 / weeks
    return float(np.quantile(backward_sup(walk(steps), smallest_window(weeks)).max(axis=0), 0.95))
