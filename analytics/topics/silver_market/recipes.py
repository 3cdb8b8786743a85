"""Findings about silver's market, from published figures; only the display of prices beside mine output reads the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analytics.published import thresholds
from analytics.published.thresholds import Threshold
from analytics.recipe import Question, Recipe
from analytics.topics.silver_market.measures import silver_balance as balances
from analytics.topics.silver_market.measures import silver_prints, silver_stocks
from analytics.topics.silver_market.measures.silver_readings import Reading
from analytics.view import View

CLAIMS = range(16, 23)
"""Claims about supply and demand."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A claim of supply and demand beside its threshold.

    Attributes:
        threshold: As fixed beforehand.
        reading: The number; None for a claim that no published figure can test.
    """

    threshold: Threshold
    reading: Reading | None


def _price(view: View, day: dt.date) -> tuple[str, ...]:
    return ("silver",)


def _nothing(view: View, day: dt.date) -> tuple[str, ...]:
    return ()


def _balance(question: Question) -> balances.SilverBalance:
    return balances.silver_balance(question.day, question.panel.columns.get("silver"))


def _prints(question: Question) -> silver_prints.SilverPrints:
    return silver_prints.silver_prints(question.day, question.view.vintage)


def _stocks(question: Question) -> silver_stocks.VisibleStocks | None:
    return silver_stocks.visible_stocks(question.day)


def _answers(question: Question) -> tuple[Answer, ...]:
    found = question.ask(SILVER_BALANCE)
    return tuple(_answer(thresholds.get(claim), found) for claim in CLAIMS)


def _answer(threshold: Threshold, found: balances.SilverBalance) -> Answer:
    if threshold.kind == "not_measurable":
        return Answer(threshold, None)
    return Answer(threshold, found.reading(threshold.id))


SILVER_BALANCE = Recipe(
    "silver_balance", _price, _balance, "silver's supply and demand as known on the day, claims 16 to 22"
)
SILVER_PRINTS = Recipe(
    "silver_prints", _nothing, _prints, "silver's balance as printed in one survey or each year's last"
)
SILVER_STOCKS = Recipe("silver_stocks", _nothing, _stocks, "visible stocks of silver by place")
SILVER_CLAIMS = Recipe("silver_claims", _nothing, _answers, "claims 16 to 22 beside their thresholds")
RECIPES = (
    SILVER_BALANCE,
    SILVER_PRINTS,
    SILVER_STOCKS,
    SILVER_CLAIMS,
)
