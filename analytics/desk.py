"""The desk: which ledger is read, and the one refresher that works behind it. Used by the pages and the command line."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.errors import AnalyticsError, LedgerDamaged, LedgerForeign, RefreshRunning
from analytics.ledger import Ledger
from analytics.ledger.connect import move_aside
from analytics.ledger.lock import opening_lock
from analytics.ledger.results import Results
from analytics.settings import Settings
from analytics.sources import refresh as refreshing
from analytics.sources.refresh import Progress, Source

if TYPE_CHECKING:  # the providers pull in yfinance and curl: only where they are asked
    from analytics.sources.fred import Fred
    from analytics.sources.yahoo import Yahoo

log = logging.getLogger("silverlead")

PROBE_SECONDS = 3.0
PAUSE_SECONDS = 600.0
"""Shortest pause between two refreshes that nobody asked for [s]."""
ASKED_PAUSE_SECONDS = 60.0
"""Shortest pause before one that a reader asked for [s]."""
FIRST = ("silver", "bitcoin", "gold", "dollar_index", "real_yield_10y", "target_upper", "target_lower")


def live_ledger(settings: Settings) -> Ledger:
    """The live ledger: DATABASE_URL, or the embedded file; a damaged file is moved aside and a new one begun.

    Raises:
        LedgerUnavailable: the database does not answer, or the folder cannot be written.
        LedgerForeign: what is there is no live ledger of this version's schema; it is left alone.
    """
    if settings.database is not None:
        return Ledger(settings.database)
    path = settings.silverlead_cache / "ledger.sqlite"
    try:
        return Ledger.at(path)
    except LedgerDamaged:
        return _begin_anew(path, settings.now())


def results_of(settings: Settings, ledger: Ledger) -> Results | None:
    """Where results are held for the next start; None where they are not."""
    most = settings.silverlead_results_mb * 1_000_000
    return Results.beside(ledger.engine, settings.silverlead_cache, most)


def _begin_anew(path: Path, now: dt.datetime) -> Ledger:
    with opening_lock(path):
        try:
            return Ledger.at(path)  # another process may have begun anew while this one waited
        except LedgerDamaged:
            aside = move_aside(path, now)
            log.warning(
                "The ledger file could not be read. It is kept as %s and a new one is being filled.",
                aside.name,
            )
            return Ledger.at(path)


def _set_aside(cache: Path) -> set[str]:
    """Names of the damaged ledger files that are kept."""
    return {path.name for path in cache.glob("ledger.damaged-*.sqlite")}


def _lost(names: set[str]) -> str:
    """What a reader must know of a ledger that was begun anew; empty where none was."""
    if not names:
        return ""
    return (
        f"The ledger file could not be read. It is kept as {', '.join(sorted(names))} beside a new one that is being filled: "
        "figures return as the sources answer. What only it knew, such as revisions seen, is not in the new one."
    )


def demo_ledger(cache: Path) -> Ledger:
    """The simulated ledger, generated on first use and kept beside the live one; never mixed with it."""
    from analytics.sources import demo

    path = cache / f"demo-{demo.VERSION}.sqlite"
    ledger = _open_or_remake(path)
    if ledger.version() == 0:
        ledger.append_many(demo.admitted(), demo.LAST_INSTANT)
    return ledger


def _open_or_remake(path: Path) -> Ledger:
    try:
        return Ledger.at(path, kind="demo")
    except (LedgerDamaged, LedgerForeign):  # nothing is lost: the demo is made again, the same to the bit
        with opening_lock(path):
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        return Ledger.at(path, kind="demo")


def _providers(settings: Settings) -> tuple[Yahoo, Fred]:
    from analytics.sources.fred import Fred
    from analytics.sources.yahoo import Yahoo

    cache = settings.silverlead_cache / "yahoo"
    yahoo = Yahoo(clock=settings.now, cache_dir=cache, base_url=settings.silverlead_yahoo_url)
    return yahoo, Fred(clock=settings.now, key=settings.key, base_url=settings.silverlead_fred_url)


def sources(settings: Settings) -> dict[str, Source]:
    """The live providers as the settings want them."""
    from analytics.sources.cftc import Cftc
    from analytics.sources.lbma import Lbma

    yahoo, fred = _providers(settings)
    cftc = Cftc(token=settings.cftc_token, base_url=settings.silverlead_cftc_url)
    return {
        "yahoo": Source("yahoo", yahoo, workers=1, reset=yahoo.reset),
        "fred": Source("fred", fred, workers=2),
        "cftc": Source("cftc", cftc, workers=2),
        "lbma": Source("lbma", Lbma(base_url=settings.silverlead_lbma_url)),
    }


def reachable(settings: Settings) -> bool:
    """Whether Yahoo or FRED, without which no page has a figure, answers within PROBE_SECONDS; both are asked at once and the
    first that answers will do."""
    pool = ThreadPoolExecutor(2, thread_name_prefix="probe")
    asked = [pool.submit(provider.probe, PROBE_SECONDS) for provider in _providers(settings)]
    try:
        return any(answer.result() for answer in as_completed(asked, timeout=PROBE_SECONDS))
    except TimeoutError:  # looking up a name has no limit of its own
        return False
    finally:
        pool.shutdown(wait=False)


class Desk:
    """What a process reads from, and its refresher.

    Args:
        settings: Decides between live and demo: ``demo`` is always the demo; otherwise a ledger with data is live, and
            with an empty ledger the sources are probed: reachable is live, else the demo (unless ``live`` is asked for).
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        aside = _set_aside(settings.silverlead_cache)
        self.ledger, self.why_demo = self._choose()
        self.notice = _lost(_set_aside(settings.silverlead_cache) - aside)
        self.live = self.ledger.kind == "live"
        self.progress: Progress | None = None
        self.last_error: str = ""
        self.refreshes, self.refresh_seconds = 0, 0.0
        self._running = threading.Event()
        self._last_started = -PAUSE_SECONDS
        self._sources: dict[str, Source] | None = None
        self._guard = threading.Lock()

    def _choose(self) -> tuple[Ledger, str]:
        wanted = self.settings.silverlead_data
        if wanted == "demo":
            return demo_ledger(self.settings.silverlead_cache), "SILVERLEAD_DATA asks for it"
        ledger = live_ledger(self.settings)
        if wanted == "live" or ledger.series_keys() or reachable(self.settings):
            return ledger, ""
        ledger.close()
        return demo_ledger(self.settings.silverlead_cache), "no source could be reached when the app started"

    @property
    def sources(self) -> dict[str, Source]:
        if self._sources is None:
            self._sources = sources(self.settings)
        return self._sources

    @property
    def refreshing(self) -> bool:
        return self._running.is_set()

    def wake(self, *, asked: bool = False) -> bool:
        """Start a refresh in the background unless one runs here or the last was a moment ago; never blocks.

        Args:
            asked: A reader pressed the button: the pause is shorter.

        Returns:
            Whether one was started.
        """
        pause = ASKED_PAUSE_SECONDS if asked else PAUSE_SECONDS
        with self._guard:
            rested = time.monotonic() - self._last_started >= pause
            if not self.live or self._running.is_set() or not rested:
                return False
            self._running.set()
            self._last_started = time.monotonic()
        threading.Thread(target=self._work, name="refresh", daemon=True).start()
        return True

    def _work(self) -> None:
        try:
            summary = refreshing.refresh(
                self.ledger,
                self.sources,
                self.settings.now,
                first=FIRST,
                most_typed=self.settings.silverlead_typed_symbols,
                report=self._report,
            )
            self.last_error = ""
            self.refreshes, self.refresh_seconds = self.refreshes + 1, self.refresh_seconds + summary.seconds
            done = {"asked": len(summary.attempts), "added": summary.added, "failed": len(summary.failed)}
            said = "refresh: %(asked)d asked, %(added)d rows added, %(failed)d failed"
            log.info(said, done, extra=done | {"seconds": round(summary.seconds, 1)})
        except RefreshRunning as error:
            self.last_error = str(error)
        except AnalyticsError as error:
            self.last_error = str(error)
            log.warning("refresh stopped: %s", error)
        finally:
            self.progress = None
            self._running.clear()

    def _report(self, progress: Progress) -> None:
        self.progress = progress
        last = progress.last
        if last is not None and last.outcome == "failed":
            log.info(
                "fetch failed", extra={"series": last.series, "provider": last.provider, "why": last.error}
            )
