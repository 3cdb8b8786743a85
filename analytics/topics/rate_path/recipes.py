"""Findings about what the market prices the Fed to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics import catalogue
from analytics.clock import calendars
from analytics.errors import NotPriced
from analytics.published import fed_odds, fomc
from analytics.recipe import Question, Recipe
from analytics.stats import snapshot
from analytics.stats.snapshot import Snapshot
from analytics.topics.rate_path.measures import (
    coarse_path,
    complete_day,
    easing_link,
    rate_decisions,
    rate_observed,
    rate_path,
    rate_path_days,
    rate_priced,
    rate_score,
    rate_through_time,
    rate_ticks,
)
from analytics.topics.rate_path.measures import rate_history as histories
from analytics.topics.rate_path.measures.complete_day import CompleteDay
from analytics.topics.rate_path.measures.rate_odds import STEP
from analytics.topics.rate_path.measures.rate_path import RatePath
from analytics.topics.rate_path.measures.rate_path_days import AnnouncedRange
from analytics.topics.rate_path.measures.rate_priced import MeetingChange, Priced
from analytics.view import ARTICLE, View, months_before

FIRST_CONTRACT = dt.date(2010, 6, 1)
"""Nobody hands out older contracts for free."""
MONTHS_AHEAD = 24
RANGE = ("target_lower", "target_upper", "effr", "fed_funds_rate")
COARSE = ("fed_funds_front", "treasury_3m", "treasury_1y")
LINKED = ("real_yield_10y", "dollar_index")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the measures of the rate path are made from.

    Attributes:
        prices: Rows days, columns first days of contract months; NaN where there is none [price].
        announced: Target range by day, as announced.
        effective: Effective rate by day [%].
        volumes: Newest volume of each contract month that has one.
    """

    prices: pd.DataFrame
    announced: AnnouncedRange
    effective: pd.Series
    volumes: dict[dt.date, float]


