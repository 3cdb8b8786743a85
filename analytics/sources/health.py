"""Can the data be trusted: one row a series, for the Data page and the command line. Pure, from what the ledger says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.catalogue import FREQUENCIES, Series
from analytics.clock import calendars
from analytics.panel import Panel, Papers


@dataclass(frozen=True, slots=True)
class Health:
    """The state of one series.

    Attributes:
        series: Its catalogue row.
        state: ``fresh``, ``unconfirmed`` (fresh, but only its source says so), ``stale``, ``disputed`` (its newest answer
            contradicts what is held), ``failed`` (its last attempt failed), ``waiting`` (never asked) or ``simulated``.
        first, last: First and last period held; None where nothing is held.
        n: Periods held.
        gaps: Dates between first and last on which the series should have a figure and has none.
        revisions: Values replaced so far.
        succeeded: When its source last answered well.
        trouble: Why its last attempt failed, or empty.
    """

    series: Series
    state: str
    first: dt.date | None
    last: dt.date | None
    n: int
    gaps: int
    revisions: int
    succeeded: dt.datetime | None
    trouble: str


def health(
    wanted: Sequence[Series], panel: Panel, attempts: pd.DataFrame, revisions: dict[str, int]
) -> list[Health]:
    """The state of every wanted series.

    Args:
        wanted: Catalogue rows, in the order of the table.
        panel: What is held of them.
        attempts: ``Ledger.last_attempts()``.
        revisions: Number of revisions by key.
    """
    by_key = attempts.set_index("series")
    return [_one(series, panel, by_key, revisions.get(series.key, 0)) for series in wanted]


def _one(series: Series, panel: Panel, attempts: pd.DataFrame, revisions: int) -> Health:
    row = attempts.loc[series.key] if series.key in attempts.index else None
    failed = row is not None and row["outcome"] == "failed"
    trouble = str(row["message"]) if row is not None and failed else ""
    good = None if row is None or pd.isna(row["succeeded_at"]) else row["succeeded_at"].to_pydatetime()
    paper = panel.papers.get(series.key)
    if paper is None:
        return Health(series, "failed" if failed else "waiting", None, None, 0, 0, revisions, good, trouble)
    state = _state(paper, failed, panel.simulated)
    gaps = count_gaps(series, panel.series(series.key).index.to_numpy())
    return Health(series, state, paper.first, paper.last, paper.n, gaps, revisions, good, trouble)


def _state(paper: Papers, failed: bool, simulated: bool) -> str:
    """The word for a series that is held."""
    if simulated:
        return "simulated"
    if failed:
        return "disputed" if paper.disputed else "failed"
    return "stale" if paper.stale else "unconfirmed" if paper.unconfirmed else "fresh"


def count_gaps(series: Series, dates: np.ndarray) -> int:
    """Dates between the first and the last on which the series should have a figure and has none.

    Weekly series are counted by week, since a holiday may move their day.
    """
    held = dates.astype("datetime64[D]")
    first, last = held[0].astype(object), held[-1].astype(object)
    if series.frequency == "w":
        weeks = int((held[-1] - held[0]).astype(int)) // 7 + 1
        return max(weeks - len(held), 0)
    expected = calendars.expected_dates(series, first, last)
    return int((~np.isin(expected, held)).sum())


def table(rows: Sequence[Health]) -> pd.DataFrame:
    """The rows as the Data page shows and exports them."""
    return pd.DataFrame(
        {
            "series": [row.series.key for row in rows],
            "title": [row.series.title for row in rows],
            "state": [row.state for row in rows],
            "source": [f"{row.series.provider} {row.series.code}" for row in rows],
            "unit": [row.series.unit for row in rows],
            "frequency": [FREQUENCIES[row.series.frequency] for row in rows],
            "first": [row.first for row in rows],
            "last": [row.last for row in rows],
            "n": [row.n for row in rows],
            "gaps": [row.gaps for row in rows],
            "revisions": [row.revisions for row in rows],
            "last success": [row.succeeded for row in rows],
            "trouble": [row.trouble for row in rows],
            "publisher": [row.series.publisher for row in rows],
            "licence": [row.series.licence for row in rows],
        }
    ).set_index("series")


def summary(rows: Sequence[Health]) -> str:
    """One sentence: how much of the data is fresh, and what is not."""
    counts = {
        state: sum(row.state == state for row in rows)
        for state in ("fresh", "simulated", *(name for name, _ in _TROUBLE))
    }
    if counts["simulated"]:
        return f"All {len(rows)} series are simulated demo data."
    parts = [f"{counts['fresh']} of {len(rows)} series are up to date"]
    parts += [f"{counts[state]} {words}" for state, words in _TROUBLE if counts[state]]
    return "; ".join(parts) + "."


_TROUBLE = (
    ("unconfirmed", "unconfirmed"),
    ("stale", "late"),
    ("disputed", "disputed"),
    ("failed", "failed at the last try"),
    ("waiting", "not asked yet"),
)
