"""Can the data be trusted: the state of every series, its gaps, and one sentence."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analytics import catalogue, panel
from analytics.clock.instants import end_of_day
from analytics.ledger import Attempt, Ledger
from analytics.sources import health
from tests.ledger.rows import rows

NOW = end_of_day(dt.date(2026, 6, 5))
WANTED = [catalogue.get(key) for key in ("silver", "bitcoin", "cpi", "gold")]


def tried(ledger: Ledger, key: str, outcome: str, hours: int, message: str = "") -> None:
    ledger.log(Attempt(key, "yahoo", NOW - dt.timedelta(hours=hours), 0.1, False, outcome, message=message))


def states(ledger: Ledger, now: dt.datetime = NOW) -> dict[str, health.Health]:
    data = panel.build(ledger, [series.key for series in WANTED], now)
    found = health.health(WANTED, data, ledger.last_attempts(), ledger.revision_counts(now))
    return {row.series.key: row for row in found}


def test_a_ledger_without_anything_waits(ledger):
    found = states(ledger)
    assert {row.state for row in found.values()} == {"waiting"}
    assert found["silver"] == health.Health(WANTED[0], "waiting", None, None, 0, 0, 0, None, "")
    assert health.summary(list(found.values())) == "0 of 4 series are up to date; 4 not asked yet."


def test_each_state(ledger):
    silver, bitcoin, cpi, _ = WANTED
    ledger.append(silver, rows(silver, ["2026-06-02", "2026-06-04", "2026-06-05"], [1, 2, 3]), NOW)
    ledger.append(bitcoin, rows(bitcoin, ["2026-05-01"], [1]), NOW)
    ledger.append(cpi, rows(cpi, ["2026-04-01"], [320]), NOW)
    ledger.append(silver, rows(silver, ["2026-06-05"], [3.5]), NOW)
    tried(ledger, "silver", "ok", 1)
    tried(ledger, "cpi", "unchanged", 5)
    tried(
        ledger, "cpi", "failed", 1, "FRED CPIAUCSL: asked to slow down. Wait a while before the next refresh."
    )
    tried(ledger, "gold", "failed", 1, "Yahoo GC=F: the source knows no such symbol.")
    found = states(ledger)
    assert {key: row.state for key, row in found.items()} == {
        "silver": "fresh",
        "bitcoin": "stale",
        "cpi": "failed",
        "gold": "failed",
    }
    one = found["silver"]
    assert (one.first, one.last, one.n, one.gaps, one.revisions) == (
        dt.date(2026, 6, 2),
        dt.date(2026, 6, 5),
        3,
        1,
        1,
    )
    assert one.succeeded == NOW - dt.timedelta(hours=1)
    assert (found["cpi"].succeeded, found["cpi"].trouble[:4]) == (NOW - dt.timedelta(hours=5), "FRED")
    assert (found["gold"].n, found["gold"].succeeded) == (0, None)
    rows_ = list(found.values())
    assert health.summary(rows_) == "1 of 4 series are up to date; 1 late; 2 failed at the last try."
    table = health.table(rows_)
    assert table.loc["silver", ["state", "source", "n", "frequency"]].tolist() == [
        "fresh",
        "yahoo SI=F",
        3,
        "daily",
    ]
    assert len(table) == 4


def test_as_of_an_earlier_day_only_what_was_known_counts(ledger):
    silver = WANTED[0]
    ledger.append(silver, rows(silver, ["2026-06-02", "2026-06-05"], [1, 2]), NOW)
    one = states(ledger, end_of_day(dt.date(2026, 6, 3)))["silver"]
    assert (one.n, one.last, one.gaps, one.state) == (1, dt.date(2026, 6, 2), 0, "fresh")


def test_the_demo_is_simulated_whatever_its_age(tmp_path):
    ledger = Ledger.at(tmp_path / "demo.sqlite", kind="demo")
    silver = WANTED[0]
    ledger.append(silver, rows(silver, ["2020-01-02"], [1]), NOW)
    found = states(ledger)
    assert found["silver"].state == "simulated"
    assert health.summary([found["silver"]]) == "All 1 series are simulated demo data."
    ledger.close()


@pytest.mark.parametrize(
    ("key", "dates", "gaps"),
    [
        ("silver", ["2026-07-02", "2026-07-06"], 0),  # the 3rd is the holiday
        ("silver", ["2026-07-01", "2026-07-06"], 1),
        ("silver", ["2026-01-16", "2026-01-19", "2026-01-20"], 0),  # a figure on a holiday fills no other day
        ("bitcoin", ["2026-07-02", "2026-07-06"], 3),
        ("treasury_10y", ["2025-10-10", "2025-10-14"], 0),  # Columbus Day
        ("financial_conditions", ["2026-05-22", "2026-05-29", "2026-06-12"], 1),
        ("financial_conditions", ["2026-05-22", "2026-05-28", "2026-06-05"], 0),  # a holiday moved the day
        ("cpi", ["2025-09-01", "2025-11-01"], 1),  # never published
        ("gdp", ["2025-10-01", "2026-01-01"], 0),
        ("deficit_to_gdp", ["2022-01-01", "2025-01-01"], 2),
        ("silver", ["2026-07-02"], 0),
    ],
)
def test_gaps_are_dates_on_which_the_series_own_calendar_expects_a_figure(key, dates, gaps):
    assert health.count_gaps(catalogue.get(key), np.array(dates, dtype="datetime64[s]")) == gaps


def test_the_list_is_the_catalogue_the_next_18_contracts_and_silver_s_next_months():
    keys = [series.key for series in catalogue.followed(dt.date(2026, 6, 5))]
    assert len(keys) == len(catalogue.load()) + 18 + 4
    assert (keys[-22], keys[-5]) == ("zq_2026_06", "zq_2027_11")
    assert keys[-4:] == ["si_2026_07", "si_2026_09", "si_2026_12", "si_2027_03"]
