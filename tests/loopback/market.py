"""One honest market behind both loopback sources: made from a seed, consistent across them, never recorded.

A fund moves with what it holds, a yield is the sum of its parts, the effective rate lies near the target range, and
every level passes through the published anchors, so that whoever compares sources finds them in agreement.
"""

from __future__ import annotations

import datetime as dt
import zlib
from functools import cache

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar
from scipy.signal import lfilter

from analytics import catalogue
from analytics.calendars import us_release_days, us_sessions
from analytics.providers import demo_anchors
from analytics.published import anchors as published

FIRST, CRYPTO_FIRST, LAST = dt.date(2010, 1, 4), dt.date(2014, 9, 17), dt.date(2030, 12, 31)
SPLITS: dict[str, tuple[tuple[dt.date, float], ...]] = {
    "QQQ": ((dt.date(2024, 3, 11), 2.0),),
    "SPLT": ((dt.date(2026, 5, 13), 4.0),),
}
"""Ex-date and new shares for one old share; the past is told restated."""
LEVELS = {  # typical level and daily volatility of the log price
    "SI=F": (30.0, 0.017), "GC=F": (1800.0, 0.010), "HG=F": (4.0, 0.014), "BTC-USD": (30000.0, 0.035),
    "ETH-USD": (2000.0, 0.042), "ADA-USD": (0.5, 0.045), "^VIX": (18.0, 0.050), "DX-Y.NYB": (98.0, 0.004),
    "EURUSD=X": (1.15, 0.005), "CNY=X": (6.8, 0.002), "INR=X": (80.0, 0.003), "^GSPC": (4000.0, 0.010), "^IXIC": (13000.0, 0.012),
    "7203.T": (2500.0, 0.015), "PENY.L": (605.0, 0.012), "TYPD": (60.0, 0.014), "SPLT": (100.0, 0.012),
}  # fmt: skip
DEFAULT_LEVEL = (100.0, 0.011)
FUNDS = {
    "SLV": ("SI=F", 0.9), "GLD": ("GC=F", 0.092), "SPY": ("^GSPC", 0.1), "QQQ": ("^IXIC", 0.0274),
    "UUP": ("DX-Y.NYB", 0.28),
}  # fmt: skip
"""What a fund follows, and its price for one of it after all splits."""
GAP = 0.003
"""Standard deviation of a fund's distance from what it holds."""
OPEN_ON_HOLIDAYS = np.array(["2025-01-09", "2025-07-04"], dtype="datetime64[D]")
"""Days on which the metals' exchange gave a close and New York's stock exchange was shut."""
YIELDS = {  # levels before the demo's anchors begin, rounded
    "DFII10": "2003-01-02 2.43, 2005-06-01 1.7, 2008-03-10 1.0, 2008-10-31 3.1, ",
    "T10YIE": "2003-01-02 1.64, 2005-06-01 2.3, 2008-03-10 2.4, 2008-12-31 0.2, ",
    "DGS10": "1962-01-02 4.06, 1970-01-02 7.8, 1977-01-03 6.9, 1981-09-30 15.8, 1990-01-02 7.9, 2003-01-02 4.07",
    "DFF": "1954-07-01 1.1, 1969-08-01 9.2, 1981-06-01 19, 1990-01-02 8, 2000-07-03 6.5, 2003-07-01 1.0, "
    "2006-07-03 5.25, 2008-12-16 0.1",
}  # [%]
OUTSIDE = {"2015-12-31": -0.05, "2019-09-17": 0.05}
"""The effective rate on days when it lay outside the range, from the nearer limit [percentage points]."""
STEPS = (
    "2008-12-16 0, 2015-12-17 0.25, 2016-12-15 0.5, 2017-03-16 0.75, 2017-06-15 1, 2017-12-14 1.25, 2018-03-22 1.5, "
    "2018-06-14 1.75, 2018-09-27 2, 2018-12-20 2.25, 2019-08-01 2, 2019-09-19 1.75, 2019-10-31 1.5, 2020-03-04 1, "
    "2020-03-16 0, 2022-03-17 0.25, 2022-05-05 0.75, 2022-06-16 1.5, 2022-07-28 2.25, 2022-09-22 3, 2022-11-03 3.75, "
    "2022-12-15 4.25, 2023-02-02 4.5, 2023-03-23 4.75, 2023-05-04 5, 2023-07-27 5.25, 2024-09-19 4.75, 2024-11-08 4.5, "
    "2024-12-19 4.25, 2025-09-18 4, 2025-10-30 3.75, 2025-12-11 3.5"
)
"""The lower limit of the target range from the days on which each came into force [%]; Federal Reserve Board."""


