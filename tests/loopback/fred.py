"""FRED's answers over the loopback market's figures: made from a seed, never recorded.

Every FRED id of the catalogue is there. A figure comes out ``release_lag`` days after its date; a series with vintages
comes out a little low and is revised after REVISED_AFTER days. As at the source, what was in force before an asked
window opens is stated as if it had appeared on the window's first day.
"""

from __future__ import annotations

import datetime as dt
import zlib
from functools import cache
from xml.sax.saxutils import quoteattr

import numpy as np

from analytics.catalogue import Series, load
from tests.loopback import lies, market
from tests.loopback.lies import Told
from tests.loopback.reply import Reply, State

LAST = dt.date(2030, 12, 31)
FOREVER = "9999-12-31"
FIRST_PRINT, REVISED_AFTER = 0.998, 60
AHEAD = {"FEDTARMD": 3 * 366}
"""Days before its stamp on which a projection comes out."""
WINDOW = dt.timedelta(days=3 * 365)
"""What a rolling series keeps."""
NEVER_OUT = {("CPIAUCSL", "2025-10-01")}
MOST_VINTAGES, MOST_ROWS = 2_000, 100_000
"""FRED's limits of one request; a test may lower them."""

Row = tuple[str, str, str, str]
"""realtime_start, realtime_end, date, value."""


def reply(path: str, query: dict[str, str], state: State) -> Reply | None:
    """The public file or an XML document; None for any other path."""
    if path == "/graph/fredgraph.csv":
        return _file(query, state)
    if path.startswith("/fred/"):
        return _document(path.removeprefix("/fred/"), query, state)
    return None


@cache
def ids() -> dict[str, Series]:
    """The catalogue's FRED series by their ids, as the file lists them: a source does not change with a test's catalogue."""
    return {series.code: series for series in load.__wrapped__().values() if series.provider == "fred"}


@cache
def figures(code: str) -> list[tuple[dt.date, str]]:
    """The final value of every period to LAST, as text; ``.`` for what was never published."""
    row, days = ids()[code], _periods(ids()[code])
    values = _debt(days) if code == "GFDEBTN" else market.figures(code, days)
    if values is None:
        values = _alone(row, days)
    return [
        (
            day,
            "." if v != v or _unpublished(code, day) else f"{v:.9g}" if row.frequency == "d" else f"{v:.8g}",
        )
        for day, v in zip(days.tolist(), values.tolist(), strict=True)
    ]


def _alone(row: Series, days: np.ndarray) -> np.ndarray:
    """A slow wave through the published levels, within the plausible range."""
    noise = np.random.default_rng(zlib.crc32(row.code.encode())).standard_normal(len(days))
    wave = np.sin(days.astype(int) / 365.25) + 0.05 * noise
    low, high = row.range or (1.0, 100.0)
    factors = row.change == "return"
    path = (
        np.sqrt(max(low, 1.0) * high) * np.exp(0.02 * wave)
        if factors
        else low + (high - low) * (0.4 + 0.05 * wave)
    )
    path = market.published(row.code, days, path, factors=factors)
    if row.code == "GDP":  # what the published debt and its share make of it
        path = market.pinned(days, path, {np.datetime64("2008-07-01"): 14895.0}, factors=True, reach=8)
    return np.array([float(f"{value:.6g}") for value in np.clip(path, low, high)])


def _debt(days: np.ndarray) -> np.ndarray:
    """By the definition: its share of gross domestic product times that [m $]."""
    share, output = (dict(figures(code)) for code in ("GFDEGDQ188S", "GDP"))
    known = [(float(share.get(day, "nan")), float(output.get(day, "nan"))) for day in days.tolist()]
    return np.round([10 * percent * value for percent, value in known])


def released(code: str, period: dt.date) -> dt.date:
    """The day on which a period's first value comes out."""
    return period + dt.timedelta(days=ids()[code].release_lag - AHEAD.get(code, 0))


@cache
def vintages(code: str) -> list[Row]:
    """Every value and the days on which it stood there."""
    rows: list[Row] = []
    for day, text in figures(code):
        out = released(code, day)
        fixed = out + dt.timedelta(days=REVISED_AFTER)
        if ids()[code].vintages and text != ".":
            rows.append(
                (str(out), str(fixed - dt.timedelta(days=1)), str(day), f"{float(text) * FIRST_PRINT:.6g}")
            )
            rows.append((str(fixed), FOREVER, str(day), text))
        else:
            rows.append((str(out), FOREVER, str(day), text))
    return rows


def stood(code: str, first: str, last: str, state: State, since: str = "") -> list[Row]:
    """What stood there on any day from ``first`` to ``last``, with the asked window's own bounds, faults included."""
    now, oldest = str(state.now), str(state.now - WINDOW) if ids()[code].rolling else ""
    rows = [
        (max(start, first), min(end, last), day, text)
        for start, end, day, text in vintages(code)
        if start <= min(last, now) and end >= first and day >= max(since, oldest)
    ]
    return _faulty(rows, state.mode)


