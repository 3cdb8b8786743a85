"""The ledger on both engines: what was known when, and nothing else."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import catalogue
from analytics.clock.instants import from_micros, to_micros
from analytics.errors import LedgerForeign
from analytics.ledger import Added, Ledger
from tests.ledger.rows import BITCOIN, CPI, NFCI, NOW, SILVER, at, rows, stored

DAYS = ["2026-06-01", "2026-06-02", "2026-06-03"]
FAR = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
MICRO = dt.timedelta(microseconds=1)


def read(ledger: Ledger, key: str = "silver", as_of: dt.datetime = FAR, **more) -> list[tuple[str, float]]:
    """One series' main field as (date, value)."""
    series = catalogue.get(key)
    found = ledger.read([key], as_of, **more).get((key, series.field))
    return (
        []
        if found is None
        else [(str(day), float(v)) for day, v in zip(found.dates, found.values, strict=True)]
    )


# ------------------------------------------------------------------------------------------------------ add and read


def test_what_is_added_is_read_back_to_the_bit(any_ledger):
    values = [69.80999755859375, 0.1 + 0.2, 1e-300]
    assert any_ledger.append(SILVER, rows(SILVER, DAYS, values), NOW) == Added(3, 0)
    found = any_ledger.read(["silver"], FAR)[("silver", "close")]
    assert found.values.tolist() == values
    assert found.dates.astype(str).tolist() == DAYS
    assert [from_micros(k) for k in found.known_at] == [at(f"{day} 22:00") for day in DAYS]
    assert (found.recorded_at == to_micros(NOW)).all()
    assert not found.estimated.any()


def test_what_nobody_added_is_absent(any_ledger):
    any_ledger.append(SILVER, rows(SILVER, DAYS, [1.0, 2.0, 3.0]), NOW)
    assert any_ledger.read([], FAR) == {}
    assert any_ledger.read(["gold", "no such key"], FAR) == {}
    assert any_ledger.held("gold").empty
    assert any_ledger.read(["silver"], FAR, fields=("dividend",)) == {}


def test_fields_stand_side_by_side(any_ledger):
    both = pd.concat(
        [rows(SILVER, DAYS, [1.0, 2.0, 3.0]), rows(SILVER, DAYS, [7.0, 8.0, 9.0], field="volume")]
    )
    assert any_ledger.append(SILVER, both, NOW) == Added(6, 0)
    assert set(any_ledger.read(["silver"], FAR)) == {("silver", "close")}
    assert any_ledger.read(["silver"], FAR, fields=("volume",))[("silver", "volume")].values.tolist() == [
        7,
        8,
        9,
    ]
    assert any_ledger.held("silver").groupby("field")["value"].sum().to_dict() == {
        "close": 6.0,
        "volume": 24.0,
    }
    assert any_ledger.last_periods() == {
        ("silver", name): dt.date(2026, 6, 3) for name in ("close", "volume")
    }


def test_fetching_the_same_again_adds_nothing_and_keeps_the_version(any_ledger):
    answer = rows(SILVER, DAYS, [69.0, 70.0, 71.0])
    any_ledger.append(SILVER, answer, NOW)
    before, version = stored(any_ledger), any_ledger.version()
    noise = answer.assign(value=answer["value"] * (1 + 5e-8))
    for again in (answer, noise, answer.iloc[1:], answer.iloc[:0]):
        assert any_ledger.append(SILVER, again, NOW + dt.timedelta(hours=1)) == Added(0, 0)
    pd.testing.assert_frame_equal(stored(any_ledger), before)
    assert any_ledger.version() == version == to_micros(NOW)


def test_an_answer_without_rows_leaves_no_trace(any_ledger):
    nothing = rows(SILVER, [], [])
    assert any_ledger.append_many([(SILVER, nothing), (BITCOIN, rows(BITCOIN, DAYS, [1, 2, 3]))], NOW) == [
        Added(0, 0),
        Added(3, 0),
    ]
    assert any_ledger.series_keys() == ["bitcoin"]


# -------------------------------------------------------------------------------------------------------- revisions


