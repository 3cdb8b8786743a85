"""Hand a JSON document to a webhook: one POST, bounded in time, tried again a few times, never followed elsewhere.

An address may hold a secret, so it goes through no client that logs addresses, and messages name its host only.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import stamina

from analytics.errors import BadChoice, NotDelivered

TIMEOUT = 10.0
"""Longest wait for a connection, and for each part of the answer [s]."""
ATTEMPTS = 3
LONGEST_TRY = 60.0
"""All tries and pauses together end after this [s]."""


def check(url: str) -> str:
    """The address, if it may be used: https anywhere, plain http only on this machine.

    Raises:
        BadChoice: any other address; it is not repeated.
    """
    wrong = BadChoice(
        "The webhook's address", "(not shown)", "https://… or http://127.0.0.1:…, without a password"
    )
    try:
        parts = urlsplit(url)
        port = parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        raise wrong from None
    host = parts.hostname or ""
    secure = parts.scheme == "https" or (parts.scheme == "http" and _loopback(host))
    if not host or not secure or port == 0 or "@" in parts.netloc or parts.fragment or not url.isprintable():
        raise wrong
    return url


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def post(url: str, document: Mapping[str, Any], timeout: float = TIMEOUT, attempts: int = ATTEMPTS) -> int:
    """Send a document; the status of the answer, 200 to 299.

    Raises:
        BadChoice: an address that may not be used.
        NotDelivered: no good answer; what may pass by itself was tried again.
    """
    body = json.dumps(document, ensure_ascii=False).encode()
    host = urlsplit(check(url)).hostname or ""
    with httpx.HTTPTransport() as wire:
        for attempt in stamina.retry_context(
            on=_passing, attempts=attempts, timeout=LONGEST_TRY, wait_initial=0.5, wait_max=8.0
        ):
            with attempt:
                return _once(wire, url, host, body, timeout)
    raise AssertionError("stamina ends with an answer or an error")


def _passing(error: Exception) -> bool:
    return isinstance(error, NotDelivered) and error.retryable


def _once(wire: httpx.HTTPTransport, url: str, host: str, body: bytes, timeout: float) -> int:
    """One try. Our error is raised outside the handlers, so that no address hangs on it."""
    headers = {"content-type": "application/json", "user-agent": "silverlead"}
    waits = dict.fromkeys(("connect", "read", "write", "pool"), timeout)
    request = httpx.Request("POST", url, headers=headers, content=body, extensions={"timeout": waits})
    try:
        answer = wire.handle_request(request)
        answer.close()  # only the status counts
        return _status(host, answer.status_code)
    except httpx.TimeoutException:
        cause = f"it gave no answer within {timeout:g} s"
    except httpx.ConnectError:
        cause = "no connection could be made"
    except httpx.TransportError:
        cause = "the connection broke off"
    raise NotDelivered(host, cause, retryable=True)


def _status(host: str, status: int) -> int:
    if 200 <= status < 300:
        return status
    if 300 <= status < 400:
        raise NotDelivered(host, f"it points elsewhere (status {status}), and redirects are not followed")
    passing = status in (408, 425, 429) or status >= 500
    raise NotDelivered(host, f"it answered with status {status}", retryable=passing)
