"""One HTTP request to FRED, and each way it can fail as a class of our tree.

The key goes on the wire only: it is added to the request's *target*, so that neither httpx's log, which prints every
address, nor an exception, which carries its request, ever has it.
"""

from __future__ import annotations

import ssl
import time
from email.utils import parsedate_to_datetime
from functools import lru_cache
from types import TracebackType
from urllib.parse import quote
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
        timeout: Longest wait for one whole answer [s].
        pace: Token bucket that counts every request.
        key: FRED key, or empty.
    """

    def __init__(self, code: str, timeout: float, pace: Pace, key: str = "") -> None:
        self._code, self._timeout, self._pace = code, timeout, pace
        self._suffix = f"&api_key={quote(key)}".encode() if key else b""
        self._http = httpx.Client(timeout=timeout, verify=_certificates(), follow_redirects=False)

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
            raise Malformed(SOURCE, self._code, "a web page or something else instead of a FRED document")
        return root

    def knock(self, url: str) -> None:
        """Ask without asking for anything; any answer but a failure of the source is a good one.

        Raises:
            ProviderError: no answer in time, or a failure of the source.
        """
        response, _ = self._exchange(url)
        if response.status_code >= 500:
            raise ServerFault(SOURCE, self._code, response.status_code)

    def _exchange(self, url: str) -> tuple[httpx.Response, bytes]:
        """One request and its whole body. Our error is raised outside the handlers, so that it has no context."""
        self._pace.take()
        error: ProviderError
        try:
            return self._read(url)
        except httpx.TimeoutException:
            error = TimedOut(SOURCE, self._code, self._timeout)
        except httpx.DecodingError:
            error = Malformed(SOURCE, self._code, "a damaged compression")
        except httpx.ConnectError:
            error = Unreachable(SOURCE, self._code)
        except httpx.TransportError:
            error = Unreachable(SOURCE, self._code, "the connection broke off")
        raise error

    def _read(self, url: str) -> tuple[httpx.Response, bytes]:
        """Read to the end or to the deadline, which httpx has only for each read by itself."""
        deadline = time.monotonic() + self._timeout
        target = httpx.URL(url).raw_path + self._suffix
        body = bytearray()
        with self._http.stream("GET", url, extensions={"target": target}) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the answer takes too long")
                if len(body) > MOST_BYTES:
                    raise httpx.DecodingError("the answer does not end")
        return response, bytes(body)


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
        return Malformed(SOURCE, code, f"status {status} instead of data")
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
