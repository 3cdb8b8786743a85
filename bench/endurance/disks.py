"""A disk that fills up in the middle of a refresh: a real one, where this process may mount a small tmpfs."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analytics.errors import LedgerError, LedgerFull
from bench.endurance.stage import Outcome, Stage, healed, held_at, page, problems_at

PAGE = 4096
ROOM = 64 << 20


def full(stage: Stage, tries: int, seed: int) -> Outcome:
    """Free room from none to nearly enough; then the disk grows and the next refresh must bring everything."""
    outcome, moment = Outcome("the disk is full"), random.Random(seed)
    for number in range(tries):
        with _mounted(stage.home / "small", ROOM) as folder:
            if folder is None:
                outcome.count("skipped: no tmpfs may be mounted here")
                return outcome
            shutil.copytree(stage.filled, folder, dirs_exist_ok=True)
            before = held_at(folder)
            free = 0 if number == 0 else int(2 ** moment.uniform(12, 19))
            with _filled_up(folder, free):
                outcome.count(_refreshed(stage, folder))
                found = page(folder, full=False)  # served, or a sentence that says what to do
            found += problems_at(before, folder, stage.truth) + healed(stage, folder)
            outcome.check(found + page(folder))
    return outcome


def _refreshed(stage: Stage, folder: Path) -> str:
    """What a refresh on the full disk says."""
    try:
        done = stage.refresh(folder)
    except LedgerFull:
        return "said: no room"
    except LedgerError as error:
        return f"said: {str(error).split('(')[-1].split(')')[0]}"
    return "went through" if not done.failed else "failed in part"


@contextmanager
def _filled_up(folder: Path, free: int) -> Iterator[None]:
    """All but ``free`` bytes of the disk taken."""
    ballast = folder / "ballast"
    room = os.statvfs(folder)
    take = max(room.f_bavail * room.f_frsize - free, 0) // PAGE * PAGE
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(take, 1))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def _mounted(place: Path, size: int) -> Iterator[Path | None]:
    """A disk of its own; None where none may be mounted."""
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)
