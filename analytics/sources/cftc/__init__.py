"""The Commodity Futures Trading Commission's Commitments of Traders, from its public tables on Socrata.

One row a report: open interest and what each group of large traders held long and short, futures and options together.
No key is needed; an app token raises what one address may ask. The tables say on which day positions were held and not
when that came out: the door dates a report by the rule of its release (``clock.release_rules``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from analytics.catalogue import Series
from analytics.errors import Malformed, NoObservations, ProviderError
from analytics.sources import Answer
from analytics.sources.cftc import reports
from analytics.sources.cftc.reports import SOURCE
from analytics.sources.line import Line, listed, retried
from analytics.sources.pace import CFTC_PACE, Pace

ROOT = "https://publicreporting.cftc.gov"
PAGE = 5_000
"""Rows asked for at once: 96 years of reports."""
DEFAULT_PAGE = 1_000
"""Rows that a table gives where it does not heed what is asked for: so many may be a page of more."""
MOST_PAGES = 20


class Cftc:
    """Fetches reports; an instance is a ``Fetch``, safe to share between threads.

    Args:
        token: An app token; None asks without one.
        base_url: A mirror that serves ``/resource/...``; None asks the Commission itself.
        timeout: Longest wait for one answer [s]; one series takes at most ``attempts`` times as long.
        attempts: Tries of one request, the first included.
        pace: Token bucket; None shares the process's own.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        base_url: str | None = None,
        timeout: float = 20.0,
        attempts: int = 3,
        pace: Pace | None = None,
    ) -> None:
        self._secret = {"$$app_token": token} if token else {}
        self._root = (base_url or ROOT).rstrip("/") + "/resource/"
        self._timeout, self._attempts = timeout, attempts
        self._pace = pace or CFTC_PACE

    def __repr__(self) -> str:
        return f"Cftc({'with a token' if self._secret else 'without a token'})"

    def __call__(self, series: Series, since: dt.date | None) -> Answer:
        """Rows of a report: ``value`` is open interest, the catalogue's ``parts`` stand beside it [contracts].

        Args:
            series: A row of the catalogue with provider ``cftc``.
            since: First report day wanted; None for the whole history.

        Raises:
            ProviderError: any failure of the source, after ``attempts`` requests where another may help.
        """
        longest = self._attempts * self._timeout
        with Line(SOURCE, series.code, self._root, self._timeout, self._pace, self._secret, longest) as line:
            told = self._pages(
                series,
                since,
                lambda url: retried(
                    lambda: listed(line.get(url), SOURCE, series.code, "reports"), self._attempts
                ),
            )
        rows, oddities = reports.read(told, series)
        if rows.empty and not oddities:
            raise NoObservations(SOURCE, series.code)
        return Answer(series, since, rows, oddities)

    def probe(self, timeout: float = 3.0) -> bool:
        """Whether the source (or its mirror) answers at all within ``timeout`` [s], by one small request."""
        try:
            with Line(SOURCE, "probe", self._root, timeout, self._pace) as line:
                line.knock(self._root)
        except ProviderError:
            return False
        return True

    def _pages(self, series: Series, since: dt.date | None, ask: Callable[[str], list[Any]]) -> list[Any]:
        told: list[Any] = []
        for _ in range(MOST_PAGES):
            page = ask(self._address(series, since, len(told)))
            told += page
            if len(page) not in (PAGE, DEFAULT_PAGE):
                return told
        raise Malformed(SOURCE, series.code, "it has no end")

    def _address(self, series: Series, since: dt.date | None, offset: int) -> str:
        where = f"cftc_contract_market_code='{series.code}'"
        where += f" AND {reports.DAY} >= '{since}T00:00:00.000'" if since else ""
        query = {
            "$select": ",".join(reports.columns(series)),
            "$where": where,
            "$order": reports.DAY,
            "$limit": PAGE,
            "$offset": offset,
        }
        return f"{self._root}{reports.table(series).name}.json?{urlencode(query)}"
