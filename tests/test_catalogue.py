from __future__ import annotations

import dataclasses
import datetime as dt
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import catalogue
from analytics.catalogue import Series
from analytics.clock.instants import parse_clock
from analytics.errors import BadSymbol, UnknownSeries
from analytics.ledger.schema import FIELDS
from bench.witness_bounds import table_of

MARKET = Path(__file__).resolve().parents[1] / ".." / "shared" / "market"

# As listed under "Series" in the product's description, and the currencies of the Drivers page.
YAHOO = [
    "SI=F", "GC=F", "HG=F", "BTC-USD", "ETH-USD", "^GSPC", "^IXIC", "QQQ", "^VIX", "DX-Y.NYB", "SLV",
    "GLD", "GDX", "UUP", "HYG", "SPY", "TLT", "SOXX", "ICLN", "TAN", "ZQ=F",
    "EURUSD=X", "CNY=X", "INR=X",
]  # fmt: skip
FRED = [
    "DFF", "EFFR", "DFEDTARU", "DFEDTARL", "SOFR", "DGS3MO", "DGS1", "DGS2", "DGS5", "DGS10", "DGS30",
    "DFII5", "DFII10", "T5YIE", "T10YIE", "T5YIFR", "T10Y2Y", "T10Y3M", "DTWEXBGS", "VIXCLS",
    "BAMLH0A0HYM2", "NFCI", "WALCL", "RRPONTSYD", "WTREGEN", "M2SL", "WM2NS", "CPIAUCSL", "CPILFESL",
    "PCEPILFE", "UNRATE", "PAYEMS", "GDP", "GFDEBTN", "GFDEGDQ188S", "MTSDS133FMS", "FYFSGDA188S",
    "A091RC1Q027SBEA", "W006RC1Q027SBEA", "THREEFYTP10", "FEDTARMD", "USEPUINDXD", "CBBTCUSD", "EXPINF1YR",
]  # fmt: skip
CFTC = ["084691", "088691", "085692", "133741", "045601"]
LBMA = ["vault-holdings"]
COLOURS = {"silver", "gold", "bitcoin", "copper", "dollar", "rates", "equities", "context", "ether", "other"}
WORDS = ("title", "label", "unit", "publisher", "licence", "code")
ROWS = list(catalogue.load().values())

each = pytest.mark.parametrize("series", ROWS, ids=lambda series: series.key)
months = st.tuples(st.integers(1989, 2088), st.integers(1, 12))


@pytest.mark.parametrize(
    ("provider", "codes"), [("yahoo", YAHOO), ("fred", FRED), ("cftc", CFTC), ("lbma", LBMA)]
)
def test_the_catalogue_holds_exactly_the_promised_codes(provider: str, codes: list[str]) -> None:
    assert sorted(row.code for row in ROWS if row.provider == provider) == sorted(codes)


def test_no_two_rows_share_a_code_a_title_or_a_label() -> None:
    for name in ("code", "title", "label"):
        assert len({getattr(row, name) for row in ROWS}) == len(ROWS)


@each
def test_every_row_is_whole(series: Series) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", series.key)
    assert all(getattr(series, name).strip() == getattr(series, name) != "" for name in WORDS)
    assert series.colour in COLOURS
    assert series.frequency in catalogue.FREQUENCIES
    assert series.change in ("return", "difference")


@each
def test_a_price_has_close_times_and_a_published_figure_a_lag(series: Series) -> None:
    if series.provider == "fred":
        assert (series.settles, series.final) == (None, None)
        assert not series.volume
        assert not series.split_adjusts
        assert 0 <= series.release_lag <= 430
        return
    if series.provider in ("cftc", "lbma"):
        assert series.released is not None
        assert (series.settles, series.final, series.release_lag) == (None, None, 0)
        return
    assert series.release_lag == 0
    assert series.begins is None
    assert series.settles is not None
    assert series.final is not None
    settled, final = parse_clock(series.settles), parse_clock(series.final)
    assert series.final == "00:00 UTC" if series.every_day else settled < final
    assert settled[1] == final[1]


