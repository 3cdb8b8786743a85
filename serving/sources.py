"""What the ledger's journal says of the sources, as Prometheus metrics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from analytics import catalogue
from analytics.clock import calendars
from analytics.clock.instants import day_of
from analytics.desk import Desk
from analytics.ledger import journal


def fetches(desk: Desk) -> Iterator[Metric]:
    """Attempts in the journal, by provider and outcome; failures by their class in our tree of errors."""
    attempts = CounterMetricFamily(
        "silverlead_fetches", "Attempts to read a series", labels=["provider", "outcome"]
    )
    failures = CounterMetricFamily(
        "silverlead_fetch_failures", "Failed attempts", labels=["provider", "error"]
    )
    seconds = CounterMetricFamily("silverlead_fetch_seconds", "Time spent on attempts", labels=["provider"])
    rows = CounterMetricFamily("silverlead_rows_added", "Figures that were new", labels=["provider"])
    totals = journal.totals(desk.ledger.engine)
    for (provider, outcome), part in totals.groupby(["provider", "outcome"]):
        attempts.add_metric([provider, outcome], part["n"].sum())
    for (provider, error), part in totals[totals["outcome"] == "failed"].groupby(["provider", "error"]):
        failures.add_metric([provider, error], part["n"].sum())
    for provider, part in totals.groupby("provider"):
        seconds.add_metric([provider], part["seconds"].sum())
        rows.add_metric([provider], part["added"].sum())
    yield from (attempts, failures, seconds, rows)


def freshness(desk: Desk, now: dt.datetime) -> Iterator[Metric]:
    """Age and staleness of every listed series that is held, by the rule that the pages use."""
    labels = ["series", "provider"]
    stale = GaugeMetricFamily("silverlead_series_stale", "A newer figure is overdue", labels=labels)
    age = GaugeMetricFamily("silverlead_series_age_days", "Days since the newest period", labels=labels)
    good = GaugeMetricFamily(
        "silverlead_series_success_timestamp_seconds", "When its source last answered well", labels=labels
    )
    last, attempts = desk.ledger.last_periods(), desk.ledger.last_attempts().set_index("series")
    succeeded = attempts["succeeded_at"].dropna()
    for series in catalogue.followed(day_of(now)):
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
