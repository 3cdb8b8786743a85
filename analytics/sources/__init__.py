"""The provider seam: a provider is a function ``fetch(series, since) -> Answer``.

Everything foreign ends here. A provider turns its source's names, units and failures into ours, says what it left out
and why, and stores nothing. ``admission.admit`` then
judges the answer against what is already held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.catalogue import Series

COLUMNS = ("period", "field", "value", "known_at")


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in an answer that is not stored, or is worth telling: shown on the Data page.

    Attributes:
        period: The date it concerns, None where the whole answer is meant.
        field: The ledger field, for example ``close``.
        value: What stood there, as text (shortened).
        reason: One plain sentence without the source's own words.
    """

    period: dt.date | None
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said about one series.

    Attributes:
        series: The catalogue row that was asked for.
        since: First period asked for; None means the whole history.
        rows: Columns ``period`` (datetime64[s], midnight, no zone), ``field`` (str), ``value`` (float64, never NaN) and
            ``known_at`` (datetime64[us, UTC]; NaT where the catalogue's rule decides). In the source's order; may still
            hold what admission refuses (duplicates, slips, partial bars).
        oddities: What the provider itself left out, with reasons.
        begins: First period that the source says it has; None where it does not say.
        currency: ISO code of the currency of prices, whole units; None where the source does not say.
    """

    series: Series
    since: dt.date | None
    rows: pd.DataFrame
    oddities: tuple[Oddity, ...] = field(default=())
    begins: dt.date | None = None
    currency: str | None = None


def undated(
    periods: np.ndarray | Sequence[dt.date],
    fields: np.ndarray | Sequence[str],
    values: np.ndarray | Sequence[float],
) -> pd.DataFrame:
    """Rows of the seam that leave ``known_at`` to the catalogue's rule; all of equal length, values without NaN."""
    rows = pd.DataFrame({"period": periods, "field": fields, "value": values, "known_at": None})
    kinds = {"period": "datetime64[s]", "field": "str", "value": "float64", "known_at": "datetime64[us, UTC]"}
    return rows.astype(kinds)


Fetch = Callable[[Series, dt.date | None], Answer]
Clock = Callable[[], dt.datetime]
"""Returns the present instant with a zone; SILVERLEAD_TODAY freezes it."""
