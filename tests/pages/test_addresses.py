"""The address is the view: every control is in it, links open to the same view, and no address breaks a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from urllib.parse import parse_qsl, urlsplit

import pytest
from _pytest.mark import ParameterSet

from analytics import view
from analytics.view import CONTROLS, DEFAULT
from pages.shell.contents import PAGES
from tests.pages.reader import Reader

SLUGS = [slug for slug, *_ in PAGES]
PLAIN = view.to_query(DEFAULT)
ELSEWHERE = {
    "lead": "gold",
    "follow": "ether",
    "span": "3y",
    "as_of": "2026-01-29T23:59:59.999999-05:00",
    "start": "2025-11-03",
    "end": "2026-01-20",
    "legs": "month",
    "compare": "2025-12-01",
    "year": "2027",
    "meeting": "2026-03-18",
    "move": "2025-09-30_2025-12-31",
    "driver": "sp500",
    "vintage": "2025-04-16",
    "topic": "stages",
    "verdict": "not_supported",
    "odds": "at_least",
    "recorded": "newest",
    "sha": "none",
}
"""A view in which every choice differs from its default."""
FREEZING = ("recorded", "sha")
"""Frozen data: no control, but the third kind of link."""
HOSTILE = (
    "",
    " ",
    "none",
    "null",
    "NaN",
    "-1",
    "1e999",
    "0x7f",
    "silver,gold",
    "../../etc/passwd",
    "'; DROP TABLE observation; --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%00",
    "\x00",
    "\u202e\u0000\uffff",
    "２０２６-０１-２３",
    "🥈",
    "A" * 100_000,
    "0001-01-01",
    "0000-00-00",
    "1700-01-01",
    "1990-05-05",
    "2099-12-31",
    "9999-12-31",
    "9999-99-99",
    "2026-02-30",
    "2026-01-23T00:00:00",
    "2026-01-23T00:00:00+99:99",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "20260123",
    "yahoo:",
    "yahoo:../../x",
    "yahoo:" + "A" * 21,
    "yahoo:ß",
    "zq_9999_13",
    "zq_2026_07",
    "unemployment",
)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_whole_view_is_written_into_the_address(slug, live):
    assert Reader(slug).address == PLAIN


@pytest.mark.parametrize("slug", SLUGS)
def test_an_address_opens_to_the_view_it_says(slug, live):
    page = Reader(slug, ELSEWHERE)
    assert page.errors == []
    assert page.address == ELSEWHERE
    assert page.texts("warning") == []


def test_every_choice_of_the_view_is_tried_here():
    assert list(ELSEWHERE) == list(PLAIN) == list(CONTROLS)
    assert all(ELSEWHERE[name] != PLAIN[name] for name in PLAIN if name not in FREEZING)


KINDS = ("live", "frozen window", "frozen data")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_shared_link_opens_to_what_the_sender_saw(slug, live):
    sender = Reader(slug, {"lead": "gold", "span": "6m", "legs": "year"})
    for kind, shared in zip(KINDS, sender.links()[: len(KINDS)], strict=True):
        link = urlsplit(shared)
        query = dict(parse_qsl(link.query, keep_blank_values=True))
        assert link.path == ("/" if slug == "overview" else f"/{slug}"), kind
        assert list(query) == list(CONTROLS), kind
        reader = Reader(slug, query)
        assert reader.errors == [], kind
        assert reader.address == query, kind
        assert reader.figures() == sender.figures(), kind
        assert reader.reading == sender.reading, kind


def test_a_frozen_window_stays_where_it_is_while_the_live_link_goes_on(history, opened):
    opened(history, SILVERLEAD_TODAY="2026-05-01")
    sender = Reader("divergence", {"span": "3m"})
    before = sender.figures()
    live, frozen, *_ = (dict(parse_qsl(urlsplit(link).query)) for link in sender.links())
    opened(history)
    assert Reader("divergence", frozen).figures() == before
    assert Reader("divergence", live).figures() != before


CLICKS = {
    "pick_compare": "week",
    "pick_odds": "at_most",
    "pick_year": "2025",
    "pick_meeting": "2026-01-28",
    "pick_vintage": "2025-04-16",
    "pick_lead": "gold",
    "pick_follow": "ether",
    "pick_span": "5y",
    "pick_legs": "year",
    "pick_move": "year",
    "pick_driver": "dollar_index",
    "pick_topic": "rates",
    "pick_verdict": "supported",
}


OF_THE_SESSION = {"pick_pictures"}
"""What a reader chooses about taking away, not about what is shown."""
MENUS = ("as_of_menu", "share_menu")
OF_THE_FRAME = {"pick_lead", "pick_follow", "pick_span"}
"""The same on every page: tried on the Overview."""


@pytest.mark.parametrize("slug", SLUGS)
def test_every_control_on_a_page_changes_the_address(slug, live):
    """Whatever is on the page: a control that is not in the address fails here."""
    whole = Reader(slug).unfold(*MENUS).at
    names = {box.key for kind in ("selectbox", "button_group") for box in getattr(whole, kind)}
    for name in names - OF_THE_SESSION - (OF_THE_FRAME if slug != "overview" else set()):
        page = Reader(slug)
        kinds = (page.at.selectbox, page.at.button_group)
        box = next(box for kind in kinds for box in kind if box.key == name)
        box.set_value(CLICKS[name])
        before = page.address
        page.run()
        changed = {key for key in PLAIN if page.address[key] != before[key]}
        assert changed == {name.removeprefix("pick_")}
        assert page.address[name.removeprefix("pick_")] == CLICKS[name]
        assert page.errors == []


@pytest.mark.parametrize("slug", SLUGS)
def test_no_control_escapes_the_tests(slug, live):
    """Kinds of widgets that hold a choice; a new kind on a page needs its own test here."""
    tried = {"selectbox", "button_group", "date_input"}
    neither = {"button", "download_button"}
    kinds = {element.type for element in Reader(slug).unfold(*MENUS).elements() if getattr(element, "id", "")}
    holding = kinds - neither - tried - {"plotly_chart", "arrow_data_frame", "metric"}
    assert holding == set()


def test_any_day_can_be_picked(live):
    import datetime as dt

    page = Reader("overview").unfold("as_of_menu")
    page.at.date_input("pick_day").set_value(dt.date(2024, 5, 17))
    page.run()
    assert page.address["as_of"] == "2024-05-17T23:59:59.999999-04:00"
    assert "As known on **17 May 2024**" in page.words


def test_a_span_replaces_a_frozen_window(live):
    page = Reader("overview", {"start": "2025-01-02", "end": "2025-06-30"})
    page.at.button_group("pick_span").set_value("3m")
    page.run()
    assert (page.address["start"], page.address["end"], page.address["span"]) == ("none", "none", "3m")


def cases() -> Iterator[ParameterSet]:
    """Hostile values of every choice. Of those that are read alike one stands for all; what cannot be read is the default
    view with a sentence more, which one page shows as well as another; and what can is tried on one page more, a
    different one each time (`make fuzz` tries them all)."""
    turn = cycle(SLUGS[1:])
    for name in CONTROLS:
        alike = {}
        for value in HOSTILE:
            read, problems = view.from_query({name: value})
            alike.setdefault((read, bool(problems)), value)
        for (_, unread), value in alike.items():
            for slug in SLUGS[:1] if unread else (SLUGS[0], next(turn)):
                yield pytest.param(slug, name, value, id=f"{slug}-{name}={ascii(value)[:24]}")


@pytest.mark.parametrize(("slug", "name", "value"), list(cases()))
def test_a_hostile_value_breaks_no_page(slug, name, value, live):
    page = Reader(slug, {name: value})
    assert page.errors == []
    assert page.reading or page.texts("info")
    assert set(page.address) == set(PLAIN)
    said = "\n".join(page.texts("warning"))
    for line in view.from_query({name: value})[1]:
        assert line in said
        assert page.address[name] == PLAIN[name]


@pytest.mark.parametrize("slug", SLUGS)
def test_everything_hostile_at_once(slug, live):
    page = Reader(slug, {name: "<img src=x onerror=alert(1)>" for name in CONTROLS})
    assert page.errors == []
    assert page.address == PLAIN
    assert len(page.texts("warning")) == len(CONTROLS)
    assert "<img" not in "\n".join(page.texts("warning", "markdown", "info"))


def test_other_parameters_are_left_alone(live):
    page = Reader("overview", {"embed": "true", "utm": "x", "span": "6m"})
    assert page.errors == []
    assert page.address["span"] == "6m"
    assert page.address["embed"] == "true"


def test_of_a_repeated_choice_the_last_counts(live):
    page = Reader("overview", {"span": ["3m", "6m"]})
    assert page.errors == []
    assert page.address["span"] == "6m"


@pytest.mark.parametrize("query", [
    {"start": "2026-02-01"},
    {"end": "2026-02-01"},
    {"start": "2026-02-01", "end": "2026-01-01"},
    {"start": "2026-02-01", "end": "2026-02-01"},
])  # fmt: skip
def test_a_window_that_is_none_is_said_and_the_span_is_shown(query, live):
    page = Reader("divergence", query)
    assert page.errors == []
    assert "do not make a window" in "\n".join(page.texts("warning"))
    assert "indexed" in page.figures()
    assert (page.address["start"], page.address["end"]) == ("none", "none")


UNANSWERED = (
    {"as_of": "2026-01-23", "start": "2026-03-02", "end": "2026-05-01"},
    {"start": "2027-01-04", "end": "2027-03-01"},
    {"as_of": "2012-01-03"},
    {"as_of": "1990-05-05"},
    {"as_of": "2014-09-18"},
    {"as_of": "2014-12-01"},
    {"lead": "gold", "follow": "sp500", "as_of": "2010-03-01"},
    {"lead": "unemployment", "follow": "m2"},
    {"lead": "zq_2026_07", "follow": "bitcoin"},
    {"lead": "curve_10y2y", "follow": "breakeven_10y"},
    {"follow": "vix", "lead": "real_yield_10y"},
)
PAGES_EACH = 3
"""On how many pages each of those is tried; over all of them every page has its turn."""


@pytest.mark.parametrize(
    ("slug", "query"),
    [
        (SLUGS[(number + turn * len(SLUGS) // PAGES_EACH) % len(SLUGS)], query)
        for number, query in enumerate(UNANSWERED)
        for turn in range(PAGES_EACH)
    ],
)
def test_a_question_without_an_answer_is_answered_with_a_sentence(slug, query, live):
    page = Reader(slug, query)
    assert page.errors == []
    assert "nan" not in page.words.lower().replace("finan", "")
    if slug != "data":
        assert page.figures() or page.texts("info") or page.reading


def test_a_message_about_an_address_is_gone_by_the_second_click(live):
    page = Reader("overview", {"span": "7w"})
    assert len(page.texts("warning")) == 1
    for key in ("gold", "copper"):
        page.at.selectbox("pick_lead").set_value(key)
        page.run()
    assert page.texts("warning") == []
