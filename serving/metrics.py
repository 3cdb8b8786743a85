"""/metrics: Prometheus text about the process and about what the ledger's journal says of the sources."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from analytics.errors import AnalyticsError
from serving.health import FRESH, Front

if TYPE_CHECKING:
    from analytics.desk import Desk

not_here = PlainTextResponse("There is nothing here.\n", 404, headers=FRESH)
"""What is said of every address that is shut or was never there."""


class Metrics:
    """The route. Without a token in the settings there is none, and a wrong one looks the same.

    Args:
        front: Gives the desk.
        registry: Holds the process's counters; the ledger's state is added to it.
        token: What a scraper must send as ``Authorization: Bearer``; None switches the route off.
        clock: The present instant.
    """

    def __init__(
        self, front: Front, registry: CollectorRegistry, token: str | None, clock: Callable[[], dt.datetime]
    ) -> None:
        self._registry, self._token = registry, token
        disable_created_metrics()  # a second series beside every counter, which nothing reads
        registry.register(Sources(front, clock))
        ProcessCollector(registry=registry)

    def may_read(self, request: Request) -> bool:
        """Whether a request carries the operator's token."""
        given = request.headers.get("authorization", "").encode()
        return bool(self._token) and secrets.compare_digest(given, f"Bearer {self._token}".encode())

    def answer(self, request: Request) -> Response:
        """The text; 404 for whoever may not read it."""
        if not self.may_read(request):
            return not_here
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST, headers=FRESH)


class Sources(Collector):
    """Fetches, failures and staleness, read from the ledger at each scrape, so that they count whoever refreshed and
    outlive a restart."""

    def __init__(self, front: Front, clock: Callable[[], dt.datetime]) -> None:
        self._front, self._clock = front, clock
        self._kept: tuple[tuple[object, ...], list[Metric]] = ((), [])

    def describe(self) -> list[Metric]:
        """Nothing is read before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        desk, up = self._front.desk, 0.0
        if desk is not None:
            yield from _refreshes(desk)
            try:
                found = self._ledger(desk)
                up = 1.0
                yield from found
            except AnalyticsError:
                up = 0.0
        yield _gauge("silverlead_ledger_up", "Whether the ledger is open and answers", up)

    def _ledger(self, desk: Desk) -> list[Metric]:
        """The journal's state; the same while nothing was written, but for a minute at most, since age grows."""
        now = self._clock()
        key = (
            desk.ledger,
            desk.ledger.version(),
            desk.ledger.newest_attempt(),
            now.replace(second=0, microsecond=0),
        )
        if self._kept[0] != key:
            from serving.sources import fetches, freshness  # pandas: there since the desk is open

            self._kept = (key, [*fetches(desk), *freshness(desk, now)])
        return self._kept[1]


def _refreshes(desk: Desk) -> Iterator[Metric]:
    yield _gauge("silverlead_refreshing", "Whether this process is refreshing now", float(desk.refreshing))
    yield SummaryMetricFamily(
        "silverlead_refresh_seconds",
        "Refreshes that this process has finished",
        count_value=desk.refreshes,
        sum_value=desk.refresh_seconds,
    )


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)
