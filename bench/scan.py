"""A scan of about 2,000 pairs measured, 124,750 and 249,500 extrapolated and said so: cost by pairs, one worker against two,
a worker killed in the middle, and the page's own road pair by pair as the peer.

    python -m bench.scan [--quick]
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from analytics.stats.correlation.correlogram import sides
from analytics.stats.correlation.smoothed_family import DAILY, window_family
from analytics.stats.resampling import SEED, signed_cross_sums
from analytics.topics.scan.cluster import workers
from analytics.topics.scan.measures import scan
from analytics.topics.scan.run import one_after_another, part
from bench import nulls

DAYS, DRAWS = 2_700, 499
SERIES = (15, 22, 32, 45)
"""210, 462, 992 and 1,980 ordered pairs."""
WANTED = 124_750
"""Unordered pairs of 500 series; every ordered pair, which is what a scan looks at, is twice that."""
PEER_PAIRS = 20


def universe(series: int, days: int) -> np.ndarray:
    """Unrelated returns with a common volatility, (series, days), demeaned."""
    found = nulls.universe("U3", 1, series, SEED, n=days)[0]
    return found - found.mean(axis=1, keepdims=True)


def pairs(series: int) -> int:
    return series * (series - 1)


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _alone(returns: np.ndarray) -> None:
    list(one_after_another(returns, range(len(returns)), DRAWS))


def growth(sizes: Sequence[int], days: int) -> tuple[list[float], float]:
    """Seconds in this process by universe, and the exponent of their growth with the number of pairs."""
    whole = universe(max(sizes), days)
    list(one_after_another(whole[:3], range(3), DRAWS))
    taken = [seconds(partial(_alone, whole[:size])) for size in sizes]
    slope = np.polyfit(np.log([pairs(size) for size in sizes]), np.log(taken), 1)[0]
    return taken, float(slope)


def peer(returns: np.ndarray) -> float:
    """Seconds a pair by the road of the Lead and lag page, each pair with the same draws."""
    packed, t = scan.signs(DRAWS, returns.shape[1]), 0.0
    for number in range(PEER_PAIRS):
        x, y = returns[number % (len(returns) - 1)], returns[-1]
        begun = time.perf_counter()
        null = sides(signed_cross_sums(x, y, DAILY.last, packed), DAILY)[0]
        window_family(x, y, null, DAILY)
        t += time.perf_counter() - begun
    return t / PEER_PAIRS


def on_workers(returns: np.ndarray, count: int) -> tuple[float, dict[int, bytes]]:
    """Seconds and parts on ``count`` processes that are already up."""
    with workers(count=count) as work:
        list(work(returns[:4], range(4), DRAWS))  # imports are done, pages are warm
        begun = time.perf_counter()
        done = dict(work(returns, range(len(returns)), DRAWS))
        return time.perf_counter() - begun, done


def killed(returns: np.ndarray) -> dict[int, bytes]:
    """The same on two processes, one of which gets SIGKILL when a third of the parts are there."""
    with workers(count=2) as work:
        victim = next(iter(work.client.run(os.getpid).values()))
        return dict(_killing(work(returns, range(len(returns)), DRAWS), victim, len(returns) // 3))


def _killing(parts: Iterator[tuple[int, bytes]], victim: int, at: int) -> Iterator[tuple[int, bytes]]:
    for count, made in enumerate(parts):
        if count == at:
            os.kill(victim, signal.SIGKILL)
        yield made


def main() -> int:
    """Print the table; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the days and a third of the series")
    quick = parser.parse_args().quick
    sizes, days = ((5, 8, 15), 700) if quick else (SERIES, DAYS)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(f"{platform.machine()}, {os.cpu_count()} cores; {days:,} days, {DRAWS} common draws")
    taken, slope = growth(sizes, days)
    for size, spent in zip(sizes, taken, strict=True):
        print(f"  {pairs(size):6,} pairs  {spent:8.2f} s  {1000 * spent / pairs(size):6.2f} ms a pair")
    print(f"  growth with the number of pairs: exponent {slope:.2f}")
    returns = universe(sizes[-1], days)
    each = taken[-1] / pairs(sizes[-1])
    print(
        f"  the page's own road: {1000 * peer(returns):.2f} ms a pair, {peer(returns) / each:.1f} times as long"
    )
    one, alone = on_workers(returns, 1)
    two, both = on_workers(returns, 2)
    efficiency = one / (2 * two)
    print(f"  one worker {one:.2f} s, two {two:.2f} s: scaling efficiency {efficiency:.2f}")
    for wanted in (WANTED, 2 * WANTED):
        print(
            f"  {wanted:,} pairs: {two / pairs(sizes[-1]) * wanted / 60:.1f} min on two workers (extrapolated, not run)"
        )
    expected = {number: part(returns, number, DRAWS) for number in range(len(returns))}
    same = alone == both == killed(returns) == expected
    print(
        f"  one worker, two, two of which one was killed, and this process: {'the same bits' if same else 'DIFFERENT'}"
    )
    return 0 if quick or (same and efficiency >= 0.85 and slope <= 1.1) else 1


if __name__ == "__main__":
    raise SystemExit(main())
