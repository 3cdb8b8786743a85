"""As-of purity of the claims ledger: fifty random days, each on a ledger cut at the day and on the whole one.

    python -m bench.claims_purity [--days 50] [--seed 1]

Both are measured in full and must print the same JSON. On the demo by default; on whatever SILVERLEAD_CACHE holds with
SILVERLEAD_DATA=live. Prints each day and ends with 1 where one differed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from analytics.cli.command_line import now_of
from analytics.clock.instants import day_of, end_of_day, to_micros
from analytics.desk import demo_ledger
from analytics.evaluate import evaluator
from analytics.ledger import Ledger
from analytics.render import plain
from analytics.settings import settings
from analytics.sources import demo
from analytics.topics.claims.recipes import CLAIMS
from analytics.view import DEFAULT

FIRST = dt.date(2012, 1, 3)


def said(ledger: Ledger, day: dt.date, now: dt.datetime) -> str:
    """The claims ledger as of a day, as JSON."""
    view = replace(DEFAULT, as_of=end_of_day(day))
    return json.dumps(plain.plain(evaluator(ledger, view, now).finding(CLAIMS)), sort_keys=True)


def cut(file: Path, day: dt.date, folder: Path) -> Path:
    """A copy of a ledger's file without anything that became known after the day."""
    made = Path(shutil.copy(file, folder / file.name))
    with closing(sqlite3.connect(made)) as connection, connection:
        connection.execute("DELETE FROM observation WHERE known_at > ?", (to_micros(end_of_day(day)),))
    return made


def main() -> int:
    """Compare day by day; 1 where one differed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    configured = settings()
    now = now_of(configured)
    if configured.silverlead_data == "live":
        file = configured.silverlead_cache / "ledger.sqlite"
    else:
        demo_ledger(configured.silverlead_cache).close()
        file = configured.silverlead_cache / f"demo-{demo.VERSION}.sqlite"
    kind = "live" if configured.silverlead_data == "live" else "demo"
    span = (day_of(now) - FIRST).days
    rng = np.random.default_rng(options.seed)
    days = [FIRST + dt.timedelta(days=int(step)) for step in rng.integers(0, span, options.days)]
    differed = 0
    with closing(Ledger.at(file, kind=kind)) as whole:
        for day in days:
            begun = time.perf_counter()
            with (
                tempfile.TemporaryDirectory() as folder,
                closing(Ledger.at(cut(file, day, Path(folder)), kind=kind)) as short,
            ):
                same = said(short, day, now) == said(whole, day, now)
            differed += not same
            print(f"{day}  {'same' if same else 'DIFFERS'}  {time.perf_counter() - begun:.1f} s", flush=True)
    print(f"{options.days - differed} of {options.days} days say the same on a ledger cut at the day.")
    return 1 if differed else 0


if __name__ == "__main__":
    raise SystemExit(main())
