"""Claim 26: does Bitcoin do better in the debasement stage than in panic? Its returns by stage, and after
each shift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.stats.event_study.event_paths import EventPath, event_path
from analytics.stats.event_study.event_test import effective_n
from analytics.stats.regression.wild_regression import contrasts, infer
from analytics.stats.resampling import DRAWS, SEED, generator, p_text, packed_signs
from analytics.stats.verdict import Inference, Verdict, left_open
from analytics.topics.regime.measures.stage import STAGES, Stage

HORIZON = 60
FEWEST_RETURNS = 250
FEWEST_DAYS = 20
"""Fewest days in each of the two stages."""
PATH_DRAWS = 1_999
DELTA = 5.0
UNIT = f"pp over {HORIZON} trading days"


@dataclass(frozen=True, slots=True)
class StageReturn:
    """Returns of one stage.

    Attributes:
        stage: Which.
        days: Days of return.
        spells: Separate stretches.
        effective_n: Stretches of 60 trading days without overlap that its days are worth.
        mean: Mean daily log return x 60 [pp]; NaN with no day.
        interval: 95%, pointwise [pp].
    """

    stage: Stage
    days: int
    spells: int
    effective_n: float
    mean: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class StageReturns:
    """What the test found.

    Attributes:
        name: The asset.
        first, last: First and last day of return.
        rows: Panic, debasement, neither.
        all_days: Mean daily log return of all days x 60 [pp].
        shifts: First debasement day after each stretch that held panic.
        path: Mean path from each shift's own day on, with band, against all other days; None without a shift.
        shifts_effective_n: Shifts without overlap over 60 days that they are worth.
        inference: Debasement minus panic; effective n: the smaller of the two stages'.
        sentence: What a reader sees.
    """

    name: str
    first: pd.Timestamp
    last: pd.Timestamp
    rows: tuple[StageReturn, ...]
    all_days: float
    shifts: pd.DatetimeIndex
    path: EventPath | None
    shifts_effective_n: float
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


def stage_returns(
    closes: pd.Series,
    stages: pd.Series,
    *,
    name: str = "Bitcoin",
    delta: float = DELTA,
    draws: int = DRAWS,
    seed: int = SEED,
    workers: int = 1,
) -> StageReturns:
    """Compare the returns of the days called debasement with those of the days called panic.

    A day's stage rests on what was known at the close before, where its return begins.

    Args:
        closes: Prices above zero by US trading day, rising dates; NaN are no days.
        stages: Stage by trading day (``StageHistory.stages``); a return whose day has no known stage is in no
            stage.
        name: How a sentence calls the asset.
        delta: Smallest difference worth acting on [pp over 60 trading days].
        draws, seed: Same input, draws and seed give the same finding to the last bit.
        workers: Threads of the FFTs.

    Raises:
        NotPositive: a close at or below zero.
        NotEnoughData: fewer than ``FEWEST_RETURNS`` returns with a stage, or than ``FEWEST_DAYS`` days in
            either stage.
        NoVariation: a price that stands still.
    """
    y, stage = _with_stage(closes, stages, name)
    values = stage.to_numpy()
    chosen = {word: values == word for word in STAGES[:3]}
    for word in STAGES[:2]:
        if chosen[word].sum() < FEWEST_DAYS:
            raise NotEnoughData(f"The stage {word}", int(chosen[word].sum()), FEWEST_DAYS)
    packed = packed_signs(generator("stage", seed), draws, len(y))
    rows = tuple(_row(word, y, days, packed) for word, days in chosen.items())
    both = chosen["panic"] | chosen["debasement"]
    design = np.column_stack([both, chosen["debasement"], ~both]).astype(float)
    found = contrasts(
        y, design[:, design.any(axis=0)], np.array([0, 1, 0])[: design.any(axis=0).sum()], packed
    )
    worth = min(row.effective_n for row in rows[:2])
    inference = infer(
        found, unit=UNIT, delta=delta, direction="greater", scale=100.0 * HORIZON, effective_n=worth
    )
    at = shift_days(values)
    flags = np.zeros(len(y) + 1, bool)
    flags[at] = True
    return StageReturns(
        name=name,
        first=stage.index[0],
        last=stage.index[-1],
        rows=rows,
        all_days=float(100 * HORIZON * y.mean()),
        shifts=pd.DatetimeIndex(stage.index[at]),
        path=event_path(y, flags, HORIZON, packed[:PATH_DRAWS], workers) if len(at) else None,
        shifts_effective_n=effective_n(at, HORIZON) if len(at) else 0.0,
        inference=inference,
        sentence=_sentence(name, rows, inference),
    )


def shift_days(stages: np.ndarray) -> np.ndarray:
    """Positions of the first debasement day after each panic; days that are neither may lie between."""
    decided = np.flatnonzero((stages == "panic") | (stages == "debasement"))
    found = stages[decided]
    return decided[1:][(found[1:] == "debasement") & (found[:-1] == "panic")]


def _with_stage(closes: pd.Series, stages: pd.Series, name: str) -> tuple[np.ndarray, pd.Series]:
    """Log returns and the stage of the day on which each ends."""
    known = closes.dropna()
    wrong = ~(np.isfinite(known) & (known > 0))
    if wrong.any():
        raise NotPositive(name, f"{known.index[wrong.to_numpy().argmax()]:%Y-%m-%d}")
    moved = pd.Series(np.log(known)).diff().iloc[1:]
    stage = stages[stages != "unknown"].reindex(moved.index).dropna()
    if len(stage) < FEWEST_RETURNS:
        raise NotEnoughData(f"The returns of {name} with a known stage", len(stage), FEWEST_RETURNS)
    y = moved[stage.index].to_numpy()
    if y.std() == 0:
        raise NoVariation(name)
    return y, stage


def _row(word: Stage, y: np.ndarray, days: np.ndarray, packed: np.ndarray) -> StageReturn:
    count, scale = int(days.sum()), 100.0 * HORIZON
    if count < 2:
        return StageReturn(word, count, count, float(count), np.nan, (np.nan, np.nan))
    design = np.column_stack([days, ~days]).astype(float)[:, : 1 if days.all() else 2]
    found = infer(
        contrasts(y, design, np.eye(design.shape[1])[0], packed),
        unit=UNIT,
        delta=DELTA,
        direction="greater",
        scale=scale,
    )
    at = np.flatnonzero(days)
    return StageReturn(
        stage=word,
        days=count,
        spells=1 + int(np.sum(np.diff(at) > 1)),
        effective_n=effective_n(at, HORIZON),
        mean=found.estimate,
        interval=found.interval,
    )


def _sentence(name: str, rows: tuple[StageReturn, ...], found: Inference) -> str:
    panic, debasement = rows[:2]
    worth = f"worth {debasement.effective_n:.0f} and {panic.effective_n:.0f} stretches of 60"
    made = (
        f"{name} made {debasement.mean:+.0f} pp over 60 trading days of debasement and {panic.mean:+.0f} of "
        f"panic ({p_text(found.p)}); the {debasement.days:,} and {panic.days:,} days are {worth}"
    )
    if found.verdict == "supported":
        return f"{made}: more in debasement than chance explains."
    if found.verdict == "contradicted":
        return f"{made}: it did worse in debasement ({p_text(found.p_opposite)})."
    return f"{made}; {left_open(found)}."
