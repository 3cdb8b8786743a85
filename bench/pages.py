"""Each page against a plain Streamlit page with as many charts of as many points, in the same run.

    python -m bench.pages [--rounds 5] [--only overview,divergence] [--no-browser]

Both servers stand side by side on 127.0.0.1 with the same Streamlit options (no collection after a run), ours on the
simulated data. In each round one and the other are asked in turn; what is printed are the ratios of the rounds.
Navigation and click are measured by Chromium itself (bench/drawn.py), in a browser that has nothing cached; the rerun is
the server's alone, from asking over the websocket to the end of the script, with the measures of the two spans at hand.
Bytes are those of a first visit's messages; the plain page sends all that it has, and lets Plotly zoom, so one year of ours
is set against that, and, without a target, against one year of it. The plain page has no cards, no tables and no words:
ours carries them. A page without charts is compared by its tables.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from analytics.desk import demo_ledger
from bench.drawn import browser, tab
from bench.figures import machine, mark, ratios, spread
from bench.session import Run, Session, reader, trace_points
from pages.shell.contents import PAGES
from tests.pages.served import environment, free_port
from tests.serving.process import running

PLAIN = Path(__file__).parent / "plain" / "app.py"
FULL, PART, YEAR = "max", "10y", "1y"
SPANS = (FULL, PART, YEAR)
CONTROL = "pick_span"
TARGETS = {"rerun": 1.25, "bytes, full span": 0.35, "bytes, one year": 0.15, "navigation": 1.15, "click": 1.0}
RERUNS = 12
"""Reruns of one server in one round."""


@dataclass(slots=True)
class Compared:
    """One page's measurements, round by round: name -> (ours, plain)."""

    slug: str
    charts: int
    points: int
    seconds: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)
    received: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, name: str, ours: float, plain: float) -> None:
        mine, theirs = self.seconds.setdefault(name, ([], []))
        mine.append(ours)
        theirs.append(plain)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two servers, and how it names a page."""

    port: int
    plain: bool

    def address(self, slug: str, span: str) -> tuple[str, str]:
        """(page name, query) as the websocket takes them."""
        if self.plain:
            return "", f"page={slug}&span={span}"
        return "" if slug == "overview" else slug, f"span={span}"

    def url(self, slug: str, span: str) -> str:
        name, query = self.address(slug, span)
        return f"http://127.0.0.1:{self.port}/{name}?{query}"


async def visited(side: Side, slug: str, span: str) -> Run:
    """A first visit in a session of its own."""
    async with reader(side.port) as session:
        run = await session.visit(*side.address(slug, span))
    assert not run.problems, (slug, run.problems)
    return run


def shape(run: Run) -> dict[str, list[Any]]:
    """What a plain page needs to draw as much: kinds and points of the charts, rows and columns of the tables."""
    charts = []
    for figure in run.figures:
        counts = [n for n in trace_points(figure) if n]
        kind = figure["data"][0].get("type", "scatter")
        if kind == "heatmap":
            rows = len(figure["data"][0]["z"])
            counts = [rows, max(1, counts[0] // rows)]
        charts.append([kind, counts])
    return {"charts": charts, "tables": run.tables if not charts else []}


async def rerun_times(side: Side, slug: str) -> list[float]:
    """Seconds of reruns that change the span, once both spans' measures are at hand."""
    async with reader(side.port) as session:
        await session.visit(*side.address(slug, FULL))
        return [await _changed(session, side, slug, i) for i in range(RERUNS + 4)][4:]


async def _changed(session: Session, side: Side, slug: str, i: int) -> float:
    span = (PART, FULL)[i % 2]
    if session.has(CONTROL):
        run = await session.press(CONTROL, span)
    else:  # some pages have no span: the address changes instead
        run = await session.visit(*side.address(slug, span))
    assert not run.problems, (slug, run.problems)
    return run.seconds


