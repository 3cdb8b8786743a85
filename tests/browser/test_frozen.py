"""A frozen-data link in a real browser: made, then the ledger learns, ten days pass, the server starts anew with other
defaults, sources are off."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from pathlib import Path

import pytest

from analytics.ledger import Ledger
from tests.ledger.rows import BITCOIN, SILVER, rows
from tests.loopback.server import Loopback
from tests.pages.served import environment, fill, free_port
from tests.serving.chromium import lines, shared, stranger, visitor
from tests.serving.process import running, started

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CHANGED = """
import sys
from dataclasses import replace
from analytics import view
view.DEFAULT = replace(view.DEFAULT, lead="gold", span="5y", legs="year", compare="week")
from streamlit.web.cli import main
sys.argv[0] = "streamlit"
main()
"""
"""The server of a later day, whose defaults are others."""
LATER = dt.datetime(2026, 6, 18, 12, tzinfo=dt.UTC)
TEN = [f"2026-06-{day:02}" for day in (8, 9, 10, 11, 12, 15, 16, 17)]


def learn(folder: Path) -> None:
    """A close inside the view revised, a day that the exchange was closed filled in, days added."""
    with closing(Ledger.at(folder / "ledger.sqlite")) as ledger:
        assert ledger.append(SILVER, rows(SILVER, ["2026-05-13"], [150.0]), LATER).revised == 1
        backfilled = rows(SILVER, ["1999-01-04"], [5.0])
        assert ledger.append(SILVER, backfilled, LATER).new == 1
        early = rows(BITCOIN, ["2026-05-14"], [1.0], known_at=["2026-05-15 00:00:01"], estimated=False)
        assert ledger.append(BITCOIN, early, LATER).revised == 1
        for series, level in ((SILVER, 60.0), (BITCOIN, 70_000.0)):
            assert (
                ledger.append(series, rows(series, TEN, [level + i for i in range(len(TEN))]), LATER).new > 0
            )


def test_the_link_shows_the_same_lines_after_everything(chromium, tmp_path):
    with Loopback() as source:
        folder = fill(tmp_path / "cache", source.address, only=["silver", "bitcoin", "gold"])
    with (
        running("asgi.py", free_port(), environment(folder)) as server,
        visitor(chromium, server.address, bypass_csp=True) as (page, _),
    ):
        page.goto(f"{server.address}/divergence?span=3m")
        before = lines(page)
        live, _window, frozen = shared(page)[:3]
        hash_of = frozen.split("sha=")[1]
    learn(folder)
    later, port = environment(folder, SILVERLEAD_TODAY="2026-06-19"), free_port()
    command = ["-c", CHANGED, "run", "asgi.py", "--server.address=127.0.0.1", f"--server.port={port}"]
    with (
        started([*command, "--server.headless=true"], f"http://127.0.0.1:{port}", "/readyz", later) as server,
        visitor(chromium, server.address, bypass_csp=True) as (page, complaints),
    ):
        page.goto(server.address + frozen[frozen.index("/divergence") :])
        page.get_by_text("Frozen data, verified").wait_for()
        assert lines(page) == before
        assert shared(page)[2].split("sha=")[1] == hash_of
        page.goto(server.address + live[live.index("/divergence") :])
        assert lines(page) != before
        digit = "0" if hash_of[0] != "0" else "1"
        page.goto(
            server.address + frozen[frozen.index("/divergence") :].replace(hash_of, digit + hash_of[1:])
        )
        page.get_by_text("These are not the numbers that the link was made of").wait_for()
        other = stranger(chromium)
        other.goto(f"{server.address}/divergence")
        other.wait_for_url("**lead=gold**span=5y**")  # the defaults have changed indeed
        assert complaints.errors == []
