"""The finding about the three triggers (claim 33): what is on, how far off the others are, and what past firings were
worth."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.clock import calendars
from analytics.clock.releases import at_clock
from analytics.panel import Panel
from analytics.published import fomc
from analytics.recipe import Question, Recipe
from analytics.topics.rate_path.measures import rate_path_days
from analytics.topics.triggers.measures import triggers as measured
from analytics.topics.triggers.measures.trigger_outcomes import FEWEST_RETURNS
from analytics.topics.triggers.measures.triggers import Trigger, Triggers

FIRST_DAY = dt.date(2000, 1, 3)
"""Firings count from 2003; the two years of balances before them reach back this far."""
CLOSE = "18:00 America/New_York"
"""From then on a trading day counts: its closes and its release of the target range are known."""
TARGET = ("target_lower", "target_upper")
DOLLAR, BALANCE, BITCOIN = "dollar_index", "federal_balance_monthly", "bitcoin"
KEYS = (*TARGET, DOLLAR, BALANCE, BITCOIN)
READS = {"cut": TARGET, "dollar": (DOLLAR,), "fiscal": (BALANCE,)}
"""Series behind each trigger."""


def trading_days(panel: Panel) -> pd.DatetimeIndex:
    """US trading days that were over at the panel's instant, from ``FIRST_DAY`` on."""
    days = pd.DatetimeIndex(calendars.us_sessions().astype("datetime64[s]"))
    days = days[days >= pd.Timestamp(FIRST_DAY)]
    return days[(at_clock(days.to_series(), CLOSE) <= panel.as_of).to_numpy()]


def _triggers(question: Question) -> Triggers:
    panel = question.panel
    bitcoin = panel.columns.get(BITCOIN, pd.Series(dtype=float))
    bitcoin = bitcoin[calendars.on_us_sessions(bitcoin.index.to_numpy())] if len(bitcoin) else bitcoin
    found = measured.triggers(
        trading_days(panel),
        _announced(panel),
        panel.columns.get(DOLLAR),
        None if _too_late(panel) else panel.columns.get(BALANCE),
        bitcoin if len(bitcoin) > FEWEST_RETURNS else None,
    )
    cut, dollar, fiscal = (_explained(trigger, panel) for trigger in found.triggers)
    return replace(found, triggers=(cut, dollar, fiscal))


def _announced(panel: Panel) -> pd.Series | None:
    """Upper limit of the target range as announced by each day's close [%]."""
    if not all(key in panel for key in TARGET):
        return None
    lower, upper = (panel.series(key) for key in TARGET)
    announced: pd.Series = rate_path_days.announced_range(lower, upper, fomc.decision_days()).by_day["upper"]
    return announced


def _too_late(panel: Panel) -> bool:
    """Whether the balances are of a vintage that nobody had at the panel's instant."""
    return BALANCE in panel and panel.papers[BALANCE].later_vintage


def _explained(trigger: Trigger, panel: Panel) -> Trigger:
    """An unknown state with its reason, where the measure was not given the series at all."""
    missing = [key for key in READS[trigger.key] if key not in panel]
    if trigger.on is not None:
        return trigger
    if missing:
        titles = " and ".join(catalogue.get(key).title for key in missing)
        return replace(trigger, distance=f"not known: nothing is held of {titles}; the Data page says why")
    if trigger.key == "fiscal" and _too_late(panel):
        why = "not known: only today's revision of the balances is held, which nobody had on that day"
        return replace(trigger, distance=why)
    return trigger


TRIGGERS = Recipe(
    "triggers", lambda view, day: KEYS, _triggers, "the three triggers: state, distance, past firings"
)
RECIPES = (TRIGGERS,)


def firing_rows(trigger: Trigger) -> pd.DataFrame:
    """Every firing since 2003 with Bitcoin's next 60 trading days.

    Returns:
        Index ``fired``; ``counted_from`` (date, NaT before Bitcoin's first close), ``after`` [pp of log return; NaN
        before Bitcoin and while the days are not over], ``false_alarm`` (True, False, or None while unknown).
    """
    table = pd.DataFrame(index=pd.DatetimeIndex(trigger.fired, name="fired"))
    lived: Any = (
        trigger.outcomes.table if trigger.outcomes else pd.DataFrame(columns=["counted_from", "after"])
    )
    table["counted_from"] = pd.to_datetime(lived["counted_from"]).reindex(table.index)
    table["after"] = lived["after"].astype(float).reindex(table.index)
    after = table["after"].to_numpy()
    table["false_alarm"] = np.where(np.isnan(after), None, after <= 0)
    return table