@cache
def sessions(symbol: str) -> np.ndarray:
    """The days on which a Yahoo symbol has a bar, to LAST (datetime64[D], rising)."""
    if symbol.endswith("-USD"):
        return np.arange(np.datetime64(CRYPTO_FIRST), np.datetime64(LAST) + 1)
    if symbol.endswith(".L"):
        return _but(_weekdays(FIRST), [(1, 1), (12, 25), (12, 26)])
    days = trading_days()
    month = catalogue.parse_contract_code(symbol)
    if month is None:
        return np.union1d(days, OPEN_ON_HOLIDAYS) if symbol in ("SI=F", "GC=F", "HG=F") else days
    start = np.datetime64(month, "M")  # a contract trades for five years, to the end of its month
    return days[(days.astype("datetime64[M]") > start - 60) & (days.astype("datetime64[M]") <= start)]


@cache
def trading_days() -> np.ndarray:
    """US trading days from FIRST to LAST (datetime64[D])."""
    days = us_sessions()
    return days[(days >= np.datetime64(FIRST)) & (days <= np.datetime64(LAST))]


@cache
def closes(symbol: str) -> np.ndarray:
    """As-traded closes on ``sessions`` [the symbol's unit]."""
    days = sessions(symbol)
    if symbol.startswith("ZQ"):
        return _rate_future(symbol, days)
    level = LEVELS.get(symbol, DEFAULT_LEVEL)[0]
    values = _fund(symbol, days) if symbol in FUNDS else _price(symbol, days)
    values = values * later_ratio(days, SPLITS.get(symbol, ()))
    return np.round(values, (3 if symbol == "SI=F" else 2) if level >= 1 else 5)


def later_ratio(days: np.ndarray, splits: tuple[tuple[dt.date, float], ...]) -> np.ndarray:
    """Product of the ratios of the splits after each day."""
    ratio = np.ones(len(days))
    for day, new in splits:
        ratio *= np.where(days < np.datetime64(day), new, 1.0)
    return ratio


def published_on(day: dt.date) -> bool:
    """Whether daily figures have a value on a weekday."""
    if day.year < 1985:
        return (day.month, day.day) not in ((1, 1), (12, 25))
    return np.datetime64(day) in _release_days()


@cache
def _release_days() -> frozenset[np.datetime64]:
    return frozenset(us_release_days())


def figures(code: str, begins: dt.date) -> pd.Series | None:
    """A FRED series that hangs together with others, by day from ``begins`` to LAST; None for one that stands alone."""
    if code in ("DFEDTARL", "DFEDTARU", "DFF"):
        return _since(
            _target() + 0.25 if code == "DFEDTARU" else _target() if code == "DFEDTARL" else _effective(),
            begins,
        )
    if code in ("EFFR", "SOFR"):
        rate = _effective() + (
            0.0 if code == "EFFR" else np.round(0.02 * _normal(code, len(_effective())), 2)
        )
        return _since(rate[_bank_days(rate.index)].round(2), begins)
    if code == "VIXCLS":
        return _since(_series(sessions("^VIX"), closes("^VIX")), begins, flat_before=20.0, days=us_sessions())
    if code == "CBBTCUSD":
        days = sessions("BTC-USD")
        return _since(
            _series(days, np.round(closes("BTC-USD") * (1 + 0.002 * _normal(code, len(days))), 2)), begins
        )
    return _since(_yields()[code], begins) if code in _yields() else None


@cache
def anchors() -> dict[str, dict[np.datetime64, float]]:
    """Published levels by provider's code and day."""
    return {
        catalogue.get(key).code: {np.datetime64(anchor.day): anchor.value for anchor in told}
        for key, told in published.load().items()
    }


