"""The webhook against a receiver on loopback: taken, refused, late, elsewhere; and nothing of its address is ever said."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stamina

from analytics.cli import webhook
from analytics.errors import BadChoice, NotDelivered

SECRET = "geheim-4711"
DOCUMENT = {"product": "Silverlead", "text": "Both legs fell − 38%"}


class Receiver(ThreadingHTTPServer):
    """Answers with ``statuses`` in turn, the last one for ever; None keeps silent."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses: list[int | None] = [200]
        self.got: list[tuple[str, str, bytes]] = []
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/{SECRET}?token={SECRET}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, self.headers["content-type"], body))
        status = self.server.statuses.pop(0) if len(self.server.statuses) > 1 else self.server.statuses[0]
        if status is None:
            self.server.closing.wait(5)
            return
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    stamina.set_testing(True, attempts=3)  # no pauses between tries
    yield server
    stamina.set_testing(False)
    server.closing.set()
    server.shutdown()
    server.server_close()


def test_a_document_arrives_whole_and_once(receiver):
    assert webhook.post(receiver.url, DOCUMENT) == 200
    ((path, kind, body),) = receiver.got
    assert (path, kind) == (f"/{SECRET}?token={SECRET}", "application/json")
    assert json.loads(body) == DOCUMENT


def test_what_may_pass_is_tried_again(receiver):
    receiver.statuses = [503, 429, 204]
    assert webhook.post(receiver.url, DOCUMENT) == 204
    assert len(receiver.got) == 3


@pytest.mark.parametrize(
    ("status", "tries", "says"),
    [
        (500, 3, "it answered with status 500"),
        (404, 1, "it answered with status 404"),
        (302, 1, "redirects are not followed"),
        (307, 1, "redirects are not followed"),
    ],
)
def test_a_refusal_is_one_sentence_with_the_host_only(receiver, caplog, status, tries, says):
    caplog.set_level(logging.DEBUG)
    receiver.statuses = [status]
    with pytest.raises(NotDelivered) as caught:
        webhook.post(receiver.url, DOCUMENT)
    assert says in str(caught.value)
    assert str(caught.value).startswith("The webhook at 127.0.0.1 did not take the message: ")
    assert [path for path, _, _ in receiver.got] == [f"/{SECRET}?token={SECRET}"] * tries
    assert SECRET not in caplog.text + repr(caught.value)
    assert caught.value.__context__ is None


def test_a_receiver_that_keeps_silent_is_given_up(receiver):
    receiver.statuses = [None]
    began = time.monotonic()
    with pytest.raises(NotDelivered, match=r"no answer within 0\.2 s"):
        webhook.post(receiver.url, DOCUMENT, timeout=0.2)
    assert time.monotonic() - began < 3
    assert len(receiver.got) == 3


def test_nobody_there_is_said(receiver):
    receiver.shutdown()
    receiver.server_close()
    with pytest.raises(NotDelivered, match="no connection could be made"):
        webhook.post(receiver.url, DOCUMENT)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.org/x?k=1", "http://localhost:9/x", "http://[::1]:9/", "http://127.0.0.9/"]
)
def test_addresses_that_may_be_used(url):
    assert webhook.check(url) == url


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.org/x", "ftp://x.example", "https://", "https://u:p@x.example/", "https://x.example:0/",
     "https://x.example:99999/", "https://x.example/#a", "x.example/hook", "http://127.0.0.1.example.org/", "https://x.example/\n",
     "http://[::1", "http://2130706433/"],
)  # fmt: skip
def test_addresses_that_may_not(url):
    with pytest.raises(BadChoice, match="webhook's address cannot be"):
        webhook.check(url)
