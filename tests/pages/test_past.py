"""As of a day: no page shows anything dated later, and each shows what it would have shown on that day."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from analytics.clock.instants import end_of_day, to_micros
from analytics.published import fomc
from analytics.render.theme import LIGHT
from analytics.view import ARTICLE, DEFAULT
from pages.shell import load
from pages.shell.contents import PAGES
from pages.shell.frame import Page
from tests.pages.reader import PROSE, Reader
from tests.pages.served import TODAY
from tests.render.drawn import every_date, said

SLUGS = [slug for slug, *_ in PAGES]
WINDOWED = ("overview", "divergence")
"""Pages whose figures show the span or the window."""
DAYS = [dt.date(2026, 1, 23), dt.date(2025, 10, 10), dt.date(2016, 8, 14)]
OF_THE_MACHINE = {"last success", "started_at"}
"""Columns about this machine's reading of its sources, not about the data."""

_OF_THE_LEDGER = re.compile(r"recorded=[^&]*")
"""When this ledger learned what a frozen-data link freezes."""


def dates_on(page: Reader) -> Iterator[tuple[str, dt.date]]:
    """Every date on the page, and where it stands. Controls are no content: a preset offers a day, a page shows it."""
    for key, figure in page.figures().items():
        yield from ((f"figure {key}", day) for day in every_date(figure))
    for table in page.tables():
        yield from (("table", day) for day in _dates_in(table.reset_index()))
    for element in page.elements():
        if element.type in (*PROSE, "code"):
            text = _OF_THE_LEDGER.sub("", str(element.value))
            yield from ((element.type, day) for day in said(text))
    for card in page.at.metric:
        yield from (("card", day) for day in said(f"{card.label} {card.value} {card.delta}"))


def _dates_in(table: pd.DataFrame) -> Iterator[dt.date]:
    for name in table.columns.difference(list(OF_THE_MACHINE)):
        for value in table[name].dropna():
            if isinstance(value, dt.date):  # a pandas Timestamp is one too
                yield value.date() if isinstance(value, dt.datetime) else value
            elif isinstance(value, str):
                yield from said(value)


def cut(ledger: Path, day: dt.date) -> None:
    """Take from a ledger whatever became known after the end of a day."""
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("DELETE FROM observation WHERE known_at > ?", (to_micros(end_of_day(day)),))
        connection.execute("DELETE FROM oddity")


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_on_a_page_is_dated_later_than_its_day(slug, day, live):
    page = unfolded(Reader(slug, {"as_of": f"{day}"}))
    assert page.errors == []
    found = list(dates_on(page))
    assert len(found) > 3
    scheduled = {one.day for one in fomc.known(day)}  # a meeting ahead was announced by then
    assert [(where, late) for where, late in found if late > day and late not in scheduled] == []
    if slug in WINDOWED:
        assert day - max(late for where, late in found if where.startswith("figure")) <= dt.timedelta(days=4)


def unfolded(page: Reader) -> Reader:
    """The page with all that is sent only when it is opened: links, how each figure was computed, its papers."""
    shown = page.at.session_state["silverlead_drawn"].shown
    return page.unfold("share_menu", *(f"how_{key}" for key in shown))


def test_the_search_for_later_dates_finds_them(live):
    found = list(dates_on(unfolded(Reader("divergence"))))
    places = {where for where, late in found if late > DAYS[0]}
    assert {"figure indexed", "figure zscore", "caption", "markdown", "code"} <= places


def shown(page: Reader, slug: str) -> tuple[object, ...]:
    """Figures, cards, and the reading; on the Data page that is about the reading of sources."""
    cards = [(card.label, card.value, card.delta) for card in page.at.metric]
    return page.figures(), cards, page.reading if slug != "data" else ""


def test_every_page_as_of_a_day_is_the_page_of_that_day(history, live, opened):
    """All pages of one process beside all pages of another, on a ledger cut at the day, where all is measured anew."""
    day = DAYS[0]
    later = {slug: shown(Reader(slug, {"as_of": f"{day}"}), slug) for slug in SLUGS}
    folder = opened(history, measured=True, SILVERLEAD_TODAY=f"{day}")
    cut(folder / "ledger.sqlite", day)
    for slug in SLUGS:
        then = Reader(slug)
        assert then.errors == [], slug
        assert shown(then, slug) == later[slug], slug


@pytest.mark.parametrize("slug", WINDOWED)
def test_a_frozen_window_shows_its_window_and_nothing_else(slug, live):
    first, last = dt.date(2026, 1, 2), dt.date(2026, 1, 30)
    page = Reader(slug, {"as_of": "2026-02-27", "start": f"{first}", "end": f"{last}"})
    assert page.errors == []
    shown = [day for figure in page.figures().values() for day in every_date(figure)]
    assert (min(shown), max(shown)) == (first, last)


@pytest.mark.parametrize("preset", ["2026-01-23", "2026-01-29"])
def test_a_preset_is_one_click_away_and_so_is_the_way_back(preset, live):
    page = Reader("divergence").unfold("as_of_menu")
    page.at.button(f"as_of_{preset}").click()
    page.run()
    assert page.address["as_of"].startswith(preset)
    assert f"As known on **{dt.date.fromisoformat(preset):%d %b %Y}**" in page.words
    page.at.button("back_to_today").click()
    page.run()
    assert page.address["as_of"] == "live"
    assert "As known on" not in page.words


def test_a_day_that_has_not_come_is_said_and_not_shown(live):
    page = Reader("overview", {"as_of": "2027-03-01"})
    assert page.errors == []
    assert "asks for a day that has not come; the newest data are shown" in page.words
    assert max(day for _, day in dates_on(page) if day.year < 2027) == dt.date(2026, 6, 5)


def test_the_same_page_on_an_earlier_day_reads_what_was_known_then(live):
    now = end_of_day(TODAY)
    page = Page(load.desk().ledger, DEFAULT, now, load.version(), LIGHT, load.shared())
    newest = page.panel(["silver"]).papers["silver"].last
    then = page.on(ARTICLE).panel(["silver"]).papers["silver"].last
    assert (newest, then) == (TODAY, ARTICLE)
    assert page.panel(["silver"]).papers["silver"].last == newest
