"""Clocks that jump, back and forth, by seconds and by years."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import closing

from analytics.clock.instants import end_of_day
from analytics.ledger import Ledger
from analytics.sources.refresh import refresh
from bench.endurance.stage import (
    FILE,
    SERIES,
    TODAY,
    Outcome,
    Stage,
    healed,
    held,
    page,
    problems,
    sources_at,
)

JUMPS = (
    dt.timedelta(seconds=-1),
    dt.timedelta(hours=-1),
    dt.timedelta(hours=1),
    dt.timedelta(days=-1),
    dt.timedelta(days=-400),
    dt.timedelta(days=-12_000),
    dt.timedelta(days=1),
    dt.timedelta(days=40),
)
"""Forward jumps of years would be another matter: the door believes the clock about which bars are final."""


def jump(stage: Stage, tries: int, seed: int) -> Outcome:
    """Three refreshes under a clock that jumps before each, and within them; then one under the true clock."""
    outcome, moment = Outcome("the clock jumps"), random.Random(seed)
    for number in range(tries):
        folder = stage.copy("clock")
        found: list[str] = []
        with closing(Ledger.at(folder / FILE)) as ledger:
            for _ in range(3):
                before, version = held(ledger), ledger.version()
                now = _Clock(end_of_day(TODAY), moment)
                done = refresh(ledger, sources_at(folder, stage.source.address, TODAY), now, only=SERIES)
                outcome.count("refreshes", 1)
                outcome.count("series failed", len(done.failed))
                found += problems(before, ledger, stage.truth)
                if ledger.version() < version:
                    found.append("the version went back")
        found += healed(stage, folder)
        if number % 5 == 0:
            found += page(folder)
        outcome.check(found)
    return outcome


class _Clock:
    """The true instant, but for a jump now and then; each jump lasts until the next."""

    def __init__(self, true: dt.datetime, moment: random.Random) -> None:
        self._true, self._moment = true, moment
        self._off = moment.choice(JUMPS)

    def __call__(self) -> dt.datetime:
        if self._moment.random() < 0.2:
            self._off = self._moment.choice((dt.timedelta(), *JUMPS))
        return self._true + self._off
