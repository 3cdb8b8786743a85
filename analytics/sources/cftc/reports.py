"""A report as Socrata writes it: every number is text, and a field without a value is absent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from analytics.catalogue import Series
from analytics.errors import Malformed
from analytics.sources import Oddity, undated

SOURCE = "CFTC"
DAY, CONTRACT, KIND = "report_date_as_yyyy_mm_dd", "cftc_contract_market_code", "futonly_or_combined"
OPEN_INTEREST = "open_interest_all"
COMBINED = "combined"
_NUMBER = re.compile(r"-?\d{1,12}(\.0+)?")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T00:00:00(\.0+)?)?")


@dataclass(frozen=True, slots=True)
class Table:
    """One of the Commission's tables, futures and options combined.

    Attributes:
        name: Its identifier.
        columns: Its columns by the names that the ledger gives their figures.
    """

    name: str
    columns: Mapping[str, str]


def _sides(**stems: str) -> Mapping[str, str]:
    return MappingProxyType(
        {f"{group}_{side}": stem.format(side) for group, stem in stems.items() for side in ("long", "short")}
    )


DISAGGREGATED = Table(
    "kh3c-gbw2",
    MappingProxyType(
        {
            **_sides(
                managed="m_money_positions_{}_all",
                producers="prod_merc_positions_{}",
                swaps="swap_positions_{}_all",
                others="other_rept_positions_{}",
            ),
            "swaps_short": "swap__positions_short_all",  # two underscores: so it is called there
        }
    ),
)
FINANCIAL = Table(
    "yw9f-hn96",
    _sides(
        managers="asset_mgr_positions_{}",
        dealers="dealer_positions_{}_all",
        leveraged="lev_money_positions_{}",
        others="other_rept_positions_{}",
    ),
)


def table(series: Series) -> Table:
    """The table that has the groups of a series."""
    return DISAGGREGATED if set(series.parts) <= set(DISAGGREGATED.columns) else FINANCIAL


def columns(series: Series) -> list[str]:
    """What is asked of each report."""
    return [DAY, CONTRACT, KIND, OPEN_INTEREST, *(table(series).columns[part] for part in series.parts)]


def read(told: Sequence[Any], series: Series) -> tuple[pd.DataFrame, tuple[Oddity, ...]]:
    """Rows of the seam, and the reports that are left out whole because something in them cannot be true.

    Args:
        told: The source's rows, in its order.
        series: The catalogue row.

    Raises:
        Malformed: no report, one of another contract, of futures alone, or without a day.
    """
    names = {"value": OPEN_INTEREST, **{part: table(series).columns[part] for part in series.parts}}
    days: list[dt.date] = []
    figures: list[list[float]] = []
    oddities: list[Oddity] = []
    for row in told:
        day = _day(row, series.code)
        found = [_number(row.get(column)) for column in names.values()]
        if reason := _wrong(found):
            oddities.append(Oddity(day, "value", str(row.get(OPEN_INTEREST, ""))[:40], reason))
        else:
            days.append(day)
            figures.append(found)
    fields = np.tile(np.array(list(names), dtype=object), len(days))
    return undated(
        np.repeat(np.array(days, dtype="datetime64[s]"), len(names)), fields, np.ravel(figures)
    ), tuple(oddities)


def _day(row: Any, code: str) -> dt.date:
    if not isinstance(row, dict) or row.get(CONTRACT) != code:
        raise Malformed(SOURCE, code, "it holds something else than reports on the contract")
    if str(row.get(KIND, "")).lower() != COMBINED:
        raise Malformed(SOURCE, code, "it holds reports on futures alone")
    if match := _DAY.fullmatch(str(row.get(DAY, ""))):
        with suppress(ValueError):
            return dt.date.fromisoformat(match[1])
    raise Malformed(SOURCE, code, "the day of a report is none")


def _number(stated: Any) -> float:
    """The number of contracts that a text states; NaN for none, -1 for what is no number."""
    if stated is None:
        return np.nan
    return float(stated) if _NUMBER.fullmatch(str(stated)) else -1.0


def _wrong(found: list[float]) -> str:
    """Why a report cannot be true; empty where it can. ``found`` is open interest, then longs and shorts in turn."""
    if np.isnan(found).any():
        return "The report lacks a figure."
    if min(found) < 0:
        return "The value is not a number of contracts."
    longs, shorts = sum(found[1::2]), sum(found[2::2])
    if max(longs, shorts) > found[0]:
        return "The groups together hold more contracts than there are."
    return ""
