"""When a real browser has drawn: Chromium opens a page or presses a control and says when the last chart stood."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
)
WAIT, QUIET = 90_000, 700
"""Longest wait, and how long nothing may change before the page counts as drawn [ms]."""

# The moment of the last change inside a chart or table, of the last redrawing that Plotly reports, and of the script's
# end; the page measures it all itself, so that the distance to the test program does not count.
WATCH = """
(() => {
  const seen = window.silverlead = {drawn: 0, ended: 0, pressed: 0};
  const places = '.js-plotly-plot, [data-testid="stDataFrame"]';
  const hooked = new WeakSet();
  const look = changes => {
    for (const change of changes) {
      const at = change.target.nodeType === 1 ? change.target : change.target.parentElement;
      if (!at) continue;
      const app = change.attributeName === 'data-test-script-state';
      if (app && at.getAttribute('data-test-script-state') === 'notRunning') seen.ended = performance.now();
      const chart = at.closest(places);
      if (!chart) continue;
      seen.drawn = performance.now();
      if (chart.on && !hooked.has(chart)) {
        hooked.add(chart);
        chart.on('plotly_afterplot', () => { seen.drawn = performance.now(); });
      }
    }
  };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
  addEventListener('click', () => { seen.pressed = performance.now(); }, true);
})();
"""
READY = """
([charts, since, quiet]) => {
  const seen = window.silverlead, app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.getAttribute('data-test-script-state') !== 'notRunning') return false;
  const last = Math.max(seen.drawn, seen.ended);
  return document.querySelectorAll('.js-plotly-plot .main-svg:first-of-type').length >= charts
    && last > (since ? seen.pressed : 0) && (!since || seen.ended > seen.pressed) && performance.now() - last > quiet;
}
"""
LAST = "() => Math.max(window.silverlead.drawn, window.silverlead.ended) - window.silverlead.pressed"


@dataclass(slots=True)
class Tab:
    """An open page; ``received`` counts the bytes of its websocket's messages."""

    page: Page
    received: int = 0

    async def open(self, address: str, charts: int) -> float:
        """Go to an address; seconds from the start of the navigation to the last of ``charts`` charts."""
        await self.page.goto(address, timeout=WAIT)
        return await self._last(charts, False)

    async def has(self, option: str) -> bool:
        """Whether the page has the span control."""
        return await self.page.get_by_test_id("stButtonGroup").get_by_text(option, exact=True).count() > 0

    async def press(self, option: str, charts: int) -> float:
        """Press an option of the span control; seconds from the click to the last chart."""
        await self.page.get_by_test_id("stButtonGroup").get_by_text(option, exact=True).click()
        return await self._last(charts, True)

    async def _last(self, charts: int, since: bool) -> float:
        await self.page.wait_for_function(READY, arg=[charts, since, QUIET], timeout=WAIT)
        return float(await self.page.evaluate(LAST)) / 1000


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, ended with the block."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise SystemExit("This bench needs Chromium: install it, or run the parts that do not.")
    async with async_playwright() as started:
        launched = await started.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield launched
        finally:
            await launched.close()


@asynccontextmanager
async def tab(launched: Browser) -> AsyncIterator[Tab]:
    """A tab in a browser that was never there before: nothing is cached."""
    context = await launched.new_context(viewport={"width": 1400, "height": 900})
    made = Tab(await context.new_page())
    await made.page.add_init_script(WATCH)

    def count(payload: Any) -> None:
        made.received += len(payload)

    made.page.on("websocket", lambda socket: socket.on("framereceived", count))
    try:
        yield made
    finally:
        await context.close()