@dataclass(frozen=True, slots=True)
class PathNow:
    """The priced path as of the page's day, and beside an earlier one.

    Attributes:
        now: As of the last complete day of prices.
        then: As of the day it is compared with; None where nothing was priced then.
        why_no_then: Why nothing was; empty otherwise.
        changes: Differences by meeting; empty without ``then``.
        year_end: Moves priced to the end of ``year``.
        year: The chosen year; without a choice ``unchosen``.
        unchosen: The year that is shown without a choice: the running one, or the next where only its end is known.
        running: Moves priced to the end of the running year, where another one is shown in its place; None otherwise.
        read: Which day that is, and which months lag behind newer prices.
        pending: The day's decision that the range cannot show yet; None otherwise.
        begins: First day with contract prices.
        n_contracts: Contracts priced on the day.
    """

    now: RatePath
    then: RatePath | None
    why_no_then: str
    changes: tuple[MeetingChange, ...]
    year_end: Priced
    year: int
    unchosen: int
    running: Priced | None
    read: CompleteDay
    pending: dt.date | None
    begins: dt.date
    n_contracts: int

    def to_dict(self) -> dict[str, Any]:
        """The path in the form of ``RatePath.to_dict``, and the moves priced to the year's end."""
        return {
            **self.now.to_dict(),
            "year": self.year,
            "year_end_moves": self.year_end.moves,
            "why_not": self.year_end.why,
            "lagging": [f"{month:%Y-%m}" for month in self.read.lagging],
            "begins": self.begins.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Story:
    """What the article said of cuts: what was priced on its day (claims 10 and 11)."""

    path: RatePath
    year_end: Priced
    second_half: Priced


def keys(view: View, day: dt.date) -> tuple[str, ...]:
    """The announced range, effective rates and every contract month up to two years ahead."""
    first = FIRST_CONTRACT.year * 12 + FIRST_CONTRACT.month - 1
    last = day.year * 12 + day.month - 1 + MONTHS_AHEAD
    contracts = [catalogue.contract(*catalogue.divmod_month(month)).key for month in range(first, last + 1)]
    return (*RANGE, *contracts)


def read_inputs(question: Question) -> Inputs:
    """The inputs out of a panel that holds the series of ``keys``.

    Raises:
        NotPriced: no contract is held.
    """
    panel = question.panel
    columns = {
        catalogue.contract_month(key): column
        for key, column in panel.columns.items()
        if catalogue.contract_month(key)
    }
    if not columns:
        raise NotPriced(
            "No fed funds contract is held as of this day. Yahoo forgets expired months: import their history with "
            "`python -m analytics import zq FILE`, or choose a later day."
        )
    prices = pd.concat(
        {pd.Timestamp(month): column for month, column in sorted(columns.items())}, axis=1, sort=True
    )
    trading = calendars.may_be_dated(catalogue.get("fed_funds_front"), prices.index.to_numpy())
    prices = prices[trading]
    announced = _announced(question)
    effective = panel.columns.get("effr", panel.columns.get("fed_funds_rate", pd.Series(dtype=float)))
    volumes = {
        month: volume for key, volume in panel.volumes.items() if (month := catalogue.contract_month(key))
    }
    return Inputs(prices, announced, effective, volumes)


def _announced(question: Question) -> AnnouncedRange:
    lower, upper = (question.panel.series(key) for key in ("target_lower", "target_upper"))
    return rate_path_days.announced_range(lower, upper, fomc.decision_days())


@dataclass(frozen=True, slots=True)
class Strip:
    """Prices of one day, and how they are solved.

    Attributes:
        prices: {first day of the contract month: price}, the settlement of the month before included.
        solve: The path of such prices.
    """

    prices: dict[dt.date, float | None]
    solve: rate_ticks.Solve


def path_on(inputs: Inputs, day: dt.date) -> RatePath:
    """The path of the last complete day up to ``day``, at most a week before it.

    Raises:
        NotPriced: no prices in that week.
    """
    found = strip_on(inputs, day)
    return found.solve(found.prices)


def strip_on(inputs: Inputs, day: dt.date) -> Strip:
    """The contracts of the last complete day up to ``day``, at most a week before it.

    Raises:
        NotPriced: no prices in that week.
    """
    on = complete_day.complete_day(inputs.prices, day).day
    stamp = pd.Timestamp(on)
    quotes: dict[dt.date, float | None] = {
        month.date(): float(price) for month, price in inputs.prices.loc[stamp].dropna().items()
    }
    if not inputs.effective.empty:
        quotes = rate_path_days.with_settlement(quotes, inputs.effective, on)
    meetings = rate_path_days.decision_days(fomc.load(), on, inputs.announced.moved)
    volumes = inputs.volumes if stamp == inputs.prices.index[-1] else {}
    now = rate_observed.observed_rate(inputs.effective, inputs.announced.by_day, on)
    bounds = inputs.announced.on(on)

    def solve(prices: Mapping[dt.date, float | None]) -> RatePath:
        return rate_path.rate_path(prices, meetings, on, bounds, volumes=volumes, observed=now)

    return Strip(quotes, solve)


def compare_day(view: View, day: dt.date) -> dt.date:
    """The day that the page compares with."""
    if view.compare == "day":
        return day - dt.timedelta(days=1)
    if view.compare == "week":
        return day - dt.timedelta(days=7)
    return months_before(day, 1) if view.compare == "month" else min(dt.date.fromisoformat(view.compare), day)


def running_year(day: dt.date) -> int:
    """The year to whose end moves are counted without a choice: the running one, until its last meeting."""
    ahead = [meeting for meeting in fomc.decision_days(day) if meeting > day]
    return ahead[0].year if ahead else day.year


def _unchosen_year(now: RatePath, running: int) -> int:
    """The running year unless its end is not known and the next one's is, as where the near contracts have expired."""
    years = (running, running + 1)
    return next((year for year in years if rate_priced.year_end_moves(now, year).moves is not None), running)


def _path(question: Question) -> PathNow:
    inputs: Inputs = question.ask(RATE_INPUTS)
    now = path_on(inputs, question.day)
    then, why_no_then = _then(inputs, compare_day(question.view, now.as_of))
    running = running_year(now.as_of)
    unchosen = _unchosen_year(now, running)
    year = unchosen if question.view.year == "auto" else int(question.view.year)
    return PathNow(
        now=now,
        then=then,
        why_no_then=why_no_then,
        changes=rate_priced.compare(now, then) if then is not None else (),
        year_end=rate_priced.year_end_moves(now, year),
        year=year,
        unchosen=unchosen,
        running=rate_priced.year_end_moves(now, running) if year == unchosen != running else None,
        read=complete_day.complete_day(inputs.prices, question.day),
        pending=inputs.announced.pending,
        begins=inputs.prices.index[0].date(),
        n_contracts=int(inputs.prices.loc[pd.Timestamp(now.as_of)].notna().sum()),
    )


def _then(inputs: Inputs, day: dt.date) -> tuple[RatePath | None, str]:
    try:
        return path_on(inputs, day), ""
    except NotPriced as error:
        return None, str(error)


def _ticks(question: Question) -> dict[dt.date, float]:
    strip = strip_on(question.ask(RATE_INPUTS), question.day)
    return rate_ticks.tick_band(strip.prices, strip.solve)


def _history(question: Question) -> histories.RateHistory:
    inputs: Inputs = question.ask(RATE_INPUTS)
    return histories.rate_history(
        inputs.prices,
        fomc.load(),
        inputs.announced.by_day,
        effective=None if inputs.effective.empty else inputs.effective,
        moved=inputs.announced.moved,
    )


def _story(question: Question) -> Story:
    path = path_on(question.ask(RATE_INPUTS), min(ARTICLE, question.day))
    return Story(path, rate_priced.year_end_moves(path, 2026), rate_priced.second_half_moves(path, 2026))


def _priced(question: Question) -> Snapshot:
    """The line of moves priced to the shown year's end up to the path's own day, as a card [bp].

    Raises:
        NotPriced: that end is not known on the day: an older reading is none of today.
    """
    found: PathNow = question.ask(RATE_PATH)
    if found.year_end.moves is None:
        raise NotPriced(found.year_end.why)
    history = question.ask(RATE_HISTORY)
    line = rate_through_time.year_end_line(history, found.year)[: pd.Timestamp(found.now.as_of)].dropna()
    name = f"Moves priced to the end of {found.year}"
    return snapshot.snapshot(100 * STEP * line, *question.window, "difference", name)


def _score(question: Question) -> rate_score.RateScore:
    """On simulated prices without the published record, which speaks of another market."""
    try:
        history = question.ask(RATE_HISTORY)
    except NotPriced:
        history = None
    calendar, day = fomc.load(), question.day
    decided = rate_decisions.decided(_announced(question).by_day, calendar, day)
    return rate_score.rate_score(
        history,
        decided,
        day,
        record=() if question.panel.simulated else fed_odds.load(),
        unscheduled=rate_decisions.unscheduled_moves(calendar, rate_score.SINCE, day),
    )


def _link(question: Question) -> easing_link.EasingLink:
    history = question.ask(RATE_HISTORY)
    changes = easing_link.easing_changes(history, *(question.panel.series(key) for key in LINKED))
    return easing_link.easing_link(changes)


def _coarse(question: Question) -> coarse_path.CoarsePath:
    known = {
        key: question.panel.columns[key]
        for key in (*COARSE, "effr", "fed_funds_rate")
        if key in question.panel
    }
    return coarse_path.coarse_path(known, question.day)


NOTHING: frozenset[str] = frozenset()
"""These look at the data alone: one answer serves every view of them."""
RATE_INPUTS = Recipe(
    "rate_inputs",
    keys,
    read_inputs,
    "fed funds contracts, announced range and effective rate by day",
    reads=NOTHING,
)
RATE_PATH = Recipe(
    "rate_path", keys, _path, "what the market prices the Fed to do", reads=frozenset({"compare", "year"})
)
RATE_TICKS = Recipe("rate_ticks", keys, _ticks, "what one tick of a settlement moves the path", reads=NOTHING)
RATE_HISTORY = Recipe("rate_history", keys, _history, "the priced path of every day", reads=NOTHING)
PRICED_MOVES = Recipe("priced_moves", keys, _priced, "moves priced to the year's end, as the Overview's card")
RATE_STORY = Recipe("rate_story", keys, _story, "cuts priced on the day of the article", reads=NOTHING)
RATE_SCORE = Recipe("rate_score", keys, _score, "Brier score of past pricing", reads=NOTHING)
EASING_LINK = Recipe(
    "easing_link",
    lambda view, day: (*keys(view, day), *LINKED),
    _link,
    "easing priced against real yields and the dollar",
)
COARSE_PATH = Recipe(
    "coarse_path",
    lambda view, day: (*COARSE, "effr", "fed_funds_rate"),
    _coarse,
    "a coarse path from bills",
)
RECIPES = (
    RATE_INPUTS,
    RATE_PATH,
    RATE_TICKS,
    RATE_HISTORY,
    PRICED_MOVES,
    RATE_STORY,
    RATE_SCORE,
    EASING_LINK,
    COARSE_PATH,
)
