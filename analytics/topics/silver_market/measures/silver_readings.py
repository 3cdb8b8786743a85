"""Claims 16 to 19, 21 and 22, one number each, from the prints known on a day.

Where a print's figure is not carried in ``published``, the reading has no value and says which figure is
missing; an older print never stands in for it. Descriptive.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analytics.published import silver
from analytics.published.dated_events import Event
from analytics.published.silver import Vintage
from analytics.topics.silver_market.measures.silver_stocks import Cover

SPAN = 5
"""Claim 21's span [years]."""
FINAL_LIST = "final critical minerals list"
"""What the title of a final list's event says; drafts and tariff findings do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number for one claim.

    Attributes:
        claim: Its number.
        value: [unit]; None where the figures known by then do not give it.
        unit: As in published/thresholds.toml.
        sentence: What a reader sees; without a value, what is missing.
        sources: One line each.
        secondary: Any of the figures is from a secondary transcription.
    """

    claim: int
    value: float | None
    unit: str
    sentence: str
    sources: tuple[str, ...] = ()
    secondary: bool = False


def deficit_years(survey: Vintage | None) -> Reading:
    """Claim 16: completed years in a row with a negative balance, ending with the survey's latest.

    Where the carried years are all deficits, the run is as long as the survey's own words say
    (``deficits_since``).
    """
    unit = "consecutive years"
    if survey is None:
        return _none(16, unit)
    figures = completed(survey, "balance")
    years = sorted(figures, reverse=True)
    run = 0
    while run < len(years) and years[run] == years[0] - run and figures[years[run]] < 0:
        run += 1
    told = ""
    if run and run == len(years) and survey.deficits_since < years[-1]:
        run = years[0] - survey.deficits_since + 1
        told = " by the survey's own words"
    if not years:
        return _missing(16, unit, survey, "balance of a completed year")
    text = f"{survey.title} counts {run} completed years of deficit in a row{told}, up to {years[0]}."
    return _from(16, float(run), unit, text, survey)


def supply_gap(survey: Vintage | None) -> Reading:
    """Claim 21: growth of supply less growth of demand over the last five completed years of one survey
    [pp]."""
    unit = "pp of growth over five years"
    if survey is None:
        return _none(21, unit)
    last = _last_completed(survey)
    gap = gap_spans(survey).get(last - SPAN) if last else None
    if gap is None:
        return _missing(
            21, unit, survey, f"supply and demand of {last - SPAN}" if last else "completed supply and demand"
        )
    text = f"From {last - SPAN} to {last} supply grew {gap:+.1f} points more than demand ({survey.title})."
    if gap < 0:
        text = (
            f"From {last - SPAN} to {last} supply grew {-gap:.1f} points less than demand ({survey.title})."
        )
    return _from(21, gap, unit, text, survey)


def gap_spans(survey: Vintage) -> dict[int, float]:
    """Growth of supply less growth of demand to the latest completed year, by base year [pp]; one base can
    decide the sign."""
    supply, demand = completed(survey, "supply"), completed(survey, "demand")
    both = sorted(supply.keys() & demand.keys())
    if not both:
        return {}
    last = both[-1]
    return {year: 100 * (supply[last] / supply[year] - demand[last] / demand[year]) for year in both[:-1]}


def industrial_growth(survey: Vintage | None) -> Reading:
    """Claim 22: the smaller of the latest completed year's change of industrial demand and the forecast one
    [%]."""
    unit = "% a year"
    if survey is None:
        return _none(22, unit)
    figures = completed(survey, "industrial")
    last = max(figures, default=0)
    if last - 1 not in figures:
        return _missing(22, unit, survey, f"industrial demand of {last - 1}" if last else "industrial demand")
    found = {last: 100 * (figures[last] / figures[last - 1] - 1)}
    forecast = survey.value("industrial", last + 1)
    if forecast is not None:
        found[last + 1] = 100 * (forecast / figures[last] - 1)
    said = " and ".join(
        f"{change:+.1f}% in {year}{' (forecast)' if year > last else ''}" for year, change in found.items()
    )
    return _from(
        22, min(found.values()), unit, f"Industrial demand changed by {said} ({survey.title}).", survey
    )


def byproduct(known_by: dt.date) -> Reading:
    """Claim 18: by-product share of mine output [%]; that supply is therefore inelastic is not tested."""
    unit = "% of mine output"
    share = silver.byproduct_share(known_by)
    if share is None:
        return _none(18, unit)
    text = (
        f"{share.value:.0f}% of the mine output of {share.year} came as a by-product of other metals; "
        "that supply is therefore inelastic is not tested."
    )
    return Reading(
        claim=18,
        value=share.value,
        unit=unit,
        sentence=text,
        sources=(share.source,),
        secondary=share.secondary,
    )


def listings(known_by: dt.date) -> Reading:
    """Claim 19: final US lists of critical minerals that name silver, dated up to the day; drafts do not
    count."""
    final = [event for event in silver.policy(known_by) if _is_final_list(event)]
    if final:
        day = final[-1].day
        text = f"Silver stands on the final US list of critical minerals of {day:%-d %b %Y}."
    else:
        text = f"No final US list of critical minerals named silver by {known_by:%-d %b %Y}."
    sources = tuple(event.source for event in final)
    return Reading(
        claim=19, value=float(len(final)), unit="final lists that name silver", sentence=text, sources=sources
    )


def cover_ratio(silver_side: Cover | None, gold_side: Cover | None) -> Reading:
    """Claim 17: years of demand that gold's stocks would cover over those that silver's would."""
    unit = "ratio of gold's cover to silver's"
    known = "" if silver_side is None else f" Silver's: {silver_side.sentence}"
    if gold_side is None or silver_side is None:
        which = "gold" if gold_side is None else "silver"
        text = f"Not measurable: no published figure of {which}'s stocks and demand is carried.{known}"
        return Reading(claim=17, value=None, unit=unit, sentence=text)
    ratio = gold_side.years / silver_side.years
    covered = f"Stocks of gold would cover {gold_side.years:.1f} years of demand"
    text = f"{covered}, {ratio:.1f} times as long as silver's.{known}"
    sources = gold_side.sources + silver_side.sources
    return Reading(claim=17, value=ratio, unit=unit, sentence=text, sources=sources, secondary=True)


def completed(survey: Vintage, item: str) -> dict[int, float]:
    """An item by year, forecasts left out."""
    return {f.year: f.value for f in survey.figures if f.item == item and not f.forecast}


def _last_completed(survey: Vintage) -> int:
    """Latest completed year with supply and demand; 0 where there is none."""
    return max(completed(survey, "supply").keys() & completed(survey, "demand").keys(), default=0)


def _is_final_list(event: Event) -> bool:
    return {"silver", "minerals"} <= set(event.topics) and FINAL_LIST in event.title.lower()


def _from(claim: int, value: float, unit: str, sentence: str, survey: Vintage) -> Reading:
    sources, secondary = (survey.source,), survey.secondary
    return Reading(
        claim=claim, value=value, unit=unit, sentence=sentence, sources=sources, secondary=secondary
    )


def _none(claim: int, unit: str) -> Reading:
    return Reading(
        claim=claim,
        value=None,
        unit=unit,
        sentence="Not measurable: no such figure had been published by then.",
    )


def _missing(claim: int, unit: str, survey: Vintage, what: str) -> Reading:
    text = f"Not measurable then: {survey.title}'s {what} is not carried here, and no later survey was known."
    return Reading(
        claim=claim,
        value=None,
        unit=unit,
        sentence=text,
        sources=(survey.source,),
        secondary=survey.secondary,
    )
