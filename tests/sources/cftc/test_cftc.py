"""The CFTC's reports over loopback: what is asked and read, and every way in which it fails."""

from __future__ import annotations

import datetime as dt
import json
import logging

import pandas as pd
import pytest
import stamina

from analytics import catalogue
from analytics.errors import (
    Blocked,
    Malformed,
    NoObservations,
    ServerFault,
    Throttled,
    TimedOut,
    UnknownSymbol,
    Unreachable,
)
from analytics.sources.admission import Record, admit
from analytics.sources.cftc import Cftc, reports
from analytics.sources.pace import Pace
from tests.loopback import cftc as wire
from tests.loopback.server import Loopback

NOW = dt.datetime(2026, 6, 5, 23, 0, tzinfo=dt.UTC)  # Friday, 19:00 in New York
SILVER, BITCOIN = catalogue.get("silver_positions"), catalogue.get("bitcoin_positions")
SINCE = dt.date(2025, 1, 1)


@pytest.fixture(scope="module")
def server_():
    with Loopback(NOW.date()) as source:
        yield source


@pytest.fixture
def source(server_):
    server_.mode, server_.times, server_.slow, server_.retry_after = "ok", -1, 3.0, "0"
    server_.log.clear()
    with stamina.set_testing(True, attempts=2, cap=True):
        yield server_


@pytest.fixture
def cftc(source):
    def made(timeout: float = 10.0, **more) -> Cftc:
        return Cftc(base_url=source.address, timeout=timeout, pace=Pace(1000.0, 100), **more)

    return made


def figure(rows: pd.DataFrame, day: str, field: str) -> float:
    (value,) = rows.loc[(rows["period"] == day) & (rows["field"] == field), "value"]
    return value


@pytest.mark.parametrize("series", [SILVER, BITCOIN], ids=lambda series: series.key)
def test_each_report_gives_open_interest_and_every_group(cftc, series):
    answer = cftc()(series, None)
    assert answer.oddities == ()
    assert set(answer.rows["field"]) == {"value", *series.parts}
    assert answer.rows.groupby("field").size().nunique() == 1
    assert answer.rows.dtypes.astype(str).to_dict() == {
        "period": "datetime64[s]",
        "field": "str",
        "value": "float64",
        "known_at": "datetime64[us, UTC]",
    }
    assert answer.rows["known_at"].isna().all()  # the rule dates it
    row = dict(wire.reports(series.key))[dt.date(2026, 5, 29)]
    for field in ("value", *series.parts):
        column = "open_interest_all" if field == "value" else reports.table(series).columns[field]
        assert figure(answer.rows, "2026-05-26", field) == float(row[column])


def test_the_swap_dealers_shorts_have_two_underscores_and_the_longs_one():
    columns = reports.columns(SILVER)
    assert {"swap_positions_long_all", "swap__positions_short_all"} < set(columns)
    assert "swap_positions_short_all" not in columns


def test_only_what_is_read_is_asked_for_and_only_since_when(cftc, source):
    cftc()(SILVER, dt.date(2026, 5, 1))
    (asked,) = [path for _, path, _ in source.log]
    assert asked.startswith("/resource/kh3c-gbw2.json?%24select=report_date_as_yyyy_mm_dd%2C")
    assert "report_date_as_yyyy_mm_dd+%3E%3D+%272026-05-01T00%3A00%3A00.000%27" in asked
    cftc()(BITCOIN, None)
    assert source.log[-1][1].startswith("/resource/yw9f-hn96.json")


@pytest.mark.parametrize(("most", "requests"), [(50_000, 1), (1_000, 2)])
def test_a_table_that_gives_no_more_than_a_thousand_rows_is_read_to_its_end(
    cftc, source, monkeypatch, most, requests
):
    whole = cftc()(SILVER, None).rows
    assert 1_000 < whole["period"].nunique() < 2_000
    source.log.clear()
    monkeypatch.setattr(wire, "most_rows", most)
    pd.testing.assert_frame_equal(cftc()(SILVER, None).rows, whole)
    assert len(source.log) == requests


