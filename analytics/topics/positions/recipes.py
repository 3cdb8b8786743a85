"""Findings about who holds how much, as known on the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from analytics import catalogue
from analytics.clock.calendars import release_times
from analytics.clock.instants import NEW_YORK
from analytics.errors import NotEnoughData
from analytics.recipe import Question, Recipe, spoken
from analytics.topics.positions.measures import crowding as crowds
from analytics.topics.positions.measures import following as moves
from analytics.topics.positions.measures import positioning as held
from analytics.topics.positions.measures import term_structure as terms
from analytics.topics.positions.measures import vaults as counted
from analytics.view import View

MARKETS: Mapping[str, str] = MappingProxyType(
    {
        **{f"{metal}{fund}": f"{metal}_positions" for metal in ("silver", "gold") for fund in ("", "_etf")},
        "copper": "copper_positions",
        "bitcoin": "bitcoin_positions",
        "fed_funds_front": "fed_funds_positions",
    }
)
"""The report that tells of each series of a pair."""
FIRST = "silver_positions"
"""Shown where the lead has no report of its own."""
PRICES: Mapping[str, str] = MappingProxyType(
    {
        "silver_positions": "silver",
        "gold_positions": "gold",
        "copper_positions": "copper",
        "bitcoin_positions": "bitcoin",
        "fed_funds_positions": "fed_funds_front",
    }
)


TERM_YEARS = 2
"""How far back expired months of delivery are looked at."""


def report_of(view: View) -> str:
    """The report on the lead of a pair, on silver where it has none."""
    return MARKETS.get(view.lead, FIRST)


def _keys(report: str) -> tuple[str, ...]:
    series = catalogue.get(report)
    return (report, *(f"{report}.{part}" for part in series.parts), PRICES[report])


def _of_lead(view: View, day: dt.date) -> tuple[str, ...]:
    return _keys(report_of(view))


def _of_bitcoin(view: View, day: dt.date) -> tuple[str, ...]:
    return _keys("bitcoin_positions")


def _vault_keys(view: View, day: dt.date) -> tuple[str, ...]:
    return ("london_vaults", "london_vaults.gold")


def _term_keys(view: View, day: dt.date) -> tuple[str, ...]:
    """Months of delivery from two years before the day to a year after it: what was traded of late."""
    first = dt.date(day.year - TERM_YEARS, day.month, 1)
    return ("treasury_3m", *(row.key for row in catalogue.deliveries(first, 12 * (TERM_YEARS + 1) + 1)))


def groups_of(report: str) -> dict[str, str]:
    """What sentences call the groups of a report, the one that follows trends first."""
    stems = dict.fromkeys(part.partition("_")[0] for part in catalogue.get(report).parts)
    return {stem: catalogue.TRADERS[stem] for stem in stems}


def _reports(question: Question, report: str) -> pd.DataFrame:
    """Open interest and every group's positions on the days that have all of them."""
    columns = {"open_interest": question.panel.series(report)}
    columns |= {part: question.panel.series(f"{report}.{part}") for part in catalogue.get(report).parts}
    return pd.concat(columns, axis=1, join="inner")


def _positioning(question: Question, report: str) -> held.Positioning:
    price = PRICES[report]
    return held.positioning(
        _reports(question, report),
        groups_of(report),
        question.panel.columns.get(price),
        market=spoken(price),
        known_at=question.panel.papers[report].known_at.astimezone(NEW_YORK),
        day=question.day,
    )


def _on_lead(question: Question) -> held.Positioning:
    return _positioning(question, report_of(question.view))


def _on_bitcoin(question: Question) -> held.Positioning:
    return _positioning(question, "bitcoin_positions")


def _following(question: Question) -> moves.Following:
    found = question.ask(POSITIONING)
    name = found.groups[0].name
    return moves.following(found.weeks[name], found.weeks["price"], group=name, market=found.market)


def _crowding(question: Question) -> crowds.Crowding:
    report = report_of(question.view)
    weeks = question.ask(POSITIONING).weeks
    name = next(iter(groups_of(report).values()))
    periods = pd.Series(weeks.index.to_numpy().astype("datetime64[s]"))
    out = (
        release_times(catalogue.get(report), periods)
        .dt.tz_convert(NEW_YORK)
        .dt.tz_localize(None)
        .dt.normalize()
    )
    return crowds.crowding(weeks[name], pd.DatetimeIndex(out), question.panel.series(PRICES[report]), name)


def _vaults(question: Question) -> tuple[counted.Vaults, ...]:
    """Of each metal that was counted, silver first.

    Raises:
        NotEnoughData: of neither.
    """
    metals = {"silver": "london_vaults", "gold": "london_vaults.gold"}
    known = {metal: key for metal, key in metals.items() if key in question.panel}
    if not known:
        raise NotEnoughData("The record of London's vaults", 0, 1)
    papers = question.panel.papers
    return tuple(
        counted.vaults(question.panel.series(key), metal, papers[key].known_at.astimezone(NEW_YORK))
        for metal, key in known.items()
    )


def _term_structure(question: Question) -> terms.TermStructure:
    columns = question.panel.columns
    months = {month: column for key, column in columns.items() if (month := catalogue.delivery_month(key))}
    return terms.term_structure(months, columns.get("treasury_3m"))


_LEAD = frozenset({"lead"})
POSITIONING = Recipe(
    "positioning", _of_lead, _on_lead, "who holds the lead's futures: net longs, shares, percentiles", _LEAD
)
BITCOIN_POSITIONING = Recipe(
    "bitcoin_positioning",
    _of_bitcoin,
    _on_bitcoin,
    "who holds Bitcoin's futures: the basis trade",
    frozenset(),
)
FOLLOWING = Recipe(
    "following", _of_lead, _following, "whether speculators buy when the price rises, for display", _LEAD
)
CROWDING = Recipe(
    "crowding", _of_lead, _crowding, "what came after a crowded futures market, for display", _LEAD
)
VAULTS = Recipe("vaults", _vault_keys, _vaults, "silver and gold in London's vaults", frozenset())
TERM_STRUCTURE = Recipe(
    "term_structure",
    _term_keys,
    _term_structure,
    "what later delivery of silver costs a year, against bills",
    frozenset(),
)
RECIPES = (POSITIONING, BITCOIN_POSITIONING, FOLLOWING, CROWDING, VAULTS, TERM_STRUCTURE)
