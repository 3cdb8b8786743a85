"""When the rows of an answer became known."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analytics.clock.calendars import release_times
from analytics.sources import COLUMNS, Answer


def dated(answer: Answer, now: dt.datetime) -> pd.DataFrame:
    """The answer's rows with ``known_at`` filled and ``estimated`` beside it.

    The provider's own instant stands. A price is known when its bar is final, any other figure by the release rule of
    the catalogue, and a published figure that is in hand is known now at the latest, whatever rule or stamp says.
    """
    price = answer.series.final is not None
    rows = answer.rows.loc[:, list(COLUMNS)].reset_index(drop=True)
    unsaid = rows["known_at"].isna()
    known_at = rows["known_at"].where(~unsaid, release_times(answer.series, rows["period"]))
    if answer.series.projection:
        known_at = known_at.mask(unsaid, pd.Timestamp(now).tz_convert("UTC"))
    if not price:
        known_at = known_at.where(known_at <= now, pd.Timestamp(now).tz_convert("UTC"))
    return rows.assign(known_at=known_at.astype("datetime64[us, UTC]"), estimated=unsaid & (not price))
