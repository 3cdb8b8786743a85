"""Claim 24: does Bitcoin trade as a risk asset when equities fall hardest? And does its beta shift then, or
hedge?

r_B = a + c0 r_S + c1 r_S D10 + c2 r_S D05 + c3 r_S D01 (Baur and McDermott 2010, Journal of Banking and
Finance 34, 1886-1898), where D10 .. D01 mark days on which equities return less than their 10, 5 and 1%
quantile: here the quantile of the days before, never of the full sample. Beside it the beta by the VIX of the
day before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.stats.changes import known_by
from analytics.stats.pairs import Pair, pair
from analytics.stats.regression.wild_regression import Contrasts, contrasts, infer, plain_t
from analytics.stats.resampling import DRAWS, SEED, generator, p_text, packed_signs
from analytics.stats.verdict import Inference, Verdict, left_open

QUANTILES = (0.10, 0.05, 0.01)
BURN_IN = 250
"""Returns that only form the first quantiles: below a year the 1% quantile is the minimum or next to it."""
FEWEST_RETURNS = 1_000
FEWEST_TAIL = 3
"""Fewest days in any tail: a beta on fewer has no error."""
STRESS_VIX = 25.0
"""The VIX averages about 20 over its history with a standard deviation near 8: 25 begins its upper fifth or
so."""
DELTA = 0.5
REGIMES = ("other days", "worst 10% to 5%", "worst 5% to 1%", "worst 1%")
STATED = 2
"""Position in ``REGIMES`` of the days that claim 24 speaks of: there the whole beta is c0 + c1 + c2."""


@dataclass(frozen=True, slots=True)
class Beta:
    """The whole beta on some days.

    Attributes:
        label: Which days.
        days: How many.
        beta: Follow's return per unit of the market's.
        interval: 95%, pointwise.
        p: One-sided p of a beta above zero.
        p_opposite: Of one below.
    """

    label: str
    days: int
    beta: float
    interval: tuple[float, float]
    p: float
    p_opposite: float


@dataclass(frozen=True, slots=True)
class LaggedState:
    """Beta by whether the VIX closed at or above ``level`` on the day before; beside the verdict.

    Attributes:
        level: [% a year].
        calm, stress: Whole betas.
        extra: Their difference, tested against no difference, two-sided.
        missing: Days left out because no VIX was known.
    """

    level: float
    calm: Beta
    stress: Beta
    extra: Inference
    missing: int


@dataclass(frozen=True, slots=True, eq=False)
class StressBeta:
    """What the regression found.

    Attributes:
        names: Market and follow.
        first, last: First and last day of return in the regression, datetime64[D].
        regimes: Whole betas by days of the market, calmest first.
        thresholds: The quantiles that the next day will be held against, by quantile [% log return].
        inference: Claim 24: c0 + c1 + c2 above zero.
        shift: Whether c1, c1 + c2 or c1 + c2 + c3 differs from zero (largest of three |t|); stated at the
            worst 5%.
        hedge: Whether any whole beta on the worst 10, 5 or 1% is below zero (lowest of three t); stated at
            the worst 5%.
        naive_shift: Largest |t| of the shift with plain least-squares errors, which takes volatility for a
            shift.
        lagged: By the VIX of the day before; None where no VIX was given.
        sentence: What a reader sees.
    """

    names: tuple[str, str]
    first: np.datetime64
    last: np.datetime64
    regimes: tuple[Beta, ...]
    thresholds: dict[float, float]
    inference: Inference
    shift: Inference
    hedge: Inference
    naive_shift: float
    lagged: LaggedState | None
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


def stress_beta(
    levels: pd.DataFrame,
    vix: pd.Series | None = None,
    *,
    names: tuple[str, str] = ("the S&P 500", "Bitcoin"),
    delta: float = DELTA,
    level: float = STRESS_VIX,
    draws: int = DRAWS,
    seed: int = SEED,
) -> StressBeta:
    """Betas of the follow to the market by how badly the market does.

    Args:
        levels: Columns ``lead`` (the market) and ``follow``, closes on common US trading days; a NaN row is
            left out. The first ``BURN_IN`` returns only form quantiles.
        vix: VIX by day [% a year] for the betas by lagged state.
        names: How sentences call the two.
        delta: Smallest beta, or shift of it, worth acting on.
        level: VIX from which the next day counts as stress [% a year].
        draws, seed: Same input, draws and seed give the same finding to the last bit.

    Raises:
        MeasureError: one of those that ``pairs.pair`` names, or NotEnoughData with fewer than ``FEWEST_TAIL``
            days in a tail.
    """
    found = pair(levels, names, FEWEST_RETURNS)
    marks, thresholds = tail_marks(found.lead)
    x, y = found.lead[BURN_IN:], found.follow[BURN_IN:]
    design = np.column_stack([np.ones(len(x)), x, x[:, None] * marks])
    days = _regime_days(marks, names[0])
    packed = packed_signs(generator("stress_beta", seed), draws, len(x))
    sums = np.hstack([np.zeros((4, 1)), np.tri(4)])  # whole betas: c0, c0 + c1, ...
    singles = [contrasts(y, design, row, packed) for row in sums]
    shifts = contrasts(y, design, sums[1:] - sums[0], packed)
    unit = f"beta to {names[0]} on its worst 5% of days"
    inference = infer(singles[STATED], unit=unit, delta=delta, direction="greater")
    shift = infer(shifts, unit=f"change of {unit}", delta=delta, direction="two-sided", stated=STATED - 1)
    tails = contrasts(y, design, sums[1:], packed)
    return StressBeta(
        names=names,
        first=found.days[BURN_IN + 1],
        last=found.days[-1],
        regimes=tuple(_beta(*item) for item in zip(REGIMES, days, singles, strict=True)),
        thresholds=thresholds,
        inference=inference,
        shift=shift,
        hedge=infer(tails, unit=unit, delta=delta, direction="less", stated=STATED - 1),
        naive_shift=float(np.abs(plain_t(y, design, sums[1:] - sums[0])).max()),
        lagged=None if vix is None else lagged_state(found, vix, level, delta, draws, seed),
        sentence=_sentence(names, inference, shift, days[STATED]),
    )


def tail_marks(market: np.ndarray, burn_in: int = BURN_IN) -> tuple[np.ndarray, dict[float, float]]:
    """Which days fell below the quantiles of all days before them.

    Args:
        market: Log returns, (n,).

    Returns:
        Marks by quantile, float (n - burn_in, 3); and the quantiles of all days, for the next one [% log
        return].
    """
    expanding = pd.Series(market).expanding(burn_in)
    quantiles = {q: expanding.quantile(q) for q in QUANTILES}
    marks = [market[burn_in:] < found.to_numpy()[burn_in - 1 : -1] for found in quantiles.values()]
    return np.column_stack(marks).astype(float), {q: 100 * float(v.iloc[-1]) for q, v in quantiles.items()}


def _regime_days(marks: np.ndarray, market: str) -> list[int]:
    """Days in each regime: the marks are nested."""
    below = np.concatenate([[len(marks)], marks.sum(axis=0), [0.0]]).astype(int)
    days: list[int] = (below[:-1] - below[1:]).tolist()
    for label, count in zip(REGIMES, days, strict=True):
        if count < FEWEST_TAIL:
            raise NotEnoughData(f"The tail of {market} called {label!r}", count, FEWEST_TAIL)
    return days


def _beta(label: str, days: int, found: Contrasts) -> Beta:
    inference = infer(found, unit="beta", delta=DELTA, direction="greater")
    return Beta(label, days, inference.estimate, inference.interval, inference.p, inference.p_opposite)


def lagged_state(
    found: Pair,
    vix: pd.Series,
    level: float = STRESS_VIX,
    delta: float = DELTA,
    draws: int = DRAWS,
    seed: int = SEED,
) -> LaggedState:
    """Betas on days after a VIX close below ``level`` and on the others, each state with a constant of its
    own.

    Raises:
        NotEnoughData: fewer than ten days in a state.
    """
    before = known_by(vix, found.days[:-1])
    kept = ~np.isnan(before)
    x, y, stress = found.lead[kept], found.follow[kept], (before[kept] >= level).astype(float)
    for state, count in (("below", np.sum(stress == 0)), ("at or above", np.sum(stress == 1))):
        if count < 10:
            raise NotEnoughData(f"The days after a VIX {state} {level:g}", int(count), 10)
    design = np.column_stack([np.ones(len(x)), stress, x, stress * x])
    packed = packed_signs(generator("lagged state", seed), draws, len(x))
    sums = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 1]])
    calm, extra, whole = (contrasts(y, design, row, packed) for row in sums)
    days = int(stress.sum())
    return LaggedState(
        level=level,
        calm=_beta(f"VIX below {level:g} the day before", len(x) - days, calm),
        stress=_beta(f"VIX at or above {level:g} the day before", days, whole),
        extra=infer(extra, unit="extra beta in stress", delta=delta, direction="two-sided"),
        missing=int((~kept).sum()),
    )


def _sentence(names: tuple[str, str], found: Inference, shift: Inference, days: int) -> str:
    low, high = found.interval
    made = (
        f"On the worst 5% of days of {names[0]} ({days} of them, the very worst 1% apart) {names[1]} moved "
        f"{found.estimate:.2f} for one (95%: {low:.2f} to {high:.2f}, {p_text(found.p)})"
    )
    shifted = "its beta shifts there" if shift.p <= 0.05 else "no shift of its beta is seen there"
    ending = f"{shifted} ({p_text(shift.p)})"
    if found.verdict == "supported":
        return f"{made}: it trades as a risk asset; {ending}."
    if found.verdict == "contradicted":
        return f"{made}: it moves against equities; {ending}."
    return f"{made}; {left_open(found)}; {ending}."