def through(code: str, days: np.ndarray, text: str, sd: float, *, factors: bool) -> np.ndarray:
    """A random path on ``days`` through the levels of ``text`` and the published ones.

    Args:
        code: Seeds the path.
        days: datetime64[D], rising.
        text: ``date level, date level``; a level within ten days of a published one gives way to it.
        sd: Of a day's move: of the log where moves are factors, else in the unit.
        factors: Whether moves are factors.
    """
    known = dict(zip(*demo_anchors.parse(text), strict=True)) if text else {}
    told = anchors().get(code, {})
    known = {
        day: level
        for day, level in known.items()
        if all(abs(int((day - other).astype(int))) > 10 for other in told)
    }
    points = sorted({**known, **told}.items())
    place = np.minimum(np.searchsorted(days, [day for day, _ in points]), len(days) - 1)
    level = np.array([value for _, value in points])
    free = _noise(code, len(days), sd)
    target = np.log(level) if factors else level
    path = free + np.interp(np.arange(len(days)), place, target - free[place])
    return np.exp(path) if factors else path


def _price(symbol: str, days: np.ndarray) -> np.ndarray:
    level, sd = LEVELS.get(symbol, DEFAULT_LEVEL)
    rows = {row.code: key for key, row in catalogue.load().items()}
    text = {**demo_anchors.PRICES, "vix": demo_anchors.VIX}.get(rows.get(symbol, ""), f"{days[0]} {level}")
    return through(symbol, days, text, sd, factors=True)


def _fund(symbol: str, days: np.ndarray) -> np.ndarray:
    """After all splits: what it holds on the same days, a little off, and exactly its own published levels."""
    held, share = FUNDS[symbol]
    base = _series(sessions(held), closes(held))[pd.DatetimeIndex(days)].to_numpy() * share
    base *= np.exp(GAP * _normal(symbol, len(days)))
    own = sorted(anchors().get(symbol, {}).items())
    if not own:
        return base
    place = np.searchsorted(days, [day for day, _ in own])
    miss = np.log([level for _, level in own]) - np.log(base[place])
    return base * np.exp(np.interp(np.arange(len(days)), place, miss))


def _rate_future(symbol: str, days: np.ndarray) -> np.ndarray:
    year = days.astype("datetime64[D]").astype(int) / 365.25
    month = catalogue.parse_contract_code(symbol)
    ahead = 0.0 if month is None else (np.datetime64(month) - days).astype(int) / 365.25
    return np.round((95.8 - 1.5 * np.sin(year + ahead) + 0.01 * _normal(symbol, len(days))) * 400) / 400


@cache
def _yields() -> dict[str, pd.Series]:
    """Treasury yields and what is computed from them, on their own days, two decimals [%]."""
    old = _weekdays(dt.date(1962, 1, 1))
    recent = old[np.isin(old, us_release_days()) & (old >= np.datetime64("2003-01-02"))]
    real = np.round(_rate("DFII10", recent, YIELDS["DFII10"] + demo_anchors.YIELDS["real_yield_10y"]), 2)
    inflation = np.round(_breakeven(recent, real), 2)
    before = old[(old < recent[0]) & (np.isin(old, us_release_days()) | (old < np.datetime64("1985-01-02")))]
    past = _but(before, [(1, 1), (12, 25)])
    nominal = np.round(_rate("DGS10", past, YIELDS["DGS10"]), 2)
    days, ten = np.append(past, recent), np.round(np.append(nominal, real + inflation), 2)
    out = {"DFII10": _series(recent, real), "T10YIE": _series(recent, inflation), "DGS10": _series(days, ten)}
    for code, less in (("DGS3MO", 0.9), ("DGS1", 0.7), ("DGS2", 0.6), ("DGS30", -0.6)):
        out[code] = _series(days, np.round(ten - less + _noise(code, len(days), 0.02), 2))
    out["DFII5"] = (out["DFII10"] - 0.3 + _noise("DFII5", len(recent), 0.02)).round(2)
    out["T5YIE"] = (out["T10YIE"] - 0.1 + _noise("T5YIE", len(recent), 0.02)).round(2)
    five = (out["DFII5"] + out["T5YIE"]).reindex(out["DGS10"].index)
    out["DGS5"] = five.fillna(out["DGS10"] - 0.3).round(2)
    out["T5YIFR"] = (2 * out["T10YIE"] - out["T5YIE"]).round(2)
    out["T10Y2Y"] = (out["DGS10"] - out["DGS2"]).round(2)
    out["T10Y3M"] = (out["DGS10"] - out["DGS3MO"]).round(2)
    return out


