"""Each way in which a rate path goes wrong in practice (docs/methods.md#chain-of-months)."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from analytics.errors import BadChoice, NotPriced
from analytics.published import fomc
from analytics.topics.rate_path.measures.rate_chain import MAX_STEP
from analytics.topics.rate_path.measures.rate_path import rate_path
from analytics.topics.rate_path.measures.rate_path_days import day_split, decision_days, with_settlement
from tests.topics.rate_path.test_rate_path import T1, T1_DAY, T1_RANGE, known, odds_by_day, strip

MARCH = [dt.date(2026, 3, 18)]


def month(path, year, number):
    return next(rate for rate in path.months if rate.month == dt.date(year, number, 1))


def test_a_meeting_just_held_still_splits_its_month_but_is_not_convolved_again():
    """18 March has been held: March must not become a pin, and April starts from the range decided in March."""
    prices = strip(2026, 3, 96.40, 96.50, 96.60)
    path = rate_path(
        prices, [*MARCH, dt.date(2026, 4, 29), dt.date(2026, 6, 17)], dt.date(2026, 3, 18), (3.25, 3.50)
    )
    assert [meeting.date for meeting in path.meetings] == [dt.date(2026, 4, 29)]
    assert not month(path, 2026, 3).pinned
    april = path.meetings[0]
    assert april.start == pytest.approx((30 * 3.50 - 1 * 3.40) / 29)
    assert april.end == pytest.approx(3.40)
    assert set(april.probabilities) == {3.00, 3.25}


def test_a_month_past_the_calendar_is_no_pin():
    """With the calendar ending in March, a price for May says nothing about April, and April's nothing about March."""
    prices = strip(2026, 2, 96.40, 96.45, 96.50, 96.60)
    path = rate_path(prices, MARCH, dt.date(2026, 2, 10), (3.50, 3.75))
    assert not month(path, 2026, 4).pinned
    assert "Past the published calendar" in month(path, 2026, 4).note
    march = path.meetings[0]
    assert march.end == pytest.approx(
        (31 * 3.55 - 18 * 3.60) / 13
    )  # forward from February, by March's own contract
    with_calendar = rate_path(prices, [*MARCH, dt.date(2026, 5, 6)], dt.date(2026, 2, 10), (3.50, 3.75))
    assert with_calendar.meetings[0].end == pytest.approx(3.50)


def test_no_branch_is_pruned_however_unlikely():
    path = rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE)
    last = [meeting for meeting in path.meetings if meeting.probabilities][-1]
    assert len(last.probabilities) == len([m for m in path.meetings if m.probabilities]) + 1
    assert 0 < min(last.probabilities.values()) < 0.05


@pytest.mark.parametrize(("day", "count", "split"), [
    (dt.date(2026, 3, 31), "before", (31, 0)),
    (dt.date(2026, 3, 31), "after", (30, 1)),
    (dt.date(2017, 2, 1), "before", (1, 27)),
    (dt.date(2017, 2, 1), "after", (0, 28)),
    (dt.date(2015, 9, 17), "after", (16, 14)),
])  # fmt: skip
def test_the_two_eras_of_the_day_count(day, count, split):
    assert day_split(day, count) == split


def test_auto_changes_the_day_count_after_april_2023():
    prices, days = strip(2023, 4, 95.2, 95.0, 94.9, 94.8, 94.8), [dt.date(2023, 5, 3), dt.date(2023, 6, 14)]
    for day, count in ((dt.date(2023, 4, 30), "after"), (dt.date(2023, 5, 1), "before")):
        assert rate_path(prices, days, day, (4.75, 5.0)).count == count


def test_a_meeting_on_the_last_day_takes_its_end_from_the_next_month():
    prices = strip(2026, 3, 96.40, 96.65)
    last_day = [dt.date(2026, 3, 31), dt.date(2026, 5, 6)]
    meeting = rate_path(prices, last_day, dt.date(2026, 3, 2), (3.50, 3.75)).meetings[0]
    assert (meeting.start, meeting.end) == pytest.approx((3.60, 3.35))
    without_april = rate_path(strip(2026, 3, 96.40), last_day, dt.date(2026, 3, 2), (3.50, 3.75)).meetings[0]
    assert without_april.start == pytest.approx(3.60)
    assert without_april.end is None
    assert without_april.probabilities == {}


