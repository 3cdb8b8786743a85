"""FRED's interface for holders of a key, through fredapi: today's values, or every value and when it appeared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from xml.etree import ElementTree as ET

import fredapi
import pandas as pd

from analytics.clock.instants import day_of
from analytics.clock.releases import at_clock
from analytics.errors import Malformed
from analytics.sources import Oddity
from analytics.sources.fred import text as fred_csv
from analytics.sources.fred.request import TooManyVintages
from analytics.sources.fred.text import SOURCE, observations

RELEASED = "18:00 America/New_York"
HORIZON = dt.timedelta(days=4 * 366)
"""How long before its own date a figure may be published: the FOMC's projections reach three years ahead."""
VINTAGES_A_REQUEST = 1_900
"""FRED refuses more than 2,000."""
MOST_ROWS = 2_000_000
"""A source that keeps announcing more is cut off here; FRED gives at most 100,000 a request."""


class Client(fredapi.Fred):
    """fredapi with its one network call exchanged.

    ``Fred.__fetch_data`` opens the address by urllib without a timeout, and ``Fred.__init__`` may install a proxy for
    the whole process; neither runs here (a test fails if fredapi stops calling the former). What stays fredapi's are
    the addresses, the parameters and the reading into pandas, of answers that were made readable first: a value that
    is no number is noted and blanked, for one of them would lose the series; of a repeated date fredapi keeps the last
    value without a word, so the earlier ones are noted too.

    Args:
        root_url: Address of the interface, ``.../fred``.
        code: The series.
        fetch: Gives the root of the FRED document at an address.

    Attributes:
        observed: Further parameters for requests of observations.
        oddities: Values that are no numbers.
        repeats: Dates and values of repeated rows, but the last of each.
    """

    def __init__(self, root_url: str, code: str, fetch: Callable[[str], ET.Element]) -> None:
        self.root_url, self.code, self._fetch = root_url, code, fetch
        self.observed = ""
        self.oddities: list[Oddity] = []
        self.repeats: list[tuple[dt.date, float]] = []

    def _Fred__fetch_data(self, url: str) -> ET.Element:
        """All pages of an answer as one element, readable for fredapi."""
        if "/observations?" in url:
            url += self.observed
        root = self._fetch(url)
        while len(root) < int(root.get("count", 0)):
            page = self._fetch(f"{url}&offset={len(root)}")
            if not len(page) or len(root) > MOST_ROWS:
                raise Malformed(SOURCE, self.code, "it has other rows than it announces")
            root.extend(page)
        if root.tag == "observations":
            self._tidy(root)
        return root

    def _parse(self, date_str: str, format: str | None = "%Y-%m-%d") -> dt.datetime:
        """Dates by the standard library: pandas takes seconds over 20,000 of them, one at a time."""
        return dt.datetime.fromisoformat(date_str)

    def _tidy(self, root: ET.Element) -> None:
        seen: dict[tuple[str, str], float | None] = {}
        for row in root:
            key = row.get("date", ""), row.get("realtime_start", "")
            period, _ = (fred_csv.day(text, self.code) for text in key)
            stated = row.get("value", "").strip()
            value = fred_csv.number(stated)
            if value is None:
                row.set("value", self.nan_char)
                if not fred_csv.is_missing(stated):
                    self.oddities.append(fred_csv.odd_number(period, stated))
            if (earlier := seen.get(key)) is not None:
                self.repeats.append((period, earlier))
            seen[key] = value


def latest(client: Client, since: dt.date | None) -> pd.DataFrame:
    """Today's values as rows of the seam; the door dates them.

    Raises:
        ValueError: fredapi cannot read the answer.
        ProviderError: any other failure.
    """
    found = client.get_series(client.code, observation_start=since)
    dates = [*found.index, *(period for period, _ in client.repeats)]
    return observations(dates, [*found, *(value for _, value in client.repeats)])


def vintages(client: Client, since: dt.date | None, now: dt.datetime) -> pd.DataFrame:
    """Every value and when it appeared, as rows of the seam; ``known_at`` is 18:00 New York of that day, or ``now``.

    FRED states a value that was in force already when the asked window opens as if it had appeared then. A read since
    a date therefore opens its window so long before it that no figure asked for can be older. Vintages of days after
    ``now`` (a frozen clock) are not known yet and left out.

    Raises:
        ValueError: fredapi cannot read the answer.
        ProviderError: any other failure.
    """
    client.observed = f"&observation_start={since}" if since else ""
    found = _releases(client, since - HORIZON if since else None)
    found = found[found["realtime_start"] <= pd.Timestamp(day_of(now))].reset_index(drop=True)
    released = at_clock(found["realtime_start"], RELEASED)
    return observations(found["date"], found["value"], released.where(released <= now, now))


def _releases(client: Client, opens: dt.date | None) -> pd.DataFrame:
    """Columns date, realtime_start, value; in several requests where there are too many vintages for one."""
    with suppress(TooManyVintages):
        return _typed(client.get_series_all_releases(client.code, realtime_start=opens))
    days = sorted(day.date() for day in client.get_series_vintage_dates(client.code))
    days = [day for day in days if opens is None or day >= opens]
    whole = _typed(pd.DataFrame())
    for start in range(0, len(days), VINTAGES_A_REQUEST):
        after = days[start + VINTAGES_A_REQUEST : start + VINTAGES_A_REQUEST + 1]
        last = after[0] - dt.timedelta(days=1) if after else None
        part = _typed(client.get_series_all_releases(client.code, days[start], last))
        whole = pd.concat([whole, _not_carried(part, days[start], whole)], ignore_index=True)
    return whole


def _not_carried(part: pd.DataFrame, opened: dt.date, before: pd.DataFrame) -> pd.DataFrame:
    """``part`` without the values that were in force already when its window opened."""
    in_force = before.sort_values("realtime_start", kind="stable").groupby("date")["value"].last()
    carried = (part["realtime_start"] == pd.Timestamp(opened)) & (part["date"].map(in_force) == part["value"])
    return part[~carried]


def _typed(releases: pd.DataFrame) -> pd.DataFrame:
    """fredapi's frame of objects as dates and floats: it turns "." into NaT, and has no columns without rows."""
    kinds = {"date": "datetime64[s]", "realtime_start": "datetime64[s]", "value": "float64"}
    return releases.reindex(columns=list(kinds)).dropna(subset="value").astype(kinds)
