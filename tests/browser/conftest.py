"""A reader's browser that fails the test when the page complains, and servers for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.loopback.server import Loopback
from tests.pages.served import environment, fill, free_port
from tests.serving.chromium import WAIT
from tests.serving.process import Server, running

expect.set_options(timeout=WAIT)
PROBE = re.compile(r"http://127\.0\.0\.1:\d+/[a-z_]+/_stcore/(health|host-config)")
"""On a deep link Streamlit's client does not know yet whether the last part of the path is a page or the folder that the
app is served from: it asks for its own two files in both places, and one of them answers 404. Its own doing, on any
multipage app; the console repeats it as a failed resource of that address."""

NAMES = """[...document.querySelectorAll('[data-testid=stPlotlyChart]')].map(
    e => e.getAttribute('aria-label') || e.querySelector('[aria-label]')?.getAttribute('aria-label') || '')"""
UNNAMED = """[...document.querySelectorAll('[data-testid=stMain] :is(input, button)')].filter(
    e => e.checkVisibility() && e.tabIndex >= 0 && !(e.getAttribute('aria-label') || e.innerText || e.labels?.length)
).map(e => e.outerHTML.slice(0, 120))"""

Open = Callable[..., Page]


def everything_named(page: Page) -> list[str]:
    """Every chart has a long name of its own, every control some name; the charts' names."""
    names: list[str] = page.evaluate(NAMES)
    assert all(len(name) > 40 for name in names), page.url
    assert len(set(names)) == len(names), page.url
    assert page.evaluate(UNNAMED) == [], page.url
    return names


@contextmanager
def quiet(page: Page, server: str) -> Iterator[None]:
    """Fails at the end if the page's console showed an error, a request failed, or one left for another host."""
    complaints: list[str] = []

    def said(message: Any) -> None:
        if message.type == "error" and not PROBE.fullmatch(message.location.get("url", "")):
            complaints.append(f"console: {message.text} {message.location}")

    def answered(response: Response) -> None:
        if response.status >= 400 and not (response.status == 404 and PROBE.fullmatch(response.url)):
            complaints.append(f"{response.status}: {response.url}")

    def asked(request: Any) -> None:
        if not request.url.startswith((f"{server}/", "data:", "blob:", "file:")):
            complaints.append(f"another host: {request.url}")

    page.on("console", said)
    page.on("response", answered)
    page.on("request", asked)
    page.on(
        "websocket",
        lambda socket: None if socket.url.startswith(server.replace("http", "ws")) else asked(socket),
    )
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    yield
    assert complaints == []


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Open]:
    """``visit(address, "divergence?span=3y", color_scheme="dark")``: the page in a browser that was never there before."""
    with ExitStack() as stack:

        def go(server: str, path: str = "", **context: Any) -> Page:
            made = chromium.new_context(**{"viewport": {"width": 1400, "height": 900}, **context})
            stack.callback(made.close)
            page = made.new_page()
            page.set_default_timeout(WAIT)
            stack.enter_context(quiet(page, server))
            page.goto(f"{server}/{path}")
            return page

        yield go


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the pair's pages read, from the loopback server."""
    universe = [
        "silver", "gold", "copper", "bitcoin", "ether", "sp500", "nasdaq", "dollar_index", "high_yield_etf",
        "real_yield_10y", "target_upper", "target_lower",
    ]  # fmt: skip
    with Loopback() as source:
        return fill(tmp_path_factory.mktemp("market"), source.address, only=universe)


@pytest.fixture(scope="module")
def fresh(market: Path) -> Iterator[Server]:
    """``streamlit run app.py`` over that ledger, its sources gone; nobody was there yet."""
    with running("app.py", free_port(), environment(market)) as started:
        yield started
