"""What a panel costs: 30 series x 10 years (75,000 rows) as known on a past day, and how the cost grows.

    python -m bench.panel_read [--repeats 9] [--no-postgres]

The ledger holds more than is asked for, as a real one does: half a year after the as-of day, values revised before it and
after it. Beside ``panel.build`` (the as-of rule, papers, hash and all) stand, on the same engine and in turn:

- ``pd.read_sql`` of the same 75,000 rows, all seven columns, from a table that holds nothing else: no as-of rule, no papers;
- the same with only series, date and value, the least that a plain author would read;
- ``pd.read_parquet`` of those three columns from a file.

Warm is ``pages.shell.load.panel``, which the pages call: the panel that another reader has already asked for.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import sqlalchemy as sa

from analytics import catalogue, panel
from analytics.catalogue import Series
from analytics.clock import calendars
from analytics.ledger import Ledger
from bench.figures import machine, mark, ratios, spread
from tests import postgres

AS_OF = dt.datetime(2026, 1, 23, 23, tzinfo=dt.UTC)
BEFORE, AFTER = AS_OF - dt.timedelta(days=30), AS_OF + dt.timedelta(days=30)
SERIES, YEARS, YEAR = 30, 10, 250
LATER_DAYS, REVISED = 125, 0.02
COLD, WARM_MS, GROWTH = 1.2, 2.0, 1.05
"""Targets: times ``pd.read_sql`` of the same rows, milliseconds, exponent."""
PARTS = ("ours", "read_sql, 7 columns", "read_sql, 3 columns", "parquet, 3 columns")


def filled(ledger: Ledger, number: int, years: int) -> list[Series]:
    """Fill a ledger with ``number`` series whose history to the as-of day has ``years`` years of trading days."""
    dice = np.random.default_rng(7)
    wanted = [catalogue.typed(f"BENCH{i:03d}") for i in range(number)]
    days = pd.bdate_range(end="2026-01-23", periods=years * YEAR)
    days = days.append(pd.bdate_range(start=days[-1] + pd.Timedelta(days=1), periods=LATER_DAYS))
    period = pd.Series(days.to_numpy().astype("datetime64[s]"))
    batch = []
    for series in wanted:
        rows = pd.DataFrame({"period": period, "field": series.field})
        rows["value"] = 100 * np.exp(0.01 * dice.standard_normal(len(rows)).cumsum())
        rows["known_at"], rows["estimated"] = calendars.release_times(series, period), False
        batch.append((series, rows))
    ledger.append_many(batch, AS_OF - dt.timedelta(days=60))
    for now in (BEFORE, AFTER):
        for _, rows in batch:
            rows.loc[dice.random(len(rows)) < REVISED, "value"] *= 1.01
        ledger.append_many(batch, now)
    return wanted


def copied(ledger: Ledger, keys: Sequence[str], file: Path) -> str:
    """Put the rows that the panel is made of into a table and a Parquet file of their own; returns the table's name."""
    read = ledger.read(keys, AS_OF)
    parts = []
    for number, found in enumerate(read.values()):
        part = pd.DataFrame({"series_id": number, "field": 1, "period": found.periods})
        parts.append(
            part.assign(
                known_at=found.known_at,
                recorded_at=found.recorded_at,
                estimated=found.estimated.astype(int),
                value=found.values,
            )
        )
    whole = pd.concat(parts, ignore_index=True)
    whole.to_sql("plain_rows", ledger.engine, index=False, if_exists="replace", chunksize=50_000)
    whole[["series_id", "period", "value"]].to_parquet(file)
    return "plain_rows"


def readers(ledger: Ledger, keys: Sequence[str], file: Path) -> dict[str, Callable[[], object]]:
    """The four ways, by the names in PARTS."""
    table = copied(ledger, keys, file)
    whole = sa.text(f"SELECT * FROM {table}")
    least = sa.text(f"SELECT series_id, period, value FROM {table}")
    ways = (
        lambda: panel.build(ledger, keys, AS_OF),
        lambda: pd.read_sql(whole, ledger.engine),
        lambda: pd.read_sql(least, ledger.engine),
        lambda: pd.read_parquet(file),
    )
    return dict(zip(PARTS, ways, strict=True))