@each
def test_returns_are_only_taken_of_positive_series(series: Series) -> None:
    assert series.positive or series.change == "difference"


@each
def test_ranges_are_ranges_and_every_difference_has_one(series: Series) -> None:
    if series.range is None:
        assert (series.provider, series.change) == ("yahoo", "return")
        return
    least, greatest = series.range
    assert least < greatest
    assert least >= 0 or not series.positive


@each
def test_begins_belongs_to_whole_fred_histories(series: Series) -> None:
    assert series.begins is None or series.begins < dt.date(2027, 1, 1)
    if series.provider == "fred" and not series.rolling and series.key != "fed_dots_median":
        assert series.begins is not None
    assert not (series.rolling and series.begins)


def test_vintages_are_asked_only_where_they_can_be_served() -> None:
    # fredapi cannot serve all vintages of a daily series: more than 2,000 of them.
    vintages = [row for row in ROWS if row.vintages]
    assert {row.frequency for row in vintages} == {"m", "q", "a"}
    assert all(row.revised and row.provider == "fred" for row in vintages)
    slow = {row.key for row in ROWS if row.frequency in ("m", "q", "a") and row.provider == "fred"}
    assert slow == {row.key for row in vintages}
    assert [row.code for row in ROWS if row.rolling] == ["BAMLH0A0HYM2"]


@pytest.mark.parametrize(
    ("key", "unit", "settles", "final"),
    [
        ("silver", "$/oz", "13:25 America/New_York", "18:00 America/New_York"),
        ("gold", "$/oz", "13:30 America/New_York", "18:00 America/New_York"),
        ("copper", "$/lb", "13:00 America/New_York", "18:00 America/New_York"),
        ("bitcoin", "$", "00:00 UTC", "00:00 UTC"),
        ("silver_etf", "$", "16:00 America/New_York", "18:00 America/New_York"),
        ("sp500", "index", "16:00 America/New_York", "18:00 America/New_York"),
    ],
)
def test_close_times_are_those_of_the_methods(key: str, unit: str, settles: str, final: str) -> None:
    row = catalogue.get(key)
    assert (row.unit, row.settles, row.final, row.field) == (unit, settles, final, "close")


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("fed_assets", "m $"), ("treasury_account", "m $"), ("federal_debt", "m $"), ("reverse_repo", "bn $"),
        ("m2", "bn $"), ("gdp", "bn $"), ("payrolls", "thousand persons"), ("real_yield_10y", "%"),
    ],
)  # fmt: skip
def test_figures_keep_the_unit_of_their_source(key: str, unit: str) -> None:
    assert (catalogue.get(key).unit, catalogue.get(key).field) == (unit, "value")


def test_every_day_is_crypto_and_what_fred_stamps_on_weekends() -> None:
    everyday = {row.key for row in ROWS if row.every_day}
    assert everyday == {
        "bitcoin", "ether", "fed_funds_rate", "target_upper", "target_lower", "policy_uncertainty",
        "bitcoin_coinbase",
    }  # fmt: skip


@each
def test_a_witness_is_another_listed_series_within_bounds(series: Series) -> None:
    for witness in series.witnesses:
        assert series.key not in witness.keys
        assert all(catalogue.get(key).frequency == series.frequency for key in witness.keys)
        assert witness.low < witness.high
        assert witness.gap > 0
        assert witness.relation == "sum" or witness.low > 0


def test_witnesses_stand_in_for_each_other() -> None:
    for one, other in [
        ("silver", "silver_etf"), ("gold", "gold_etf"), ("nasdaq", "nasdaq_100_etf"), ("sp500", "sp500_etf"),
        ("vix", "vix_close_fred"), ("dollar_index", "dollar_etf"), ("bitcoin", "bitcoin_coinbase"),
    ]:  # fmt: skip
        assert any(witness.keys == (other,) for witness in catalogue.get(one).witnesses)
        assert any(witness.keys == (one,) for witness in catalogue.get(other).witnesses)
    month = catalogue.get("zq_2026_07")
    assert [witness.keys for witness in month.witnesses] == [("zq_2026_06",), ("zq_2026_08",)]


