"""Does the page's stress beta recover what the demo data hold? Counted over seeds that nobody chose.

    python -m bench.demo_recovery_stress [--seeds 100]

The demo plants Bitcoin's beta to the S&P 500 by the VIX of the day before: .6 below 25 and .8 more from there
on (``demo.truths``). A 95% interval should hold the truth in about 95 of 100 worlds; the bar for the two
stress betas is 93. The calm beta is printed beside.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from analytics.sources.demo.sessions import calendar
from analytics.sources.demo.simulation import world
from analytics.sources.demo.truths import size
from analytics.topics.regime.measures.stress_beta import LaggedState, stress_beta

DRAWS = 999
BAR = 0.93


class Recovery(NamedTuple):
    """One planted size over all seeds: how often its interval held it, and the mean estimate."""

    name: str
    planted: float
    held: int
    seeds: int
    mean: float


def lagged_state(seed: int, draws: int = DRAWS) -> LaggedState:
    """The page's own finding on the demo world of a seed."""
    tracks = world(seed)
    closes = {}
    for key in ("sp500", "bitcoin", "vix"):
        days = pd.DatetimeIndex(tracks[key].dates.astype("datetime64[s]"))
        closes[key] = pd.Series(tracks[key].values, index=days)
    table = pd.concat({"lead": closes["sp500"], "follow": closes["bitcoin"]}, axis=1, join="inner")
    on_sessions = table.index.isin(calendar().sessions.astype("datetime64[s]"))
    found = stress_beta(table[on_sessions], closes["vix"], draws=draws).lagged
    assert found is not None
    return found


def recoveries(seeds: Iterable[int], draws: int = DRAWS) -> list[Recovery]:
    """How often each planted size lies in its interval."""
    calm, extra = size("bitcoin's calm beta"), size("bitcoin's extra beta in stress")
    planted = {"calm beta": calm, "extra beta in stress": extra, "whole beta in stress": calm + extra}
    found: dict[str, list[tuple[float, tuple[float, float]]]] = {name: [] for name in planted}
    for seed in seeds:
        state = lagged_state(seed, draws)
        found["calm beta"].append((state.calm.beta, state.calm.interval))
        found["extra beta in stress"].append((state.extra.estimate, state.extra.interval))
        found["whole beta in stress"].append((state.stress.beta, state.stress.interval))
    return [_recovery(name, truth, found[name]) for name, truth in planted.items()]


def _recovery(name: str, truth: float, rows: list[tuple[float, tuple[float, float]]]) -> Recovery:
    held = sum(low <= truth <= high for _, (low, high) in rows)
    return Recovery(name, truth, held, len(rows), sum(estimate for estimate, _ in rows) / len(rows))


def main() -> int:
    """Print the counts; 1 when a stress beta is held in fewer than ``BAR`` of the worlds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    missed = 0
    for row in recoveries(range(parser.parse_args().seeds)):
        mark = "" if row.held >= BAR * row.seeds else "  BELOW THE BAR"
        missed += bool(mark) and "stress" in row.name
        print(f"{row.name}: {row.planted:.1f} held in {row.held} of {row.seeds}, mean {row.mean:.2f}{mark}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
