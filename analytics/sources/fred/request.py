"""One request to FRED: what its statuses and documents mean."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import httpx

from analytics.errors import Malformed, ProviderError, Refused, UnknownSymbol
from analytics.sources import line
from analytics.sources.fred.text import SOURCE
from analytics.sources.pace import Pace

_DOCUMENTS = ("observations", "vintage_dates")


class TooManyVintages(Refused):
    """More vintages than FRED gives in one answer; ``fred`` then asks in parts."""


class Line(line.Line):
    """A connection to FRED for one series; ``key`` is a FRED key, or empty."""

    def __init__(
        self, code: str, root: str, timeout: float, pace: Pace, key: str = "", longest: float | None = None
    ) -> None:
        super().__init__(SOURCE, code, root, timeout, pace, {"api_key": key} if key else {}, longest)

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

    def _failure(self, response: httpx.Response, body: str) -> ProviderError | None:
        return failure(self._code, response, body)


def failure(code: str, response: httpx.Response, body: str) -> ProviderError | None:
    """What an answer's status (and for 400 FRED's own words, which go no further) means; None for a good one."""
    status, said = response.status_code, body[:2_000].lower()
    if status == 400 and "api_key" in said:
        return Refused(SOURCE, code)
    if status == 400 and "vintage dates" in said:
        return TooManyVintages(SOURCE, code, "more vintages than one answer may hold")
    if status == 400 and ("does not exist" in said or "<html" in said):
        return UnknownSymbol(SOURCE, code)
    if 400 <= status < 500 and status not in (404, 429):
        return Refused(SOURCE, code, f"the request was turned down with status {status}")
    return line.failure(SOURCE, code, response)


def _parsed(text: str) -> ET.Element | None:
    try:
        return ET.fromstring(text)
    except ET.ParseError:
        return None
