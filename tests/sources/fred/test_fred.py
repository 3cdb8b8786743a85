"""FRED over loopback, with a key and without: what it reads, and every way in which it fails."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import threading
import traceback
import urllib.request
from dataclasses import replace

import fredapi
import pandas as pd
import pytest
import stamina
from pydantic import SecretStr

from analytics import catalogue
from analytics.errors import (
    Malformed,
    NoObservations,
    ProviderError,
    Refused,
    ServerFault,
    Throttled,
    TimedOut,
    UnknownSymbol,
    Unreachable,
)
from analytics.sources import Answer
from analytics.sources.admission import Record, admit
from analytics.sources.fred import Fred
from analytics.sources.fred import api as fred_api
from analytics.sources.pace import Pace
from tests.loopback import fred as wire
from tests.loopback.reply import State
from tests.loopback.server import Loopback

KEY = "0123456789abcdef0123456789abcdef"
NOW = dt.datetime(2026, 6, 5, 23, 0, tzinfo=dt.UTC)  # 19:00 in New York
YIELD, JOBS, CPI = (catalogue.get(key) for key in ("treasury_10y", "payrolls", "cpi"))
ROADS = [(None, YIELD), (None, JOBS), (KEY, YIELD), (KEY, JOBS)]
roads = pytest.mark.parametrize(
    ("key", "series"), ROADS, ids=["file-daily", "file-monthly", "key-daily", "key-vintages"]
)


class Waits:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(scope="module")
def server_():
    with Loopback() as source:
        yield source


@pytest.fixture
def source(server_):
    server_.mode, server_.times, server_.only, server_.now, server_.slow = "ok", -1, "/", NOW.date(), 0.5
    server_.retry_after = "1"
    server_.log.clear()
    with stamina.set_testing(True, attempts=2, cap=True):
        yield server_


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def fred(source, waits):
    def made(key=None, now: dt.datetime = NOW, timeout: float = 5.0, base_url: str | None = None) -> Fred:
        pace = Pace(2.0, 2, lambda: waits.now, waits.sleep)
        return Fred(
            clock=lambda: now, key=key, base_url=base_url or source.address, timeout=timeout, pace=pace
        )

    return made


def paths(source: Loopback) -> list[str]:
    return [path for _, path, _ in source.log]


def latest(answer: Answer) -> pd.Series:
    """The newest value of each period."""
    return answer.rows.sort_values("known_at", kind="stable").groupby("period")["value"].last()


def truth(code: str, now: dt.date, since: str = "") -> pd.Series:
    """What the loopback source says today."""
    rows = wire.stood(code, str(now), str(now), State(now), since)
    values = {pd.Timestamp(day): float(text) for *_, day, text in rows if text != "."}
    return pd.Series(values)


# ----------------------------------------------------------------------------------------------------- what it reads


@roads
@pytest.mark.parametrize("since", [None, dt.date(2025, 3, 1)])
def test_the_values_are_the_sources_whatever_the_road(fred, source, key, series, since):
    answer = fred(key)(series, since)
    assert latest(answer).to_dict() == truth(series.code, NOW.date(), str(since or "")).to_dict()
    assert answer.rows.dtypes.astype(str).to_dict() == {
        "period": "datetime64[s]",
        "field": "str",
        "value": "float64",
        "known_at": "datetime64[us, UTC]",
    }
    assert (answer.series, answer.since, answer.oddities, answer.begins) == (series, since, (), None)
    assert answer.rows["known_at"].notna().all() == (key is not None and series.vintages)
    assert (
        len(source.log) == 1 + (key is not None and series is JOBS and since is None) * 3
    )  # over 2,000 vintages


def test_without_a_key_the_public_file_is_asked_for_one_series(fred, source):
    fred()(YIELD, dt.date(2026, 5, 1))
    assert paths(source) == ["/graph/fredgraph.csv?id=DGS10&cosd=2026-05-01"]


def test_with_a_key_it_rides_on_the_wire_once(fred, source):
    fred(SecretStr(KEY))(YIELD, dt.date(2026, 5, 1))
    query = f"?series_id=DGS10&observation_start=2026-05-01&api_key={KEY}"
    assert paths(source) == [f"/fred/series/observations{query}"]


@pytest.mark.parametrize("blank", ["", "  ", SecretStr("")])
def test_a_blank_key_is_none(fred, source, blank):
    fred(blank)(YIELD, dt.date(2026, 5, 1))
    assert paths(source)[0].startswith("/graph/")


@pytest.mark.parametrize("key", [None, KEY])
def test_what_was_never_published_is_neither_a_row_nor_odd(fred, key):
    answer = fred(key)(CPI, dt.date(2025, 8, 1))
    assert answer.oddities == ()
    assert "2025-10-01" not in answer.rows["period"].astype(str).tolist()
    assert "2025-11-01" in answer.rows["period"].astype(str).tolist()


# ---------------------------------------------------------------------------------------------------------- vintages


def test_each_vintage_is_known_at_six_in_new_york_on_its_day(fred):
    rows = fred(KEY)(JOBS, dt.date(2026, 1, 1)).rows
    first = rows[rows["period"] == "2026-01-01"]
    final = dict(wire.figures("PAYEMS"))[dt.date(2026, 1, 1)]
    assert first["value"].tolist() == [float(f"{float(final) * 0.998:.6g}"), float(final)]
    assert first["known_at"].tolist() == [
        pd.Timestamp("2026-02-10 23:00Z"),
        pd.Timestamp("2026-04-11 22:00Z"),
    ]


def test_a_figure_of_today_is_known_now_and_one_of_tomorrow_not_at_all(fred, source):
    out = wire.released("PAYEMS", dt.date(2026, 4, 1))  # 11 May
    source.now = out + dt.timedelta(days=30)
    morning = dt.datetime.combine(out, dt.time(13), dt.UTC)
    rows = fred(KEY, morning)(JOBS, dt.date(2026, 3, 1)).rows
    assert rows["period"].astype(str).tolist() == ["2026-03-01", "2026-04-01"]
    assert rows["known_at"].max() == morning


@pytest.mark.parametrize("key", ["payrolls", "cpi", "gdp", "deficit_to_gdp", "fed_dots_median"])
def test_a_later_read_gives_the_rows_of_a_whole_one(fred, key):
    series, since = catalogue.get(key), dt.date(2024, 1, 1)
    whole = fred(KEY)(series, None).rows
    part = fred(KEY)(series, since).rows
    expected = whole[whole["period"] >= pd.Timestamp(since)]
    order = ["period", "known_at"]
    pd.testing.assert_frame_equal(*(rows.sort_values(order, ignore_index=True) for rows in (part, expected)))
    assert len(part) > 3


def test_too_many_vintages_are_asked_for_in_parts(fred, source, monkeypatch):
    series = catalogue.get("gdp")
    whole = fred(KEY)(series, None).rows
    assert len(source.log) == 1
    monkeypatch.setattr(wire, "MOST_VINTAGES", 100)
    monkeypatch.setattr(fred_api, "VINTAGES_A_REQUEST", 95)
    parts = fred(KEY)(series, None).rows
    assert len(source.log) == 1 + 2 + 7  # the refusal, the vintages, 633 of them in seven parts
    order = ["period", "known_at"]
    pd.testing.assert_frame_equal(*(rows.sort_values(order, ignore_index=True) for rows in (parts, whole)))


@pytest.mark.parametrize("series", [YIELD, catalogue.get("gdp")])
def test_more_rows_than_a_page_holds_are_all_read(fred, source, monkeypatch, series):
    since = dt.date(2025, 1, 1) if series is YIELD else None
    whole = fred(KEY)(series, since).rows
    monkeypatch.setattr(wire, "MOST_ROWS", 100)
    pd.testing.assert_frame_equal(fred(KEY)(series, since).rows, whole)
    assert sum("offset=" in path for path in paths(source)) == (len(whole) - 1) // 100 >= 3


# ------------------------------------------------------------------------------------------------------------ faults

FAULTS = {
    "429": Throttled,
    "500": ServerFault,
    "html": Malformed,
    "empty": Malformed,
    "drop": Unreachable,
    "slow": TimedOut,
    "truncated": Unreachable,
}


@roads
@pytest.mark.parametrize(("mode", "error"), FAULTS.items())
def test_a_fault_is_typed_tried_again_silent_about_the_key_and_over_with_the_next(
    fred, source, caplog, key, series, mode, error
):
    caplog.set_level(logging.DEBUG)
    source.mode = mode
    with pytest.raises(error) as caught:
        fred(key, timeout=0.15 if mode == "slow" else 5.0)(series, dt.date(2026, 1, 1))
    assert type(caught.value) is error
    assert len(source.log) == 2  # as often as stamina may here
    assert_silent(caught.value, caplog)
    source.mode = "ok"
    assert len(fred(key)(series, dt.date(2026, 1, 1)).rows) > 3
    assert KEY not in caplog.text


def assert_silent(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    """The key is nowhere a reader or a log could find it; nor is the source's own error behind ours."""
    text = (
        "".join(traceback.format_exception(error))
        + str(error)
        + repr(error)
        + repr(vars(error))
        + caplog.text
    )
    text += "".join(str(record.__dict__) for record in caplog.records)
    assert KEY not in text
    assert error.__cause__ is None
    chained = error.__context__
    while chained is not None:
        assert isinstance(chained, ProviderError)
        chained = chained.__context__


