"""A ledger filled from the loopback server, and the settings under which the app reads it."""

from __future__ import annotations

import datetime as dt
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path

from analytics.clock.instants import end_of_day
from analytics.ledger import Ledger
from analytics.sources import Clock
from analytics.sources.cftc import Cftc
from analytics.sources.fred import Fred
from analytics.sources.lbma import Lbma
from analytics.sources.pace import Pace
from analytics.sources.refresh import Source, Summary, refresh
from analytics.sources.yahoo import Yahoo

TODAY = dt.date(2026, 6, 5)
NOWHERE = "http://127.0.0.1:1"
"""Nobody listens there: every request ends at once."""


def sources(
    folder: Path, address: str, now: Clock, key: str | None = None, timeout: float = 20.0
) -> dict[str, Source]:
    """The real providers at a loopback address, without their pace."""
    yahoo = Yahoo(clock=now, cache_dir=folder / "yahoo", base_url=address, timeout=timeout)
    pace = Pace(rate=10_000, burst=10_000)
    fred = Fred(clock=now, key=key, base_url=address, timeout=timeout, pace=pace)
    return {
        "yahoo": Source("yahoo", yahoo, 1, yahoo.reset),
        "fred": Source("fred", fred, 2),
        "cftc": Source("cftc", Cftc(base_url=address, timeout=timeout, pace=pace), 2),
        "lbma": Source("lbma", Lbma(base_url=address, timeout=timeout, pace=pace)),
    }


def clock(day: dt.date) -> Clock:
    """A clock that stands at the end of a day in New York, as SILVERLEAD_TODAY makes it."""
    return lambda: end_of_day(day)


def fill(folder: Path, address: str, *, day: dt.date = TODAY, only: Sequence[str] | None = None) -> Path:
    """The folder, with a ledger of what the loopback server says, fetched as the app fetches it."""
    ledger = Ledger.at(folder / "ledger.sqlite")
    done: Summary = refresh(ledger, sources(folder, address, clock(day)), clock(day), only=only)
    ledger.close()
    assert not done.failed, done.failed
    return folder


def mirrors(address: str) -> dict[str, str]:
    """The settings that ask one address instead of every source."""
    return {f"SILVERLEAD_{name}_URL": address for name in ("YAHOO", "FRED", "CFTC", "LBMA")}


def environment(folder: Path, **changes: str) -> dict[str, str]:
    """Every setting, so that neither the machine's own nor a .env file takes part."""
    plain = {
        "FRED_API_KEY": "",
        "DATABASE_URL": "",
        "SILVERLEAD_DATA": "live",
        "SILVERLEAD_TODAY": TODAY.isoformat(),
        "SILVERLEAD_CACHE": str(folder),
        "SILVERLEAD_ROWS": "true",
        "SILVERLEAD_RESULTS_MB": "0",  # what is measured with few draws is no result for anybody else
        **mirrors(NOWHERE),
    }
    return plain | changes


def copy_of(folder: Path, target: Path) -> Path:
    """A copy that a test may write to."""
    return Path(shutil.copytree(folder, target, dirs_exist_ok=True))


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
