"""Claim 12: on days when more easing was priced, did the real yield and the dollar fall? (docs/methods.md#easing-link)"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NoVariation
from analytics.stats.correlation.rolling_correlation import draw_null, rolled
from analytics.stats.resampling import (
    DRAWS,
    SEED,
    critical_value,
    generator,
    p_value,
    packed_signs,
    signed_sums,
)
from analytics.stats.verdict import ALPHA, Inference, decide, far_end, smallest_detectable
from analytics.topics.rate_path.measures.rate_history import RateHistory
from analytics.topics.rate_path.measures.rate_through_time import change_to_year_end

LEGS = ("real_yield", "dollar")
LEAST = 60
"""Fewest days of change that a test is made on [days]."""
HAC_LAGS = 5
FIVE_YEARS = 1_250
"""The claim's window [trading days]."""
ROLLING = 250
BAND_DRAWS = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One of the two links.

    Attributes:
        name: ``real_yield`` or ``dollar``.
        correlation: Of its daily change with the daily change in cuts priced.
        interval: 95% interval of the correlation, White error and wild-bootstrap critical value.
        slope: Change per additional cut priced: real yield [bp], dollar [%].
        t_white: Statistic of the verdict: sum xy / sqrt(sum x^2 y^2), x and y demeaned.
        t_hac: The same link by Newey-West with 5 lags; shown beside it, decides nothing.
        p: One-sided wild-bootstrap p of a negative link.
        p_opposite: The same of a positive one.
        mde: Smallest correlation seen 80% of the time.
        effective_n: Independent days that the n days are worth: n x White / Newey-West variance, at most n.
    """

    name: str
    correlation: float
    interval: tuple[float, float]
    slope: float
    t_white: float
    t_hac: float
    p: float
    p_opposite: float
    mde: float
    effective_n: float


@dataclass(frozen=True, slots=True, eq=False)
class EasingLink:
    """What claim 12 rests on.

    Attributes:
        first, last: First and last day of change.
        n: Days of change.
        legs: The two links, real yield first.
        inference: Both must hold: p and smallest detectable effect are the larger of the two, estimate and interval those
            of the link with the larger p.
        rolling: Rolling 250-day correlations, columns ``real_yield``, ``dollar``; NaN before a full window.
        band: {leg: half-width that the rolling correlation of unrelated series leaves anywhere on 5% of histories}; NaN
            where no window is full.
        sentence: The card's reading.
    """

    first: dt.date
    last: dt.date
    n: int
    legs: tuple[Leg, Leg]
    inference: Inference
    rolling: pd.DataFrame
    band: dict[str, float]
    sentence: str


def easing_changes(
    history: RateHistory, real_yield: pd.Series, dollar: pd.Series, window: int | None = FIVE_YEARS
) -> pd.DataFrame:
    """Daily changes on the days that all three share; differenced after the days are shared, never before.

    Args:
        history: The priced path by day.
        real_yield: 10-year real yield by day [%]; NaN rows are left out.
        dollar: Dollar index by day [index]; NaN rows are left out.
        window: Only the last so many shared days of change; None for all.

    Returns:
        Index days; ``cuts`` [more cuts of 25 bp priced to the year-end meeting], ``real_yield`` [% points],
        ``dollar`` [% log return]; only rows with all three.
    """
    shared = history.days.intersection(real_yield.dropna().index).intersection(dollar.dropna().index)
    if window is not None:
        shared = shared[-window - 1 :]
    table = pd.DataFrame(
        {
            "cuts": -change_to_year_end(history, shared),
            "real_yield": real_yield.reindex(shared).diff(),
            "dollar": 100 * np.log(dollar.reindex(shared)).diff(),
        }
    )
    return table.dropna()


def easing_link(
    changes: pd.DataFrame, *, delta: float = 0.2, draws: int = DRAWS, seed: int = SEED
) -> EasingLink:
    """Test both links, change on change, and decide.

    For each leg t = sum xy / sqrt(sum x^2 y^2) with x (cuts) and y (leg) demeaned; its null distribution by the wild
    bootstrap y* = w y, Rademacher w (Wu 1986; Liu 1988). Both must hold (intersection-union): the p is the larger of the
    two. The claim is contradicted when either link runs the other way; that p is twice the smaller of the two opposite
    ones (Bonferroni). Same-day association: it does not show what causes what.

    Args:
        changes: ``easing_changes(...)``; no NaN.
        delta: Smallest correlation worth acting on (published/thresholds.toml).
        draws: Bootstrap draws of the tests.
        seed: Of all draws.

    Raises:
        NotEnoughData: fewer than 60 days of change.
        NoVariation: one of the three columns does not move.
    """
    if len(changes) < LEAST:
        raise NotEnoughData("The days with a change in all three series", len(changes), LEAST)
    for name in ("cuts", *LEGS):
        if changes[name].std() == 0:
            raise NoVariation(name.replace("_", " "))
    x = _demeaned(changes["cuts"])
    y = np.column_stack([_demeaned(changes[name]) for name in LEGS])
    null = _wild_statistics(x, y, draws, generator("easing_link", seed))
    real, dollar = (_leg(name, x, y[:, k], null[:, k]) for k, name in enumerate(LEGS))
    inference = _both(real, dollar, len(x), delta)
    return EasingLink(
        first=changes.index[0].date(),
        last=changes.index[-1].date(),
        n=len(x),
        legs=(real, dollar),
        inference=inference,
        rolling=_rolling(changes, x, y),
        band={name: _band(x, y[:, k], seed) for k, name in enumerate(LEGS)},
        sentence=_sentence(real, dollar, inference, changes.index[-1].date()),
    )


def _demeaned(column: pd.Series) -> np.ndarray:
    values = column.to_numpy(dtype=float)
    return values - values.mean()


def _wild_statistics(x: np.ndarray, y: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """(draws, legs) statistics under no link; the squares, and so the White error, do not depend on the signs."""
    products = x[:, None] * y
    return signed_sums(products, packed_signs(rng, draws, len(x))) / np.sqrt((products**2).sum(axis=0))


def _leg(name: str, x: np.ndarray, y: np.ndarray, null: np.ndarray) -> Leg:
    n, sxx, syy = len(x), float(x @ x), float(y @ y)
    t = float(x @ y / np.sqrt(((x * y) ** 2).sum()))
    slope = float(x @ y / sxx)
    residual = x * (y - slope * x)
    scale = np.sqrt(sxx / syy)  # from a slope to a correlation
    white, hac = float(residual @ residual), _long_run(residual)
    error_null = float(np.sqrt(((x * y) ** 2).sum()) / np.sqrt(sxx * syy))
    half = float(critical_value(np.abs(null), ALPHA) * np.sqrt(white) / sxx * scale)
    correlation = float(slope * scale)
    return Leg(
        name=name,
        correlation=correlation,
        interval=(max(-1.0, correlation - half), min(1.0, correlation + half)),
        slope=100 * slope if name == "real_yield" else slope,
        t_white=t,
        t_hac=float(x @ y / np.sqrt(hac)),
        p=p_value(-null, -t),
        p_opposite=p_value(null, t),
        mde=smallest_detectable(error_null, critical_value(-null, ALPHA)),
        effective_n=n * min(1.0, white / hac),
    )


def _long_run(scores: np.ndarray) -> float:
    """Newey-West sum of squares with Bartlett weights (Newey and West 1987)."""
    total = float(scores @ scores)
    for lag in range(1, HAC_LAGS + 1):
        total += 2 * (1 - lag / (HAC_LAGS + 1)) * float(scores[lag:] @ scores[:-lag])
    return total


def _both(real: Leg, dollar: Leg, n: int, delta: float) -> Inference:
    weaker = max((real, dollar), key=lambda leg: (leg.p, leg.t_white))
    mde = max(real.mde, dollar.mde)
    far = min(far_end(leg.interval, 0.0, "less") for leg in (real, dollar))
    p_opposite = min(1.0, 2 * min(real.p_opposite, dollar.p_opposite))
    return Inference(
        estimate=weaker.correlation,
        interval=weaker.interval,
        unit="correlation of daily changes",
        statistic=weaker.t_white,
        p=weaker.p,
        p_opposite=p_opposite,
        n=n,
        effective_n=min(real.effective_n, dollar.effective_n),
        mde=mde,
        delta=delta,
        far=far,
        direction="less",
        verdict=decide(weaker.p, p_opposite, far, delta),
    )


def _rolling(changes: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    values = np.full((len(x), len(LEGS)), np.nan)
    if len(x) >= ROLLING:
        values[ROLLING - 1 :] = rolled(x, y, ROLLING)
    return pd.DataFrame(values, index=changes.index, columns=list(LEGS))


def _band(x: np.ndarray, y: np.ndarray, seed: int) -> float:
    """Half-width that unrelated series leave anywhere on 5% of histories; NaN where no window is full."""
    return critical_value(draw_null(x, y, ROLLING, BAND_DRAWS, seed)) if len(x) >= ROLLING else float("nan")


def _sentence(real: Leg, dollar: Leg, inference: Inference, last: dt.date) -> str:
    return (
        f"Over {inference.n:,} days to {last:%-d %b %Y}, one more cut priced went with "
        f"{real.slope:+.1f} bp of 10-year real yield (r {real.correlation:+.2f}) and {dollar.slope:+.2f}% of dollar "
        f"(r {dollar.correlation:+.2f}): {inference.verdict}."
    )
