"""Who is due: by its own calendar, by what its last attempts brought, and once a week whole."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics import catalogue
from analytics.clock.instants import NEW_YORK, end_of_day
from analytics.ledger import Attempt, Ledger, symbols
from analytics.sources.due import Job, due, everything, reread_from
from tests.ledger.rows import at, rows

NOW = end_of_day(dt.date(2026, 6, 5))  # a Friday
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def hold(ledger: Ledger, key: str, last: str) -> None:
    series = catalogue.get(key)
    value = {"cpi": 320.0, "gdp": 3e4}.get(key, 4.0)
    ledger.append(series, rows(series, [last], [value], known_at=["2026-01-01 12:00"]), NOW - 30 * DAY)


def tried(
    ledger: Ledger, key: str, when: dt.datetime, outcome: str = "ok", *, whole: bool = False, error: str = ""
) -> None:
    series = catalogue.get(key)
    ledger.log(Attempt(key, series.provider, when, 0.1, whole, outcome, error=error))


def asked(ledger: Ledger, key: str, now: dt.datetime = NOW, **more) -> Job | None:
    jobs = due(ledger, [catalogue.get(key)], now, **more)
    assert len(jobs) <= 1
    return jobs[0] if jobs else None


def settled(
    ledger: Ledger, key: str, last: str, succeeded: dt.datetime, whole: dt.datetime = NOW - 2 * DAY
) -> None:
    """A series that was read whole two days ago, and again with success since."""
    hold(ledger, key, last)
    tried(ledger, key, whole, whole=True)
    tried(ledger, key, succeeded, "unchanged")


def test_what_was_never_read_is_asked_for_whole(ledger):
    for key in ("silver", "bitcoin", "cpi", "zq_2026_07", "yahoo:ADA-USD"):
        assert asked(ledger, key) == Job(catalogue.get(key), None)


@pytest.mark.parametrize(
    ("key", "last", "now", "wanted"),
    [
        ("silver", "2026-06-05", "2026-06-06 03:59", False),  # Friday's close is there
        ("silver", "2026-06-05", "2026-06-08 21:59", False),  # Monday's bar is final at 18:00 New York
        ("silver", "2026-06-05", "2026-06-08 22:00", True),
        ("bitcoin", "2026-06-05", "2026-06-06 23:59", False),
        ("bitcoin", "2026-06-05", "2026-06-07 00:00", True),  # every day, weekends too
        ("silver", "2026-07-02", "2026-07-06 21:59", False),  # 3 July is the holiday
        ("treasury_10y", "2026-06-04", "2026-06-08 21:59", False),  # Friday's yield is out on Monday evening
        ("treasury_10y", "2026-06-04", "2026-06-08 22:00", True),
        (
            "treasury_10y",
            "2025-10-10",
            "2025-10-14 23:00",
            False,
        ),  # Columbus Day: stocks trade, no yield is published
        ("cpi", "2026-04-01", "2026-06-15 21:59", False),  # 45 days after 1 May
        ("cpi", "2026-04-01", "2026-06-15 22:00", True),
        ("gdp", "2026-01-01", "2026-07-31 00:00", False),
    ],
)
def test_a_series_is_due_when_its_own_calendar_says_so(ledger, key, last, now, wanted):
    moment = at(now)
    settled(ledger, key, last, moment - HOUR, moment - 2 * DAY)
    job = asked(ledger, key, moment)
    assert (job is not None) is wanted
    if job is not None:
        assert job.since is not None
        assert job.since < dt.date.fromisoformat(last)


def test_a_late_figure_is_asked_for_again_only_now_and_then(ledger):
    came_due = at("2026-06-08 22:00")
    settled(ledger, "silver", "2026-06-05", came_due + HOUR, came_due - 2 * DAY)
    assert asked(ledger, "silver", came_due + 4 * HOUR) is None
    assert asked(ledger, "silver", came_due + 5 * HOUR) is not None


def test_everything_is_read_whole_once_a_week(ledger):
    settled(ledger, "silver", "2026-06-05", NOW - HOUR, NOW - 7 * DAY + HOUR)
    assert asked(ledger, "silver") is None
    assert asked(ledger, "silver", NOW + HOUR) == Job(catalogue.get("silver"), None)


def test_a_whole_read_that_failed_counts_for_nothing(ledger):
    settled(ledger, "silver", "2026-06-05", NOW - 8 * DAY, NOW - 8 * DAY)
    tried(ledger, "silver", NOW - HOUR, "failed", whole=True, error="Unreachable")
    assert asked(ledger, "silver") == Job(catalogue.get("silver"), None)


def test_a_failed_series_is_asked_again_at_once_but_an_unknown_one_once_a_day(ledger):
    settled(ledger, "silver", "2026-06-05", NOW - 2 * HOUR)
    tried(ledger, "silver", NOW - HOUR, "failed", error="Throttled")
    assert asked(ledger, "silver") is not None
    tried(ledger, "zq_2027_12", NOW - HOUR, "failed", error="UnknownSymbol")
    assert asked(ledger, "zq_2027_12") is None
    assert asked(ledger, "zq_2027_12", NOW + 23 * HOUR) is not None


def test_force_asks_for_all(ledger):
    settled(ledger, "silver", "2026-06-05", NOW - HOUR)
    tried(ledger, "zq_2027_12", NOW - HOUR, "failed", error="UnknownSymbol")
    assert asked(ledger, "silver") is None
    assert asked(ledger, "silver", force=True) is not None
    assert asked(ledger, "zq_2027_12", force=True) is not None


def test_a_clock_that_once_ran_ahead_does_not_stop_the_refresh_for_years(ledger):
    far = NOW + 4000 * DAY
    settled(ledger, "silver", "2026-06-03", far, far)
    tried(ledger, "zq_2027_12", far, "failed", error="UnknownSymbol")
    assert asked(ledger, "silver") == Job(catalogue.get("silver"), None)
    assert asked(ledger, "zq_2027_12") is not None
    tried(ledger, "silver", NOW, "unchanged", whole=True)  # asked once, it is settled again
    hold(ledger, "silver", "2026-06-05")
    assert asked(ledger, "silver", NOW + HOUR) is None


@pytest.mark.parametrize(
    ("key", "last", "since"),
    [
        ("bitcoin", "2026-06-05", "2026-05-26"),  # ten days
        ("silver", "2026-06-05", "2026-05-19"),  # ten sessions and a holiday or two
        ("financial_conditions", "2026-06-05", "2025-12-19"),  # 24 weeks
        ("cpi", "2026-04-01", "2024-03-18"),  # 24 months
    ],
)
def test_a_reread_goes_back_ten_sessions_or_24_periods(key, last, since):
    assert reread_from(catalogue.get(key), dt.date.fromisoformat(last)) == dt.date.fromisoformat(since)


def test_everything_is_the_catalogue_the_listed_months_and_typed_symbols_that_are_held(ledger):
    typed = catalogue.typed("ADA-USD")
    ledger.append(typed, rows(typed, ["2026-06-01"], [0.5]), NOW)
    now = dt.datetime(2026, 6, 30, 23, 30, tzinfo=NEW_YORK)  # July in Greenwich
    keys = [series.key for series in everything(ledger, now)]
    assert keys[: len(catalogue.load())] == list(catalogue.load())
    assert keys[len(catalogue.load()) :] == [*(f"zq_2026_{m:02d}" for m in range(6, 13)), *(
        f"zq_2027_{m:02d}" for m in range(1, 12)
    ), "si_2026_07", "si_2026_09", "si_2026_12", "si_2027_03", "yahoo:ADA-USD"]  # fmt: skip
    assert len(set(keys)) == len(keys)


def test_typed_symbols_are_bounded_in_sum_and_those_shown_last_stay(ledger):
    typed = [catalogue.typed(f"SYM{i}") for i in range(4)]
    for number, series in enumerate(typed):
        ledger.append(series, rows(series, ["2026-06-01"], [0.5]), NOW)
        symbols.show(ledger.engine, series.key, NOW + dt.timedelta(days=number))
    keys = [series.key for series in everything(ledger, NOW, 2) if series.key.startswith(catalogue.TYPED)]
    assert keys == [typed[3].key, typed[2].key]
    assert typed[0].key in ledger.series_keys()  # what is stored stays
