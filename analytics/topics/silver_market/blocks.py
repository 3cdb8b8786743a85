"""What Silver market shows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.errors import NotPublished
from analytics.evaluate import Evaluator
from analytics.panel import Papers
from analytics.published import provenance as printed
from analytics.published import silver, thresholds
from analytics.published.provenance import Printed
from analytics.render.chart import Chart
from analytics.render.exhibits import Table, Words
from analytics.render.words import day
from analytics.topics.silver_market import recipes
from analytics.topics.silver_market.charts import silver_market as charts
from analytics.topics.silver_market.charts import silver_stocks
from analytics.topics.silver_market.charts import silver_supply as supply
from analytics.topics.silver_market.recipes import Answer

BYPRODUCT, LISTED, PACE = 18, 19, 21
"""Claims: most silver is a by-product; the US lists it as critical; supply failed to keep pace."""


def today(evaluator: Evaluator) -> Words:
    """The newest year's balance in one sentence."""
    prints = evaluator.finding(recipes.SILVER_PRINTS)
    papers = printed.of_figures(prints.balance[-1:])
    return Words(prints.sentence or evaluator.finding(recipes.SILVER_BALANCE).sentence, papers=papers)


def balance(evaluator: Evaluator) -> Chart:
    """The balance by year."""
    return charts.balance(evaluator.finding(recipes.SILVER_PRINTS), evaluator.ink)


def revisions(evaluator: Evaluator) -> Chart:
    """The same year print by print."""
    return charts.revisions(evaluator.finding(recipes.SILVER_PRINTS), evaluator.ink)


def flows(evaluator: Evaluator) -> Chart:
    """Supply and demand."""
    return charts.flows(evaluator.finding(recipes.SILVER_PRINTS), evaluator.ink)


def mix(evaluator: Evaluator) -> Chart:
    """Demand by use."""
    return supply.mix(evaluator.finding(recipes.SILVER_PRINTS), evaluator.ink)


def stocks(evaluator: Evaluator) -> Chart:
    """Visible stocks by place.

    Raises:
        NotPublished: no figure was out.
    """
    found = evaluator.finding(recipes.SILVER_STOCKS)
    if found is None:
        raise NotPublished(
            f"No figure of visible stocks is carried that was published by {day(evaluator.day)}."
        )
    return silver_stocks.stocks(found, evaluator.ink)


def mine_and_price(evaluator: Evaluator) -> Chart:
    """Mine output beside yearly mean prices.

    Raises:
        NotEnoughData: no price is known.
    """
    return supply.mine_and_price(evaluator.finding(recipes.SILVER_BALANCE), _price(evaluator), evaluator.ink)


def _price(evaluator: Evaluator) -> Papers:
    held = evaluator.panel(["silver"])
    held.series("silver")  # says so where nothing is known of it
    return held.papers["silver"]


def claims(evaluator: Evaluator) -> Table:
    """Claims 16 to 22: number, threshold fixed beforehand, what it rests on."""
    answers: Sequence[Answer] = evaluator.finding(recipes.SILVER_CLAIMS)
    papers = (*prints(evaluator, PACE), *prints(evaluator, BYPRODUCT), *prints(evaluator, LISTED))
    rows = pd.DataFrame(
        [_row(answer, evaluator.verdict(answer.threshold.id).verdict) for answer in answers]
    ).set_index("claim")
    return Table(
        "silver_claims",
        "What the published figures give for claims 16 to 22",
        rows,
        rows,
        papers,
        f"thresholds were fixed before anything was measured · always by the last print known on {day(evaluator.day)}",
        "Arithmetic on published figures; nothing is tested. A survey's figure that is not carried here makes a claim not "
        "measurable: an older print never stands in for it.",
    )


def prints(evaluator: Evaluator, claim: int) -> tuple[Printed, ...]:
    """Papers of the published figures behind one of these claims, as known on the day."""
    if claim == BYPRODUCT:
        share = silver.byproduct_share(evaluator.day)
        return (printed.of_share(share),) if share else ()
    if claim == LISTED:
        return printed.of_events(
            event for event in silver.policy(evaluator.day) if "minerals" in event.topics
        )
    survey = evaluator.finding(recipes.SILVER_BALANCE).survey
    return printed.of_figures(survey.figures if survey else ())


def _row(answer: Answer, verdict: str) -> dict[str, object]:
    read, threshold = answer.reading, answer.threshold
    return {
        "claim": threshold.id,
        "wording": threshold.wording,
        "value": read.value if read else None,
        "unit": threshold.unit or "",
        "direction": threshold.direction or "",
        "threshold": threshold.delta,
        "verdict": verdict,
        "says": read.sentence if read else threshold.needs,
        "source": "; ".join(read.sources) if read else "",
        "secondary": read.secondary if read else "",
    }


def pace(evaluator: Evaluator) -> Chart:
    """Claim 21's gap from every base year."""
    return supply.spans(evaluator.finding(recipes.SILVER_BALANCE), thresholds.delta(PACE), evaluator.ink)


def policy(evaluator: Evaluator) -> Table:
    """Dated policy events that concern silver, newest first.

    Raises:
        NotPublished: none is carried.
    """
    known = silver.policy(evaluator.day)[::-1]
    if not known:
        raise NotPublished(f"No policy event up to {day(evaluator.day)} is carried.")
    frame = pd.DataFrame(
        [
            {"day": event.day, "event": event.title, "what": event.body, "source": event.source}
            for event in known
        ]
    ).set_index("day")
    return Table(
        "policy",
        f"{len(known)} dated policy events; the newest, {day(known[0].day)}: {known[0].title}",
        frame,
        frame,
        printed.of_events(known),
        f"critical minerals and tariffs up to {day(evaluator.day)}, n = {len(known)}",
        "Transcribed from the sources named in each row; an event is never dated before it was public in New York.",
    )