def test_pages_as_long_as_asked_for_go_on(cftc, source, monkeypatch):
    whole = cftc()(SILVER, None).rows
    source.log.clear()
    monkeypatch.setattr("analytics.sources.cftc.PAGE", 300)
    pd.testing.assert_frame_equal(cftc()(SILVER, None).rows, whole)
    assert len(source.log) == whole["period"].nunique() // 300 + 1
    monkeypatch.setattr("analytics.sources.cftc.PAGE", 10)
    with pytest.raises(Malformed, match="it has no end"):
        cftc()(SILVER, None)


def test_a_token_rides_on_the_wire_and_is_nowhere_else(cftc, source, caplog):
    caplog.set_level(logging.DEBUG)
    asked = cftc(token="geheimnis")
    asked(SILVER, SINCE)
    assert source.log[0][1].endswith("%24%24app_token=geheimnis")
    source.mode = "500"
    with pytest.raises(ServerFault) as caught:
        asked(SILVER, SINCE)
    for text in (repr(asked), str(caught.value), repr(vars(caught.value)), caplog.text):
        assert "geheimnis" not in text
    source.mode = "ok"
    cftc()(SILVER, SINCE)
    assert "app_token" not in source.log[-1][1]


FAULTS = {
    "429": Throttled,
    "500": ServerFault,
    "html": Malformed,
    "empty": Malformed,
    "drop": Unreachable,
    "slow": TimedOut,
    "truncated": Unreachable,
}


@pytest.mark.parametrize(("mode", "error"), FAULTS.items())
def test_a_fault_is_typed_tried_again_and_over_with_the_next(cftc, source, mode, error):
    source.mode = mode
    with pytest.raises(error) as caught:
        cftc(timeout=1.0 if mode == "slow" else 10.0)(SILVER, SINCE)
    assert type(caught.value) is error
    assert len(source.log) == 2
    source.mode = "ok"
    assert len(cftc()(SILVER, SINCE).rows) > 9 * 50


def test_a_fault_that_passes_costs_one_more_request(cftc, source):
    source.mode, source.times = "429", 1
    assert len(cftc()(SILVER, SINCE).rows) > 9 * 50
    assert [status for *_, status in source.log] == [429, 200]


def test_what_cannot_be_true_leaves_its_whole_report_out(cftc, source):
    whole = cftc()(SILVER, SINCE)
    days = whole.rows["period"].unique()
    source.mode = "spike"
    answer = cftc()(SILVER, SINCE)
    middle = len(days) // 2
    assert [odd.value for odd in answer.oddities] == ["-5", "n/a"]
    assert {odd.reason for odd in answer.oddities} == {"The value is not a number of contracts."}
    assert set(days) - set(answer.rows["period"].unique()) == set(days[middle : middle + 2])
    held = Record(whole.rows.assign(recorded_at=0))
    admitted = admit(answer, held, NOW)
    assert [odd.value for odd in admitted.refused] == ["9999999999"]
    assert days[middle + 2] not in set(admitted.rows["period"])  # nor the further figures of that report
    source.mode = "partial"
    (odd,) = cftc()(SILVER, SINCE).oddities
    assert (odd.period, odd.reason) == (days[middle].date(), "The report lacks a figure.")


def test_a_report_told_twice_is_kept_once(cftc, source):
    source.mode = "duplicate"
    result = admit(cftc()(SILVER, None), Record.nothing(), NOW)
    assert {odd.reason for odd in result.notes} == {"The source gives this row twice; one is kept."}
    assert not result.rows.duplicated(["period", "field"]).any()


