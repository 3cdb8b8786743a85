"""The demo provider: the simulated world behind the same seam as the live sources.

Everything it says is simulated. It is deterministic: one seed, one world, to the bit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.catalogue import Series
from analytics.errors import UnknownSymbol
from analytics.sources import Answer
from analytics.sources.dating import dated
from analytics.sources.demo.sessions import DEMO_FIRST_DAY, DEMO_LAST_DAY
from analytics.sources.demo.simulation import LAST_INSTANT, SEED, Track, world

__all__ = [
    "DEMO_FIRST_DAY",
    "DEMO_LAST_DAY",
    "LAST_INSTANT",
    "SEED",
    "VERSION",
    "Demo",
    "admitted",
    "everything",
]

SOURCE = "demo"
_FIELDS = ["value", "close", "volume"]
VERSION = f"3-{SEED}"
"""Names the generated ledger: the number goes up whenever the simulator gives other rows."""


class Demo:
    """The provider.

    Args:
        seed: Which world; the product shows SEED's, tests look at others.
    """

    def __init__(self, *, seed: int = SEED) -> None:
        self.seed = seed

    def __call__(self, series: Series, since: dt.date | None) -> Answer:
        """The simulated rows of one series, with the seam's columns.

        Raises:
            UnknownSymbol: a series that is not simulated, such as a typed symbol.
        """
        track = world(self.seed).get(series.key)
        if track is None:
            raise UnknownSymbol(SOURCE, series.code)
        rows = _frame(series, track)
        if since is not None:
            rows = rows[rows["period"] >= pd.Timestamp(since)].reset_index(drop=True)
        return Answer(series, since, rows, begins=track.dates[0].astype(object))


def everything(*, seed: int = SEED) -> Mapping[str, Answer]:
    """Every simulated series by key: the whole catalogue, then the contract months."""
    provider = Demo(seed=seed)
    return {key: provider(catalogue.get(key), None) for key in world(seed)}


def admitted(*, seed: int = SEED) -> list[tuple[Series, pd.DataFrame]]:
    """Every series with rows as the ledger takes them: period, field, value, known_at (no NaT), estimated."""
    answers = everything(seed=seed).values()
    return [(answer.series, dated(answer, LAST_INSTANT)) for answer in answers]


def _frame(series: Series, track: Track) -> pd.DataFrame:
    """Rows with the seam's columns: the main field, then volumes where they are known."""
    dates, values, instants = track.dates, track.values, track.known_at
    names = np.full(len(dates), _FIELDS.index(series.field))
    if track.volume is not None:
        told = ~np.isnan(track.volume)
        dates, values = np.append(dates, dates[told]), np.append(values, track.volume[told])
        names = np.append(names, np.full(told.sum(), _FIELDS.index("volume")))
    if instants is None:
        instants = np.full(len(dates), np.datetime64("NaT"), "datetime64[us]")
    return pd.DataFrame(
        {
            "period": dates.astype("datetime64[s]"),
            "field": pd.array(_FIELDS, dtype="str").take(names),
            "value": values,
            "known_at": pd.DatetimeIndex(instants).tz_localize("UTC"),
        }
    )
