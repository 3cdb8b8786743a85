"""Rules that fire once, over runs at 18:30 New York, before Bitcoin's day is final: each crossing is told by the next run."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.cli.alert_marks import Mark, sign
from analytics.cli.alerts import Rule
from analytics.cli.check_command import judged, marks_after
from analytics.clock.instants import NEW_YORK, from_micros
from analytics.evaluate import Evaluator
from analytics.view import View
from tests.ledger.rows import BITCOIN, SILVER, rows

ABOVE = Rule("Ratio", "snapshots", "ratio.value", "above", 1500, True, View(span="3m"))
FIRST = dt.date(2026, 3, 2)


def instant(text: str) -> dt.datetime:
    """``06-05 18:30`` of 2026 in New York."""
    return dt.datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=NEW_YORK)


def refreshed(ledger, high: set[str], now: dt.datetime, until: dt.datetime) -> None:
    """Store the closes that were final at ``until``: silver at 30, Bitcoin at 30,000 and on ``high`` days at 60,000."""
    days = [FIRST + dt.timedelta(days=n) for n in range((now.date() - FIRST).days + 1)]
    for series, traded in ((SILVER, [day for day in days if day.weekday() < 5]), (BITCOIN, days)):
        level = [
            30.0 if series is SILVER else 60_000.0 if f"{day:%m-%d}" in high else 30_000.0 for day in traded
        ]
        made = rows(series, [str(day) for day in traded], level)
        ledger.append(series, made[made["known_at"] <= until], now)


def runs(ledger, high: set[str], times: list[str], silent: tuple[str, ...] = ()) -> dict[str, str]:
    """What each run ended with; at a ``silent`` one the source gives nothing newer than four days before."""
    marks, ended = {}, {}
    for text in times:
        now = instant(text)
        refreshed(ledger, high, now, now - dt.timedelta(days=4) if text in silent else now)
        version = ledger.version()
        (outcome,) = outcomes = judged(
            [ABOVE], lambda view, now=now, version=version: Evaluator(ledger, view, now, version), marks
        )
        marks = marks_after([ABOVE], outcomes, marks, Mark(now, from_micros(version)), True)
        ended[text] = f"{outcome.state} {outcome.crossed or ''}".strip()
    return ended


def fired(ended: dict[str, str]) -> dict[str, str]:
    return {text: said for text, said in ended.items() if said != "quiet"}


LASTING = {f"06-{day:02d}" for day in range(5, 31)}
"""From Friday 5 June on."""
WEEK = ["06-03 18:30", "06-04 18:30", "06-05 18:30", "06-08 18:30", "06-09 18:30", "06-10 18:30"]


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (WEEK, "06-08 18:30"),  # the documented cron: Friday's row is final at 20:00
        ([time for time in WEEK if "06-08" not in time], "06-09 18:30"),  # Monday's run did not happen
        (sorted([*WEEK, "06-05 20:30", "06-08 18:31"]), "06-05 20:30"),  # several a day
        (sorted([*WEEK, "06-06 10:00", "06-06 10:01"]), "06-06 10:00"),  # at the weekend
        (["06-03 18:30", "06-30 18:30"], "06-30 18:30"),  # after a silence longer than the days looked at
    ],
)
def test_a_friday_crossing_of_a_bitcoin_pair_is_told_once_by_the_next_run(ledger, times, told):
    assert fired(runs(ledger, LASTING, times)) == {told: f"fired {CROSSED.get(told, '2026-06-05')}"}


CROSSED = {"06-30 18:30": "2026-06-16"}
"""Where the first day looked at is later than the crossing."""


def test_a_crossing_before_a_holiday_is_told_once(ledger):
    """Juneteenth 2026 is a Friday: between Thursday's session and Monday's lie four days."""
    times = [f"06-{day} 18:30" for day in (17, 18, 19, 22, 23, 24)]
    assert fired(runs(ledger, {f"06-{day}" for day in range(18, 31)}, times)) == {
        "06-19 18:30": "fired 2026-06-18"
    }


def test_a_crossing_that_came_and_went_between_runs_is_told(ledger):
    times = ["06-04 18:30", "06-05 18:30", "06-09 18:30", "06-10 18:30"]
    assert fired(runs(ledger, {"06-05"}, times)) == {"06-09 18:30": "fired 2026-06-05"}


def test_each_of_two_crossings_is_told(ledger):
    assert fired(runs(ledger, {"06-04", "06-08", "06-09"}, [*WEEK, "06-11 18:30"])) == {
        "06-05 18:30": "fired 2026-06-04",
        "06-09 18:30": "fired 2026-06-08",
    }


def test_closes_that_a_source_gave_late_are_not_lost(ledger):
    """Runs whose source was silent saw nothing new: what they would have told is told when it is there, as
    what was first seen since the last of them."""
    ended = runs(ledger, LASTING, WEEK, silent=("06-05 18:30", "06-08 18:30"))
    assert fired(ended) == {"06-09 18:30": "fired 2026-06-08"}


def test_stale_data_are_unknown_and_the_crossing_is_told_after_them(ledger):
    refreshed(ledger, LASTING, instant("06-04 18:30"), instant("06-04 18:30"))
    asking = lambda now: lambda view: Evaluator(ledger, view, instant(now), ledger.version())  # noqa: E731
    marks = {sign(ABOVE): Mark(instant("06-04 18:30"), from_micros(ledger.version()))}
    (late,) = judged([ABOVE], asking("06-12 18:30"), marks)
    assert late.state == "unknown"
    assert late.data_date == dt.date(2026, 6, 3)
    assert (
        marks_after([ABOVE], [late], marks, Mark(instant("06-12 18:30"), instant("06-12 18:30")), True)
        == marks
    )
    refreshed(ledger, LASTING, instant("06-15 18:30"), instant("06-15 18:30"))
    (told,) = judged([ABOVE], asking("06-15 18:30"), marks)
    assert (told.state, told.crossed) == ("fired", dt.date(2026, 6, 5))
