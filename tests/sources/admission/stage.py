"""Ledgers filled day by day from the loopback sources, honestly or not, without a wire in between.

The providers are the real ones but for their last step: what they would have received is asked of the loopback's routes.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analytics import catalogue, panel
from analytics.catalogue import Series
from analytics.clock.instants import end_of_day
from analytics.ledger import Ledger
from analytics.panel import Panel
from analytics.sources.fred import Fred
from analytics.sources.pace import Pace
from analytics.sources.refresh import Source, Summary, refresh
from analytics.sources.yahoo import Yahoo
from analytics.sources.yahoo import raw as yahoo_raw
from tests.loopback import fred, yahoo
from tests.loopback.lies import WITNESS
from tests.loopback.reply import State

KEYS = {
    "SI=F": "silver", "^GSPC": "sp500", "BTC-USD": "bitcoin", "DFII10": "real_yield_10y", "TYPD": "yahoo:TYPD",
    "SPLT": "yahoo:SPLT", "PENY.L": "yahoo:PENY.L", "CPIAUCSL": "cpi", "USEPUINDXD": "policy_uncertainty",
}  # fmt: skip
"""The series of the table test by the codes of ``lies.LIES``."""
BEGINS = dt.date(2020, 1, 2)
"""Nothing older is told here, nor missed: a short history is judged as a long one is, and faster."""
AFTER = 3
"""Honest days within which everything heals."""
FIRST = dt.date(2026, 5, 11)
"""Day 0: a Monday."""
DAYS: list[dt.date] = [
    day.date() for day in pd.bdate_range(FIRST, "2026-06-12") if day != pd.Timestamp("2026-05-25")
]
"""Trading days; 25 May was Memorial Day."""
LIE_ON = {"incremental": 2, "whole": 6}
"""The place in DAYS of the lie: a week after day 0 all history is read again."""


@dataclass
class World:
    """The two sources on a movable day."""

    folder: Path
    now: dt.date = FIRST
    lies: dict[str, str] = field(default_factory=dict)

    def clock(self) -> dt.datetime:
        return end_of_day(self.now)

    @property
    def state(self) -> State:
        return State(self.now, lies=self.lies, first=BEGINS)

    def sources(self) -> dict[str, Source]:
        return {"yahoo": Source("yahoo", _Yahoo(self)), "fred": Source("fred", _Fred(self), 2)}

    def refresh(
        self, ledger: Ledger, day: dt.date, keys: Iterable[str], lies: Mapping[str, str] | None = None
    ) -> Summary:
        """One refresh at the end of a day."""
        self.now, self.lies = day, dict(lies or {})
        return refresh(ledger, self.sources(), self.clock, only=list(keys))


class _Yahoo(Yahoo):
    """Reads the route's answer in place of yfinance's."""

    def __init__(self, world: World) -> None:
        super().__init__(clock=world.clock, cache_dir=world.folder, attempts=1)
        self._world = world

    def reset(self) -> None:
        """yfinance, which keeps answers, takes no part."""

    def _fetch(self, series: Series, since: dt.date | None) -> tuple[yahoo_raw.Chart, pd.DataFrame]:
        query = {"range": "max"} if since is None else _span(since)
        reply = yahoo.reply(f"/v8/finance/chart/{series.code}", query, self._world.state)
        assert reply is not None
        chart = yahoo_raw.read(series.code, json.loads(reply.body))
        shown = pd.DataFrame(
            {"Close": chart.bars["close"].to_numpy()}, pd.DatetimeIndex(chart.bars["period"])
        )
        return chart, shown


class _Fred(Fred):
    """Reads the route's file in place of the network's."""

    def __init__(self, world: World) -> None:
        super().__init__(clock=world.clock, pace=Pace(rate=10_000, burst=10_000), attempts=1)
        self._world = world

    def _keyless(self, line: Any, series: Series, since: dt.date | None) -> Any:
        return super()._keyless(_Read(self._world), series, since)


@dataclass(frozen=True)
class _Read:
    world: World

    def get(self, url: str) -> str:
        query = dict(part.split("=", 1) for part in url.partition("?")[2].split("&"))
        reply = fred.reply("/graph/fredgraph.csv", query, self.world.state)
        assert reply is not None
        return reply.body


def _span(since: dt.date) -> dict[str, str]:
    start = dt.datetime.combine(since - dt.timedelta(days=1), dt.time(), dt.UTC)
    return {"period1": str(int(start.timestamp())), "period2": str(1 << 40)}


@contextmanager
def short_histories() -> Iterator[None]:
    """A catalogue whose series begin where these sources do, so that nobody misses what they do not tell."""
    rows = catalogue.load()
    whole = dict(rows)
    rows.update(
        {
            key: replace(row, begins=_later(row.begins), first_day=_later(row.first_day))
            for key, row in whole.items()
        }
    )
    try:
        yield
    finally:
        rows.update(whole)


def _later(first: dt.date | None) -> dt.date:
    return max(first or BEGINS, BEGINS)


def watched(code: str) -> list[str]:
    """The key of a series and, where the catalogue has them, those of its witnesses."""
    by_code = {row.code: row.key for row in catalogue.load().values()}
    return [KEYS[code], *(by_code[other] for other in WITNESS.get(code, ()) if other in by_code)]


def at(ledger: Ledger, key: str, day: dt.date) -> Panel:
    """What a reader at the end of a day sees of one series."""
    return panel.build(ledger, [key], end_of_day(day))


def opened(template: Path, folder: Path) -> Ledger:
    """A copy of a closed ledger that a test may write to."""
    folder.mkdir(parents=True, exist_ok=True)
    return Ledger.at(Path(shutil.copy(template, folder / "ledger.sqlite")))


@dataclass(frozen=True)
class Twin:
    """A ledger that was never lied to, day by day.

    Attributes:
        panels: What a reader saw of the series at the end of each day, that day's refresh included.
    """

    key: str
    panels: Mapping[dt.date, Panel]

    def true(self, seen: Panel) -> pd.Series:
        """The honest series whose newest date is that of ``seen``, or the next newer one: the past is restated for splits."""
        last = seen.papers[self.key].last
        for held in self.panels.values():
            if self.key in held and held.papers[self.key].last >= last:
                return held.series(self.key)
        return next(reversed(self.panels.values())).series(self.key)

    def false(self, seen: Panel) -> pd.Series:
        """What a panel says that is not true: values that differ or stand on days that the source does not have."""
        if self.key not in seen:
            return pd.Series(dtype=float)
        said, true = seen.series(self.key), self.true(seen)
        return said[~np.isclose(said, true.reindex(said.index), rtol=1e-9, atol=0.0)]

    def differs(self, seen: Panel, day: dt.date) -> str:
        """How a panel differs from the twin's of the same day; empty where it does not."""
        if self.key not in seen:
            return "nothing is held"
        said, true = seen.series(self.key), self.panels[day].series(self.key)
        lacks, more = true.index.difference(said.index), said.index.difference(true.index)
        both = said.index.intersection(true.index)
        wrong = both[~np.isclose(said[both], true[both], rtol=1e-9, atol=0.0)]
        named = (("lacks", lacks), ("has too many", more), ("is wrong on", wrong))
        return "; ".join(
            f"{what} {len(days):,} days ({days[0]:%Y-%m-%d} ...)" for what, days in named if len(days)
        )


def fill(folder: Path, code: str, before: list[dt.date], after: list[dt.date]) -> tuple[Path, Twin]:
    """A ledger as it was after ``before``, and a twin that goes on through ``after``."""
    world, keys, panels = World(folder), watched(code), {}
    ledger = Ledger.at(folder / "twin.sqlite")
    template = folder / "before.sqlite"
    for day in [*before, *after]:
        if day == after[0]:
            template = copied(ledger, folder)
            ledger = Ledger.at(folder / "twin.sqlite")
        world.refresh(ledger, day, keys)
        panels[day] = at(ledger, keys[0], day)
    ledger.close()
    return template, Twin(keys[0], panels)


def copied(ledger: Ledger, folder: Path) -> Path:
    """A closed copy of an open ledger's file."""
    target = folder / "before.sqlite"
    with ledger.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{target.as_posix()}'")
        connection.exec_driver_sql("BEGIN")
    ledger.close()
    return target