@roads
def test_a_passing_fault_costs_one_more_request_and_the_wait_that_was_named(fred, source, waits, key, series):
    source.mode, source.times = "429", 1
    assert len(fred(key)(series, dt.date(2026, 1, 1)).rows) > 3
    assert [status for *_, status in source.log] == [429, 200]
    assert waits.now == pytest.approx(1.0)  # Retry-After: 1


@pytest.mark.parametrize("key", [None, KEY])
def test_a_long_wait_is_not_sat_out(fred, source, waits, key):
    source.mode, source.retry_after = "429", "3600"
    with pytest.raises(Throttled, match="3600 s") as caught:
        fred(key)(YIELD, None)
    assert (caught.value.retry_after, len(source.log), waits.now) == (3600, 1, 0)


@roads
def test_a_gap_a_spike_and_a_repeat_reach_the_door_and_go_no_further(fred, source, key, series):
    since = dt.date(2025, 1, 1)
    past = Record(fred(key)(series, since).rows.assign(recorded_at=0))
    count = len(past.rows)
    source.mode = "partial"
    assert len(fred(key)(series, since).rows) == count - 1
    source.mode = "spike"
    answer = fred(key)(series, since)
    assert [(odd.value, odd.reason) for odd in answer.oddities] == [
        ("abc", "The value is not a number."),
        ("inf", "The value is not a number."),
    ]
    assert [odd.value for odd in admit(answer, past, NOW).refused] == ["1000000000"]
    assert len(admit(answer, past, NOW).rows) == count - 3
    source.mode = "duplicate"
    doubled = admit(fred(key)(series, since), past, NOW)
    assert ([odd.reason[:30] for odd in doubled.notes], len(doubled.rows)) == (
        ["The source gives this row twic"],
        count,
    )


