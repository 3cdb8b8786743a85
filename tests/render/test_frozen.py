"""Frozen data: what a link carries, how an address says it, and when the ledger no longer shows the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import catalogue, view
from analytics import panel as panels
from analytics.clock.instants import end_of_day, from_micros
from analytics.render import frozen
from analytics.view import DEFAULT, View
from tests.ledger.rows import BITCOIN, NOW, SILVER, rows

DAYS = ["2026-05-28", "2026-05-29", "2026-06-01", "2026-06-02"]
AS_OF = end_of_day(dt.date(2026, 6, 2))
HASH = "0123456789abcdef" * 4
PINNED = DEFAULT.pinned(NOW, NOW, HASH)
DATES = st.dates(dt.date(1986, 1, 1), dt.date(2099, 1, 1))


@st.composite
def views(draw) -> View:
    """Every view that a reader can reach."""
    lead, follow = draw(
        st.lists(st.sampled_from(sorted(catalogue.load())), min_size=2, max_size=2, unique=True)
    )
    start, end = sorted(draw(st.lists(DATES, min_size=2, max_size=2, unique=True)))
    framed = draw(st.booleans())
    as_of = draw(st.none() | DATES.filter(lambda day: day > start).map(end_of_day))
    chosen = View(
        catalogue.get(lead).key,
        catalogue.get(follow).key,
        draw(st.sampled_from(view.SPANS)),
        as_of,
        start if framed else None,
        end if framed else None,
        draw(st.sampled_from(["span", "article", "month", "year"])),
        draw(st.sampled_from(["day", "week", "month"]) | DATES.map(str)),
        draw(st.just("auto") | st.integers(2010, 2030).map(str)),
        draw(st.just("next") | DATES.map(str)),
        draw(st.sampled_from(view.MOVES) | st.just("2025-12-31_2026-01-23")),
        draw(st.sampled_from(view.DRIVERS)),
        draw(st.just("known") | DATES.map(str)),
        odds=draw(st.sampled_from(view.ODDS)),
    )
    if as_of is None or draw(st.booleans()):
        return chosen
    instants = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 1, 1), timezones=st.just(dt.UTC))
    return replace(
        chosen, recorded=draw(instants), sha256=draw(st.text("0123456789abcdef", min_size=64, max_size=64))
    )


@given(views())
def test_a_view_comes_back_from_its_address(chosen):
    query = view.to_query(chosen)
    assert view.from_query(query) == (chosen, [])
    assert len("&".join(f"{name}={value}" for name, value in query.items())) < 1_200


def test_the_address_names_the_instant_and_the_hash():
    query = view.to_query(PINNED)
    assert query["recorded"] == "2026-06-05T20:00:00.000000Z"
    assert query["sha"] == HASH
    assert view.from_query(query) == (PINNED, [])
    assert list(view.to_query(DEFAULT).values())[-2:] == ["newest", "none"]


@pytest.mark.parametrize(("name", "value"), [
    ("sha", HASH.upper()),
    ("sha", HASH[:-1]),
    ("sha", HASH + "0"),
    ("sha", "g" * 64),
    ("sha", "０" * 64),
    ("sha", "<script>"),
    ("recorded", "2026-06-05"),
    ("recorded", "2026-06-05T20:00:00Z"),
    ("recorded", "2026-06-05T20:00:00.000000+00:00"),
    ("recorded", "2026-06-31T20:00:00.000000Z"),
    ("recorded", "2026-06-05T25:00:00.000000Z"),
    ("recorded", "1999-06-05T20:00:00.000000Z"),
    ("recorded", "２026-06-05T20:00:00.000000Z"),
    ("recorded", "2026-06-05T20:00:00.000000Z\n"),
])  # fmt: skip
def test_what_is_not_to_the_letter_is_said_and_freezes_nothing(name, value):
    found, problems = view.from_query(view.to_query(PINNED) | {name: value})
    assert found == PINNED.thawed()
    assert len(problems) == 1
    assert "not frozen and may differ" in problems[0]


@pytest.mark.parametrize(
    "part", [{"sha": "none"}, {"recorded": "newest"}, {"as_of": "live", "start": "none", "end": "none"}]
)
def test_half_a_frozen_link_is_said(part):
    found, problems = view.from_query(view.to_query(PINNED) | part)
    assert (found.recorded, found.sha256) == (None, "")
    assert problems == [
        f"A frozen-data link carries as_of, recorded and sha; this address lacks one. {view.NOT_FROZEN}"
    ]


def test_a_link_from_before_there_were_frozen_data_is_not_frozen_by_the_session():
    old = {name: value for name, value in view.to_query(DEFAULT).items() if name not in ("recorded", "sha")}
    assert view.from_query(old, PINNED) == (DEFAULT, [])


# --------------------------------------------------------------------------------------------------------- the ledger


def filled(ledger):
    for series, level in ((SILVER, 70.0), (BITCOIN, 60_000.0)):
        ledger.append(series, rows(series, [*DAYS[:1], *DAYS[2:]], [level, level * 1.01, level * 1.02]), NOW)
    return from_micros(ledger.version())


def opened(ledger, chosen: View) -> frozen.Check:
    pair = panels.build(ledger, (chosen.lead, chosen.follow), chosen.as_of, recorded_by=chosen.recorded)
    return frozen.check(chosen, pair.sha256, from_micros(ledger.version()))


def made(ledger) -> View:
    pair = panels.build(ledger, ("silver", "bitcoin"), AS_OF)
    return View(as_of=AS_OF).pinned(NOW, from_micros(ledger.version()), pair.sha256)


def test_a_view_that_is_not_frozen_has_nothing_to_check():
    assert frozen.check(DEFAULT, HASH, NOW) is None


def test_the_same_ledger_shows_the_same(any_ledger):
    filled(any_ledger)
    found = opened(any_ledger, made(any_ledger))
    assert found.state == "same"
    assert found.sentence.endswith("data of 5 Jun 2026 20:00 UTC.")


LATER = NOW + dt.timedelta(days=10)


@pytest.mark.parametrize("change", [
    pytest.param(lambda ledger: ledger.append(SILVER, rows(SILVER, DAYS[:1], [77.0]), LATER), id="revision"),
    pytest.param(lambda ledger: ledger.append(SILVER, rows(SILVER, DAYS[1:2], [71.0]), LATER), id="backfill inside"),
    pytest.param(lambda ledger: ledger.append(BITCOIN, rows(BITCOIN, ["2014-09-17"], [457.0]), LATER), id="backfill before"),
    pytest.param(lambda ledger: ledger.append(SILVER, rows(SILVER, ["2026-06-03"], [73.0]), LATER), id="a day more"),
    pytest.param(lambda ledger: ledger.append(SILVER, rows(SILVER, DAYS[2:3], [2.0], field="split"), LATER), id="a split"),
])  # fmt: skip
def test_whatever_is_learned_later_changes_nothing(change, any_ledger):
    filled(any_ledger)
    link = made(any_ledger)
    change(any_ledger)
    assert any_ledger.version() > link.recorded.timestamp() * 1e6
    assert opened(any_ledger, link).state == "same"


def test_without_the_instant_a_backfill_would_change_the_numbers(any_ledger):
    filled(any_ledger)
    link = made(any_ledger)
    any_ledger.append(SILVER, rows(SILVER, DAYS[1:2], [71.0]), LATER)
    assert opened(any_ledger, replace(link, recorded=LATER)).state == "different"


@pytest.mark.parametrize(
    "change", [{"lead": "gold"}, {"sha256": HASH}, {"as_of": end_of_day(dt.date(2026, 6, 1))}]
)
def test_other_numbers_are_never_silent(change, any_ledger):
    filled(any_ledger)
    found = opened(any_ledger, replace(made(any_ledger), **change))
    assert found.state == "different"
    assert found.sentence.startswith("These are not the numbers")


def test_a_ledger_that_does_not_reach_to_the_link_says_so(any_ledger):
    """A restored backup, or another server: even equal figures are not vouched for."""
    filled(any_ledger)
    link = replace(made(any_ledger), recorded=LATER)
    found = opened(any_ledger, link)
    assert found.state == "unknown"
    assert "15 Jun 2026 20:00 UTC are not in this ledger" in found.sentence
