"""Answers for the door's tests, made by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.instants import NEW_YORK
from analytics.providers import Answer
from analytics.providers.door import Admitted, Held, admit

NOW = dt.datetime(2026, 6, 5, 20, 0, tzinfo=NEW_YORK)  # a Friday evening: every bar of the day is final
SILVER, BITCOIN, YIELD = catalogue.get("silver"), catalogue.get("bitcoin"), catalogue.get("treasury_10y")
CPI, GDP, SPREAD = catalogue.get("cpi"), catalogue.get("gdp"), catalogue.get("high_yield_spread")


def rows(periods, values, field: str = "close", known_at=None) -> pd.DataFrame:
    """Rows of the seam; instants that are not given are left to the door."""
    stamps = pd.Series(
        known_at if known_at is not None else [None] * len(values), dtype="datetime64[us, UTC]"
    )
    period = pd.Series(pd.DatetimeIndex(periods), dtype="datetime64[s]")
    return pd.DataFrame(
        {"period": period, "field": field, "value": np.array(values, float), "known_at": stamps}
    )


def days(count: int, end: str = "2026-06-04") -> pd.DatetimeIndex:
    """The last weekdays to ``end``."""
    return pd.bdate_range(end=end, periods=count)


def judged(series, frame, held=None, since=dt.date(2026, 5, 1), now=NOW, **answer) -> Admitted:
    """What the door says of rows; ``held`` may have more columns than it needs."""
    past = Held.nothing() if held is None else Held(held[["period", "field", "value"]])
    return admit(Answer(series, since, frame, **answer), past, now)
