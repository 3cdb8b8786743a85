"""Yahoo's raw chart answer, read before yfinance shapes it.

yfinance drops null and repeated rows and folds the running bar into the last day without a word. Here every
row of the source gets a verdict instead: a finished bar, or the reason why it is left out. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.catalogue import Series
from analytics.clock.releases import at_clock
from analytics.errors import Malformed, NoObservations, ProviderError, UnknownSymbol
from analytics.sources import Oddity

SOURCE = "Yahoo"
WAITING = "not final"
RATE = "=X"
"""How codes of exchange rates end: they are prices in another money by their nature."""
MANY_WAITING = 5
"""More such bars than this are told of in one line: the clock is frozen in the past."""
CLOSING = 300
"""A last trade this long before settlement may still be the day's last [s]."""
MINOR = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ILA": "ILS"}
"""Currencies quoted in hundredths; prices are brought to the whole one here."""
SAME = 1e-9
"""Relative difference below which two prices are one."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One answer of the source, its names turned into ours, nothing left out.

    Attributes:
        bars: ``stamp`` [s since 1970 UTC], ``clock`` (s since local midnight), ``period`` (datetime64[s], the
            exchange's own date), ``close`` and ``volume`` (float64, NaN for null), in the source's order.
        traded: The source's time of the last trade [s since 1970 UTC].
        dividends: Amounts by ex-date, restated by the source for later splits.
        splits: New shares for one old share, by ex-date, rising.
        begins: First day that the source says it has.
        currency: ISO code of the currency of the prices, whole units; None where the source does not say.
        oddities: What is worth telling about the answer as a whole.
    """

    bars: pd.DataFrame
    traded: int | None
    dividends: pd.Series
    splits: pd.Series
    begins: dt.date | None
    currency: str | None
    oddities: tuple[Oddity, ...]


def read(code: str, document: Any) -> Chart:
    """The chart in a decoded JSON answer about ``code``.

    Raises:
        UnknownSymbol, NoObservations: the source says so, or gives no rows.
        Malformed: anything else that is not a daily chart of this symbol.
    """
    try:
        return _chart(code, _result(code, document))
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, OSError) as error:
        raise Malformed(SOURCE, code, "a part is missing or has the wrong form") from error


def _result(code: str, document: Any) -> Any:
    chart = document["chart"]
    if chart.get("error"):
        raise stated(code, chart["error"])
    if not chart["result"] or not chart["result"][0].get("timestamp"):
        raise NoObservations(SOURCE, code)
    return chart["result"][0]


def stated(code: str, error: Any) -> ProviderError:
    """Our error for the one that the source writes into its answer."""
    text = str(error.get("description") or "").lower()
    if error.get("code") == "Not Found" or "no data found" in text or "delisted" in text:
        return UnknownSymbol(SOURCE, code)
    if "data doesn't exist" in text:
        return NoObservations(SOURCE, code)
    return Malformed(SOURCE, code, "it is an error message")


def _chart(code: str, result: Any) -> Chart:
    meta, zone = result["meta"], ZoneInfo(result["meta"]["exchangeTimezoneName"])
    if meta["symbol"].upper() != code.upper():
        raise Malformed(SOURCE, code, "it is about another symbol")
    if meta.get("dataGranularity", "1d") != "1d":
        raise Malformed(SOURCE, code, "its bars are not daily")
    bars, events = _bars(result, zone), result.get("events") or {}
    said, begins = meta.get("currency"), meta.get("firstTradeDate")
    dividends, notes = _dividends(events, zone, said)
    if said in MINOR:
        bars["close"], dividends = bars["close"] / 100, dividends / 100
    return Chart(
        bars=bars,
        traded=meta.get("regularMarketTime"),
        dividends=dividends,
        splits=_splits(events, zone),
        begins=None if begins is None else _local([begins], zone)[0].date(),
        currency=None if said is None else MINOR.get(said, said[:8]),
        oddities=(*_whole(bars, None if code.endswith(RATE) else said), *notes),
    )


