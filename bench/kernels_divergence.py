"""Speed of the Divergence page's kernels against what a user would reach for, on the same inputs with equal results.

    python -m bench.kernels_divergence [--repeats 5] [--long]

The peer is timed on as little as makes its figure steady and scaled up to the whole task by its own count of regressions or
draws, since the whole would take hours; what was timed stands beside the figure. One thread each.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from arch.bootstrap import StationaryBootstrap
from statsmodels.tsa.stattools import adfuller, coint

from analytics.stats.correlation.rolling_correlation import draw_null, rolled
from analytics.stats.resampling import generator, packed_signs, stationary_indices, unpack
from analytics.stats.unit_root.explosive import backward_sup, smallest_window
from analytics.topics.pair.measures.cointegration import engle_granger, walk
from analytics.topics.pair.measures.outperformance import BLOCK, long_run_error

DRAWS = 999
DAYS = 2_700


@dataclass(frozen=True, slots=True)
class Kernel:
    """One task done two ways.

    Attributes:
        name: The whole task.
        peer: What a user would reach for, and what part of the task is timed.
        ours: Does the whole task.
        theirs: Does the part.
        scale: Whole task over part.
        target: Longest that ours may take [s], where one was set.
    """

    name: str
    peer: str
    ours: Callable[[], object]
    theirs: Callable[[], object]
    scale: float
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each repeat of ours, and of the peer scaled to the whole task."""

    kernel: Kernel
    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, float, float]:
        """Least, median and greatest of peer / ours over the repeats."""
        each = np.array(self.theirs) / np.array(self.ours)
        return float(each.min()), float(np.median(each)), float(each.max())


def kernels(long: bool = False) -> Iterator[Kernel]:
    """All comparisons; equal results are asserted while each is made."""
    yield gsadf(540, 3.0)
    if long:
        yield gsadf(1_344, None)
    yield engle_granger_draws()
    yield correlation_draws()
    yield difference_draws()


def run(kernel: Kernel, repeats: int) -> Timing:
    """Both sides in turn, after one round to warm up."""
    kernel.ours()
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(_timed(kernel.ours))
        theirs.append(_timed(kernel.theirs) * kernel.scale)
    return Timing(kernel, tuple(ours), tuple(theirs))


def gsadf(weeks: int, target: float | None) -> Kernel:
    """GSADF of a weekly series with 999 wild draws against a loop of ``adfuller`` over its windows."""
    y = np.random.default_rng(1).normal(0.001, 0.03, weeks).cumsum()
    shortest = smallest_window(weeks)
    sample = [
        (start, end) for end in range(shortest, weeks, 40) for start in range(0, end - shortest + 1, 40)
    ]
    windows = (weeks - shortest) * (weeks - shortest + 1) // 2

    def ours() -> np.ndarray:
        returns = np.diff(y)
        signs = unpack(packed_signs(generator("bench"), DRAWS, len(returns)), len(returns)).T
        return backward_sup(walk(returns.mean() + signs * (returns - returns.mean())[:, None]), shortest).max(
            axis=0
        )

    def theirs() -> list[float]:
        return [adf(y[start : end + 1]) for start, end in sample]

    # Equal results: every window of a shorter stretch.
    short = y[:80]
    loop = [max(adf(short[start : end + 1]) for start in range(end - 18)) for end in range(19, 80)]
    np.testing.assert_allclose(backward_sup(short[:, None], 19)[:, 0], loop, rtol=1e-6)
    name = f"GSADF, T = {weeks:,}, {DRAWS} draws"
    return Kernel(
        name,
        f"adfuller, {len(sample)} of {windows:,} windows, once",
        ours,
        theirs,
        windows / len(sample) * (DRAWS + 1),
        target,
    )


def adf(y: np.ndarray) -> float:
    """statsmodels' t without lags."""
    return float(adfuller(y, maxlag=0, regression="c", autolag=None, result_object=False)[0])


def engle_granger_draws() -> Kernel:
    """tau of 999 pairs of walks."""
    rng = np.random.default_rng(2)
    lead, follow = (walk(rng.normal(0, 0.02, (DAYS, DRAWS))) for _ in range(2))
    part = 10

    def theirs() -> list[float]:
        return [coint(follow[:, i], lead[:, i], trend="c", maxlag=0, autolag=None)[0] for i in range(part)]

    def ours() -> np.ndarray:
        blocks = range(0, DRAWS, 64)
        return np.concatenate(
            [engle_granger(lead[:, i : i + 64], follow[:, i : i + 64], "c").tau for i in blocks]
        )

    np.testing.assert_allclose(ours()[:part], theirs(), rtol=1e-6)
    return Kernel(
        f"Engle-Granger, {DAYS:,} days, {DRAWS} pairs", f"coint, {part} pairs", ours, theirs, DRAWS / part
    )


def correlation_draws() -> Kernel:
    """Largest 60-day correlation of 999 wild draws."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(0, 0.02, (2, DAYS))
    signs = unpack(packed_signs(generator("bench"), DRAWS, DAYS), DAYS)
    part = 20

    def theirs() -> list[float]:
        lead = pd.Series(x)
        return [float(lead.rolling(60).corr(pd.Series(y * signs[i])).abs().max()) for i in range(part)]

    mine = [np.abs(rolled(x, (y * signs[i])[:, None], 60)).max() for i in range(part)]
    np.testing.assert_allclose(mine, theirs(), rtol=1e-6)
    name = f"rolling correlation, {DAYS:,} days, {DRAWS} draws"
    return Kernel(
        name, f"pandas rolling.corr, {part} draws", lambda: draw_null(x, y, 60, DRAWS), theirs, DRAWS / part
    )


def difference_draws() -> Kernel:
    """Studentised stationary bootstrap of a mean, 126 days, 4,999 draws."""
    x, draws = np.random.default_rng(4).normal(0.001, 0.01, 126), 4_999

    def ours() -> np.ndarray:
        drawn = x[stationary_indices(generator("bench"), len(x), BLOCK, draws)]
        return (drawn.mean(axis=1) - x.mean()) / long_run_error(drawn)

    def statistic(sample: np.ndarray) -> np.ndarray:
        return np.array([(sample.mean() - x.mean()) / long_run_error(sample)])

    def theirs() -> np.ndarray:
        return StationaryBootstrap(BLOCK, x, seed=5).apply(statistic, draws)[:, 0]

    # Other draws of the same law: equal up to their own noise.
    np.testing.assert_allclose(
        np.quantile(ours(), [0.05, 0.95]), np.quantile(theirs(), [0.05, 0.95]), atol=0.15
    )
    return Kernel(
        f"studentised bootstrap, 126 days, {draws:,} draws", "arch StationaryBootstrap, all", ours, theirs, 1
    )


def _timed(task: Callable[[], object]) -> float:
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def line(found: Timing) -> str:
    low, median, high = found.ratios
    target = found.kernel.target
    met = (
        ""
        if target is None
        else f"; target {target:g} s {'met' if np.median(found.ours) <= target else 'MISSED'}"
    )
    return (
        f"{found.kernel.name:<44} {np.median(found.ours):8.3f} s (min {min(found.ours):.3f}, max {max(found.ours):.3f}){met}\n"
        f"    {found.kernel.peer:<44} {np.median(found.theirs):10.1f} s scaled; ratio {median:,.0f} (min {low:,.0f}, max {high:,.0f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--long", action="store_true", help="also T = 1,344 weeks")
    options = parser.parse_args()
    for kernel in kernels(options.long):
        print(line(run(kernel, options.repeats)), flush=True)


if __name__ == "__main__":
    main()
