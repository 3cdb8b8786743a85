"""The gate between yfinance and the network, and what yfinance does in the process it is loaded into."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from types import SimpleNamespace

import curl_cffi.requests
import pytest
import stamina
import yfinance

from analytics import catalogue, errors
from analytics.clock.instants import end_of_day
from analytics.sources.yahoo import Yahoo, translated
from analytics.sources.yahoo.gate import Gate
from tests.loopback import yahoo as made
from tests.loopback.reply import Reply
from tests.loopback.server import Loopback

TODAY = dt.date(2026, 6, 5)
SILVER = catalogue.get("silver")


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
    return Yahoo(clock=lambda: end_of_day(TODAY), cache_dir=tmp_path, base_url=source.address)


def test_nothing_goes_past_the_mirror(yahoo, source, monkeypatch):
    asked, send = [], curl_cffi.requests.Session.request
    spy = lambda self, method, url, **more: asked.append(url) or send(self, method, url, **more)  # noqa: E731
    monkeypatch.setattr(curl_cffi.requests.Session, "request", spy)
    yahoo(SILVER, None)
    assert asked == [f"{source.address}/v8/finance/chart/SI=F"]


@pytest.mark.parametrize(
    "url",
    ["https://fc.yahoo.com", "https://query1.finance.yahoo.com/v1/test/getcrumb",
     "https://guce.yahoo.com/consent", "https://yahoo.com.example.org/v8/finance/chart/X",
     "https://example.org/v8/finance/chart/X"],
)  # fmt: skip
def test_the_gate_lets_nothing_else_through(url):
    sent = []
    with pytest.raises(errors.Malformed):
        Gate("http://mirror.example", 1.0)(lambda *a, **k: sent.append(a), "GET", url, {})
    assert sent == []


@pytest.mark.parametrize("host", ["query1.finance.yahoo.com", "query2.finance.yahoo.com"])
def test_every_yahoo_host_becomes_the_mirror_and_the_crumb_stays(host):
    sent = {}

    def send(method, url, **options):
        sent.update(options, url=url)
        return SimpleNamespace(status_code=503, headers={}, content=b"")

    with pytest.raises(errors.ServerFault):
        Gate("http://mirror.example:81/y/", 1.5)(
            send, "GET", f"https://{host}/v8/finance/chart/A", {"params": {"crumb": "s", "range": "5d"}}
        )
    assert sent.pop("url") == "http://mirror.example:81/y/v8/finance/chart/A"
    assert callable(sent.pop("content_callback"))
    assert sent == {"params": {"range": "5d"}, "timeout": 1.5, "allow_redirects": False}
    assert (
        Gate(None, 1.0).address("/v8/finance/chart/A")
        == "https://query2.finance.yahoo.com/v8/finance/chart/A"
    )


@pytest.mark.parametrize("status", [302, 401, 403, 418])
def test_a_redirect_is_not_followed_and_a_refusal_is_not_repeated(yahoo, source, monkeypatch, status):
    with Loopback() as elsewhere:
        away = Reply(
            status, "text/html", "<html>", (("Location", f"{elsewhere.address}/v8/finance/chart/SI=F"),)
        )
        monkeypatch.setattr(made, "reply", lambda path, query, state: away)
        with pytest.raises(errors.Malformed if status == 302 else errors.Blocked):
            yahoo(SILVER, None)
        assert elsewhere.log == []
    assert len(source.log) == (3 if status == 302 else 1)


@pytest.mark.parametrize(
    "address", ["ftp://mirror.example", "mirror.example", "file:///etc/passwd", "http://me:pw@mirror.example"]
)
def test_a_mirror_of_another_form_is_refused(tmp_path, address):
    with pytest.raises(errors.BadChoice) as caught:
        Yahoo(clock=lambda: end_of_day(TODAY), cache_dir=tmp_path, base_url=address)
    assert "pw" not in str(caught.value)


def test_probe(yahoo, source, tmp_path):
    assert yahoo.probe(2.0)
    assert len(source.log) == 1
    source.mode = "bomb"
    assert yahoo.probe(5.0)
    source.mode, source.slow = "slow", 1.0
    assert not yahoo.probe(0.1)
    nobody = Yahoo(clock=lambda: end_of_day(TODAY), cache_dir=tmp_path, base_url="http://127.0.0.1:9")
    assert not nobody.probe(1.0)
    with pytest.raises(errors.Unreachable), stamina.set_testing(True, attempts=1):
        nobody(SILVER, None)


def _foreign():
    for module in (yfinance.exceptions, curl_cffi.requests.exceptions):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, Warning):
                yield kind


@pytest.mark.parametrize("kind", list(_foreign()), ids=lambda kind: kind.__name__)
def test_every_foreign_error_has_a_name_of_ours(yahoo, monkeypatch, kind):
    error = kind.__new__(kind)
    monkeypatch.setattr(Yahoo, "_history", lambda *a: (_ for _ in ()).throw(error))
    with pytest.raises(errors.ProviderError) as caught:
        yahoo(SILVER, None)
    assert caught.value.__suppress_context__
    assert isinstance(translated(error, "SI=F", 1.0), errors.ProviderError)


def test_yfinance_keeps_what_it_cached_until_reset(yahoo, source):
    data = yfinance.data.YfData(session=curl_cffi.requests.Session())
    data._crumb, data._cookie = "", True
    source.mode, source.times = "html", 1
    for _ in range(2):  # the trap: the fault is over and its page is still served
        assert "right back" in data.cache_get(f"{source.address}/v8/finance/chart/SI=F", {"range": "5d"}).text
    assert len(source.log) == 1
    yahoo.reset()
    assert data.cache_get(f"{source.address}/v8/finance/chart/SI=F", {"range": "5d"}).json()["chart"][
        "result"
    ]
    yahoo.reset()


def test_a_kept_connection_that_turns_out_dead_is_opened_again_by_curl(yahoo, source):
    yahoo(SILVER, None)
    source.mode, source.times = "drop", 1
    with stamina.set_testing(True, attempts=1):
        assert len(yahoo(SILVER, None).rows)
    assert [status for *_, status in source.log] == [200, 0, 200]


def test_a_number_that_yfinance_would_search_for_is_not_asked_at_all(yahoo, source):
    with pytest.raises(errors.UnknownSymbol):
        yahoo(catalogue.typed("US0378331005"), None)
    assert source.log == []


def test_importing_is_light_and_leaves_the_warning_filters_alone(tmp_path):
    code = """if True:
        import sys, warnings, datetime as dt, pathlib, pandas
        before = list(warnings.filters)
        from analytics.sources.yahoo import Yahoo
        assert not {"yfinance", "curl_cffi", "requests"} & set(sys.modules), "heavy"
        Yahoo(clock=dt.datetime.now, cache_dir=pathlib.Path(sys.argv[1])).reset()
        added = [(f[0], f[2], f[3].pattern) for f in warnings.filters if f not in before]
        assert added == [("ignore", DeprecationWarning, r"yfinance\\.")], added
    """
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_yfinance_keeps_its_files_where_it_is_told(yahoo, tmp_path):
    yahoo(SILVER, dt.date(2026, 6, 1))
    assert yfinance.cache._TzDBManager.get_location() == str(tmp_path)


def test_an_answer_that_only_yfinance_cannot_read(yahoo, monkeypatch):
    whole = made._result
    monkeypatch.setattr(
        made,
        "_result",
        lambda *a: {
            **whole(*a),
            "meta": {k: v for k, v in whole(*a)["meta"].items() if k != "instrumentType"},
        },
    )
    with pytest.raises(errors.Malformed, match="yfinance cannot make a table of it: KeyError"):
        yahoo(SILVER, None)
