from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.published import fomc

MARKET = Path(__file__).resolve().parents[2] / ".." / "shared" / "market"
THREE_WEEKS = dt.timedelta(days=21)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_eight_scheduled_meetings_a_year_but_for_the_one_called_off() -> None:
    count = Counter(meeting.day.year for meeting in fomc.meetings() if meeting.scheduled)
    assert {year for year in range(2008, 2028) if count[year] != 8} == {2020}
    assert (count[2020], count[2028]) == (7, 1)


def test_no_entry_stands_twice_and_all_are_in_order() -> None:
    days = [meeting.day for meeting in fomc.load()]
    assert days == sorted(set(days))


def test_scheduled_meetings_end_on_working_days_about_six_weeks_apart() -> None:
    days = [meeting.day for meeting in fomc.meetings() if meeting.scheduled]
    assert {d.weekday() for d in days} <= {1, 2, 3}  # Tuesday to Thursday
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    called_off = days.index(day("2020-04-29")) - 1
    assert gaps.pop(called_off) == 91
    assert min(gaps) >= 34
    assert max(gaps) <= 58


@pytest.mark.parametrize(
    ("as_of", "meetings"),
    [  # the meetings of the published FedWatch vectors, docs/methods.md#odds-of-a-move
        (
            "2026-07-14",
            "2026-07-29 2026-09-16 2026-10-28 2026-12-09 2027-01-27 2027-03-17 2027-04-28",
        ),
        (
            "2023-03-10",
            "2023-03-22 2023-05-03 2023-06-14 2023-07-26 2023-09-20 2023-11-01 2023-12-13 2024-01-31 "
            "2024-03-20",
        ),
    ],
)  # fmt: skip
def test_the_calendar_known_then_is_that_of_the_published_vectors(as_of: str, meetings: str) -> None:
    wanted = [day(text) for text in meetings.split()]
    ahead = [d for d in fomc.decision_days(day(as_of)) if d > day(as_of)]
    assert ahead[: len(wanted)] == wanted


def test_a_notation_vote_is_no_meeting() -> None:
    votes = [meeting for meeting in fomc.load() if meeting.kind == "notation vote"]
    assert day("2025-08-22") in {vote.day for vote in votes}
    assert not {vote.day for vote in votes} & set(fomc.decision_days())
    assert not {vote.day for vote in votes} & set(fomc.decision_days(day("2026-01-01")))


def test_unscheduled_rate_decisions_stand_on_their_announcement() -> None:
    unscheduled = {meeting.day for meeting in fomc.meetings() if not meeting.scheduled}
    assert {day("2008-01-22"), day("2008-10-08"), day("2020-03-03"), day("2020-03-15")} <= unscheduled


def test_every_entry_names_its_source_and_was_public_for_a_reason() -> None:
    for meeting in fomc.load():
        assert meeting.source.startswith(("Board of Governors", "FOMC", "Chairman"))
        if meeting.scheduled:
            assert meeting.published < meeting.day
            assert meeting.basis in ("release", "seen", "rule")
        else:
            assert meeting.published >= meeting.day
            assert meeting.basis in ("release", "minutes")


def test_the_rule_is_30_september_of_the_year_before_the_calendar() -> None:
    ruled = [meeting for meeting in fomc.load() if meeting.basis == "rule"]
    assert {(m.published.month, m.published.day) for m in ruled} == {(9, 30)}
    assert all(m.day.year - m.published.year in (1, 2) for m in ruled)


def test_calls_that_came_out_with_minutes_follow_the_next_scheduled_meeting_by_three_weeks() -> None:
    scheduled = [meeting.day for meeting in fomc.meetings() if meeting.scheduled]
    quiet = [meeting for meeting in fomc.load() if meeting.basis == "minutes"]
    assert len(quiet) == 9
    for call in quiet:
        assert call.published == min(d for d in scheduled if d > call.day) + THREE_WEEKS


@given(st.dates(dt.date(2006, 1, 1), dt.date(2028, 12, 31)))
def test_an_earlier_day_knows_nothing_published_later(as_of: dt.date) -> None:
    seen = fomc.known(as_of)
    assert all(meeting.published <= as_of for meeting in seen)
    assert all(meeting.withdrawn is None or meeting.withdrawn > as_of for meeting in seen)
    held = {m.day for m in fomc.meetings() if m.day <= as_of and m.published <= as_of}
    assert held == {m.day for m in seen if m.day <= as_of}


