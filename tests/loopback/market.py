"""One honest market behind both loopback sources: made from a seed, consistent across them, never recorded.

A fund moves with what it holds, a yield is the sum of its parts, the effective rate lies near the target range, and
every level passes through the published anchors, so that whoever compares sources finds them in agreement.
"""

from __future__ import annotations

import datetime as dt
import tomllib
import zlib
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar
from scipy.signal import lfilter

from analytics import catalogue
from analytics.clock.calendars import us_release_days, us_sessions
from analytics.sources.demo import anchors as demo_anchors

FIRST, CRYPTO_FIRST, LAST = dt.date(2010, 1, 4), dt.date(2014, 9, 17), dt.date(2030, 12, 31)
ETHER_FIRST = dt.date(2017, 11, 9)
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
REACH = 120
"""How far from a published level a yield is moved for it [rows]."""
GAP = 0.003
"""Standard deviation of a fund's distance from what it holds."""
OPEN_ON_HOLIDAYS = np.array(["2025-01-09", "2025-07-04"], dtype="datetime64[D]")
"""Days on which the metals' exchange gave a close and New York's stock exchange was shut."""
YIELDS = {  # levels before the demo's anchors begin, rounded
    "DFII10": "2003-01-02 2.43, 2005-06-01 1.7, 2008-03-10 1.0, 2008-10-31 3.1, ",
    "T10YIE": "2003-01-02 1.64, 2005-06-01 2.3, 2008-03-10 2.4, 2008-12-31 0.2, ",
    "DGS10": "1962-01-02 4.06, 1970-01-02 7.8, 1977-01-03 6.9, 1981-09-30 15.8, 1990-01-02 7.9, 2003-01-02 4.07",
    "DFF": "1954-07-01 1.1, 1969-08-01 9.2, 1972-02-01 3.3, 1974-07-01 12.9, 1976-12-01 4.7, 1979-01-02 10, "
    "1981-06-01 19, 1983-01-03 8.7, 1986-10-01 5.9, 1989-03-01 9.8, 1993-01-04 3, 1995-04-03 6, 2000-07-03 6.5, 2003-07-01 1.0, "
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
        first = ETHER_FIRST if symbol == "ETH-USD" else CRYPTO_FIRST
        return np.arange(np.datetime64(first), np.datetime64(LAST) + 1)
    if symbol.endswith(".L"):
        return _but(_weekdays(FIRST), [(1, 1), (12, 25), (12, 26)])
    days = trading_days()
    delivery = delivery_month(symbol)
    if delivery is not None:
        left = (np.datetime64(delivery) - days).astype(int)
        return days[(left <= 420) & (days.astype("datetime64[M]") <= np.datetime64(delivery, "M"))]
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
    if symbol == "ZQ=F":
        rate = _effective()[pd.DatetimeIndex(days)].to_numpy()
        return np.round(published(symbol, days, 100 - rate, factors=False) * 400) / 400
    if symbol.startswith("ZQ"):
        return _rate_future(symbol, days)
    delivery = delivery_month(symbol)
    if delivery is not None:
        front = _series(sessions("SI=F"), closes("SI=F"))[pd.DatetimeIndex(days)].to_numpy()
        ahead = np.maximum((np.datetime64(delivery) - days).astype(int), 0) / 365
        return np.round(front * np.exp(0.04 * ahead), 3)
    level = LEVELS.get(symbol, DEFAULT_LEVEL)[0]
    values = _fund(symbol, days) if symbol in FUNDS else _price(symbol, days)
    values = values * later_ratio(days, SPLITS.get(symbol, ()))
    return np.round(values, (3 if symbol == "SI=F" else 2) if level >= 1 else 5)


def delivery_month(symbol: str) -> dt.date | None:
    """First day of the month of delivery that ``SIN26.CMX`` names; None for any other symbol."""
    return catalogue.delivery_month(catalogue.typed(symbol).key) if symbol.endswith(".CMX") else None


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


def figures(code: str, days: np.ndarray) -> np.ndarray | None:
    """A FRED series that hangs together with others, on ``days`` (NaN for none); None for one that stands alone."""
    made = _shared(code, days)
    return None if made is None else made.reindex(_index(days)).to_numpy()


def _shared(code: str, days: np.ndarray) -> pd.Series | None:
    if code in ("DFEDTARL", "DFEDTARU"):
        return _target() + (0.25 if code == "DFEDTARU" else 0.0)
    if code == "DFF":
        return _effective()
    if code in ("EFFR", "SOFR"):
        return _overnight(code)
    if code == "CBBTCUSD":
        own = sessions("BTC-USD")
        apart = closes("BTC-USD") * (1 + 0.002 * _normal(code, len(own)))
        return _series(own, np.round(published(code, own, apart, factors=True), 2))
    if code in ("VIXCLS", "DTWEXBGS"):
        return _followed(code, days)
    return _yields().get(code)


def _overnight(code: str) -> pd.Series:
    rate = _effective()
    spread = 0.0 if code == "EFFR" else 0.02 * _normal(code, len(rate))
    rate = (rate + spread)[_bank_days(rate.index)].round(2)
    for day, level in anchors().get(code, {}).items():
        rate[pd.Timestamp(day)] = level
    return rate


def _followed(code: str, days: np.ndarray) -> pd.Series:
    """What Yahoo's index is in another hand, and before that begins a path of its own."""
    symbol, times, text, sd = {
        "VIXCLS": ("^VIX", 1.0, "1990-01-02 17.2, 2009-12-31 21.7", 0.03),
        "DTWEXBGS": ("DX-Y.NYB", 1.2, "2006-01-02 100, 2009-12-31 93", 0.004),
    }[code]
    early = days[days < sessions(symbol)[0]]
    before = _series(early, through(code, early, text, sd, factors=True))
    own = sessions(symbol)
    after = _series(own, published(code, own, closes(symbol) * times, factors=True))
    return pd.concat([before, after]).round(2 if code == "VIXCLS" else 4)


@cache
def anchors() -> dict[str, dict[np.datetime64, float]]:
    """Published levels by provider's code and day."""
    text = files("analytics.published").joinpath("anchors.toml").read_text(encoding="utf-8")
    found: dict[str, dict[np.datetime64, float]] = {}
    for group in tomllib.loads(text)["group"]:
        for key, row in group["values"].items():
            levels = {day: level[0] if isinstance(level, list) else level for day, level in row.items()}
            found[catalogue.get(key).code] = {np.datetime64(day): float(v) for day, v in levels.items()}
    return found


def _pins(code: str, days: np.ndarray) -> dict[np.datetime64, float]:
    """The published levels of a series within some days."""
    return {day: level for day, level in anchors().get(code, {}).items() if days[0] <= day <= days[-1]}


def through(code: str, days: np.ndarray, text: str, sd: float, *, factors: bool) -> np.ndarray:
    """A random path on ``days`` through the levels of ``text`` and the published ones.

    Args:
        code: Seeds the path.
        days: datetime64[D], rising.
        text: ``date level, date level``; a level within ten days of a published one gives way to it.
        sd: Of a day's move: of the log where moves are factors, else in the unit.
        factors: Whether moves are factors.
    """
    told = _pins(code, days)
    near = np.timedelta64(10, "D")
    known = dict(zip(*demo_anchors.parse(text), strict=True))
    known = {day: level for day, level in known.items() if all(abs(day - other) > near for other in told)}
    free = _noise(code, len(days), sd)
    return pinned(days, np.exp(free) if factors else free, {**known, **told}, factors=factors)


def pinned(
    days: np.ndarray,
    values: np.ndarray,
    points: dict[np.datetime64, float],
    *,
    factors: bool,
    reach: int | None = None,
) -> np.ndarray:
    """Values moved so that they pass through points: by as much as those need, and between two by straight lines.

    With a ``reach`` [rows] values further than that from every point stay.
    """
    if not points:
        return values
    place = np.minimum(np.searchsorted(days, sorted(points)), len(days) - 1)
    level = np.array([points[day] for day in sorted(points)])
    moves = np.log(level / values[place]) if factors else level - values[place]
    if reach is not None:
        still = np.array([at for at in range(0, len(days), reach) if np.abs(place - at).min() > reach // 2])
        place, moves = np.append(place, still).astype(int), np.append(moves, np.zeros(len(still)))
        moves, place = moves[np.argsort(place)], np.sort(place)
    moved = np.interp(np.arange(len(days)), place, moves)
    return values * np.exp(moved) if factors else values + moved


def published(code: str, days: np.ndarray, values: np.ndarray, *, factors: bool) -> np.ndarray:
    """``pinned`` to the published levels of a series."""
    return pinned(days, values, _pins(code, days), factors=factors)


def _price(symbol: str, days: np.ndarray) -> np.ndarray:
    level, sd = LEVELS.get(symbol, DEFAULT_LEVEL)
    rows = {row.code: key for key, row in catalogue.load().items()}
    text = {**demo_anchors.PRICES, "vix": demo_anchors.VIX}.get(rows.get(symbol, ""), f"{days[0]} {level}")
    return through(symbol, days, text, sd, factors=True)


def _fund(symbol: str, days: np.ndarray) -> np.ndarray:
    """After all splits: what it holds on the same days, a little off, and exactly its own published levels."""
    held, share = FUNDS[symbol]
    base = _series(sessions(held), closes(held))[pd.DatetimeIndex(days)].to_numpy() * share
    return published(symbol, days, base * np.exp(GAP * _normal(symbol, len(days))), factors=True)


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
    overnight = _effective().reindex(_index(days)).to_numpy() + 0.05
    for code, curve, near in (
        ("DGS2", "T10Y2Y", 0.7 * ten + 0.3 * overnight - 0.4),
        ("DGS3MO", "T10Y3M", overnight),
    ):
        points = {day: ten[np.searchsorted(days, day)] - slope for day, slope in _pins(curve, days).items()}
        path = near + _noise(code, len(days), 0.01)
        known = {**points, **_pins(code, days)}
        out[code] = _series(days, np.round(pinned(days, path, known, factors=False, reach=2 * REACH), 2))
        out[curve] = (out["DGS10"] - out[code]).round(2)
    for code, path in (("DGS1", (out["DGS2"] + out["DGS3MO"]).to_numpy() / 2), ("DGS30", ten + 0.6)):
        moved = path + _noise(code, len(days), 0.02)
        out[code] = _series(
            days, np.round(pinned(days, moved, _pins(code, days), factors=False, reach=2 * REACH), 2)
        )
    return {**out, **_five_years(recent, real, inflation, out["DGS10"])}


def _five_years(
    days: np.ndarray, real: np.ndarray, inflation: np.ndarray, ten: pd.Series
) -> dict[str, pd.Series]:
    """Five-year yields beside the ten-year ones, through every published level of them and of what is computed from them."""
    path = real - 0.3 + _noise("DFII5", len(days), 0.02)
    short = np.round(pinned(days, path, _pins("DFII5", days), factors=False, reach=REACH), 2)
    points = {day: level - short[np.searchsorted(days, day)] for day, level in _pins("DGS5", days).items()}
    forward = _pins("T5YIFR", days)
    points |= {day: 2 * inflation[np.searchsorted(days, day)] - level for day, level in forward.items()}
    points |= _pins("T5YIE", days)
    path = inflation - 0.1 + _noise("T5YIE", len(days), 0.02)
    priced = np.round(pinned(days, path, points, factors=False, reach=REACH), 2)
    old = ten[ten.index < _index(days)[0]]
    own = old.index.to_numpy().astype("datetime64[D]")
    before = _series(own, pinned(own, old.to_numpy() - 0.3, _pins("DGS5", own), factors=False, reach=REACH))
    return {
        "DFII5": _series(days, short),
        "T5YIE": _series(days, priced),
        "T5YIFR": _series(days, np.round(2 * inflation - priced, 2)),
        "DGS5": pd.concat([before, _series(days, short + priced)]).round(2),
    }


def _breakeven(days: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Through its own published levels, and where only the nominal yield has one, through what the real one leaves."""
    path = _rate("T10YIE", days, YIELDS["T10YIE"] + demo_anchors.YIELDS["breakeven_10y"])
    points = {day: level - real[np.searchsorted(days, day)] for day, level in _pins("DGS10", days).items()}
    for short, curve in (("DGS2", "T10Y2Y"), ("DGS3MO", "T10Y3M")):
        for day in _pins(short, days).keys() & _pins(curve, days).keys():
            points[day] = _pins(short, days)[day] + _pins(curve, days)[day] - real[np.searchsorted(days, day)]
    return pinned(days, path, {**points, **_pins("T10YIE", days)}, factors=False, reach=REACH)


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
    points = {
        **dict(zip(*demo_anchors.parse(YIELDS["DFF"]), strict=True)),
        **_pins("DFF", old),
        **_pins("EFFR", old),
    }
    path = pinned(old, _noise("DFF", len(old), 0.035), points, factors=False)
    before = _series(old, np.maximum(path, 0.05))
    rate = pd.concat(
        [before, target + 0.08 + 0.01 * np.round(_normal("EFFR", len(target)).clip(-2, 2))]
    ).round(2)
    for day, away in OUTSIDE.items():
        rate[day] = target[day] + (away if away < 0 else 0.25 + away)
    for day, level in _pins("DFF", rate.index.to_numpy().astype("datetime64[D]")).items():
        rate[pd.Timestamp(day)] = level
    rate[~_bank_days(rate.index)] = np.nan
    return rate.ffill().bfill()


@cache
def _holidays() -> pd.DatetimeIndex:
    return USFederalHolidayCalendar().holidays("1954-01-01", str(LAST))


def _bank_days(index: pd.DatetimeIndex) -> np.ndarray:
    return np.asarray(np.is_busday(index.to_numpy().astype("datetime64[D]")) & ~index.isin(_holidays()))


def _weekdays(first: dt.date) -> np.ndarray:
    days = np.arange(np.datetime64(first), np.datetime64(LAST) + 1)
    return days[np.is_busday(days)]


def _but(days: np.ndarray, closed: list[tuple[int, int]]) -> np.ndarray:
    stamps = pd.DatetimeIndex(days.astype("datetime64[s]"))
    return days[~np.isin(stamps.month * 100 + stamps.day, [month * 100 + day for month, day in closed])]


def _index(days: np.ndarray) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(days.astype("datetime64[s]"))


def _series(days: np.ndarray, values: np.ndarray) -> pd.Series:
    return pd.Series(values, _index(days))


def _normal(code: str, count: int) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(code.encode())).standard_normal(count)


def _noise(code: str, count: int, sd: float) -> np.ndarray:
    """Moves that add up and are pulled back, so that no span of years runs away."""
    return lfilter([1.0], [1.0, -0.995], sd * np.append(0.0, _normal(code, count)[1:]))
