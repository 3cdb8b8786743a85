"""Yahoo through the real yfinance, over the loopback source."""

from __future__ import annotations

import datetime as dt
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import stamina
import stamina.instrumentation
import yfinance
from hypothesis import given
from hypothesis import strategies as st

from analytics import catalogue, errors
from analytics.clock.instants import end_of_day
from analytics.sources import COLUMNS
from analytics.sources.yahoo import Yahoo, later_splits
from analytics.sources.yahoo.gate import Gate, session_type
from tests.loopback import yahoo as made
from tests.loopback.server import Loopback

TODAY = dt.date(2026, 6, 5)
KEYS = ("silver", "bitcoin", "nasdaq_100_etf", "vix", "zq_2026_07", "yahoo:7203.T")
SILVER, QQQ = catalogue.get("silver"), catalogue.get("nasdaq_100_etf")


@pytest.fixture(autouse=True)
def _no_waiting():
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def source():
    with Loopback(TODAY) as loopback:
        yield loopback


@pytest.fixture
def yahoo(source, tmp_path):
    return ask(source, tmp_path)


def ask(source, folder, now=None, **more):
    clock = lambda: now or end_of_day(source.now)  # noqa: E731
    return Yahoo(clock=clock, cache_dir=folder, base_url=source.address, **more)


def field(answer, name):
    rows = answer.rows[answer.rows["field"] == name]
    return rows.set_index("period")["value"]


class OldAnswers:
    """Puts a page into yfinance's cache as a failed request would."""

    def get(self, *request):
        return "an error page"


def traded(symbol, now=TODAY):
    """The closes that the loopback source was made from, in its single precision."""
    days = made.sessions(symbol)
    kept = days <= np.datetime64(now)
    closes = made.closes(symbol)[kept].astype(np.float32).astype(float)
    return pd.Series(closes, days[kept].astype("datetime64[s]"))


@pytest.mark.parametrize("key", KEYS)
def test_whole_history_and_an_update_cost_one_request_each(yahoo, source, key):
    series = catalogue.get(key)
    whole, since = yahoo(series, None), dt.date(2026, 5, 20)
    update = yahoo(series, since)
    assert len(source.log) == 2
    assert all(
        f"/chart/{series.code.replace('^', '%5E')}?" in path and "crumb" not in path
        for _, path, _ in source.log
    )
    np.testing.assert_allclose(field(whole, "close"), traded(series.code), rtol=1e-6)
    assert whole.begins == whole.rows["period"].min().date() == made.sessions(series.code)[0].item()
    assert update.rows["period"].min().date() == since
    pd.testing.assert_series_equal(field(update, "close"), field(whole, "close").loc[pd.Timestamp(since) :])
    assert field(whole, "volume").empty is not series.volume


def test_the_form_of_the_rows(yahoo):
    rows = yahoo(QQQ, None).rows
    assert tuple(rows.columns) == COLUMNS
    assert [str(kind) for kind in rows.dtypes] == ["datetime64[s]", "str", "float64", "datetime64[us, UTC]"]
    assert rows["known_at"].isna().all()
    assert rows["value"].notna().all()
    assert set(rows["field"]) == {"close", "volume", "dividend", "split"}
    assert (rows["period"] == rows["period"].dt.normalize()).all()


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("429", errors.Throttled),
        ("500", errors.ServerFault),
        ("html", errors.Malformed),
        ("empty", errors.NoObservations),
        ("drop", errors.Unreachable),
        ("slow", errors.TimedOut),
        ("truncated", errors.Malformed),
    ],
)
def test_every_fault_has_its_name_costs_few_requests_and_leaves_nothing_behind(source, tmp_path, mode, error):
    source.mode, source.slow = mode, 0.4
    yahoo = ask(source, tmp_path, attempts=2, timeout=0.2 if mode == "slow" else 5.0)
    yfinance.data.YfData.cache_get(OldAnswers(), "http://old.example")
    with pytest.raises(error) as caught:
        yahoo(SILVER, None)
    assert type(caught.value) is error
    time.sleep(0.5 if mode == "slow" else 0.0)  # the server has yet to write it down
    assert len(source.log) == 2
    told = "".join(traceback.format_exception(caught.value))
    assert "127.0.0.1" not in told
    assert "crumb=" not in told
    assert str(caught.value).startswith("Yahoo SI=F: ")
    assert yfinance.data.YfData.cache_get.cache_info().currsize == 0
    source.mode = "ok"
    assert len(ask(source, tmp_path)(SILVER, None).rows) == 2 * len(traded("SI=F"))


def test_a_fault_that_passes_is_not_seen(yahoo, source):
    source.mode, source.times = "500", 2
    assert len(yahoo(SILVER, None).rows) == 2 * len(traded("SI=F"))
    assert [status for *_, status in source.log] == [500, 500, 200]


def test_the_wait_that_is_asked_for_is_kept(source, tmp_path):
    waits = []
    stamina.instrumentation.set_on_retry_hooks([lambda details: waits.append(details.wait_for)])
    source.mode, source.times = "429", 1
    started = time.monotonic()
    try:
        with stamina.set_testing(False):
            ask(source, tmp_path)(SILVER, dt.date(2026, 6, 1))
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)
    assert waits == [1.0]
    assert time.monotonic() - started >= 1.0


