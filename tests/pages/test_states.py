"""Every page in every state: no exception, a reading, figures where there are data and sentences where there are none."""

from __future__ import annotations

import pytest

from analytics.render.chart import SIMULATED
from pages.shell.contents import PAGES, PUBLISHED
from tests.pages.reader import Reader

SLUGS = [slug for slug, *_ in PAGES]
FIGURES = {
    "overview": {"indexed"},
    "divergence": {"indexed", "ratio", "legs", "drawdowns", "zscore"},
}
"""The least that must be drawn; what other pages show depends on their data."""
TABLES = {"divergence": 1, "data": 1}
OF_PRICES = {"mine_and_price"}
"""What stands on prices among the figures of a page of published facts."""


def drawn(page: Reader, slug: str) -> bool:
    """Whether a page shows what it is for."""
    if slug not in FIGURES | TABLES:
        return bool(page.reading or page.texts("info"))
    return set(page.figures()) >= FIGURES.get(slug, set()) and len(page.tables()) >= TABLES.get(slug, 0)


PAST = {"as_of": "2026-01-23"}


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("query", [{}, PAST], ids=["live", "past"])
def test_a_page_with_data_is_whole(slug, query, live):
    page = Reader(slug, query)
    assert page.errors == []
    assert page.reading.endswith(".") or page.texts("info")
    assert drawn(page, slug)
    assert "stale" not in page.words
    assert SIMULATED not in page.words
    assert ("As known on **23 Jan 2026**. Nothing later is used." in page.words) == bool(query)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_without_its_sources_is_whole_and_marked_stale(slug, stage):
    stage("stale")
    page = Reader(slug)
    assert page.errors == []
    assert page.reading or page.texts("info")
    assert drawn(page, slug)
    if slug == "data":
        assert {"stale", "failed"} & set(page.tables()[0]["state"])
    elif page.figures():
        assert "stale" in page.words


def test_every_figure_of_stale_prices_says_so(stage):
    stage("stale")
    page = Reader("divergence")
    captions = [text for text in page.texts("caption") if "Yahoo SI=F" in text]
    assert len(captions) > len(FIGURES["divergence"])
    assert all("**stale**" in text for text in captions)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_without_any_data_says_what_to_do(slug, stage):
    stage("empty")
    page = Reader(slug)
    assert page.errors == []
    assert bool(page.figures()) == (slug in PUBLISHED)
    if slug == "data":
        assert "not asked yet" in page.reading or "failed" in page.reading
    else:
        assert page.texts("info")
        assert all(text.endswith(".") for text in page.texts("info"))
        assert "observations" in page.words


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("query", [{}, {"as_of": "2023-03-10"}], ids=["demo", "demo in the past"])
def test_a_demo_page_is_whole_and_cannot_be_mistaken_for_a_live_one(slug, query, stage):
    stage("demo")
    page = Reader(slug, query)
    assert page.errors == []
    assert f"**{SIMULATED}**, not market prices" in page.words
    assert page.reading or page.texts("info")
    assert drawn(page, slug)
    for key, figure in page.figures().items():
        marked = SIMULATED in [note["text"] for note in figure["layout"]["annotations"]]
        assert marked == (slug not in PUBLISHED or key in OF_PRICES)
    assert "Yahoo SI=F" not in page.words


def test_the_demo_takes_over_where_nothing_can_be_reached(simulated, opened):
    opened(simulated, SILVERLEAD_DATA="auto")
    page = Reader()
    assert page.errors == []
    assert "no source could be reached when the app started" in page.words
    assert drawn(page, "overview")


def test_the_demo_does_not_take_over_a_ledger_that_has_data(history, opened):
    opened(history, SILVERLEAD_DATA="auto")
    page = Reader()
    assert SIMULATED not in page.words
    assert page.desk.live


@pytest.mark.parametrize("slug", SLUGS)
def test_every_chart_can_be_read_aloud(slug, live):
    page = Reader(slug)
    assert set(page.alts()) == set(page.figures())
    assert all(len(alt) > 40 and alt.endswith(".") for alt in page.alts().values())


def test_the_menu_leads_to_every_page_with_the_whole_view(live):
    page = Reader("overview", {"lead": "gold", "span": "3y"})
    links = [element.proto for element in page.elements() if element.type == "page_link"]
    assert len({link.page_script_hash for link in links}) == len(PAGES)
    for link in links:
        assert {"lead=gold", "follow=bitcoin", "span=3y", "as_of=live"} <= set(link.query_string.split("&"))


def test_walking_through_the_menu_keeps_the_view(live):
    page = Reader("overview", {"lead": "gold", "span": "3y", "as_of": "2026-01-23"})
    for slug in (*SLUGS[1:], "overview"):
        page.go(slug)
        assert page.errors == []
        assert (page.address["lead"], page.address["span"]) == ("gold", "3y")
        assert page.address["as_of"].startswith("2026-01-23T23:59:59.999999-05:00")