def test_a_revised_value_adds_a_row_and_is_listed(any_ledger):
    any_ledger.append(SILVER, rows(SILVER, DAYS, [69.0, 70.0, 71.0]), NOW)
    before, later = stored(any_ledger), NOW + dt.timedelta(days=1)
    assert any_ledger.append(SILVER, rows(SILVER, DAYS, [69.0, 70.5, 71.0]), later) == Added(0, 1)
    after = stored(any_ledger)
    assert len(after) == 4
    assert len(after.merge(before)) == 3  # all that was there is there
    (revision,) = any_ledger.revisions()
    assert (revision.series, revision.field, revision.period) == ("silver", "close", dt.date(2026, 6, 2))
    assert (revision.before, revision.after, revision.known_at) == (70.0, 70.5, later)
    assert any_ledger.revision_counts(later - MICRO) == {}
    assert any_ledger.revision_counts(later) == {"silver": 1}
    assert read(any_ledger, as_of=later - MICRO)[1] == ("2026-06-02", 70.0)
    assert read(any_ledger, as_of=later)[1] == ("2026-06-02", 70.5)


def test_a_value_that_goes_back_and_forth_is_a_revision_each_time(any_ledger):
    for day, value in enumerate([70.0, 71.0, 70.0, 70.0]):
        any_ledger.append(SILVER, rows(SILVER, DAYS[:1], [value]), NOW + dt.timedelta(days=day))
    assert [(one.before, one.after) for one in any_ledger.revisions()] == [(71.0, 70.0), (70.0, 71.0)]
    assert len(any_ledger.revisions(limit=1)) == 1
    assert any_ledger.revisions(["gold"]) == []


def test_a_published_figure_that_is_revised_without_vintages_is_known_when_it_is_fetched(any_ledger):
    """Keyless FRED serves today's revision only: what it said before stays for the days on which it was the one known."""
    for series in (CPI, NFCI):
        assert any_ledger.append(series, rows(series, ["2026-04-03"], [100.0]), NOW) == Added(1, 0)
        later = NOW + dt.timedelta(days=30)
        assert any_ledger.append(series, rows(series, ["2026-04-03"], [101.0]), later) == Added(0, 1)
        assert read(any_ledger, series.key, later - MICRO) == [("2026-04-03", 100.0)]
        assert read(any_ledger, series.key, later) == [("2026-04-03", 101.0)]
        found = any_ledger.read([series.key], later)[(series.key, "value")]
        assert found.estimated.tolist() == [False]  # the moment of fetching is a record, not a rule
        assert any_ledger.append(series, rows(series, ["2026-04-03"], [101.0]), later) == Added(0, 0)


def test_only_filling_leaves_what_is_held(any_ledger):
    any_ledger.append(SILVER, rows(SILVER, DAYS[1:], [70.0, 71.0]), NOW)
    filled = any_ledger.append(SILVER, rows(SILVER, DAYS, [1.0, 2.0, 3.0]), NOW, fill_only=True)
    assert filled == Added(1, 0)
    assert [value for _, value in read(any_ledger)] == [1.0, 70.0, 71.0]
    assert any_ledger.revisions() == []


# ------------------------------------------------------------------------------------------------------------- time


def test_as_of_includes_the_instant_itself_and_nothing_after(any_ledger):
    any_ledger.append(SILVER, rows(SILVER, DAYS, [1.0, 2.0, 3.0]), NOW)
    close = at("2026-06-02 22:00")
    assert [day for day, _ in read(any_ledger, as_of=close)] == DAYS[:2]
    assert [day for day, _ in read(any_ledger, as_of=close - MICRO)] == DAYS[:1]
    assert read(any_ledger, as_of=at("2026-05-31 00:00")) == []


def test_recorded_by_leaves_out_what_this_ledger_learned_later(any_ledger):
    any_ledger.append(SILVER, rows(SILVER, DAYS[1:], [2.0, 3.0]), NOW)
    seen = NOW + dt.timedelta(hours=1)
    any_ledger.append(
        SILVER, rows(SILVER, DAYS[:1], [1.0]), NOW + dt.timedelta(days=1)
    )  # a backfill: known before
    assert [day for day, _ in read(any_ledger)] == DAYS
    assert [day for day, _ in read(any_ledger, recorded_by=seen)] == DAYS[1:]
    assert read(any_ledger, recorded_by=NOW - MICRO) == []


