"""The silver market by the print known on a day: balance, cover, growth and policy (claims 16 to 19, 21, 22).

Everything uses the prints up to its day and nothing later. Descriptive.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.published import silver
from analytics.published.silver import Figure, Vintage
from analytics.topics.silver_market.measures.silver_prints import in_words
from analytics.topics.silver_market.measures.silver_readings import (
    Reading,
    byproduct,
    completed,
    cover_ratio,
    deficit_years,
    gap_spans,
    industrial_growth,
    listings,
    supply_gap,
)
from analytics.topics.silver_market.measures.silver_stocks import Cover, silver_cover

SURVEY = "survey_"
"""Keys of the yearly World Silver Survey; interim reviews and outlooks are no vintage of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SilverBalance:
    """The silver market as known on a day.

    Attributes:
        known_by: The day.
        balances: Balance by year, each year from the last print that covers it [million ounces].
        with_funds: By year, the balance less what exchange-traded products took up, where both are printed.
        latest: The last print of any kind; None before the first.
        survey: The last World Silver Survey; None before the first.
        deficit_years, cover_ratio, byproduct, listings, supply_gap, industrial: Claims 16, 17, 18, 19, 21 and
            22.
        spans: Claim 21's gap from every other base year of the survey to its latest completed year [pp], by
            base year.
        silver_cover: Silver's side of claim 17.
        mine_and_price: By completed year of the survey, change of mine output and of the mean price [%];
            display only.
        sentence: What a reader sees: the balance of the last year that is over, and of the newest.
    """

    known_by: dt.date
    balances: tuple[Figure, ...]
    with_funds: dict[int, float]
    latest: Vintage | None
    survey: Vintage | None
    deficit_years: Reading
    cover_ratio: Reading
    byproduct: Reading
    listings: Reading
    supply_gap: Reading
    industrial: Reading
    spans: dict[int, float]
    silver_cover: Cover | None
    mine_and_price: pd.DataFrame
    sentence: str

    def readings(self) -> tuple[Reading, ...]:
        """The six claims' readings, by their number."""
        return (
            self.deficit_years,
            self.cover_ratio,
            self.byproduct,
            self.listings,
            self.supply_gap,
            self.industrial,
        )

    def reading(self, claim: int) -> Reading:
        """The reading of one of the six claims."""
        return {reading.claim: reading for reading in self.readings()}[claim]

    def summary(self) -> dict[str, object]:
        """What the command line prints; the figures are others', printed by then, on simulated prices too."""
        return {
            "known_by": self.known_by,
            "published": "figures printed by others up to the day; only prices beside them come from the ledger",
            "sentence": self.sentence,
            "balances": self.balances,
            "with_funds": self.with_funds,
            "claims": {reading.claim: reading for reading in self.readings()},
            "supply_less_demand_growth_from": self.spans,
            "silver_cover": self.silver_cover,
            "mine_and_price": self.mine_and_price,
        }


def silver_balance(
    known_by: dt.date, closes: pd.Series | None = None, gold_cover: Cover | None = None
) -> SilverBalance:
    """All readings with what was printed up to the end of ``known_by``.

    Args:
        known_by: Nothing printed later is used.
        closes: Silver's closes [$/oz] for the display of prices beside mine output; those after ``known_by``
            are left out.
        gold_cover: Gold's side of claim 17 where a published figure is at hand; none is carried.
    """
    prints = tuple(v for v in silver.vintages() if v.printed <= known_by)
    survey = next((v for v in reversed(prints) if v.key.startswith(SURVEY)), None)
    balances = silver.balances(known_by)
    cover = silver_cover(known_by)
    return SilverBalance(
        known_by=known_by,
        balances=balances,
        with_funds=_with_funds(known_by),
        latest=prints[-1] if prints else None,
        survey=survey,
        deficit_years=deficit_years(survey),
        cover_ratio=cover_ratio(cover, gold_cover),
        byproduct=byproduct(known_by),
        listings=listings(known_by),
        supply_gap=supply_gap(survey),
        industrial=industrial_growth(survey),
        spans=gap_spans(survey) if survey is not None else {},
        silver_cover=cover,
        mine_and_price=mine_and_price(survey, closes, known_by),
        sentence=_sentence(balances, known_by),
    )


def mine_and_price(survey: Vintage | None, closes: pd.Series | None, known_by: dt.date) -> pd.DataFrame:
    """Yearly changes of mine output and of the mean close [%] by completed year; ten points are no
    elasticity.

    Returns:
        Columns ``mine`` and ``price``; ``price`` is NaN without closes of both whole years.
    """
    mine = pd.Series(completed(survey, "mine") if survey is not None else {}, dtype=float).sort_index()
    price = pd.Series(np.nan, index=mine.index)
    if closes is not None:
        known = closes.loc[: pd.Timestamp(known_by)].dropna()
        means = known.groupby(known.index.year).mean()
        begun = known.index[0].year + (known.index[0].day_of_year > 7) if len(known) else math.inf
        price = means.reindex(mine.index).where(mine.index >= begun)
    consecutive = pd.Series(mine.index, index=mine.index).diff() == 1
    found = pd.DataFrame(
        {"mine": 100 * (mine / mine.shift() - 1), "price": 100 * (price / price.shift() - 1)}
    )
    return found[consecutive]


def _with_funds(known_by: dt.date) -> dict[int, float]:
    balances = {f.year: f for f in silver.balances(known_by)}
    funds = {f.year: f for f in silver.known("etp", known_by)}
    same = (year for year in balances.keys() & funds.keys() if balances[year].vintage == funds[year].vintage)
    return {year: round(balances[year].value - funds[year].value, 6) for year in sorted(same)}


def _sentence(balances: tuple[Figure, ...], known_by: dt.date) -> str:
    if not balances:
        return f"No balance of the silver market had been published by {known_by:%-d %b %Y}."
    newest = balances[-1]
    over = [figure for figure in balances if not figure.forecast][-1:] if newest.forecast else []
    said = [*over, newest]
    prints = dict.fromkeys(f"{figure.printed:%b %Y}" for figure in said)
    return f"{'; '.join(in_words(figure) for figure in said)} (printed {' and '.join(prints)})."
