"""Yahoo's chart answers over synthetic prices: made from a seed, never recorded.

QQQ splits 2 for 1 on SPLIT and pays a dividend every quarter; like the source's, answers given after the
split restate what came before it. Prices are in single precision, as the source's are.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import zlib
from functools import cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from pandas.tseries import holiday as us
from pandas.tseries.holiday import AbstractHolidayCalendar, Holiday

from analytics.catalogue import load, parse_contract_code
from tests.loopback.reply import Reply, State

FIRST, LAST = dt.date(2010, 1, 4), dt.date(2030, 12, 31)
CRYPTO_FIRST = dt.date(2014, 9, 17)
SPLIT, SPLIT_RATIO, SPLITTER = dt.date(2024, 3, 11), 2.0, "QQQ"
DIVIDEND = 0.5
"""Paid by SPLITTER for each share as it then was [$]."""
LEVELS = {  # typical level and daily volatility of the log price
    "SI=F": (30.0, 0.017), "GC=F": (1800.0, 0.010), "HG=F": (4.0, 0.014), "BTC-USD": (30000.0, 0.035),
    "ETH-USD": (2000.0, 0.042), "ADA-USD": (0.5, 0.045), "^VIX": (18.0, 0.050), "DX-Y.NYB": (98.0, 0.004),
    "EURUSD=X": (1.15, 0.005), "CNY=X": (6.8, 0.002), "INR=X": (80.0, 0.003), "^GSPC": (4000.0, 0.010), "^IXIC": (13000.0, 0.012), "7203.T": (2500.0, 0.015),
}  # fmt: skip
DEFAULT_LEVEL = (100.0, 0.011)
TYPED = ("ADA-USD", "7203.T")
"""Symbols beyond the catalogue's that this source knows."""
UNKNOWN = {"code": "Not Found", "description": "No data found, symbol may be delisted"}


class Exchange(AbstractHolidayCalendar):
    """The regular holidays of New York's exchange; its rare extra closures are trading days here."""

    rules: ClassVar = [
        Holiday("New Year", month=1, day=1, observance=us.sunday_to_monday),
        us.USMartinLutherKingJr,
        us.USPresidentsDay,
        us.GoodFriday,
        us.USMemorialDay,
        Holiday("Juneteenth", month=6, day=19, start_date="2022-01-01", observance=us.nearest_workday),
        Holiday("Independence Day", month=7, day=4, observance=us.nearest_workday),
        us.USLaborDay,
        us.USThanksgivingDay,
        Holiday("Christmas", month=12, day=25, observance=us.nearest_workday),
    ]


def reply(path: str, query: dict[str, str], state: State) -> Reply | None:
    """The answer to a chart request; None for any other path."""
    match = re.fullmatch(r"/v8/finance/chart/([^/]+)", path)
    if match is None:
        return None
    status, chart = (
        (200, {"result": None, "error": None}) if state.mode == "empty" else _chart(match[1], query, state)
    )
    return Reply(status, "application/json", json.dumps({"chart": chart}))


@cache
def sessions(symbol: str) -> np.ndarray:
    """The days on which a symbol trades, to the end of LAST (datetime64[D])."""
    if symbol.endswith("-USD"):
        return np.arange(np.datetime64(CRYPTO_FIRST), np.datetime64(LAST) + 1)
    days = trading_days()
    month = parse_contract_code(symbol)
    if month is None:
        return days
    start = np.datetime64(month, "M")  # a contract trades for five years, to the end of its month
    return days[(days.astype("datetime64[M]") > start - 60) & (days.astype("datetime64[M]") <= start)]


@cache
def trading_days() -> np.ndarray:
    """US trading days from FIRST to LAST (datetime64[D])."""
    days = np.arange(np.datetime64(FIRST), np.datetime64(LAST) + 1)
    closed = Exchange().holidays(pd.Timestamp(FIRST), pd.Timestamp(LAST)).to_numpy().astype("datetime64[D]")
    return days[np.is_busday(days, holidays=closed)]


@cache
def closes(symbol: str) -> np.ndarray:
    """As-traded closes on ``sessions`` [the symbol's unit]."""
    days = sessions(symbol)
    noise = np.random.default_rng(zlib.crc32(symbol.encode())).standard_normal(len(days))
    if symbol.startswith("ZQ"):
        year = days.astype("datetime64[D]").astype(int) / 365.25
        month = parse_contract_code(symbol)
        ahead = 0.0 if month is None else (np.datetime64(month) - days).astype(int) / 365.25
        return np.round((95.8 - 1.5 * np.sin(year + ahead) + 0.01 * noise) * 400) / 400
    level, volatility = LEVELS.get(symbol, DEFAULT_LEVEL)
    path = np.zeros(len(days))
    for day in range(1, len(days)):  # pulled back to its level, so that no span of years runs away
        path[day] = 0.995 * path[day - 1] + volatility * noise[day]
    return np.round(level * np.exp(path), 2 if level >= 1 else 5)


def known(symbol: str, now: dt.date) -> bool:
    """Whether the source lists a symbol; a contract is gone once its month is over."""
    month = parse_contract_code(symbol) if symbol.endswith(".CBT") else None
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
def openings(symbol: str) -> tuple[int, ...]:
    """``opening`` of every one of ``sessions``."""
    return tuple(opening(symbol, day) for day in sessions(symbol).tolist())


