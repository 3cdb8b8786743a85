"""The door, answer by answer: what has forgotten history is refused whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from analytics.clock.instants import NEW_YORK
from analytics.errors import HistoryShrank
from analytics.sources import Oddity
from tests.sources.admission.answers import CPI, GDP, SILVER, SPREAD, YIELD, days, judged, rows


@pytest.mark.parametrize(
    ("series", "begins", "late", "fine"),
    [
        (YIELD, None, "1962-02-12", "1962-02-09"),  # 40 days
        (CPI, None, "1947-05-01", "1947-04-01"),  # three months
        (GDP, None, "1947-12-01", "1947-10-01"),  # three quarters
        (SILVER, dt.date(2000, 8, 30), "2000-10-10", "2000-10-09"),
    ],
)
def test_a_whole_history_that_begins_too_late_is_refused(series, begins, late, fine):
    judged(series, rows([fine], [90.0 if series is CPI else 5e3], series.field), since=None, begins=begins)
    with pytest.raises(HistoryShrank, match=f"begins on {late}, not on"):
        judged(
            series, rows([late], [90.0 if series is CPI else 5e3], series.field), since=None, begins=begins
        )
    rolling = replace(series, rolling=True)
    assert judged(rolling, rows([late], [90.0], series.field), since=None, begins=begins) is not None


def test_a_whole_history_must_reach_back_to_what_is_held():
    frame = rows(days(100), 30 + 0.01 * np.arange(100))
    assert len(judged(SILVER, frame[10:], frame, since=None).rows) == 90
    with pytest.raises(HistoryShrank, match="lacks 11 earlier dates"):
        judged(SILVER, frame[11:], frame, since=None)
    with pytest.raises(HistoryShrank, match="lacks 100 of 100"):
        judged(SILVER, frame[:0], frame, since=None)
    spread = frame.assign(field="value")
    assert len(judged(SPREAD, spread[50:], spread, since=None).rows) == 50


def test_an_answer_may_not_lack_the_middle_of_what_is_held():
    frame = rows(days(20), 30 + 0.01 * np.arange(20))
    since = days(20)[10].date()
    for gap, answer in [
        (slice(11, 14), frame[10:]),
        (slice(10, 15), frame[10:]),
        (slice(17, 20), frame[10:]),
    ]:
        with pytest.raises(HistoryShrank, match=f"lacks {gap.stop - gap.start} of 10"):
            judged(SILVER, answer.drop(index=range(gap.start, gap.stop)), frame, since)
    assert (
        len(judged(SILVER, frame.drop(index=[12, 15]), frame, since).rows) == 18
    )  # two of ten may be missing
    whole = rows(days(2000), 30 + 0.01 * np.arange(2000))
    assert len(judged(SILVER, whole.drop(index=range(100, 450)), whole, None).rows) == 1650
    with pytest.raises(HistoryShrank, match="lacks 450 of 2,000"):
        judged(SILVER, whole.drop(index=range(100, 550)), whole, None)
    spread = whole.assign(field="value")
    with pytest.raises(HistoryShrank):  # nor may a moving window, inside itself
        judged(SPREAD, spread[1000:].drop(index=range(1400, 1800)), spread, None)


def test_what_the_provider_left_out_with_a_reason_is_not_lost():
    frame = rows(days(10), 30 + 0.01 * np.arange(10))
    told = tuple(
        Oddity(period.date(), "close", "abc", "The value is not a number.") for period in days(10)[2:6]
    )
    assert (
        len(judged(SILVER, frame.drop(index=range(2, 6)), frame, days(10)[0].date(), oddities=told).rows) == 6
    )


def test_a_clock_set_back_misses_nothing_of_the_days_after_it():
    frame = rows(days(100), 30 + 0.01 * np.arange(100))
    early = dt.datetime.combine(days(100)[50].date(), dt.time(20), NEW_YORK)
    assert len(judged(SILVER, frame[:51], frame, days(100)[45].date(), now=early).rows) == 51
