"""The recorded market as a ledger, for tests that need what really happened; skipped where it is absent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analytics import catalogue
from analytics.catalogue import Series
from analytics.clock.instants import end_of_day
from analytics.ledger import Ledger
from bench.witness_bounds import table_of
from tests.ledger.rows import rows

MARKET = Path(__file__).resolve().parents[1] / ".." / "shared" / "market"
TODAY = dt.date(2026, 6, 5)
"""The record ends here."""


def ledger_of_the_record(path: Path, *, expired: bool = True) -> Ledger:
    """A live ledger that read the whole record at the end of ``TODAY``: nothing revised has a vintage.

    Without ``expired`` contract months, as Yahoo serves them to a newcomer.
    """
    if not (MARKET / "zq_contracts.csv").exists():
        pytest.skip("no recorded market data beside the checkout")
    ledger = Ledger.at(path)
    ledger.append_many([*_listed(), *_contracts(expired)], end_of_day(TODAY))
    return ledger


def _listed() -> Iterator[tuple[Series, pd.DataFrame]]:
    for series in catalogue.load().values():
        table = table_of(series, MARKET)
        if table is not None:
            fields = [name for name in (series.field, *series.parts) if name in table]
            yield series, pd.concat([_known(series, table.index, table[name], name) for name in fields])


def _contracts(expired: bool) -> Iterator[tuple[Series, pd.DataFrame]]:
    for month, table in pd.read_csv(MARKET / "zq_contracts.csv").groupby("month"):
        if not expired and str(month) < f"{TODAY:%Y-%m}":
            continue
        year, number = map(int, str(month).split("-"))
        series = catalogue.contract(year, number)
        yield series, _known(series, table["date"], table["price"], "close")


def _known(series: Series, dates: pd.Series | pd.Index, values: pd.Series, field: str) -> pd.DataFrame:
    """Admitted rows, the periods whose release has come by the end of ``TODAY``."""
    held = values.notna()
    made = rows(series, list(dates[held]), list(values[held]), field=field)
    return made[made["known_at"] <= end_of_day(TODAY)]