def test_recorded_at_grows_with_every_write_whatever_the_clock_does(any_ledger):
    clocks = [NOW, NOW, NOW - dt.timedelta(days=365), NOW - MICRO, NOW + dt.timedelta(seconds=1), NOW]
    versions = []
    for number, clock in enumerate(clocks):
        any_ledger.append(SILVER, rows(SILVER, [f"2026-01-{number + 1:02d}"], [number + 1.0]), clock)
        versions.append(any_ledger.version())
    assert versions[0] == to_micros(NOW)
    assert (np.diff(versions) > 0).all()
    assert sorted(stored(any_ledger)["recorded_at"]) == versions


def test_a_revision_stands_after_what_it_replaces_even_when_the_clock_went_back(any_ledger):
    any_ledger.append(SILVER, rows(SILVER, DAYS, [1.0, 2.0, 3.0]), NOW)
    year_ago = NOW - dt.timedelta(days=365)
    assert any_ledger.append(SILVER, rows(SILVER, DAYS[2:], [3.5]), year_ago) == Added(0, 1)
    (revision,) = any_ledger.revisions()
    assert revision.known_at == at("2026-06-03 22:00") + MICRO
    assert read(any_ledger)[-1] == ("2026-06-03", 3.5)
    assert any_ledger.append(SILVER, rows(SILVER, DAYS[2:], [3.75]), year_ago) == Added(0, 1)
    assert [one.after for one in any_ledger.revisions()] == [3.75, 3.5]


def test_an_instant_without_a_zone_is_refused(ledger):
    with pytest.raises(ValueError, match="zone"):
        ledger.read(["silver"], dt.datetime(2026, 1, 1))


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Ledger]:
    """One ledger for many examples, each on a series of its own."""
    opened = Ledger.at(tmp_path_factory.mktemp("shared") / "ledger.sqlite")
    yield opened
    opened.close()


answers = st.lists(
    st.tuples(
        st.dictionaries(st.integers(1, 9), st.integers(1, 4), min_size=1, max_size=6), st.integers(-400, 400)
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(run=answers)
def test_rows_are_only_ever_added_and_the_newest_answer_is_what_is_held(shared, run):
    """Any run of answers, with any clock: nothing that was stored changes, and what was said last is read."""
    series = catalogue.typed(f"RUN{len(shared.series_keys())}")
    said: dict[str, float] = {}
    before = stored(shared)
    for told, hours in run:
        days = [f"2026-05-{day:02d}" for day in told]
        shared.append(series, rows(series, days, list(told.values())), NOW + dt.timedelta(hours=hours))
        said |= {day: float(value) for day, value in zip(days, told.values(), strict=True)}
        after = stored(shared)
        assert len(after.merge(before)) == len(before)
        before = after
        assert read(shared, series.key) == sorted(said.items())


# ------------------------------------------------------------------------------------------ one transaction a write


def test_a_batch_is_stored_whole_or_not_at_all(any_ledger):
    good, bad = (
        rows(BITCOIN, DAYS, [1.0, 2.0, 3.0]),
        rows(SILVER, DAYS, [1.0, 2.0, 3.0], field="no such field"),
    )
    with pytest.raises(KeyError, match="no such field"):
        any_ledger.append_many([(BITCOIN, good), (SILVER, bad)], NOW)
    assert stored(any_ledger).empty
    assert any_ledger.series_keys() == []
    assert any_ledger.version() == 0


def test_threads_share_a_ledger(any_ledger):
    keys, errors = ["silver", "gold", "copper", "bitcoin", "ether", "sp500"], []

    def work(key: str) -> None:
        try:
            series = catalogue.get(key)
            for day in range(1, 9):
                any_ledger.append(series, rows(series, [f"2026-05-{day:02d}"], [float(day)]), NOW)
                any_ledger.read(keys, FAR)
        except Exception as error:  # noqa: BLE001 - handed to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=work, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    table = stored(any_ledger)
    assert len(table) == 6 * 8
    assert table["recorded_at"].is_unique


def test_one_ledger_never_holds_live_and_demo(any_ledger):
    address = any_ledger.engine.url.render_as_string(hide_password=False)
    with pytest.raises(
        LedgerForeign, match="holds a live ledger of schema 1; this version needs a demo ledger"
    ):
        Ledger(address, kind="demo")
    again = Ledger(address)
    assert again.kind == "live"
    again.close()