def _breakeven(days: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Through its own published levels, and where only the nominal yield has one, through what the real one leaves."""
    text = YIELDS["T10YIE"] + demo_anchors.YIELDS["breakeven_10y"]
    path = _rate("T10YIE", days, text)
    asked = {day: level for day, level in anchors().get("DGS10", {}).items() if day >= days[0]}
    if not asked:
        return path
    place = np.searchsorted(days, sorted(asked))
    miss = np.array([asked[day] for day in sorted(asked)]) - real[place] - path[place]
    pinned = np.searchsorted(days, sorted(day for day in anchors().get("T10YIE", {}) if day >= days[0]))
    points = {**dict.fromkeys(pinned.tolist(), 0.0), **dict(zip(place.tolist(), miss.tolist(), strict=True))}
    return path + np.interp(np.arange(len(days)), sorted(points), [points[at] for at in sorted(points)])


def _rate(code: str, days: np.ndarray, text: str) -> np.ndarray:
    return through(code, days, text, 0.035, factors=False)


@cache
def _target() -> pd.Series:
    steps, lower = demo_anchors.parse(STEPS)
    days = np.arange(steps[0], np.datetime64(LAST) + 1)
    return _series(days, lower[np.searchsorted(steps, days, side="right") - 1])


@cache
def _effective() -> pd.Series:
    """The effective rate of every calendar day; a weekend has Friday's."""
    target = _target()
    old = np.arange(np.datetime64("1954-07-01"), target.index[0].to_numpy().astype("datetime64[D]"))
    before = _series(old, np.maximum(_rate("DFF", old, YIELDS["DFF"]), 0.05))
    rate = pd.concat(
        [before, target + 0.08 + 0.01 * np.round(_normal("EFFR", len(target)).clip(-2, 2))]
    ).round(2)
    for day, away in OUTSIDE.items():
        rate[day] = target[day] + (away if away < 0 else 0.25 + away)
    rate[~_bank_days(rate.index)] = np.nan
    return rate.ffill().bfill()


@cache
def _holidays() -> pd.DatetimeIndex:
    return USFederalHolidayCalendar().holidays("1954-01-01", str(LAST))


def _bank_days(index: pd.DatetimeIndex) -> np.ndarray:
    return np.asarray((index.dayofweek < 5) & ~index.isin(_holidays()))


def _since(
    series: pd.Series, begins: dt.date, flat_before: float | None = None, days: np.ndarray | None = None
) -> pd.Series:
    """From ``begins`` on; where the series itself begins later, ``flat_before`` stands on the ``days`` until then."""
    start = pd.Timestamp(begins)
    if flat_before is not None and days is not None:
        early = days[
            (days >= np.datetime64(begins)) & (days < series.index[0].to_numpy().astype("datetime64[D]"))
        ]
        wave = np.round(flat_before * np.exp(0.2 * np.sin(early.astype(int) / 90.0)), 2)
        series = pd.concat([_series(early, wave), series])
    return series[series.index >= start]


def _weekdays(first: dt.date) -> np.ndarray:
    days = np.arange(np.datetime64(first), np.datetime64(LAST) + 1)
    return days[np.is_busday(days)]


def _but(days: np.ndarray, closed: list[tuple[int, int]]) -> np.ndarray:
    stamps = pd.DatetimeIndex(days.astype("datetime64[s]"))
    return days[~np.isin(stamps.month * 100 + stamps.day, [month * 100 + day for month, day in closed])]


def _series(days: np.ndarray, values: np.ndarray) -> pd.Series:
    return pd.Series(values, pd.DatetimeIndex(days.astype("datetime64[s]")))


def _normal(code: str, count: int) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(code.encode())).standard_normal(count)


def _noise(code: str, count: int, sd: float) -> np.ndarray:
    """Moves that add up and are pulled back, so that no span of years runs away."""
    return lfilter([1.0], [1.0, -0.995], sd * np.append(0.0, _normal(code, count)[1:]))
