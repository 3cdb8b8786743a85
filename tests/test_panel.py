"""The panel: as-of purity to the bit, pairs on common days, splits, frozen data."""

from __future__ import annotations

import datetime as dt
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import catalogue, panel
from analytics.clock.instants import end_of_day, to_micros
from analytics.errors import NoOverlap, NotEnoughData, SameSeries
from analytics.ledger import Ledger
from analytics.ledger.schema import observation, series
from tests.ledger.rows import rows

KEYS = ["silver", "bitcoin", "silver_etf", "zq_2026_07", "cpi", "financial_conditions"]
SERIES = {key: catalogue.get(key) for key in KEYS}
FIRST, NOW = dt.date(2026, 1, 5), end_of_day(dt.date(2026, 6, 5))
days = st.integers(0, 80).map(lambda n: FIRST + dt.timedelta(days=n))
values = st.integers(1, 40).map(lambda n: n / 8)
told = st.dictionaries(days, values, max_size=6)


def rule_dated(key: str, field: str | None = None) -> st.SearchStrategy[pd.DataFrame]:
    """Rows of one field whose instants follow from the catalogue."""
    return told.map(
        lambda some: rows(SERIES[key], [str(day) for day in some], list(some.values()), field=field)
    )


@st.composite
def vintages(draw: st.DrawFn) -> pd.DataFrame:
    """Consumer prices with their own release instants, some of them revised before."""
    some = draw(st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 90)), values, max_size=6))
    months = [dt.date(2026, month, 1) for month, _ in some]
    known = [
        end_of_day(month + dt.timedelta(days=later)) for month, (_, later) in zip(months, some, strict=True)
    ]
    stamps = [instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat() for instant in known]
    return rows(
        SERIES["cpi"], [str(month) for month in months], list(some.values()), known_at=stamps, estimated=False
    )


@st.composite
def a_fetch(draw: st.DrawFn) -> tuple[dt.datetime, list[tuple[catalogue.Series, pd.DataFrame]]]:
    """What all sources say at some moment: first figures, revisions, vintages, estimates, splits and volumes."""
    now = end_of_day(FIRST + dt.timedelta(days=draw(st.integers(0, 120))))
    answers = {key: draw(rule_dated(key)) for key in KEYS}
    for key, field in (("silver_etf", "split"), ("zq_2026_07", "volume")):
        answers[key] = pd.concat([answers[key], draw(rule_dated(key, field))], ignore_index=True)
    if draw(st.booleans()):
        answers["cpi"] = draw(vintages())
    door = {key: frame[frame["known_at"] <= now] for key, frame in answers.items()}  # as the real one does
    return now, [(SERIES[key], frame) for key, frame in door.items() if len(frame)]


@settings(max_examples=25, deadline=None)
@given(fetches=st.lists(a_fetch(), min_size=1, max_size=4), dates=st.lists(days, min_size=1, max_size=3))
def test_a_ledger_cut_at_a_date_and_the_whole_ledger_as_of_it_agree_to_the_bit(
    tmp_path_factory: pytest.TempPathFactory, fetches: list, dates: list[dt.date]
) -> None:
    folder = tmp_path_factory.mktemp("pure")
    with closing(Ledger.at(folder / "whole.sqlite")) as whole:
        for now, batch in fetches:  # in any order: a clock may also go back
            whole.append_many(batch, now)
        for date in dates:
            with closing(Ledger.at(folder / f"{len(list(folder.iterdir()))}.sqlite")) as cut:
                copy_known(whole, cut, end_of_day(date))
                agree(*(panel.build(one, KEYS, end_of_day(date)) for one in (whole, cut)))


def agree(a: panel.Panel, b: panel.Panel) -> None:
    """Equal in everything, and nothing later than its instant."""
    assert a.sha256 == b.sha256
    assert dict(a.papers) == dict(b.papers)
    assert dict(a.volumes) == dict(b.volumes)
    assert a.columns.keys() == b.columns.keys() == a.papers.keys()
    for key, column in a.columns.items():
        pd.testing.assert_series_equal(column, b.columns[key], check_exact=True)
        assert column.index.is_monotonic_increasing
        assert column.index.is_unique
        assert end_of_day(column.index[-1].date()) <= a.as_of
        assert a.papers[key].known_at <= a.as_of


def copy_known(source: Ledger, target: Ledger, instant: dt.datetime) -> None:
    """Rows with known_at up to an instant, as they are."""
    with source.engine.connect() as read, target.engine.begin() as write:
        for table, kept in (
            (series, series.select()),
            (observation, observation.select().where(observation.c.known_at <= to_micros(instant))),
        ):
            found = [dict(row) for row in read.execute(kept).mappings()]
            if found:
                write.execute(table.insert(), found)


