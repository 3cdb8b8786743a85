"""Real ledgers in a real browser: the first visitor's deep link, a first start, dark pages, take-aways, names and keys."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from analytics import view
from pages.shell.contents import PAGES
from tests.browser.conftest import Open, everything_named, quiet
from tests.loopback.server import Loopback
from tests.pages.served import environment, free_port, mirrors
from tests.render.drawn import said
from tests.serving.process import Server, running

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ARTICLE = dt.date(2026, 1, 23)


def settled(page: Page) -> Page:
    """Once the reading is there and the script has ended."""
    page.locator(
        "h2, [data-testid=stAlert]"
    ).first.wait_for()  # without data a page says so instead of a reading
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")
    return page


def test_a_first_visitors_deep_link_is_the_whole_page_of_its_day(fresh: Server, visit: Open):
    page = settled(visit(fresh.address, f"divergence?lead=gold&span=6m&legs=year&as_of={ARTICLE}"))
    page.locator(".js-plotly-plot").nth(4).wait_for()
    assert page.title() == "Divergence · Silverlead"
    menu = page.locator(".st-key-menu").get_by_test_id("stPageLink").all_inner_texts()
    assert [text.strip() for text in menu] == [label for *_, label in PAGES]
    expect(page.get_by_role("combobox", name="Lead")).to_have_value("Gold")
    expect(page.get_by_role("combobox", name="against")).to_have_value("Bitcoin")
    expect(page.get_by_role("radio", name="6m")).to_be_checked()
    expect(page.get_by_role("button", name="As of 23 Jan 2026")).to_be_visible()
    dates = list(said(page.locator("[data-testid=stMain]").inner_text()))
    assert ARTICLE in dates
    assert max(dates) <= ARTICLE
    query = page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
    assert list(query) == list(view.CONTROLS)
    assert (query["lead"], query["span"], query["legs"]) == ("gold", "6m", "year")


def test_every_link_of_the_menu_carries_the_view(fresh: Server, visit: Open):
    page = settled(visit(fresh.address, f"?lead=copper&span=5y&as_of={ARTICLE}"))
    links = page.locator(".st-key-menu").get_by_test_id("stPageLink").locator("a")
    links.nth(len(PAGES) - 1).wait_for()
    assert links.count() == len(PAGES)
    for i in range(links.count()):
        address = links.nth(i).get_attribute("href") or ""
        assert "lead=copper" in address
        assert "span=5y" in address
        assert f"as_of={ARTICLE}" in address


@pytest.mark.parametrize("slug", [slug for slug, *_ in PAGES])
def test_every_chart_and_control_has_a_name_on_every_page(slug: str, fresh: Server, visit: Open):
    page = settled(visit(fresh.address, "" if slug == "overview" else slug))
    if slug in ("overview", "divergence"):
        page.locator(".js-plotly-plot").first.wait_for()
    everything_named(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_are_of_the_page_that_they_stand_on(scheme: str, fresh: Server, visit: Open):
    page = settled(visit(fresh.address, "divergence", color_scheme=scheme))
    page.locator(".js-plotly-plot").nth(4).wait_for()
    paper = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}[scheme]
    drawn = page.locator(".js-plotly-plot .main-svg").evaluate_all("all => all.map(e => e.style.background)")
    assert {colour for colour in drawn if colour and colour != "none"} == {paper}


def test_a_control_answers_to_the_keyboard(fresh: Server, visit: Open):
    page = settled(visit(fresh.address, "divergence"))
    page.get_by_role("radio", name="1y").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_url("**span=3y**")
    lead = page.get_by_role("combobox", name="Lead")
    lead.focus()
    lead.press_sequentially("Copper")
    lead.press("Enter")
    page.wait_for_url("**lead=copper**")
    expect(page.get_by_role("combobox", name="Lead")).to_have_value("Copper")


def test_a_table_is_taken_away_with_its_papers(fresh: Server, visit: Open, tmp_path: Path):
    page = settled(visit(fresh.address, f"divergence?span=6m&as_of={ARTICLE}"))
    page.locator(".js-plotly-plot").nth(4).wait_for()
    page.get_by_role("button", name="how this is computed").first.click()
    expect(page.get_by_text("last known").first).to_contain_text("personal use only")
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV", exact=True).first.click()
    file = tmp_path / taken.value.suggested_filename
    taken.value.save_as(file)
    papers = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert any("Yahoo SI=F" in line and "personal use only" in line for line in papers)
    assert any(
        f"{fresh.address}/divergence?lead=silver" in line and f"as_of={ARTICLE}" in line for line in papers
    )
    table = pd.read_csv(file, comment="#", index_col=0, parse_dates=True)
    assert list(table.columns) == ["silver", "bitcoin"]
    assert table.iloc[0].tolist() == [100.0, 100.0]
    assert table.index[-1].date() == ARTICLE


def test_a_chart_is_taken_away_as_a_page_that_needs_nobody(
    fresh: Server, visit: Open, chromium: Browser, tmp_path: Path
):
    page = settled(visit(fresh.address, f"divergence?as_of={ARTICLE}"))
    page.locator(".js-plotly-plot").nth(4).wait_for()
    page.get_by_role("button", name="how this is computed").first.click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="HTML", exact=True).first.click()
    file = tmp_path / taken.value.suggested_filename
    taken.value.save_as(file)
    alone = chromium.new_context(offline=True).new_page()
    with quiet(alone, "file://"):
        alone.goto(file.as_uri())
        alone.locator(".js-plotly-plot .main-svg").first.wait_for()
        assert "Silver" in alone.locator("h1").inner_text()
        assert alone.locator("#chart").get_attribute("aria-label")
    alone.context.close()


def test_on_a_first_start_the_page_fills_as_series_arrive(visit: Open, tmp_path: Path):
    with Loopback() as source:
        source.latency = 0.3
        urls = mirrors(source.address)
        settings = environment(tmp_path / "cache", SILVERLEAD_DATA="auto", **urls)
        with running("app.py", free_port(), settings) as server:
            page = visit(server.address, "?span=3y")
            page.get_by_text("Refreshing from the sources").first.wait_for()
            page.locator(".js-plotly-plot").first.wait_for()
            expect(page.get_by_text("Refreshing from the sources").first).to_be_visible()
            assert "span=3y" in page.url
            asked = [path.split("?")[0].rsplit("/", 1)[-1] for _, path, _ in source.log if "/chart/" in path]
            assert {"SI=F", "BTC-USD"} <= set(asked[:3])


def test_without_sources_the_page_comes_from_the_ledger_and_says_that_it_is_stale(market: Path, visit: Open):
    settings = environment(market, SILVERLEAD_TODAY="2026-07-06")
    with running("app.py", free_port(), settings) as server:
        page = settled(visit(server.address))
        page.locator(".js-plotly-plot").first.wait_for()
        expect(page.get_by_text("stale").first).to_be_visible()
        expect(page.get_by_text("5 Jun 2026").first).to_be_visible()
