"""What Bitcoin did after a trigger fired, and how often the bell rang for nothing. Display: it enters no
verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData, NotPositive
from analytics.stats.event_study.event_paths import EventPath, event_path
from analytics.stats.event_study.event_test import effective_n
from analytics.stats.naive import horizon_returns
from analytics.stats.resampling import generator, packed_signs

HORIZON = 60
DRAWS = 1_999
FEWEST_RETURNS = HORIZON + 1


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Bitcoin after the firings of one trigger.

    Attributes:
        table: By firing that Bitcoin lived through: ``counted_from`` (the close from which the days after are
            counted) and ``after`` its log return over the next 60 trading days [pp], NaN while they are not
            over.
        effective_n: Firings without overlap over 60 days that they are worth.
        path: Mean path from the day after a firing on, with the band of unrelated events.
        over: Firings whose 60 days are over.
        false_alarms: Those after which Bitcoin stood no higher 60 trading days later.
        chance: Share of all days after which it stood no higher 60 trading days later.
        usual: Mean 60-day log return after any day [pp].
        mean: After the firings that are over [pp]; NaN without one.
    """

    table: pd.DataFrame
    effective_n: float
    path: EventPath
    over: int
    false_alarms: int
    chance: float
    usual: float
    mean: float


def outcomes(bitcoin: pd.Series, fired: pd.DatetimeIndex) -> Outcomes | None:
    """Follow Bitcoin after each firing; None where no firing has a day after it.

    Args:
        bitcoin: Closes above zero by US trading day, rising dates; NaN are no days.
        fired: Days, rising. One that is no day of Bitcoin's counts from the next; those before the first are
            left out.

    Raises:
        NotPositive: a close at or below zero.
        NotEnoughData: too few closes for a horizon.
    """
    known = bitcoin.dropna()
    wrong = ~(np.isfinite(known) & (known > 0))
    if wrong.any():
        raise NotPositive("Bitcoin", f"{known.index[wrong.to_numpy().argmax()]:%Y-%m-%d}")
    if len(known) <= FEWEST_RETURNS:
        raise NotEnoughData("Bitcoin after triggers", max(len(known) - 1, 0), FEWEST_RETURNS)
    lived = fired[fired >= known.index[0]]
    at = known.index.searchsorted(lived, side="left")
    lived, at = lived[at < len(known) - 1], at[at < len(known) - 1]
    if not len(at):
        return None
    y = np.diff(np.log(known.to_numpy(float)))
    ahead = 100 * horizon_returns(y, HORIZON)
    after = np.append(ahead, np.full(len(known) - len(ahead), np.nan))[at]
    over = after[~np.isnan(after)]
    flags = np.zeros(len(known), bool)
    flags[at] = True
    return Outcomes(
        table=pd.DataFrame({"counted_from": known.index[at], "after": after}, index=lived.rename("fired")),
        effective_n=effective_n(np.unique(at), HORIZON),
        path=event_path(y, flags, HORIZON, packed_signs(generator("triggers"), DRAWS, len(y))),
        over=len(over),
        false_alarms=int((over <= 0).sum()),
        chance=float(np.mean(ahead <= 0)),
        usual=float(ahead.mean()),
        mean=float(over.mean()) if len(over) else np.nan,
    )