def _bars(result: Any, zone: ZoneInfo) -> pd.DataFrame:
    stamps, quote = result["timestamp"], result["indicators"]["quote"][0]
    local = _local(stamps, zone)
    columns = {
        "stamp": np.array(stamps, dtype=np.int64),
        "clock": local.hour * 3600 + local.minute * 60 + local.second,
        "period": local.tz_localize(None).normalize().astype("datetime64[s]"),
        "close": _numbers(quote["close"]),
        "volume": _numbers(quote.get("volume") or [None] * len(stamps)),
    }
    return pd.DataFrame(columns)


def _local(stamps: Iterable[int], zone: ZoneInfo) -> pd.DatetimeIndex:
    """Exchange-local times. A daily bar stamped 22:00 or 23:00 sharp means the midnight after it (an hour
    lost to summer time in some zones); yfinance reads it so as well."""
    if not all(type(stamp) is int for stamp in stamps):
        raise TypeError("a time stamp is not a whole number")
    local = pd.to_datetime(list(stamps), unit="s", utc=True).tz_convert(zone)
    sharp = local.hour.isin([22, 23]) & (local.minute == 0) & (local.second == 0)
    return local + pd.to_timedelta(np.where(sharp, 24 - local.hour, 0), unit="h")


def _numbers(values: list[Any]) -> np.ndarray:
    """Float64 with NaN for null and for anything that is not finite."""
    if not all(value is None or type(value) in (int, float) for value in values):
        raise TypeError("a value is not a number")
    numbers = pd.Series([np.nan if value is None else float(value) for value in values], dtype=float)
    return numbers.where(np.isfinite(numbers)).to_numpy()


def _dividends(events: Any, zone: ZoneInfo, currency: str | None) -> tuple[pd.Series, list[Oddity]]:
    """Amounts in the instrument's own currency, summed by day, and what is not stored."""
    payments = list((events.get("dividends") or {}).values())
    own = [event for event in payments if event.get("currency") in (None, "", currency)]
    foreign = [event for event in payments if event.get("currency") not in (None, "", currency)]
    gains = list((events.get("capitalGains") or {}).values())
    notes = [
        *_untold(foreign, zone, "The dividend is in another currency than the price; it is not stored."),
        *_untold(gains, zone, "A distribution of capital gains; it is not stored as a dividend."),
    ]
    amounts = _numbers([event["amount"] for event in own])
    return pd.Series(amounts, _days(own, zone), dtype=float).dropna().groupby(level=0).sum(), notes


def _untold(events: list[Any], zone: ZoneInfo, reason: str) -> list[Oddity]:
    return lines("dividend", _days(events, zone), _numbers([event["amount"] for event in events]), reason)


def _splits(events: Any, zone: ZoneInfo) -> pd.Series:
    splits = list((events.get("splits") or {}).values())
    new, old = (_numbers([event[part] for event in splits]) for part in ("numerator", "denominator"))
    ratios = new / np.where(old > 0, old, np.nan)
    if not (np.isfinite(ratios) & (ratios > 0)).all():
        raise ValueError("a split without a ratio")
    return pd.Series(ratios, _days(splits, zone), dtype=float).groupby(level=0).prod()


def _days(events: list[Any], zone: ZoneInfo) -> pd.Index:
    local = _local([event["date"] for event in events], zone)
    return local.tz_localize(None).normalize().astype("datetime64[s]")


def _whole(bars: pd.DataFrame, currency: str | None) -> list[Oddity]:
    late = (bars["stamp"] < bars["stamp"].cummax()).sum()
    order = Oddity(None, "close", f"{late} rows", "Rows were out of time order and were put in order.")
    hundredths = f", quoted in hundredths of {MINOR[currency]}" if currency in MINOR else ""
    money = Oddity(None, "close", str(currency)[:10], f"The prices are not in US dollars{hundredths}.")
    return [order] * bool(late) + [money] * (currency not in (None, "USD"))


