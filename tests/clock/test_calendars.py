"""Trading days, release days, and which figure should be there by now."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from analytics import catalogue
from analytics.clock import calendars
from analytics.clock.instants import end_of_day
from bench.witness_bounds import table_of
from tests.ledger.rows import at

MARKET = Path(__file__).resolve().parents[2] / ".." / "shared" / "market"
RATES = ["treasury_10y", "treasury_3m", "real_yield_10y", "breakeven_10y", "curve_10y2y"]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def days(*texts: str) -> list[str]:
    return [str(found) for found in np.array(texts, dtype="datetime64[D]")]


def expected(key: str, first: str, last: str) -> list[str]:
    return [str(found) for found in calendars.expected_dates(catalogue.get(key), day(first), day(last))]


# Closures as the exchange published them: https://www.nyse.com/markets/hours-calendars and its notices.
@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("2026-01-19", False),  # Martin Luther King
        ("2026-04-03", False),  # Good Friday
        ("2026-07-03", False),  # Independence Day, observed
        ("2026-06-19", False),
        ("2021-06-18", True),  # Juneteenth was not yet kept
        ("2025-01-09", False),  # mourning for President Carter
        ("2012-10-29", False),  # hurricane Sandy
        ("2001-09-12", False),
        ("2026-10-12", True),  # Columbus Day
        ("2026-11-27", True),  # the short day after Thanksgiving
        ("2026-06-06", False),
    ],
)
def test_us_trading_days_are_those_of_the_exchange(text, open_):
    assert calendars.on_us_sessions(np.array([text], dtype="datetime64[D]")).tolist() == [open_]


def test_the_mask_takes_dates_in_any_order_and_unit():
    dates = np.array(["2026-06-08", "2026-06-06", "2026-06-05"], dtype="datetime64[s]")
    assert calendars.on_us_sessions(dates).tolist() == [True, False, True]
    assert calendars.on_us_sessions(dates[:0]).tolist() == []


def test_years_have_as_many_trading_days_as_the_exchange_says():
    years = calendars.us_sessions().astype("datetime64[Y]").astype(int) + 1970
    counts = dict(zip(*np.unique(years, return_counts=True), strict=True))
    assert [counts[year] for year in (2001, 2020, 2024, 2025, 2026)] == [248, 253, 252, 250, 251]


@pytest.mark.parametrize(
    ("key", "first", "last", "dates"),
    [
        ("silver", "2026-07-02", "2026-07-06", days("2026-07-02", "2026-07-06")),
        ("bitcoin", "2026-07-03", "2026-07-05", days("2026-07-03", "2026-07-04", "2026-07-05")),
        ("fed_funds_rate", "2026-07-03", "2026-07-04", days("2026-07-03", "2026-07-04")),
        ("sp500", "2026-10-09", "2026-10-13", days("2026-10-09", "2026-10-12", "2026-10-13")),
        ("treasury_10y", "2026-10-09", "2026-10-13", days("2026-10-09", "2026-10-13")),
        ("financial_conditions", "2026-05-29", "2026-06-13", days("2026-05-29", "2026-06-05", "2026-06-12")),
        ("cpi", "2026-03-01", "2026-05-31", days("2026-03-01", "2026-04-01", "2026-05-01")),
        ("gdp", "2025-10-01", "2026-06-30", days("2025-10-01", "2026-01-01", "2026-04-01")),
        ("deficit_to_gdp", "2023-01-01", "2025-06-30", days("2023-01-01", "2024-01-01", "2025-01-01")),
        ("silver", "2026-06-08", "2026-06-05", []),
    ],
)
def test_each_series_has_its_own_dates(key, first, last, dates):
    assert expected(key, first, last) == dates


@pytest.mark.market
@pytest.mark.parametrize("key", RATES)
def test_published_rates_have_no_gap_on_release_days(key):
    """Recorded files: every trading day that is no federal holiday has a figure since 1990, and no other is missed."""
    code = catalogue.get(key).code
    path = MARKET / "fred" / f"{code}.csv"
    if not path.exists():
        pytest.skip("no recorded market data beside the checkout")
    with path.open() as file:
        rows = [row for row in list(csv.reader(file))[1:] if row[1] not in ("", ".") and row[0] >= "1990"]
    held = np.array([row[0] for row in rows], dtype="datetime64[D]")
    owed = calendars.expected_dates(catalogue.get(key), held[0].astype(object), held[-1].astype(object))
    assert len(owed) > 4_000
    assert np.setdiff1d(owed, held).tolist() == []


@pytest.mark.parametrize(
    ("key", "period", "utc"),
    [
        ("silver", "2026-06-05", "2026-06-05 22:00"),
        ("bitcoin", "2026-06-05", "2026-06-06 00:00"),
        ("treasury_10y", "2026-06-05", "2026-06-08 22:00"),
        ("cpi", "2026-04-01", "2026-05-16 22:00"),
        ("target_upper", "2026-09-17", "2026-09-16 22:00"),  # decided on the 16th, and known that day
        ("target_upper", "2026-09-18", "2026-09-18 22:00"),
        ("target_upper", "2026-09-16", "2026-09-16 22:00"),
    ],
)
def test_a_figure_is_released_by_the_catalogues_rule(key, period, utc):
    assert calendars.release(catalogue.get(key), day(period)) == at(utc)


@pytest.mark.parametrize(
    ("key", "now", "last", "newest"),
    [
        ("silver", "2026-06-08 21:59", "2026-06-05", "2026-06-05"),
        ("silver", "2026-06-08 22:00", "2026-06-05", "2026-06-08"),
        ("silver", "2026-06-08 22:00", "2020-01-02", "2026-06-08"),  # a ledger from years ago
        ("bitcoin", "2026-06-08 00:00", "2026-06-05", "2026-06-07"),
        ("treasury_10y", "2026-06-08 21:59", "2026-06-04", "2026-06-04"),
        ("cpi", "2026-06-20 00:00", "2026-01-01", "2026-05-01"),
        ("federal_debt", "2026-06-09 00:00", "2025-01-01", "2025-10-01"),
        ("fed_dots_median", "2026-06-20 00:00", "2028-01-01", "2028-01-01"),  # projections lie ahead
        ("target_upper", "2026-06-08 12:00", "2026-06-09", "2026-06-09"),
        ("silver", "2020-01-01 00:00", "2026-06-05", "2026-06-05"),  # a clock that went back
    ],
)
def test_the_newest_figure_that_should_be_there(key, now, last, newest):
    assert calendars.newest_expected(catalogue.get(key), at(now), day(last)) == day(newest)


def test_no_release_lags_behind_by_more_periods_than_are_looked_at():
    now = end_of_day(day("2026-06-05"))
    for series in catalogue.load().values():
        dates = calendars.expected_dates(series, day("2005-01-01"), day("2026-06-05"))
        oldest = dates[-calendars.LONGEST_LAG].astype(object)
        assert calendars.release(series, oldest) <= now, series.key


@pytest.mark.parametrize(
    ("key", "last", "late"),
    [
        ("silver", "2026-06-05", "2026-06-12 22:00"),  # Monday's close is four days late on Friday
        ("bitcoin", "2026-06-05", "2026-06-11 00:00"),
        ("cpi", "2026-04-01", "2026-07-05 22:00"),
        ("gdp", "2026-01-01", "2026-09-15 22:00"),
    ],
)
def test_a_series_is_stale_once_the_grace_of_its_frequency_is_over(key, last, late):
    series, moment = catalogue.get(key), at(late)
    assert calendars.is_stale(series, moment, day(last))
    assert not calendars.is_stale(series, moment - dt.timedelta(microseconds=1), day(last))


def test_nothing_is_stale_when_all_is_there():
    now = end_of_day(day("2026-06-05"))
    for series in catalogue.load().values():
        newest = calendars.newest_expected(series, now, day("2025-01-01"))
        assert not calendars.is_stale(series, now, newest)


# ----------------------------------------------------------------------------------- on which days a row may stand

LISTED = list(catalogue.load().values())


def dated(series, *texts: str) -> list[bool]:
    return calendars.may_be_dated(series, np.array(texts, dtype="datetime64[D]")).tolist()


@pytest.mark.market
@pytest.mark.parametrize("series", LISTED, ids=lambda series: series.key)
def test_no_recorded_row_is_dated_where_none_may_be(series):
    table = table_of(series, MARKET)
    if table is None:
        pytest.skip(f"no recorded {series.code} beside the checkout")
    held = table[series.field].dropna().index.to_numpy().astype("datetime64[D]")
    assert held[~calendars.may_be_dated(series, held)].tolist() == []
    if series.kept_from is not None:
        assert held[0] >= np.datetime64(series.kept_from)
    early = held[0] - np.arange(7, 91, 7)  # twelve weekly rows before the record
    left_out = early < np.datetime64(series.kept_from or dt.date.min)
    whole = series.key not in (
        "treasury_20y_etf",
        "usd_cny",
        "m2",
        "fed_dots_median",
        "bitcoin_positions",
    )  # cut at their start
    assert (~calendars.may_be_dated(series, early) | left_out).all() == whole or series.frequency in "mqa"


@pytest.mark.market
def test_no_recorded_contract_price_is_dated_where_none_may_be():
    path = MARKET / "zq_contracts.csv"
    if not path.exists():
        pytest.skip("no recorded market data beside the checkout")
    with path.open() as file:
        held = np.unique(np.array([row["date"] for row in csv.DictReader(file)], dtype="datetime64[D]"))
    assert calendars.may_be_dated(catalogue.contract(2026, 7), held).all()


@pytest.mark.parametrize("series", LISTED, ids=lambda series: series.key)
def test_weekends_are_refused_to_all_that_is_not_daily(series):
    weekend = np.arange(np.datetime64("2018-01-06"), np.datetime64("2026-06-06"), 7)
    weekend = np.sort(np.concatenate([weekend, weekend + 1]))
    if series.calendar == "weekdays_and_month_ends":
        weekend = weekend[(weekend + 1).astype("datetime64[M]") == weekend.astype("datetime64[M]")]
    if series.calendar == "month_ends":
        weekend = weekend[(weekend + 1).astype("datetime64[M]") == weekend.astype("datetime64[M]")]
    elif series.frequency in "mqa":
        weekend = weekend[weekend != weekend.astype("datetime64[M]").astype("datetime64[D]")]
    allowed = calendars.may_be_dated(series, weekend)
    assert allowed.all() if series.every_day else not allowed.any()


def test_holidays_of_the_exchange_are_no_holidays_of_metals():
    for key, open_ in [
        ("silver", True),
        ("gold", True),
        ("vix", True),
        ("sp500", False),
        ("silver_etf", False),
    ]:
        assert dated(catalogue.get(key), "2025-01-09", "2025-07-04") == [open_] * 2


@pytest.mark.parametrize(
    ("symbol", "sunday", "friday", "saturday"),
    [
        ("AAPL", False, True, False),
        ("VOD.L", False, True, False),
        ("TEVA.TA", True, True, False),
        ("2222.SR", True, True, False),
        ("ADA-USD", True, True, True),
        ("BTC-EUR", True, True, True),
        ("BRK-B", False, True, False),
    ],
)
def test_typed_symbols_keep_the_week_of_their_exchange(symbol, sunday, friday, saturday):
    found = dated(catalogue.typed(symbol), "2026-06-07", "2026-06-05", "2026-06-06", "2026-06-04")
    assert found == [sunday, friday, saturday, True]


def test_each_frequency_stands_on_its_own_days():
    assert dated(catalogue.get("fed_assets"), "2026-06-03", "2026-06-04") == [True, False]
    assert dated(catalogue.get("cpi"), "2026-02-01", "2026-02-02") == [True, False]
    assert dated(catalogue.get("gdp"), "2026-04-01", "2026-05-01") == [True, False]
    assert dated(catalogue.get("deficit_to_gdp"), "2025-01-01", "2025-04-01") == [True, False]
    assert dated(catalogue.get("silver"), "2000-08-29", "2000-08-30", "NaT") == [False, True, False]
    assert dated(catalogue.get("sp500"), "1950-06-05", "1950-06-04", "2036-06-02", "2036-06-01") == [
        True, False, True, False,
    ]  # fmt: skip
    assert calendars.may_be_dated(catalogue.get("sp500"), np.array([], "datetime64[s]")).tolist() == []
