"""Attempts and oddities: one row a try, and what of its answer was left out."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analytics.ledger import Attempt, Ledger
from tests.ledger.rows import NOW


def tried(series: str, outcome: str = "ok", hours: float = 0, **more) -> Attempt:
    named = {"provider": "yahoo", "seconds": 0.5, "full_read": False, **more}
    return Attempt(series=series, outcome=outcome, started_at=NOW + dt.timedelta(hours=hours), **named)


def test_before_the_first_attempt_every_table_is_empty_but_has_its_columns(any_ledger: Ledger):
    assert any_ledger.newest_attempt() == 0
    assert {"series", "outcome", "started_at", "message", "id"} <= set(any_ledger.attempts().columns)
    assert {"succeeded_at", "outcome"} <= set(any_ledger.last_attempts().columns)
    assert {"period", "reason", "started_at"} <= set(any_ledger.oddities().columns)
    assert any_ledger.last_full_reads() == {}


def test_attempts_come_back_newest_first(any_ledger: Ledger):
    any_ledger.log(tried("silver", added=3, revised=1, refused=2))
    any_ledger.log(
        tried("gold", "failed", hours=1, error="Unreachable", message="no connection", full_read=True)
    )
    table = any_ledger.attempts()
    assert table["series"].tolist() == ["gold", "silver"]
    assert table["started_at"].tolist() == [NOW + dt.timedelta(hours=1), NOW]
    assert table.loc[1, ["added", "revised", "refused", "full_read"]].tolist() == [3, 1, 2, 0]
    assert any_ledger.attempts(limit=1)["message"].tolist() == ["no connection"]
    assert any_ledger.newest_attempt() == table["id"].max()
    assert any_ledger.version() == 0  # an attempt changes no figure


def test_the_last_attempt_and_the_last_good_one(any_ledger: Ledger):
    any_ledger.log(tried("silver", full_read=True))
    any_ledger.log(tried("silver", "unchanged", hours=1))
    any_ledger.log(tried("silver", "failed", hours=2, full_read=True))
    any_ledger.log(tried("gold", "failed", hours=3))
    table = any_ledger.last_attempts().set_index("series")
    assert table["outcome"].to_dict() == {"silver": "failed", "gold": "failed"}
    assert table.loc["silver", "succeeded_at"] == NOW + dt.timedelta(hours=1)
    assert pd.isna(table.loc["gold", "succeeded_at"])
    assert any_ledger.last_full_reads() == {"silver": NOW}


def test_newest_means_last_written_where_the_clock_went_back(any_ledger: Ledger):
    any_ledger.log(tried("silver", hours=10_000, full_read=True))
    any_ledger.log(tried("silver", full_read=True))
    assert any_ledger.last_attempts()["succeeded_at"].tolist() == [NOW]
    assert any_ledger.last_full_reads() == {"silver": NOW}


def test_oddities_are_those_of_each_series_newest_answer_that_left_some(any_ledger: Ledger):
    any_ledger.log(tried("silver"), [(dt.date(2026, 6, 1), "close", "0", "old news")])
    any_ledger.log(tried("gold"), [(None, "close", "-1", "below zero")])
    any_ledger.log(
        tried("silver"), [(dt.date(2026, 6, 2), "close", "1e9", "a slip"), (None, "close", "", "halved")]
    )
    any_ledger.log(tried("silver"))
    table = any_ledger.oddities()
    assert table["reason"].tolist() == ["halved", "a slip", "below zero"]
    assert table["period"].tolist()[1] == pd.Timestamp("2026-06-02")
    assert table["period"].isna().tolist() == [True, False, True]
    assert len(any_ledger.oddities(limit=2)) == 2


def test_whatever_a_source_wrote_can_be_kept(any_ledger: Ledger):
    hostile = "a\0b\ud800 Ω" + "x" * 500
    any_ledger.log(
        tried("silver", message=hostile), [(None, "a field longer than its column", hostile, hostile)]
    )
    (row,) = any_ledger.oddities().itertuples()
    assert row.reason == "ab? Ω" + "x" * 500
    assert row.value == row.reason[:64]
    assert any_ledger.attempts()["message"].tolist() == [row.reason]