def test_a_meeting_on_the_first_day_takes_its_start_from_the_month_before():
    days = [dt.date(2017, 2, 1), dt.date(2017, 3, 15)]
    prices = strip(2017, 1, 99.40, 99.30)
    meeting = rate_path(prices, days, dt.date(2017, 1, 10), (0.50, 0.75)).meetings[0]
    assert (meeting.start, meeting.end) == pytest.approx((0.60, 0.70))
    alone = rate_path(
        strip(2017, 2, 99.30), [dt.date(2017, 2, 1)], dt.date(2017, 1, 31), (0.50, 0.75)
    ).meetings[0]
    assert alone.start is None
    assert alone.expected_moves is None


def test_two_meetings_in_a_month_are_refused_and_nothing_is_skipped():
    days = [*MARCH, dt.date(2026, 3, 26), dt.date(2026, 4, 29), dt.date(2026, 6, 17)]
    path = rate_path(strip(2026, 2, 96.40, 96.45, 96.50, 96.60), days, dt.date(2026, 2, 10), (3.50, 3.75))
    first, second, april = path.meetings
    assert "cannot be told apart" in first.note
    assert "cannot be told apart" in second.note
    assert (first.expected_moves, second.expected_moves) == (None, None)
    assert april.expected_moves is not None
    assert april.probabilities == {}
    assert "18 March 2026" in april.note


def test_ranges_are_ordered_as_numbers_not_as_text():
    prices = strip(1989, 8, 90.20, 90.20, 89.80)
    path = rate_path(
        prices, [dt.date(1989, 9, 13), dt.date(1989, 11, 14)], dt.date(1989, 8, 10), (9.75, 10.00)
    )
    assert list(path.meetings[0].probabilities) == [10.00, 10.25]
    path = rate_path(
        strip(1989, 8, 90.20, 90.20, 90.15),
        [dt.date(1989, 9, 13), dt.date(1989, 11, 14)],
        dt.date(1989, 8, 10),
        (9.75, 10.0),
    )
    assert list(path.to_dict()["meetings"][0]["probabilities"]) == ["9.75", "10.00"]


def test_below_zero_is_as_good_as_above():
    prices = strip(2020, 4, 99.95, 99.95, 100.10)
    days = [dt.date(2020, 4, 29), dt.date(2020, 6, 10)]
    path = rate_path(
        {**prices, dt.date(2020, 7, 1): 100.15},
        [*days, dt.date(2020, 9, 16)],
        dt.date(2020, 5, 4),
        (0.0, 0.25),
    )
    june = path.meetings[0]
    assert june.end == pytest.approx(-0.15)
    assert june.expected_moves == pytest.approx(-0.8)
    assert june.probabilities == pytest.approx({-0.25: 80.0, 0.0: 20.0})
    assert list(path.to_dict()["meetings"][0]["probabilities"]) == ["-0.25", "0.00"]


@pytest.mark.parametrize("bad", [math.nan, None, math.inf, 0.0, 963.6, -96.36, 9.636])
def test_a_price_that_cannot_be_is_refused_by_month_and_said(bad):
    march, others = dt.date(2026, 3, 1), strip(2026, 2, 96.40, 96.45, 96.50, 96.60)
    days = [*MARCH, dt.date(2026, 5, 6)]
    path = rate_path({**others, march: bad}, days, dt.date(2026, 2, 10), (3.50, 3.75))
    assert [refusal.month for refusal in path.refusals] == [march]
    assert "March 2026" in path.refusals[0].reason
    assert month(path, 2026, 3).average is None
    assert path.meetings[0].end == pytest.approx(3.50)  # both neighbours pin it


def test_a_slip_that_implies_a_leap_is_refused_not_shown():
    slipped = {**T1, dt.date(2026, 9, 1): 96.2175, dt.date(2026, 11, 1): 92.0725}
    path = rate_path(slipped, known(T1_DAY), T1_DAY, T1_RANGE)
    assert path.refusals
    assert any("November 2026 has a wrong price" in refusal.reason for refusal in path.refusals)
    assert all(
        abs(m.expected_moves) * 0.25 <= MAX_STEP for m in path.meetings if m.expected_moves is not None
    )
    solved = [bool(m.probabilities) for m in path.meetings]
    assert solved == sorted(solved, reverse=True)


def test_without_any_usable_price_it_says_so():
    for prices in ({}, {dt.date(2026, 3, 1): math.nan}, strip(2025, 12, 96.4)):
        with pytest.raises(NotPriced, match="February 2026"):
            rate_path(prices, MARCH, dt.date(2026, 2, 10), (3.50, 3.75))


@pytest.mark.parametrize("bounds", [(3.75, 3.50), (math.nan, 3.75), (3.5, 3.5)])
def test_an_impossible_range_is_refused(bounds):
    with pytest.raises(BadChoice, match="target range"):
        rate_path(T1, known(T1_DAY), T1_DAY, bounds)
    with pytest.raises(BadChoice, match="day count"):
        rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE, count="both")


