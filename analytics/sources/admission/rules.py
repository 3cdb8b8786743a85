"""Rules that judge the rows of an answer one by one, each among its neighbours. Pure.

Each rule sees the rows that the rules before it let through and turns some away, with a sentence a reader understands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.catalogue import Series
from analytics.clock.calendars import may_be_dated
from analytics.clock.instants import NEW_YORK, parse_clock
from analytics.sources import Answer, Oddity
from analytics.sources.admission import slips
from analytics.sources.admission.levels import SAME
from analytics.sources.dating import dated

_KEY = ["field", "period", "known_at"]
LARGEST_SPLIT = 10_000
"""Shares for one, either way."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules may know: the series, its held rows (columns period, field, value) and the present instant."""

    series: Series
    held: pd.DataFrame
    now: dt.datetime


Rule = Callable[[pd.DataFrame, Case], pd.Series]
"""Takes dated rows; returns the reasons (str) for those it turns away, indexed by their labels."""


def judge(
    answer: Answer, held: pd.DataFrame, now: dt.datetime
) -> tuple[pd.DataFrame, dict[str, list[Oddity]]]:
    """The rows that pass, and why each other one is turned away, by the name of its rule (in the order of RULES).

    Args:
        answer: Of any provider.
        held: Columns period, field, value: what is held of the series.
        now: The present instant, with a zone.
    """
    case = Case(answer.series, held, now)
    rows = dated(answer, now)
    if answer.series.kept_from is not None:  # left out by choice, not refused
        rows = rows[rows["period"] >= pd.Timestamp(answer.series.kept_from)]
    turned: dict[str, list[Oddity]] = {}
    for rule in RULES:
        reasons = rule(rows, case)
        if len(reasons):
            turned[rule.__name__] = told_of(rows, reasons)
            rows = rows.drop(index=reasons.index)
    return rows, turned


def not_finite(rows: pd.DataFrame, case: Case) -> pd.Series:
    """Infinite, or no number at all."""
    return _because(rows, ~np.isfinite(rows["value"].to_numpy()), "The value is not a number.")


def dated_in_future(rows: pd.DataFrame, case: Case) -> pd.Series:
    """A period that has not begun where the series is made."""
    zone = parse_clock(case.series.final)[1] if case.series.final else NEW_YORK
    today = np.datetime64(case.now.astimezone(zone).date())
    if case.series.projection:
        today = np.datetime64("9999-12-31")  # a projection's period lies ahead by its nature
    return _because(rows, rows["period"].to_numpy() > today, "The row is dated in the future.")


def not_final(rows: pd.DataFrame, case: Case) -> pd.Series:
    """A price whose bar can still change."""
    if case.series.final is None:
        return _because(rows, np.zeros(len(rows), dtype=bool), "")
    zone = parse_clock(case.series.final)[1]
    waiting = rows.loc[rows["known_at"] > case.now, "known_at"].dt.tz_convert(zone)
    reasons = [f"The bar is not final until {instant:%Y-%m-%d %H:%M} {zone.key}." for instant in waiting]
    return pd.Series(reasons, index=waiting.index, dtype=object)


def off_calendar(rows: pd.DataFrame, case: Case) -> pd.Series:
    """A day on which the series has no figure by its nature, or one before its first."""
    bad = ~may_be_dated(case.series, rows["period"].to_numpy())
    first = case.series.first_day
    early = (
        bad & (rows["period"] < pd.Timestamp(first)).to_numpy() if first else np.zeros(len(rows), dtype=bool)
    )
    reasons = _because(rows, bad, "The series has no figure on such a day.")
    reasons.loc[rows.index[early]] = f"The row is dated before the series began, on {first}."
    return reasons


