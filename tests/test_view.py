"""The reader's choices: any view survives its address, and no address, however hostile, breaks a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import catalogue, view
from analytics.clock.instants import NEW_YORK, day_of, end_of_day, to_micros
from analytics.view import CONTROLS, DEFAULT, View, from_query, months_before, to_query
from tests.render.test_frozen import views

NOW = end_of_day(dt.date(2026, 6, 5))
instants = st.datetimes(dt.datetime(1985, 2, 1), dt.datetime(2099, 1, 1), timezones=st.just(dt.UTC))
legs = st.sampled_from([*catalogue.load(), "zq_2026_07", "yahoo:ADA-USD", "yahoo:BRK-B", "yahoo:^GDAXI"])
HOSTILE = [
        "", " ", "\0", "\ud800", "NaN", "-1", "1e999", "live", "none", "null", "silver", "../../etc/passwd", "0" * 5000,
        "<script>alert(1)</script>", "' OR 1=1 --", "0001-01-01", "9999-12-31", "2026-02-30", "2026-01-23T00:00",
        "9999-12-31T23:59:59-12:00", "0001-01-01T00:00+14:00", "２０２６-01-23", "2026-W04-5", "zq_0000_00", "zq_2026_13",
        "yahoo:", "yahoo:" + "A" * 60, "yahoo:ß", "yahoo:..", "yahoo:SI=F", "10y", "max", "1m", "article", "auto", "next",
]  # fmt: skip
texts = st.one_of(st.text(max_size=80), st.sampled_from(HOSTILE))


# -------------------------------------------------------------------------------------------------- there and back


@given(lead=legs, follow=legs, instant=instants)
def test_instants_survive_to_the_microsecond_and_typed_symbols_by_their_own_name(lead, follow, instant):
    """Also where New York's clock shows an hour twice: there equal clock times are different instants."""
    pair = {"lead": lead, "follow": follow} if lead != follow else {}
    chosen = View(as_of=instant.astimezone(NEW_YORK), **pair)
    again, problems = from_query(to_query(chosen))
    assert (again, problems) == (chosen, [])
    assert to_micros(again.as_of) == to_micros(instant)


def test_both_hours_of_an_autumn_night_are_told_apart():
    first = dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)
    for instant in (first, first + dt.timedelta(hours=1)):
        again, _ = from_query(to_query(View(as_of=instant.astimezone(NEW_YORK))))
        assert to_micros(again.as_of) == to_micros(instant)


def test_the_address_is_over_specified():
    query = to_query(DEFAULT)
    assert list(query) == list(CONTROLS)
    assert len(query) == len(fields(View))
    assert query["as_of"] == "live"
    assert all(query.values())


def test_a_day_means_its_end_in_new_york():
    chosen, problems = from_query({"as_of": "2026-01-23"})
    assert (chosen.as_of, problems) == (end_of_day(dt.date(2026, 1, 23)), [])


def test_a_symbol_that_the_catalogue_lists_is_called_by_its_house_name():
    assert from_query({"lead": "yahoo:si=f", "follow": "yahoo:btc-usd"})[0] == DEFAULT


# --------------------------------------------------------------------------------------------------------- hostile


def usable(query: dict[str, str], base: View | None = None) -> None:
    """Whatever an address says, every page can use its view, and that view's own address is clean."""
    chosen, problems = from_query(query, base)
    assert len(set(problems)) == len(problems) <= len(CONTROLS)
    for problem in problems:
        assert problem.endswith(".")
        assert len(problem) < 250
        for text in query.values():  # what cannot be read is never repeated
            assert len(text) < 8 or text not in problem or text in str(CONTROLS)
    assert from_query(to_query(chosen)) == (chosen, [])
    start, end = chosen.window(NOW)
    assert view.EARLIEST <= start < end <= day_of(NOW)
    assert chosen.instant(NOW) <= NOW
    assert chosen.frozen(NOW).window(NOW) == (start, end)


@pytest.mark.parametrize("name", list(CONTROLS))
def test_each_choice_takes_anything(name):
    for text in HOSTILE:
        for span in view.SPANS:
            usable({"span": span, name: text})


@settings(max_examples=300)
@given(
    query=st.dictionaries(st.sampled_from([*CONTROLS, "embed", "x", "__proto__"]), texts),
    base=st.none() | views(),
)
def test_no_address_raises_and_each_problem_is_said_once(query, base):
    usable(query, base)


@pytest.mark.parametrize("name", list(CONTROLS))
def test_a_choice_that_cannot_be_read_is_the_default_and_said_in_one_line(name):
    chosen, problems = from_query({name: "no such thing"})
    assert chosen == DEFAULT
    (problem,) = problems
    assert problem.startswith(f"The address's {name} could not be read; it takes ")


def test_what_follows_from_an_unreadable_choice_is_not_said_again():
    for query in (
        {"start": "garbage", "end": "2026-01-01"},
        {"start": "2026-01-01", "end": "garbage"},
        {"lead": "garbage", "follow": "silver"},
    ):
        chosen, problems = from_query(query)
        assert len(problems) == 1
        assert chosen == DEFAULT


@pytest.mark.parametrize(
    "window",
    [
        {"start": "2026-01-01"},
        {"end": "2026-01-01"},
        {"start": "2026-01-02", "end": "2026-01-02"},
        {"start": "2026-01-02", "end": "2026-01-01"},
        {
            "start": "2026-01-02",
            "end": "2026-03-01",
            "as_of": "2026-01-02",
        },  # a window after all that was known
    ],
)
def test_a_window_that_is_none_gives_way_to_the_span(window):
    chosen, problems = from_query(window)
    assert (chosen.start, chosen.end) == (None, None)
    assert problems == ["The address's start and end do not make a window; the span is shown instead."]


def test_one_series_twice_is_said():
    chosen, problems = from_query({"lead": "gold", "follow": "yahoo:GC=F"})
    assert chosen == DEFAULT
    assert problems == ["The address had the same series twice; the default pair is shown."]


def test_unknown_parameters_are_ignored_and_missing_ones_are_the_sessions():
    session = replace(DEFAULT, lead="gold", span="5y")
    assert from_query({"embed": "true", "theme": "dark", "follow": "ether"}, session) == (
        replace(session, follow="ether"),
        [],
    )
    assert from_query({}, session) == (session, [])
    assert from_query({"span": "garbage"}, session)[0].span == DEFAULT.span


# --------------------------------------------------------------------------------------------------------- windows


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 120, "2016-12-31"),
        ("2024-02-29", 12, "2023-02-28"),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_months_last(day, months, before):
    assert months_before(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(before)


def test_nothing_is_read_later_than_now():
    later = View(as_of=NOW + dt.timedelta(days=30))
    assert later.instant(NOW) == NOW
    assert later.window(NOW) == (dt.date(2025, 6, 5), dt.date(2026, 6, 5))


def test_a_frozen_window_stays_where_it_was():
    frozen = View(span="3m").frozen(NOW)
    assert frozen.window(NOW + dt.timedelta(days=400)) == (dt.date(2026, 3, 5), dt.date(2026, 6, 5))
    assert View(span="max").frozen(NOW).start == view.EARLIEST
    assert frozen.frozen(NOW) == frozen


def test_a_window_that_lies_ahead_gives_way_to_the_span():
    ahead = View(start=dt.date(2027, 1, 1), end=dt.date(2027, 2, 1))
    assert ahead.window(NOW) == DEFAULT.window(NOW)
    half = View(start=dt.date(2026, 6, 1), end=dt.date(2027, 2, 1))
    assert half.window(NOW) == (dt.date(2026, 6, 1), dt.date(2026, 6, 5))
