"""The panel: as-of purity to the bit, pairs on common days, splits, frozen data."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import catalogue, panel
from analytics.errors import NoOverlap, NotEnoughData, SameSeries
from analytics.instants import end_of_day
from analytics.ledger import Ledger
from tests.ledger.rows import rows

KEYS = ["silver", "bitcoin", "cpi", "financial_conditions"]
SERIES = {key: catalogue.get(key) for key in KEYS}
FIRST = dt.date(2026, 1, 5)
NOW = end_of_day(dt.date(2026, 6, 5))
days = st.integers(0, 80).map(lambda n: FIRST + dt.timedelta(days=n))
values = st.floats(1, 200, allow_nan=False).map(lambda v: round(v, 3))


@st.composite
def observations(draw: st.DrawFn) -> list[tuple[str, dt.date, float, dt.datetime | None, bool]]:
    """(key, period, value, known_at or None for the rule, estimated): first figures, revisions and vintages mixed."""
    found = []
    for _ in range(draw(st.integers(1, 40))):
        key = draw(st.sampled_from(KEYS))
        period = draw(days)
        if key == "cpi":
            period = period.replace(day=1)
        exact = draw(st.booleans())
        known = end_of_day(period + dt.timedelta(days=draw(st.integers(1, 60)))) if exact else None
        found.append((key, period, draw(values), known, not exact and SERIES[key].final is None))
    return found


def fill(
    ledger: Ledger, told: list[tuple[str, dt.date, float, dt.datetime | None, bool]], until: dt.datetime
) -> None:
    """Store what was known by an instant, in the order told; each row is an append of its own."""
    for key, period, value, known, estimated in told:
        instants = None if known is None else [known.astimezone(dt.UTC).replace(tzinfo=None).isoformat()]
        frame = rows(SERIES[key], [period.isoformat()], [value], known_at=instants, estimated=estimated)
        frame = frame[frame["known_at"] <= until]
        if len(frame):
            ledger.append(SERIES[key], frame, frame["known_at"].iloc[0].to_pydatetime())


@settings(max_examples=40, deadline=None)
@given(told=observations(), at=days)
def test_a_ledger_cut_at_a_date_and_the_whole_ledger_as_of_it_agree_to_the_bit(
    tmp_path_factory: pytest.TempPathFactory, told: list, at: dt.date
) -> None:
    folder = tmp_path_factory.mktemp("pure")
    # A source tells in the order of time; only vintages reach back.
    told = sorted(told, key=lambda row: row[3] or end_of_day(row[1]))
    instant = end_of_day(at)
    whole, cut = Ledger.at(folder / "whole.sqlite"), Ledger.at(folder / "cut.sqlite")
    fill(whole, told, NOW)
    copy_known(whole, cut, instant)
    a, b = panel.build(whole, KEYS, instant), panel.build(cut, KEYS, instant)
    assert a.sha256 == b.sha256
    assert dict(a.papers) == dict(b.papers)
    for key in a.columns:
        pd.testing.assert_series_equal(a.columns[key], b.columns[key], check_exact=True)
    later = [stamp for column in a.columns.values() for stamp in column.index if stamp.date() > at]
    assert not later
    whole.close()
    cut.close()


def copy_known(source: Ledger, target: Ledger, instant: dt.datetime) -> None:
    """Rows with known_at up to an instant, as they are."""
    from analytics.instants import to_micros
    from analytics.ledger.schema import observation, series

    with source.engine.connect() as read, target.engine.begin() as write:
        write.execute(series.insert(), [dict(row) for row in read.execute(series.select()).mappings()])
        known = observation.select().where(observation.c.known_at <= to_micros(instant))
        kept = [dict(row) for row in read.execute(known).mappings()]
        if kept:
            write.execute(observation.insert(), kept)


def test_a_pair_is_brought_to_common_days_first(ledger: Ledger) -> None:
    """Bitcoin trades through the weekend; its Friday-to-Monday move is one return (METHODS, section 0)."""
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
