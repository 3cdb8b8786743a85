"""What every source of text shares: the waits that answers name, and what their statuses mean."""

from __future__ import annotations

import httpx
import pytest

from analytics.errors import Blocked, Malformed, ServerFault, Throttled, UnknownSymbol
from analytics.sources.line import failure, retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "Fri, 05 Jun 2026 12:00:30 GMT"}, None),
        ({"Retry-After": "Fri, 05 Jun 2026 12:00:30 GMT", "Date": "Fri, 05 Jun 2026 12:00:00 GMT"}, 30.0),
        ({"Retry-After": "Fri, 05 Jun 2026 11:00:00 GMT", "Date": "Fri, 05 Jun 2026 12:00:00 GMT"}, 0.0),
    ],
)
def test_a_named_wait_is_read_in_both_forms(headers, seconds):
    assert retry_after(httpx.Headers(headers)) == seconds


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, None),
        (302, Malformed),
        (403, Blocked),
        (404, UnknownSymbol),
        (429, Throttled),
        (503, ServerFault),
    ],
)
def test_every_status_has_its_error(status, error):
    found = failure("CFTC", "084691", httpx.Response(status))
    assert found is None if error is None else type(found) is error
