"""Ledger files that were truncated or overwritten: found when opened, moved aside, begun anew, said on the page."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from analytics.desk import live_ledger
from analytics.settings import Settings
from bench.endurance.stage import FILE, TODAY, Outcome, Stage, facts, served
from tests.pages.reader import Reader

Moment = random.Random
Harm = Callable[[Path, Moment], None]


def truncated(path: Path, moment: Moment) -> None:
    with path.open("r+b") as file:
        file.truncate(moment.randrange(1, path.stat().st_size))


def garbage(path: Path, moment: Moment) -> None:
    path.write_bytes(moment.randbytes(moment.randrange(1, 200_000)))


def head_overwritten(path: Path, moment: Moment) -> None:
    _overwrite(path, 0, moment.randbytes(moment.randrange(16, 4096)))


def piece_overwritten(path: Path, moment: Moment) -> None:
    piece = moment.randbytes(4096 * moment.randrange(1, 9))
    _overwrite(path, moment.randrange(0, path.stat().st_size - len(piece)), piece)


def zeroed(path: Path, moment: Moment) -> None:
    start = 4096 * moment.randrange(0, path.stat().st_size // 4096 - 8)
    _overwrite(path, start, bytes(4096 * 8))


HARMS = (truncated, garbage, head_overwritten, piece_overwritten, zeroed)


def _overwrite(path: Path, start: int, piece: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(piece)


def damaged(stage: Stage, tries: int, seed: int) -> Outcome:
    """Half of the tries find the server started already: it must notice, say so and go on without a restart."""
    outcome, moment = Outcome("the ledger file truncated or overwritten"), random.Random(seed)
    for number in range(tries):
        folder, harm = stage.copy("damaged"), HARMS[number % len(HARMS)]
        running = number // len(HARMS) % 2 == 1
        found = [f"{harm.__name__}: {problem}" for problem in _one(folder, harm, moment, running, outcome)]
        outcome.check(found + _anew(stage, folder))
    return outcome


def _one(folder: Path, harm: Harm, moment: Moment, running: bool, outcome: Outcome) -> list[str]:
    path = folder / FILE
    with served(folder):
        if running:
            Reader()
        harm(path, moment)
        broken, reader = path.read_bytes(), Reader()
        found = [f"page: {error[:80]}" for error in reader.errors]
        aside = _aside(folder)
        if aside and "The ledger file could not be read" not in reader.words:
            found.append("the page does not say so")
        if not aside and not running:
            found.append("not noticed")
        if not aside and running and "indexed" not in reader.figures():
            found.append("served neither from memory nor anew")
    if aside and not running and aside[0].read_bytes() != broken:
        found.append("what was kept is not what was there")
    outcome.count(
        "noticed and said at the start" if not running else
        "noticed and said while running" if aside else "served from memory, looked at again at the next start"
    )  # fmt: skip
    return found


def _aside(folder: Path) -> list[Path]:
    return list(folder.glob("ledger.damaged-*.sqlite"))


def _anew(stage: Stage, folder: Path) -> list[str]:
    """The new ledger is filled again and nothing in it is false."""
    with closing(live_ledger(Settings(silverlead_cache=folder, silverlead_today=TODAY))) as ledger:
        done = stage.refresh(folder, ledger=ledger)
        now = facts(ledger)
    found = [f"refresh: {attempt.message}" for attempt in done.failed]
    if now - stage.truth:
        found.append(f"{len(now - stage.truth)} false facts")
    if lost := len({fact[:3] for fact in stage.truth} - {fact[:3] for fact in now}):
        found.append(f"{lost} periods are missing")
    return found