def test_an_unpriced_month_without_a_meeting_passes_its_end_on():
    """May is unpriced: April's end is June's start."""
    prices = strip(2026, 4, 96.40, 96.41, 96.50, 96.60)
    del prices[dt.date(2026, 5, 1)]
    days = [dt.date(2026, 4, 29), dt.date(2026, 6, 17), dt.date(2026, 9, 16)]
    path = rate_path(prices, days, dt.date(2026, 4, 10), (3.50, 3.75))
    june_start = (30 * 3.50 - 13 * 3.40) / 17
    assert path.meetings[0].end == pytest.approx(june_start)
    assert path.meetings[1].start == pytest.approx(june_start)


def test_forward_goes_one_month_and_no_further():
    """February pins March's start; without a pin behind them, April cannot be had from March's step."""
    days = [*MARCH, dt.date(2026, 4, 29), dt.date(2026, 6, 17)]
    path = rate_path(strip(2026, 2, 96.40, 96.45, 96.50), days, dt.date(2026, 2, 10), (3.50, 3.75))
    march, april = path.meetings
    assert march.expected_moves is not None
    assert april.start == pytest.approx(march.end)
    assert april.end is None
    assert "forward by one month only" in april.note


def test_votes_and_calls_without_a_decision_are_no_meetings():
    entries = fomc.load()
    assert dt.date(2025, 8, 22) not in decision_days(entries, dt.date(2025, 9, 1))
    october_2019 = [
        d for d in decision_days(entries, dt.date(2019, 10, 20)) if (d.year, d.month) == (2019, 10)
    ]
    assert october_2019 == [dt.date(2019, 10, 30)]


def test_the_calendar_is_the_one_known_on_the_day():
    entries, moved = fomc.load(), {dt.date(2020, 3, 3), dt.date(2020, 3, 15)}
    march = {
        day: [d.day for d in decision_days(entries, day, moved) if (d.year, d.month) == (2020, 3)]
        for day in (dt.date(2020, 3, 2), dt.date(2020, 3, 3), dt.date(2020, 3, 16))
    }
    assert list(march.values()) == [[18], [3, 18], [3, 15]]


def test_thin_contracts_are_flagged_and_unknown_volume_is_not_zero():
    volumes = {
        **dict.fromkeys(T1, 1_000.0),
        dt.date(2026, 11, 1): 0.0,
        dt.date(2026, 8, 1): None,
        dt.date(2027, 2, 1): math.nan,
    }
    path = rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE, volumes=volumes)
    assert [m.date for m in path.meetings if not m.liquid and m.probabilities] == [
        dt.date(2026, 9, 16),
        dt.date(2026, 10, 28),
        dt.date(2026, 12, 9),
    ]
    assert path.meetings[1].note == "Thin: November 2026 did not trade."
    assert odds_by_day(path) == odds_by_day(rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE))
    near = rate_path(T1, known(T1_DAY), T1_DAY, T1_RANGE, horizon=4)
    assert [m.liquid for m in near.meetings[:3]] == [True, False, False]
    assert "months ahead" in near.meetings[1].note


def test_last_months_settlement_pins_the_rate_before_an_early_meeting():
    """On 1 November 1 bp of noise in November's price would become 14 bp in the rate before a meeting on the 2nd."""
    days, day = [dt.date(2022, 11, 2), dt.date(2022, 12, 14), dt.date(2023, 2, 1)], dt.date(2022, 11, 1)
    prices = strip(2022, 11, 96.22, 95.95, 95.60)
    effective = pd.Series(3.08, index=pd.date_range("2022-09-20", "2022-10-31"))
    pinned = rate_path(
        with_settlement(prices, effective, day), days, day, (3.0, 3.25), count="before"
    ).meetings[0]
    assert pinned.start == pytest.approx(3.08)
    noisy = [
        rate_path({**prices, dt.date(2022, 11, 1): 96.22 + slip}, days, day, (3.0, 3.25), count="before")
        for slip in (0, 0.01)
    ]
    assert noisy[0].meetings[0].start - noisy[1].meetings[0].start == pytest.approx(0.15)
    incomplete = effective[:"2022-10-30"]
    assert dt.date(2022, 10, 1) not in with_settlement(prices, incomplete[:"2022-10-28"], day)
    assert with_settlement({dt.date(2022, 10, 1): 96.9}, effective, day) == {dt.date(2022, 10, 1): 96.9}
