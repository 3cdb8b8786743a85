"""The command line's part about rates: ``fedwatch`` for somebody's own settlements, ``import zq`` for history."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics.errors import BadChoice
from analytics.ledger import Ledger
from analytics.published import fomc
from analytics.sources import contracts_file
from analytics.topics.rate_path.measures.rate_path import RatePath, rate_path
from analytics.topics.rate_path.measures.rate_path_days import COUNTS, decision_days


def parse_range(text: str) -> tuple[float, float]:
    """``3.50-3.75`` as its limits [%]; a negative limit keeps its sign (``-0.25-0.00``).

    Raises:
        BadChoice: not two rising limits.
    """
    low, dash, high = text.strip().rpartition("-")
    if low.endswith("-"):
        low, high = low[:-1], f"-{high}"
    try:
        limits = float(low), float(high)
    except ValueError:
        limits = (0.0, 0.0)
    if not dash or limits[0] >= limits[1]:
        raise BadChoice("--range", text, "two limits, for example 3.50-3.75")
    return limits


def fedwatch(prices: Path, date: str, target_range: str, count: str) -> RatePath:
    """The path from a file of settlements.

    Raises:
        BadFile: the file.
        BadChoice: the date, the range or the count.
        NotPriced: no usable price.
    """
    if count not in COUNTS:
        raise BadChoice("--count", count, ", ".join(COUNTS))
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        raise BadChoice("--date", date, "a day such as 2026-07-14") from None
    quotes: dict[dt.date, float | None] = dict(contracts_file.read_settlements(prices))
    known = [entry for entry in fomc.load() if entry.scheduled or entry.day <= day]
    return rate_path(quotes, decision_days(known, day), day, parse_range(target_range), count=count)


def import_zq(ledger: Ledger, file: Path, now: dt.datetime) -> dict[str, Any]:
    """Fill contract history from a file: only periods that are not held; everything is stored or nothing.

    Raises:
        BadFile: the file; nothing is stored.
    """
    batch = contracts_file.read_history(file)
    late = [(series, rows[rows["known_at"] <= now]) for series, rows in batch]
    added = ledger.append_many(late, now, fill_only=True)
    return {
        "contracts": len(batch),
        "prices": int(sum(len(rows) for _, rows in batch)),
        "added": sum(one.new for one in added),
        "first": min(rows["period"].min() for _, rows in batch).date().isoformat(),
        "last": max(rows["period"].max() for _, rows in batch).date().isoformat(),
    }


def say_path(found: RatePath, as_json: bool) -> None:
    """Print a path: JSON, or a line a meeting."""
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=1))
        return
    typer.echo(found.sentence)
    for meeting in found.meetings:
        odds = " ".join(f"{level:.2f}:{p:.1f}" for level, p in meeting.probabilities.items() if p >= 0.05)
        typer.echo(f"{meeting.date}  {odds or meeting.note}")


PricesFile = Annotated[
    Path, typer.Option(help="CSV with the columns month,price; month as 2026-07 or ZQN26.")
]
