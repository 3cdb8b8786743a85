"""HTTP requests that end: one deadline over a whole exchange, one bound on what its answer may hold.

httpx and httpcore have limits for each read by itself: an answer that sends a byte a second, or ``102 Processing`` for
ever, keeps every one of them. Here httpcore's network has a clock of its own, which every wait for the other side
looks at: connecting, TLS, headers, answers before the answer (1xx), body. Outside it stays the system's look-up of a
name, which has its own limit. Bodies are unpacked here, piece by piece: what counts is their size afterwards.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from analytics.errors import Malformed, ProviderError, TimedOut, Unreachable

MOST_BYTES = 16 * 2**20
"""Most that one answer may hold once it is unpacked [bytes]; a page of 100,000 figures of FRED's, the longest true one,
holds 11 million. Read as JSON or XML an answer of this size can take twenty times as much memory."""
TOO_LONG = f"it holds more than {MOST_BYTES // 2**20} MB"
_BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)


class Wire:
    """A way to one source for one series, kept open between requests. Use it as a context manager.

    Args:
        source, code: Whom and what is asked, named in every error.
        root: An address of the source: which proxy of the environment applies follows from it.
        timeout: Longest wait for one whole answer [s].
        longest: Longest time for all requests together, and what passes between them [s].
        secret: Names and values that join every address on its way out: no log and no error ever holds them.

    Raises:
        Unreachable: the environment names a proxy that is not an HTTP proxy.
    """

    def __init__(
        self,
        source: str,
        code: str,
        root: str,
        *,
        timeout: float,
        longest: float,
        secret: Mapping[str, str] | None = None,
    ) -> None:
        self._source, self._code, self._secret = source, code, dict(secret or {})
        self._timeout, self._longest = timeout, longest
        self._clock = _Clock()
        self._over = time.monotonic() + longest
        self._pool = httpcore.ConnectionPool(
            ssl_context=_certificates(),
            proxy=_proxy(source, code, root),
            network_backend=_Network(self._clock.left),
        )

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def ask(self, url: str, method: str = "GET") -> httpx.Response:
        """The answer, whatever its status, with its whole body unpacked; no redirect is followed.

        Raises:
            TimedOut: it was not there in time.
            Malformed: it holds too much, or is packed in a way that cannot be undone.
            Unreachable: there is no connection, or it broke off half way.
        """
        now = time.monotonic()
        self._clock.end = min(now + self._timeout, self._over)
        error: ProviderError
        try:
            return self._exchange(httpx.URL(url).copy_merge_params(self._secret), method)
        except httpcore.TimeoutException:
            late = self._timeout if now + self._timeout <= self._over else self._longest
            error = TimedOut(self._source, self._code, late)
        except _Unreadable as unreadable:
            error = Malformed(self._source, self._code, str(unreadable))
        except httpcore.ConnectError:
            error = Unreachable(self._source, self._code)
        except _BROKEN:
            error = Unreachable(self._source, self._code, "the connection broke off")
        raise error  # outside the handlers: an error of ours has no foreign context

    def _exchange(self, url: httpx.URL, method: str) -> httpx.Response:
        asked = httpx.Request(method, url, headers=_HEADERS)
        whole = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        with self._pool.stream(method, whole, headers=asked.headers.raw) as answer:
            headers = httpx.Headers(answer.headers)
            packing = headers.pop("content-encoding", "") if method != "HEAD" else ""
            body = unpacked(answer.iter_stream(), packing)
        return httpx.Response(answer.status, headers=headers, content=body)


_HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip", "User-Agent": f"python-httpx/{httpx.__version__}"}


class _Unreadable(Exception):
    """A body that cannot be had as it was sent; the words say why."""


def unpacked(pieces: Iterable[bytes], packing: str, most: int = MOST_BYTES) -> bytes:
    """A whole body.

    Args:
        pieces: As they come in.
        packing: Their Content-Encoding; gzip, identity or none.
        most: Longest body once unpacked [bytes].
    """
    match packing.strip().lower():
        case "" | "identity":
            return _joined(pieces, most)
        case "gzip":
            return _inflated(pieces, most)
    raise _Unreadable("it is packed in a way that was not asked for")


def _joined(pieces: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > most:
            raise _Unreadable(TOO_LONG)
    return bytes(body)


def _inflated(pieces: Iterable[bytes], most: int) -> bytes:
    """Never more than ``most`` and one byte are unpacked; a file that lacks its end, or has two, is damaged."""
    inflater, body = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray()
    try:
        for piece in pieces:
            body += inflater.decompress(piece, most + 1 - len(body))
            if len(body) > most:
                raise _Unreadable(TOO_LONG)
    except zlib.error:
        raise _Unreadable("its compression is damaged") from None
    if not inflater.eof or inflater.unused_data:
        raise _Unreadable("its compression is damaged")
    return bytes(body)


class _Clock:
    """When the present exchange has to be over."""

    end = 0.0

    def left(self) -> float:
        """What is left of the time [s]; never zero, which would mean no waiting at all to a socket."""
        left = self.end - time.monotonic()
        if left <= 0.0:
            raise httpcore.ReadTimeout
        return left


class _Network(httpcore.NetworkBackend):
    """httpcore's own, under a clock."""

    def __init__(self, left: Callable[[], float]) -> None:
        self._left, self._plain = left, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Every address of a host has its share of the time; in httpcore each has the whole of it."""
        error: Exception = httpcore.ConnectError()
        addresses = _addresses(host, port)
        for number, address in enumerate(addresses):
            wait = self._left() / (len(addresses) - number)
            try:
                return _Stream(self._plain.connect_tcp(address, port, wait, None, socket_options), self._left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the exchange; Python counts a TLS handshake or record as one wait."""

    def __init__(self, plain: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._plain, self._left = plain, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._plain.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._plain.write(buffer, self._left())

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._plain.start_tls(ssl_context, server_hostname, self._left()), self._left)

    def close(self) -> None:
        self._plain.close()

    def get_extra_info(self, info: str) -> Any:
        return self._plain.get_extra_info(info)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise httpcore.ConnectError from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _proxy(source: str, code: str, root: str) -> httpcore.Proxy | None:
    """The proxy that the environment sets for an address (``https_proxy``, ``no_proxy`` and so on); None for none.

    One that is itself spoken to in TLS is none for us: httpcore's TLS within TLS waits for each piece anew.
    """
    parts, known = urlsplit(root), getproxies()
    proxy = known.get(parts.scheme) or known.get("all")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if not proxy.startswith("http://"):
        raise Unreachable(source, code, "the environment sets a proxy that is not an HTTP proxy (http://)")
    read = httpx.Proxy(proxy)
    return httpcore.Proxy(str(read.url), auth=read.raw_auth)


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Read once: loading the certificates costs more than the request."""
    return httpx.create_ssl_context()
