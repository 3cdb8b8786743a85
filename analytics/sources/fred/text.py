"""FRED's figures as text: what counts as a number or a date, and the keyless file ``/graph/fredgraph.csv``."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import pandas as pd

from analytics.errors import Malformed
from analytics.sources import Oddity

SOURCE = "FRED"
NOT_A_NUMBER = "The value is not a number."
# A number that ends in its point has lost what came after it: FRED writes none.
_NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_HEADERS = ("observation_date", "date")


@dataclass(frozen=True, slots=True)
class Figures:
    """Dates and values of one series in the source's order, and what could not be read as a number."""

    dates: list[dt.date]
    values: list[float]
    oddities: tuple[Oddity, ...]


def is_missing(text: str) -> bool:
    """Whether the source says that nothing was published: blank or ``.``; neither a row nor an oddity."""
    return text in ("", ".")


def number(text: str) -> float | None:
    """The finite number that ``text`` states in plain or scientific notation, or None."""
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None


def day(text: str, code: str) -> dt.date:
    """The date ``YYYY-MM-DD``.

    Raises:
        Malformed: anything else.
    """
    if _DATE.fullmatch(text):
        with suppress(ValueError):
            return dt.date.fromisoformat(text)
    raise Malformed(SOURCE, code, "a date in it is none")


def odd_number(period: dt.date, text: str) -> Oddity:
    """The oddity for a value that is no number."""
    return Oddity(period, "value", text[:40], NOT_A_NUMBER)


def observations(
    dates: Sequence[dt.date] | pd.Series,
    values: Sequence[float] | pd.Series,
    known_at: pd.Series | None = None,
) -> pd.DataFrame:
    """Rows of the seam, all of equal length; what was not published (NaN) is no row.

    Args:
        dates: Periods.
        values: Values in the series' unit, NaN for none.
        known_at: Instants with a zone; None leaves them to the door (NaT).
    """
    rows = pd.DataFrame({"period": dates, "field": "value", "value": values, "known_at": known_at})
    kinds = {"period": "datetime64[s]", "value": "float64", "known_at": "datetime64[us, UTC]"}
    return rows.astype(kinds).dropna(subset="value").reset_index(drop=True)


def parse(text: str, code: str) -> Figures:
    """Read the keyless file of one series.

    Args:
        text: The body: a header ``observation_date,ID`` (``DATE,ID`` in older files), then a line a date. Each line ends
            with a newline, the last one too: without it the file may be cut off within a number.
        code: The series asked for.

    Raises:
        Malformed: no such table, one cut off, a line that is no date with one value, or another series' table.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    _check_header(lines[0] if lines else "", code)
    if not text.endswith("\n"):
        raise Malformed(SOURCE, code, "it is cut off")
    dates: list[dt.date] = []
    values: list[float] = []
    oddities: list[Oddity] = []
    for line in lines[1:]:
        cells = line.split(",")
        if len(cells) != 2:
            raise Malformed(SOURCE, code, "a line of it is not a date and one value")
        period, stated = day(cells[0].strip(), code), cells[1].strip()
        if is_missing(stated):
            continue
        value = number(stated)
        if value is None:
            oddities.append(odd_number(period, stated))
        else:
            dates.append(period)
            values.append(value)
    return Figures(dates, values, tuple(oddities))


def _check_header(line: str, code: str) -> None:
    cells = [cell.strip().strip('"') for cell in line.split(",")]
    if len(cells) != 2 or cells[0].lower() not in _DATE_HEADERS:
        raise Malformed(SOURCE, code, "it is a web page or something else, not a table")
    if cells[1].upper() != code.upper():
        raise Malformed(SOURCE, code, "it is the table of another series")