def test_a_source_that_asks_for_an_hour_is_left_alone(yahoo, source):
    source.mode, source.retry_after = "429", "3600"
    with pytest.raises(errors.Throttled) as caught:
        yahoo(SILVER, None)
    assert caught.value.retry_after == 3600.0
    assert len(source.log) == 1


def test_the_running_bar_is_never_stored(yahoo, source, tmp_path):
    source.mode = "partial"
    answer = yahoo(SILVER, dt.date(2026, 5, 1))
    assert field(answer, "close").iloc[-1] == traded("SI=F").iloc[-1]
    last, null = answer.oddities[-1], answer.oddities[0]
    assert (last.period, "second row" in last.reason) == (TODAY, True)
    assert (null.value, pd.Timestamp(null.period) in field(answer, "close").index) == ("nothing", False)
    midday = dt.datetime(2026, 6, 5, 19, tzinfo=dt.UTC)
    before = ask(source, tmp_path, midday)(SILVER, dt.date(2026, 5, 1))
    assert field(before, "close").index[-1] == pd.Timestamp("2026-06-04")
    assert [note.reason for note in before.oddities[1:]] == ["Not final until 2026-06-05 22:00 UTC."] * 2


def test_yfinance_alone_would_have_folded_it_in(source):
    source.mode = "partial"
    gate = Gate(source.address, 5.0)
    gate.open("SI=F")
    ticker = yfinance.Ticker("SI=F", session=session_type()(gate))
    ticker._tz, ticker._data._crumb, ticker._data._cookie = "America/New_York", "", True
    shown = ticker.history(start="2026-05-01", auto_adjust=False)["Close"]
    assert shown.iloc[-1] == pytest.approx(1.01 * traded("SI=F").iloc[-1])


def test_a_row_given_twice_is_stored_once_and_told(yahoo, source):
    source.mode = "duplicate"
    answer = yahoo(SILVER, None)
    assert field(answer, "close").index.is_unique
    assert [note.reason for note in answer.oddities] == ["The source gives this row twice."]


def test_slips_and_lost_history_are_left_to_the_door(yahoo, source):
    source.mode = "spike"
    close = field(yahoo(SILVER, None), "close")
    assert {close.min() < 0, (close == 0).any(), close.max() > 1000} == {True}
    source.mode = "shrink"
    answer = yahoo(SILVER, None)
    assert answer.begins == made.FIRST < answer.rows["period"].min().date()


def test_a_split_revises_nothing(source, tmp_path):
    source.now = made.SPLIT - dt.timedelta(days=3)
    before = ask(source, tmp_path)(QQQ, None)
    source.now = made.SPLIT + dt.timedelta(days=20)
    after = ask(source, tmp_path)(QQQ, None)
    for name in ("close", "volume", "dividend"):
        old, new = field(before, name), field(after, name)
        np.testing.assert_allclose(new.loc[old.index], old, rtol=1e-6)
    assert set(field(after, "dividend")) == {made.DIVIDEND}
    assert field(before, "split").empty
    assert field(after, "split").to_dict() == {pd.Timestamp(made.SPLIT): made.SPLIT_RATIO}


def test_a_split_restates_prices_before_its_own_day_is_over(source, tmp_path):
    source.now = made.SPLIT
    noon = dt.datetime.combine(made.SPLIT, dt.time(17), dt.UTC)
    answer = ask(source, tmp_path, noon)(QQQ, made.SPLIT - dt.timedelta(days=10))
    np.testing.assert_allclose(field(answer, "close").iloc[-1], traded("QQQ", made.SPLIT).iloc[-2], rtol=1e-6)
    assert field(answer, "split").empty
    assert [(note.field, note.value) for note in answer.oddities if note.field == "split"] == [("split", "2")]


@given(st.dictionaries(st.integers(0, 40), st.sampled_from([0.1, 1.5, 2.0, 3.0]), max_size=4))
def test_later_splits_multiply_up(found):
    days = pd.Series(np.datetime64("2026-01-01", "s") + np.arange(41) * np.timedelta64(86400, "s"))
    splits = pd.Series([found[day] for day in sorted(found)], days[sorted(found)], dtype=float)
    expected = [np.prod([ratio for at, ratio in found.items() if at > day]) for day in range(41)]
    np.testing.assert_allclose(later_splits(days, splits), expected)


@pytest.mark.parametrize("symbol", ["NOSUCH", "ZQF20.CBT"])
def test_an_unknown_or_expired_symbol(yahoo, source, symbol):
    with pytest.raises(errors.UnknownSymbol):
        yahoo(catalogue.typed(symbol), None)
    assert len(source.log) == 1


def test_no_trading_since(source, tmp_path):
    with pytest.raises(errors.NoObservations):
        ask(source, tmp_path, attempts=1)(SILVER, TODAY + dt.timedelta(days=3))
    assert source.log[0][2] == 400


def test_threads_get_their_own_series(yahoo):
    series = [catalogue.get(key) for key in KEYS] * 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: yahoo(one, dt.date(2026, 1, 2)), series))
    for one, answer in zip(series, answers, strict=True):
        close = field(answer, "close")
        np.testing.assert_allclose(close, traded(one.code).loc[close.index], rtol=1e-6)
