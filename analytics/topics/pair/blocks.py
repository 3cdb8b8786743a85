"""What Overview and Divergence show of the pair."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analytics import catalogue
from analytics.evaluate import Evaluator
from analytics.recipe import Recipe
from analytics.render.cards import Card, card, ratio_card
from analytics.render.chart import Chart
from analytics.render.exhibits import Cards, Judged, Table, Words, judged
from analytics.render.words import day, p_value, ratio_label
from analytics.topics.pair import recipes
from analytics.topics.pair.charts import acceleration as growth
from analytics.topics.pair.charts import divergence as charts
from analytics.topics.pair.measures.best_of_many import BestOfMany
from analytics.topics.pair.measures.league import WINDOWS
from analytics.topics.pair.measures.outperformance import BLOCK, DAYS, Outperformance

MOST_NAMED = 8
BEFORE_PRICED = 3
"""Cards before the Fed's."""


def cards(evaluator: Evaluator) -> Cards:
    """The metric cards."""
    return Cards(tuple(metric_cards(evaluator)), evaluator.provenance(recipes.SNAPSHOTS))


def metric_cards(evaluator: Evaluator) -> list[Card]:
    """Lead, follow and their ratio, then a card for each of the other series; the Fed's card goes after the ratio's."""
    lead, follow = catalogue.get(evaluator.view.lead), catalogue.get(evaluator.view.follow)
    found = dict(evaluator.finding(recipes.SNAPSHOTS))
    first = [card(found.pop(row.key), row) for row in (lead, follow)]
    first.append(ratio_card(found.pop("ratio"), ratio_label(lead, follow)))
    cards = [*first, *(card(one, catalogue.get(key)) for key, one in found.items())]
    held = evaluator.panel([lead.key, follow.key, *found]).papers
    doubted, stale = (
        {key for key, paper in held.items() if getattr(paper, mark)} for mark in ("unconfirmed", "stale")
    )
    rests_on = [{lead.key}, {follow.key}, {lead.key, follow.key}, *({key} for key in found)]
    return [
        _marked(one, bool(keys & doubted), bool(keys & stale))
        for one, keys in zip(cards, rests_on, strict=True)
    ]


def _marked(one: Card, doubted: bool, stale: bool) -> Card:
    return (replace(one, note=f"{one.note} · unconfirmed") if doubted else one).aged(stale)


def indexed(evaluator: Evaluator) -> Chart:
    """The pair from 100."""
    return charts.indexed(evaluator.finding(recipes.DIVERGENCE), evaluator.pair(), evaluator.events())


def legs(evaluator: Evaluator) -> Chart:
    """The ratio's change by leg."""
    return charts.legs(evaluator.finding(recipes.DIVERGENCE), evaluator.pair())


def ratio(evaluator: Evaluator) -> Chart:
    """Ounces of the lead that one of the follow buys."""
    return charts.ratio(evaluator.finding(recipes.DIVERGENCE), evaluator.pair(), evaluator.events())


def zscore(evaluator: Evaluator) -> Chart:
    """The trailing z of the spread."""
    return charts.zscore(evaluator.finding(recipes.DIVERGENCE), evaluator.pair())


def drawdowns(evaluator: Evaluator) -> Chart:
    """How far each leg is below its high."""
    return charts.drawdowns(evaluator.finding(recipes.DRAWDOWNS), evaluator.pair())


def correlation(evaluator: Evaluator) -> Chart:
    """The rolling correlation with its band."""
    return charts.correlation(evaluator.finding(recipes.CORRELATION), evaluator.pair(), evaluator.window)


def cointegration(evaluator: Evaluator) -> Judged:
    """Whether the gap closes by itself."""
    found = evaluator.finding(recipes.COINTEGRATION)
    method = charts.cointegration_method(found)
    return judged("cointegration", found.sentence, found.inference, evaluator.pair().papers, method)


def acceleration(evaluator: Evaluator) -> Judged:
    """Whether the lead feeds on its own rise."""
    found, papers = evaluator.finding(recipes.ACCELERATION), evaluator.provenance(recipes.ACCELERATION)
    return judged("acceleration_verdict", found.sentence, found.inference, papers, growth.METHOD)


def growth_path(evaluator: Evaluator) -> Chart:
    """The same statistic through the window."""
    found, (paper, *_) = evaluator.finding(recipes.ACCELERATION), evaluator.provenance(recipes.ACCELERATION)
    return growth.acceleration(
        found, catalogue.get(evaluator.view.lead), paper, evaluator.window, evaluator.ink
    )


