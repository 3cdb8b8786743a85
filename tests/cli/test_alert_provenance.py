"""What an alert rests on: which series speak for a value, their common date, and when they are too old."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics import catalogue, panel
from analytics.cli.alert_provenance import CONTRACTS, of_prints, of_series, series_behind
from analytics.clock.instants import end_of_day
from analytics.evaluate import RECIPES
from analytics.ledger import Ledger
from analytics.view import View
from tests.ledger.rows import rows

DAY = dt.date(2026, 6, 5)


def behind(finding: str, value: str, *around: dict, view: View | None = None) -> tuple[str, tuple[str, ...]]:
    return series_behind(finding, value, around, view or View(), DAY)


def test_the_nearest_part_that_names_its_series_speaks_for_the_value():
    trigger = {"key": "dollar", "inputs": ["dollar_index"]}
    assert behind("triggers", "triggers.dollar.on", trigger) == ("triggers", ("dollar_index",))
    assert set(behind("triggers", "on")[1]) == set(RECIPES["triggers"].keys(View(), DAY))
    claim = {"id": 28, "finding": "lead_lag"}
    other = View(lead="gold", follow="copper")
    assert behind("claims", "claims.28.verdict", claim, view=other) == ("lead_lag", ("silver", "bitcoin"))
    assert behind("claims", "claims.16.value", {"finding": "silver_balance"}) == ("silver_balance", ())
    assert behind("divergence", "z_now", view=other)[1] == ("gold", "copper")
    assert behind("snapshots", "dollar_index.change")[1] == ("dollar_index",)
    assert behind("snapshots", "ratio.value")[1] == ("silver", "bitcoin")


def test_a_part_that_names_what_its_finding_does_not_read_is_no_word_about_series():
    assert behind("divergence", "x.y", {"inputs": ["moon"], "finding": "nonsense"})[1] == (
        "silver",
        "bitcoin",
    )


def held(ledger: Ledger, **last: str) -> dict[str, panel.Papers]:
    """Papers of series that each have figures on two days, the last of them as given, as of ``DAY``."""
    for key, day in last.items():
        series = catalogue.get(key)
        early = str(dt.date.fromisoformat(day) - dt.timedelta(days=400))
        ledger.append(series, rows(series, [early, day], [1.0, 2.0]), end_of_day(DAY))
    return dict(panel.build(ledger, last, end_of_day(DAY)).papers)


def found(ledger: Ledger, finding: str, **last: str):
    return of_series(finding, held(ledger, **last), end_of_day(DAY))


def test_the_date_is_that_of_all_of_the_fastest_series(ledger):
    one = found(ledger, "divergence", silver="2026-06-04", bitcoin="2026-06-05", cpi="2026-04-01")
    assert (one.date, one.stale) == (dt.date(2026, 6, 4), "")
    assert one.series == {"silver": one.date, "bitcoin": DAY, "cpi": dt.date(2026, 4, 1)}
    assert one.words == f"data to 4 Jun 2026 ({catalogue.get('cpi').title} to 1 Apr 2026)"


def test_a_pair_on_a_weekend_is_of_friday_and_was_not_known_before_its_last_leg(ledger):
    papers = held(ledger, silver="2026-05-29", bitcoin="2026-05-31")
    one = of_series("divergence", papers, end_of_day(dt.date(2026, 5, 31)))
    assert one.date == dt.date(2026, 5, 29)
    assert one.unknown_until == dt.datetime(
        2026, 5, 29, 23, 59, 59, 999_999, dt.UTC
    )  # Bitcoin's day ends at midnight
    alone = of_series("record", {"bitcoin": papers["bitcoin"]}, end_of_day(dt.date(2026, 5, 31)))
    assert alone.date == dt.date(2026, 5, 31)


@pytest.mark.parametrize("old", ["silver", "bitcoin"])
def test_either_leg_makes_a_pair_stale(ledger, old):
    last = {"silver": "2026-06-05", "bitcoin": "2026-06-05", old: "2025-12-03"}
    one = found(ledger, "divergence", **last)
    assert one.date == dt.date(2025, 12, 3)
    assert one.stale.startswith(
        f"{catalogue.get(old).title} ends on 3 Dec 2025, and a newer figure has been due"
    )


def test_a_slow_series_is_judged_by_its_own_calendar(ledger):
    late = found(ledger, "triggers", federal_balance_monthly="2025-11-01")
    assert late.stale.endswith("due for more than 20 days")
    assert late.date == dt.date(2025, 11, 1)


def test_a_slow_series_is_fresh_until_its_next_figure_is_due(ledger):
    assert found(ledger, "triggers", federal_balance_monthly="2026-04-01").stale == ""


def test_expired_contracts_are_not_stale_but_contracts_without_new_prices_are(ledger):
    one = found(
        ledger, "rate_path", zq_2025_12="2025-12-31", zq_2026_09="2026-06-05", zq_2027_09="2026-03-02"
    )
    assert (one.stale, one.series) == ("", {CONTRACTS: DAY})


def test_contracts_without_new_prices_are_stale(ledger):
    one = found(ledger, "rate_path", zq_2025_12="2025-12-31", zq_2026_09="2026-05-20")
    assert one.stale.startswith("The newest fed funds contract ends on 20 May 2026")


def test_the_monthly_rate_does_not_age_a_path_that_reads_the_daily_one(ledger):
    assert found(ledger, "rate_path", effr="2026-06-04", fed_funds_rate="2025-01-01").stale == ""


def test_prints_carry_their_own_day_and_do_not_go_stale():
    one = of_prints("silver_balance", dt.date(2026, 1, 23))
    assert one.date is not None
    assert one.date <= dt.date(2026, 1, 23)
    assert (one.stale, one.words[:15]) == ("", "newest print of")
    assert of_prints("silver_stocks", dt.date(1990, 1, 1)).words == "no print known"


def test_nothing_held_has_no_date():
    assert of_series("divergence", {}, end_of_day(DAY)).words == "no data held"