async def in_browser(
    launched: Browser, side: Side, slug: str, charts: int
) -> tuple[float, float | None, int]:
    """Seconds to all charts drawn and from a click to all redrawn, and the bytes of the first visit."""
    async with tab(launched) as shown:
        opened = await shown.open(side.url(slug, FULL), charts)
        received = shown.received
        if not await shown.has(PART):
            return opened, None, received
        await shown.press(PART, charts)
        return opened, await shown.press(FULL, charts), received


@asynccontextmanager
async def servers(slugs: list[str]) -> AsyncIterator[tuple[Side, Side, dict[str, Compared]]]:
    """Both servers, ours warm, and what is known of each page so far."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo_ledger(folder).close()
        settings = environment(folder, SILVERLEAD_DATA="demo")
        with running("app.py", free_port(), settings) as own:
            ours = Side(own.port, False)
            shapes, found = {}, {}
            for slug in slugs:
                runs = {span: await visited(ours, slug, span) for span in SPANS}
                shapes[slug] = {span: shape(run) for span, run in runs.items()}
                found[slug] = Compared(slug, len(runs[FULL].figures), runs[FULL].points)
            held = folder / "shapes.json"
            held.write_text(json.dumps(shapes))
            with running(str(PLAIN), free_port(), {"BENCH_SHAPES": str(held)}) as other:
                yield ours, Side(other.port, True), found


async def measure(ours: Side, plain: Side, page: Compared, launched: Browser | None, rounds: int) -> None:
    """Fill one page's measurements."""
    for span, name in ((FULL, "bytes, full span"), (YEAR, "bytes, one year")):
        both = [(await visited(side, page.slug, span)).received for side in (ours, plain)]
        page.received[name] = (both[0], both[1])
    for _ in range(rounds):
        mine, theirs = [await rerun_times(side, page.slug) for side in (ours, plain)]
        page.add("rerun", statistics.median(mine), statistics.median(theirs))
        if launched is None:
            continue
        shown = [await in_browser(launched, side, page.slug, page.charts) for side in (ours, plain)]
        (opened, redrawn, received), (plain_opened, plain_redrawn, _) = shown
        page.add("navigation", opened, plain_opened)
        if redrawn is not None and plain_redrawn is not None:
            page.add("click", redrawn, plain_redrawn)
        told = page.received["bytes, full span"][0]
        assert abs(received - told) < 0.03 * told + 2_000, f"Chromium got {received} bytes, our client {told}"


def show(page: Compared) -> None:
    """One page's rows."""
    print(f"{page.slug}: {page.charts} charts, {page.points:,} points at full span")
    (whole, plain_whole), (year, plain_year) = page.received.values()
    for name, mine in (("bytes, full span", whole), ("bytes, one year", year)):
        ratio, target = mine / plain_whole, TARGETS[name]
        print(f"  {name:18} {ratio:5.2f} of the plain page's {plain_whole / 1024:,.0f} KB; "
              f"target {target:g} {mark(ratio, target)}")  # fmt: skip
    print(f"  {'':18} {year / plain_year:5.2f} at one year of a plain page that sends one year")
    for name, (ours, theirs) in page.seconds.items():
        each, target = ratios(ours, theirs), TARGETS[name]
        ms = f"{statistics.median(ours) * 1000:,.0f} ms against {statistics.median(theirs) * 1000:,.0f} ms"
        print(
            f"  {name:18} {spread(each):>18}, {ms}; target {target:g} {mark(statistics.median(each), target)}"
        )


async def run(slugs: list[str], rounds: int, browsing: bool) -> None:
    """Measure and print page after page."""
    async with AsyncExitStack() as stack:
        ours, plain, found = await stack.enter_async_context(servers(slugs))
        launched = await stack.enter_async_context(browser()) if browsing else None
        for page in found.values():
            await measure(ours, plain, page, launched, rounds)
            show(page)


def main() -> None:
    """Run it and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(slug for slug, *_ in PAGES))
    parser.add_argument("--no-browser", action="store_true")
    chosen = parser.parse_args()
    print(f"pages: ours over a plain Streamlit page, median (min-max) of {chosen.rounds} rounds; {machine()}")
    asyncio.run(run(chosen.only.split(","), chosen.rounds, not chosen.no_browser))


if __name__ == "__main__":
    main()
