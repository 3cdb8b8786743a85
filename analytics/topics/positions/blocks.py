"""What Positions shows."""

from __future__ import annotations

from dataclasses import replace

from analytics import catalogue
from analytics.evaluate import Evaluator
from analytics.panel import Papers
from analytics.render.chart import Chart
from analytics.render.exhibits import Words
from analytics.topics.positions import recipes, words
from analytics.topics.positions.charts import groups as reports
from analytics.topics.positions.charts import terms, weeks
from analytics.topics.positions.charts import vaults as counts


def answer(evaluator: Evaluator) -> Words:
    """Price against speculation in one sentence."""
    found = evaluator.finding(recipes.POSITIONING)
    return Words(words.answer(found), papers=_papers(evaluator))


def dated(evaluator: Evaluator) -> Words:
    """Which report it is, when it came out, how old it is; and of what, where the lead has none."""
    said = words.dated(evaluator.finding(recipes.POSITIONING))
    lead = evaluator.view.lead
    if lead not in recipes.MARKETS:
        said += f" No such report is followed here for {catalogue.get(lead).label}: it is of silver."
    return Words(said, quiet=True, papers=_papers(evaluator))


def beside_price(evaluator: Evaluator) -> Chart:
    """The price over managed money's net long."""
    key = recipes.PRICES[recipes.report_of(evaluator.view)]
    return reports.beside_price(
        evaluator.finding(recipes.POSITIONING),
        evaluator.panel([key]).columns.get(key),
        catalogue.get(key),
        evaluator.window,
        _papers(evaluator),
        evaluator.ink,
    )


def other_side(evaluator: Evaluator) -> Chart:
    """Every group's net position, now and a quarter ago."""
    papers = tuple(paper for paper in _papers(evaluator) if catalogue.get(paper.key).provider == "cftc")
    return reports.other_side(evaluator.finding(recipes.POSITIONING), papers, evaluator.ink)


def follows(evaluator: Evaluator) -> Chart:
    """Weekly changes against the price's."""
    return weeks.follows(evaluator.finding(recipes.FOLLOWING), _papers(evaluator), evaluator.ink)


def crowding(evaluator: Evaluator) -> Chart:
    """What came after crowded reports."""
    market = evaluator.finding(recipes.POSITIONING).market
    return weeks.crowding(evaluator.finding(recipes.CROWDING), market, _papers(evaluator), evaluator.ink)


def basis(evaluator: Evaluator) -> Chart:
    """Bitcoin's basis trade."""
    found = evaluator.finding(recipes.BITCOIN_POSITIONING)
    papers = _once(evaluator.provenance(recipes.BITCOIN_POSITIONING), "bitcoin")
    return weeks.basis(found, evaluator.window, papers, evaluator.ink)


def vaults(evaluator: Evaluator) -> Chart:
    """Ounces in London's vaults."""
    return counts.vaults(
        evaluator.finding(recipes.VAULTS), evaluator.provenance(recipes.VAULTS), evaluator.ink
    )


def term(evaluator: Evaluator) -> Chart:
    """What later delivery of silver costs."""
    found = evaluator.finding(recipes.TERM_STRUCTURE)
    return terms.term(found, evaluator.window, _months(evaluator), evaluator.ink)


def _months(evaluator: Evaluator) -> tuple[Papers, ...]:
    """Papers of the months of delivery, those still traded first; one that has expired is whole and not late."""
    this = evaluator.day.replace(day=1)
    over, traded = [], []
    for paper in evaluator.provenance(recipes.TERM_STRUCTURE):
        month = catalogue.delivery_month(paper.key)
        if month is not None and month < this:
            over.append(replace(paper, stale=False))
        else:
            traded.append(paper)
    return (*traded, *over[::-1])


def _papers(evaluator: Evaluator) -> tuple[Papers, ...]:
    return _once(evaluator.provenance(recipes.POSITIONING))


def _once(papers: tuple[Papers, ...], *but: str) -> tuple[Papers, ...]:
    """A report's groups share its papers: they stand once, whoever they tell of."""
    return tuple(paper for paper in papers if not catalogue.get(paper.key).part and paper.key not in but)
