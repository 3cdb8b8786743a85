"""The verdict on every row of a raw chart answer; the rows are made up."""

from __future__ import annotations

import copy
import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import catalogue
from analytics.errors import Malformed, NoObservations, ProviderError, UnknownSymbol
from analytics.sources.yahoo.raw import judge, left_out, read, unlike

NEW_YORK, UTC = ZoneInfo("America/New_York"), ZoneInfo("UTC")
SILVER, QQQ, BITCOIN = (catalogue.get(key) for key in ("silver", "nasdaq_100_etf", "bitcoin"))
LATER = dt.datetime(2026, 6, 8, 23, tzinfo=NEW_YORK)


def at(text, zone=NEW_YORK):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def document(rows, symbol="SI=F", zone="America/New_York", events=None, **meta):
    """A chart answer with (stamp, close) rows."""
    stamps, closes = [row[0] for row in rows], [row[1] for row in rows]
    head = {
        "symbol": symbol,
        "exchangeTimezoneName": zone,
        "currency": "USD",
        "dataGranularity": "1d",
        **meta,
    }
    quote = {"close": closes, "volume": [10] * len(rows)}
    result = {"meta": head, "timestamp": stamps, "indicators": {"quote": [quote]}, "events": events or {}}
    return {"chart": {"result": [result], "error": None}}


def verdicts(series, rows, now=LATER, **more):
    """{day: close} of the finished bars, and the reasons of the others."""
    bars = judge(read(series.code, document(rows, symbol=series.code, **more)), series, now)
    kept = bars[bars["why"] == ""]
    return dict(zip(kept["period"].dt.strftime("%m-%d"), kept["close"], strict=True)), left_out(bars)


WEEK = [(at(f"2026-06-0{day}"), 60.0 + day) for day in (1, 2, 3)]


def test_evening_bar_of_a_future_is_not_folded_into_the_day_that_is_over():
    kept, notes = verdicts(SILVER, [*WEEK, (at("2026-06-03T19:30:12"), 69.63)])
    assert kept == {"06-01": 61.0, "06-02": 62.0, "06-03": 63.0}
    assert [(note.period, note.value) for note in notes] == [(dt.date(2026, 6, 3), "69.63")]
    assert "second row" in notes[0].reason


def test_sunday_evening_belongs_to_monday():
    rows = [*WEEK, (at("2026-06-07T18:30:05"), 70.0)]
    kept, notes = verdicts(SILVER, rows)
    assert list(kept) == ["06-01", "06-02", "06-03"]
    assert "still running" in notes[0].reason


@pytest.mark.parametrize(("stamp", "stored"), [("13:05:11", False), ("16:00:01", True), ("18:30:00", False)])
def test_a_last_bar_that_carries_a_trade_time(stamp, stored):
    rows = [(at(f"2026-06-0{day}T09:30"), 100.0 + day) for day in (1, 2)] + [
        (at(f"2026-06-03T{stamp}"), 103.0)
    ]
    kept, _ = verdicts(QQQ, rows)
    assert ("06-03" in kept) is stored


def test_the_only_bar_is_running_where_it_carries_the_time_of_the_last_trade():
    stamp = at("2026-06-03T11:00:07")
    assert verdicts(QQQ, [(stamp, 1.0)], regularMarketTime=stamp)[0] == {}
    assert verdicts(QQQ, [(at("2026-06-03T09:30"), 1.0)], regularMarketTime=stamp)[0] == {"06-03": 1.0}


def test_bitcoin_day_ends_at_midnight_utc():
    rows = [(at(f"2026-06-0{day}", UTC), 60e3 + day) for day in (3, 4)]
    before, after = (dt.datetime(2026, 6, day, hour, 59, tzinfo=UTC) for day, hour in ((4, 23), (5, 0)))
    kept, notes = verdicts(BITCOIN, rows, before, zone="UTC")
    assert list(kept) == ["06-03"]
    assert notes[0].reason == "Not final until 2026-06-05 00:00 UTC."
    assert list(verdicts(BITCOIN, rows, after, zone="UTC")[0]) == ["06-03", "06-04"]
    live = [*rows[:1], (at("2026-06-04T13:00:09", UTC), 61e3)]
    assert list(verdicts(BITCOIN, live, after, zone="UTC")[0]) == ["06-03"]


def test_a_clock_frozen_in_the_past_gets_one_line():
    rows = [(at(f"2026-05-{day:02d}"), 60.0) for day in range(4, 29)]
    kept, notes = verdicts(SILVER, rows, dt.datetime(2026, 5, 10, tzinfo=NEW_YORK))
    assert len(kept) == 6
    assert [(note.period, note.value) for note in notes] == [(dt.date(2026, 5, 10), "19 rows")]


def test_null_repeated_and_contradictory_rows():
    rows = [WEEK[0], (WEEK[1][0], None), WEEK[2], WEEK[2], (at("2026-06-04"), 64.0), (at("2026-06-04"), 64.5)]
    kept, notes = verdicts(SILVER, rows)
    assert kept == {"06-01": 61.0, "06-03": 63.0}
    told = {(note.period.day, note.value, note.reason.split(" ", 3)[2]) for note in notes}
    assert told == {(2, "nothing", "has"), (3, "63", "gives"), (4, "64", "gives"), (4, "64.5", "gives")}
    assert sum("two different prices" in note.reason for note in notes) == 2


def test_a_null_beside_a_value_for_one_stamp_keeps_the_value():
    kept, notes = verdicts(SILVER, [WEEK[0], (WEEK[1][0], None), WEEK[1], WEEK[2]])
    assert kept["06-02"] == 62.0
    assert [note.value for note in notes] == ["nothing"]


