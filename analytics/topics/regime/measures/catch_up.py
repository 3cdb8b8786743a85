"""Claim 32: does a window open, later, in which Bitcoin catches up with the metals? Descriptive."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.stats.changes import changes

DAYS = 60
LATEST = 250
"""The stage must begin within a year of the article [trading days]."""

State = Literal["over", "running", "waiting", "never came"]


@dataclass(frozen=True, slots=True)
class CatchUp:
    """The window after the first debasement day.

    Attributes:
        after: The day of the article.
        state: ``over`` (there is an answer), ``running`` (begun, its 60 days not over), ``waiting`` (not
            begun, a year not over) or ``never came`` (none within a year: not passed).
        opened: First debasement day after the article, within a year of it.
        days: Trading days of the window seen, at most 60.
        follow, against_lead: The follow's log return over them, and minus the lead's [pp]; NaN without a day.
        value: The smaller of the two [pp]; NaN unless ``over``.
        chance: Share of all 60-day windows of the history in which the smaller of the two exceeds ``bar``.
        bar: What ``chance`` is stated for [pp].
        sentence: What a reader sees.
    """

    after: dt.date
    state: State
    opened: dt.date | None
    days: int
    follow: float
    against_lead: float
    value: float
    chance: float
    bar: float
    sentence: str


def catch_up(
    levels: pd.DataFrame,
    stages: pd.Series,
    after: dt.date,
    *,
    bar: float = 10.0,
    names: tuple[str, str] = ("silver", "Bitcoin"),
) -> CatchUp:
    """What the follow made, and made beyond the lead, once debasement came.

    Args:
        levels: Columns ``lead`` and ``follow``, closes on common US trading days; nothing after the last is
            known.
        stages: Stage by trading day (``StageHistory.stages``), up to the as-of day.
        after: The day of the article.
        bar: Threshold that the chance share is stated for [pp].
        names: Lead and follow, for sentences.

    Raises:
        MeasureError: one of those that ``changes.changes`` names; NotEnoughData where no stage is known after
            the article.
    """
    moved = changes(levels[["lead", "follow"]], DAYS)
    later = stages[stages.index > pd.Timestamp(after)]
    if later.empty:
        raise NotEnoughData(f"The stage history after {after.day} {after:%b %Y}", 0, 1)
    hit = later.index[(later == "debasement").to_numpy()][:1]
    opened = hit[0] if len(hit) and later.index.get_loc(hit[0]) < LATEST else None
    window = moved.loc[opened:].iloc[:DAYS] if opened is not None else moved.iloc[:0]
    follow = 100 * float(window["follow"].sum()) if len(window) else math.nan
    beyond = follow - 100 * float(window["lead"].sum()) if len(window) else math.nan
    state: State = _state(opened, len(window), len(later))
    value = min(follow, beyond) if state == "over" else math.nan
    chance = passing_share(moved, bar)
    return CatchUp(
        after=after,
        state=state,
        opened=opened.date() if opened is not None else None,
        days=len(window),
        follow=follow,
        against_lead=beyond,
        value=value,
        chance=chance,
        bar=bar,
        sentence=_sentence(names, state, opened, len(window), follow, beyond, chance, bar),
    )


def passing_share(moved: pd.DataFrame, bar: float, window: int = DAYS) -> float:
    """Share of all windows in which both the follow's return and its lead over the other exceed ``bar``
    [pp]."""
    total = np.vstack([np.zeros(2), np.cumsum(100 * moved[["lead", "follow"]].to_numpy(), axis=0)])
    made = total[window:] - total[:-window]
    return float(np.mean(np.minimum(made[:, 1], made[:, 1] - made[:, 0]) > bar))


def _state(opened: pd.Timestamp | None, days: int, later: int) -> State:
    if opened is None:
        return "never came" if later >= LATEST else "waiting"
    return "over" if days == DAYS else "running"


def _sentence(
    names: tuple[str, str],
    state: State,
    opened: pd.Timestamp | None,
    days: int,
    follow: float,
    beyond: float,
    chance: float,
    bar: float,
) -> str:
    often = f"any 60 trading days bring {bar:g} pp of both {100 * chance:.0f}% of the time"
    if opened is None:
        word = "within a year of the article" if state == "never came" else "so far"
        return f"No day {word} is called debasement, so no window has opened; {often}."
    made = f"{names[1]} made {follow:+.1f} pp, {beyond:+.1f} pp against {names[0]}"
    begun = f"The window opened on {opened.day} {opened:%b %Y}"
    if state == "running":
        known = f"{days} of its 60 trading days are known, in which {made}"
        return f"{begun}; {known}. No answer before they are over; {often}."
    return f"{begun}; over its 60 trading days {made}; {often}."
