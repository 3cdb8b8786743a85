"""Start-up against a plain app's, in the same run: the server's readiness, and the first page after it.

    python -m bench.start [--rounds 5]

Both are started as a user starts them, in turn, on a machine that holds data (the simulated ledger). Ready is the first
answer of Streamlit's own health address; ``asgi.py`` is also asked for ``/readyz``, which waits for the ledger. The first
page is the first session's run, imports and all, counted from the start of the process: to its first chart, and whole (ours then
has measured the 34 claims).
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from analytics.desk import demo_ledger
from bench.figures import machine, mark, ratios, spread
from bench.session import Run, reader
from tests.pages.served import environment, free_port

ROOT = Path(__file__).resolve().parent.parent
PLAIN = "bench/plain/app.py"
READY = 1.3
"""Target: times the plain app's start."""
PLAIN_SHAPE = {"overview": {"max": {"charts": [["scatter", [2946, 2946]]], "tables": []}}}
"""One chart of two lines, as the Overview draws it."""
LISTENS, OPEN = "server ready", "its ledger open"
POLL, LIMIT = 0.01, 120.0


def started(script: str, settings: dict[str, str], ready: dict[str, str]) -> dict[str, float]:
    """Seconds from the start of the process, by milestone.

    Args:
        script: What Streamlit runs.
        settings: Environment variables.
        ready: Milestone -> the address that answers 200 from then on, in the order in which they come.
    """
    port = free_port()
    options = (f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true")
    command = [sys.executable, "-m", "streamlit", "run", script, *options]
    began, times = time.perf_counter(), {}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for milestone, health in ready.items():
            while not _answers(port, health):
                assert process.poll() is None, f"{script} ended at once"
                assert time.perf_counter() - began < LIMIT, f"{script} is not ready"
                time.sleep(POLL)
            times[milestone] = time.perf_counter() - began
        run = asyncio.run(_first_page(port))
        whole = time.perf_counter() - began
        return times | {"first chart": whole - run.seconds + run.first_chart, "whole page": whole}
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int, health: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", health)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


async def _first_page(port: int) -> Run:
    async with reader(port) as session:
        run = await session.visit("", "span=max")
    assert run.figures, "the first page drew nothing"
    assert not run.problems, run.problems
    return run


def main() -> None:
    """Run it and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print(f"start: ours over a plain app, median (min-max) of {chosen.rounds} rounds; {machine()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo_ledger(folder).close()
        held = folder / "shapes.json"
        held.write_text(json.dumps(PLAIN_SHAPE))
        ours, plain = environment(folder, SILVERLEAD_DATA="demo"), {"BENCH_SHAPES": str(held)}
        team = ours | {"SILVERLEAD_ALLOWED_HOSTS": "127.0.0.1"}
        listens = {LISTENS: "/_stcore/health"}
        ways = {
            "plain": (PLAIN, plain, listens),
            "app.py": ("app.py", ours, listens),
            "asgi.py": ("asgi.py", team, listens | {OPEN: "/readyz"}),
        }
        for way in ways.values():
            started(*way)  # once for the file system's sake
        times: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
        for _ in range(chosen.rounds):
            for name, call in ways.items():
                times[name].append(started(*call))
    for name in list(ways)[1:]:
        for milestone in times[name][0]:
            against = milestone if milestone in times["plain"][0] else LISTENS
            each = ratios(
                [one[milestone] for one in times[name]],
                [one[against] for one in times["plain"]],
            )
            target = (
                f"; target {READY:g} {mark(statistics.median(each), READY)}" if against == LISTENS else ""
            )
            print(f"  {name:8} {milestone:16} {spread(each):>18}{target}")


if __name__ == "__main__":
    main()
