"""kill -9 at random moments of a refresh, and two refreshers that start at the same moment."""

from __future__ import annotations

import random
import time
from pathlib import Path

from bench.endurance.children import refresh_here, started
from bench.endurance.stage import (
    SERIES,
    Outcome,
    Stage,
    facts_at,
    halves,
    healed,
    held_at,
    missing,
    page,
    problems_at,
)
from tests.pages.served import TODAY

PAGE_EVERY = 5
"""Tries between two looks at a page."""
HIT = "in the middle"
MOST = 4
"""Tries at most for each kill that is to hit: a machine may be too fast for it."""


def kill(stage: Stage, tries: int, seed: int) -> Outcome:
    """SIGKILL a random while after a random series was stored, until so many hit a refresh in its middle; those that came
    after its end are tries too. Every try begins at the same ledger."""
    outcome, moment = Outcome("kill -9 at a random moment of a refresh"), random.Random(seed)
    shortest = min(_uninterrupted(stage) for _ in range(3))
    while outcome.seen.get(HIT, 0) < tries and outcome.tries < MOST * tries:
        folder = stage.copy("killed")
        before, old = held_at(folder), facts_at(folder)
        with started(refresh_here, str(folder), stage.source.address, TODAY) as child:
            child.hear()
            child.go()
            said = [child.hear() for _ in range(moment.randrange(len(SERIES)))]
            time.sleep(moment.uniform(0, shortest / len(SERIES)))
            child.kill()
            said += child.rest()
        outcome.count("after its end" if ("end", "done") in said else HIT)
        found = problems_at(before, folder, stage.truth)
        found += halves(old, facts_at(folder), stage.truth, {one[0] for one in said if one[1] == "ok"})
        if outcome.tries % PAGE_EVERY == 0:
            found += page(folder)
            outcome.count("pages served")
        outcome.check(found + healed(stage, folder))
    return outcome


def _uninterrupted(stage: Stage) -> float:
    """Seconds of a child's refresh from its start to its end."""
    folder = stage.copy("timed")
    with started(refresh_here, str(folder), stage.source.address, TODAY) as child:
        child.hear()
        begun = time.monotonic()
        child.go()
        child.rest()
        return time.monotonic() - begun


def together(stage: Stage, tries: int, seed: int) -> Outcome:
    """Two processes refresh one ledger at the same moment; one works, the other waits its turn or is told to."""
    outcome = Outcome("two refreshers at once")
    for number in range(tries):
        folder = stage.copy("together")
        before = held_at(folder)
        words = (str(folder), stage.source.address, TODAY)
        with started(refresh_here, *words) as one, started(refresh_here, *words) as two:
            for child in (one, two):
                child.hear()
            for child in (one, two):
                child.go()
            ends = [child.rest()[-1] for child in (one, two)]
        for _, word in ends:
            outcome.count(word)
        found = problems_at(before, folder, stage.truth)
        found += [
            f"a refresher said: {word}" for _, word in ends if word not in ("done", "waited for the other")
        ]
        if ("end", "done") not in ends:
            found.append("none of the two refreshed")
        found += missing(stage.truth, facts_at(folder))
        if number % PAGE_EVERY == 0:
            found += _served(folder, outcome)
        outcome.check(found)
    return outcome


def _served(folder: Path, outcome: Outcome) -> list[str]:
    outcome.count("pages served")
    return page(folder)
