"""Yahoo's chart answers over the loopback market's prices: made from a seed, never recorded.

QQQ and SPLT split and QQQ pays a dividend every quarter; like the source's, answers given after a split restate what
came before it. Prices are in single precision, as the source's are. Told to lie about a symbol (``State.lies``), it
says what the lie makes of the true history.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from analytics.catalogue import load, parse_contract_code
from tests.loopback import lies, market
from tests.loopback.lies import Told
from tests.loopback.market import CRYPTO_FIRST, FIRST, LAST, closes, sessions, trading_days
from tests.loopback.reply import Reply, State

__all__ = ["CRYPTO_FIRST", "FIRST", "LAST", "closes", "reply", "sessions", "trading_days"]

SPLITTER = "QQQ"
SPLIT, SPLIT_RATIO = market.SPLITS[SPLITTER][0]
DIVIDEND = 0.5
"""Paid by SPLITTER for each share as it then was [$]."""
TYPED = ("ADA-USD", "7203.T", "PENY.L", "TYPD", "SPLT")
"""Symbols beyond the catalogue's that this source knows."""
UNKNOWN = {"code": "Not Found", "description": "No data found, symbol may be delisted"}


def reply(path: str, query: dict[str, str], state: State) -> Reply | None:
    """The answer to a chart request; None for any other path."""
    match = re.fullmatch(r"/v8/finance/chart/([^/]+)", path)
    if match is None:
        return None
    status, chart = (
        (200, {"result": None, "error": None}) if state.mode == "empty" else _chart(match[1], query, state)
    )
    return Reply(status, "application/json", json.dumps({"chart": chart}))


def known(symbol: str, now: dt.date) -> bool:
    """Whether the source lists a symbol; a contract is gone once its month is over."""
    month = parse_contract_code(symbol) if symbol.endswith(".CBT") else market.delivery_month(symbol)
    if month is not None:
        return dt.date(now.year, now.month, 1) <= month and bool(
            (sessions(symbol) <= np.datetime64(now)).any()
        )
    return symbol in TYPED or any(row.provider == "yahoo" and row.code == symbol for row in load().values())


def opening(symbol: str, day: dt.date) -> int:
    """The stamp of a day's finished bar [s since 1970 UTC]."""
    zone, time = _clock(symbol)
    return int(dt.datetime.combine(day, time, ZoneInfo(zone)).timestamp())


@cache
def _openings(symbol: str) -> dict[int, int]:
    """``opening`` of every one of ``sessions``, by day since 1970."""
    days = sessions(symbol)
    return {
        day: opening(symbol, date) for day, date in zip(days.astype(int).tolist(), days.tolist(), strict=True)
    }


def stamps(symbol: str, days: np.ndarray) -> list[int]:
    """``opening`` of many days (datetime64[D], any order), those on which the symbol does not trade among them."""
    known = _openings(symbol)
    return [
        known.get(day) or opening(symbol, dt.date(1970, 1, 1) + dt.timedelta(days=day))
        for day in days.astype(int).tolist()
    ]


def _clock(symbol: str) -> tuple[str, dt.time]:
    if symbol.endswith("-USD"):
        return "UTC", dt.time()
    if symbol.endswith(".T"):
        return "Asia/Tokyo", dt.time(9)
    if symbol.endswith(".L"):
        return "Europe/London", dt.time(8)
    if symbol.endswith("=X"):
        return "Europe/London", dt.time()
    future = symbol.endswith(("=F", ".CBT", ".CMX"))
    return "America/New_York", dt.time() if future else dt.time(9, 30)


def true(symbol: str, state: State) -> Told:
    """All that the source knows of a symbol at the end of a day, the past restated for the splits until then."""
    now, days = state.now, sessions(symbol)
    kept = (days <= np.datetime64(now)) & (days >= np.datetime64(state.first))
    days = days[kept]
    splits = tuple(split for split in market.SPLITS.get(symbol, ()) if split[0] <= now)
    values = closes(symbol)[kept] / market.later_ratio(days, splits)
    money = {"T": "JPY", "L": "GBp"}.get(symbol.partition(".")[2], "USD")
    return Told(symbol, days, values, splits=splits, currency=money, begins=days[0].item())


def _chart(symbol: str, query: dict[str, str], state: State) -> tuple[int, dict[str, Any]]:
    if not known(symbol, state.now):
        return 404, {"result": None, "error": UNKNOWN}
    told = lies.told(
        state.lies.get(symbol),
        true(symbol, state),
        lambda code: true(code, state),
        _asked(query, state.mode),
    )
    if not len(told.days):
        text = f"Data doesn't exist for startDate = {query.get('period1')}, endDate = {query.get('period2')}"
        return 400, {"result": None, "error": {"code": "Bad Request", "description": text}}
    asked = _spoilt(_rows(told), state.mode)
    result = _result(told, asked)
    events = _events(told, asked[0][0], state.now)
    if events:
        result["events"] = events
    return 200, {"result": [result], "error": None}


