"""How a futures market is held: each group's net long as a share of open interest, its rank among all reports known, and
the price beside it.

A group's net long is what it holds long less what it holds short; what one group is long others are short. Options count by
their deltas, spreads are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.errors import NotEnoughData

QUARTER = 13
"""Weeks over which a change is also given."""
FEWEST = 52
"""A percentile among fewer reports says nothing."""
TAIL = 10
"""Share of the known reports that lie beyond each edge of a group's usual range [%]."""
TALLEST = 2.0
"""A change of price or of a net long smaller than this is no rise or fall worth a word [%; % of open interest]."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one group of traders held on the day of the newest report.

    Attributes:
        name: Of the group.
        long, short: [contracts].
        net: long - short [contracts].
        share: Net as a share of open interest [%].
        percentile: Share of the known reports with a share no higher [%]; NaN among fewer than FEWEST.
        low, high: Edges of the usual range of its share: all known reports but TAIL percent at each end [%]; NaN like ``percentile``.
        week, quarter: Change of the net over one week and over QUARTER weeks [contracts]; NaN where no report reaches back.
    """

    name: str
    long: float
    short: float
    net: float
    share: float
    percentile: float
    low: float
    high: float
    week: float
    quarter: float


@dataclass(frozen=True, slots=True)
class Positioning:
    """A futures market as the newest report that was known describes it.

    Attributes:
        market: What is traded.
        report: The day that the report describes.
        known_at: When it came out.
        age: Days from the report's day to the as-of day.
        n: Number of reports known.
        open_interest: [contracts].
        groups: The group that follows trends first.
        since: The report QUARTER weeks before; None where none reaches back.
        price_change: Of the price from that report's day to the newest's [%]; NaN where one is not known.
        divergence: ``rising price, less speculation``, ``falling price, more speculation``, or empty: price and the first
            group's net long over QUARTER weeks.
        sentence: What a reader sees.
        weeks: By report day: each group's net as a share of open interest [%] under its name, ``price`` (the last close up to
            that day, NaN for none) and ``open_interest``.
    """

    market: str
    report: dt.date
    known_at: dt.datetime
    age: int
    n: int
    open_interest: float
    groups: tuple[Group, ...]
    since: dt.date | None
    price_change: float
    divergence: str
    sentence: str
    weeks: pd.DataFrame = field(repr=False)


def positioning(
    reports: pd.DataFrame,
    groups: Mapping[str, str],
    price: pd.Series | None,
    *,
    market: str,
    known_at: dt.datetime,
    day: dt.date,
) -> Positioning:
    """Measure the newest report among all that were known.

    Args:
        reports: By report day, rising: ``open_interest`` and ``GROUP_long``, ``GROUP_short`` for each of ``groups``
            [contracts]; no NaN.
        groups: What sentences call each group, the one that follows trends first.
        price: Closes by date, rising, without NaN; None where none is known.
        market: What sentences call the market.
        known_at: When the newest report came out.
        day: The as-of day.

    Raises:
        NotEnoughData: no report.
    """
    if reports.empty:
        raise NotEnoughData(f"The record of positions in {market}", 0, 1)
    weeks = _weeks(reports, groups, price)
    found = tuple(_group(reports, weeks, stem, name) for stem, name in groups.items())
    report, back = reports.index[-1], _before(reports.index)
    moved = _price_change(weeks, back)
    since = None if back is None else back.date()
    divergence = _divergence(weeks[found[0].name], moved, back)
    sentence = _sentence(market, report.date(), found[0], since, moved)
    return Positioning(
        market=market,
        report=report.date(),
        known_at=known_at,
        age=(day - report.date()).days,
        n=len(reports),
        open_interest=float(reports["open_interest"].iloc[-1]),
        groups=found,
        since=since,
        price_change=moved,
        divergence=divergence,
        sentence=sentence,
        weeks=weeks,
    )


def net_longs(reports: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """Each group's net long under its name, by report day [contracts]."""
    return pd.DataFrame(
        {name: reports[f"{stem}_long"] - reports[f"{stem}_short"] for stem, name in groups.items()}
    )


def _weeks(reports: pd.DataFrame, groups: Mapping[str, str], price: pd.Series | None) -> pd.DataFrame:
    shares = 100 * net_longs(reports, groups).div(reports["open_interest"], axis=0)
    closes = np.nan if price is None else price.reindex(reports.index, method="ffill")
    return shares.assign(price=closes, open_interest=reports["open_interest"])


def _group(reports: pd.DataFrame, weeks: pd.DataFrame, stem: str, name: str) -> Group:
    long, short = reports[f"{stem}_long"], reports[f"{stem}_short"]
    net, share, back = long - short, weeks[name], _before(reports.index)
    enough = len(share) >= FEWEST
    low, high = np.percentile(share, [TAIL, 100 - TAIL]).tolist() if enough else (np.nan, np.nan)
    return Group(
        name=name,
        long=float(long.iloc[-1]),
        short=float(short.iloc[-1]),
        net=float(net.iloc[-1]),
        share=float(share.iloc[-1]),
        percentile=100 * float((share <= share.iloc[-1]).mean()) if enough else np.nan,
        low=low,
        high=high,
        week=float(net.iloc[-1] - net.iloc[-2]) if len(net) > 1 else np.nan,
        quarter=np.nan if back is None else float(net.iloc[-1] - net[back]),
    )


def _before(days: pd.Index) -> pd.Timestamp | None:
    """The report QUARTER weeks before the newest, by count: none is skipped when one comes late."""
    return days[-1 - QUARTER] if len(days) > QUARTER else None


def _price_change(weeks: pd.DataFrame, back: pd.Timestamp | None) -> float:
    return np.nan if back is None else 100 * float(weeks["price"].iloc[-1] / weeks["price"][back] - 1)


def _divergence(share: pd.Series, moved: float, back: pd.Timestamp | None) -> str:
    if back is None or not np.isfinite(moved):
        return ""
    change = float(share.iloc[-1] - share[back])
    if moved > TALLEST and change < -TALLEST:
        return "rising price, less speculation"
    return "falling price, more speculation" if moved < -TALLEST and change > TALLEST else ""


def _sentence(market: str, report: dt.date, first: Group, since: dt.date | None, moved: float) -> str:
    side = "long" if first.net >= 0 else "short"
    rank = "" if np.isnan(first.percentile) else f", {first.percentile:.0f}% of all reports were no higher"
    said = (
        f"On {report:%-d %b %Y} {first.name} were net {side} {abs(first.net):,.0f} contracts of {market}, "
        f"{abs(first.share):.1f}% of open interest{rank}"
    )
    if since is None:
        return f"{said}."
    kind = "more" if first.quarter >= 0 else "fewer"
    beside = (
        "" if np.isnan(moved) else f", while the price {'rose' if moved >= 0 else 'fell'} {abs(moved):.0f}%"
    )
    return f"{said}; {abs(first.quarter):,.0f} contracts {kind} than on {since:%-d %b %Y}{beside}."
