"""Silver's balance as printed: one print alone or each year from its last, the demand mix, and how a year changed from
print to print. Nothing printed after the day of knowledge is used. Descriptive.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from analytics.published import silver
from analytics.published.silver import DEMAND_PARTS, Figure, Vintage

KNOWN = "known"
"""The choice of each year's last print."""
USES = ("industrial", "jewellery", "silverware", "photography", "coin_bar")
assert set(USES) == set(DEMAND_PARTS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SilverPrints:
    """The balance as printed.

    Attributes:
        known_by: Nothing printed later is used.
        prints: What had been printed by then, newest first.
        chosen: The print that is shown alone; None where each year is shown as its last print has it.
        refused: Why the asked print is not shown, one sentence; empty where it is.
        supply, demand, balance: By rising year [million ounces].
        mix: Demand by use, for the years whose five uses stand in one print; rows years, columns ``photovoltaic``, the
            rest of ``industrial``, and the other uses [million ounces]; photovoltaic is NaN where it is not printed.
        shares: The same as a share of the five uses together [%].
        mix_figures: The figures behind ``mix``.
        revisions: By year, its balance in every print, oldest first; years of one print are left out.
        sentence: What a reader sees of the chosen print.
    """

    known_by: dt.date
    prints: tuple[Vintage, ...]
    chosen: Vintage | None
    refused: str
    supply: tuple[Figure, ...]
    demand: tuple[Figure, ...]
    balance: tuple[Figure, ...]
    mix: pd.DataFrame
    shares: pd.DataFrame
    mix_figures: tuple[Figure, ...]
    revisions: dict[int, tuple[Figure, ...]]
    sentence: str


def silver_prints(known_by: dt.date, asked: str = KNOWN) -> SilverPrints:
    """The balance as printed up to the end of ``known_by``.

    Args:
        known_by: Nothing printed later is used, whatever is asked.
        asked: ``known``, or the date of a print (ISO).
    """
    prints = tuple(v for v in reversed(silver.vintages()) if v.printed <= known_by)
    chosen = next((v for v in prints if v.printed.isoformat() == asked), None)
    found = {item: _figures(item, chosen, known_by) for item in ("supply", "demand", "balance")}
    mix, used = _mix(chosen, known_by)
    return SilverPrints(
        known_by=known_by,
        prints=prints,
        chosen=chosen,
        refused="" if asked == KNOWN or chosen is not None else _refusal(asked, known_by),
        **found,
        mix=mix,
        shares=100 * mix.div(mix.sum(axis=1), axis=0),
        mix_figures=used,
        revisions=_revisions(known_by),
        sentence=_sentence(chosen, found["balance"]),
    )


def _figures(item: str, chosen: Vintage | None, known_by: dt.date) -> tuple[Figure, ...]:
    if chosen is None:
        return silver.known(item, known_by)
    return tuple(sorted((f for f in chosen.figures if f.item == item), key=lambda f: f.year))


def _mix(chosen: Vintage | None, known_by: dt.date) -> tuple[pd.DataFrame, tuple[Figure, ...]]:
    by_use = {use: {f.year: f for f in _figures(use, chosen, known_by)} for use in (*USES, "photovoltaic")}
    rows: dict[int, dict[str, float]] = {}
    used: list[Figure] = []
    for year in sorted(set.intersection(*(set(by_use[use]) for use in USES))):
        figures = [by_use[use][year] for use in USES]
        if len({figure.vintage for figure in figures}) > 1:
            continue
        row = {figure.item: figure.value for figure in figures}
        panels = by_use["photovoltaic"].get(year)
        if panels is not None and panels.vintage == figures[0].vintage:
            figures.append(panels)
            row |= {"photovoltaic": panels.value, "industrial": row["industrial"] - panels.value}
        rows[year] = row
        used += figures
    columns = ["photovoltaic", *USES]
    return pd.DataFrame.from_dict(rows, orient="index", columns=None).reindex(columns=columns), tuple(used)


def _revisions(known_by: dt.date) -> dict[int, tuple[Figure, ...]]:
    years = sorted({figure.year for figure in silver.balances(known_by)})
    found = {year: silver.by_vintage("balance", year, known_by) for year in years}
    return {year: figures for year, figures in found.items() if len(figures) > 1}


def _refusal(asked: str, known_by: dt.date) -> str:
    """Says no more of a later print than its asker did: not even whether there is one."""
    day = dt.date.fromisoformat(asked)
    shown = "Each year is shown as its last print known then has it."
    if day > known_by:
        return f"The print that was asked for had not been published by {_day(known_by)}. {shown}"
    return f"No print of silver's balance bears the date {_day(day)}. {shown}"


def in_words(figure: Figure) -> str:
    """A year's balance: ``2025 was short by 40.3 million ounces``; rounded as printed."""
    tense = "was expected to be" if figure.forecast else "was"
    side = "short by" if figure.value < 0 else "over by"
    coarse = figure.precision >= 1
    amount = f"about {abs(figure.value):.0f}" if coarse else f"{abs(figure.value):.1f}"
    return f"{figure.year} {tense} {side} {amount} million ounces"


def _sentence(chosen: Vintage | None, balance: tuple[Figure, ...]) -> str:
    if chosen is None or not balance:
        return ""
    return f"As printed in {chosen.title}, {in_words(balance[-1])}."


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%b %Y}"