@roads
def test_a_value_that_contradicts_itself_is_refused_by_the_door(fred, source, monkeypatch, key, series):
    def twice(rows, mode):
        return [*rows, (*rows[-1][:3], str(float(rows[-1][3]) * 1.01))]

    monkeypatch.setattr(wire, "_faulty", twice)
    result = admit(fred(key)(series, dt.date(2026, 1, 1)), Record.nothing(), NOW)
    assert len(result.refused) == 2
    assert {odd.reason for odd in result.refused} == {"The source gives two different values for this date."}


@roads
@pytest.mark.parametrize("periods", [10, None])
def test_half_an_answer_is_refused_whole(fred, source, key, series, periods):
    whole = fred(key)(series, None)
    held = admit(whole, Record.nothing(), NOW).rows.drop_duplicates("period")
    since = None if periods is None else held["period"].iloc[-periods].date()
    assert not admit(fred(key)(series, since), Record(held.assign(recorded_at=0)), NOW).refused
    source.mode = "shrink"
    half = fred(key)(series, since)
    for past in [Record(held.assign(recorded_at=0)), *([Record.nothing()] if since is None else [])]:
        disputed = admit(half, past, NOW).disputed  # a whole history by the catalogue's beginning alone
        assert disputed is not None
        assert disputed.kind == "lost"


