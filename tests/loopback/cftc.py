"""The CFTC's tables on Socrata over made reports: every number is text, a field without a value is absent.

Understood of a query are ``$select``, ``$where`` (comparisons joined by AND), ``$order``, ``$limit`` and ``$offset``; an app
token is taken and not looked at. Futures alone are another table there; here a row says so only where a test asks.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache

import numpy as np
import pandas as pd

from analytics.catalogue import Series, load
from analytics.clock.calendars import release_times
from analytics.clock.instants import NEW_YORK
from analytics.sources.cftc.reports import table
from tests.loopback import market
from tests.loopback.reply import Reply, State

LAST = dt.date(2027, 12, 31)
DEFAULT_ROWS = 1_000
most_rows = 50_000
"""The most that one page holds; a test may lower it."""
Row = dict[str, str]
_TEST = re.compile(r"(\w+)\s*(=|>=|>)\s*'([^']*)'")


def reply(path: str, query: dict[str, str], state: State) -> Reply | None:
    """A page of one table; None for any other path."""
    match = re.fullmatch(r"/resource/([\w-]+)\.json", path)
    if match is None:
        return None
    tests = [_TEST.fullmatch(part.strip()) for part in query.get("$where", "").split(" AND ")]
    if not all(tests):
        return Reply(400, "application/json", json.dumps({"error": True, "message": "Query not understood"}))
    rows = [row for series in _contracts(match[1]) for row in _known(series, state)]
    for test in tests:
        rows = [row for row in rows if test and _holds(row.get(test[1], ""), test[2], test[3])]
    rows = _faulty(sorted(rows, key=lambda row: row[query["$order"]]), state.mode)
    start = int(query.get("$offset", 0))
    page = rows[start : start + min(int(query.get("$limit", DEFAULT_ROWS)), most_rows)]
    wanted = query["$select"].split(",")
    body = json.dumps([{name: row[name] for name in wanted if name in row} for row in page])
    return Reply(200, "application/json;charset=utf-8", "" if state.mode == "empty" else body)


def _holds(held: str, sign: str, value: str) -> bool:
    return {"=": held == value, ">": held > value, ">=": held >= value}[sign]


def _contracts(name: str) -> list[Series]:
    listed = (series for series in load().values() if series.provider == "cftc")
    return [series for series in listed if table(series).name == name]


def _known(series: Series, state: State) -> list[Row]:
    """What is out by the end of the source's day."""
    return [row for out, row in reports(series.key) if out <= state.now]


@cache
def reports(key: str) -> list[tuple[dt.date, Row]]:
    """Every report of a contract to LAST and the day on which it comes out."""
    series = load.__wrapped__()[key]  # a source does not change with a test's catalogue
    days = np.arange(np.datetime64(series.begins), np.datetime64(LAST), 7)
    rng = np.random.default_rng(int(series.code))
    wave = 200_000 * np.exp(0.1 * np.sin(days.astype(int) / 300) + 0.01 * rng.standard_normal(len(days)))
    interest = np.round(market.published(series.code, days, wave, factors=True)).astype(int)
    outs = release_times(series, pd.Series(days.astype("datetime64[s]"))).dt.tz_convert(NEW_YORK).dt.date
    shares = 0.1 + 0.05 * rng.random((len(days), len(series.parts)))
    rows = zip(days.tolist(), interest.tolist(), shares, strict=True)
    return [(out, _row(series, day, total, own)) for out, (day, total, own) in zip(outs, rows, strict=True)]


def _row(series: Series, day: dt.date, total: int, shares: np.ndarray) -> Row:
    columns = table(series).columns
    held = {columns[part]: str(int(total * share)) for part, share in zip(series.parts, shares, strict=True)}
    about = {
        "id": f"{day:%y%m%d}{series.code}C",
        "market_and_exchange_names": series.title.upper(),
        "report_date_as_yyyy_mm_dd": f"{day}T00:00:00.000",
        "cftc_contract_market_code": series.code,
        "futonly_or_combined": "Combined",
        "open_interest_all": str(total),
    }
    return about | held


def _faulty(rows: list[Row], mode: str) -> list[Row]:
    middle = len(rows) // 2
    if mode == "shrink":
        return rows[middle:]
    if mode == "duplicate":
        return rows[: middle + 1] + rows[middle:]
    if mode == "partial":
        gone = {name: text for name, text in rows[middle].items() if name != "open_interest_all"}
        return [*rows[:middle], gone, *rows[middle + 1 :]]
    put = {"spike": ["-5", "n/a", "9999999999"]}.get(mode, [])
    wrong = {
        place: {**rows[place], "open_interest_all": text} for place, text in enumerate(put, start=middle)
    }
    return [wrong.get(place, row) for place, row in enumerate(rows)]
