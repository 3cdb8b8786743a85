"""What funds hold, from a file of the reader's: date, fund, shares or ounces."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd

from analytics import catalogue
from analytics.catalogue import HELD, Series
from analytics.clock.calendars import may_be_dated, release_times
from analytics.errors import BadFile
from analytics.sources import table_file, undated

COLUMNS = {"date": (), "fund": ("ticker", "symbol")}
FUND = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,11}")


def read_holdings(path: Path) -> list[tuple[Series, pd.DataFrame]]:
    """Holdings by fund and measure, ready for ``Ledger.append_many``.

    Args:
        path: CSV with the columns ``date``, ``fund`` (its ticker) and ``shares`` or ``ounces``, or both; an empty cell is none.

    Returns:
        One (series, rows) for each fund and measure; ``known_at`` follows the rule of the business day after.

    Raises:
        BadFile: the file cannot be read; the message names the line.
    """
    found: dict[str, dict[pd.Timestamp, float]] = {}
    for line, row in table_file.rows(path, COLUMNS, {name: () for name in HELD}):
        measures = [name for name in HELD if name in row]
        if not measures:
            raise BadFile(f"{path.name} needs a column shares or ounces in its first line.")
        fund = _fund(row, line)
        for name in measures:
            if row[name]:
                key = f"{name}:{fund}"
                found.setdefault(key, {})[_weekday(row, line, key)] = _amount(row[name], line)
    if not found:
        raise BadFile(f"{path.name} holds no amounts. It takes the columns date, fund, and shares or ounces.")
    return [_rows(key, held) for key, held in sorted(found.items())]


def _fund(row: dict[str, str], line: int) -> str:
    fund = row["fund"].upper()
    if not FUND.fullmatch(fund):
        raise BadFile(f"Line {line}: {fund[:20]!r} is no ticker. Write SLV.")
    return fund


def _weekday(row: dict[str, str], line: int, key: str) -> pd.Timestamp:
    date = pd.Timestamp(table_file.day(row["date"], line))
    if not may_be_dated(catalogue.get(key), pd.DatetimeIndex([date]).to_numpy())[0]:
        raise BadFile(f"Line {line}: {date:%Y-%m-%d} is a weekend, on which no fund says what it holds.")
    return date


def _amount(text: str, line: int) -> float:
    try:
        amount = float(text.replace(",", ""))
    except ValueError:
        amount = math.nan
    if not 0 < amount < math.inf:
        raise BadFile(f"Line {line}: {text[:20]!r} is no amount. Write 563400000.")
    return amount


def _rows(key: str, held: dict[pd.Timestamp, float]) -> tuple[Series, pd.DataFrame]:
    series, days = catalogue.get(key), sorted(held)
    rows = undated(days, [series.field] * len(days), [held[one] for one in days])
    return series, rows.assign(known_at=release_times(series, rows["period"]), estimated=True)
