"""Seeded prices, their findings and papers: what charts are made of in these tests."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics import catalogue
from analytics.panel import Papers
from analytics.published.dated_events import Event
from analytics.render.pair import Pair
from analytics.render.theme import LIGHT, Ink
from analytics.stats.drawdown import Drawdown, drawdown
from analytics.topics.pair.measures.divergence import Divergence, divergence

DAYS = pd.bdate_range("2024-01-02", periods=320).astype("datetime64[s]")
FIRST, LAST = DAYS[-60].date(), DAYS[-1].date()
EVENTS = (
    Event(DAYS[-70].date(), "Before the window", "Not shown.", ("fed",), "test"),
    Event(DAYS[-30].date(), "In the window", "Shown.", ("silver",), "test"),
)


def closes(seed: int = 7) -> pd.DataFrame:
    """Two seeded random walks on DAYS, columns lead and follow."""
    noise = np.random.default_rng(seed).standard_normal((len(DAYS), 2)) * [0.017, 0.035]
    return pd.DataFrame(np.exp(noise.cumsum(axis=0)) * [30.0, 60_000.0], DAYS, columns=["lead", "follow"])


def papers(key: str, *, simulated: bool = False, **changes: object) -> Papers:
    """Papers of a catalogue series over DAYS."""
    row = catalogue.get(key)
    named = {
        name: getattr(row, name)
        for name in ("key", "title", "unit", "publisher", "provider", "code", "licence")
    }
    known = dt.datetime(2025, 3, 25, 22, tzinfo=dt.UTC)
    own = {"first": DAYS[0].date(), "last": LAST, "n": len(DAYS), "known_at": known, "simulated": simulated}
    marks = {"estimated": False, "later_vintage": False, "stale": False}
    return Papers(**{**named, **own, **marks, **changes})


def pair(lead: str = "silver", follow: str = "bitcoin", ink: Ink = LIGHT, *, simulated: bool = False) -> Pair:
    """A pair with papers."""
    both = papers(lead, simulated=simulated), papers(follow, simulated=simulated)
    return Pair(catalogue.get(lead), catalogue.get(follow), both, ink)


@pytest.fixture(scope="session")
def found() -> Divergence:
    return divergence(closes(), FIRST, LAST, names=("silver", "Bitcoin"))


@pytest.fixture(scope="session")
def falls() -> tuple[Drawdown, Drawdown]:
    table = closes()
    return drawdown(table["lead"], FIRST, LAST), drawdown(table["follow"], FIRST, LAST)