def seconds(call: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """One call's time by a clock [s]."""
    began = clock()
    call()
    return clock() - began


def compare(name: str, ledger: Ledger, folder: Path, repeats: int) -> None:
    """Print one engine's rows."""
    keys = [series.key for series in filled(ledger, SERIES, YEARS)]
    ways = readers(ledger, keys, folder / "rows.parquet")
    held = panel.build(ledger, keys, AS_OF)
    n = sum(paper.n for paper in held.papers.values())
    assert n == SERIES * YEARS * YEAR, n
    times: dict[str, list[float]] = {part: [] for part in PARTS}
    for _ in range(repeats):
        for part in PARTS:
            times[part].append(seconds(ways[part]))
    ours = times["ours"]
    print(f"{name}: {n:,} rows, cold panel {statistics.median(ours) * 1000:.0f} ms")
    for part in PARTS[1:]:
        each = ratios(ours, times[part])
        line = f"  over {part:20} {spread(each):>18}, {statistics.median(times[part]) * 1000:.0f} ms"
        judged = f"; target {COLD:g} {mark(statistics.median(each), COLD)}" if "7" in part else ""
        print(line + judged)


@contextmanager
def pages_read(settings: dict[str, str]) -> Iterator[None]:
    """The pages' caches over a ledger, forgotten afterwards."""
    import streamlit as st

    from analytics.settings import settings as current

    kept = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    current.cache_clear()
    try:
        yield
    finally:
        st.cache_resource.clear()
        current.cache_clear()
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def warm(name: str, settings: dict[str, str], repeats: int) -> None:
    """Print what a panel costs that another reader has asked for."""
    import logging

    logging.getLogger("streamlit").setLevel("ERROR")  # it misses a browser here
    from pages.shell import load

    keys = [catalogue.typed(f"BENCH{i:03d}").key for i in range(SERIES)]
    with pages_read({"SILVERLEAD_DATA": "live", "SILVERLEAD_TODAY": "2026-06-05", **settings}):
        version = load.version()
        assert len(load.panel(keys, AS_OF, version).columns) == SERIES
        times = [1000 * seconds(lambda: load.panel(keys, AS_OF, version)) for _ in range(repeats * 10)]
        load.desk().ledger.close()
    middle = statistics.median(times)
    print(f"  {name}, warm: {spread(times)} ms; target {WARM_MS:g} ms {mark(middle, WARM_MS)}")


def growth(repeats: int) -> None:
    """Print how the cold cost grows with series and with years, on SQLite: processor time, which other work on the
    machine disturbs less."""
    sizes = {
        "series": [(SERIES * times, YEARS) for times in (1, 3, 10)],
        "years": [(SERIES, y) for y in (10, 20, 40)],
    }
    for what, steps in sizes.items():
        costs, counts = [], []
        for number, years in steps:
            with tempfile.TemporaryDirectory() as name:
                ledger = Ledger.at(Path(name) / "ledger.sqlite")
                keys = [series.key for series in filled(ledger, number, years)]
                read = partial(panel.build, ledger, keys, AS_OF)
                read()
                costs.append(min(seconds(read, time.process_time) for _ in range(repeats)))
                counts.append(number if what == "series" else years)
                ledger.close()
        power = exponent(counts, costs)
        shown = ", ".join(f"{n}: {cost * 1000:.0f} ms" for n, cost in zip(counts, costs, strict=True))
        print(f"growth with {what} ({shown}): exponent {power:.2f}; target {GROWTH:g} {mark(power, GROWTH)}")


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Slope of log cost on log size: 1 is linear."""
    x, y = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    slope, _ = np.polyfit(x, y, 1)
    return float(slope)


def main() -> None:
    """Run it and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--no-postgres", action="store_true")
    chosen = parser.parse_args()
    print(f"panel read: ours over the peer, median (min-max) of {chosen.repeats}; {machine()}")
    calendars.us_release_days()  # loading the calendar is a cost of the process, not of a panel
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ledger = Ledger.at(folder / "ledger.sqlite")
        compare("SQLite", ledger, folder, chosen.repeats)
        ledger.close()
        warm("SQLite", {"SILVERLEAD_CACHE": str(folder), "DATABASE_URL": ""}, chosen.repeats)
        programs = None if chosen.no_postgres else postgres.programs()
        if programs is None:
            print("PostgreSQL: left out, its programs are not here")
        else:
            server = stack.enter_context(postgres.server(programs))
            ledger = Ledger(server.database())
            compare("PostgreSQL", ledger, folder, chosen.repeats)
            ledger.close()
            warm("PostgreSQL", {"DATABASE_URL": server.url(postgres.NAME)}, chosen.repeats)
    growth(chosen.repeats)


if __name__ == "__main__":
    main()
