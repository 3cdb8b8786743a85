"""How close the rate path comes to CME's own published odds: total variation distance by day and meeting.

    python bench/fedwatch.py [--market FOLDER]

FOLDER holds cme_fedwatch_history.csv, zq_contracts.csv and fred/DFEDTARL.csv, DFEDTARU.csv, DFF.csv. The contracts are
closes, not the settlements that CME used: what is left of the distance is mostly that.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analytics.published import fomc  # noqa: E402
from analytics.topics.rate_path.measures.rate_history import RateHistory, rate_history  # noqa: E402
from analytics.topics.rate_path.measures.rate_odds import total_variation  # noqa: E402
from analytics.topics.rate_path.measures.rate_path_days import AnnouncedRange, announced_range  # noqa: E402
from analytics.topics.rate_path.measures.rate_through_time import meeting_levels, year_end_line  # noqa: E402

MARKET = ROOT / ".." / "shared" / "market"
MEDIAN, NEAR_MEAN, DECISION_MEAN = 0.016, 0.03, 0.05
NEAR_MONTHS = 8


@dataclass(frozen=True)
class Recorded:
    """The recorded inputs: prices (days x months), announced range, effective rate by day, CME's odds."""

    prices: pd.DataFrame
    announced: AnnouncedRange
    effective: pd.Series
    cme: pd.DataFrame


def load(market: Path) -> Recorded:
    """Read the folder; ``FileNotFoundError`` where something is missing."""
    rows = pd.read_csv(market / "zq_contracts.csv", parse_dates=["date"])
    rows["month"] = pd.to_datetime(rows["month"])
    cme = pd.read_csv(market / "cme_fedwatch_history.csv", parse_dates=["date", "meeting"])
    lower, upper, effective = (fred(market, code) for code in ("DFEDTARL", "DFEDTARU", "DFF"))
    announced = announced_range(lower, upper, fomc.decision_days())
    return Recorded(rows.pivot(index="date", columns="month", values="price"), announced, effective, cme)


def fred(market: Path, code: str) -> pd.Series:
    """One recorded FRED series by day."""
    return pd.read_csv(market / "fred" / f"{code}.csv", index_col=0, parse_dates=True).iloc[:, 0]


def history_of(recorded: Recorded, settled: bool = True) -> RateHistory:
    """The whole priced history, with or without the settlement of the month before each day."""
    return rate_history(
        recorded.prices,
        fomc.load(),
        recorded.announced.by_day,
        effective=recorded.effective if settled else None,
        moved=recorded.announced.moved,
    )


def distances(history: RateHistory, cme: pd.DataFrame) -> pd.DataFrame:
    """Columns day, meeting, tv: one row a day and meeting of CME's history; tv is NaN where ours has no odds."""
    found = []
    for meeting, rows in cme.groupby("meeting"):
        ours = meeting_levels(history, meeting.date()) / 100
        for day, odds in rows.groupby("date"):
            if day not in history.days:
                continue
            theirs = dict(zip(odds["lower_bp"] / 100, odds["probability"], strict=True))
            mine = ours.loc[day].to_dict() if day in ours.index else {np.nan: np.nan}
            found.append((day, meeting, total_variation(mine, theirs)))
    return pd.DataFrame(found, columns=["day", "meeting", "tv"]).sort_values(
        ["day", "meeting"], ignore_index=True
    )


def near(table: pd.DataFrame) -> pd.DataFrame:
    """The rows whose meeting is at most ``NEAR_MONTHS`` calendar months after the day's."""
    months = 12 * (table["meeting"].dt.year - table["day"].dt.year)
    months += table["meeting"].dt.month - table["day"].dt.month
    return table[months <= NEAR_MONTHS]


def around_decisions(table: pd.DataFrame) -> pd.DataFrame:
    """Mean and largest distance on each decision day and on the next recorded day after it."""
    days = pd.DatetimeIndex(table["day"].unique())
    wanted = {}
    for decision in pd.DatetimeIndex(fomc.decision_days()).intersection(days):
        following = days[days > decision]
        wanted[decision] = "decision"
        if len(following):
            wanted[following[0]] = "day after"
    by_day = table[table["day"].isin(list(wanted))].groupby("day")["tv"].agg(["count", "mean", "max"])
    return by_day.assign(what=[wanted[day] for day in by_day.index])


def _line(name: str, value: float, target: float) -> str:
    return f"{name:<58}{value:8.4f}   target <= {target:g}   {'met' if value <= target else 'MISSED'}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--market", type=Path, default=MARKET)
    recorded = load(parser.parse_args().market)
    for settled in (True, False):
        print(f"\n{'With' if settled else 'Without'} the settlement of the month before")
        report(history_of(recorded, settled), recorded.cme)


def report(history: RateHistory, cme: pd.DataFrame) -> None:
    """Print the comparison, decision days and the number for 23 January 2026."""
    table = distances(history, cme)
    close = near(table)["tv"]
    print(
        f"days x meetings in both: {len(table):,}, solved {table['tv'].notna().sum():,} (the others lie past the strip)"
    )
    print(_line("median, all", table["tv"].median(), MEDIAN))
    print(
        _line(
            f"mean, meetings within {NEAR_MONTHS} months (n = {close.notna().sum()})", close.mean(), NEAR_MEAN
        )
    )
    print(f"mean, all {table['tv'].mean():.4f}; 90th percentile {table['tv'].quantile(0.9):.4f}")
    decisions = around_decisions(table)
    print(_line("decision days and the day after, worst daily mean", decisions["mean"].max(), DECISION_MEAN))
    print(decisions.round(4).to_string())
    moves = year_end_line(history, 2026)["2026-01-23"]
    print(f"moves of 25 bp priced for 2026 as of 23 January 2026: {moves:+.2f}")


if __name__ == "__main__":
    main()
