"""The LBMA's file of vault holdings over made months: milliseconds since 1970, gold and silver in thousand ounces."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache

import numpy as np
import pandas as pd

from analytics.catalogue import load
from analytics.clock.calendars import release_times
from analytics.clock.instants import NEW_YORK
from tests.loopback import market
from tests.loopback.reply import Reply, State

Row = list[int]
FIRST, LAST = np.datetime64("2016-07"), np.datetime64("2028-01")


def reply(path: str, query: dict[str, str], state: State) -> Reply | None:
    """The whole file; None for any other path."""
    if path != "/vault-holdings-data/data.json":
        return None
    known = [row for out, row in months() if out <= state.now]
    return Reply(
        200, "application/json", "" if state.mode == "empty" else json.dumps(_faulty(known, state.mode))
    )


@cache
def months() -> list[tuple[dt.date, Row]]:
    """Every month to LAST and the day on which it comes out."""
    series = load()["london_vaults"]
    ends = np.arange(FIRST + 1, LAST).astype("datetime64[D]") - 1
    rng = np.random.default_rng(5)
    silver = market.published(series.code, ends, 900_000 + 20_000 * rng.random(len(ends)), factors=True)
    gold = 280_000 + 1_000 * rng.standard_normal(len(ends))
    stamps = ends.astype("datetime64[ms]").astype(int)
    whole = np.column_stack([stamps, gold, silver]).round().astype(int).tolist()
    outs = release_times(series, pd.Series(ends.astype("datetime64[s]"))).dt.tz_convert(NEW_YORK).dt.date
    return list(zip(outs, whole, strict=True))


def _faulty(rows: list[Row], mode: str) -> list[Row]:
    if mode == "shrink":
        return rows[len(rows) // 2 :]
    place = len(rows) - 6  # the file is always the whole: among what a later read takes of it
    if mode == "duplicate":
        return rows[: place + 1] + rows[place:]
    factor = {"partial": 0, "spike": 100}.get(mode, 1)
    changed = [rows[place][0], rows[place][1], rows[place][2] * factor]
    return [*rows[:place], changed, *rows[place + 1 :]]
