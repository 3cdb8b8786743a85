"""One HTTP request to FRED, and each way it can fail as a class of our tree."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from types import TracebackType
from xml.etree import ElementTree as ET

import httpx

from analytics.errors import (
    Malformed,
    ProviderError,
    Refused,
    ServerFault,
    Throttled,
    UnknownSymbol,
)
from analytics.sources.fred.text import SOURCE
from analytics.sources.pace import Pace
from analytics.sources.wire import Wire

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
        longest: Longest time for all requests together [s]; ``timeout`` where it is not given.

    Raises:
        Unreachable: the environment names a proxy that is not an HTTP proxy.
    """

    def __init__(
        self, code: str, root: str, timeout: float, pace: Pace, key: str = "", longest: float | None = None
    ) -> None:
        self._code, self._pace = code, pace
        secret = {"api_key": key} if key else {}
        self._wire = Wire(SOURCE, code, root, timeout=timeout, longest=longest or timeout, secret=secret)

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wire.__exit__(kind, error, trace)

    def get(self, url: str) -> str:
        """The body of a good answer.

        Raises:
            ProviderError: no answer in time, or one that is not good.
        """
        self._pace.take()
        response = self._wire.ask(url)
        text = response.content.decode("utf-8", errors="replace")
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
        self._pace.take()
        self._wire.ask(url, "HEAD")


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
