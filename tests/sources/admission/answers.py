"""Answers for the tests of admission, made by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.clock.instants import NEW_YORK
from analytics.errors import Disputed, HistoryShrank
from analytics.sources import Answer
from analytics.sources.admission import Admitted, Record, admit

NOW = dt.datetime(2026, 6, 5, 20, 0, tzinfo=NEW_YORK)  # a Friday evening: every bar of the day is final
SILVER, BITCOIN, YIELD = catalogue.get("silver"), catalogue.get("bitcoin"), catalogue.get("treasury_10y")
CPI, GDP, SPREAD = catalogue.get("cpi"), catalogue.get("gdp"), catalogue.get("high_yield_spread")


def rows(periods, values, field: str = "close", known_at=None) -> pd.DataFrame:
    """Rows of the seam; instants that are not given are left to admission."""
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


def record(held=None, **known) -> Record:
    """What is known of a series: rows that are held (of long ago), and whatever a test adds."""
    if held is None:
        return replace(Record.nothing(), **known)
    return Record(held[["period", "field", "value"]].assign(recorded_at=0), **known)


def judged(series, frame, held=None, since=dt.date(2026, 5, 1), now=NOW, known=None, **answer) -> Admitted:
    """What admission says of rows, as the error of the journal where it disputes them."""
    found = admit(Answer(series, since, frame, **answer), record(held, **(known or {})), now)
    if found.disputed is None:
        return found
    if found.disputed.kind == "lost":
        raise HistoryShrank("Source", series.code, found.disputed.reason)
    raise Disputed("Source", series.code, found.disputed.reason, found.disputed.kind)
