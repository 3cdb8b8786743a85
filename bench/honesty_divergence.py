"""False alarms and power of the tests behind the Divergence page, with the naive versions on the same data.

    python bench/honesty_divergence.py [--replications 2000] [--draws 199] [--seed 20260123] [--only cointegration]

Each case simulates pairs under which its own null holds (``nulls``, METHODS section 9), asks the page's own functions and
counts verdicts. Simulated in blocks of 100, each with a seed of its own, so that a run may be cut anywhere; every replication
draws its own signs too, or the luck of one set of signs would be in all of them. Rows marked
``size`` must lie in 3-7% at 2,000 replications; ``naive`` is what the usual practice would have said.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analytics.measures import mackinnon  # noqa: E402
from analytics.measures.acceleration import acceleration  # noqa: E402
from analytics.measures.cointegration import cointegration, engle_granger, walk  # noqa: E402
from analytics.measures.explosive import backward_sup, smallest_window  # noqa: E402
from analytics.measures.nulls import SILVER, Asset, Kind, levels, simulate  # noqa: E402
from analytics.measures.outperformance import best_of_many, outperformance  # noqa: E402
from analytics.measures.rolling_correlation import rolling_correlation  # noqa: E402

Role = Literal["size", "power", "naive", "display"]
BLOCK = 100
"""Replications of one block."""
WINDOW = 126
"""Claim 3's window [trading days]."""
METAL_CORRELATION = 0.75
GOLD = Asset(SILVER.mean, 0.0095, SILVER.arch, SILVER.garch, SILVER.freedom)
"""Silver's mean and memory with gold's volatility: the null of claim 3 is equal means."""
ROLLED, EVERY = 250, 63
"""Window of the naive rolling cointegration test, and how often it is looked at [trading days]."""
UNIVERSE = 10
"""Series among which the naive reader picks the best."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: how often one outcome came out of one test on one kind of data."""

    test: str
    outcome: str
    role: Role
    data: str
    alarms: int
    replications: int
    seconds: float

    @property
    def share(self) -> float:
        """[%]"""
        return 100 * self.alarms / self.replications

    @property
    def error(self) -> float:
        """Binomial standard error of ``share`` [percentage points]."""
        p = self.alarms / self.replications
        return 100 * math.sqrt(p * (1 - p) / self.replications)


@dataclass(frozen=True, slots=True)
class Case:
    """One simulation and what is asked of it.

    Attributes:
        test: Name of the test.
        data: What was simulated.
        roles: What each outcome is; ``count`` counts the outcomes by these names.
        count: From (replications, draws, seed) to how often each outcome came out.
    """

    test: str
    data: str
    roles: dict[str, Role]
    count: Callable[[int, int, int], Counter[str]]

    def rows(self, replications: int, draws: int, seed: int) -> list[Row]:
        """All outcomes after so many replications, in blocks."""
        begun = time.perf_counter()
        total: Counter[str] = Counter()
        for first in range(0, replications, BLOCK):
            total += self.count(min(BLOCK, replications - first), draws, seed + first)
        seconds = time.perf_counter() - begun
        return [
            Row(self.test, outcome, role, self.data, total[outcome], replications, seconds)
            for outcome, role in self.roles.items()
        ]


VERDICTS: dict[str, Role] = {"supported": "size", "contradicted": "size"}


def size_rows(replications: int, draws: int, seed: int, only: str = "") -> Iterator[Row]:
    """False alarms of every test where its null is true, and of the naive versions there."""
    for case in SIZE_CASES:
        if only in case.test:
            yield from case.rows(replications, draws, seed)


def power_rows(replications: int, draws: int, seed: int, only: str = "") -> Iterator[Row]:
    """How often planted effects are found."""
    for case in POWER_CASES:
        if only in case.test:
            yield from case.rows(replications, draws, seed)


def explosive_alarms(kind: Kind, weeks: int | None, tested: int | None, growth: float = 0.0) -> Callable[..., Counter[str]]:
    """The acceleration test on silver's daily returns, read weekly; ``tested``: only so many last weeks may answer."""

    def count(replications: int, draws: int, seed: int) -> Counter[str]:
        found: Counter[str] = Counter()
        silver, bitcoin = simulate(kind, replications, seed)
        for i, (x, y) in enumerate(zip(silver, bitcoin, strict=True)):
            prices = levels(x if growth == 0 else with_growth(x, growth), y)["lead"]
            last = prices.index[-1]
            begin = None if tested is None else (last - pd.Timedelta(weeks=tested)).date()
            answer = acceleration(prices, last.date(), weeks=weeks, tested_from=begin, draws=draws, seed=seed + i)
            found[answer.verdict] += 1
            if tested is None:
                found["iid table"] += answer.inference.statistic > iid_critical(answer.inference.n)
        return found

    return count