def test_a_report_has_its_further_figures_as_series() -> None:
    part = catalogue.get("silver_positions.managed_long")
    assert part.title == "COMEX silver futures and options: managed money, long"
    assert (part.field, part.stored_as, part.unit) == ("managed_long", "silver_positions", "contracts")
    assert (part.released, part.public_since) == ("traders", dt.date(2009, 10, 20))
    gold = catalogue.get("london_vaults.gold")
    assert (gold.title, gold.field) == ("London vault holdings: gold", "gold")
    report = catalogue.get("silver_positions")
    assert (report.field, report.stored_as) == ("value", "silver_positions")
    assert {part for row in ROWS for part in row.parts} <= set(FIELDS)
    for wrong in (
        "silver_positions.",
        "silver_positions.volume",
        "silver.managed_long",
        "bitcoin_positions.managed_long",
    ):
        with pytest.raises(UnknownSeries):
            catalogue.get(wrong)


def test_the_pair_is_a_choice() -> None:
    lead = [row.key for row in catalogue.pair_choices("lead")]
    follow = [row.key for row in catalogue.pair_choices("follow")]
    assert (lead[0], follow[0]) == ("silver", "bitcoin")
    assert {"gold", "copper", "silver_etf"} < set(lead)
    assert {"ether", "nasdaq", "sp500"} < set(follow)
    assert not set(lead) & set(follow)


def test_rows_are_frozen_and_an_unknown_key_is_refused() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.get("silver").unit = "oz"  # type: ignore[misc]
    with pytest.raises(UnknownSeries, match="'tin'"):
        catalogue.get("tin")


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (1988, 12), (2089, 1)])
def test_a_contract_month_that_cannot_be_is_refused(year: int, month: int) -> None:
    with pytest.raises(UnknownSeries):
        catalogue.contract(year, month)


@given(months)
def test_contract_keys_and_codes_round_trip(when: tuple[int, int]) -> None:
    row = catalogue.contract(*when)
    first = dt.date(*when, 1)
    assert catalogue.get(row.key) == row
    assert catalogue.contract_month(row.key) == first
    assert catalogue.parse_contract_code(row.code) == first
    assert catalogue.parse_contract_code(row.code.removesuffix(".CBT").lower()) == first
    assert catalogue.typed(row.code) == row


@given(months)
def test_months_of_delivery_and_their_codes_round_trip(when: tuple[int, int]) -> None:
    row = catalogue.delivery(*when)
    assert catalogue.get(row.key) == row
    assert catalogue.delivery_month(row.key) == dt.date(*when, 1)
    assert catalogue.typed(row.code.lower()) == row
    assert catalogue.contract_month(row.key) is None


def test_silver_is_asked_for_by_its_main_months() -> None:
    assert catalogue.delivery(2027, 3).code == "SIH27.CMX"
    assert catalogue.delivery_month("silver") is None
    listed = catalogue.listed_deliveries(dt.date(2026, 12, 31))
    assert [row.key for row in listed] == [
        "si_2026_12",
        "si_2027_03",
        "si_2027_05",
        "si_2027_07",
        "si_2027_09",
    ]
    with pytest.raises(UnknownSeries, match="si_2026_13"):
        catalogue.delivery(2026, 13)


def test_contract_codes_are_the_exchange_s() -> None:
    assert catalogue.contract(2026, 7).code == "ZQN26.CBT"
    assert catalogue.contract(2026, 1).code == "ZQF26.CBT"
    assert catalogue.contract_month("zq_2026_7") is None
    assert catalogue.parse_contract_code("ZQA26") is None


def test_listed_contracts_are_consecutive_from_the_present_month() -> None:
    listed = catalogue.listed_contracts(dt.date(2026, 7, 14))
    assert (len(listed), listed[0].key, listed[-1].key) == (18, "zq_2026_07", "zq_2027_12")


