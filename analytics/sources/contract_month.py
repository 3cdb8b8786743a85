"""Contract months as people write them: 2026-07, JUL 26, JLY 26, Jul-26, ZQN26, ZQN6, FFN6."""

from __future__ import annotations

import datetime as dt
import re

from analytics import catalogue

_ISO = re.compile(r"(\d{4})[-/.]?(\d{2})(?:-01)?")
_NAMED = re.compile(r"([A-Z]{3,9})[\s.'/-]*(\d{4}|\d{2})")
_CODE = re.compile(r"/?(?:ZQ|FF)([FGHJKMNQUVXZ])(\d{1,2}|\d{4})(?:\.CBO?T)?")
_NAMES = {
    text: month
    for month in range(1, 13)
    for text in (f"{dt.date(2000, month, 1):%b}".upper(), f"{dt.date(2000, month, 1):%B}".upper())
} | {"JLY": 7, "SEPT": 9}
_CODES = {code: month for month, code in catalogue.MONTH_CODES.items()}
CENTURY = 89
"""Two digits from here on are of the last century: fed funds futures began in 1988."""


def parse_month(text: str, on: dt.date) -> dt.date | None:
    """First day of a contract month; None where the text names none.

    Args:
        text: As written, in any case.
        on: A day on which it was quoted: a year of one digit is the first from then on.
    """
    written = text.strip().upper()
    if match := _ISO.fullmatch(written):
        return _month(int(match[1]), int(match[2]))
    if (match := _NAMED.fullmatch(written)) and match[1] in _NAMES:
        return _month(_year(match[2], _NAMES[match[1]], on), _NAMES[match[1]])
    if match := _CODE.fullmatch(written):
        return _month(_year(match[2], _CODES[match[1]], on), _CODES[match[1]])
    return None


def _year(digits: str, month: int, on: dt.date) -> int:
    if len(digits) == 4:
        return int(digits)
    if len(digits) == 2:
        return int(digits) + (1900 if int(digits) >= CENTURY else 2000)
    first = on.year if month >= on.month else on.year + 1
    return first + (int(digits) - first) % 10


def _month(year: int, month: int) -> dt.date | None:
    return dt.date(year, month, 1) if 1989 <= year <= 2088 and 1 <= month <= 12 else None
