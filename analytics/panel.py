"""A panel: what was known at an instant about some series, with its papers and its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.clock import calendars
from analytics.clock.instants import day_of, from_micros, to_micros
from analytics.errors import NoOverlap, NotEnoughData, SameSeries
from analytics.ledger import Ledger, Observed
from analytics.ledger.standing import CONTRADICTED, UNCONFIRMED

STANDS_STILL = dt.timedelta(hours=1)
"""A frozen clock stands still while writes go on, a microsecond each: what they bring was there at the instant all the same,
for the page that was live then and for the frozen link that shows it later. What was recorded later than this was not."""


@dataclass(frozen=True, slots=True)
class Papers:
    """Where a series' numbers come from and how old they are; they travel with the data everywhere.

    Attributes:
        key, title, unit, publisher, provider, code, licence: From the catalogue.
        first, last: First and last period that was known.
        n: Number of periods.
        known_at: When the last period became known.
        estimated: Release instants follow the catalogue's rule, not a record.
        later_vintage: Values are of a vintage later than the as-of instant (revised since, and no vintages held).
        stale: At ``as_of`` a newer figure had been due for longer than the grace of its frequency.
        simulated: Made by the demo simulator.
        unconfirmed: Neither a published value nor another series bears it out.
        disputed: The source's newest answer contradicts what is held, which stays.
    """

    key: str
    title: str
    unit: str
    publisher: str
    provider: str
    code: str
    licence: str
    first: dt.date
    last: dt.date
    n: int
    known_at: dt.datetime
    estimated: bool
    later_vintage: bool
    stale: bool
    simulated: bool
    unconfirmed: bool = False
    disputed: bool = False

    @property
    def source(self) -> str:
        """One line: who says so, under which code, and whether anything else bears it out."""
        if self.simulated:
            return "Simulated demo data"
        return (
            f"{catalogue.PROVIDERS[self.provider]} {self.code}{' (unconfirmed)' if self.unconfirmed else ''}"
        )


@dataclass(frozen=True, slots=True)
class Panel:
    """Series as known at an instant, each on its own dates.

    Attributes:
        as_of: Nothing known later is in it.
        columns: By key, values in the catalogue's unit on rising dates; no NaN, gaps are absent dates.
        papers: By key.
        sha256: Over keys, dates and values, so that a link can tell whether it shows the same numbers.
        simulated: Whether the data are the demo's.
        volumes: Newest volume by key of each fed funds contract that has one.
    """

    as_of: dt.datetime
    columns: Mapping[str, pd.Series]
    papers: Mapping[str, Papers]
    sha256: str
    simulated: bool
    volumes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __contains__(self, key: str) -> bool:
        return key in self.columns

    def series(self, key: str) -> pd.Series:
        """One series on its own dates.

        Raises:
            NotEnoughData: nothing was known of it at the instant.
        """
        if key not in self.columns:
            raise NotEnoughData(catalogue.get(key).title, 0, 1)
        return self.columns[key]

    def pair(self, lead: str, follow: str) -> pd.DataFrame:
        """Two series on the US trading days that both have, first brought to common days and only then differenced
        by whoever measures: a Friday-to-Monday move of Bitcoin is one return.

        Returns:
            Columns ``lead`` and ``follow``, rising dates, no NaN.

        Raises:
            SameSeries: one series twice.
            NoOverlap: no common date.
            NotEnoughData: one of them has nothing.
        """
        if lead == follow:
            raise SameSeries(catalogue.get(lead).title)
        both = pd.concat({"lead": self.series(lead), "follow": self.series(follow)}, axis=1, join="inner")
        both = both[calendars.on_us_sessions(both.index.to_numpy())]
        if both.empty:
            raise NoOverlap(catalogue.get(lead).title, catalogue.get(follow).title)
        return both.sort_index()

    def only(self, keys: Iterable[str]) -> Panel:
        """The same panel of some of its series: what ``build`` gives for them, without reading again."""
        columns = {key: self.columns[key] for key in dict.fromkeys(keys) if key in self.columns}
        return replace(
            self,
            columns=MappingProxyType(columns),
            papers=MappingProxyType({key: self.papers[key] for key in columns}),
            sha256=fingerprint(columns),
            volumes=MappingProxyType({key: self.volumes[key] for key in columns if key in self.volumes}),
        )

    def table(self) -> pd.DataFrame:
        """All series side by side on the dates that any of them has; NaN where one has none."""
        if not self.columns:
            return pd.DataFrame(index=pd.DatetimeIndex([], name="date"))
        return pd.concat(dict(self.columns), axis=1, sort=True).rename_axis("date")


def build(
    ledger: Ledger,
    keys: Iterable[str],
    as_of: dt.datetime,
    recorded_by: dt.datetime | None = None,
) -> Panel:
    """Read series from the ledger as known at ``as_of``.

    Args:
        ledger: Where to read.
        keys: Series keys; those with nothing known are left out of the panel.
        as_of: The instant.
        recorded_by: For frozen data, the instant of the link.

    Raises:
        UnknownSeries: a key that no catalogue row has.
    """
    wanted = [catalogue.get(key) for key in dict.fromkeys(keys)]
    fields = {"split", *(series.field for series in wanted)}
    read = ledger.read([series.stored_as for series in wanted], as_of, recorded_by, tuple(fields))
    doubts = _doubts(ledger, recorded_by)
    columns: dict[str, pd.Series] = {}
    papers: dict[str, Papers] = {}
    for series in wanted:
        found = read.get((series.stored_as, series.field))
        if found is None:
            continue
        columns[series.key] = _column(series, found, read.get((series.stored_as, "split")))
        papers[series.key] = replace(
            _papers(series, found, as_of, ledger.kind == "demo"), **doubts.get(series.stored_as, {})
        )
    return Panel(
        as_of=as_of,
        columns=MappingProxyType(columns),
        papers=MappingProxyType(papers),
        sha256=fingerprint(columns),
        simulated=ledger.kind == "demo",
        volumes=MappingProxyType(_volumes(ledger, wanted, as_of, recorded_by)),
    )


def _doubts(ledger: Ledger, recorded_by: dt.datetime | None) -> dict[str, dict[str, Any]]:
    """What of the papers follows from the ledger's word on a series: whether it is confirmed, and its currency."""
    if ledger.kind == "demo":
        return {}
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for key, word in ledger.standings(recorded_by).items():
        found[key]["unconfirmed"] = word.state in (UNCONFIRMED, CONTRADICTED)
    for key in ledger.disputed() if recorded_by is None else ():
        found[key]["disputed"] = True
    for key, currency in ledger.currencies().items():
        found[key]["unit"] = currency
    return found