def judge(chart: Chart, series: Series, now: dt.datetime) -> pd.DataFrame:
    """Every bar in time order with ``why``: empty for a finished bar, else the reason why it is left out.

    ``final`` holds the instant from which the day's bar can no longer change.
    """
    bars = chart.bars.sort_values("stamp", kind="stable", ignore_index=True)
    null, first = bars["close"].isna(), bars.groupby("period")["stamp"].transform("min")
    bars["final"] = at_clock(bars["period"], str(series.final))
    prices = bars.groupby("stamp")["close"].transform("nunique")
    reasons = {
        WAITING: bars["final"] > now,
        "It is a second row within the day (the running bar).": bars["stamp"] != first,
        "The source has no price for this day.": null,
        "The source gives two different prices for this day.": prices > 1,
        "The source gives this row twice.": bars.assign(null=null).duplicated(["stamp", "null"]),
        "The bar was still running when the source stamped it.": bars.index == _running(chart, series, bars),
    }
    bars["why"] = np.select([np.asarray(mask) for mask in reasons.values()], list(reasons), default="")
    return bars


def _running(chart: Chart, series: Series, bars: pd.DataFrame) -> int:
    """Position of a last day's only row where it is the running bar, else -1.

    A running bar carries the time of the last trade, a finished one the session's start like the days before.
    One stamped from settlement to ``final`` is the finished day as Yahoo shows it until the next session.
    A future's bar of Sunday evening has a stamp after Sunday's ``final``: it belongs to Monday.
    """
    last = bars["period"] == bars["period"].iloc[-1]
    first, earlier = int(last.idxmax()), bars.loc[~last, "clock"]
    stamp = int(bars["stamp"].iloc[first])
    regular = bars["clock"].iloc[first] in set(earlier) if len(earlier) else stamp != chart.traded
    settled = at_clock(bars["period"].iloc[[first]], str(series.settles or series.final)).iloc[0]
    closing = settled.timestamp() - CLOSING <= stamp < bars["final"].iloc[first].timestamp()
    return -1 if regular or closing else first


def left_out(bars: pd.DataFrame) -> list[Oddity]:
    """One line for each bar of ``judge`` that is not stored."""
    waiting, refused = bars[bars["why"] == WAITING], bars[~bars["why"].isin(["", WAITING])]
    notes = []
    for why, rows in refused.groupby("why", sort=False):
        notes += lines("close", rows["period"], rows["close"], str(why))
    if len(waiting) > MANY_WAITING:
        first, count = waiting["period"].iloc[0].date(), f"{len(waiting)} rows"
        return [*notes, Oddity(first, "close", count, "From this day on nothing is final yet.")]
    for final, rows in waiting.groupby("final"):
        reason = f"Not final until {final:%Y-%m-%d %H:%M} UTC."
        notes += lines("close", rows["period"], rows["close"], reason)
    return notes


def unlike(bars: pd.DataFrame, frame: pd.DataFrame) -> list[Oddity]:
    """Finished bars of ``judge`` that yfinance left out or changed, and days that it made up."""
    shown = frame["Close"].dropna()
    shown.index = pd.DatetimeIndex(shown.index).tz_localize(None).normalize()
    shown = shown[~shown.index.duplicated()]
    left = bars["period"].isin(bars.loc[bars["why"] != "", "period"])  # told of already
    ours = bars[~left & (bars["close"] != 0)].set_index("period")["close"]
    theirs = shown.reindex(ours.index)
    changed = theirs[~(np.abs(theirs - ours) <= SAME * np.abs(ours))]
    extra = shown[~shown.index.isin(bars["period"])]
    other = "yfinance shows this for the source's finished bar, which is what is stored."
    added = "yfinance shows a day that the source does not have; it is not stored."
    return lines("close", changed.index, changed, other) + lines("close", extra.index, extra, added)


def lines(field: str, periods: Iterable[Any], values: Iterable[float], reason: str) -> list[Oddity]:
    """One oddity a row, all for one reason."""
    days = pd.DatetimeIndex(list(periods)).date
    texts = ["nothing" if np.isnan(value) else f"{value:.10g}" for value in values]
    return [Oddity(day, field, text, reason) for day, text in zip(days, texts, strict=True)]
