"""What the rate path costs: one day, the whole history in one call, and pyfedwatch's own code on the same prices.

pyfedwatch is for this bench only and stays out of the project's environment (what it needs does not load with pandas 3):

    python3.11 -m venv peers && peers/bin/pip install pyfedwatch "pandas<3"
    peers/bin/python bench/rate_path_speed.py [--market FOLDER] [--every 1]

Both run in this one process on the same table of prices. pyfedwatch computes one day a call; every n-th day is timed and
scaled up (``--every 1`` times them all). It is handed its prices from memory, not from files, and asked only for meetings
that it can reach. Its day count is N = d - 1, so ours uses that too where the two are compared. Times are processor
times, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analytics.catalogue import MONTH_CODES  # noqa: E402
from analytics.published import fomc  # noqa: E402
from analytics.topics.rate_path.measures.rate_odds import total_variation  # noqa: E402
from analytics.topics.rate_path.measures.rate_path import RatePath, rate_path  # noqa: E402
from analytics.topics.rate_path.measures.rate_path_days import decision_days, settlements  # noqa: E402
from bench.fedwatch import MARKET, Recorded, history_of, load  # noqa: E402

REPEATS = 5
SAME = 1e-9
Prices = dict[dt.date, float | None]


def best_of(call: Callable[[], object], repeats: int = REPEATS) -> float:
    """Shortest processor time of several runs [s]."""
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        call()
        times.append(time.process_time() - begin)
    return min(times)


def days_of(recorded: Recorded, every: int) -> list[tuple[dt.date, Prices, tuple[dt.date, ...]]]:
    """Every n-th day: its date, its prices with the settlement of the month before, the calendar known then."""
    settled = settlements(recorded.effective)
    found = []
    for day, row in recorded.prices.iloc[::every].iterrows():
        prices: Prices = {month.date(): float(price) for month, price in row.dropna().items()}
        previous = (day.to_period("M") - 1).to_timestamp()
        prices[previous.date()] = float(settled[previous])
        calendar = decision_days(fomc.load(), day.date(), recorded.announced.moved)
        found.append((day.date(), prices, calendar))
    return found


def ours(
    recorded: Recorded, day: dt.date, prices: Prices, calendar: tuple[dt.date, ...], after: bool = False
) -> RatePath:
    """One day's path."""
    return rate_path(prices, calendar, day, recorded.announced.on(day), count="after" if after else "auto")


def symbol(month: dt.date) -> str:
    return f"ZQ{MONTH_CODES[month.month]}{month.year % 100:02d}"


def closes(recorded: Recorded) -> dict[str, pd.DataFrame]:
    """The same prices as pyfedwatch wants them: one frame a contract, ending with its settlement."""
    settled = settlements(recorded.effective)
    frames = {}
    for month in settled.index.union(recorded.prices.columns):
        column = recorded.prices[month].dropna() if month in recorded.prices else pd.Series(dtype=float)
        if month in settled:
            column.loc[month + pd.offsets.MonthEnd()] = settled[month]
        frames[symbol(month.date())] = pd.DataFrame({"Close": column}).rename_axis("Date").sort_index()
    return frames


def compare(recorded: Recorded, every: int) -> None:
    """Time pyfedwatch on every n-th day and measure how far its odds are from ours."""
    frames = closes(recorded)
    times: list[float] = []
    apart: list[float] = []
    failed = 0
    for day, prices, calendar in days_of(recorded, every):
        path = ours(recorded, day, prices, calendar, after=True)
        mine = {m.date.isoformat(): m.probabilities for m in path.meetings if _reachable(path, m.date)}
        if mine:
            begin = time.process_time()
            try:
                table = peer(frames, day, calendar, len(mine))
            except (IndexError, KeyError, ValueError):  # for one: a single meeting is beyond its grouping
                failed += 1
                continue
            times.append(time.process_time() - begin)
            apart += [_distance(path, mine[meeting], row) for (_, meeting), row in table.iterrows()]
    total = statistics.fmean(times) * len(recorded.prices)
    vectorised = best_of(lambda: history_of(recorded))
    same = np.mean(np.array(apart) < SAME)
    print(
        f"pyfedwatch, mean of {len(times):,} days{1e3 * statistics.fmean(times):24.1f} ms a day   {failed} days failed"
    )
    print(f"pyfedwatch, whole history at that pace{total:17.1f} s")
    print(f"ours, whole history in one call{vectorised:24.3f} s         ratio {total / vectorised:,.0f}")
    print(f"odds of {len(apart):,} days x meetings on the same day count: {same:.1%} equal to {SAME:g}.")
    print(
        "The others: pyfedwatch loses half the odds where exactly no move is priced, reads an older price where"
    )
    print(
        "a contract has none that day, takes the first of two meetings in a month, and on a month's last day"
    )
    print("reads the settlement that it is given as that day's price.")


def peer(
    frames: dict[str, pd.DataFrame], day: dt.date, calendar: tuple[dt.date, ...], meetings: int
) -> pd.DataFrame:
    """pyfedwatch's odds as of one day: rows (day, meeting), columns moves of the range [bp]."""
    from pyfedwatch.fedwatch import FedWatch

    def read(symbol: str) -> pd.DataFrame:
        return frames[symbol]

    watch = FedWatch(day.isoformat(), meetings, [decision.isoformat() for decision in calendar], read)
    return watch.generate_hike_info(rate_cols=False)


def _distance(path: RatePath, mine: dict[float, float], row: pd.Series) -> float:
    theirs = {round(path.range[0] + size / 100, 6): 100 * p for size, p in row.items()}
    return total_variation(mine, theirs) / 100


def _reachable(path: RatePath, meeting: dt.date) -> bool:
    """It has odds, and a priced month without a meeting follows it: pyfedwatch knows no step forward."""
    odds = any(found.probabilities for found in path.meetings if found.date == meeting)
    return odds and any(month.pinned and month.month > meeting for month in path.months)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--market", type=Path, default=MARKET)
    parser.add_argument("--every", type=int, default=20)
    options = parser.parse_args()
    recorded = load(options.market)
    inputs = days_of(recorded, 20)
    per_day = best_of(lambda: [ours(recorded, *day) for day in inputs]) / len(inputs)
    span = f"{recorded.prices.index[0].year}-{recorded.prices.index[-1].year}"
    print(f"ours, one day (mean of {len(inputs)})                  {1e3 * per_day:10.3f} ms   target < 1 ms")
    whole = best_of(lambda: history_of(recorded))
    print(f"ours, {len(recorded.prices):,} days {span} in one call     {whole:10.3f} s    target < 2 s")
    if importlib.util.find_spec("pyfedwatch") is None:
        print("pyfedwatch is not installed here; the docstring says how to compare with it.")
        return
    compare(recorded, options.every)


if __name__ == "__main__":
    main()
