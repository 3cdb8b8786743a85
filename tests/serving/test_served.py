"""The whole server, as `make serve` runs it: the policy passes in a real browser, short links open, unknown paths answer."""

from __future__ import annotations

import httpx
import pytest

from pages.shell.contents import PAGES
from tests.serving.chromium import visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("serving")]


def test_every_page_and_its_figures_pass_the_policy(chromium, demo_server):
    with visitor(chromium, demo_server.address) as (page, complaints):
        for slug, *_ in PAGES:
            page.goto(f"{demo_server.address}/{'' if slug == 'overview' else slug}")
            page.locator(".js-plotly-plot .main-svg, [data-testid=stDataFrame]").first.wait_for()
            page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")
            page.wait_for_timeout(1_500)
            assert complaints.policy == [], slug
            assert complaints.errors == [], slug
            assert complaints.outside == [], slug
            assert page.get_by_text("Simulated demo data").first.is_visible()


def test_a_png_is_made_in_the_browser_under_the_policy(chromium, demo_server):
    with visitor(chromium, demo_server.address) as (page, complaints):
        page.goto(f"{demo_server.address}/divergence")
        figure = page.locator(".js-plotly-plot").first
        figure.locator(".main-svg").first.wait_for()
        figure.hover()
        with page.expect_download() as download:
            figure.locator(".modebar-btn[data-title*='Download']").first.click(force=True)
        assert download.value.suggested_filename == "silverlead-indexed.png"
        assert complaints.policy == []


def test_a_short_link_is_made_opened_and_revoked(chromium, demo_server):
    address = demo_server.address
    with visitor(chromium, address) as (page, complaints):
        page.goto(f"{address}/divergence?span=6m")
        page.get_by_role("button", name="Share").click()
        page.get_by_role("button", name="Make a short link").click()
        made = page.get_by_test_id("stCode").filter(has_text="/s/")
        made.wait_for()
        link = made.inner_text().strip()
        assert link.startswith(f"{address}/s/")
        assert len(link) == len(f"{address}/s/") + 22
        page.goto(link)
        page.get_by_text("Frozen data, verified").wait_for()
        assert page.url.startswith(f"{address}/divergence?lead=silver&follow=bitcoin&span=6m")
        assert httpx.get(f"{link}.png").headers["content-type"] == "image/png"
        page.goto(f"{address}/data")
        page.get_by_role("button", name="Revoke").first.click()
        page.get_by_role("button", name="Revoke").wait_for(state="detached")
        assert httpx.get(link).status_code == 404
        assert complaints.policy == []


def test_unknown_paths_answer_as_streamlit_does(demo_server):
    front = httpx.get(demo_server.address)
    answer = httpx.get(f"{demo_server.address}/nowhere/at/all")
    assert (answer.status_code, answer.text) == (front.status_code, front.text)
    assert answer.headers["content-security-policy"]


def test_scripts_are_compressed(demo_server):
    script = httpx.get(demo_server.address).text.split('src="./', 1)[1].split('"')[0]
    with httpx.stream("GET", f"{demo_server.address}/{script}") as answer:
        sent = sum(len(part) for part in answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert sent < len(httpx.get(f"{demo_server.address}/{script}").content) / 2


def test_another_hosts_name_is_refused(demo_server):
    assert httpx.get(f"{demo_server.address}/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_a_hostile_path_writes_no_line_into_the_log(demo_server):
    before = demo_server.log
    for path in ("/%0d%0aFORGED", "/s/%0aFORGED", "/?span=%0d%0aFORGED%1b[31m", "/healthz?%0aFORGED"):
        httpx.get(demo_server.address + path, headers={"X-Request-ID": "FORGED"})
    assert "FORGED" not in demo_server.log
    assert len(demo_server.log) - len(before) < 500