def standing_still(rows: pd.DataFrame, case: Case) -> pd.Series:
    """All but the first of more equal closes in a row than the series ever had."""
    mask = np.zeros(len(rows), dtype=bool)
    is_main = (rows["field"] == case.series.field).to_numpy()
    if case.series.still is None or not is_main.any():
        return _because(rows, mask, "")
    main = rows[is_main].sort_values("period", kind="stable")
    change = main["value"].diff().abs() > SAME * main["value"].abs()
    run = change.cumsum()
    long = run.map(run.value_counts()) > case.series.still
    if not case.series.positive:
        long &= main["value"] != 0  # a balance or a flow may rest at nothing
    repeats = main.index[long & run.duplicated()]
    mask[rows.index.get_indexer(repeats)] = True
    return _because(rows, mask, "The same value stands for more days on end than it ever has.")


def not_positive(rows: pd.DataFrame, case: Case) -> pd.Series:
    """Zero or less where the value must be above zero: prices, dividends, splits, positive figures."""
    above = {"dividend", "split"} | ({case.series.field} if case.series.positive else set())
    return _because(rows, rows["field"].isin(above) & (rows["value"] <= 0), "The value is not above zero.")


def negative_volume(rows: pd.DataFrame, case: Case) -> pd.Series:
    """A volume below zero; zero is a day without a trade."""
    return _because(rows, (rows["field"] == "volume") & (rows["value"] < 0), "The volume is below zero.")


def outside_range(rows: pd.DataFrame, case: Case) -> pd.Series:
    """Beyond what the catalogue calls plausible in the series' unit."""
    low, high = case.series.range or (-np.inf, np.inf)
    outside = (rows["field"] == case.series.field) & ~rows["value"].between(low, high)
    return _because(rows, outside, f"The value lies outside the plausible range of {low:,g} to {high:,g}.")


def no_split(rows: pd.DataFrame, case: Case) -> pd.Series:
    """A split by a ratio that no share was ever split by: many of them would leave no number of the prices before."""
    ratio = rows["value"].where(rows["field"] == "split", 1.0)
    reason = f"No share is split more than {LARGEST_SPLIT:,} for 1, or 1 for {LARGEST_SPLIT:,}."
    return _because(rows, ~ratio.between(1 / LARGEST_SPLIT, LARGEST_SPLIT), reason)


def contradicted(rows: pd.DataFrame, case: Case) -> pd.Series:
    """Different values for the same field, period and instant: nobody can say which is right."""
    several = rows[rows.duplicated(_KEY, keep=False)]
    if several.empty:
        return _because(rows, np.zeros(len(rows), dtype=bool), "")
    value = several.groupby(_KEY)["value"]
    low, high = value.transform("min"), value.transform("max")
    differs = (high - low) > SAME * np.maximum(high.abs(), low.abs())
    return _because(several, differs, "The source gives two different values for this date.")


def repeated(rows: pd.DataFrame, case: Case) -> pd.Series:
    """The same row again; the first is kept and the rest are noted."""
    return _because(rows, rows.duplicated(_KEY), "The source gives this row twice; one is kept.")


def slipped(rows: pd.DataFrame, case: Case) -> pd.Series:
    """Off the values on both sides, which agree, by more than the series ever moved in a step."""
    reason = "It is off the values on both sides by more than the series ever moved: a slip."
    return _because(rows, slips.slipped(rows, case.series, case.held), reason)


RULES: tuple[Rule, ...] = (
    not_finite,
    dated_in_future,
    not_final,
    off_calendar,
    not_positive,
    negative_volume,
    outside_range,
    no_split,
    contradicted,
    repeated,
    slipped,
    standing_still,
)
"""In this order: neighbours are only looked at once what cannot be a value is gone."""


def _because(rows: pd.DataFrame, bad: np.ndarray | pd.Series, reason: str) -> pd.Series:
    return pd.Series(reason, index=rows.index[np.asarray(bad, dtype=bool)], dtype=object)


def told_of(rows: pd.DataFrame, reasons: pd.Series) -> list[Oddity]:
    """A line for each row that is turned away."""
    bad = rows.loc[reasons.index]
    return [
        Oddity(period.date(), field, f"{value:.10g}", reason)
        for period, field, value, reason in zip(
            bad["period"], bad["field"], bad["value"], reasons, strict=True
        )
    ]
