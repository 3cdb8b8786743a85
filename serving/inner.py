"""Streamlit's own addresses under ``/_stcore/``: what a page in a browser needs stays, everything else is not there.

Left away are uploads (no page takes files, and they would stay in memory), the run of a page for whoever asks for
``script-health-check``, and interfaces for programs, also where an option would turn them on.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.metrics import Metrics, not_here

INNER = "/_stcore/"
FOR_BROWSERS = frozenset({"health", "host-config", "stream"})
METRICS = "metrics"


class Inner:
    """Lets through what a browser asks for, and Streamlit's counters to whoever may read ours."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or INNER not in scope["path"] or self._open(Request(scope)):
            await self.app(scope, receive, send)
        else:
            await not_here(scope, receive, send)

    def _open(self, request: Request) -> bool:
        name = request.url.path.partition(INNER)[2]
        return name in FOR_BROWSERS or (name == METRICS and self.metrics.may_read(request))
