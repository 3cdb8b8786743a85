"""What the demo's tests read: simulated series on their own dates, and on common sessions."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.sources.demo import SEED
from analytics.sources.demo.sessions import calendar
from analytics.sources.demo.simulation import world

SEEDS = (SEED, 7, 2024, 20260123)
"""The product's seed, which was chosen, and three that were not."""
LISTED = tuple(catalogue.load())
CONTRACTS = tuple(key for key in world() if catalogue.contract_month(key))
DELIVERIES = tuple(key for key in world() if catalogue.delivery_month(key))
SESSIONS = calendar().sessions


@cache
def close(key: str, seed: int = SEED) -> pd.Series:
    """One series on its own dates, the newest value of each."""
    track = world(seed)[key]
    found = pd.Series(track.values, index=pd.DatetimeIndex(track.dates.astype("datetime64[s]")))
    return found[~found.index.duplicated(keep="last")]


def on_sessions(keys: tuple[str, ...], seed: int) -> pd.DataFrame:
    """Levels on the US trading days that all have: common days first, differences after."""
    table = pd.concat({key: close(key, seed) for key in keys}, axis=1, join="inner")
    return table[table.index.isin(SESSIONS.astype("datetime64[s]"))]


def log_returns(keys: tuple[str, ...], seed: int) -> pd.DataFrame:
    return np.log(on_sessions(keys, seed)).diff().dropna()
