"""A system Chromium, visitors in it, and what their pages complained about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.requirements import require

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WAIT = 180_000
"""Longest wait for a page on a busy machine [ms]."""


@dataclass
class Complaints:
    """What the page's console and network said that they should not."""

    policy: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser itself: the fixture ``chromium``, once a module."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        require("browser", "no system Chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def visitor(browser: Browser, address: str, *, bypass_csp: bool = False) -> Iterator[tuple[Page, Complaints]]:
    """A fresh page; tests that must look inside it evaluate scripts, which the policy forbids, and bypass it."""
    page = stranger(browser, bypass_csp=bypass_csp, viewport={"width": 1280, "height": 900})
    yield page, _listening(page, address)
    page.context.close()


def stranger(browser: Browser, **options: Any) -> Page:
    """A page in a browser that was never here: no session, no cookies."""
    context = browser.new_context(**options)
    context.set_default_timeout(WAIT)
    return context.new_page()


def _listening(page: Page, address: str) -> Complaints:
    found = Complaints()

    def said(message: object) -> None:
        text = message.text  # type: ignore[attr-defined]
        if "Content Security Policy" in text or "violates" in text:
            found.policy.append(text)

    def asked(request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith((address, "data:", "blob:")):
            found.outside.append(url)

    page.on("console", said)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("request", asked)
    return found


def lines(page: Page) -> list[str]:
    """The drawn lines of the first figure, as paths; the page must have been opened past its policy."""
    page.locator(".js-plotly-plot .js-line").first.wait_for()
    page.wait_for_timeout(1_000)
    drawn = page.locator(".js-plotly-plot").first.locator(".js-line")
    return [drawn.nth(i).get_attribute("d") or "" for i in range(drawn.count())]


def shared(page: Page) -> list[str]:
    """The links in the Share menu."""
    page.get_by_role("button", name="Share").click()
    page.get_by_test_id("stCode").nth(2).wait_for()
    found = [text.strip() for text in page.get_by_test_id("stCode").all_inner_texts()]
    page.keyboard.press("Escape")
    return found
