"""What Claims shows: the tally then and now, and each claim against its threshold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analytics.clock.instants import end_of_day
from analytics.evaluate import Evaluator
from analytics.panel import Papers
from analytics.published import thresholds
from analytics.published.thresholds import Threshold
from analytics.render.chart import Chart, Source
from analytics.render.exhibits import Table
from analytics.topics.claims import charts, recipes
from analytics.topics.claims import recipes as ledger_of_claims
from analytics.topics.claims.measures.verdicts import ClaimLedger, ClaimVerdict
from analytics.topics.silver_market import blocks as silver
from analytics.view import ARTICLE

PUBLISHED = "silver_balance"
"""The finding whose numbers are published figures."""


@dataclass(frozen=True, slots=True)
class Both:
    """The ledger as of the page's day, and as of the article's day where that lies before it."""

    now: ClaimLedger
    then: ClaimLedger | None
    papers: tuple[Papers, ...]

    def pairs(self) -> Iterable[tuple[Threshold, ClaimVerdict, ClaimVerdict | None]]:
        """Each claim with its verdict now and then."""
        for claim in thresholds.load():
            yield claim, self.now.claim(claim.id), self.then.claim(claim.id) if self.then else None


def both(evaluator: Evaluator) -> Both:
    """Both ledgers; the article's day never says anything later than itself, whatever day is shown.

    Raises:
        NotEnoughData: nothing is known of silver or Bitcoin yet.
    """
    plain = evaluator.seen(ledger_of_claims.plain_view(evaluator.view))
    data = plain.panel(recipes.CLAIMS.keys(plain.view, plain.day))
    for key in (plain.view.lead, plain.view.follow):
        data.series(key)  # says so where nothing is known of it
    now: ClaimLedger = plain.finding(recipes.CLAIMS)
    then = plain.on(ARTICLE).finding(recipes.CLAIMS) if evaluator.as_of > end_of_day(ARTICLE) else None
    used = dict.fromkeys(key for claim in now.claims for key in claim.series)
    return Both(now, then, tuple(data.papers[key] for key in used if key in data))


def tally(evaluator: Evaluator) -> Chart:
    """Claims by verdict then and now, with every claim as a row."""
    found = both(evaluator)
    papers: tuple[Source, ...] = (*found.papers, *silver.prints(evaluator, silver.PACE))
    title = charts.changed(found.now, found.then)
    return charts.tally(found.now, found.then, papers, evaluator.ink, title)


def overview(evaluator: Evaluator) -> Chart:
    """The tally as the Overview shows it: what is supported, and of the measures alone."""
    found = both(evaluator)
    return charts.tally(
        found.now, found.then, found.papers, evaluator.ink, charts.counted(found.now, found.then)
    )


def counts(evaluator: Evaluator) -> Table:
    """Claims by verdict: the story, what is around it and facts, as a small table; how many changed stands in its rule."""
    found = both(evaluator)
    rows = {
        f"{name}, {charts.day(found.now.day)}": found.now.tally(weight)
        for weight, name in charts.WEIGHTS.items()
    }
    frame = pd.DataFrame(rows).T.rename_axis("claims as known on")
    rule = charts.changed(found.now, found.then).partition(":")[0] if found.then else ""
    return Table("counts", charts.counted(found.now, found.then), frame, frame, found.papers, rule)


def each(evaluator: Evaluator) -> list[Chart]:
    """Each measured claim against its threshold."""
    found = both(evaluator)
    drawn = (against(found, *row, evaluator) for row in found.pairs())
    return [picture for picture in drawn if picture is not None]


def against(
    found: Both, claim: Threshold, now: ClaimVerdict, then: ClaimVerdict | None, evaluator: Evaluator
) -> Chart | None:
    """One claim's number against its threshold; None where it has none."""
    held = {paper.key: paper for paper in found.papers}
    papers: list[Source] = [held[key] for key in now.series if key in held]
    if now.finding == PUBLISHED:
        papers = [*silver.prints(evaluator, claim.id)]
    return charts.against(claim, now, then, papers, evaluator.ink)
