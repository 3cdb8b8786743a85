"""What of an answer is news: vintages among estimates, and that saying a thing twice says it once."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.clock.instants import to_micros
from analytics.ledger.merge import Merged, merge_rows
from analytics.ledger.reading import last_known
from tests.ledger.rows import CPI, NOW, SILVER, at, rows

COLUMNS = ["field", "period", "known_at", "estimated", "value"]
NOTHING = pd.DataFrame({name: pd.Series(dtype="float64" if name == "value" else "int64") for name in COLUMNS})
MARCH, APRIL = "2026-03-01", "2026-04-01"
RULE = "2026-04-15 22:00"  # 18:00 New York, 45 days after 1 March


class Held:
    """A ledger of one series, without a database."""

    def __init__(self) -> None:
        self.rows = NOTHING

    def take(
        self, answer: pd.DataFrame, now: str = "2026-06-05 20:00", *, vintages: bool = True, fill=False
    ) -> Merged:
        merged = merge_rows(answer, self.rows, vintages=vintages, now=to_micros(at(now)), fill_only=fill)
        self.rows = pd.concat([self.rows, merged.rows], ignore_index=True).astype(NOTHING.dtypes)
        assert not self.rows.duplicated(["field", "period", "known_at"]).any()  # the table's primary key
        return merged

    def read(self, as_of: str = "2100-01-01 00:00") -> list[float]:
        known = self.rows[self.rows["known_at"] <= to_micros(at(as_of))]
        known = known.assign(series_id=1, recorded_at=0).sort_values(["field", "period", "known_at"])
        return [v for found in last_known(known, {1: "cpi"}).values() for v in found.values.tolist()]


def exact(periods: list[str], values: list[float], known_at: list[str]) -> pd.DataFrame:
    return rows(CPI, periods, values, known_at=known_at, estimated=False)


def guessed(value: float, period: str = MARCH) -> pd.DataFrame:
    return rows(CPI, [period], [value])


def test_vintages_go_where_they_belong_among_older_ones():
    held = Held()
    assert held.take(exact([MARCH], [102.0], ["2026-06-14 22:00"])).new == 1
    first = held.take(exact([MARCH, MARCH], [100.0, 102.0], [RULE, "2026-06-14 22:00"]))
    assert (first.new, first.revised) == (0, 1)
    assert held.read("2026-05-01 00:00") == [100.0]
    assert held.read() == [102.0]


def test_a_vintage_that_changes_nothing_is_no_row():
    held = Held()
    held.take(exact([MARCH, MARCH], [100.0, 101.0], [RULE, "2026-05-14 22:00"]))
    assert held.take(exact([MARCH], [101.0], ["2026-05-20 22:00"])).rows.empty
    assert len(held.take(exact([MARCH], [100.0], ["2026-05-20 22:00"])).rows) == 1


def test_a_key_brings_the_true_instants_of_what_was_held_as_estimates():
    """The rule and the record often name the same instant: the exact row then stands a microsecond after."""
    held = Held()
    held.take(guessed(100.0))
    assert held.rows["known_at"].tolist() == [to_micros(at(RULE))]
    vintages = exact([MARCH, MARCH], [100.0, 101.0], [RULE, "2026-05-14 22:00"])
    assert (held.take(vintages).new, len(held.rows)) == (0, 3)
    assert sorted(held.rows["known_at"])[1] == to_micros(at(RULE)) + 1
    assert held.read(RULE) == [100.0]
    assert held.read("2026-05-14 22:00") == [101.0]
    for _ in range(3):
        assert held.take(vintages).rows.empty


def test_an_exact_row_wins_over_an_estimate_only_from_its_own_instant_on():
    held = Held()
    held.take(guessed(100.0))
    held.take(exact([MARCH], [103.0], ["2026-05-14 22:00"]))
    assert held.read("2026-05-01 00:00") == [100.0]
    assert held.read("2026-05-14 22:00") == [103.0]


def test_without_a_key_a_revision_is_known_when_it_is_fetched_and_stays_visible_with_one():
    held = Held()
    held.take(guessed(100.0))
    assert held.take(guessed(101.0), "2026-06-20 12:00").revised == 1
    assert held.rows["estimated"].tolist() == [1, 0]
    assert held.take(guessed(101.0), "2026-06-21 12:00").rows.empty
    held.take(exact([MARCH, MARCH], [100.0, 101.0], ["2026-04-10 22:00", "2026-06-14 22:00"]))
    assert held.read("2026-06-13 00:00") == [100.0]
    assert held.read("2026-06-14 22:00") == [101.0]
    assert held.take(guessed(102.0), "2026-07-20 12:00").revised == 1  # the key is gone again
    assert held.read() == [102.0]


def test_two_values_that_the_source_gave_for_one_instant_both_stand_the_later_answer_after():
    held = Held()
    held.take(exact([MARCH], [100.0], [RULE]))
    corrected = exact([MARCH], [100.5], [RULE])
    assert held.take(corrected).revised == 1
    assert held.read(RULE) == [100.0]
    assert held.read() == [100.5]
    assert held.take(corrected).rows.empty
    assert held.take(exact([MARCH], [100.75], [RULE])).revised == 1
    assert held.read() == [100.75]


def test_prices_have_no_vintages_whatever_their_instants():
    held = Held()
    held.take(rows(SILVER, ["2026-06-01"], [70.0]), vintages=False)
    answer = rows(SILVER, ["2026-06-01"], [71.0])
    assert held.take(answer, "2026-06-03 12:00", vintages=False).revised == 1
    assert held.rows["known_at"].tolist()[1] == to_micros(at("2026-06-03 12:00"))


@pytest.mark.parametrize("vintages", [True, False])
def test_filling_skips_every_period_that_is_held(vintages: bool):
    held = Held()
    held.take(rows(CPI, [MARCH], [100.0]), vintages=vintages)
    filled = held.take(rows(CPI, [MARCH, APRIL], [1.0, 2.0]), vintages=vintages, fill=True)
    assert (filled.new, filled.revised, len(filled.rows)) == (1, 0, 1)


@pytest.mark.parametrize(("other", "news"), [(100.0 * (1 + 9e-8), 0), (100.0 * (1 + 2e-7), 1), (-100.0, 1)])
def test_the_noise_of_four_byte_floats_is_no_revision(other: float, news: int):
    held = Held()
    held.take(guessed(100.0))
    assert held.take(guessed(other)).revised == news


# ------------------------------------------------------------------------------------------------- any run of answers

stamp = st.integers(1, 12).map(lambda month: f"2026-{month:02d}-14 22:00")
vintage = st.tuples(st.sampled_from([MARCH, APRIL]), stamp, st.integers(1, 3).map(float))
keyed = st.lists(vintage, min_size=1, max_size=8, unique_by=lambda row: row[:2]).map(
    lambda told: exact([row[0] for row in told], [row[2] for row in told], [row[1] for row in told])
)
keyless = st.dictionaries(st.sampled_from([MARCH, APRIL]), st.integers(1, 3).map(float), min_size=1).map(
    lambda told: rows(CPI, list(told), list(told.values()))
)


@settings(max_examples=30, deadline=None)
@given(run=st.lists(st.one_of(keyed, keyless), min_size=1, max_size=5))
def test_saying_a_thing_twice_adds_nothing(run):
    held = Held()
    for answer in run:
        held.take(answer)
        assert held.take(answer).rows.empty


@settings(max_examples=30, deadline=None)
@given(truth=keyed, cuts=st.lists(st.integers(0, 8), max_size=3))
def test_vintages_told_in_parts_read_as_if_told_at_once(truth, cuts):
    """Whatever the order in which parts of the truth arrive, every as-of read gives what the vintages say."""
    held, at_once = Held(), Held()
    at_once.take(truth)
    for cut in cuts:
        part = truth.iloc[cut:]
        if len(part):
            held.take(part)
    held.take(truth)
    for month in range(1, 13):
        for hour in ("21:59", "22:00"):
            assert held.read(f"2026-{month:02d}-14 {hour}") == at_once.read(f"2026-{month:02d}-14 {hour}")


@settings(max_examples=30, deadline=None)
@given(run=st.lists(st.one_of(keyed, keyless), min_size=1, max_size=4), answer=keyless)
def test_what_a_source_says_today_is_what_is_read_today(run, answer):
    held = Held()
    for earlier in run:
        held.take(earlier)
    held.take(answer, str(NOW)[:16])
    told = dict(zip(answer["period"].dt.strftime("%Y-%m-%d"), answer["value"], strict=True))
    newest = held.rows.assign(day=pd.to_datetime(held.rows["period"], unit="D").dt.strftime("%Y-%m-%d"))
    for day, value in told.items():
        one = Held()
        one.rows = newest[newest["day"] == day][COLUMNS]
        assert one.read() == [value]
