"""/healthz and /readyz answer from the ledger's state, and hold no secret."""

from __future__ import annotations

import threading
from contextlib import closing
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from analytics.errors import LedgerUnavailable
from analytics.ledger import Ledger
from serving.health import Front
from tests.serving.client import Client
from tests.serving.conftest import opened


def asked(front: Front) -> Client:
    return Client(Starlette(routes=[Route("/healthz", front.health), Route("/readyz", front.ready)]))


def test_a_ledger_that_answers_is_healthy_and_ready(client):
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.json() == {
            "status": "ok",
            "data": "live",
            "series": 2,
            "written": "2026-06-05T20:00:00.000001+00:00",
            "refreshing": False,
        }
        assert answer.headers["cache-control"] == "no-store"


def test_while_it_starts_it_is_healthy_and_not_ready():
    hold = threading.Event()
    front = Front(lambda: hold.wait(10))
    try:
        client = asked(front)
        assert (client.get("/healthz").status_code, client.get("/healthz").json()) == (
            200,
            {"status": "starting"},
        )
        assert client.get("/readyz").status_code == 503
    finally:
        hold.set()


def test_a_ledger_that_went_away_is_neither(client, desk, tmp_path):
    desk.ledger.engine.dispose()
    (tmp_path / "ledger.sqlite").unlink()
    (tmp_path / "ledger.sqlite").mkdir()
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.json()["status"] == "down"
        assert str(tmp_path) not in answer.text


def test_a_ledger_that_never_opened_says_why_and_is_tried_again():
    tries = []

    def desk():
        tries.append(1)
        raise LedgerUnavailable("no connection")

    front = opened(Front(desk))
    client = asked(front)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "why": str(LedgerUnavailable("no connection"))}
    assert client.get("/readyz").status_code == 503
    assert len(tries) > 1


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_ledger_that_hangs_is_said_long_before_its_own_bounds_and_costs_one_thread(postgres_server):
    with closing(Ledger(postgres_server.database())) as ledger:
        front = opened(Front(lambda: SimpleNamespace(ledger=ledger, live=True, refreshing=False)))
        client = asked(front)
        with postgres_server.stopped():
            for path in ("/healthz", "/readyz", "/healthz"):
                answer = client.get(path)
                assert (answer.status_code, answer.json()["status"]) == (503, "down")
                assert "does not answer (no answer in time)" in answer.json()["why"]
            (waiting,) = [thread for thread in threading.enumerate() if thread.name == "health"]
        waiting.join()
        assert client.get("/healthz").json()["status"] == "ok"
