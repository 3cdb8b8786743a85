"""The brief in a browser without any network: its charts draw, nobody is asked, and it is two pages on paper."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analytics.desk import demo_ledger
from analytics.evaluate import evaluator
from analytics.report.brief import brief
from analytics.sources.demo import LAST_INSTANT
from analytics.view import DEFAULT
from tests.few_draws import few_draws

DRAWN = """(all => all.length === 3 && all.every(one => one.querySelector('.scatterlayer path, .barlayer path')))(
    [...document.querySelectorAll('.chart')])"""
"""Every chart has its lines or bars."""


@pytest.fixture(scope="module")
def file(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The brief of the simulated data as a file."""
    made = tmp_path_factory.mktemp("brief") / "brief.html"
    with few_draws(), closing(demo_ledger(simulated)) as ledger:
        made.write_text(brief(evaluator(ledger, DEFAULT, LAST_INSTANT)), encoding="utf-8")
    return made


@pytest.mark.parametrize("width", [1400, 390])
def test_the_brief_draws_without_a_network(chromium: Browser, file: Path, width: int):
    complaints, asked = [], []
    context = chromium.new_context(viewport={"width": width, "height": 900}, offline=True)
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_function(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#chart_indexed .nsewdrag").first.hover()
    page.wait_for_function("document.querySelector('#chart_indexed .hoverlayer').childElementCount > 0")
    assert asked == [file.as_uri()]
    assert complaints == []
    context.close()


def test_the_brief_is_two_pages_on_paper(chromium: Browser, file: Path):
    page = chromium.new_page()
    page.goto(file.as_uri())
    page.wait_for_function(DRAWN)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 2
