"""Claim 9: when stress strikes, do metals respond first and Bitcoin later?

Shock days are jumps of the VIX. Leg one is what gold and silver, at equal weight, do on days 0 to 2; leg two
what Bitcoin does on days 3 to 22. Each leg is a Hodrick-1B regression of daily returns on the number of
shocks so many days before (as in ``event_test``); both must hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NotPositive
from analytics.stats.changes import changes
from analytics.stats.event_study.event_paths import EventPath, event_path
from analytics.stats.event_study.event_test import Design, SupTest, effective_n, sup_test
from analytics.stats.naive import horizon_returns
from analytics.stats.resampling import DRAWS, SEED, generator, p_text, packed_signs
from analytics.stats.verdict import Inference, Verdict, decide, far_end, left_open, smallest_detectable

TRAILING = 250
PERCENTILE = 0.95
METAL_DAYS = (0, 2)
BITCOIN_DAYS = (3, 22)
"""Days after the shock, its own being 0; up to day 2 closing times alone can make a lag
(docs/methods.md#calendar-and-closing-times)."""
FEWEST_RETURNS = 500
FEWEST_SHOCKS = 10
PATH_DAYS = BITCOIN_DAYS[1]
PATH_DRAWS = 1_999
DELTA = 0.25
UNIT = "standard deviations of the leg's own return over the same days"


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg's response.

    Attributes:
        name: ``metals`` or ``bitcoin``.
        days: First and last day after the shock.
        effect: Mean excess return, in standard deviations of its return over as many days.
        interval: 95%.
        pp: The same effect [pp of log return].
        statistic: White's t.
        p, p_opposite: One-sided wild-bootstrap p of a rise, and of a fall.
        mde: Smallest effect seen 80% of the time [standard deviations].
        effective_n: Shocks without overlap that they are worth.
    """

    name: str
    days: tuple[int, int]
    effect: float
    interval: tuple[float, float]
    pp: float
    statistic: float
    p: float
    p_opposite: float
    mde: float
    effective_n: float


@dataclass(frozen=True, slots=True, eq=False)
class ShockResponse:
    """What the test found.

    Attributes:
        shocks: Shock days among the common trading days.
        n: Returns.
        legs: Metals, then Bitcoin.
        paths: Mean cumulative return from the shock day (day 1 of the path is day 0) to day 22 with band, by
            asset: ``metals``, ``gold``, ``silver``, ``bitcoin``.
        inference: Both must hold: p and smallest detectable effect are the larger of the two, estimate and
            interval those of the leg with the larger p; the opposite p is twice the smaller one (either leg
            falling contradicts).
        sentence: What a reader sees.
    """

    shocks: pd.DatetimeIndex
    n: int
    legs: tuple[Leg, Leg]
    paths: dict[str, EventPath]
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


def vix_jumps(vix: pd.Series, trailing: int = TRAILING, percentile: float = PERCENTILE) -> pd.Series:
    """Days on which the VIX's log change was above the percentile of the ``trailing`` changes before it.

    Args:
        vix: By day, rising dates [% a year]; NaN are no closes.

    Returns:
        bool by day with a close; False until there are enough changes.

    Raises:
        NotPositive: a VIX at or below zero.
    """
    known = vix.dropna()
    if (known <= 0).any():
        raise NotPositive("The VIX", f"{known.index[known <= 0][0]:%Y-%m-%d}")
    moved = pd.Series(np.log(known)).diff()
    return moved > moved.rolling(trailing).quantile(percentile).shift()


def shock_response(
    levels: pd.DataFrame,
    shocks: pd.Series,
    *,
    delta: float = DELTA,
    draws: int = DRAWS,
    seed: int = SEED,
    workers: int = 1,
) -> ShockResponse:
    """Test both legs and decide.

    Args:
        levels: Columns ``gold``, ``silver``, ``bitcoin``: closes by US trading day; a row with a NaN is no
            common day.
        shocks: bool on the VIX's own dates (``vix_jumps`` of its full history). One on a day that is not
            common counts on the next common day.
        delta: Smallest effect worth acting on [standard deviations].
        draws, seed: Same input, draws and seed give the same finding to the last bit.
        workers: Threads of the FFTs.

    Raises:
        MeasureError: one of those that ``changes.changes`` names; NotEnoughData with fewer than
            ``FEWEST_SHOCKS`` shocks.
    """
    common = levels[["gold", "silver", "bitcoin"]].dropna()
    moved = changes(common, FEWEST_RETURNS)
    moved["metals"] = moved[["gold", "silver"]].mean(axis=1)
    hit = _on_common_days(common.index, shocks)
    if hit.sum() < FEWEST_SHOCKS:
        raise NotEnoughData("The study of VIX jumps", int(hit.sum()), FEWEST_SHOCKS)
    packed = packed_signs(generator("shock_response", seed), draws, len(moved))
    metals = _leg("metals", METAL_DAYS, moved["metals"].to_numpy(), hit, packed)
    bitcoin = _leg("bitcoin", BITCOIN_DAYS, moved["bitcoin"].to_numpy(), hit, packed)
    inference = _both(metals, bitcoin, len(moved), delta)
    from_the_day = np.append(
        hit[1:], False
    )  # a path begins after its flag, and here it begins with the shock's own day
    return ShockResponse(
        shocks=pd.DatetimeIndex(common.index[hit]),
        n=len(moved),
        legs=(metals, bitcoin),
        paths={
            name: event_path(
                moved[name].to_numpy(), from_the_day, PATH_DAYS + 1, packed[:PATH_DRAWS], workers
            )
            for name in ("metals", "gold", "silver", "bitcoin")
        },
        inference=inference,
        sentence=_sentence(metals, bitcoin, inference, int(hit.sum())),
    )


def _on_common_days(days: pd.Index, shocks: pd.Series) -> np.ndarray:
    """Shocks by common day, bool; the first common day has no return and the last may have one only on day
    0."""
    dates = shocks.index[shocks.to_numpy(bool)]
    at = days.searchsorted(dates[dates > days[0]], side="left")
    hit = np.zeros(len(days), bool)
    hit[at[at < len(days)]] = True
    return hit


def shock_counts(hit: np.ndarray, days: tuple[int, int]) -> np.ndarray:
    """Number of shocks ``days[0]`` to ``days[1]`` days before the day on which each return ends, (n,).

    Args:
        hit: Shocks by price day, (n + 1,); return i ends on price day i + 1.
    """
    total = np.concatenate([[0.0], np.cumsum(hit)])
    ends = np.arange(1, len(hit))
    counts: np.ndarray = total[np.maximum(ends - days[0] + 1, 0)] - total[np.maximum(ends - days[1], 0)]
    return counts


def _leg(name: str, days: tuple[int, int], y: np.ndarray, hit: np.ndarray, packed: np.ndarray) -> Leg:
    length = days[1] - days[0] + 1
    counts = shock_counts(hit, days)
    test: SupTest = sup_test(y, counts[:, None], Design(1.0, (length,), length), packed)
    scale = 1 / (100 * float(horizon_returns(y, length).std()))
    effect, error = scale * float(test.effect[0]), scale * float(test.standard_error[0])
    half = test.critical_two_sided * error
    return Leg(
        name=name,
        days=days,
        effect=effect,
        interval=(effect - half, effect + half),
        pp=float(test.effect[0]),
        statistic=test.statistic,
        p=test.p_best,
        p_opposite=test.p_opposite,
        mde=smallest_detectable(error, test.critical),
        effective_n=effective_n(np.flatnonzero(hit), length),
    )


def _both(metals: Leg, bitcoin: Leg, n: int, delta: float) -> Inference:
    weaker = max((metals, bitcoin), key=lambda leg: (leg.p, -leg.statistic))
    mde = max(metals.mde, bitcoin.mde)
    far = min(far_end(leg.interval, 0.0, "greater") for leg in (metals, bitcoin))
    p_opposite = min(1.0, 2 * min(metals.p_opposite, bitcoin.p_opposite))
    return Inference(
        estimate=weaker.effect,
        interval=weaker.interval,
        unit=UNIT,
        statistic=weaker.statistic,
        p=weaker.p,
        p_opposite=p_opposite,
        n=n,
        effective_n=min(metals.effective_n, bitcoin.effective_n),
        mde=mde,
        delta=delta,
        far=far,
        direction="greater",
        verdict=decide(weaker.p, p_opposite, far, delta),
    )


def _sentence(metals: Leg, bitcoin: Leg, found: Inference, shocks: int) -> str:
    made = (
        f"After {shocks} jumps of the VIX metals made {metals.pp:+.1f} pp more than usual on days 0 to 2 "
        f"({p_text(metals.p)}) and Bitcoin {bitcoin.pp:+.1f} pp on days 3 to 22 ({p_text(bitcoin.p)})"
    )
    if found.verdict == "supported":
        return f"{made}: metals rise first, Bitcoin later."
    if found.verdict == "contradicted":
        fell = "metals fall" if metals.p_opposite <= bitcoin.p_opposite else "Bitcoin falls"
        return f"{made}: after a shock {fell} ({p_text(found.p_opposite)})."
    return f"{made}; of both together {left_open(found)}."
