"""Headers on every answer, and bounds of every request."""

from __future__ import annotations

import re

import pytest

from serving.headers import LONGEST_TARGET, policy


@pytest.mark.parametrize("path", ["/", "/healthz", "/s/" + "A" * 22, "/nowhere"])
def test_every_answer_carries_the_headers(path, client):
    headers = client.get(path).headers
    assert headers["content-security-policy"] == policy("'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f]{16}", headers["x-request-id"])


def test_the_policy_allows_no_eval_no_plugin_and_no_other_host():
    rules = dict(rule.split(" ", 1) for rule in policy("https://wiki.example.org").split("; "))
    assert "'unsafe-eval'" not in rules["script-src"].split()
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "https://wiki.example.org"
    assert not re.search(r"https?:|\*", policy("'none'"))


def test_the_proxys_number_is_kept_and_a_forged_one_is_not(client):
    assert client.get("/", headers={"X-Request-ID": "abc-123"}).headers["x-request-id"] == "abc-123"
    for forged in ("a b", "x" * 65, "<script>", "a\tb"):
        assert client.get("/", headers={"X-Request-ID": forged}).headers["x-request-id"] != forged


def test_an_oversized_address_is_refused_with_a_sentence(client):
    assert client.get("/?q=" + "a" * (LONGEST_TARGET - 10)).status_code == 200
    for path in ("/?q=" + "a" * LONGEST_TARGET, "/" + "a" * LONGEST_TARGET):
        answer = client.get(path)
        assert answer.status_code == 414
        assert "too long" in answer.text
        assert "content-security-policy" in answer.headers


def test_a_host_that_is_not_ours_is_refused(client):
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.text
