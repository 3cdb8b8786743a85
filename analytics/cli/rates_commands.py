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
from analytics.topics.rate_path.measures import rate_guard
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
    """The path from a file of settlements; decisions outside the calendar count once they were announced.

    Raises:
        BadFile: the file.
        BadChoice: the date, the range or the count; a range that is none of the Committee's, or not the one that the prices
            speak of.
        NotPriced: no usable price.
    """
    if count not in COUNTS:
        raise BadChoice("--count", count, ", ".join(COUNTS))
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        raise BadChoice("--date", date, "a day such as 2026-07-14") from None
    quotes: dict[dt.date, float | None] = dict(contracts_file.read_settlements(prices, day))
    limits, moved = parse_range(target_range), [entry.day for entry in fomc.unscheduled_moves()]
    found = rate_path(quotes, decision_days(fomc.load(), day, moved), day, limits, count=count)
    implied = rate_guard.implied_start(found)
    if rate_guard.off_grid(limits):
        says = "" if implied is None else f" (these prices imply {implied:.2f}% before the next meeting)"
        raise BadChoice(
            "--range", target_range, f"a range 25 bp wide on steps of 25 bp, such as 3.50-3.75{says}"
        )
    if against := rate_guard.contradiction(found):
        raise BadChoice("--range", target_range, f"the range in force on {date}. {against.removesuffix('.')}")
    return found


def import_zq(ledger: Ledger, file: Path, now: dt.datetime) -> dict[str, Any]:
    """Fill contract history from a file: only periods that are not held; everything is stored or nothing.

    Raises:
        BadFile: the file; nothing is stored.
    """
    history = contracts_file.read_history(file)
    known = [(series, rows[rows["known_at"] <= now]) for series, rows in history.batch]
    prices, kept = (sum(len(rows) for _, rows in batch) for batch in (history.batch, known))
    added = sum(one.new for one in ledger.append_many(known, now, fill_only=True))
    return {
        "contracts": len(history.batch),
        "prices": prices,
        "added": added,
        "held": kept - added,
        "dropped": {"twice": history.twice, "blank": history.blank, "not over yet": prices - kept},
        "first": min(rows["period"].min() for _, rows in history.batch).date().isoformat(),
        "last": max(rows["period"].max() for _, rows in history.batch).date().isoformat(),
    }


def imported(done: dict[str, Any]) -> str:
    """What an import did, in one sentence, and what it left out."""
    words = (
        f"{done['added']:,} of {done['prices']:,} prices of {done['contracts']} contracts were new, "
        f"{done['first']} to {done['last']}; {done['held']:,} were held already and stay."
    )
    dropped = ", ".join(f"{count:,} {what}" for what, count in done["dropped"].items() if count)
    return f"{words} Left out: {dropped}." if dropped else words


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
    Path, typer.Option(help="Table with the columns month,price; month as 2026-07, Jul 26 or ZQN26.")
]