def _clock(symbol: str) -> tuple[str, dt.time]:
    if symbol.endswith("-USD"):
        return "UTC", dt.time()
    if symbol.endswith(".T"):
        return "Asia/Tokyo", dt.time(9)
    if symbol.endswith("=X"):
        return "Europe/London", dt.time()
    future = symbol.endswith(("=F", ".CBT"))
    return "America/New_York", dt.time() if future else dt.time(9, 30)


def _chart(symbol: str, query: dict[str, str], state: State) -> tuple[int, dict[str, Any]]:
    if not known(symbol, state.now):
        return 404, {"result": None, "error": UNKNOWN}
    days = sessions(symbol)
    days = days[days <= np.datetime64(state.now)]
    every = list(openings(symbol)[: len(days)])
    restated = _restatement(symbol, days, state.now)
    rows = [
        [stamp, _single(close / ratio), int((1000 + stamp // 86400 % 97) * ratio)]
        for stamp, close, ratio in zip(every, closes(symbol).tolist(), restated, strict=False)
    ]
    asked = _spoilt(_within(rows, query, state.mode), state.mode)
    if not asked:
        text = f"Data doesn't exist for startDate = {query.get('period1')}, endDate = {query.get('period2')}"
        return 400, {"result": None, "error": {"code": "Bad Request", "description": text}}
    result = _result(symbol, every, asked)
    if symbol == SPLITTER:
        result["events"] = _events(days, asked[0][0], state.now)
    return 200, {"result": [result], "error": None}


def _single(value: float) -> float:
    return float(np.float32(value))


def _restatement(symbol: str, days: np.ndarray, now: dt.date) -> list[float]:
    """What the source divides old closes by, a day."""
    split = symbol == SPLITTER and now >= SPLIT
    return np.where(split & (days < np.datetime64(SPLIT)), SPLIT_RATIO, 1.0).tolist()


def _within(rows: list[list[Any]], query: dict[str, str], mode: str) -> list[list[Any]]:
    rows = rows[len(rows) // 2 :] if mode == "shrink" else rows
    if "period1" in query:
        low, high = int(query["period1"]), int(query["period2"])
        return [row for row in rows if low <= row[0] < high]
    days = {"1d": 1, "5d": 5, "1mo": 21, "3mo": 63, "1y": 252}.get(query.get("range", "1mo"), len(rows))
    return rows[-days:]


def _spoilt(rows: list[list[Any]], mode: str) -> list[list[Any]]:
    """The rows as a fault leaves them; ``rows`` are not changed."""
    rows, middle = [list(row) for row in rows], len(rows) // 2
    if not rows:
        return rows
    if mode == "partial":  # a finished day without a price, and the running bar as a row of its own
        stamp, close, volume = rows[-1]
        rows[middle][1:] = [None, None]
        rows.append([stamp + 4 * 3600 + 321, _single(close * 1.01), volume])
    if mode == "duplicate":
        rows.insert(middle, list(rows[middle]))
    if mode == "spike":
        for row, factor in zip(rows[middle : middle + 3], (100.0, 0.0, -1.0), strict=False):
            row[1] *= factor
    return rows


def _events(days: np.ndarray, first: int, now: dt.date) -> dict[str, dict[str, Any]]:
    dividends, splits = {}, {}
    for day in dividend_days(days):
        stamp, ratio = opening(SPLITTER, day), SPLIT_RATIO if now >= SPLIT > day else 1.0
        if stamp >= first:
            dividends[str(stamp)] = {"amount": DIVIDEND / ratio, "date": stamp}
    stamp = opening(SPLITTER, SPLIT)
    if now >= SPLIT and stamp >= first:
        splits[str(stamp)] = {
            "date": stamp,
            "numerator": SPLIT_RATIO,
            "denominator": 1.0,
            "splitRatio": "2:1",
        }
    return {name: events for name, events in (("dividends", dividends), ("splits", splits)) if events}


def dividend_days(days: np.ndarray) -> list[dt.date]:
    """The first trading day of every February, May, August and November."""
    months = days.astype("datetime64[M]")
    first = np.append(True, months[1:] != months[:-1])
    return [day for day in days[first].tolist() if day.month % 3 == 2]


def _result(symbol: str, every: list[int], rows: list[list[Any]]) -> dict[str, Any]:
    zone, _ = _clock(symbol)
    kind = (
        "CRYPTOCURRENCY"
        if symbol.endswith("-USD")
        else "FUTURE"
        if "=F" in symbol or ".CBT" in symbol
        else "ETF"
    )
    session = {"timezone": "EST", "start": every[-1], "end": every[-1] + 23400, "gmtoffset": -18000}
    meta = {
        "currency": "JPY" if symbol.endswith(".T") else "USD",
        "symbol": symbol,
        "instrumentType": "INDEX" if symbol.startswith("^") else kind,
        "firstTradeDate": every[0],
        "regularMarketTime": rows[-1][0],
        "exchangeTimezoneName": zone,
        "currentTradingPeriod": {name: dict(session) for name in ("pre", "regular", "post")},
        "dataGranularity": "1d",
        "validRanges": ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"],
    }
    stamps, close, volume = (list(column) for column in zip(*rows, strict=True))
    quote = {"open": close, "high": close, "low": close, "close": close, "volume": volume}
    indicators = {"quote": [quote], "adjclose": [{"adjclose": close}]}
    return {"meta": meta, "timestamp": stamps, "indicators": indicators}
