"""``make honesty``: size and power of every verdict-bearing test, with the naive versions beside, as a table in docs/.

The parts are the modules of ``PARTS``; each offers ``size_chunk`` and ``power_chunk`` that depend on (case, chunk, draws,
seed) alone. Chunks run on both cores, each finished one is a line of a journal, and a run that was stopped goes on
where it was. The seed was fixed in the parts before the first run.

    python -m bench.honesty [--replications 2000] [--power 400] [--draws 199] [--only lead_lag]
"""

from __future__ import annotations

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench import nulls
from bench.honesty_lead_lag import CHUNK, HONEST, OPPOSITE, SEED

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("lead_lag", "events", "divergence", "rates", "drivers", "regime", "scan")
BANDS = {HONEST: (0.03, 0.07), OPPOSITE: (0.012, 0.038)}
"""Where the size of a test behind a verdict must lie: the claimed side at 5%, the other at 2.5%."""
"""What a test behind a verdict must keep at a nominal 5%."""


class Job(NamedTuple):
    """One chunk: module, ``size`` or ``power``, case, number."""

    part: str
    side: str
    case: str
    chunk: int


def parts(only: str = "") -> list[str]:
    """The parts that this checkout has."""
    here = Path(__file__).parent
    return [part for part in PARTS if only in part and (here / f"honesty_{part}.py").exists()]


def jobs(names: Iterable[str], replications: int, power: int) -> Iterator[Job]:
    """All chunks, by case."""
    for part in names:
        size, planted = cases(part)
        for side, these, count in (("size", size, replications), ("power", planted, power)):
            for case in these:
                yield from (Job(part, side, case, chunk) for chunk in range(-(-count // CHUNK)))


def cases(part: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of a module's cases: nulls, and planted effects."""
    module = import_module(f"bench.honesty_{part}")
    size = tuple(getattr(module, "SIZE_CASES", getattr(module, "SIZE", nulls.KINDS)))
    if part == "lead_lag":
        return size, tuple(module.PLANTS)
    if part == "events":
        return size, (*module.GAINS, *module.LOSSES)
    return size, tuple(getattr(module, "POWER_CASES", getattr(module, "POWER", ())))


def run(job: Job, draws: int) -> tuple[Job, list[tuple[str, str, int, int]]]:
    """One chunk as (test, kind, rejections, n) rows; top level, so that a process pool can send it."""
    module = import_module(f"bench.honesty_{job.part}")
    counts = getattr(module, f"{job.side}_chunk")(job.case, job.chunk, draws, SEED)
    return job, [(test, kind, sum(found), len(found)) for (test, kind), found in counts.items()]


def work(todo: list[Job], draws: int, journal: Path, workers: int) -> None:
    """Run what is left, on all cores, with progress; every finished chunk is kept at once."""
    columns = (TextColumn("{task.description:48}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar, journal.open("a", encoding="utf-8") as file:
        task = bar.add_task("honesty", total=len(todo))
        with ProcessPoolExecutor(workers) as pool:
            for future in as_completed([pool.submit(run, job, draws) for job in todo]):
                job, rows = future.result()
                file.write(json.dumps([list(job), rows]) + "\n")
                file.flush()
                bar.update(task, advance=1, description=f"{job.part}: {job.case}"[:48])


def read(journal: Path) -> dict[Job, list[tuple[str, str, int, int]]]:
    """Finished chunks; a line that was cut off by a kill is left out."""
    done: dict[Job, list[tuple[str, str, int, int]]] = {}
    for line in journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []:
        try:
            job, rows = json.loads(line)
        except json.JSONDecodeError:
            continue
        done[Job(*job)] = rows
    return done


class Line(NamedTuple):
    """One line of the table."""

    side: str
    test: str
    kind: str
    case: str
    rejections: int
    n: int

    @property
    def rate(self) -> float:
        return self.rejections / self.n

    @property
    def kept(self) -> bool:
        """Whether a test behind a verdict keeps its size; display and naive rows promise nothing."""
        low, high = BANDS.get(self.kind, (0.0, 1.0)) if self.side == "size" else (0.0, 1.0)
        return low <= self.rate <= high


def lines(done: dict[Job, list[tuple[str, str, int, int]]], wanted: set[Job]) -> list[Line]:
    """Chunks of one case and test brought together."""
    total: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for job, rows in sorted(done.items()):
        if job not in wanted:
            continue
        for test, kind, rejections, n in rows:
            cell = total[job.side, test, kind, job.case]
            cell[0] += rejections
            cell[1] += n
    order = {HONEST: 0, OPPOSITE: 1, "display": 2, "naive": 3}
    found = [Line(*key, *cell) for key, cell in total.items()]
    return sorted(found, key=lambda line: (line.side != "size", order[line.kind], line.test, line.case))


def table(found: list[Line], draws: int) -> str:
    """The page docs/honesty.md."""
    out = [
        "# Honesty table",
        "",
        f"Made on {datetime.now(UTC):%Y-%m-%d} by `make honesty`, seed {SEED} (fixed in the code before the run), {draws} draws a test.",
        "Every row calls the page's own functions. *Honest* rows are behind a verdict and must keep their nominal 5% between 3%",
        "and 7% where their null is true, their other side its 2.5% between 1.2% and 3.8%; *display* rows stand beside and decide",
        "nothing; *naive* rows are what a reader would otherwise have had. The interval is the binomial standard error. N1 to N4",
        "are described in `bench/nulls.py`.",
    ]
    for side, title in (("size", "False alarms at a nominal 5%"), ("power", "Planted effects found")):
        out += [
            "",
            f"## {title}",
            "",
            "| test | kind | case | rate | ± | replications |",
            "|---|---|---|---|---|---|",
        ]
        for line in (line for line in found if line.side == side):
            error = (line.rate * (1 - line.rate) / line.n) ** 0.5
            mark = "" if line.kept else " **outside**"
            out.append(
                f"| {line.test} | {line.kind} | {line.case} | {100 * line.rate:.1f}%{mark} | {100 * error:.1f} | {line.n:,} |"
            )
    return "\n".join(out) + "\n"


def main() -> int:
    """Run, print what was missed, write the table; 1 when a test behind a verdict does not keep its size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=2_000)
    parser.add_argument("--power", type=int, default=400)
    parser.add_argument("--draws", type=int, default=199)
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    journal = ROOT / "build" / f"honesty-{SEED}-{options.draws}.jsonl"
    journal.parent.mkdir(exist_ok=True)
    every = list(jobs(parts(options.only), options.replications, options.power))
    done = read(journal)
    work([job for job in every if job not in done], options.draws, journal, options.workers)
    found = lines(read(journal), set(every))
    if not options.only:
        (ROOT / "docs" / "honesty.md").write_text(table(found, options.draws), encoding="utf-8")
    missed = [line for line in found if not line.kept]
    honest = [line for line in found if line.side == "size" and line.kind in BANDS]
    for line in missed:
        print(f"outside its band: {line.test}, {line.case}: {100 * line.rate:.1f}% of {line.n:,}")
    print(f"{len(honest) - len(missed)} of {len(honest)} sizes of tests behind a verdict lie in their bands.")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
