"""One HTTP request to FRED, and each way it can fail as a class of our tree.

The key is added to the address below httpx's client, on the way to the wire: the client writes every address into its
log and every request into its errors. (httpx's ``target`` extension would hand the key to a proxy, in its CONNECT line.)
"""

from __future__ import annotations

import ssl
import time
from email.utils import parsedate_to_datetime
from functools import lru_cache
from types import TracebackType
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from xml.etree import ElementTree as ET

import httpx

from analytics.errors import (
    Malformed,
    ProviderError,
    Refused,
    ServerFault,
    Throttled,
    TimedOut,
    UnknownSymbol,
    Unreachable,
)
from analytics.providers.fred_csv import SOURCE
from analytics.providers.pace import Pace

MOST_BYTES = 64 * 2**20
"""No answer of FRED's is near this; a source that never stops talking is cut off here [bytes]."""
LONGEST_REST = 15.0
"""A named wait up to this is kept and the request made again; a longer one ends the call at once [s]."""
_DOCUMENTS = ("observations", "vintage_dates")


class TooManyVintages(Refused):
    """More vintages than FRED gives in one answer; ``fred`` then asks in parts."""


class Line:
    """A connection to FRED for one series: paced, bounded in time and size. Use it as a context manager.

    Args:
        code: The series, named in every error.
        root: An address of the source: which proxy of the environment applies follows from it.
        timeout: Longest wait for one whole answer [s].
        pace: Token bucket that counts every request.
        key: FRED key, or empty.

    Raises:
        Unreachable: the environment names a proxy that is not an HTTP proxy.
    """

    def __init__(self, code: str, root: str, timeout: float, pace: Pace, key: str = "") -> None:
        self._code, self._timeout, self._pace = code, timeout, pace
        transport = _Transport(key, _proxy(root, code))
        self._http = httpx.Client(transport=transport, timeout=timeout, follow_redirects=False)

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, url: str) -> str:
        """The body of a good answer.

        Raises:
            ProviderError: no answer in time, or one that is not good.
        """
        response, body = self._exchange(url)
        text = body.decode("utf-8", errors="replace")
        error = failure(self._code, response, text)
        if error is None and not text.strip():
            raise Malformed(SOURCE, self._code, "it is empty")
        if error is None:
            return text
        wait = retry_after(response)
        if wait is not None and wait <= LONGEST_REST:
            self._pace.rest(wait)
        raise error

    def xml(self, url: str) -> ET.Element:
        """The root of a FRED document.

        Raises:
            Malformed: not XML, or no document of FRED's (a 200 page in HTML can be well-formed XML).
            ProviderError: as ``get``.
        """
        root = _parsed(self.get(url))
        if root is None or root.tag not in _DOCUMENTS:
            raise Malformed(SOURCE, self._code, "it is a web page or something else, not a FRED document")
        return root

    def knock(self, url: str) -> None:
        """Ask for the head of an answer; any answer is one, an error page too.

        Raises:
            ProviderError: no answer in time.
        """
        self._exchange(url, "HEAD")

    def _exchange(self, url: str, method: str = "GET") -> tuple[httpx.Response, bytes]:
        """One request and its whole body. Our error is raised outside the handlers, so that it has no context."""
        self._pace.take()
        error: ProviderError
        try:
            return self._read(url, method)
        except httpx.TimeoutException:
            error = TimedOut(SOURCE, self._code, self._timeout)
        except httpx.DecodingError:
            error = Malformed(SOURCE, self._code, "its compression is damaged")
        except httpx.ConnectError:
            error = Unreachable(SOURCE, self._code)
        except httpx.TransportError:
            error = Unreachable(SOURCE, self._code, "the connection broke off")
        raise error

    def _read(self, url: str, method: str) -> tuple[httpx.Response, bytes]:
        """Read to the end or to the deadline, which httpx has only for each read by itself."""
        deadline = time.monotonic() + self._timeout
        body = bytearray()
        with self._http.stream(method, url) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the answer takes too long")
                if len(body) > MOST_BYTES:
                    raise httpx.DecodingError("the answer does not end")
        return response, bytes(body)


class _Transport(httpx.HTTPTransport):
    """The wire, where the key joins the address."""

    def __init__(self, key: str, proxy: str | None) -> None:
        super().__init__(verify=_certificates(), proxy=proxy)
        self._key = key

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._key:
            url = request.url.copy_add_param("api_key", self._key)
            request = httpx.Request(
                request.method,
                url,
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        return super().handle_request(request)


def _proxy(root: str, code: str) -> str | None:
    """The proxy that the environment sets for an address (``https_proxy``, ``no_proxy`` and so on); None for none."""
    parts, set_ = urlsplit(root), getproxies()
    proxy = set_.get(parts.scheme) or set_.get("all")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        raise Unreachable(SOURCE, code, "the environment sets a proxy that is not an HTTP proxy")
    return proxy


def failure(code: str, response: httpx.Response, body: str) -> ProviderError | None:
    """What an answer's status (and for 400 FRED's own words, which go no further) means; None for a good one."""
    status, said = response.status_code, body[:2_000].lower()
    if status == 200:
        return None
    if status == 429:
        return Throttled(SOURCE, code, retry_after(response))
    if status >= 500:
        return ServerFault(SOURCE, code, status)
    if status == 400 and "api_key" in said:
        return Refused(SOURCE, code)
    if status == 400 and "vintage dates" in said:
        return TooManyVintages(SOURCE, code, "more vintages than one answer may hold")
    if status == 404 or (status == 400 and ("does not exist" in said or "<html" in said)):
        return UnknownSymbol(SOURCE, code)
    if status < 400:
        return Malformed(SOURCE, code, f"it has status {status}")
    return Refused(SOURCE, code, f"the request was turned down with status {status}")


def retry_after(response: httpx.Response) -> float | None:
    """The wait that a Retry-After header names, in seconds or as a date against the answer's own Date [s]."""
    stated = response.headers.get("retry-after", "").strip()
    if stated.isdecimal():
        return float(stated)
    try:
        until, sent = parsedate_to_datetime(stated), parsedate_to_datetime(response.headers.get("date", ""))
        return max(0.0, (until - sent).total_seconds())
    except (ValueError, TypeError):  # no date, or one with a zone and one without
        return None


def _parsed(text: str) -> ET.Element | None:
    try:
        return ET.fromstring(text)
    except ET.ParseError:
        return None


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Read once: loading the certificates costs more than the request."""
    return httpx.create_ssl_context()
