"""FRED, with a key through fredapi (release dates and vintages) or without one through its public files.

With a key a series that the catalogue gives vintages, monthly or slower, is read whole: every value that stood there
and the day on which it appeared (ALFRED's ``realtime_start``). Its ``known_at`` is 18:00 New York on that day: releases
come out from 08:30 to 16:30, so the figure counts for an "as of" that day and never for an hour before it was out.
All else is read as it stands today and dated by the catalogue's release rule at the door: FRED answers at most 2,000
vintages a request, which daily series exceed.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

import pandas as pd

from analytics.catalogue import Series
from analytics.errors import Malformed, NoObservations, ProviderError
from analytics.sources import Answer, Clock, Oddity
from analytics.sources.fred import api as fred_api
from analytics.sources.fred import text as fred_csv
from analytics.sources.fred.request import Line
from analytics.sources.fred.text import SOURCE
from analytics.sources.line import retried
from analytics.sources.pace import FRED_PACE, Pace

API = "https://api.stlouisfed.org"
FILES = "https://fred.stlouisfed.org"


class Secret(Protocol):
    """A key that is not printed by accident, such as pydantic's SecretStr."""

    def get_secret_value(self) -> str: ...


class Fred:
    """Fetches series from FRED; an instance is a ``Fetch``, safe to share between threads.

    Args:
        clock: The present instant.
        key: A FRED key; None or blank reads the public files.
        base_url: A mirror that serves ``/fred/...`` and ``/graph/fredgraph.csv``; None asks FRED itself.
        timeout: Longest wait for one answer, from the first byte out to the last byte in [s].
        attempts: Tries of one request, the first included. A series takes at most ``attempts`` times ``timeout`` in sum,
            however many requests it needs and however often they fail (a minute, as it stands), and then up to the
            waits before the tries that are left (2 s).
        pace: Token bucket; None shares the process's own.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        key: Secret | str | None = None,
        base_url: str | None = None,
        timeout: float = 20.0,
        attempts: int = 3,
        pace: Pace | None = None,
    ) -> None:
        self._clock, self._timeout, self._attempts = clock, timeout, attempts
        self._key = key if _reveal(key) else None
        self._api = (base_url or API).rstrip("/") + "/fred"
        self._files = (base_url or FILES).rstrip("/") + "/graph/fredgraph.csv"
        self._pace = pace or FRED_PACE

    def __repr__(self) -> str:
        return f"Fred({'with a key' if self._key else 'without a key'})"

    def __call__(self, series: Series, since: dt.date | None) -> Answer:
        """Rows ``value`` [unit] of a series, with ``known_at`` where FRED says when a value appeared.

        Args:
            series: A row of the catalogue with provider ``fred``.
            since: First period wanted; None for the whole history.

        Raises:
            ProviderError: any failure of the source, after ``attempts`` requests where another may help. No message
                and no chained error holds the key.
        """
        root = self._api if self._key else self._files
        longest = self._attempts * self._timeout
        with Line(series.code, root, self._timeout, self._pace, _reveal(self._key), longest) as line:
            read = self._keyed if self._key else self._keyless
            rows, oddities = read(line, series, since)
        if rows.empty and not oddities:
            raise NoObservations(SOURCE, series.code)
        return Answer(series, since, rows, oddities)

    def probe(self, timeout: float = 3.0) -> bool:
        """Whether the source (or its mirror) answers at all within ``timeout`` [s], by one small request."""
        address = self._api + "/series" if self._key else self._files
        try:
            with Line("probe", address, timeout, self._pace) as line:
                line.knock(address)
        except ProviderError:
            return False
        return True

    def _keyless(
        self, line: Line, series: Series, since: dt.date | None
    ) -> tuple[pd.DataFrame, tuple[Oddity, ...]]:
        url = f"{self._files}?id={series.code}" + (f"&cosd={since}" if since else "")
        figures = retried(lambda: fred_csv.parse(line.get(url), series.code), self._attempts)
        return fred_csv.observations(figures.dates, figures.values), figures.oddities

    def _keyed(
        self, line: Line, series: Series, since: dt.date | None
    ) -> tuple[pd.DataFrame, tuple[Oddity, ...]]:
        client = fred_api.Client(
            self._api, series.code, lambda url: retried(lambda: line.xml(url), self._attempts)
        )
        rows: pd.DataFrame | None = None
        try:
            if series.vintages and series.frequency in "mqa":
                rows = fred_api.vintages(client, since, self._clock())
            else:
                rows = fred_api.latest(client, since)
        except ValueError:  # fredapi's only error; its words may be the source's
            pass
        if rows is None:  # raised here, outside the handler, so that those words are not in its chain
            raise Malformed(SOURCE, series.code, "fredapi stumbled over it")
        return rows, tuple(client.oddities)


def _reveal(key: Secret | str | None) -> str:
    """The key's text, empty where there is none."""
    return (key if isinstance(key, str) else key.get_secret_value() if key else "").strip()
