"""Findings about the chosen pair and the universe around it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from analytics import catalogue
from analytics.errors import SameSeries
from analytics.published import thresholds
from analytics.published.silver import HIGH_OF_1980
from analytics.recipe import Question, Recipe, spoken
from analytics.stats import drawdown, snapshot
from analytics.stats.correlation import rolling_correlation
from analytics.stats.snapshot import Snapshot
from analytics.topics.pair.measures import (
    acceleration,
    best_of_many,
    cointegration,
    divergence,
    league,
    outperformance,
    record,
)
from analytics.view import ARTICLE, View

UNIVERSE = (
    "silver", "gold", "copper", "bitcoin", "ether", "sp500", "nasdaq", "dollar_index", "treasury_20y_etf",
    "high_yield_etf", "semiconductors_etf", "clean_energy_etf", "gold_miners_etf", "solar_etf",
)  # fmt: skip
"""What the league table ranks: one price a kind of asset; funds that copy a listed price are left out."""
CARDS = ("real_yield_10y", "dollar_index")
ACCELERATED, BEAT = 2, 3
"""Claims: silver's trend had accelerated; it beat gold and most others."""
WEEKS, LAST_WEEKS = 260, 4
"""Weeks tested for acceleration, and how many of the last may answer."""
FIRST_FRIDAY = dt.date(2026, 1, 2)
"""Claim 2's first week that may answer."""
METAL = "gold"
"""What silver is also held against."""


def _pair(view: View, day: dt.date | None = None) -> tuple[str, str]:
    return view.lead, view.follow


def _universe(view: View, day: dt.date | None = None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*UNIVERSE, *_pair(view))))


def _divergence(question: Question) -> divergence.Divergence:
    legs = question.legs_window()
    return divergence.divergence(
        question.pair(), *question.window, legs_start=legs[0], legs_end=legs[1], names=question.names
    )


def _snapshots(question: Question) -> dict[str, Snapshot]:
    """Cards of every series that is there, the ratio among them; what is not known yet is left out."""
    start, end = question.window
    found = {}
    for key in dict.fromkeys((*_pair(question.view), *CARDS)):
        if key in question.panel:
            row = catalogue.get(key)
            found[key] = snapshot.snapshot(question.panel.series(key), start, end, row.change, row.title)
    pair = question.pair()
    found["ratio"] = snapshot.snapshot(pair["follow"] / pair["lead"], start, end, "return", "The ratio")
    return found


def _league(question: Question) -> league.League:
    known = [key for key in _universe(question.view) if key in question.panel]
    held = {key: question.panel.series(key) for key in known}
    closes = pd.concat(held, axis=1, sort=True) if held else pd.DataFrame()
    return league.league(closes, question.window[1])


def _drawdowns(question: Question) -> Any:
    return tuple(
        drawdown.drawdown(question.panel.series(key), *question.window, catalogue.get(key).title)
        for key in _pair(question.view)
    )


def _record(question: Question) -> record.Record:
    key = question.view.lead
    published = HIGH_OF_1980 if key == "silver" else None
    earlier = None if published is None else record.Earlier(published.price, published.when, published.source)
    return record.record(
        question.panel.series(key), question.window[1], earlier=earlier, name=catalogue.get(key).label
    )


def _correlation(question: Question) -> rolling_correlation.RollingCorrelation:
    return rolling_correlation.rolling_correlation(question.pair(), names=question.names)


def _cointegration(question: Question) -> cointegration.Cointegration:
    return cointegration.cointegration(question.pair(), names=question.names)


def _acceleration(question: Question) -> acceleration.Acceleration:
    """The lead over five years of weeks; the last four Fridays up to the last shown day may answer."""
    end = question.window[1]
    since = end - dt.timedelta(days=7 * LAST_WEEKS - 1)
    return _accelerated(question, question.view.lead, end, since)


def _acceleration_claim(question: Question) -> acceleration.Acceleration:
    return _accelerated(question, "silver", min(ARTICLE, question.day), FIRST_FRIDAY)


