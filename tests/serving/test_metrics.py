"""/metrics: who may read it, what it counts, and that nothing secret is in it; the dashboard asks only for what is there."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from analytics.ledger import Attempt
from serving.headers import Guard
from serving.health import Front
from serving.logs import JsonLines
from serving.metrics import Metrics
from serving.watch import Counts, Watch
from tests.ledger.rows import NOW
from tests.serving.client import Client
from tests.serving.conftest import opened

TOKEN = "a-token-of-the-operator"
DOCS = Path(__file__).resolve().parents[2] / "docs"


def attempt(series: str, outcome: str, error: str = "") -> Attempt:
    return Attempt(
        series, "yahoo", NOW, 0.5, True, outcome, 3 * (outcome == "ok"), 0, 0, error, error and "why"
    )


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def app(desk, registry, clock):
    desk.refreshes, desk.refresh_seconds = 2, 3.5
    desk.ledger.log(attempt("silver", "ok"))
    desk.ledger.log(attempt("bitcoin", "ok"))
    desk.ledger.log(attempt("bitcoin", "failed", "Throttled"))
    clock.at = NOW + dt.timedelta(days=30)
    metrics = Metrics(opened(Front(lambda: desk)), registry, TOKEN, clock)
    routes = [
        Route("/metrics", metrics.answer),
        Route("/{rest:path}", lambda request: PlainTextResponse("page")),
    ]
    guards = [Middleware(Guard, frame_ancestors="'none'"), Middleware(Watch, counts=Counts(registry))]
    return Starlette(routes=routes, middleware=guards)


def scrape(app: Starlette) -> str:
    answer = Client(app).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return answer.text


def values(text: str) -> dict[tuple[str, ...], float]:
    """By name and label values."""
    found = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(one.name, *(one.labels[name] for name in sorted(one.labels))): one.value for one in found}


@pytest.mark.parametrize("given", ["", TOKEN, f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN}"])
def test_without_the_token_nothing_is_there(given, app):
    answer = Client(app).get("/metrics", headers={"Authorization": given})
    assert (answer.status_code, answer.text) == (404, "There is nothing here.\n")


def test_without_a_setting_no_token_opens_it(desk, clock):
    metrics = Metrics(opened(Front(lambda: desk)), CollectorRegistry(), None, clock)
    client = Client(Starlette(routes=[Route("/metrics", metrics.answer)]))
    for given in ("Bearer None", "Bearer ", ""):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_what_the_journal_says_is_counted(app):
    found = values(scrape(app))
    assert found["silverlead_fetches_total", "ok", "yahoo"] == 2
    assert found["silverlead_fetches_total", "failed", "yahoo"] == 1
    assert found["silverlead_fetch_failures_total", "Throttled", "yahoo"] == 1
    assert found["silverlead_fetch_seconds_total", "yahoo"] == 1.5
    assert found["silverlead_rows_added_total", "yahoo"] == 6
    assert found["silverlead_series_stale", "yahoo", "silver"] == 1
    assert found["silverlead_series_age_days", "yahoo", "silver"] == 33  # 2 June to 5 July
    assert found["silverlead_series_success_timestamp_seconds", "yahoo", "bitcoin"] == NOW.timestamp()
    assert (found["silverlead_refresh_seconds_count",], found["silverlead_refresh_seconds_sum",]) == (2, 3.5)
    assert found["silverlead_ledger_up",] == 1


def test_a_new_attempt_is_seen_at_the_next_scrape(app, desk):
    scrape(app)
    desk.ledger.log(attempt("silver", "failed", "TimedOut"))
    assert values(scrape(app))["silverlead_fetches_total", "failed", "yahoo"] == 2


def test_a_ledger_that_went_away_is_said_and_the_rest_stays(app, desk, tmp_path):
    desk.ledger.engine.dispose()
    (tmp_path / "ledger.sqlite").unlink()
    (tmp_path / "ledger.sqlite").mkdir()
    found = values(scrape(app))
    assert found["silverlead_ledger_up",] == 0
    assert found["silverlead_refreshing",] == 0


def test_requests_are_counted_by_route_and_never_by_address(app):
    client = Client(app)
    for path in ("/", "/divergence?lead=secret", "/s/AAAA", "/_stcore/health", "/healthz", "/FORGED%22%7D"):
        client.get(path)
    text = scrape(app)
    found = values(text)
    counts = {
        route: found["silverlead_http_requests_total", route, "200"] for route in ("page", "/s/", "streamlit")
    }
    assert counts == {"page": 3, "/s/": 1, "streamlit": 1}
    assert not re.search("secret|FORGED|AAAA|divergence", text)


@pytest.mark.anyio
async def test_a_session_is_open_while_it_is_and_its_runs_are_timed(registry):
    """A click, its answer; a run given up for a newer one counts with the newer one."""
    counts = Counts(registry)
    click = BackMsg(rerun_script={"query_string": ""}).SerializeToString()
    ends = [
        ForwardMsg(script_finished=status).SerializeToString()
        for status in (ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_SUCCESSFULLY)
    ]
    incoming = [{"type": "websocket.receive", "bytes": data} for data in (b"\xff\xff", click, click)]
    sent = []

    async def receive():
        return incoming.pop(0)

    async def send(message):
        sent.append(message.get("bytes"))

    async def inner(scope, receive, send):
        assert registry.get_sample_value("silverlead_sessions") == 0
        await send({"type": "websocket.accept"})
        assert registry.get_sample_value("silverlead_sessions") == 1
        while incoming:
            await receive()
        for data in (*ends, ends[1]):
            await send({"type": "websocket.send", "bytes": data})

    await Watch(inner, counts)({"type": "websocket", "path": "/_stcore/stream"}, receive, send)
    assert sent == [None, *ends, ends[1]]
    assert registry.get_sample_value("silverlead_rerun_seconds_count", {"run": "page"}) == 1
    assert registry.get_sample_value("silverlead_sessions") == 0


@pytest.fixture
def anyio_backend():
    return "asyncio"


def test_a_log_line_is_one_json_object_with_its_fields():
    record = logging.makeLogRecord(
        {"name": "silverlead", "levelname": "INFO", "msg": "a\nb %d", "args": (7,)}
    )
    record.__dict__ |= {"provider": "fred", "created": 0.0}
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00.000+00:00", "level": "info", "logger": "silverlead", "event": "a\nb 7", "provider": "fred",
    }  # fmt: skip


def test_a_request_is_logged_with_its_number_and_without_its_address(app, caplog):
    caplog.set_level(logging.INFO, "silverlead")
    Client(app).get("/divergence?lead=secret", headers={"X-Request-ID": "proxy-7"})
    (record,) = caplog.records
    assert (record.request, record.route, record.status) == ("proxy-7", "page", 200)
    assert "secret" not in JsonLines().format(record)


def test_the_dashboard_and_the_page_name_only_what_is_there(app):
    Client(app).get("/")
    there = {name for name, *_ in values(scrape(app))}
    there |= {"silverlead_rerun_seconds", "silverlead_rerun_seconds_bucket", "silverlead_refresh_seconds"}
    asked = [
        target["expr"]
        for panel in json.loads((DOCS / "grafana.json").read_text())["panels"]
        for target in panel["targets"]
    ]
    text = (DOCS / "operations.md").read_text()
    for name in set(re.findall(r"(?:silverlead|process)_[a-z_]+[a-z]", "\n".join([*asked, text]))):
        assert name in there, name