def test_rows_out_of_order_are_put_in_order_and_told_of():
    chart = read("SI=F", document([WEEK[2], WEEK[0], WEEK[1]]))
    assert judge(chart, SILVER, LATER)["close"].tolist() == [61.0, 62.0, 63.0]
    assert [note.value for note in chart.oddities] == ["2 rows"]


def test_a_bar_stamped_an_hour_early_means_the_next_day():
    kept, _ = verdicts(
        SILVER, [(at("2026-06-01T23:00"), 1.0), (at("2026-06-03"), 2.0), (at("2026-06-04"), 3.0)]
    )
    assert list(kept) == ["06-02", "06-03", "06-04"]


def test_currency_first_day_and_foreign_money():
    stamp = at("2026-06-02")
    events = {
        "dividends": {"a": {"date": stamp, "amount": 0.5, "currency": "USD"},
                      "b": {"date": stamp, "amount": 0.25},
                      "c": {"date": stamp, "amount": 9.0, "currency": "EUR"}},
        "capitalGains": {"d": {"date": stamp, "amount": 1.5}},
    }  # fmt: skip
    chart = read("SI=F", document(WEEK, events=events, firstTradeDate=at("2000-08-30")))
    assert chart.begins == dt.date(2000, 8, 30)
    assert chart.dividends.to_dict() == {pd.Timestamp("2026-06-02"): 0.75}
    assert [(note.field, note.value) for note in chart.oddities] == [("dividend", "9"), ("dividend", "1.5")]
    pounds = read("SI=F", document(WEEK, currency="GBp"))
    assert [(note.period, note.value) for note in pounds.oddities] == [(None, "GBp")]


def test_what_yfinance_changed_dropped_or_made_up_is_told():
    bars = judge(read("SI=F", document(WEEK)), SILVER, LATER)

    def frame(closes):
        days = pd.DatetimeIndex([f"2026-06-0{day}" for day in closes]).tz_localize("America/New_York")
        return pd.DataFrame({"Close": list(closes.values())}, index=days)

    notes = unlike(bars, frame({1: 61.0, 2: 62.5, 4: 1.0}))
    assert [(note.period.day, note.value) for note in notes] == [(2, "62.5"), (3, "nothing"), (4, "1")]
    assert unlike(bars, frame({1: 61.0, 2: 62.0, 3: 63.0, 4: float("nan")})) == []


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda r: r["meta"].update(symbol="GC=F"), "another symbol"),
        (lambda r: r["meta"].update(dataGranularity="3mo"), "not daily"),
        (lambda r: r["meta"].update(exchangeTimezoneName="../etc"), "wrong form"),
        (lambda r: r["timestamp"].pop(), "wrong form"),
        (lambda r: r["timestamp"].__setitem__(0, True), "wrong form"),
        (lambda r: r["timestamp"].__setitem__(0, 10**17), "wrong form"),
        (lambda r: r["indicators"]["quote"][0]["close"].__setitem__(1, "62.0"), "wrong form"),
        (lambda r: r["indicators"]["quote"][0].clear(), "wrong form"),
        (
            lambda r: r["events"].update(splits={"1": {"date": 1, "numerator": 2, "denominator": 0}}),
            "wrong form",
        ),
    ],
)
def test_an_answer_of_another_form_is_malformed(spoil, expected):
    answer = document(WEEK)
    spoil(answer["chart"]["result"][0])
    with pytest.raises(Malformed, match=expected):
        read("SI=F", answer)


@pytest.mark.parametrize(
    ("chart", "error"),
    [
        ({"result": None, "error": None}, NoObservations),
        ({"result": [], "error": None}, NoObservations),
        ({"result": [{"meta": {}, "indicators": {"quote": [{}]}}], "error": None}, NoObservations),
        (
            {"error": {"code": "Not Found", "description": "No data found, symbol may be delisted"}},
            UnknownSymbol,
        ),
        (
            {"error": {"code": "Bad Request", "description": "Data doesn't exist for startDate = 1"}},
            NoObservations,
        ),
        ({"error": {"code": "Internal", "description": None}}, Malformed),
    ],
)
def test_what_the_source_says_itself(chart, error):
    with pytest.raises(error):
        read("SI=F", {"chart": chart})


def _places(node, path=()):
    """The paths of every node of a JSON tree."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for name, child in children for place in _places(child, (*path, name)))]


EVENTS = {"dividends": {"1": {"date": WEEK[0][0], "amount": 1.0}},
          "splits": {"1": {"date": WEEK[1][0], "numerator": 2, "denominator": 1}}}  # fmt: skip
WHOLE = document(WEEK, events=EVENTS, firstTradeDate=at("2000-08-30"), regularMarketTime=WEEK[2][0])
JUNK = st.sampled_from(
    [None, "", "x", 0, -1, 10**30, 1e308, float("nan"), True, [], {}, [None], [[]], {"a": 1}]
)


@given(place=st.sampled_from(_places(WHOLE)[1:]), junk=JUNK)
@settings(max_examples=120, deadline=None)
def test_no_answer_whatever_raises_anything_but_our_own_errors(place, junk):
    answer = copy.deepcopy(WHOLE)
    node = answer
    for name in place[:-1]:
        node = node[name]
    node[place[-1]] = junk
    try:
        bars = judge(read("SI=F", answer), SILVER, LATER)
    except ProviderError:
        return
    left_out(bars)
    assert np.isfinite(bars.loc[bars["why"] == "", "close"]).all()
