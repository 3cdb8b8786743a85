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
VERSION = f"5-{SEED}"
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
    """Every simulated series by key: the whole catalogue, then the contract months and silver's months of delivery."""
    provider = Demo(seed=seed)
    return {key: provider(catalogue.get(key), None) for key in world(seed)}


def admitted(*, seed: int = SEED) -> list[tuple[Series, pd.DataFrame]]:
    """Every series with rows as the ledger takes them: period, field, value, known_at (no NaT), estimated."""
    answers = everything(seed=seed).values()
    return [(answer.series, dated(answer, LAST_INSTANT)) for answer in answers]


def _frame(series: Series, track: Track) -> pd.DataFrame:
    """Rows with the seam's columns: the main field, then volumes where they are known, then a report's further figures."""
    columns = {series.field: track.values, **track.parts}
    if track.volume is not None:
        columns["volume"] = track.volume
    instants = track.known_at
    if instants is None:
        instants = np.full(len(track.dates), np.datetime64("NaT"), "datetime64[us]")
    rows = pd.DataFrame(
        {
            "period": np.tile(track.dates.astype("datetime64[s]"), len(columns)),
            "field": pd.array(list(columns), dtype="str").take(
                np.repeat(np.arange(len(columns)), len(track.dates))
            ),
            "value": np.concatenate(list(columns.values())),
            "known_at": pd.DatetimeIndex(np.tile(instants, len(columns))).tz_localize("UTC"),
        }
    )
    return rows.dropna(subset="value").reset_index(drop=True)
