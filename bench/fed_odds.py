"""The published record of odds before each decided meeting: analytics/published/fed_odds.csv, made from recorded contracts.

    python -m bench.fed_odds [--market FOLDER] [--check]

FOLDER as for bench/fedwatch.py. Only whole percents are written: prices and expected moves are not ours to hand on, and cannot
be had from them. With --check nothing is written; the exit code says whether the file is what the engine computes.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import sys
from pathlib import Path

import numpy as np

from analytics.published import fomc
from analytics.published.fed_odds import HORIZONS, OUTCOMES
from analytics.topics.rate_path.measures.rate_decisions import decided, forecasts
from bench import fedwatch

FILE = Path(__file__).resolve().parents[1] / "analytics" / "published" / "fed_odds.csv"
SINCE = dt.date(2010, 1, 1)
HEAD = """\
# Odds of a cut, of no move and of a hike before each scheduled meeting of the Federal Open Market Committee that has decided.
# Source: our own computation (analytics/topics/rate_path/measures) from daily closes of 30-day fed funds futures (CBOT), 2010-06-07
# to {last}; decisions from FRED DFEDTARL and DFEDTARU. Whole percents; the newest odds of the day that lies 1, 30, 90 or 180
# days before the decision, or of up to 7 days before it; empty where the contracts did not say it. Each meeting's own odds,
# whatever came before it. Made by python -m bench.fed_odds.
"""


def percents(odds: np.ndarray) -> list[int | str]:
    """(3,) fractions as whole percents that sum to 100; blanks for NaN."""
    if np.isnan(odds).any():
        return ["", "", ""]
    cut, hike = round(100 * odds[0]), round(100 * odds[2])
    return [cut, 100 - cut - hike, hike]


def table(recorded: fedwatch.Recorded) -> list[list[object]]:
    """One row a decided meeting for which at least one horizon is known."""
    last = recorded.prices.index[-1].date()
    meetings = [one for one in decided(recorded.announced.by_day, fomc.load(), last) if one.day >= SINCE]
    history = fedwatch.history_of(recorded)
    odds = [forecasts(history, meetings, horizon) for horizon in HORIZONS]
    rows: list[list[object]] = [
        [one.day.isoformat(), *(part for horizon in odds for part in percents(horizon[i]))]
        for i, one in enumerate(meetings)
    ]
    return [row for row in rows if any(part != "" for part in row[1:])]


def text(recorded: fedwatch.Recorded) -> str:
    """The whole file."""
    out = io.StringIO()
    out.write(HEAD.format(last=recorded.prices.index[-1].date()))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["meeting", *(f"{outcome}_{horizon}" for horizon in HORIZONS for outcome in OUTCOMES)])
    writer.writerows(table(recorded))
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--market", type=Path, default=fedwatch.MARKET)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    made = text(fedwatch.load(asked.market))
    if asked.check:
        same = FILE.read_text(encoding="utf-8") == made
        print("the record is what the engine computes" if same else "the record differs from the engine")
        sys.exit(not same)
    FILE.write_text(made, encoding="utf-8")
    print(f"{len(made.splitlines()) - HEAD.count(chr(10)) - 1} meetings, {len(made):,} bytes: {FILE}")


if __name__ == "__main__":
    main()
