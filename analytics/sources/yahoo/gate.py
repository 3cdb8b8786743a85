"""The gate between yfinance and the network, and what each failure there is called in our error tree."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from analytics.errors import (
    BadChoice,
    Blocked,
    Malformed,
    NoObservations,
    ProviderError,
    ServerFault,
    Throttled,
    TimedOut,
    UnknownSymbol,
    Unreachable,
)
from analytics.sources.line import retry_after
from analytics.sources.wire import MOST_BYTES, TOO_LONG
from analytics.sources.yahoo.raw import SOURCE, Chart, read, stated

ROOT = "https://query2.finance.yahoo.com"
CHART = "/v8/finance/chart/"
BROKEN_OFF = (52, 55, 56)
"""curl's numbers for an empty reply and for a failed send or receive."""


class Gate:
    """The only way from yfinance to the network.

    Lets a chart request through to Yahoo or its mirror, follows no redirect, keeps the crumb out, and turns
    every failure into ours before yfinance can retry, cache or reword it.

    Attributes:
        chart: What the last answer said; None before there is one.
        timeout: Longest wait for one whole answer [s]: curl holds it over the look-up of the name, connecting, TLS,
            headers, 1xx answers and body together.

    Raises:
        BadChoice: a mirror address of another form.
    """

    def __init__(self, base_url: str | None, timeout: float) -> None:
        self._base = urlsplit(base_url or ROOT)
        if self._base.scheme not in ("http", "https") or not self._base.hostname or self._base.username:
            form = "http(s)://host[:port][/path] without a password"
            raise BadChoice("The scheme of the Yahoo mirror", self._base.scheme, form)
        self.timeout, self._code = timeout, ""
        self.chart: Chart | None = None

    def open(self, code: str) -> None:
        """Be ready for the answer about one symbol."""
        self._code, self.chart = code, None

    def address(self, path: str) -> str:
        """The full address of a path at the source or its mirror."""
        return urlunsplit((self._base.scheme, self._base.netloc, self._base.path.rstrip("/") + path, "", ""))

    def __call__(self, send: Callable[..., Any], method: str, url: str, options: Mapping[str, Any]) -> Any:
        """Send a request of yfinance's and judge the answer.

        Args:
            send: As curl_cffi's ``Session.request``.
            method, url, options: What yfinance asked for; of the options only the query is used.

        Raises:
            ProviderError: it asked for anything but a chart of Yahoo's, or the answer is not a good one.
        """
        from curl_cffi import CurlError

        parts = urlsplit(url)
        yahoo = f".{parts.hostname}".endswith(".yahoo.com")
        if not (yahoo and method == "GET" and parts.path.startswith(CHART)):
            raise Malformed(SOURCE, self._code, "yfinance asked for more than a price history")
        query = {name: value for name, value in (options.get("params") or {}).items() if name != "crumb"}
        body = _Body(self._code)
        limits = {"timeout": self.timeout, "allow_redirects": False, "content_callback": body.take}
        try:
            response = send(method, self.address(parts.path), params=query, **limits)
        except CurlError as error:
            raise transfer_error(error, self._code, self.timeout) from None
        response.content = bytes(body)
        self.chart = read(self._code, document(self._code, response))
        return response

    def answers(self, timeout: float) -> bool:
        """Whether anything answers at the address within ``timeout`` [s]; one small request."""
        from curl_cffi import requests

        limits = {"timeout": timeout, "allow_redirects": False, "content_callback": _Body("probe").take}
        try:
            with requests.Session(impersonate="chrome") as session:
                session.get(self.address("/"), **limits)
        except requests.exceptions.RequestException:
            return False
        except Malformed:  # it talks, if too much
            return True
        return True


class _Body(bytearray):
    """An answer as curl unpacks it, piece by piece; curl's own limit of a size counts it packed."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def take(self, piece: bytes) -> int:
        """Add a piece. An error ends the transfer and comes out of curl_cffi as it is."""
        self.extend(piece)
        if len(self) > MOST_BYTES:
            raise Malformed(SOURCE, self._code, TOO_LONG)
        return len(piece)


def document(code: str, response: Any) -> Any:
    """The decoded JSON of a good answer; our error for any other."""
    status = response.status_code
    if status == 429:
        raise Throttled(SOURCE, code, retry_after(response.headers))
    if status >= 500:
        raise ServerFault(SOURCE, code, status)
    if status == 404:
        raise UnknownSymbol(SOURCE, code)
    if 300 <= status < 400:
        raise Malformed(SOURCE, code, "it points to another address, which is not followed")
    try:
        content = json.loads(response.content)
    except (ValueError, RecursionError):
        content = None
    if status >= 400:
        raise _turned_away(code, status, content)
    if content is None:
        raise Malformed(SOURCE, code, "it is not JSON")
    return content


def _turned_away(code: str, status: int, content: Any) -> ProviderError:
    """Yahoo answers 400 to a span without trading and says so in the answer; every other 4xx is a refusal."""
    try:
        error = stated(code, content["chart"]["error"])
    except (LookupError, TypeError, AttributeError):
        return Blocked(SOURCE, code, status)
    return error if isinstance(error, NoObservations | UnknownSymbol) else Blocked(SOURCE, code, status)


def transfer_error(error: Exception, code: str, timeout: float) -> ProviderError:
    """Our error for a failed transfer, without curl's words: those hold addresses."""
    from curl_cffi.requests import exceptions as curl

    if isinstance(error, curl.Timeout | TimeoutError):
        return TimedOut(SOURCE, code, timeout)
    if isinstance(error, curl.HTTPError):
        return Malformed(SOURCE, code, "it broke off half way")
    if isinstance(error, curl.DNSError):
        return Unreachable(SOURCE, code, "its name could not be looked up")
    if isinstance(error, curl.SSLError):
        return Unreachable(SOURCE, code, "no secure connection could be made")
    if getattr(error, "code", None) in BROKEN_OFF:
        return Unreachable(SOURCE, code, "the connection broke off")
    return Unreachable(SOURCE, code)


@cache
def session_type() -> type[Any]:
    """The session class to hand to yfinance, made on first use so that nothing foreign is imported before."""
    from curl_cffi.requests import Session

    class GatedSession(Session):
        """yfinance takes only a curl_cffi session; this one hands every request to a gate."""

        def __init__(self, gate: Gate) -> None:
            super().__init__(impersonate="chrome")
            self._gate = gate

        def request(self, method: str, url: str, **options: Any) -> Any:  # type: ignore[override]
            return self._gate(super().request, method, url, options)

    return GatedSession
