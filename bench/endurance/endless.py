"""Answers that drip, that are announced for ever or that unpack to gigabytes: a refresh ends, in time and in little memory."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

from analytics.errors import RefreshRunning
from analytics.ledger import Ledger, refresh_lock
from bench.endurance.children import ATTEMPTS, DEADLINE, refresh_in_haste, started
from bench.endurance.stage import FILE, SERIES, TODAY, Outcome, Stage, healed, held_at, problems_at
from tests.loopback.reply import ENDLESS

WORDS = {
    "heads": "headers in drips",
    "processing": "answers 102 without end",
    "drip": "bodies in drips",
    "bomb": "bodies of 4 GB in 4 MB",
}
PATHS = ("/", "/v8/", "/fred/")
"""Both sources that SERIES are asked of, or one while the other is honest."""
LONGEST = len(SERIES) * ATTEMPTS * DEADLINE + 15.0
"""What the requests may take in sum, and a busy machine besides [s]."""
MOST_MB = 256
"""Memory that a refresh may take, its libraries among it; a bomb holds 4,096."""
GROWTH = "MB taken at most"


def answers(stage: Stage, tries: int, seed: int) -> Outcome:
    """Each endless answer in turn, of both sources or one, to a refresher in a process of its own."""
    outcome, moment, source = Outcome("a source answers without end"), random.Random(seed), stage.source
    source.pause = 0.05
    for number in range(tries):
        mode, folder = ENDLESS[number % len(ENDLESS)], stage.copy("endless")
        before = held_at(folder)
        outcome.count(WORDS[mode])
        with started(refresh_in_haste, str(folder), source.address, TODAY) as child:
            child.hear()
            source.mode, source.only = mode, moment.choice(PATHS)
            child.go()
            found = _judged(child.hear(), outcome) if child.speaks(LONGEST) else ["the refresh does not end"]
            source.mode, source.only = "ok", "/"
            found += problems_at(before, folder, stage.truth) + _locked(folder)
        outcome.check([f"{mode}: {problem}" for problem in found + healed(stage, folder)])
    return outcome


def _judged(said: tuple[int, int], outcome: Outcome) -> list[str]:
    failed, growth = said
    outcome.count("series given up", failed)
    outcome.seen[GROWTH] = max(outcome.seen.get(GROWTH, 0), growth)
    found = [] if failed else ["nobody was told of it"]
    return found + [f"it took {growth} MB"] * (growth > MOST_MB)


def _locked(folder: Path) -> list[str]:
    """Whether the refresher, which still lives, holds the lock."""
    with closing(Ledger.at(folder / FILE)) as ledger:
        try:
            with refresh_lock(ledger.engine):
                return []
        except RefreshRunning:
            return ["the lock is held after it"]
