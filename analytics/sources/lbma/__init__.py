"""The London Bullion Market Association's vault holdings: one small file with every month.

``[[milliseconds since 1970 of the month's last day, gold, silver], ...]`` in thousand ounces. The door dates a month by
the rule of its release (``clock.release_rules``).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from analytics.catalogue import Series
from analytics.errors import Malformed, NoObservations, ProviderError
from analytics.sources import Answer, Oddity, undated
from analytics.sources.line import Line, listed, retried
from analytics.sources.pace import LBMA_PACE, Pace

SOURCE = "LBMA"
ROOT = "https://www.lbma.org.uk"
FILE = "/vault-holdings-data/data.json"
METALS = ("gold", "value")
"""Ledger fields of a row's second and third number: gold, and silver as the main value."""
HALF_A_DAY = dt.timedelta(hours=12)
EPOCH = dt.datetime(1970, 1, 1)
LONGEST = 10**14
"""No stamp lies so many milliseconds from 1970: the year 5138."""


class Lbma:
    """Fetches vault holdings; an instance is a ``Fetch``, safe to share between threads.

    Args:
        base_url: A mirror that serves the file; None asks the Association itself.
        timeout: Longest wait for one answer [s]; the series takes at most ``attempts`` times as long.
        attempts: Tries of one request, the first included.
        pace: Token bucket; None shares the process's own.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        timeout: float = 20.0,
        attempts: int = 3,
        pace: Pace | None = None,
    ) -> None:
        self._url = (base_url or ROOT).rstrip("/") + FILE
        self._timeout, self._attempts = timeout, attempts
        self._pace = pace or LBMA_PACE

    def __call__(self, series: Series, since: dt.date | None) -> Answer:
        """Rows of month's ends: ``value`` is silver, ``gold`` stands beside it [thousand oz]. A zero is no row.

        Args:
            series: The row of the catalogue with provider ``lbma``.
            since: First day wanted; None for the whole history. The file is always the whole.

        Raises:
            ProviderError: any failure of the source, after ``attempts`` requests where another may help.
        """
        longest = self._attempts * self._timeout
        with Line(SOURCE, series.code, self._url, self._timeout, self._pace, longest=longest) as line:
            rows, oddities = retried(lambda: _read(line.get(self._url), series.code), self._attempts)
        if since is not None:
            rows = rows[rows["period"] >= pd.Timestamp(since)].reset_index(drop=True)
            oddities = tuple(odd for odd in oddities if odd.period is None or odd.period >= since)
        if rows.empty and not oddities:
            raise NoObservations(SOURCE, series.code)
        return Answer(series, since, rows, oddities)

    def probe(self, timeout: float = 3.0) -> bool:
        """Whether the source (or its mirror) answers at all within ``timeout`` [s], by one small request."""
        try:
            with Line(SOURCE, "probe", self._url, timeout, self._pace) as line:
                line.knock(self._url)
        except ProviderError:
            return False
        return True


def _read(text: str, code: str) -> tuple[pd.DataFrame, tuple[Oddity, ...]]:
    days: list[dt.date] = []
    fields: list[str] = []
    values: list[float] = []
    oddities: list[Oddity] = []
    for row in listed(text, SOURCE, code, "months"):
        if not isinstance(row, list) or len(row) != 3:
            raise Malformed(SOURCE, code, "a row of it is not a day, gold and silver")
        day = _day(row[0], code)
        for field, stated in zip(METALS, row[1:], strict=True):
            if not stated and stated is not False:  # nothing, or zero: that metal was not counted
                continue
            if isinstance(stated, bool) or not isinstance(stated, int | float) or stated < 0:
                oddities.append(Oddity(day, field, str(stated)[:40], "The value is not a number of ounces."))
            else:
                days.append(day)
                fields.append(field)
                values.append(float(stated))
    return undated(days, fields, values), tuple(oddities)


def _day(stamp: Any, code: str) -> dt.date:
    """The day next to a stamp: midnight in London is 23:00 of the day before in summer."""
    if isinstance(stamp, bool) or not isinstance(stamp, int | float) or not abs(stamp) < LONGEST:
        raise Malformed(SOURCE, code, "the day of a row is none")
    return (EPOCH + dt.timedelta(milliseconds=stamp) + HALF_A_DAY).date()
