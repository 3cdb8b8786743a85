"""One paced HTTP request to a source of text, and each way it can fail as a class of our tree."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import stamina

from analytics.errors import Blocked, Malformed, ProviderError, ServerFault, Throttled, UnknownSymbol
from analytics.sources.pace import Pace
from analytics.sources.wire import Wire

LONGEST_REST = 15.0
"""A named wait up to this is kept and the request made again; a longer one ends the call at once [s]."""

T = TypeVar("T")


class Line:
    """A connection to a source for one series: paced, bounded in time and size. Use it as a context manager.

    Args:
        source, code: Whom and what is asked, named in every error.
        root: An address of the source: which proxy of the environment applies follows from it.
        timeout: Longest wait for one whole answer [s].
        pace: Token bucket that counts every request.
        secret: Names and values that join every address on its way out.
        longest: Longest time for all requests together [s]; ``timeout`` where it is not given.

    Raises:
        Unreachable: the environment names a proxy that is not an HTTP proxy.
    """

    def __init__(
        self,
        source: str,
        code: str,
        root: str,
        timeout: float,
        pace: Pace,
        secret: Mapping[str, str] | None = None,
        longest: float | None = None,
    ) -> None:
        self._source, self._code, self._pace = source, code, pace
        self._wire = Wire(source, code, root, timeout=timeout, longest=longest or timeout, secret=secret)

    def __enter__(self) -> Self:
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
        error = self._failure(response, text)
        if error is None and not text.strip():
            raise Malformed(self._source, self._code, "it is empty")
        if error is None:
            return text
        wait = retry_after(response.headers)
        if wait is not None and wait <= LONGEST_REST:
            self._pace.rest(wait)
        raise error

    def knock(self, url: str) -> None:
        """Ask for the head of an answer; any answer is one, an error page too.

        Raises:
            ProviderError: no answer in time.
        """
        self._pace.take()
        self._wire.ask(url, "HEAD")

    def _failure(self, response: httpx.Response, body: str) -> ProviderError | None:
        return failure(self._source, self._code, response)


def listed(text: str, source: str, code: str, of: str) -> list[Any]:
    """The list that a JSON document is.

    Raises:
        Malformed: it is something else; ``of`` says what the list should hold.
    """
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, list):
        raise Malformed(source, code, f"it is a web page or something else, not a list of {of}")
    return told


def failure(source: str, code: str, response: httpx.Response) -> ProviderError | None:
    """What an answer's status means; None for a good one."""
    status = response.status_code
    if status == 200:
        return None
    if status == 429:
        return Throttled(source, code, retry_after(response.headers))
    if status >= 500:
        return ServerFault(source, code, status)
    if status == 404:
        return UnknownSymbol(source, code)
    if status < 400:
        return Malformed(source, code, f"it has status {status}")
    return Blocked(source, code, status)


def retried(call: Callable[[], T], attempts: int) -> T:
    """``call`` again, with growing waits, after a failure that may pass; the pace keeps the waits that are named."""
    for attempt in stamina.retry_context(
        on=_may_pass, attempts=attempts, timeout=None, wait_initial=0.5, wait_jitter=0.5
    ):
        with attempt:
            return call()
    raise AssertionError("stamina tries at least once")


def _may_pass(error: Exception) -> bool:
    """Whether the same request may succeed soon: not when the source names a wait too long to sit out."""
    if isinstance(error, Throttled) and (error.retry_after or 0.0) > LONGEST_REST:
        return False
    return isinstance(error, ProviderError) and error.retryable


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The wait that an answer asks for, in seconds or as a date against its own [s]; None where there is none to be read."""
    text = (headers.get("Retry-After") or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers["Date"])
        return max(0.0, wait.total_seconds())
    except (ValueError, LookupError, TypeError):  # no date, or one with a zone and one without
        return None
