"""What both the pages and the brief show of a view: the pair, dated events, cards, papers, what is stale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics import catalogue, evaluate
from analytics.evaluate.asks import Asks
from analytics.panel import Papers
from analytics.published import dated_events as published
from analytics.published.dated_events import Event
from analytics.render import cards as overview
from analytics.render.cards import Card
from analytics.render.words import day, ratio_label
from analytics.topics.pair.charts.divergence import Pair
from analytics.topics.rate_path import charts as rate_charts
from analytics.topics.rate_path.recipes import PathNow, chosen_year
from analytics.topics.triggers.measures.triggers import Trigger
from analytics.topics.triggers.recipes import KEYS, READS

MOST_NAMED = 8
BEFORE_PRICED = 3
"""Cards before the Fed's."""


def pair(asks: Asks) -> Pair:
    """The pair's rows, papers and colours.

    Raises:
        NotEnoughData: nothing is known of one of them.
    """
    lead, follow = catalogue.get(asks.view.lead), catalogue.get(asks.view.follow)
    held = asks.panel([lead.key, follow.key])
    for series in (lead, follow):
        held.series(series.key)  # says so where nothing is known of it
    return Pair(lead, follow, (held.papers[lead.key], held.papers[follow.key]), asks.ink)


def events(asks: Asks) -> Sequence[Event]:
    """Dated events that were known on the day; none on simulated prices, which did not live through them."""
    return () if asks.simulated else published.known(asks.day)


def cards(asks: Asks) -> list[Card]:
    """Lead, follow and their ratio, then a card for each of the other series; the Fed's card goes after the ratio's."""
    lead, follow = catalogue.get(asks.view.lead), catalogue.get(asks.view.follow)
    found = dict(asks.finding("snapshots"))
    first = [overview.card(found.pop(row.key), row) for row in (lead, follow)]
    first.append(overview.ratio_card(found.pop("ratio"), ratio_label(lead, follow)))
    cards = [*first, *(overview.card(one, catalogue.get(key)) for key, one in found.items())]
    held = asks.panel([lead.key, follow.key, *found]).papers
    doubted = {key for key, paper in held.items() if paper.unconfirmed}
    rests_on = [{lead.key}, {follow.key}, {lead.key, follow.key}, *({key} for key in found)]
    return [
        replace(one, note=f"{one.note} · unconfirmed") if keys & doubted else one
        for one, keys in zip(cards, rests_on, strict=True)
    ]


def priced_card(asks: Asks) -> Card:
    """Moves of the Fed priced to the running year's end, which takes longer than the other cards.

    Raises:
        NotPriced: no contract reaches it.
    """
    return overview.priced_card(asks.finding("priced_moves"), chosen_year(asks.view, asks.day))


def staleness(asks: Asks) -> str:
    """What is stale among all series, in one line."""
    panel = asks.panel(list(catalogue.load()))
    stale = [paper for paper in panel.papers.values() if paper.stale]
    missing = [series.label for series in catalogue.load().values() if series.key not in panel]
    words = "every series that is held is up to date"
    if stale:
        words = "stale: " + ", ".join(f"{paper.title} ({day(paper.last)})" for paper in stale[:MOST_NAMED])
        words += f" and {len(stale) - MOST_NAMED} more" if len(stale) > MOST_NAMED else ""
    absent = f" · not held yet: {len(missing)} series" if missing else ""
    return f"As of {day(asks.day)}: {words}{absent}."


def papers(asks: Asks, name: str) -> tuple[Papers, ...]:
    """Papers of every series that a finding reads and that is held."""
    return tuple(asks.panel(evaluate.recipe(name).keys(asks.view, asks.day)).papers.values())


def rate_papers(asks: Asks) -> list[Papers]:
    """Papers of the target range and of the nearest contracts."""
    contracts = catalogue.listed_contracts(asks.day, 12)
    held = asks.panel([*("target_lower", "target_upper", "effr"), *(row.key for row in contracts)]).papers
    return list(held.values())


def rate_reading(asks: Asks, found: PathNow) -> str:
    """The moves priced to the year's end, in one sentence."""
    moves = found.year_end.moves
    if moves is None:
        return found.now.sentence
    low, high = found.now.range
    when = "" if asks.day == found.now.as_of else f" on {day(found.now.as_of)}"
    return f"The market prices {rate_charts.moves_words(moves)} by the end of {found.year}{when}, from {low:.2f}–{high:.2f}%."


def trigger_papers(asks: Asks, trigger: Trigger | None = None) -> list[Papers]:
    """Papers of what one trigger reads, or all of them, and of Bitcoin."""
    held = asks.panel(KEYS).papers
    wanted = KEYS if trigger is None else (*READS[trigger.key], "bitcoin")
    return [held[key] for key in wanted if key in held]
