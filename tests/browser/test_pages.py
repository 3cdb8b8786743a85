"""The app in a real browser, started the plain way: deep links, the menu, history, sharing, phones and keyboards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.shell.contents import PAGES
from tests.browser.conftest import everything_named, quiet
from tests.pages.served import copy_of, environment, free_port
from tests.serving.chromium import Complaints, shared, stranger, visitor
from tests.serving.process import Server, running

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SLUGS = [slug for slug, _, _ in PAGES]
CHOSEN = "lead=gold&follow=ether&span=3y&as_of=2026-01-23&legs=year"
LEGS = "legs=year"


@pytest.fixture(scope="module")
def server(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``streamlit run app.py`` on simulated data; the first request ever is a deep link."""
    folder = copy_of(simulated, tmp_path_factory.mktemp("browser"))
    with running("app.py", free_port(), environment(folder, SILVERLEAD_DATA="demo")) as started:
        yield started


@pytest.fixture
def opened(server: Server, chromium: Browser) -> Iterator[tuple[Page, Complaints]]:
    with visitor(chromium, server.address) as found, quiet(found[0], server.address):
        yield found


def path_of(slug: str) -> str:
    return "" if slug == "overview" else slug


def title_of(slug: str) -> str:
    label = next(label for name, _, label in PAGES if name == slug)
    return "Silverlead" if slug == "overview" else f"{label} · Silverlead"


def choices(page: Page) -> dict[str, str]:
    """The view in the address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def ready(page: Page) -> None:
    page.locator("h2").first.wait_for()
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")


def test_a_deep_link_on_a_fresh_server_is_the_whole_page(
    server: Server, opened: tuple[Page, Complaints]
) -> None:
    page, complaints = opened
    page.goto(f"{server.address}/divergence?{CHOSEN}")
    page.locator(".js-plotly-plot").first.wait_for()
    ready(page)
    for _, _, label in PAGES:
        expect(page.get_by_role("link", name=label, exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Lead")).to_have_value("Gold")
    expect(page.get_by_role("combobox", name="against")).to_have_value("Ether")
    expect(page.get_by_role("button", name="As of 23 Jan 2026")).to_be_visible()
    expect(page.get_by_text("Nothing later is used.")).to_be_visible()
    expect(page.get_by_text("Simulated demo data").first).to_be_visible()
    found = choices(page)
    assert found["lead"] == "gold"
    assert found["follow"] == "ether"
    assert found["as_of"].startswith("2026-01-23T23:59:59")
    assert not complaints.errors
    assert not complaints.outside


def test_choices_survive_a_change_of_page_back_forward_reload_and_a_second_tab(
    server: Server, opened: tuple[Page, Complaints]
) -> None:
    """A tour: from each page to the next by the menu, back, forward, reloaded, and the same address in a second tab."""
    page, _ = opened
    tab = page.context.new_page()
    page.goto(f"{server.address}/?{CHOSEN}")
    ready(page)
    start = choices(page)
    assert start.items() >= dict(pair.split("=") for pair in CHOSEN.split("&") if "as_of" not in pair).items()
    for slug, other in pairwise([*SLUGS, SLUGS[0]]):
        label = next(label for name, _, label in PAGES if name == other)
        page.get_by_role("link", name=label, exact=True).click()
        steps = ((None, other), (page.go_back, slug), (page.go_forward, other), (page.reload, other))
        for step, where in steps:
            if step is not None:
                step()
            page.wait_for_url(re.compile(rf"{re.escape(server.address)}/{path_of(where)}\?"))
            expect(page).to_have_title(title_of(where))
            ready(page)
            assert choices(page) == start, (step, where)
        expect(page.get_by_role("button", name="As of 23 Jan 2026")).to_be_visible()
        tab.goto(page.url)
        ready(tab)
        assert choices(tab) == start, other
        expect(tab).to_have_title(title_of(other))


def test_a_control_changes_the_address_and_the_page(server: Server, opened: tuple[Page, Complaints]) -> None:
    page, _ = opened
    page.goto(f"{server.address}/divergence")
    ready(page)
    page.get_by_role("button", name="5y", exact=True).or_(
        page.get_by_role("radio", name="5y", exact=True)
    ).first.click()
    page.wait_for_url("**span=5y**")
    page.get_by_role("button", name="As of today").click()
    page.get_by_role("button", name="23 Jan 2026: the article").click()
    page.wait_for_url("**as_of=2026-01-23**")
    expect(page.get_by_text("Nothing later is used.")).to_be_visible()
    page.go_back()
    page.wait_for_url("**as_of=live**")
    expect(page.get_by_role("button", name="As of today")).to_be_visible()


def test_shared_links_open_to_the_same_view(server: Server, opened: tuple[Page, Complaints]) -> None:
    page, _ = opened
    page.goto(f"{server.address}/divergence?{CHOSEN}")
    ready(page)
    reading = page.locator("h2").first.inner_text()
    live, window = shared(page)[:2]
    assert live.startswith(f"{server.address}/divergence?")
    for link in (live, window):
        other = stranger(page.context.browser)  # a colleague's browser
        other.goto(link)
        other.locator("h2").first.wait_for()
        assert other.locator("h2").first.inner_text() == reading
        assert choices(other)["lead"] == "gold"
    assert "start=2023-01-23&end=2026-01-23" in window


def test_a_page_and_a_picture_are_taken_away(
    server: Server, opened: tuple[Page, Complaints], tmp_path: Path
) -> None:
    page, complaints = opened
    page.goto(f"{server.address}/?{CHOSEN}")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    ready(page)
    reading = page.locator("h2").first.inner_text()
    page.get_by_role("button", name="Share").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="This page (HTML)").click()
    file = tmp_path / taken.value.suggested_filename
    taken.value.save_as(file)
    assert file.name == "silverlead-overview.html"
    page.get_by_role("radio", name="SVG").click()
    page.keyboard.press("Escape")
    camera = page.locator(
        ".js-plotly-plot .modebar-btn[data-title='Download plot']"
    ).first  # of a PNG it says so
    camera.wait_for(state="attached")
    with page.expect_download() as drawn:
        camera.dispatch_event("click")
    assert drawn.value.suggested_filename == "silverlead-indexed.svg"
    assert Path(drawn.value.path()).read_text(encoding="utf-8").startswith("<svg")
    alone = stranger(page.context.browser, offline=True)
    with quiet(alone, "file://"):
        alone.goto(file.as_uri())
        alone.locator(".js-plotly-plot .main-svg").first.wait_for()
        assert alone.locator("h1").inner_text() == reading
        assert "Simulated demo data" in alone.locator("body").inner_text()
        assert "as_of=2026-01-23" in alone.locator("body").inner_text()
    assert not complaints.errors


def test_an_embedded_page_is_the_reading_the_charts_and_a_way_to_the_whole_page(
    server: Server, opened: tuple[Page, Complaints], tmp_path: Path
) -> None:
    """In a wiki's frame of 640 pixels."""
    page, complaints = opened
    page.set_viewport_size({"width": 640, "height": 500})
    page.goto(f"{server.address}/divergence?embed=true&{CHOSEN}")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    ready(page)
    assert page.get_by_role("link", name="Lead and lag").count() == 0
    for control in ("Lead", "against"):
        assert page.get_by_role("combobox", name=control).count() == 0
    assert page.get_by_role("button", name="Share").count() == 0
    expect(page.get_by_text("Simulated demo data").first).to_be_visible()
    expect(page.get_by_text("Nothing later is used.")).to_be_visible()
    assert page.locator("h2").first.bounding_box()["y"] < 400  # type: ignore[index]
    assert page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth") <= 0
    assert "embed=true" in page.url
    whole = page.get_by_role("link", name="open the whole page").get_attribute("href") or ""
    assert whole.startswith(f"{server.address}/divergence?lead=gold&follow=ether&span=3y")
    assert "embed" not in whole
    assert not complaints.errors