def test_a_pair_is_brought_to_common_days_first(ledger: Ledger) -> None:
    """Bitcoin trades through the weekend; its Friday-to-Monday move is one return (docs/methods.md#calendar-and-closing-times)."""
    week = pd.date_range("2026-01-09", "2026-01-13")
    ledger.append(
        SERIES["bitcoin"], rows(SERIES["bitcoin"], week.astype(str), [100, 110, 121, 133.1, 140]), NOW
    )
    weekdays = ["2026-01-09", "2026-01-12", "2026-01-13"]
    ledger.append(SERIES["silver"], rows(SERIES["silver"], weekdays, [50, 51, 52]), NOW)
    pair = panel.build(ledger, ["silver", "bitcoin"], NOW).pair("silver", "bitcoin")
    assert list(pair.index.strftime("%Y-%m-%d")) == weekdays
    assert np.log(pair["follow"]).diff().iloc[1] == pytest.approx(3 * np.log(1.1))


def test_a_us_holiday_is_no_day_of_a_pair(ledger: Ledger) -> None:
    dates = ["2026-01-16", "2026-01-19", "2026-01-20"]  # Martin Luther King day is the 19th
    for key in ("silver", "bitcoin"):
        ledger.append(SERIES[key], rows(SERIES[key], dates, [1, 2, 3]), NOW)
    pair = panel.build(ledger, ["silver", "bitcoin"], NOW).pair("silver", "bitcoin")
    assert len(pair) == 2


def test_a_split_rescales_and_revises_nothing(ledger: Ledger) -> None:
    fund = catalogue.get("silver_etf")
    ledger.append(fund, rows(fund, ["2026-01-05", "2026-01-06"], [100, 102]), NOW)
    ledger.append(fund, rows(fund, ["2026-01-07"], [51.5]), NOW)
    ledger.append(fund, rows(fund, ["2026-01-07"], [2.0], field="split"), NOW)
    before = panel.build(ledger, ["silver_etf"], end_of_day(dt.date(2026, 1, 6))).series("silver_etf")
    after = panel.build(ledger, ["silver_etf"], NOW).series("silver_etf")
    assert before.tolist() == [100, 102]
    assert after.tolist() == [50, 51, 51.5]
    assert ledger.revisions() == []


def test_frozen_data_do_not_know_a_later_backfill(ledger: Ledger) -> None:
    silver = SERIES["silver"]
    ledger.append(silver, rows(silver, ["2026-01-06"], [80.0]), NOW)
    link = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=ledger.version())
    ledger.append(silver, rows(silver, ["2026-01-05"], [79.0]), NOW)
    assert panel.build(ledger, ["silver"], NOW, link).series("silver").tolist() == [80.0]
    assert panel.build(ledger, ["silver"], NOW).series("silver").tolist() == [79.0, 80.0]


def test_a_revised_series_without_vintages_is_marked_where_it_was_recorded_later(ledger: Ledger) -> None:
    """NFCI is revised each week: what this ledger read on NOW may not be what an earlier day saw."""
    nfci, earlier = SERIES["financial_conditions"], end_of_day(dt.date(2026, 2, 1))
    ledger.append(nfci, rows(nfci, ["2026-01-09"], [-0.5]), NOW)

    def marked(as_of: dt.datetime) -> bool:
        return panel.build(ledger, [nfci.key], as_of).papers[nfci.key].later_vintage

    assert not marked(NOW)
    assert marked(earlier)
    assert not marked(NOW - dt.timedelta(minutes=59))  # a frozen clock, or a link to what was live then


def test_questions_without_an_answer_say_why(ledger: Ledger) -> None:
    silver, bitcoin = SERIES["silver"], SERIES["bitcoin"]
    ledger.append(silver, rows(silver, ["2026-01-05"], [80.0]), NOW)
    ledger.append(bitcoin, rows(bitcoin, ["2026-01-06"], [90_000.0]), NOW)
    found = panel.build(ledger, KEYS, NOW)
    with pytest.raises(SameSeries, match="both sides"):
        found.pair("silver", "silver")
    with pytest.raises(NoOverlap, match="no dates in common"):
        found.pair("silver", "bitcoin")
    with pytest.raises(NotEnoughData, match="0 observations"):
        found.series("gold")


def test_the_hash_tells_every_change(ledger: Ledger) -> None:
    silver = SERIES["silver"]
    ledger.append(silver, rows(silver, ["2026-01-05", "2026-01-06"], [80.0, 81.0]), NOW)
    first = panel.build(ledger, ["silver"], NOW).sha256
    assert panel.build(ledger, ["silver"], NOW).sha256 == first
    ledger.append(silver, rows(silver, ["2026-01-06"], [81.01]), NOW)
    assert panel.build(ledger, ["silver"], NOW).sha256 != first