@pytest.mark.parametrize("key", [None, KEY])
def test_an_unknown_id_is_said_at_once(fred, source, key):
    with pytest.raises(UnknownSymbol):
        fred(key)(replace(YIELD, code="NOSUCH"), None)
    assert len(source.log) == 1


def test_a_refused_key_is_said_at_once_and_not_repeated(fred, source, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Refused, match="key was refused") as caught:
        fred("short-" + KEY)(YIELD, None)
    assert len(source.log) == 1
    assert_silent(caught.value, caplog)


@pytest.mark.parametrize("key", [None, KEY])
def test_nothing_published_since_is_no_observations(fred, key):
    with pytest.raises(NoObservations):
        fred(key)(YIELD, dt.date(2026, 6, 30))


@pytest.mark.parametrize("key", [None, KEY])
def test_nobody_at_the_address_is_unreachable(fred, key):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(Unreachable, match="no connection"):
            fred(key, base_url=nobody)(YIELD, None)
        assert not fred(key, base_url=nobody).probe(1.0)


# ----------------------------------------------------------------------------------------------- probe, proxy, fredapi


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize(
    ("mode", "there"), [("ok", True), ("429", True), ("500", True), ("drop", False), ("slow", False)]
)
def test_a_probe_is_one_request_that_never_raises(fred, source, waits, key, mode, there):
    source.mode = mode
    probe = fred(key)
    assert [probe.probe(0.15) for _ in range(3)] == [there] * 3
    assert len(source.log) == 3
    assert waits.now == pytest.approx(0.5)  # it keeps the pace too
    assert KEY not in "".join(paths(source))


@pytest.fixture
def proxied(monkeypatch):
    """Sets the environment's proxy."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch.setenv


def test_an_environments_proxy_is_used_and_nothing_is_installed(fred, source, proxied, caplog):
    caplog.set_level(logging.DEBUG)
    proxied("HTTP_PROXY", source.address)
    opener = urllib.request._opener
    assert len(fred(KEY, base_url="http://fred.invalid")(YIELD, dt.date(2026, 5, 1)).rows) > 3
    assert paths(source)[0].startswith("http://fred.invalid/fred/series/observations")
    assert urllib.request._opener is opener
    assert KEY not in caplog.text
    proxied("NO_PROXY", "127.0.0.1")
    fred(KEY)(YIELD, dt.date(2026, 5, 1))
    assert paths(source)[1].startswith("/fred/")


def test_a_proxy_on_the_way_to_a_secure_address_does_not_see_the_key(fred, proxied):
    heard = bytearray()

    def listen(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            heard.extend(connection.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as listener, stamina.set_testing(True, attempts=1):
        thread = threading.Thread(target=listen, args=(listener,), daemon=True)
        thread.start()
        proxied("https_proxy", f"127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(Unreachable):
            fred(KEY, base_url="https://fred.invalid")(YIELD, dt.date(2026, 5, 1))
        thread.join(2)
    assert heard.startswith(b"CONNECT fred.invalid:443 HTTP/1.1")
    assert KEY.encode() not in heard


@pytest.mark.parametrize("kind", ["socks5", "https"])
def test_a_proxy_of_another_kind_is_said_to_be_none_for_us(fred, proxied, kind):
    proxied("all_proxy", f"{kind}://127.0.0.1:1080")
    with pytest.raises(Unreachable, match="not an HTTP proxy"):
        fred(KEY, base_url="http://fred.invalid")(YIELD, None)
    assert not fred(KEY, base_url="http://fred.invalid").probe(1.0)


def test_fredapi_still_has_the_seam_and_opens_no_address_itself(fred, monkeypatch):
    def forbidden(*_: object) -> None:
        raise AssertionError("fredapi opened an address by itself")

    monkeypatch.setattr(fredapi.fred, "urlopen", forbidden)
    assert "_Fred__fetch_data" in vars(fredapi.Fred)
    assert len(fred(KEY)(JOBS, dt.date(2026, 1, 1)).rows) > 3
    assert len(fred(KEY)(YIELD, dt.date(2026, 5, 1)).rows) > 3


def test_the_provider_does_not_show_its_key(fred):
    assert KEY not in repr(fred(SecretStr(KEY))) + repr(vars(fred(SecretStr(KEY))))
