"""Whether one asset really beat another.

The difference of mean returns and of Sharpe ratios, studentised and judged by a stationary bootstrap of the pair's days
(Ledoit and Wolf 2008, Journal of Empirical Finance 15, 850-859).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.stats.pairs import pair
from analytics.stats.resampling import SEED, critical_value, generator, p_text, p_value, stationary_indices
from analytics.stats.verdict import ALPHA, Inference, Verdict, decide, far_end, left_open, smallest_detectable

DRAWS = 4_999
DAYS = 126
FEWEST_DAYS = 60
BLOCK = 3
"""Mean block of the bootstrap: daily returns have no memory to speak of but two days of unlike closing times
(docs/methods.md#calendar-and-closing-times) [trading days]."""
LAGS = BLOCK - 1
"""Lags of the long-run variance (Newey and West 1987, Bartlett weights)."""
MONTH = 21
"""Trading days in a month."""
YEAR = 252
UNIT = "pp a month"
DELTA = 2.0
"""Smallest lead worth acting on where a caller names none: claim 3's [pp a month]."""


@dataclass(frozen=True, slots=True, eq=False)
class Outperformance:
    """Lead against follow over one window.

    Attributes:
        names: Lead and follow.
        first, last: First and last return's day.
        sharpe: Difference of the annual Sharpe ratios, lead minus follow, without a riskless rate.
        sharpe_p: Its one-sided p; display.
        total: Difference of the total log returns over the window [pp].
        draws: Bootstrap draws.
        inference: Effect: the difference of mean log returns [pp a month].
        sentence: What a reader sees.
    """

    names: tuple[str, str]
    first: dt.date
    last: dt.date
    sharpe: float
    sharpe_p: float
    total: float
    draws: int
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


def outperformance(
    levels: pd.DataFrame,
    end: dt.date,
    *,
    days: int = DAYS,
    names: tuple[str, str] = ("the lead", "the follow"),
    delta: float = DELTA,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Outperformance:
    """Did the lead beat the follow over the last ``days`` trading days?

    Args:
        levels: Columns ``lead`` and ``follow``, closes on common US trading days, rising dates; a NaN row is left out.
        end: Nothing later is used.
        days: Returns in the window.
        names: How sentences call the two.
        delta: Smallest lead worth acting on [pp a month].

    Returns:
        Intervals and p from the bootstrapped t: lead better (p), follow better (p_opposite).

    Raises:
        MeasureError: one of those that ``pairs.pair`` names; the window must be filled.
    """
    known = levels.loc[: pd.Timestamp(end), ["lead", "follow"]].dropna()
    found = pair(known.iloc[-days - 1 :], names, max(days, FEWEST_DAYS))
    x, y = found.lead, found.follow
    rng = generator("outperformance", seed)
    indices = stationary_indices(rng, len(x), BLOCK, draws)
    inference = mean_difference(x - y, indices, delta)
    ratio, ratio_p = sharpe_difference(x, y, indices)
    return Outperformance(
        names=names,
        first=found.days[1].astype(object),
        last=found.days[-1].astype(object),
        sharpe=ratio,
        sharpe_p=ratio_p,
        total=float(100 * (x - y).sum()),
        draws=draws,
        inference=inference,
        sentence=_sentence(names, inference, len(x)),
    )


def mean_difference(difference: np.ndarray, indices: np.ndarray, delta: float) -> Inference:
    """The mean of a daily log difference against zero, studentised; resamples by ``indices``, (draws, n) [pp a month]."""
    n, scale = len(difference), 100 * MONTH
    mean, error = float(difference.mean()), float(long_run_error(difference))
    drawn = difference[indices]
    null = (drawn.mean(axis=1) - mean) / long_run_error(drawn)
    low, high = (float(q) for q in np.quantile(null, [ALPHA / 2, 1 - ALPHA / 2]))
    t = mean / error
    mde = scale * smallest_detectable(error, critical_value(null))
    p, p_opposite = p_value(null, t), p_value(-null, -t)
    interval = (scale * (mean - high * error), scale * (mean - low * error))
    far = far_end(interval, 0.0, "greater")
    return Inference(
        estimate=scale * mean,
        interval=interval,
        unit=UNIT,
        statistic=t,
        p=p,
        p_opposite=p_opposite,
        n=n,
        effective_n=min(
            float(n), float(difference.var() / error**2)
        ),  # days that offset each other are no extra ones
        mde=mde,
        delta=delta,
        far=far,
        direction="greater",
        verdict=decide(p, p_opposite, far, delta),
    )


def long_run_error(x: np.ndarray) -> np.ndarray:
    """Standard error of the mean over the last axis under serial correlation up to ``LAGS`` days; (..., n) -> (...)."""
    centred = x - x.mean(axis=-1, keepdims=True)
    total = (centred * centred).sum(axis=-1)
    for lag in range(1, LAGS + 1):
        cross = (centred[..., lag:] * centred[..., :-lag]).sum(axis=-1)
        total += 2 * (1 - lag / (LAGS + 1)) * cross
    return np.sqrt(total) / x.shape[-1]


def sharpe_difference(x: np.ndarray, y: np.ndarray, indices: np.ndarray) -> tuple[float, float]:
    """Difference of annual Sharpe ratios of x and y, and the one-sided p that x's is the greater.

    The error is that of the difference's influence: r/s - m (r - m)^2 / (2 s^3) for each of the two (Ledoit and Wolf
    2008, section 3, written observation by observation).
    """
    observed, error = _sharpe(x, y)
    drawn, errors = _sharpe(x[indices], y[indices])
    null = (drawn - observed) / errors
    return float(math.sqrt(YEAR) * observed), p_value(null, float(observed / error))


def _sharpe(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ratios, influence = [], []
    for r in (x, y):
        m, s = r.mean(axis=-1, keepdims=True), r.std(axis=-1, keepdims=True)
        ratios.append((m / s)[..., 0])
        influence.append(r / s - m * (r - m) ** 2 / (2 * s**3))
    return ratios[0] - ratios[1], long_run_error(influence[0] - influence[1])


def _sentence(names: tuple[str, str], found: Inference, days: int) -> str:
    gap = f"{abs(found.estimate):.1f} points a month over {days} trading days"
    if found.verdict == "supported":
        return f"{_upper(names[0])} beat {names[1]} by {gap}, more than chance explains ({p_text(found.p)})."
    if found.verdict == "contradicted":
        return f"{_upper(names[1])} beat {names[0]} by {gap}, more than chance explains ({p_text(found.p_opposite)})."
    side = "ahead of" if found.estimate > 0 else "behind"
    return f"{_upper(names[0])} was {gap} {side} {names[1]} ({p_text(found.p)}); {left_open(found)}."


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]