@pytest.mark.parametrize("since", [dt.date(2025, 11, 1), None])
def test_half_an_answer_is_disputed_whole(cftc, source, since):
    held = cftc()(SILVER, None).rows.assign(recorded_at=0)
    source.mode = "shrink"
    disputed = admit(cftc()(SILVER, since), Record(held), NOW).disputed
    assert disputed is not None
    assert disputed.kind == "lost"


def test_the_first_answer_is_borne_out_by_printed_reports(cftc):
    assert admit(cftc()(SILVER, None), Record.nothing(), NOW).word == (
        "confirmed",
        "It agrees with 4 published values",
    )


def told(*rows: dict) -> list[dict]:
    base = dict(wire.reports("silver_positions"))[dt.date(2026, 5, 29)]
    return [{name: text for name, text in {**base, **row}.items() if text is not None} for row in rows]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"futonly_or_combined": "FutOnly"}, "futures alone"),
        ({"futonly_or_combined": None}, "futures alone"),
        ({"cftc_contract_market_code": "088691"}, "something else"),
        ({"report_date_as_yyyy_mm_dd": "26 May 2026"}, "the day"),
        ({"report_date_as_yyyy_mm_dd": "2026-02-30T00:00:00.000"}, "the day"),
    ],
)
def test_another_report_is_not_read_as_this_one(row, why):
    with pytest.raises(Malformed, match=why):
        reports.read(told({}, row), SILVER)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"m_money_positions_long_all": "n/a"}, "not a number"),
        ({"m_money_positions_long_all": "-1"}, "not a number"),
        ({"m_money_positions_long_all": None}, "lacks a figure"),
        ({"m_money_positions_long_all": "99999999"}, "more contracts than there are"),
        ({"swap__positions_short_all": "99999999"}, "more contracts than there are"),
        ({"open_interest_all": "1e5"}, "not a number"),
    ],
)
def test_a_report_is_whole_or_left_out(row, why):
    rows, (odd,) = reports.read(told(row), SILVER)
    assert rows.empty
    assert why in odd.reason


def test_numbers_may_come_as_numbers_and_as_decimals():
    rows, odd = reports.read(
        told({"open_interest_all": 250_000, "m_money_positions_long_all": "17416.0"}), SILVER
    )
    assert (figure(rows, "2026-05-26", "value"), figure(rows, "2026-05-26", "managed_long"), odd) == (
        250_000,
        17_416,
        (),
    )


@pytest.mark.parametrize("body", ["{}", '"text"', "[1]", "[null]", "[[]]"])
def test_another_document_is_malformed(cftc, monkeypatch, body):
    monkeypatch.setattr("analytics.sources.cftc.Line.get", lambda line, url: body)
    with pytest.raises(Malformed):
        cftc()(SILVER, None)


def test_nothing_since_is_no_observations_and_an_unknown_table_is_said(cftc, monkeypatch):
    with pytest.raises(NoObservations):
        cftc()(SILVER, dt.date(2026, 6, 30))
    monkeypatch.setattr(wire, "reply", lambda *_: None)
    with pytest.raises(UnknownSymbol):
        cftc()(SILVER, None)


def test_a_request_turned_away_names_no_key(cftc, source, monkeypatch):
    monkeypatch.setattr(reports, "DAY", "report_date_as_yyyy_mm_dd >")
    with pytest.raises(Blocked, match="status 400"):
        cftc()(SILVER, SINCE)
    assert len(source.log) == 1


def test_a_probe_is_one_request(cftc, source):
    assert cftc().probe(5.0)
    source.mode = "drop"
    assert not cftc().probe(5.0)
    assert len(source.log) == 2


def test_the_page_is_json_text_of_numbers_as_text(source):
    """The loopback source writes as Socrata does."""
    reply = wire.reply(
        "/resource/kh3c-gbw2.json",
        {"$where": "cftc_contract_market_code = '084691'", "$order": "id", "$select": "id,open_interest_all"},
        source.take("/"),
    )
    assert reply is not None
    assert all(isinstance(value, str) for row in json.loads(reply.body) for value in row.values())
