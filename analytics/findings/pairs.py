"""Findings about the chosen pair and the universe around it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from analytics import catalogue
from analytics.findings.question import Question, Recipe
from analytics.measures import (
    cointegration,
    divergence,
    drawdown,
    league,
    record,
    rolling_correlation,
    snapshot,
)
from analytics.measures.snapshot import Snapshot
from analytics.published.silver import HIGH_OF_1980
from analytics.view import View

UNIVERSE = (
    "silver", "gold", "copper", "bitcoin", "ether", "sp500", "nasdaq", "dollar_index", "treasury_20y_etf",
    "high_yield_etf", "semiconductors_etf", "clean_energy_etf", "gold_miners_etf", "solar_etf",
)  # fmt: skip
"""What the league table ranks: one price a kind of asset; funds that copy a listed price are left out."""
CARDS = ("real_yield_10y", "dollar_index")


def _pair(view: View, day: dt.date | None = None) -> tuple[str, str]:
    return view.lead, view.follow


def _universe(view: View, day: dt.date | None = None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*UNIVERSE, *_pair(view))))


def _divergence(question: Question) -> Any:
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


def _league(question: Question) -> Any:
    known = [key for key in _universe(question.view) if key in question.panel]
    closes = pd.concat({key: question.panel.series(key) for key in known}, axis=1, sort=True)
    return league.league(closes, question.window[1])


def _drawdowns(question: Question) -> Any:
    return tuple(
        drawdown.drawdown(question.panel.series(key), *question.window, catalogue.get(key).title)
        for key in _pair(question.view)
    )


def _record(question: Question) -> Any:
    key = question.view.lead
    published = HIGH_OF_1980 if key == "silver" else None
    earlier = None if published is None else record.Earlier(published.price, published.when, published.source)
    return record.record(
        question.panel.series(key), question.window[1], earlier=earlier, name=catalogue.get(key).label
    )


def _correlation(question: Question) -> Any:
    return rolling_correlation.rolling_correlation(question.pair(), names=question.names)


def _cointegration(question: Question) -> Any:
    return cointegration.cointegration(question.pair(), names=question.names)


RECIPES = (
    Recipe("divergence", _pair, _divergence, "how far apart the legs are, and which one did it"),
    Recipe("snapshots", lambda view, day: (*_pair(view), *CARDS), _snapshots, "the Overview's cards"),
    Recipe("league", _universe, _league, "returns over 1w 1m 3m 6m 1y with ranks"),
    Recipe("drawdowns", _pair, _drawdowns, "how far each leg is below its highest close"),
    Recipe("record", lambda view, day: (view.lead,), _record, "whether the lead's last close is a record"),
    Recipe("correlation", _pair, _correlation, "rolling correlation with the band of unrelated series"),
    Recipe("cointegration", _pair, _cointegration, "whether the gap of the pair closes by itself"),
)