def _volumes(
    ledger: Ledger, wanted: Iterable[catalogue.Series], as_of: dt.datetime, recorded_by: dt.datetime | None
) -> dict[str, float]:
    """Newest volumes of the contract months that are still traded at ``as_of``."""
    month = day_of(as_of).replace(day=1)
    traded = [row.key for row in wanted if (first := catalogue.contract_month(row.key)) and first >= month]
    if not traded:
        return {}
    found = ledger.read(traded, as_of, recorded_by, fields=("volume",))
    return {key: float(volume.values[-1]) for (key, _), volume in found.items()}


def fingerprint(columns: Mapping[str, pd.Series]) -> str:
    """SHA-256 over every series' key, dates (int64 days) and values (little-endian doubles), in key order."""
    digest = hashlib.sha256()
    for key in sorted(columns):
        column = columns[key]
        digest.update(key.encode() + b"\0" + len(column).to_bytes(8, "little"))
        digest.update(column.index.to_numpy().astype("datetime64[D]").astype("<i8").tobytes())
        digest.update(column.to_numpy().astype("<f8").tobytes())
    return digest.hexdigest()


def _column(series: catalogue.Series, found: Observed, splits: Observed | None) -> pd.Series:
    values = found.values
    if splits is not None:
        # The ledger holds prices as traded; those before a split known by now are brought to today's shares.
        for day, ratio in zip(splits.periods, splits.values, strict=True):
            values = np.where(found.periods < day, values / ratio, values)
    return pd.Series(values, index=pd.DatetimeIndex(found.dates.astype("datetime64[s]")), name=series.key)


def _papers(series: catalogue.Series, found: Observed, as_of: dt.datetime, simulated: bool) -> Papers:
    first, last = (found.dates[i].astype(object) for i in (0, -1))
    return Papers(
        key=series.key,
        title=series.title,
        unit=series.unit,
        publisher=series.publisher,
        provider=series.provider,
        code=series.code,
        licence=series.licence,
        first=first,
        last=last,
        n=len(found.periods),
        known_at=from_micros(int(found.known_at[-1])),
        estimated=bool(found.estimated.any()),
        later_vintage=_later_vintage(series, found, as_of),
        stale=not simulated and calendars.is_stale(series, as_of, last),
        simulated=simulated,
    )


def _later_vintage(series: catalogue.Series, found: Observed, as_of: dt.datetime) -> bool:
    """Whether values may have been revised between ``as_of`` and the day this ledger first read them."""
    if not series.revised:
        return False
    return bool((found.estimated & (found.recorded_at > to_micros(as_of + STANDS_STILL))).any())
