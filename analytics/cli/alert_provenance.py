"""What an alert rests on: the series behind a rule's value, how old they are, and whether they are too old to judge on.

The one place where the words about an alert's data are put together from the papers of its series: what else the papers
come to say of a series belongs into ``_told``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics import catalogue, evaluate
from analytics.clock import calendars
from analytics.clock.instants import MICROSECOND
from analytics.panel import Papers
from analytics.published import silver
from analytics.render.words import day as said
from analytics.topics.claims.recipes import LEFT_OUT
from analytics.view import DEFAULT, View

PUBLISHED = ("silver_balance", "silver_prints", "silver_stocks", "silver_claims")
"""Findings that rest on prints, whose dates are theirs; a price beside them is for display."""
INSTEAD = {"fed_funds_rate": "effr"}
"""Read only where the other one is not held."""
CONTRACTS = "fed_funds_contracts"
"""What the contract months are called together."""
FASTEST_FIRST = tuple(calendars.GRACE_DAYS)
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Provenance:
    """The data behind a value.

    Attributes:
        date: The newest date on which all of its fastest series have a figure; the day of the newest print for published
            figures; None where nothing is held.
        series: Last date held, by key; contract months count as one.
        stale: Why nothing should be judged on it; empty where it is fresh.
        unknown_until: The last instant at which the figures of ``date`` were not all known; None where there are none.
        words: ``data to 5 Jun 2026``.
    """

    date: dt.date | None
    series: Mapping[str, dt.date]
    stale: str
    unknown_until: dt.datetime | None
    words: str


def series_behind(
    finding: str, value: str, around: Iterable[Mapping[str, Any]], view: View, day: dt.date
) -> tuple[str, tuple[str, ...]]:
    """The finding that a value rests on in the end, and the keys of its series; none for published figures.

    Args:
        finding: Name of the recipe.
        value: Path into its plain body.
        around: The parts of the body that the value lies in, the nearest first: one that names its ``inputs`` or the
            ``finding`` that it rests on speaks for all in it.
        view: The choices the finding was asked with.
        day: The as-of day.
    """
    keys = _keys(finding, view, day)
    for part in around:
        inputs, other = part.get("inputs"), part.get("finding")
        if isinstance(inputs, list) and inputs and set(map(str, inputs)) <= set(keys):
            return finding, tuple(inputs)
        if isinstance(other, str) and other in evaluate.RECIPES:
            return other, _keys(other, DEFAULT, day)  # a claim is asked of the default pair
    if finding == "snapshots":  # cards that do not know of each other
        card = value.split(".")[0]
        return finding, (card,) if card in keys else (view.lead, view.follow)
    return finding, keys


def _keys(finding: str, view: View, day: dt.date) -> tuple[str, ...]:
    return () if finding in PUBLISHED else tuple(evaluate.recipe(finding).keys(view, day))


def of_series(finding: str, papers: Mapping[str, Papers], as_of: dt.datetime) -> Provenance:
    """The provenance of a value that rests on series.

    Args:
        finding: Name of the recipe: it may leave revised series out by itself.
        papers: Of the series that are held.
        as_of: The instant of the read.
    """
    used = _used(finding, papers)
    if not used:
        return Provenance(None, {}, "", None, "no data held")
    fastest = min((catalogue.get(paper.key).frequency for paper in used.values()), key=FASTEST_FIRST.index)
    fast = [paper for paper in used.values() if catalogue.get(paper.key).frequency == fastest]
    date = _common(fast)
    until = min(as_of, max(_known(paper, date) for paper in fast)) - MICROSECOND
    stale = [paper for paper in used.values() if paper.stale]
    series = {key: paper.last for key, paper in used.items()}
    return Provenance(date, series, _why_stale(stale), until, _told(date, list(used.values())))


def of_prints(finding: str, day: dt.date) -> Provenance:
    """The provenance of published figures: the day of the newest print known by ``day``. Prints do not go stale."""
    prints: Sequence[Any] = silver.stocks(day) if finding == "silver_stocks" else silver.vintages()
    known = [each.printed for each in prints if each.printed <= day]
    if not known:
        return Provenance(None, {}, "", None, "no print known")
    return Provenance(max(known), {}, "", None, f"newest print of {said(max(known))}")


def _used(finding: str, papers: Mapping[str, Papers]) -> dict[str, Papers]:
    """Papers that count: of contract months the newest, since expired ones end for good and far ones trade seldom."""
    left_out = {key for key in LEFT_OUT.get(finding, ()) if key in papers and papers[key].later_vintage}
    left_out |= {key for key, other in INSTEAD.items() if other in papers}
    used = {
        key: paper
        for key, paper in papers.items()
        if key not in left_out and not catalogue.contract_month(key)
    }
    contracts = [paper for key, paper in papers.items() if catalogue.contract_month(key)]
    if contracts:
        used[CONTRACTS] = max(contracts, key=lambda paper: paper.last)
    return used


def _common(fast: Sequence[Papers]) -> dt.date:
    """The newest date that all have; a US trading day unless all of them have every day."""
    last = min(paper.last for paper in fast)
    daily = [catalogue.get(paper.key) for paper in fast]
    if any(series.frequency != "d" for series in daily) or all(series.every_day for series in daily):
        return last
    sessions = calendars.us_sessions()
    place = int(np.searchsorted(sessions, np.datetime64(last), side="right")) - 1
    found: dt.date = sessions[max(place, 0)].astype(object)
    return found


def _known(paper: Papers, date: dt.date) -> dt.datetime:
    """When the figure of a date was first known: by the catalogue's rule, or earlier where it is on record."""
    rule = calendars.release(catalogue.get(paper.key), date)
    return min(rule, paper.known_at) if paper.last == date else rule


def _why_stale(stale: Sequence[Papers]) -> str:
    if not stale:
        return ""
    named = _few([f"{_title(paper)} ends on {said(paper.last)}" for paper in stale])
    grace = min(calendars.GRACE_DAYS[catalogue.get(paper.key).frequency] for paper in stale)
    return f"{named}, and a newer figure has been due for more than {grace} days"


def _told(date: dt.date, papers: Sequence[Papers]) -> str:
    """What a message says of the data: their date, and each series that ends before it."""
    older = [f"{_title(paper)} to {said(paper.last)}" for paper in papers if paper.last < date]
    return f"data to {said(date)}" + (f" ({_few(older)})" if older else "")


def _few(parts: Sequence[str]) -> str:
    more = [f"and {len(parts) - MOST_NAMED} more"] if len(parts) > MOST_NAMED else []
    return ", ".join([*parts[:MOST_NAMED], *more])


def _title(paper: Papers) -> str:
    return "The newest fed funds contract" if catalogue.contract_month(paper.key) else paper.title