def _rows(told: Told) -> list[list[Any]]:
    """Stamp, close in single precision, volume."""
    ratio = market.later_ratio(told.days, told.splits)
    every = stamps(told.code, told.days)
    volume = ((1000 + np.array(every) // 86400 % 97) * ratio).astype(int)
    return [
        list(row)
        for row in zip(
            every, told.values.astype(np.float32).astype(float).tolist(), volume.tolist(), strict=True
        )
    ]


def _asked(query: dict[str, str], mode: str) -> lies.Window:
    """The part of a history that a request asks for."""
    count = {"1d": 1, "5d": 5, "1mo": 21, "3mo": 63, "1y": 252}.get(query.get("range", "1mo"))

    def window(told: Told) -> Told:
        told = told.keep(np.arange(len(told.days)) >= len(told.days) // 2) if mode == "shrink" else told
        if "period1" in query:
            every = np.array(stamps(told.code, told.days))
            return told.keep((every >= int(query["period1"])) & (every < int(query["period2"])))
        return told.keep(np.arange(len(told.days)) >= len(told.days) - count) if count else told

    return window


def _spoilt(rows: list[list[Any]], mode: str) -> list[list[Any]]:
    """The rows as a fault leaves them; ``rows`` are not changed."""
    rows, middle = [list(row) for row in rows], len(rows) // 2
    if not rows:
        return rows
    if mode == "partial":  # a finished day without a price, and the running bar as a row of its own
        stamp, close, volume = rows[-1]
        rows[middle][1:] = [None, None]
        rows.append([stamp + 4 * 3600 + 321, float(np.float32(close * 1.01)), volume])
    if mode == "duplicate":
        rows.insert(middle, list(rows[middle]))
    if mode == "spike":
        for row, factor in zip(rows[middle : middle + 3], (100.0, 0.0, -1.0), strict=False):
            row[1] *= factor
    return rows


def _events(told: Told, first: int, now: dt.date) -> dict[str, dict[str, Any]]:
    dividends, splits = {}, {}
    for day in dividend_days(told.days) if told.code == SPLITTER else ():
        stamp, ratio = opening(SPLITTER, day), SPLIT_RATIO if now >= SPLIT > day else 1.0
        if stamp >= first:
            dividends[str(stamp)] = {"amount": DIVIDEND / ratio, "date": stamp}
    for day, ratio in told.splits:
        stamp = opening(told.code, day)
        if stamp >= first:
            splits[str(stamp)] = {
                "date": stamp,
                "numerator": ratio,
                "denominator": 1.0,
                "splitRatio": f"{ratio:g}:1",
            }
    return {name: events for name, events in (("dividends", dividends), ("splits", splits)) if events}


def dividend_days(days: np.ndarray) -> list[dt.date]:
    """The first trading day of every February, May, August and November."""
    months = days.astype("datetime64[M]")
    first = np.append(True, months[1:] != months[:-1])
    return [day for day in days[first].tolist() if day.month % 3 == 2]


def _result(told: Told, rows: list[list[Any]]) -> dict[str, Any]:
    symbol, last = told.code, max(row[0] for row in rows)
    zone, _ = _clock(symbol)
    kind = (
        "CRYPTOCURRENCY"
        if symbol.endswith("-USD")
        else "FUTURE"
        if symbol.endswith(("=F", ".CBT", ".CMX"))
        else "ETF"
    )
    session = {"timezone": "EST", "start": last, "end": last + 23400, "gmtoffset": -18000}
    meta = {
        "currency": told.currency,
        "symbol": symbol,
        "instrumentType": "INDEX" if symbol.startswith("^") else kind,
        "firstTradeDate": opening(symbol, told.begins),
        "regularMarketTime": rows[-1][0],
        "exchangeTimezoneName": zone,
        "currentTradingPeriod": {name: dict(session) for name in ("pre", "regular", "post")},
        "dataGranularity": "1d",
        "validRanges": ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"],
    }
    times, close, volume = (list(column) for column in zip(*rows, strict=True))
    quote = {"open": close, "high": close, "low": close, "close": close, "volume": volume}
    indicators = {"quote": [quote], "adjclose": [{"adjclose": close}]}
    return {"meta": meta, "timestamp": times, "indicators": indicators}
