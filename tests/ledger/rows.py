"""Rows as the door admits them, made by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import sqlalchemy as sa

from analytics import catalogue
from analytics.clock.calendars import release_times
from analytics.ledger import Ledger
from analytics.ledger.reading import COLUMNS
from analytics.ledger.schema import observation

NOW = dt.datetime(2026, 6, 5, 20, 0, tzinfo=dt.UTC)
SILVER, BITCOIN, CPI, NFCI = (
    catalogue.get(key) for key in ("silver", "bitcoin", "cpi", "financial_conditions")
)


def at(text: str) -> dt.datetime:
    """``2026-01-05 18:00`` as an instant, UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def rows(
    series: catalogue.Series,
    periods: Sequence[str],
    values: Sequence[float],
    *,
    field: str | None = None,
    known_at: Sequence[str] | None = None,
    estimated: bool | None = None,
) -> pd.DataFrame:
    """Admitted rows; instants that are not given follow the catalogue's rule, and are then estimates where it is one."""
    period = pd.Series(pd.DatetimeIndex(list(periods)).to_numpy().astype("datetime64[s]"))
    if known_at is None:
        instants = release_times(series, period)
    else:
        instants = pd.Series(pd.DatetimeIndex(list(known_at)).tz_localize("UTC")).astype(
            "datetime64[us, UTC]"
        )
    guessed = known_at is None and series.final is None if estimated is None else estimated
    table = pd.DataFrame(
        {"period": period, "field": field or series.field, "value": np.array(values, dtype=float)}
    )
    return table.assign(known_at=instants, estimated=guessed)


def stored(ledger: Ledger) -> pd.DataFrame:
    """Every row of the table as it stands there, in the order of its key."""
    columns = [observation.c[name] for name in COLUMNS]
    with ledger.engine.connect() as connection:
        found = connection.execute(sa.select(*columns).order_by(*columns[:4])).fetchall()
    return pd.DataFrame(found, columns=list(COLUMNS))


def filled(path: Path, days: int = 4000) -> Path:
    """A ledger file with enough rows for many pages, and no log beside it."""
    with closing(Ledger.at(path)) as ledger:
        periods = [str(dt.date(2010, 1, 1) + dt.timedelta(days=day)) for day in range(days)]
        ledger.append(BITCOIN, rows(BITCOIN, periods, range(1, days + 1)), NOW)
    assert not path.with_name(path.name + "-wal").exists()
    return path