def _accelerated(question: Question, key: str, end: dt.date, since: dt.date) -> acceleration.Acceleration:
    return acceleration.acceleration(
        question.closes(key),
        end,
        weeks=WEEKS,
        tested_from=since,
        name=catalogue.get(key).label,
        delta=thresholds.delta(ACCELERATED),
    )


def _outperformance(question: Question) -> outperformance.Outperformance:
    return _against(question, question.view.lead, question.view.follow, question.window[1])


def _outperformance_metal(question: Question) -> outperformance.Outperformance:
    if question.view.lead == METAL:
        raise SameSeries(catalogue.get(METAL).title)
    return _against(question, question.view.lead, METAL, question.window[1])


def _outperformance_claim(question: Question) -> outperformance.Outperformance:
    return _against(question, "silver", METAL, min(ARTICLE, question.day))


def _against(question: Question, lead: str, follow: str, end: dt.date) -> outperformance.Outperformance:
    return outperformance.outperformance(
        question.panel.pair(lead, follow),
        end,
        names=(spoken(lead), spoken(follow)),
        delta=thresholds.delta(BEAT),
    )


def _best_of_many(question: Question) -> best_of_many.BestOfMany:
    """The fixed universe against the follow: what a reader who picks the best of it in hindsight has tried."""
    follow = question.view.follow
    closes = question.levels(*_universe(question.view))
    names = {str(key): spoken(str(key)) for key in closes}
    question.closes(follow)  # says so where nothing is known of it
    return best_of_many.best_of_many(closes, follow, question.window[1], names=names)


DIVERGENCE = Recipe("divergence", _pair, _divergence, "how far apart the legs are, and which one did it")
SNAPSHOTS = Recipe("snapshots", lambda view, day: (*_pair(view), *CARDS), _snapshots, "the Overview's cards")
LEAGUE = Recipe("league", _universe, _league, "returns over 1w 1m 3m 6m 1y with ranks")
DRAWDOWNS = Recipe("drawdowns", _pair, _drawdowns, "how far each leg is below its highest close")
RECORD = Recipe(
    "record", lambda view, day: (view.lead,), _record, "whether the lead's last close is a record"
)
CORRELATION = Recipe(
    "correlation", _pair, _correlation, "rolling correlation with the band of unrelated series"
)
COINTEGRATION = Recipe("cointegration", _pair, _cointegration, "whether the gap of the pair closes by itself")
ACCELERATION = Recipe(
    "acceleration",
    lambda view, day: (view.lead,),
    _acceleration,
    "whether the lead feeds on its own rise",
)
OUTPERFORMANCE = Recipe(
    "outperformance", _pair, _outperformance, "whether the lead beat the follow over half a year"
)
OUTPERFORMANCE_METAL = Recipe(
    "outperformance_metal",
    lambda view, day: (view.lead, METAL),
    _outperformance_metal,
    "whether the lead beat gold over half a year",
)
BEST_OF_MANY = Recipe(
    "best_of_many",
    _universe,
    _best_of_many,
    "whether the best of the universe beat the follow, all counted",
)
ACCELERATION_CLAIM = Recipe(
    "acceleration_claim",
    lambda view, day: ("silver",),
    _acceleration_claim,
    "claim 2: silver's acceleration in January 2026",
)
OUTPERFORMANCE_CLAIM = Recipe(
    "outperformance_claim",
    lambda view, day: ("silver", METAL),
    _outperformance_claim,
    "claim 3: silver against gold over the half year to 23 Jan 2026",
)
RECIPES = (
    DIVERGENCE,
    SNAPSHOTS,
    LEAGUE,
    DRAWDOWNS,
    RECORD,
    CORRELATION,
    COINTEGRATION,
    ACCELERATION,
    OUTPERFORMANCE,
    OUTPERFORMANCE_METAL,
    BEST_OF_MANY,
    ACCELERATION_CLAIM,
    OUTPERFORMANCE_CLAIM,
)
