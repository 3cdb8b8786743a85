"""Contract prices from files: history to import (date,month,price), or one day's settlements (month,price)."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.catalogue import Series
from analytics.clock import calendars
from analytics.errors import BadFile
from analytics.sources import table_file, undated
from analytics.sources.contract_month import parse_month

DATE: dict[str, tuple[str, ...]] = {"date": ("day", "trade date", "tradedate", "business date")}
MONTH_AND_PRICE: dict[str, tuple[str, ...]] = {
    "month": ("contract", "contract month", "symbol", "ticker"),
    "price": ("settle", "settlement", "settlement price", "close", "last"),
}
NO_PRICE = ("", "-", "--", ".")
_PRICE = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*[AB]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class History:
    """What a file of closes holds.

    Attributes:
        batch: One (contract, rows) a month, ready for ``Ledger.append_many``; ``known_at`` is the day's close.
        twice: Lines left out because the same price of the same day stands earlier.
        blank: Lines left out because they have no price.
    """

    batch: list[tuple[Series, pd.DataFrame]]
    twice: int
    blank: int


def read_history(path: Path) -> History:
    """Closes by contract month.

    Args:
        path: Table with the columns ``date``, ``month`` (``contract_month.parse_month``) and ``price``.

    Raises:
        BadFile: the file cannot be read, two lines contradict each other, or a contract cannot have traded on its date; the
            message names the line.
    """
    found: dict[tuple[dt.date, dt.date], tuple[float, int]] = {}
    twice = blank = 0
    for line, row in table_file.rows(path, DATE | MONTH_AND_PRICE):
        if row["price"] in NO_PRICE:
            blank += 1
            continue
        day = table_file.day(row["date"], line)
        month, price = _month(row["month"], day, line), _price(row["price"], line)
        _check_traded(day, month, line)
        held, earlier = found.setdefault((day, month), (price, line))
        if held != price:
            raise BadFile(
                f"Line {line}: {month:%Y-%m} is {price:g} on {day}, but {held:g} in line {earlier}. Keep the true one."
            )
        twice += earlier != line
    if not found:
        raise BadFile(f"{path.name} holds no prices. It takes the columns date,month,price.")
    rows = [(day, month, price) for (day, month), (price, _) in found.items()]
    frame = pd.DataFrame(rows, columns=["period", "month", "value"])
    return History([_contract_rows(*one) for one in frame.groupby("month", sort=True)], twice, blank)


def _contract_rows(month: dt.date, part: pd.DataFrame) -> tuple[Series, pd.DataFrame]:
    series = catalogue.contract(month.year, month.month)
    rows = undated(part["period"].tolist(), [series.field] * len(part), part["value"].tolist())
    known = calendars.release_times(series, rows["period"])
    return series, rows.assign(known_at=known, estimated=False).sort_values("period")


def read_settlements(path: Path, on: dt.date) -> dict[dt.date, float]:
    """One day's prices by contract month; lines without a price are left out.

    Args:
        path: Table with the columns ``month`` and ``price``.
        on: Their day.

    Raises:
        BadFile: the file cannot be read, or a month stands twice.
    """
    prices: dict[dt.date, float] = {}
    for line, row in table_file.rows(path, MONTH_AND_PRICE):
        month = _month(row["month"], on, line)
        if month in prices:
            raise BadFile(f"Line {line}: {month:%Y-%m} stands twice. Keep one price a month.")
        if row["price"] not in NO_PRICE:
            prices[month] = _price(row["price"], line)
    if not prices:
        raise BadFile(f"{path.name} holds no prices. It takes the columns month,price.")
    return prices


def _month(text: str, on: dt.date, line: int) -> dt.date:
    month = parse_month(text, on)
    if month is None:
        raise BadFile(f"Line {line}: {text[:20]!r} is no contract month. Write 2026-07, Jul 26 or ZQN26.")
    return month


def _price(text: str, line: int) -> float:
    match = _PRICE.fullmatch(text)
    if match is None:
        raise BadFile(f"Line {line}: {text[:20]!r} is no price. Write 96.3688 or 96,3688.")
    price = float(match[1].replace(",", "."))
    low, high = catalogue.load()["fed_funds_front"].range or (-math.inf, math.inf)
    if not low <= price <= high:
        raise BadFile(
            f"Line {line}: {price:g} cannot be a fed funds price; they lie between {low:g} and {high:g}."
        )
    return price


def _check_traded(day: dt.date, month: dt.date, line: int) -> None:
    series = catalogue.contract(month.year, month.month)
    if not calendars.may_be_dated(series, np.array([day], dtype="datetime64[D]"))[0]:
        raise BadFile(f"Line {line}: {day} is a {day:%A}, on which no contract trades.")
    if day.replace(day=1) > month:
        raise BadFile(f"Line {line}: the contract of {month:%Y-%m} had expired on {day}.")
