"""What came after a crowded market, and whether positions follow the price: for display, no verdict.

A report counts as crowded where the first group's net long is higher, as a share of open interest, than in four fifths of the
reports known until then. What came after is counted from the first close after the report was out. Windows overlap, so what
counts is how many of them do not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData
from analytics.topics.positions.measures.following import weekly

CROWDED = 0.8
"""Share of earlier reports that a crowded one exceeds."""
EARLIER = 156
"""Reports that must lie before the first one that is judged: three years."""
AHEAD = 13
"""Weeks that are looked ahead."""
FEWEST = 8
"""Windows apart from each other, of either kind, below which nothing is said."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """What came after crowded reports beside what came after all others.

    Attributes:
        group: Whose net long is looked at.
        n, n_crowded: Reports with AHEAD weeks after them, and the crowded ones among them.
        effective_n: Crowded reports whose windows do not overlap.
        after_crowded, after_others: Mean log return of the price over AHEAD weeks [%].
        fell: Share of the effective windows that ended lower [%].
        follows: Correlation of the week's change of the net long with the week's return.
        n_weeks: Weeks behind ``follows``.
        crowded_now: Whether the newest report is crowded; None where too few lie before it.
        sentence: What a reader sees.
        reports: By report day, those that are judged: ``share`` [% of open interest], ``after`` (log return over the AHEAD weeks
            from its release) [%], ``crowded`` and ``apart`` (counted in ``effective_n``).
    """

    group: str
    n: int
    n_crowded: int
    effective_n: int
    after_crowded: float
    after_others: float
    fell: float
    follows: float
    n_weeks: int
    crowded_now: bool | None
    sentence: str
    reports: pd.DataFrame = field(repr=False)


def crowding(share: pd.Series, released: pd.DatetimeIndex, price: pd.Series, group: str) -> Crowding:
    """Measure one group.

    Args:
        share: Its net long by report day, rising [% of open interest]; no NaN.
        released: The day on which each report came out, no zone, like ``share``.
        price: Closes by date, rising, no NaN.
        group: What sentences call it.

    Raises:
        NotEnoughData: too few reports, or too few windows apart from each other.
    """
    crowded = crowded_reports(share)
    after = _after(released, price)
    judged = crowded.notna().to_numpy() & np.isfinite(after)
    if judged.sum() < AHEAD * FEWEST:
        raise NotEnoughData(
            "The record of reports with a quarter after them", int(judged.sum()), AHEAD * FEWEST
        )
    mask = judged & (crowded == 1).to_numpy()
    apart = _apart(mask)
    weeks = weekly(share, price.reindex(share.index, method="ffill"))
    found = {
        "after_crowded": float(after[mask].mean()) if mask.any() else np.nan,
        "after_others": float(after[judged & ~mask].mean()),
        "fell": 100 * float((after[apart] < 0).mean()) if len(apart) else np.nan,
    }
    return Crowding(
        group=group,
        n=int(judged.sum()),
        n_crowded=int(mask.sum()),
        effective_n=len(apart),
        **found,
        follows=float(np.corrcoef(weeks["change"], weeks["return"])[0, 1]),
        n_weeks=len(weeks),
        crowded_now=None if np.isnan(crowded.iloc[-1]) else bool(crowded.iloc[-1]),
        sentence=_sentence(group, len(apart), found),
        reports=_reports(share, after, mask, apart)[judged],
    )


def crowded_reports(share: pd.Series) -> pd.Series:
    """1.0 where a report exceeds CROWDED of those before it, 0.0 where not, NaN while fewer than EARLIER lie before."""
    values = share.to_numpy()
    found = np.full(len(values), np.nan)
    for at in range(EARLIER, len(values)):
        found[at] = float((values[:at] < values[at]).mean() > CROWDED)
    return pd.Series(found, index=share.index)


def _after(released: pd.DatetimeIndex, price: pd.Series) -> np.ndarray:
    """Log return over AHEAD weeks from the first close after each release [%]; NaN where the price does not reach."""
    start = np.searchsorted(price.index.to_numpy(), released.to_numpy(), side="right")
    stop = np.searchsorted(
        price.index.to_numpy(), (released + pd.Timedelta(weeks=AHEAD)).to_numpy(), side="right"
    )
    closes, found = np.log(price.to_numpy()), np.full(len(released), np.nan)
    there = stop < len(closes)
    found[there] = 100 * (closes[stop[there]] - closes[start[there]])
    return found


def _apart(mask: np.ndarray) -> np.ndarray:
    """Positions of crowded reports, each at least AHEAD weeks after the one before."""
    found: list[int] = []
    for at in np.flatnonzero(mask).tolist():
        if not found or at - found[-1] >= AHEAD:
            found.append(at)
    return np.array(found, dtype=int)


def _reports(share: pd.Series, after: np.ndarray, mask: np.ndarray, apart: np.ndarray) -> pd.DataFrame:
    counted = np.isin(np.arange(len(share)), apart)
    return pd.DataFrame(
        {"share": share.to_numpy(), "after": after, "crowded": mask, "apart": counted}, index=share.index
    )


def _sentence(group: str, effective: int, found: dict[str, float]) -> str:
    if effective < FEWEST:
        return f"Only {effective} quarters apart from each other followed a crowded report: too few to say what comes after."
    return (
        f"After reports on which {group} were more net long than on four fifths of those before, the price moved "
        f"{found['after_crowded']:+.1f}% in a quarter on average, {found['after_others']:+.1f}% after all others; "
        f"{effective} such quarters do not overlap, and {found['fell']:.0f}% of them ended lower."
    )