def _faulty(rows: list[Row], mode: str) -> list[Row]:
    middle = len(rows) // 2
    if mode == "shrink":
        return rows[middle:]
    if mode == "duplicate":
        return rows[: middle + 1] + rows[middle:]
    wrong = {"partial": ["."], "spike": ["1e9", "abc", "inf"]}.get(mode, [])
    put = dict(enumerate(wrong, start=middle))
    return [(*row[:3], put.get(place, row[3])) for place, row in enumerate(rows)]


def _file(query: dict[str, str], state: State) -> Reply:
    code = query.get("id", "")
    if code not in ids():
        return Reply(404, "text/html", "<!DOCTYPE html><html><title>Error</title></html>")
    rows, cut = _standing(code, state, query.get("cosd", ""))
    lines = [f"observation_date,{code}", *(f"{day},{'' if text == '.' else text}" for day, text in rows)]
    body = "\n".join(lines) + "\n"
    return Reply(200, "application/csv", "" if state.mode == "empty" else body[: len(body) - cut])


def _standing(code: str, state: State, since: str) -> tuple[list[tuple[str, str]], int]:
    """Dates and texts of the file, and how many characters are cut off its end; a lie drops what was not published."""
    now, lie = str(state.now), state.lies.get(code)
    if lie is None:
        since = max(since, str(state.first))
        return [(day, text) for _, _, day, text in stood(code, now, now, state, since)], 0
    start = np.datetime64(since or "0001-01-01")
    told = lies.told(
        lie,
        true(code, state),
        lambda other: true(other, state),
        lambda all_: all_.keep(all_.days >= start),
    )
    return [
        (str(day), f"{value:.9g}") for day, value in zip(told.days, told.values.tolist(), strict=True)
    ], told.cut


def true(code: str, state: State) -> Told:
    """All that stands there at the end of a day."""
    now = str(state.now)
    stands = stood(code, now, now, State(state.now), str(state.first))
    rows = [(day, text) for _, _, day, text in stands if text != "."]
    days = np.array([day for day, _ in rows], dtype="datetime64[D]")
    return Told(code, days, np.array([float(text) for _, text in rows]), begins=days[0].item())


def _document(name: str, query: dict[str, str], state: State) -> Reply:
    code, now = query.get("series_id", ""), str(state.now)
    if len(query.get("api_key", "")) != 32:
        return _error("Bad Request.  The value for variable api_key is not registered.")
    if code not in ids():
        return _error("Bad Request.  The series does not exist.")
    if state.mode == "empty":
        return Reply(200, "text/xml", "")
    if name == "series/vintagedates":
        return _page(
            "vintage_date", [f"<vintage_date>{day}</vintage_date>" for day in _vintage_days(code, now)], query
        )
    first, last = query.get("realtime_start", now), query.get("realtime_end", now)
    if sum(first <= day <= last for day in _vintage_days(code, now)) > MOST_VINTAGES:
        return _error(
            f"Bad Request.  This exceeds the maximum number of vintage dates allowed ({MOST_VINTAGES})."
        )
    names = ("realtime_start", "realtime_end", "date", "value")
    rows = stood(code, first, last, state, query.get("observation_start", ""))
    if code in state.lies:
        told, _ = _standing(code, state, query.get("observation_start", ""))
        rows = [(first, last, day, text) for day, text in told]
    return _page(
        "observation", [_element("observation", dict(zip(names, row, strict=True))) for row in rows], query
    )


def _vintage_days(code: str, now: str) -> list[str]:
    return sorted({start for start, *_ in vintages(code) if start <= now})


def _page(kind: str, items: list[str], query: dict[str, str]) -> Reply:
    start, limit = int(query.get("offset", 0)), min(int(query.get("limit", MOST_ROWS)), MOST_ROWS)
    head = f'<{kind}s count="{len(items)}" offset="{start}" limit="{limit}">'
    return Reply(200, "text/xml", "\n".join([head, *items[start : start + limit], f"</{kind}s>"]))


def _error(message: str) -> Reply:
    return Reply(400, "text/xml", _element("error", {"code": "400", "message": message}))


def _element(kind: str, values: dict[str, str]) -> str:
    return f"<{kind} {' '.join(f'{name}={quoteattr(value)}' for name, value in values.items())} />"


def _periods(series: Series) -> np.ndarray:
    """The stamps of a series, datetime64[D]: weekdays or every day, weeks, months, quarters, years."""
    first, last = np.datetime64(series.begins or dt.date(2012, 1, 1)), np.datetime64(LAST)
    if series.frequency in "dw":
        days = np.arange(first, last, 7 if series.frequency == "w" else 1)
        return days if series.every_day or series.frequency == "w" else days[np.is_busday(days)]
    step = {"m": 1, "q": 3, "a": 12}[series.frequency]
    return np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]"), step).astype(
        "datetime64[D]"
    )


def _unpublished(code: str, day: dt.date) -> bool:
    shut = ids()[code].frequency == "d" and not ids()[code].every_day and not market.published_on(day)
    return shut or (code, str(day)) in NEVER_OUT
