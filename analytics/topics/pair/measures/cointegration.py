"""Whether the gap of a pair closes by itself: Engle and Granger's test, one direction and one trend declared beforehand.

The follow's log price is regressed on the lead's and a constant; the gap is the residual, and alpha the share of it that
the next day takes back. MacKinnon's table is for independent shocks: under common volatility it rejects about 8% of
unrelated pairs at its 5% (bench/honesty_divergence.py). So the verdict rests on a wild bootstrap that keeps each day's
moves, what the two share on the day, and both drifts, and turns the sign of the day as a whole: the walks that it draws
are as volatile and as correlated as the pair, and no gap between them ever closes. MacKinnon's p stands beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.stats.pairs import Pair, pair
from analytics.stats.resampling import SEED, critical_value, generator, p_text, p_value, packed_signs, unpack
from analytics.stats.unit_root import mackinnon
from analytics.stats.unit_root.mackinnon import Trend
from analytics.stats.verdict import Inference, Verdict, decide, smallest_detectable

DRAWS = 999
FEWEST_RETURNS = 250
LONGEST_HALF_LIFE = 250
"""A gap that takes more than a year to halve closes no faster than anybody holds a trade [trading days]."""
DELTA = -math.expm1(-math.log(2) / LONGEST_HALF_LIFE)
UNIT = "share of the gap closed per day (alpha)"
TREND: Trend = "c"
_BATCH = 64
"""Draws at once: few enough for the arrays to stay in the second-level cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Cointegration:
    """What the test found.

    Attributes:
        names: Lead and follow.
        trend: ``c``: constant; ``ct``: constant and linear trend.
        slope: Long-run change of the follow's log price per unit of the lead's.
        gap: Residual of the levels regression [log %], by date.
        half_life: ln 0.5 / ln(1 + alpha) [trading days]; NaN where the gap does not close.
        detectable_half_life: Longest half-life that this test would see 80% of the time [trading days].
        critical: What tau must fall below at 5%, from the draws.
        mackinnon_critical, mackinnon_p: The published table for independent shocks: display only.
        draws: Bootstrap draws.
        inference: Effect: alpha, negative where the gap closes; the claimed direction is ``less``. The effective n is the
            number of half-lives in the sample, NaN where there is none.
        sentence: What a reader sees.
    """

    names: tuple[str, str]
    trend: Trend
    slope: float
    gap: pd.Series
    half_life: float
    detectable_half_life: float
    critical: float
    mackinnon_critical: float
    mackinnon_p: float
    draws: int
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Both regressions for many pairs of paths; every array is (paths,) but the residuals, (T, paths)."""

    slope: np.ndarray
    residuals: np.ndarray
    alpha: np.ndarray
    error: np.ndarray

    @property
    def tau(self) -> np.ndarray:
        return self.alpha / self.error


def cointegration(
    levels: pd.DataFrame,
    *,
    names: tuple[str, str] = ("the lead", "the follow"),
    trend: Trend = TREND,
    delta: float = DELTA,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Cointegration:
    """Test one pair in the declared direction: the follow on the lead.

    Args:
        levels: Columns ``lead`` and ``follow``, closes on common US trading days, rising dates; a NaN row is left out.
        names: How sentences call the two.
        trend: Declared beforehand; never the better of several.
        delta: Smallest alpha worth acting on, as a positive number [per day].

    Returns:
        p is the share of draws with tau at or below the observed one, p_opposite at or above (a gap that feeds on
        itself). The interval moves the draws' quantiles of tau to the estimate, so it is exact only for slow closing.

    Raises:
        MeasureError: one of those that ``pairs.pair`` names.
    """
    found = pair(levels, names, FEWEST_RETURNS)
    lead, follow = (walk(found.lead[:, None]), walk(found.follow[:, None]))
    fit = engle_granger(lead, follow, trend)
    tau, n = float(fit.tau[0]), len(found)
    null = draw_null(found, trend, draws, seed)
    inference = _infer(fit, null, n, delta)
    days = pd.DatetimeIndex(found.days.astype("datetime64[s]"))
    detectable = half_life(-inference.mde)
    return Cointegration(
        names=names,
        trend=trend,
        slope=float(fit.slope[0]),
        gap=pd.Series(100 * fit.residuals[:, 0], index=days, name="gap"),
        half_life=half_life(inference.estimate),
        detectable_half_life=detectable,
        critical=-critical_value(-null),
        mackinnon_critical=mackinnon.critical_values(trend, 2, n)[1],
        mackinnon_p=mackinnon.p_value(tau, trend, 2),
        draws=draws,
        inference=inference,
        sentence=_sentence(names, inference, detectable),
    )


def engle_granger(lead: np.ndarray, follow: np.ndarray, trend: Trend) -> Fit:
    """Levels regression of follow on lead, then d u_t = alpha u_{t-1} + e_t on its residuals, for many pairs at once.

    Args:
        lead, follow: Log levels, (T, paths), no NaN.

    Source:
        Engle and Granger (1987), Econometrica 55, 251-276; no lagged differences, declared beforehand.
    """
    x, y = _detrended(lead, trend), _detrended(follow, trend)
    slope = (x * y).sum(axis=0) / (x * x).sum(axis=0)
    u = y - slope * x
    before, change = u[:-1], np.diff(u, axis=0)
    squares = (before * before).sum(axis=0)
    alpha = (before * change).sum(axis=0) / squares
    left = (change * change).sum(axis=0) - alpha * alpha * squares
    error = np.sqrt(left / (len(change) - 1) / squares)
    return Fit(slope, u, alpha, error)


def draw_null(found: Pair, trend: Trend, draws: int, seed: int = SEED) -> np.ndarray:
    """tau of ``draws`` pairs of wild walks, (draws,)."""
    packed = packed_signs(generator("cointegration", seed), draws, len(found))
    taus = np.empty(draws)
    for start in range(0, draws, _BATCH):
        signs = unpack(packed[start : start + _BATCH], len(found)).T
        lead, follow = (
            walk(leg.mean() + signs * (leg - leg.mean())[:, None]) for leg in (found.lead, found.follow)
        )
        taus[start : start + _BATCH] = engle_granger(lead, follow, trend).tau
    return taus


def walk(returns: np.ndarray) -> np.ndarray:
    """Log levels from log returns, (n, paths) -> (n + 1, paths), beginning at zero."""
    return np.concatenate([np.zeros((1, returns.shape[1])), np.cumsum(returns, axis=0)])


def half_life(alpha: float) -> float:
    """ln 0.5 / ln(1 + alpha) [periods]; NaN unless -1 < alpha < 0."""
    return math.log(0.5) / math.log1p(alpha) if -1 < alpha < 0 else math.nan


def _detrended(levels: np.ndarray, trend: Trend) -> np.ndarray:
    centred = levels - levels.mean(axis=0)
    if trend == "c":
        return centred
    time = np.arange(len(levels)) - (len(levels) - 1) / 2
    return centred - np.outer(time, time @ centred / (time @ time))


def _infer(fit: Fit, null: np.ndarray, n: int, delta: float) -> Inference:
    alpha, error, tau = float(fit.alpha[0]), float(fit.error[0]), float(fit.tau[0])
    mde = smallest_detectable(error, critical_value(-null))
    p, p_opposite = p_value(-null, -tau), p_value(null, tau)
    return Inference(
        estimate=alpha,
        interval=(math.nan, math.nan),
        unit=UNIT,
        statistic=tau,
        p=p,
        p_opposite=p_opposite,
        n=n,
        effective_n=n / half_life(alpha),
        mde=mde,
        delta=delta,
        far=math.inf,
        direction="less",
        verdict=decide(p, p_opposite, math.inf, delta),
    )


def _sentence(names: tuple[str, str], found: Inference, detectable: float) -> str:
    couple = f"{names[0]} and {names[1]}"
    if found.verdict == "supported":
        days = half_life(found.estimate)
        return f"The gap between {couple} closes: half of it is gone after {days:.0f} trading days ({p_text(found.p)})."
    if found.verdict == "contradicted":
        return f"The gap between {couple} feeds on itself rather than closing ({p_text(found.p_opposite)})."
    return (
        f"Nothing shows that the gap between {couple} closes: unrelated walks look the same ({p_text(found.p)}), and one "
        f"that takes more than {detectable:.0f} trading days to halve would be missed more than one time in five."
    )
