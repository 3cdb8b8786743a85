"""``make endure``: what the ledger and the pages live through, counted. Every harm is drawn from a seed.

After each try: no row lost, no false figure, reads as of earlier days unchanged, pages served; and the next refresh brings
back everything that is true. A full run takes about half an hour on two quiet cores and writes docs/endurance.md.

    python -m bench.endure [--quick] [--only kill]
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from streamlit.logger import set_log_level

from bench.endurance import clocks, damage, days, disks, endless, hangs, kills, lies, servers
from bench.endurance.stage import Outcome, Stage, stage

ROOT = Path(__file__).resolve().parent.parent
SEED = 20_260_123
"""Fixed before the first run."""
QUICK = 20
"""A quick run does one in so many."""
PARTS: dict[str, tuple[Callable[[Stage, int, int], Outcome], int]] = {
    "kill": (kills.kill, 200),
    "together": (kills.together, 100),
    "disk": (disks.full, 20),
    "damage": (damage.damaged, 60),
    "postgres": (servers.restarts, 20),
    "hung": (hangs.hung, 20),
    "lies": (lies.told, 100),
    "endless": (endless.answers, 80),
    "clock": (clocks.jump, 40),
    "days": (days.live, 240),
}
"""Name -> (harm, tries of a full run); the last counts hours: ten days of 24."""


def run(only: str = "", share: int = 1) -> list[Outcome]:
    """Every part whose name holds ``only``, with its tries divided by ``share``; each is printed as it ends."""
    found = []
    with stage() as ready:
        for name, (harm, tries) in PARTS.items():
            if only in name:
                begun = time.monotonic()
                found.append(harm(ready, max(1, tries // share), SEED))
                print(f"{line(found[-1])} ({time.monotonic() - begun:.0f} s)", flush=True)
                for problem in found[-1].broken[:20]:
                    print(f"    {problem}")
    return found


def line(outcome: Outcome) -> str:
    seen = "; ".join(f"{count:,} {what}" for what, count in outcome.seen.items())
    state = "nothing lost" if not outcome.broken else f"{len(outcome.broken)} BROKEN"
    return f"{outcome.harm}: {outcome.tries} tries, {state}: {seen}"


def table(found: list[Outcome]) -> str:
    """The page docs/endurance.md."""
    out = [
        "# Endurance table",
        "",
        f"Made on {datetime.now(UTC):%Y-%m-%d} by `make endure`, seed {SEED}, {platform.machine()}, {os.cpu_count()} cores. After each try:",
        "no row lost, no false figure, reads as of earlier days unchanged; pages are opened in between; the next refresh brings back all that is true.",
        "",
        "| harm | tries | broken | what happened |",
        "|---|---|---|---|",
    ]
    for one in found:
        seen = "; ".join(f"{count:,} {what}" for what, count in one.seen.items())
        out.append(f"| {one.harm} | {one.tries} | {len(one.broken)} | {seen} |")
    return "\n".join(out) + "\n"


def main() -> int:
    """Run, print, write the table after a full run; 1 where an invariant did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"one try in {QUICK}")
    parser.add_argument("--only", default="", help=", ".join(PARTS))
    options = parser.parse_args()
    set_log_level("ERROR")
    for name in ("silverlead", "stamina"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    found = run(options.only, QUICK if options.quick else 1)
    if not options.quick and not options.only:
        (ROOT / "docs" / "endurance.md").write_text(table(found), encoding="utf-8")
    broken = sum(len(one.broken) for one in found)
    print(f"{sum(one.tries for one in found):,} tries, {broken} invariants broken.")
    return 1 if broken or not found else 0


if __name__ == "__main__":
    raise SystemExit(main())
