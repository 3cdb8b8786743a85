"""Simulated days, hour by hour: refreshes as they fall due, faults of every kind, kills, jumps of the clock, visits."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import stamina

from analytics import catalogue
from analytics.clock.instants import end_of_day
from analytics.ledger import Ledger
from analytics.sources.refresh import refresh
from bench.endurance.children import refresh_here, started
from bench.endurance.stage import (
    BEFORE,
    FILE,
    SERIES,
    Outcome,
    Stage,
    facts,
    facts_at,
    held,
    missing,
    page,
    problems,
    refresh_in,
    sources_at,
)
from tests.loopback.reply import CONTENT, TRANSPORT
from tests.loopback.server import Loopback
from tests.pages.served import copy_of

HOURS = 24
FAULTS = tuple(mode for mode in (*TRANSPORT, *CONTENT) if mode != "slow")
"""A slow source is in tests/faults: here it would only take time."""
PATHS = ("/", "/v8/", "/fred/")
ACTS = {
    "a plain refresh": 55,
    "a refresh under a fault": 30,
    "a kill": 4,
    "a refresh with the clock wrong": 6,
    "a visit": 5,
}
"""What an hour may bring, and how often of a hundred."""


def live(stage: Stage, tries: int, seed: int) -> Outcome:
    """``tries`` hours, the first days after BEFORE; after each the invariants, at the end what is true and nothing else."""
    outcome, moment = Outcome("hours of simulated days with random faults"), random.Random(seed)
    last = BEFORE + dt.timedelta(days=-(-tries // HOURS))
    folder, true = stage.copy("days"), stage.copy("days-true")
    with Loopback(last) as source:
        refresh_in(true, source.address, last)
    truth = facts_at(true)
    with Loopback(BEFORE) as source, _quick(), closing(Ledger.at(folder / FILE)) as ledger:
        source.retry_after = "0"
        for hour in range(tries):
            now = end_of_day(BEFORE) + dt.timedelta(hours=hour + 1)
            source.now = min(now.date(), last)
            act = moment.choices(list(ACTS), list(ACTS.values()))[0]
            outcome.count(act)
            before = held(ledger)
            found = _act(act, folder, source, now, moment, ledger)
            outcome.check(found + problems(before, ledger, truth))
        source.mode, source.now = "ok", last
        done = refresh(
            ledger, sources_at(folder, source.address, last), lambda: end_of_day(last), only=SERIES
        )
        outcome.broken += [f"the last refresh failed: {attempt.message}" for attempt in done.failed]
        outcome.broken += missing(truth, facts(ledger)) + page(copy_of(folder, stage.home / "days-end"))
    return outcome


def _act(
    act: str, home: Path, source: Loopback, now: dt.datetime, moment: random.Random, ledger: Ledger
) -> list[str]:
    """One hour on the ledger in ``home``; what went wrong in it that should not have."""
    source.mode = "ok"
    if act == "a visit":
        return page(home)
    if act == "a kill":
        with started(refresh_here, str(home), source.address, now.date()) as child:
            child.hear()
            child.go()
            time.sleep(moment.uniform(0, 0.8))
            child.kill()
        return []
    if act == "a refresh under a fault":
        source.mode, source.only, source.times = (
            moment.choice(FAULTS),
            moment.choice(PATHS),
            moment.choice((1, 2, -1)),
        )
    wrong = act == "a refresh with the clock wrong"
    off = dt.timedelta(hours=moment.uniform(-72, 0)) if wrong else dt.timedelta()
    providers = sources_at(home, source.address, now.date())
    refresh(ledger, providers, lambda: now + off, force=moment.random() < 0.3)
    return []


@contextmanager
def _quick() -> Iterator[None]:
    """Only SERIES are kept, and a request that failed is not repeated: the next hour does."""
    kept = [catalogue.get(key) for key in SERIES]
    stamina.set_testing(True, attempts=1)
    try:
        with patch("analytics.sources.refresh.everything", lambda ledger, now, most=None: kept):
            yield
    finally:
        stamina.set_testing(False)