def test_the_years_end_with_everything_known() -> None:
    assert fomc.known(dt.date(2028, 12, 31)) == fomc.meetings()
    assert fomc.known(dt.date(2006, 7, 19)) == ()
    assert fomc.decision_days(dt.date(2006, 7, 20)) == (day("2008-01-30"),)


def test_the_meeting_called_off_in_march_2020_was_expected_until_the_15th() -> None:
    before, after = fomc.decision_days(day("2020-03-14")), fomc.decision_days(day("2020-03-15"))
    assert day("2020-03-18") in before
    assert day("2020-03-15") not in before
    assert day("2020-03-18") not in after
    assert day("2020-03-15") in after


@pytest.mark.parametrize(
    ("announced", "old", "new"),
    [
        ("2009-02-13", "2009-03-17", "2009-03-18"),
        ("2011-08-26", "2011-09-20", "2011-09-21"),
        ("2012-05-16", "2012-12-11", "2012-12-12"),
    ],
)
def test_moved_meetings_move_when_that_was_announced(announced: str, old: str, new: str) -> None:
    before = fomc.decision_days(day(announced) - fomc.ONE_DAY)
    after = fomc.decision_days(day(announced))
    assert (day(old) in before, day(new) in before) == (True, False)
    assert (day(old) in after, day(new) in after) == (False, True)


def test_the_calendar_of_2027_was_not_known_before_september_2025() -> None:
    assert max(fomc.decision_days(day("2025-09-04"))) == day("2027-01-27")
    assert max(fomc.decision_days(day("2025-09-05"))) == day("2028-01-26")
    assert fomc.calendar_end(day("2025-09-04")) == day("2027-01-31")
    assert fomc.calendar_end(day("2026-01-23")) == fomc.calendar_end() == day("2028-01-31")
    assert fomc.calendar_end(day("2006-01-01")) is None


@given(st.dates(dt.date(2008, 1, 1), dt.date(2028, 1, 31)))
def test_no_scheduled_meeting_before_the_calendar_s_end_is_missing(as_of: dt.date) -> None:
    end = fomc.calendar_end(as_of)
    assert end is not None
    planned = Counter(m.day.year for m in fomc.known(as_of) if m.scheduled and m.day <= end)
    years = range(max(as_of.year + 1, 2008), end.year)
    assert all(planned[year] == 8 for year in years)


# ---------------------------------------------------------------------- against the recorded target range


def steps() -> list[tuple[dt.date, float]]:
    """(first day of a new target range on FRED, size of the step [percentage points])."""
    found: dict[str, list[tuple[dt.date, float]]] = {}
    for code in ("DFEDTARL", "DFEDTARU"):
        path = MARKET / "fred" / f"{code}.csv"
        if not path.exists():
            pytest.skip(f"no recorded {code} beside the checkout")
        with path.open() as lines:
            rows = [(day(row["date"]), float(row["value"])) for row in csv.DictReader(lines)]
        assert rows[0][0] == day("2008-12-16")  # the range was announced that day, and starts on it
        found[code] = [(new[0], new[1] - old[1]) for old, new in pairwise(rows) if new[1] != old[1]]
    assert found["DFEDTARL"] == found["DFEDTARU"]
    return found["DFEDTARU"]


@pytest.mark.market
def test_every_step_of_the_target_range_was_decided_the_day_before_or_that_day() -> None:
    moved = steps()
    assert len(moved) >= 31
    decided = {step: fomc.decided_by(step) for step, _ in moved}
    assert all(decided.values()), [step for step, meeting in decided.items() if meeting is None]
    same_day = [step for step, meeting in decided.items() if meeting is not None and meeting.day == step]
    # FRED shows these two on the day of the announcement: "always a day later" would date them a day early.
    assert same_day == [day("2015-12-16"), day("2016-12-14")]
    assert len({meeting.day for meeting in decided.values() if meeting is not None}) == len(moved)


@pytest.mark.market
def test_the_emergency_cuts_of_2020_were_unscheduled() -> None:
    sizes = dict(steps())
    for step, held, size in (("2020-03-04", "2020-03-03", -0.5), ("2020-03-16", "2020-03-15", -1.0)):
        meeting = fomc.decided_by(day(step))
        assert meeting is not None
        assert (meeting.day, meeting.scheduled, sizes[day(step)]) == (day(held), False, size)


def test_a_day_without_a_decision_has_none() -> None:
    assert fomc.decided_by(day("2025-08-23")) is None
    assert fomc.decided_by(day("2020-03-19")) is None
    decided = fomc.decided_by(day("2026-09-17"))
    assert decided is not None
    assert decided.day == day("2026-09-16")
