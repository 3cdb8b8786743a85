"""Well-formed and false answers about what is held, a sample of all lies of all series; then honest days."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import closing
from functools import cache
from pathlib import Path

from analytics.ledger import Ledger
from bench.endurance.stage import Outcome, Stage, rows
from tests.loopback.lies import LIES
from tests.sources.admission.stage import (
    AFTER,
    DAYS,
    LIE_ON,
    Twin,
    World,
    at,
    fill,
    opened,
    short_histories,
    watched,
)

CASES = [
    (name, code, mode)
    for name, lie in LIES.items()
    for code in sorted(lie.codes)
    for mode in LIE_ON
    if mode == "whole" or not lie.whole_only
]
"""Lie, code, and whether all history is read on the day of the lie or the newest part."""
BACK = (0, 30, 400)
"""How long before the lie the days lie as of which the ledger is read before and after [days]."""
DISPUTED = ("Disputed", "HistoryShrank")


def told(stage: Stage, tries: int, seed: int) -> Outcome:
    """Each lie once, to a copy of a ledger that holds the truth; beside it goes a twin that nobody lies to."""
    outcome, moment = Outcome("a source lies about what is held"), random.Random(seed)

    @cache
    def honest(code: str, mode: str) -> tuple[Path, Twin]:
        folder = stage.home / f"honest-{len(list(stage.home.iterdir()))}"
        folder.mkdir()
        place = LIE_ON[mode]
        return fill(folder, code, DAYS[:2], DAYS[place : place + AFTER + 1])

    with short_histories():
        for name, code, mode in moment.sample(CASES, tries):
            before, twin = honest(code, mode)
            with closing(opened(before, stage.home / f"lied-to-{outcome.tries}")) as ledger:
                found = _one(ledger, twin, (name, code, mode), outcome)
            outcome.check([f"{name}, {code}, {mode}: {problem}" for problem in found])
    return outcome


def _one(ledger: Ledger, twin: Twin, case: tuple[str, str, str], outcome: Outcome) -> list[str]:
    """What was false, lost or changed, from the day of the lie through AFTER honest days."""
    name, code, mode = case
    world, keys, held = World(Path(str(ledger.engine.url.database)).parent), watched(code), rows(ledger)
    small, place = LIES[name].within_bounds, LIE_ON[mode]
    past, false, days = _past(ledger, twin.key), [], DAYS[place : place + AFTER + 1]
    for day in days:
        if day != days[0]:  # the morning, before that day's refresh
            false.append(_false(ledger, twin, day))
        world.refresh(ledger, day, keys, {code: name} if day == days[0] else {})
        if day == days[0]:
            outcome.count(_answered(ledger, twin.key))
        false.append(_false(ledger, twin, day))
    if small and any(false):
        outcome.count("lies within the bounds that were read until an honest day")
    found = [f"{n} false values were read" for n in false if n and not small]
    if differs := twin.differs(at(ledger, twin.key, days[-1]), days[-1]):
        found.append(f"not healed after {AFTER} honest days: {differs}")
    if lost := len(held - rows(ledger)):
        found.append(f"{lost} rows were lost")
    return found + ["an earlier as-of read changed"] * (_past(ledger, twin.key) != past)


def _past(ledger: Ledger, key: str) -> list[str]:
    return [at(ledger, key, DAYS[1] - dt.timedelta(days=back)).sha256 for back in BACK]


def _false(ledger: Ledger, twin: Twin, day: dt.date) -> int:
    return len(twin.false(at(ledger, twin.key, day)))


def _answered(ledger: Ledger, key: str) -> str:
    """What became of the answer, by the journal."""
    last = ledger.last_attempts().set_index("series").loc[key]
    if last["outcome"] == "failed":
        return "answers disputed" if last["error"] in DISPUTED else "answers refused"
    return "answers with rows refused" if last["refused"] else "answers of which nothing false was new"