def test_a_hostile_address_never_breaks_a_page(server: Server, opened: tuple[Page, Complaints]) -> None:
    page, complaints = opened
    page.goto(
        f"{server.address}/divergence?lead=<script>alert(1)</script>&span=9000y&as_of=soon&follow=../../etc"
    )
    ready(page)
    assert page.get_by_text("could not be read").count() >= 3
    expect(page.get_by_role("combobox", name="Lead")).to_have_value("Silver")
    assert not complaints.errors


def test_on_a_phone_nothing_scrolls_sideways_and_every_chart_and_control_has_a_name(
    server: Server, opened: tuple[Page, Complaints]
) -> None:
    page, complaints = opened
    page.set_viewport_size({"width": 390, "height": 844})
    for slug in SLUGS:
        page.goto(f"{server.address}/{path_of(slug)}")
        page.locator(".js-plotly-plot, [data-testid=stDataFrame]").first.wait_for()
        ready(page)
        assert everything_named(page) or slug == "data", slug
        wide = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        inner = page.evaluate(
            "(e => e.scrollWidth - e.clientWidth)(document.querySelector('[data-testid=stMain]'))"
        )
        assert wide <= 0, slug
        assert inner <= 1, slug
    assert not complaints.errors


def test_every_chart_has_a_name_and_the_keyboard_reaches_the_controls(
    server: Server, opened: tuple[Page, Complaints]
) -> None:
    page, _ = opened
    page.goto(f"{server.address}/divergence")
    page.locator(".js-plotly-plot").nth(3).wait_for()
    ready(page)
    charts = page.locator("[data-testid=stPlotlyChart]")
    assert charts.count() >= 5
    named = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stPlotlyChart]')]"
        ".map(e => e.getAttribute('aria-label') || e.querySelector('[aria-label]')?.getAttribute('aria-label') || '')"
    )
    assert all(len(name) > 20 for name in named), named
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.innerText || document.activeElement.getAttribute('aria-label') || ''"
            )
        )
    text = " ".join(reached)
    assert "Divergence" in text
    assert "As of" in text
    assert "Share" in text
