"""Claim 34: what drivers promise and Bitcoin has not made, out of sample only; and whether such gaps were
ever made good.

Each day's return is predicted from the same day's moves of drivers declared beforehand, with betas from the
days before. The gap is what 250 days of predictions add up to beyond the return that was made. It holds past
returns with a minus, so even a random walk's gap seems to close; the bootstrap therefore builds every draw's
own gap out of its own returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.stats.changes import changes
from analytics.stats.regression.out_of_sample import (
    ClarkWest,
    clark_west,
    expanding_means,
    expanding_predictions,
    expanding_sd,
    hat_rows,
)
from analytics.stats.resampling import SEED, critical_value, generator, p_text, p_value, packed_signs, unpack
from analytics.stats.verdict import (
    ALPHA,
    Inference,
    Verdict,
    decide,
    far_end,
    left_open,
    limited,
    smallest_detectable,
)

DRIVERS = ("real_yield_10y", "dollar_index", "breakeven_10y", "sp500", "gold")
RATES = ("real_yield_10y", "breakeven_10y")
BURN_IN = 250
"""Days before the first betas, and gaps before the first standard deviation [trading days]."""
WINDOW = 250
"""Days that a gap adds up [trading days]."""
HORIZON = 60
DELAY = 1
"""Yields of a day are published on the next one, so a gap is acted on a day late [trading days]."""
FEWEST_RETURNS = 1_500
DRAWS = 999
"""Each draw fits its own betas day by day, so fewer than elsewhere."""
DELTA = 5.0
UNIT = f"pp over {HORIZON} trading days per standard deviation of gap"
_BATCH = 64
"""Draws at once: few enough for the arrays to stay in the caches."""


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """What the fit and the test found.

    Attributes:
        follow: The asset.
        drivers: Names of the drivers.
        path: By day: ``gap`` [pp of log return] and ``z`` [own expanding standard deviations]; NaN until
            there are enough.
        now: Last z: positive where drivers promise more than was made.
        chance_now: Share of random walks whose last z is at least as far from zero.
        chance_beyond_2: Share of the days of random walks with z beyond 2 either way.
        betas: Of all days, for the next one, by driver (prices: % per 1%; rates: log return per percentage
            point).
        same_day: Do the drivers explain the day's return out of sample?
        ahead: Does the gap forecast the return out of sample?
        positive: The second condition: the gap is positive on the last day.
        inference: Effect: return over 60 days per standard deviation of gap. A supported test without the
            second condition counts as not supported. Effective n: 60-day stretches that do not overlap.
        sentence: What a reader sees.
    """

    follow: str
    drivers: tuple[str, ...]
    path: pd.DataFrame
    now: float
    chance_now: float
    chance_beyond_2: float
    betas: dict[str, float]
    same_day: ClarkWest
    ahead: ClarkWest
    positive: bool
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """Gaps and the Hodrick regression of many return paths at once; arrays end in (paths,)."""

    gap: np.ndarray
    z: np.ndarray
    slope: np.ndarray
    error: np.ndarray
    exposure: np.ndarray


def gap(
    levels: pd.DataFrame,
    *,
    follow: str = "bitcoin",
    name: str = "Bitcoin",
    drivers: Sequence[str] = DRIVERS,
    rates: Sequence[str] = RATES,
    delta: float = DELTA,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Gap:
    """Measure the gap and test whether the follow makes it good.

    Hodrick's 1B: the next day's return on the sum of the last 60 z, White t. Draws keep the day's fitted part
    and turn the sign of its residual: a return that drivers explain on the day and nothing foretells.

    Args:
        levels: Columns ``follow`` and ``drivers`` by US trading day; a row with a NaN is no common day.
        follow, name: Column, and how a sentence calls it.
        drivers: Declared beforehand; never the best of several sets.
        rates: Those of them that are rates [%].
        delta: Smallest effect worth acting on [pp over 60 days per standard deviation].
        draws, seed: Same input, draws and seed give the same finding to the last bit.

    Raises:
        MeasureError: one of those that ``changes.changes`` names; NotEnoughData below ``FEWEST_RETURNS``.
    """
    moved = changes(levels[[follow, *drivers]], FEWEST_RETURNS, rates)
    y = moved[follow].to_numpy()
    design = np.column_stack([np.ones(len(y)), moved[list(drivers)].to_numpy()])
    hats = hat_rows(design, BURN_IN)
    observed = _paths(y[:, None], design, hats)
    null = _draw_null(y, design, hats, draws, seed)
    z = observed.z[:, 0]
    positive = bool(z[-1] > 0)
    inference = limited(_infer(observed, null["t"], delta), positive)
    return Gap(
        follow=follow,
        drivers=tuple(drivers),
        path=_frame(observed, moved.index),
        now=float(z[-1]),
        chance_now=p_value(np.abs(null["last"]), abs(float(z[-1]))),
        chance_beyond_2=float(null["beyond"].mean()),
        betas=dict(zip(drivers, np.linalg.lstsq(design, y, rcond=None)[0][1:].tolist(), strict=True)),
        same_day=clark_west(y[BURN_IN:], expanding_predictions(y, design, hats), expanding_means(y, BURN_IN)),
        ahead=_ahead(y, observed.exposure[:, 0]),
        positive=positive,
        inference=inference,
        sentence=_sentence(name, inference, float(z[-1])),
    )


def _paths(y: np.ndarray, design: np.ndarray, hats: np.ndarray) -> _Paths:
    """From returns (n, m) to gaps (n - 499, m), z (n - 748, m) and the regression of returns on earlier z."""
    short = expanding_predictions(y, design, hats) - y[BURN_IN:]
    total = np.concatenate([np.zeros((1, y.shape[1])), np.cumsum(short, axis=0)])
    gaps = total[WINDOW:] - total[:-WINDOW]
    z = (gaps / expanding_sd(gaps))[BURN_IN - 1 :]
    summed = np.concatenate([np.zeros((1, y.shape[1])), np.cumsum(z, axis=0)])
    exposure = (summed[HORIZON:] - summed[:-HORIZON])[: -1 - DELAY]
    outcome = y[len(y) - len(exposure) :]
    centred = exposure - exposure.mean(axis=0)
    terms = centred * (outcome - outcome.mean(axis=0))
    spread = len(exposure) * z[: len(z) - 1 - DELAY].var(axis=0)
    return _Paths(gaps, z, terms.sum(axis=0) / spread, np.sqrt((terms**2).sum(axis=0)) / spread, exposure)


def _draw_null(
    y: np.ndarray, design: np.ndarray, hats: np.ndarray, draws: int, seed: int
) -> dict[str, np.ndarray]:
    """t, last z and share of z beyond 2, of returns that the gap does not foretell, (draws,) each."""
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    packed = packed_signs(generator("gap", seed), draws, len(y))
    parts = []
    for start in range(0, draws, _BATCH):
        signs = unpack(packed[start : start + _BATCH], len(y)).T
        found = _paths(fitted[:, None] + signs * (y - fitted)[:, None], design, hats)
        parts.append((found.slope / found.error, found.z[-1], (np.abs(found.z) > 2).mean(axis=0)))
    t, last, beyond = (np.concatenate(part) for part in zip(*parts, strict=True))
    return {"t": t, "last": last, "beyond": beyond}


def _infer(observed: _Paths, null: np.ndarray, delta: float) -> Inference:
    slope, error = 100 * float(observed.slope[0]), 100 * float(observed.error[0])
    low, high = (float(q) for q in np.quantile(null, [ALPHA / 2, 1 - ALPHA / 2]))
    t, n = slope / error, len(observed.exposure)
    p, p_opposite = p_value(null, t), p_value(-null, -t)
    mde = smallest_detectable(error, critical_value(null))
    interval = (slope - high * error, slope - low * error)
    far = far_end(interval, 0.0, "greater")
    return Inference(
        estimate=slope,
        interval=interval,
        unit=UNIT,
        statistic=t,
        p=p,
        p_opposite=p_opposite,
        n=n,
        effective_n=n / HORIZON,
        mde=mde,
        delta=delta,
        far=far,
        direction="greater",
        verdict=decide(p, p_opposite, far, delta),
    )


def _frame(observed: _Paths, days: pd.Index) -> pd.DataFrame:
    table = pd.DataFrame(np.nan, index=days, columns=["gap", "z"])
    table.iloc[len(days) - len(observed.gap) :, 0] = 100 * observed.gap[:, 0]
    table.iloc[len(days) - len(observed.z) :, 1] = observed.z[:, 0]
    return table


def _ahead(y: np.ndarray, exposure: np.ndarray) -> ClarkWest:
    """Out-of-sample forecast of each return from the sum of the last 60 z, once a year of such days is
    there."""
    outcome = y[len(y) - len(exposure) :]
    if len(outcome) <= 2 * BURN_IN:
        raise NotEnoughData("The days with a gap 60 days before", len(outcome), 2 * BURN_IN + 1)
    design = np.column_stack([np.ones(len(exposure)), exposure])
    forecasts = expanding_predictions(outcome, design, hat_rows(design, BURN_IN))
    return clark_west(outcome[BURN_IN:], forecasts, expanding_means(outcome, BURN_IN))


def _sentence(name: str, found: Inference, now: float) -> str:
    side = "behind" if now > 0 else "ahead of"
    promised = "what the drivers' moves of 250 days promised"
    where = f"{name} is {abs(now):.1f} of its standard deviations {side} {promised}"
    moved = f"{abs(found.estimate):.1f} pp {'more' if found.estimate >= 0 else 'less'} over 60 trading days"
    was = f"one standard deviation of such a gap was followed by {moved}"
    if found.verdict == "supported":
        return f"{where}; {was}, more than chance explains ({p_text(found.p)})."
    if found.verdict == "contradicted":
        return f"{where}; gaps widen rather than close ({p_text(found.p_opposite)}): {was}."
    if found.verdict == "not supported" and found.p <= ALPHA:
        return f"{where}; gaps did close ({p_text(found.p)}), but none is open now."
    return f"{where}; {was} ({p_text(found.p)}); {left_open(found)}."