@given(st.text(alphabet="ABCXYZ019^.=-", min_size=1, max_size=20))
def test_a_plausible_symbol_is_taken_or_refused_with_its_reason(symbol: str) -> None:
    plausible = symbol[0] not in ".=-" and ".." not in symbol
    if not plausible:
        with pytest.raises(BadSymbol, match="may hold only"):
            catalogue.typed(symbol)
        return
    row = catalogue.typed(f" {symbol.lower()} ")
    assert row.code == symbol
    assert catalogue.get(row.key) == row


@given(st.text(max_size=40))
def test_no_typed_text_does_worse_than_a_plain_refusal(symbol: str) -> None:
    text = symbol.strip()
    if re.fullmatch(r"[A-Za-z0-9^][A-Za-z0-9.=^-]{0,19}", text) and ".." not in text:
        assert catalogue.typed(symbol).code == text.upper()
        return
    with pytest.raises(BadSymbol, match="cannot be a Yahoo symbol"):
        catalogue.typed(symbol)


HOSTILE = ["", "   ", "A" * 21, "SI=F;", "../etc", "A..B", "SI F", "ß", "ＳＩ=F", "-USD", "a\nb"]


@pytest.mark.parametrize("symbol", HOSTILE)
def test_hostile_symbols_are_refused(symbol: str) -> None:
    with pytest.raises(BadSymbol):
        catalogue.typed(symbol)
    with pytest.raises(BadSymbol):
        catalogue.get(catalogue.TYPED + symbol)


def test_a_typed_symbol_that_is_listed_is_the_listed_row() -> None:
    assert catalogue.typed("si=f") == catalogue.get("silver")
    coin = catalogue.typed("ADA-USD")
    assert (coin.key, coin.every_day, coin.final) == ("yahoo:ADA-USD", True, "00:00 UTC")


# ------------------------------------------------------------------------------ against recorded market data


def recorded(series: Series) -> list[tuple[dt.date, float]]:
    table = table_of(series, MARKET)
    if table is None:
        pytest.skip(f"no recorded {series.code} beside the checkout")
    held = table[series.field].dropna()
    return list(zip(held.index.date, held.tolist(), strict=True))


@pytest.mark.market
@each
def test_recorded_values_are_plausible_and_reach_back_to_begins(series: Series) -> None:
    rows = recorded(series)
    values = [value for _, value in rows]
    least, greatest = series.range or (0.0, float("inf"))
    assert least <= min(values)
    assert max(values) <= greatest
    assert min(values) > 0 or not series.positive
    assert series.begins is None or rows[0][0] <= series.begins


@pytest.mark.market
@each
def test_recorded_dates_fit_the_frequency(series: Series) -> None:
    days = [day for day, _ in recorded(series)]
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    typical = {"d": (1, 1), "w": (7, 7), "m": (28, 31), "q": (90, 92), "a": (365, 366)}[series.frequency]
    assert typical[0] <= gaps[len(gaps) // 2] <= typical[1]
    weekends = sum(day.weekday() >= 5 for day in days[-400:])
    if series.frequency == "d":
        assert (weekends > 80) == series.every_day


@pytest.mark.market
def test_the_deficit_ratio_needs_calendar_year_gdp_which_sets_its_lag() -> None:
    # The fiscal year's balance is divided by the calendar year's GDP: the ratio cannot be out before it.
    ratio = dict(recorded(catalogue.get("deficit_to_gdp")))[dt.date(2019, 1, 1)]
    gdp = dict(recorded(catalogue.get("gdp")))
    calendar = sum(gdp[dt.date(2019, month, 1)] for month in (1, 4, 7, 10)) / 4
    assert ratio * calendar / 100 == pytest.approx(-984, abs=2)  # deficit of fiscal 2019 [bn $]
    assert catalogue.get("deficit_to_gdp").release_lag > 365
