"""Claim 25: is Bitcoin's range narrower while investors cut risk?

Blocks of 20 trading days that never overlap. The log of each block's range (highest over lowest close) is
regressed on whether the VIX was high on the day before the block, given the log range of the block before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NotPositive, NoVariation
from analytics.stats.changes import known_by
from analytics.stats.regression.wild_regression import contrasts, infer
from analytics.stats.resampling import DRAWS, SEED, generator, p_text, packed_signs
from analytics.stats.verdict import Inference, Verdict, left_open

BLOCK = 20
TRAILING = 250
PERCENTILE = 0.80
FEWEST_BLOCKS = 30
FEWEST_IN_STATE = 5
DELTA = 0.1
UNIT = "log points of range"


@dataclass(frozen=True, slots=True, eq=False)
class Consolidation:
    """What the test found.

    Attributes:
        name: The asset.
        blocks: One row a block that answers: index its first day; ``last`` its last day, ``range`` [log],
            ``before`` log range of the block before [log of log points], ``stress`` (VIX high on the day
            before), ``fall`` deepest fall from a close to a later one inside the block [%, at most 0].
        stress_blocks, calm_blocks: How many.
        range_stress, range_calm: Median range of each [%].
        fall_stress, fall_calm: Median deepest fall of each [%]: a wide range down is no consolidation.
        inference: Effect: the state's coefficient; effective n: blocks that carry it.
        sentence: What a reader sees.
    """

    name: str
    blocks: pd.DataFrame
    stress_blocks: int
    calm_blocks: int
    range_stress: float
    range_calm: float
    fall_stress: float
    fall_calm: float
    inference: Inference
    sentence: str

    @property
    def verdict(self) -> Verdict:
        return self.inference.verdict


def high_vix(vix: pd.Series, trailing: int = TRAILING, percentile: float = PERCENTILE) -> pd.Series:
    """Whether the VIX closed above the percentile of its trailing days, its own among them: 1 or 0, NaN until
    there are enough.

    Args:
        vix: By day, rising dates [% a year]; NaN are no closes.
    """
    known = vix.dropna()
    bar = known.rolling(trailing).quantile(percentile)
    return (known > bar).astype(float).where(bar.notna())


def consolidation(
    closes: pd.Series,
    vix: pd.Series,
    *,
    name: str = "Bitcoin",
    delta: float = DELTA,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Consolidation:
    """Test the range of blocks that begin in stress against the others.

    Args:
        closes: Prices above zero by US trading day, rising dates; NaN are no days. Blocks are counted from
            the first, so that a new day moves none; the last one counts when it is full.
        vix: VIX by day, with ``TRAILING`` days before the first block where it can be had [% a year].
        name: How a sentence calls the asset.
        delta: Smallest coefficient worth acting on [log points of range].
        draws, seed: Same input, draws and seed give the same finding to the last bit.

    Raises:
        NotPositive: a close at or below zero.
        NotEnoughData: fewer than ``FEWEST_BLOCKS`` blocks, or than ``FEWEST_IN_STATE`` in a state.
        NoVariation: a block without any move.
    """
    table = block_table(closes, vix, name)
    stress = table["stress"].to_numpy()
    _check_states(stress)
    design = np.column_stack([np.ones(len(table)), stress, table["before"]])
    packed = packed_signs(generator("consolidation", seed), draws, len(table))
    found = contrasts(np.log(table["range"].to_numpy()), design, np.array([0, 1, 0]), packed)
    inference = infer(found, unit=UNIT, delta=delta, direction="less", per_year=252 / BLOCK)
    medians = 100 * np.expm1(table.groupby("stress")["range"].median())
    falls = table.groupby("stress")["fall"].median()
    return Consolidation(
        name=name,
        blocks=table.assign(stress=stress > 0),
        stress_blocks=int(stress.sum()),
        calm_blocks=int(len(stress) - stress.sum()),
        range_stress=float(medians[1.0]),
        range_calm=float(medians[0.0]),
        fall_stress=float(falls[1.0]),
        fall_calm=float(falls[0.0]),
        inference=inference,
        sentence=_sentence(name, inference, int(stress.sum()), len(table)),
    )


def block_table(closes: pd.Series, vix: pd.Series, name: str) -> pd.DataFrame:
    """The blocks that answer: with a known state and a block before them; columns as in
    ``Consolidation.blocks``."""
    known = closes.dropna()
    wrong = ~(np.isfinite(known) & (known > 0))
    if wrong.any():
        raise NotPositive(name, f"{known.index[wrong.to_numpy().argmax()]:%Y-%m-%d}")
    count = len(known) // BLOCK
    if count - 1 < FEWEST_BLOCKS:
        raise NotEnoughData(f"The blocks of {BLOCK} trading days of {name}", max(count - 1, 0), FEWEST_BLOCKS)
    logs = np.log(known.to_numpy(float))[: count * BLOCK].reshape(count, BLOCK)
    ranges = np.ptp(logs, axis=1)
    if (ranges <= 0).any():
        raise NoVariation(f"{name} from {known.index[int(ranges.argmin()) * BLOCK]:%Y-%m-%d} on")
    firsts = np.arange(1, count) * BLOCK
    state = known_by(high_vix(vix), known.index[firsts - 1])
    table = pd.DataFrame(
        {
            "last": known.index[firsts + BLOCK - 1],
            "range": ranges[1:],
            "before": np.log(ranges[:-1]),
            "stress": state,
            "fall": 100 * np.expm1((logs - np.maximum.accumulate(logs, axis=1)).min(axis=1))[1:],
        },
        index=known.index[firsts].rename("first"),
    )
    return table.dropna()


def _check_states(stress: np.ndarray) -> None:
    if len(stress) < FEWEST_BLOCKS:
        raise NotEnoughData("The blocks before which the VIX is known", len(stress), FEWEST_BLOCKS)
    for state, word in ((1, "in stress"), (0, "in calm")):
        if (count := int(np.sum(stress == state))) < FEWEST_IN_STATE:
            raise NotEnoughData(f"The blocks that begin {word}", count, FEWEST_IN_STATE)


def _sentence(name: str, found: Inference, stress: int, blocks: int) -> str:
    change = 100 * math.expm1(found.estimate)
    moved = f"{abs(change):.0f}% {'narrower' if change < 0 else 'wider'}"
    tested = f"{p_text(found.p)}, {stress} of {blocks} blocks"
    made = f"{name}'s range over 20 trading days was {moved} after a high VIX ({tested})"
    if found.verdict == "supported":
        return f"{made}: it consolidates while risk is cut."
    if found.verdict == "contradicted":
        return f"{made}: it swings more, not less ({p_text(found.p_opposite)} that way)."
    return f"{made}; {left_open(found)}."
