"""Speed of the lead-lag and event kernels against what a reader would reach for, same inputs, equal results
asserted.

Peers that would take minutes run a share of the work, which is scaled up; the row says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics.stats.event_study.event_test import Design, exposures, sup_test
from analytics.stats.resampling import SEED, generator, packed_signs, signed_cross_sums, unpack
from analytics.topics.lead_lag.measures.events import highs_252
from bench import nulls

DAYS, LONGEST, DRAWS, EVENT_DRAWS = 2_700, 120, 2_000, 10_000
REPEATS = 5
FEW, SOME = 5, 200
"""Draws that the pandas and the np.correlate peers run."""


class Timing(NamedTuple):
    """One kernel against one peer; seconds are (min, median, max) of the repeats, scaled to the whole
    work."""

    kernel: str
    peer: str
    ours: tuple[float, float, float]
    theirs: tuple[float, float, float]
    ratio: float


def timings(repeats: int = REPEATS) -> Iterator[Timing]:
    """All rows; ``ratio`` is peer over ours, of the medians."""
    yield from correlogram_timings(repeats)
    yield from event_timings(repeats)


def correlogram_timings(repeats: int) -> Iterator[Timing]:
    """2,000 wild draws of a 241-lag correlogram over 2,700 days."""
    x, y = (series[0] - series[0].mean() for series in nulls.simulate("N1", 1, SEED, n=DAYS))
    packed = packed_signs(generator("bench"), DRAWS, DAYS)
    scale = np.abs(y).mean() * np.abs(x).sum()

    def ours() -> np.ndarray:
        return signed_cross_sums(x, y, LONGEST, packed_signs(generator("bench"), DRAWS, DAYS))

    name = f"{DRAWS:,} wild correlograms, {2 * LONGEST + 1} lags, {DAYS:,} days"
    own = _seconds(ours, repeats)
    found = ours()
    for peer, work, run in (
        ("np.correlate, full", SOME, _numpy_full),
        ("np.correlate, only the lags shown", SOME, _numpy_valid),
        ("pandas shift and product", FEW, _pandas),
    ):
        signs = unpack(packed[:work], DAYS)
        assert np.allclose(found[:work], run(x, y, signs), atol=1e-5 * scale)
        theirs = _seconds(partial(run, x, y, signs), repeats, DRAWS / work)
        yield Timing(name, f"{peer} ({work} draws, scaled)", own, theirs, theirs[1] / own[1])


def event_timings(repeats: int) -> Iterator[Timing]:
    """10,000 wild draws of the event test at seven horizons."""
    x, y = (series[0] for series in nulls.simulate("N1", 1, SEED, n=DAYS))
    flags = highs_252(nulls.levels(x, y)["lead"]).to_numpy()
    design = Design(5.0)
    counts = exposures(flags, design.horizons)

    def ours() -> float:
        signs = packed_signs(generator("bench"), EVENT_DRAWS, DAYS)
        return sup_test(y, exposures(flags, design.horizons), design, signs).p_best

    own = _seconds(ours, repeats)
    whole = unpack(packed_signs(generator("bench"), EVENT_DRAWS, DAYS), DAYS, np.int8)
    name = f"event test, {EVENT_DRAWS:,} wild draws, 7 horizons, {DAYS:,} days"
    assert ours() == _numpy_events(y, counts, whole)
    theirs = _seconds(lambda: _numpy_events(y, counts, whole[:SOME]), repeats, EVENT_DRAWS / SOME)
    yield Timing(name, f"numpy, one draw at a time ({SOME} draws, scaled)", own, theirs, theirs[1] / own[1])
    few = sup_test(y, counts, design, packed_signs(generator("bench"), EVENT_DRAWS, DAYS)[:FEW]).p_best
    assert few == _pandas_events(y, counts, whole[:FEW])
    theirs = _seconds(lambda: _pandas_events(y, counts, whole[:FEW]), repeats, EVENT_DRAWS / FEW)
    yield Timing(name, f"pandas, one draw at a time ({FEW} draws, scaled)", own, theirs, theirs[1] / own[1])


def _seconds(work: Callable[[], object], repeats: int, scale: float = 1.0) -> tuple[float, float, float]:
    work()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        taken.append(scale * (time.perf_counter() - begun))
    return min(taken), float(np.median(taken)), max(taken)


def _numpy_full(x: np.ndarray, y: np.ndarray, signs: np.ndarray) -> np.ndarray:
    middle = slice(len(x) - 1 - LONGEST, len(x) + LONGEST)
    return np.array([np.correlate(w * y, x, "full")[middle] for w in signs])


def _numpy_valid(x: np.ndarray, y: np.ndarray, signs: np.ndarray) -> np.ndarray:
    padded = np.pad(x, LONGEST)
    return np.array([np.correlate(padded, w * y, "valid")[::-1] for w in signs])


def _pandas(x: np.ndarray, y: np.ndarray, signs: np.ndarray) -> np.ndarray:
    lead = pd.Series(x)
    lags = range(-LONGEST, LONGEST + 1)
    return np.array(
        [[(lead.shift(k) * follow).sum() for k in lags] for follow in (pd.Series(w * y) for w in signs)]
    )


def _numpy_events(y: np.ndarray, counts: np.ndarray, signs: np.ndarray) -> float:
    outcome, excess = y - y.mean(), counts - counts.mean(axis=0)
    observed = _largest_t(outcome, excess)
    return float((1 + sum(_largest_t(w * outcome, excess) >= observed for w in signs)) / (len(signs) + 1))


def _largest_t(outcome: np.ndarray, excess: np.ndarray) -> float:
    terms = excess * outcome[:, None]
    return float((terms.sum(axis=0) / np.sqrt((terms**2).sum(axis=0))).max())


def _pandas_events(y: np.ndarray, counts: np.ndarray, signs: np.ndarray) -> float:
    table = pd.DataFrame(counts)
    excess, outcome = table - table.mean(), pd.Series(y - y.mean())
    largest = [_pandas_t(excess, outcome * w) for w in signs]
    return (1 + sum(t >= _pandas_t(excess, outcome) for t in largest)) / (len(signs) + 1)


def _pandas_t(excess: pd.DataFrame, outcome: pd.Series) -> float:
    terms = excess.mul(outcome, axis=0)
    return float((terms.sum() / (terms**2).sum() ** 0.5).max())


if __name__ == "__main__":
    for row in timings():
        spread = "{:.4f} / {:.4f} / {:.4f} s".format
        print(f"{row.kernel}\n  ours {spread(*row.ours)}")
        print(f"  {row.peer} {spread(*row.theirs)}\n  ratio {row.ratio:.0f}")
