"""/metrics: Prometheus text about the process and about what the ledger's journal says of the sources."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from analytics import calendars, health
from analytics.desk import Desk
from analytics.errors import AnalyticsError
from analytics.instants import day_of
from analytics.ledger import journal
from serving.health import FRESH, Front

NOT_HERE = "There is nothing here.\n"


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

    def answer(self, request: Request) -> Response:
        """The text; 404 for whoever may not read it."""
        given = request.headers.get("authorization", "").encode()
        if not self._token or not secrets.compare_digest(given, f"Bearer {self._token}".encode()):
            return PlainTextResponse(NOT_HERE, 404, headers=FRESH)
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
            self._kept = (key, [*_fetches(desk), *_series(desk, now)])
        return self._kept[1]


def _refreshes(desk: Desk) -> Iterator[Metric]:
    yield _gauge("silverlead_refreshing", "Whether this process is refreshing now", float(desk.refreshing))
    yield SummaryMetricFamily(
        "silverlead_refresh_seconds",
        "Refreshes that this process has finished",
        count_value=desk.refreshes,
        sum_value=desk.refresh_seconds,
    )


def _fetches(desk: Desk) -> Iterator[Metric]:
    """Attempts in the journal, by provider and outcome; failures by their class in our tree of errors."""
    fetches = CounterMetricFamily(
        "silverlead_fetches", "Attempts to read a series", labels=["provider", "outcome"]
    )
    failures = CounterMetricFamily(
        "silverlead_fetch_failures", "Failed attempts", labels=["provider", "error"]
    )
    seconds = CounterMetricFamily("silverlead_fetch_seconds", "Time spent on attempts", labels=["provider"])
    rows = CounterMetricFamily("silverlead_rows_added", "Figures that were new", labels=["provider"])
    totals = journal.totals(desk.ledger.engine)
    for (provider, outcome), part in totals.groupby(["provider", "outcome"]):
        fetches.add_metric([provider, outcome], part["n"].sum())
    for (provider, error), part in totals[totals["outcome"] == "failed"].groupby(["provider", "error"]):
        failures.add_metric([provider, error], part["n"].sum())
    for provider, part in totals.groupby("provider"):
        seconds.add_metric([provider], part["seconds"].sum())
        rows.add_metric([provider], part["added"].sum())
    yield from (fetches, failures, seconds, rows)


def _series(desk: Desk, now: dt.datetime) -> Iterator[Metric]:
    """Age and staleness of every listed series that is held, by the rule that the pages use."""
    labels = ["series", "provider"]
    stale = GaugeMetricFamily("silverlead_series_stale", "A newer figure is overdue", labels=labels)
    age = GaugeMetricFamily("silverlead_series_age_days", "Days since the newest period", labels=labels)
    good = GaugeMetricFamily(
        "silverlead_series_success_timestamp_seconds", "When its source last answered well", labels=labels
    )
    last, attempts = desk.ledger.last_periods(), desk.ledger.last_attempts().set_index("series")
    succeeded = attempts["succeeded_at"].dropna()
    for series in health.listed(day_of(now)):
        newest = last.get((series.key, series.field))
        if newest is None:
            continue
        named = [series.key, series.provider]
        overdue = desk.live and calendars.is_stale(series, now, newest)
        stale.add_metric(named, float(overdue))
        age.add_metric(named, (day_of(now) - newest).days)
        if series.key in succeeded.index:
            good.add_metric(named, succeeded[series.key].timestamp())
    yield from (stale, age, good)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)
