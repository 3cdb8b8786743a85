"""Contract prices from files: history to import (date,month,price), or one day's settlements (month,price)."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analytics import catalogue
from analytics.catalogue import Series
from analytics.clock.calendars import release_times
from analytics.errors import BadFile

MOST_LINES = 2_000_000


def read_history(path: Path) -> list[tuple[Series, pd.DataFrame]]:
    """Closes by contract month, ready for ``Ledger.append_many``.

    Args:
        path: CSV with the columns ``date``, ``month`` (``2026-07`` or ``ZQN26``) and ``price``.

    Returns:
        One (contract, rows) a month; ``known_at`` is the day's close, never estimated.

    Raises:
        BadFile: the file cannot be read; the message names the line.
    """
    rows = [
        (_day(row, line), _month(row, line), _price(row, line))
        for line, row in _lines(path, ("date", "month", "price"))
    ]
    if not rows:
        raise BadFile(f"{path.name} holds no prices. It takes the columns date,month,price.")
    frame = pd.DataFrame(rows, columns=["period", "month", "value"]).drop_duplicates(
        ["period", "month"], keep="last"
    )
    return [_contract_rows(month, part) for month, part in frame.groupby("month", sort=True)]


def _contract_rows(month: dt.date, part: pd.DataFrame) -> tuple[Series, pd.DataFrame]:
    series = catalogue.contract(month.year, month.month)
    periods = pd.Series(pd.to_datetime(part["period"]).to_numpy().astype("datetime64[s]"))
    rows = pd.DataFrame({"period": periods, "field": "close", "value": part["value"].to_numpy(float)})
    return series, rows.assign(known_at=release_times(series, periods), estimated=False).sort_values("period")


def read_settlements(path: Path) -> dict[dt.date, float]:
    """One day's prices by contract month.

    Args:
        path: CSV with the columns ``month`` and ``price``.

    Raises:
        BadFile: the file cannot be read, or a month stands twice.
    """
    prices: dict[dt.date, float] = {}
    for line, row in _lines(path, ("month", "price")):
        month = _month(row, line)
        if month in prices:
            raise BadFile(f"Line {line}: {month:%Y-%m} stands twice. Keep one price a month.")
        prices[month] = _price(row, line)
    if not prices:
        raise BadFile(f"{path.name} holds no prices. It takes the columns month,price.")
    return prices


def _lines(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(columns) <= set(reader.fieldnames or ()):
                raise BadFile(f"{path.name} needs the columns {', '.join(columns)} in its first line.")
            for row in reader:
                if reader.line_num > MOST_LINES:
                    raise BadFile(f"{path.name} has more than {MOST_LINES:,} lines. Split it.")
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadFile(
            f"{path.name} cannot be read as CSV ({type(error).__name__}). Save it as UTF-8 text."
        ) from None


def _day(row: dict[str, str], line: int) -> dt.date:
    try:
        return dt.date.fromisoformat(row["date"].strip())
    except (ValueError, AttributeError):
        raise BadFile(f"Line {line}: {str(row['date'])[:20]!r} is no date. Write 2026-01-23.") from None


def _month(row: dict[str, str], line: int) -> dt.date:
    text = (row["month"] or "").strip()
    named = catalogue.parse_contract_code(text)
    if named is not None:
        return named
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadFile(f"Line {line}: {text[:20]!r} is no contract month. Write 2026-07 or ZQN26.") from None


def _price(row: dict[str, str], line: int) -> float:
    try:
        price = float(row["price"])
    except (TypeError, ValueError):
        raise BadFile(f"Line {line}: {str(row['price'])[:20]!r} is no price. Write 96.3688.") from None
    low, high = catalogue.load()["fed_funds_front"].range or (-math.inf, math.inf)
    if not low <= price <= high:
        raise BadFile(
            f"Line {line}: {price:g} cannot be a fed funds price; they lie between {low:g} and {high:g}."
        )
    return price