@lru_cache
def iid_critical(weeks: int, draws: int = 1_999) -> float:
    """95% quantile of the GSADF of Gaussian walks, drift 1/T: the published kind of table (Phillips, Shi, Yu 2015)."""
    steps = np.random.default_rng(20_260_123).standard_normal((weeks - 1, draws)) + 1 / weeks
    return float(np.quantile(backward_sup(walk(steps), smallest_window(weeks)).max(axis=0), 0.95))


def with_growth(x: np.ndarray, growth: float, weeks: int = 26, ahead: float = 0.15) -> np.ndarray:
    """Returns whose last ``weeks`` feed on their own rise: each week adds ``growth`` of the log distance from where they
    began, which was already ``ahead``.
    """
    days = 5 * weeks
    planted, distance = x.copy(), ahead
    for day in range(len(x) - days, len(x)):
        planted[day] += growth / 5 * distance
        distance += planted[day]
    return planted


def cointegration_alarms(kind: Kind, half_life: float = math.inf, naive: bool = True) -> Callable[..., Counter[str]]:
    """Bitcoin on silver; with a finite half-life the follow's returns move a gap around the lead instead of a walk."""

    def count(replications: int, draws: int, seed: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for i, (x, y) in enumerate(zip(*simulate(kind, replications, seed), strict=True)):
            y = y if math.isinf(half_life) else with_gap(x, y, half_life)
            found[cointegration(levels(x, y), draws=draws, seed=seed + i).verdict] += 1
            if naive:
                found.update(name for name, alarm in naive_cointegration(x, y).items() if alarm)
        return found

    return count


def with_gap(x: np.ndarray, y: np.ndarray, half_life: float) -> np.ndarray:
    """Returns of 1.5 log lead plus a gap whose shocks are y's (demeaned) and of which half is gone after ``half_life``."""
    keep, gap = 0.5 ** (1 / half_life), np.zeros(len(y) + 1)
    for day, shock in enumerate(y - y.mean()):
        gap[day + 1] = keep * gap[day] + shock
    return 1.5 * x + np.diff(gap)


def naive_cointegration(x: np.ndarray, y: np.ndarray) -> dict[str, bool]:
    """The practices that METHODS, section 4, rules out."""
    silver, bitcoin = walk(x[:, None]), walk(y[:, None])
    n = len(x)
    taus = {
        (direction, trend): float(engle_granger(*pair, trend).tau[0])
        for direction, pair in (("bitcoin", (silver, bitcoin)), ("silver", (bitcoin, silver)))
        for trend in ("c", "ct")
    }
    tables = {trend: mackinnon.critical_values(trend, 2, n)[1] for trend in ("c", "ct")}
    variants = [("bitcoin", "c"), ("silver", "c"), ("bitcoin", "ct")]
    windows = [np.lib.stride_tricks.sliding_window_view(v[:, 0], ROLLED)[::EVERY].T for v in (silver, bitcoin)]
    return {
        "MacKinnon's table": taus["bitcoin", "c"] < tables["c"],
        "best of three variants": any(taus[v] < tables[v[1]] for v in variants),
        "ADF p on the residual": taus["bitcoin", "c"] < mackinnon.critical_values("c", 1, n)[1],
        "any rolling window": bool((engle_granger(*windows, "c").tau < mackinnon.critical_values("c", 2, ROLLED)[1]).any()),
    }


def outperformance_alarms(ahead: float = 0.0) -> Callable[..., Counter[str]]:
    """Silver against gold over claim 3's window: N2, equal means, same-day correlation .75; silver ``ahead`` [pp a month]."""

    def count(replications: int, draws: int, seed: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for i, (x, y) in enumerate(zip(*two_metals(replications, seed), strict=True)):
            table = levels(x + ahead / 2100, y)
            answer = outperformance(table, table.index[-1].date(), days=WINDOW, draws=draws, seed=seed + i)
            found[answer.verdict] += 1
        return found

    return count


def best_alarms(replications: int, draws: int, seed: int) -> Counter[str]:
    """The best of ten against gold: the plain t of the best, and SPA, which knows that ten were tried."""
    found: Counter[str] = Counter()
    many, gold = two_metals(replications + UNIVERSE, seed)
    own = many - METAL_CORRELATION * SILVER.sd / GOLD.sd * (gold - SILVER.mean)
    for i in range(replications):
        shared = METAL_CORRELATION * SILVER.sd / GOLD.sd * (gold[i] - SILVER.mean)
        table = pd.concat([levels(x, gold[i])["lead"] for x in own[i : i + UNIVERSE] + shared], axis=1)
        table.columns = pd.Index([f"s{k}" for k in range(UNIVERSE)])
        table["gold"] = levels(gold[i], gold[i])["lead"]
        ahead = np.log(table).diff().iloc[1:].sub(np.log(table["gold"]).diff().iloc[1:], axis=0).drop(columns="gold")
        found["plain t of the best"] += (ahead.mean() / ahead.std() * math.sqrt(WINDOW)).max() > 1.645
        answer = best_of_many(table, "gold", table.index[-1].date(), days=WINDOW, draws=draws, seed=seed + i)
        found["SPA p"] += answer.p <= 0.05
    return found


def two_metals(replications: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Silver and gold with equal means, common volatility and a same-day correlation of .75, (replications, 126) each."""
    own, gold = simulate("N2", replications, seed, n=WINDOW, lead=replace(SILVER, mean=0), follow=replace(GOLD, mean=0))
    silver = METAL_CORRELATION * SILVER.sd / GOLD.sd * gold + math.sqrt(1 - METAL_CORRELATION**2) * own
    return silver + SILVER.mean, gold + SILVER.mean


def correlation_alarms(kind: Kind) -> Callable[..., Counter[str]]:
    """The rolling correlation's band, and the one for a single window."""

    def count(replications: int, draws: int, seed: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for i, (x, y) in enumerate(zip(*simulate(kind, replications, seed), strict=True)):
            answer = rolling_correlation(levels(x, y), draws=draws, seed=seed + i)
            found["outside the band"] += answer.p <= 0.05
            found["outside 1.96/sqrt(60)"] += answer.naive_outside > 0
        return found

    return count


_NAIVE_COINTEGRATION: dict[str, Role] = {
    "MacKinnon's table": "display", "best of three variants": "naive",
    "ADF p on the residual": "naive", "any rolling window": "naive",
}  # fmt: skip
SIZE_CASES: tuple[Case, ...] = (
    *(
        Case("acceleration, claim 2", f"{kind} in weeks, 260, last 4", VERDICTS, explosive_alarms(kind, 260, 4))
        for kind in ("N1", "N2")
    ),
    *(
        Case("acceleration, whole", f"{kind} in weeks, 540", {**VERDICTS, "iid table": "naive"}, explosive_alarms(kind, None, None))
        for kind in ("N1", "N2")
    ),
    *(
        Case("cointegration", kind, {**VERDICTS, **_NAIVE_COINTEGRATION}, cointegration_alarms(kind))
        for kind in ("N1", "N2", "N3", "N4")
    ),
    Case("outperformance", "N2, equal means, .75", VERDICTS, outperformance_alarms()),
    Case("best of ten", "N2, equal means, .75", {"SPA p": "display", "plain t of the best": "naive"}, best_alarms),
    *(
        Case("rolling correlation", kind, {"outside the band": "display", "outside 1.96/sqrt(60)": "naive"}, correlation_alarms(kind))
        for kind in ("N1", "N2")
    ),
)  # fmt: skip
POWER_CASES: tuple[Case, ...] = (
    *(
        Case("acceleration, claim 2", f"N1, {growth:.2f} a week for 26 weeks", {"supported": "power"}, explosive_alarms("N1", 260, 4, growth))
        for growth in (0.03, 0.05, 0.10)
    ),
    *(
        Case("cointegration", f"N1, half-life {days} days", {"supported": "power"}, cointegration_alarms("N1", days, naive=False))
        for days in (20, 60, 120, 250)
    ),
    *(
        Case("outperformance", f"N2, {ahead:g} pp a month ahead", {"supported": "power"}, outperformance_alarms(ahead))
        for ahead in (2.0, 5.0, 10.0)
    ),
)  # fmt: skip


def line(row: Row) -> str:
    return (
        f"{row.test:<22} {row.data:<32} {row.outcome:<24} {row.role:<8}"
        f"{row.share:6.2f}% ± {row.error:.2f}  n = {row.replications:,}  {row.seconds:6.0f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=2_000)
    parser.add_argument("--draws", type=int, default=199)
    parser.add_argument("--seed", type=int, default=20_260_123)
    parser.add_argument("--only", default="", help="part of a test's name")
    options = parser.parse_args()
    for rows in (size_rows, power_rows):
        for row in rows(options.replications, options.draws, options.seed, options.only):
            print(line(row), flush=True)


if __name__ == "__main__":
    main()
