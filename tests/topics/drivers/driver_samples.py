"""What the tests of the driver measures read: simulated levels with known betas, and the recorded market data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.clock import calendars
from analytics.topics.drivers.measures.moves import DRIVERS, USUAL

MARKET = Path(__file__).resolve().parents[3] / ".." / "shared" / "market"
FILES = {
    "silver": "yahoo/SI=F",
    "gold": "yahoo/GC=F",
    "copper": "yahoo/HG=F",
    "bitcoin": "yahoo/BTC-USD",
    "sp500": "yahoo/^GSPC",
    "dollar_index": "yahoo/DX-Y.NYB",
    "semiconductors_etf": "yahoo/SOXX",
    "clean_energy_etf": "yahoo/ICLN",
    "treasury_20y_etf": "yahoo/TLT",
    "real_yield_10y": "fred/DFII10",
    "breakeven_10y": "fred/T10YIE",
    "treasury_10y": "fred/DGS10",
    "term_premium_10y": "fred/THREEFYTP10",
    "dollar_broad": "fred/DTWEXBGS",
}
BETAS = {"real_yield_10y": -1.0, "dollar_index": -1.5, "breakeven_10y": 0.5, "sp500": 0.3}
STEPS = {"real_yield_10y": 0.5, "dollar_index": 0.4, "breakeven_10y": 0.35, "sp500": 1.0}
"""Daily standard deviations [steps of the driver]."""


def simulated(seed=1, n=1_250, betas=None, noise=1.2, after=None):
    """Levels of silver and its four drivers; with ``after`` other betas hold in the second half."""
    rng = np.random.default_rng(seed)
    steps = np.column_stack([STEPS[key] * rng.standard_t(6, n) for key in USUAL])
    first = np.array([{**BETAS, **(betas or {})}[key] for key in USUAL])
    late = first if after is None else np.array([{**BETAS, **after}[key] for key in USUAL])
    half = np.arange(n)[:, None] < n // 2
    silver = (steps * np.where(half, first, late)).sum(axis=1) + noise * rng.standard_t(5, n)
    return levels_of({"silver": silver} | dict(zip(USUAL, steps.T, strict=True)))


def levels_of(moved, first="2018-01-01"):
    """Levels on weekdays from moves: assets in %, drivers in their own steps."""
    n = len(next(iter(moved.values())))
    days = pd.DatetimeIndex(np.busday_offset(first, np.arange(n + 1), roll="forward").astype("datetime64[s]"))
    table = {}
    for key, move in moved.items():
        driver = DRIVERS.get(key)
        path = np.concatenate([[0.0], np.cumsum(move)]) * (driver.size if driver else 0.01)
        table[key] = 2.0 + path if driver and driver.difference else 50 * np.exp(path)
    return pd.DataFrame(table, index=days)


def recorded(*keys):
    """Levels on the US trading days that all have, or a skip where the recorded data are absent."""
    columns = {}
    for key in keys:
        path = MARKET / f"{FILES[key]}.csv"
        if not path.exists():
            pytest.skip("the recorded market data are not beside the checkout")
        column = "value" if FILES[key].startswith("fred") else "close"
        columns[key] = pd.read_csv(path, parse_dates=["date"], index_col="date")[column]
    table = pd.concat(columns, axis=1, join="inner").sort_index()
    return table[calendars.on_us_sessions(table.index.to_numpy())]