def outperformance(evaluator: Evaluator) -> Judged:
    """The lead against the follow."""
    return _beat(evaluator, recipes.OUTPERFORMANCE)


def outperformance_metal(evaluator: Evaluator) -> Judged:
    """The lead against gold."""
    return _beat(evaluator, recipes.OUTPERFORMANCE_METAL)


def _beat(evaluator: Evaluator, recipe: Recipe[Outperformance]) -> Judged:
    found = evaluator.finding(recipe)
    method = (
        f"Mean daily log return of the one less that of the other over {DAYS} trading days, times 21; studentised stationary "
        f"bootstrap, mean block {BLOCK} days (Ledoit and Wolf 2008). Whoever picked the pair or the window because of its past "
        f"has already looked: no test undoes that. Sharpe ratios differ by {found.sharpe:+.1f} a year ({p_value(found.sharpe_p)}; "
        "display only)."
    ).replace(" -", " −")
    return judged(recipe.name, found.sentence, found.inference, evaluator.provenance(recipe), method)


def best_of_many(evaluator: Evaluator) -> Table:
    """Whether the best of the universe beat the follow once all that were tried count."""
    found: BestOfMany = evaluator.finding(recipes.BEST_OF_MANY)
    values = {
        "best": found.best,
        "ahead_pp_a_month": found.ahead,
        "p": found.p,
        "p_lower": found.p_lower,
        "p_upper": found.p_upper,
        "p_alone_naive": found.p_alone,
        "tried": found.tried,
        "n": found.n,
    }
    rows = pd.DataFrame({"value": values}).rename_axis("name")
    return Table(
        "best_of_many",
        found.sentence,
        rows,
        rows,
        evaluator.provenance(recipes.BEST_OF_MANY),
        f"n = {found.n} days that all have · a display: no claim rests on it",
        f"Hansen's SPA test over the fixed universe against {catalogue.get(found.benchmark).label}, and Romano and Wolf's StepM for "
        f"each series; stationary bootstrap of whole days, mean block {BLOCK}. A test of the best alone forgets that it was "
        "picked as the best.",
    )


def league(evaluator: Evaluator) -> Table:
    """Returns over five windows with ranks, best first over the last month."""
    found = evaluator.finding(recipes.LEAGUE)
    held = evaluator.panel(recipes.LEAGUE.keys(evaluator.view, evaluator.day)).papers
    papers = tuple(held[key] for key in found.returns.index)
    labels = [catalogue.get(key).label for key in found.returns.index]
    order = found.returns["1m"].rank(ascending=False, method="first", na_option="bottom").to_numpy().argsort()
    columns: dict[str, object] = {}
    for window in WINDOWS:
        columns[window] = found.returns[window].to_numpy()
        columns[f"{window} rank"] = [found.place(key, window) for key in found.returns.index]
    lead = evaluator.view.lead
    return Table(
        "league",
        f"{catalogue.get(lead).label} ranks {found.place(lead, '1m')} over one month and {found.place(lead, '6m')} over six.",
        pd.DataFrame(columns, index=pd.Index(labels, name="Series")).iloc[order],
        found.returns.add_suffix("_percent").join(found.ranks.add_suffix("_rank")),
        papers,
        f"as of {day(found.as_of)} · last closes, at most 7 days old · ranks over {len(papers)} series, 1 is the best",
        "Simple return from the last close at or before the same calendar day one week, one, three and six months and one "
        "year earlier to the last close at or before the as-of day. The universe is fixed and includes the pair.",
        dict.fromkeys(WINDOWS, "%+.1f%%"),
    )


def stale(evaluator: Evaluator) -> Words:
    """What is stale."""
    return Words(staleness(evaluator), quiet=True)


def staleness(evaluator: Evaluator) -> str:
    """What is stale among all series, in one line."""
    panel = evaluator.panel(list(catalogue.load()))
    stale = [paper for paper in panel.papers.values() if paper.stale]
    missing = [series.label for series in catalogue.load().values() if series.key not in panel]
    words = "every series that is held is up to date"
    if stale:
        words = "stale: " + ", ".join(f"{paper.title} ({day(paper.last)})" for paper in stale[:MOST_NAMED])
        words += f" and {len(stale) - MOST_NAMED} more" if len(stale) > MOST_NAMED else ""
    absent = f" · not held yet: {len(missing)} series" if missing else ""
    return f"As of {day(evaluator.day)}: {words}{absent}."
