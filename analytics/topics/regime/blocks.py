"""What Regime shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics import catalogue, evaluate
from analytics.evaluate import Evaluator
from analytics.panel import Papers
from analytics.recipe import Recipe
from analytics.render.chart import Chart
from analytics.render.exhibits import Block, Judged, Table, Words, judged
from analytics.render.words import day, short_p
from analytics.topics.regime import recipes
from analytics.topics.regime import words as stage_rule
from analytics.topics.regime.charts import regime as charts
from analytics.topics.regime.charts import stages, stress
from analytics.topics.regime.measures.stage import StageHistory
from analytics.topics.regime.measures.stage_signs import signs
from analytics.topics.regime.recipes import AFTER_SHIFT, NARROW, NOT_PRICED, RESPOND, RISK, RULE

MONTHS_AHEAD = 13
"""Contract months whose papers stand under the rule: the rule reads the one twelve months ahead."""


def papers(evaluator: Evaluator, recipe: Recipe[Any] = recipes.STAGES) -> tuple[Papers, ...]:
    """Papers of the rule's inputs and of what a finding adds to them."""
    contracts = {row.key for row in catalogue.listed_contracts(evaluator.day, MONTHS_AHEAD)}
    wanted = {*RULE, *contracts} | (set() if recipe is recipes.STAGES else {evaluator.view.follow})
    return tuple(paper for paper in evaluator.provenance(recipe) if paper.key in wanted)


def today(evaluator: Evaluator) -> Words:
    """The last day's stage and why, in one sentence."""
    history: StageHistory = evaluator.finding(recipes.STAGES)
    return Words(history.sentence, papers=papers(evaluator))


def ribbon(evaluator: Evaluator) -> Chart:
    """The pair over the stages of its days."""
    found, history = evaluator.finding(evaluate.recipe("divergence")), evaluator.finding(recipes.STAGES)
    return stages.ribbon(found.indexed, history, evaluator.pair(), evaluator.events(), papers(evaluator))


def inputs(evaluator: Evaluator) -> Table:
    """The inputs of the last day beside their thresholds."""
    history: StageHistory = evaluator.finding(recipes.STAGES)
    found = signs(history)
    return Table(
        "signs",
        f"For {day(history.stages.index[-1].date())}: {stage_rule.signs_reading(found)}",
        stage_rule.signs_table(found),
        stage_rule.signs_rows(found),
        papers(evaluator),
        "as known at the close of the day before; distance in the input's own unit",
        "Each input against its threshold in the rule below. An input that is not known has no vote, or leaves the stage "
        "unknown where the rule requires it. Revised series are left out of a past view unless the vintage of that day is held.",
    )


def spells(evaluator: Evaluator) -> Table:
    """Every stretch of one stage."""
    history: StageHistory = evaluator.finding(recipes.STAGES)
    shares = ", ".join(f"{stage} {100 * share:.0f}%" for stage, share in history.share.items())
    rows = stage_rule.spell_rows(history)
    rule = f"Of the days with a known stage: {shares}."
    return Table(
        "spells", f"All {len(history.spells)} spells, day by day", rows, rows, papers(evaluator), rule
    )


def returns(evaluator: Evaluator) -> Chart:
    """The follow's returns by stage."""
    return stages.returns(evaluator.finding(recipes.STAGE), evaluator.ink, papers(evaluator, recipes.STAGE))


def shifts(evaluator: Evaluator) -> Chart | None:
    """The follow after shifts from panic to debasement; None where none is known."""
    colour = evaluator.pair().colours[1]
    return stages.shifts(
        evaluator.finding(recipes.STAGE), evaluator.ink, colour, papers(evaluator, recipes.STAGE)
    )


def by_stage(evaluator: Evaluator) -> Judged:
    """Claim 26."""
    found = evaluator.finding(recipes.STAGE)
    method = (
        "Claim 26: mean next-day log return on debasement days minus panic days, times 60; White t, wild bootstrap. Past days "
        "are called by the figures held today; series that are revised enter no past view without their vintage."
    )
    return judged(
        "stage",
        found.sentence,
        found.inference,
        papers(evaluator, recipes.STAGE),
        method,
        evaluator.own_verdict(AFTER_SHIFT),
    )


def markov(evaluator: Evaluator) -> Chart:
    """The two-state filter, for display only."""
    return stages.markov(
        evaluator.finding(recipes.MARKOV), evaluator.ink, evaluator.provenance(recipes.MARKOV)
    )


def betas(evaluator: Evaluator) -> Chart:
    """Betas by how badly equities do."""
    colour = evaluator.pair().colours[1]
    papers = evaluator.provenance(recipes.STRESS_BETA)
    return charts.stress_betas(evaluator.finding(recipes.STRESS_BETA), evaluator.ink, colour, papers)


def in_stress(evaluator: Evaluator) -> Sequence[Block]:
    """Claim 24 and the tests beside it."""
    found, held = evaluator.finding(recipes.STRESS_BETA), evaluator.provenance(recipes.STRESS_BETA)
    frame = charts.beside(found)
    shift = "shifts" if found.shift.p <= 0.05 else "is not seen to shift"
    hedge = "turns negative" if found.hedge.p <= 0.05 else "is nowhere seen below zero"
    method = (
        "Claim 24 is decided by the whole beta on the worst 5% of days (the worst 1% apart), c0 + c1 + c2, by a restricted wild "
        "bootstrap of that sum. A shift is not required: a beta that is always high makes a risk asset too."
    )
    return [
        judged("stress_beta", found.sentence, found.inference, held, method, evaluator.own_verdict(RISK)),
        Table(
            "stress_beside",
            f"In the tails the beta {shift} and {hedge}.",
            frame.assign(p=frame["p"].map(short_p)),
            frame,
            held,
            f"n = {found.inference.n:,} days",
            "Shift: largest of three |t| of c1, c1 + c2, c1 + c2 + c3. Hedge: lowest of three t of the whole betas. Extra beta: "
            "the interaction with the VIX of the day before. Each has its own wild bootstrap; none of them decides claim 24.",
            {"estimate": "%.2f", "t": "%.2f"},
        ),
    ]


def nasdaq_or_gold(evaluator: Evaluator) -> list[Chart]:
    """Bitcoin's betas to Nasdaq and gold through time, by lagged stress, and its correlation on extreme days."""
    found, held = evaluator.finding(recipes.RISK_OR_HEDGE), evaluator.provenance(recipes.RISK_OR_HEDGE)
    return [
        charts.rolling(found, evaluator.ink, evaluator.window, held),
        charts.states(found, evaluator.ink, held),
        charts.exceedances(found, evaluator.ink, held),
    ]


def shocks(evaluator: Evaluator) -> Sequence[Block]:
    """Who responds first when stress strikes (claim 9)."""
    found, held = evaluator.finding(recipes.SHOCK_RESPONSE), evaluator.provenance(recipes.SHOCK_RESPONSE)
    method = (
        "Claim 9: metals up on days 0 to 2 and Bitcoin up on days 3 to 22; both must hold. Hodrick-1B regressions of daily "
        "returns on the number of shocks so many days before, White t, wild bootstrap, each against any day's return."
    )
    return [
        stress.shocks(found, evaluator.ink, held),
        judged(
            "shock_response", found.sentence, found.inference, held, method, evaluator.own_verdict(RESPOND)
        ),
    ]


def ranges(evaluator: Evaluator) -> Sequence[Block]:
    """Whether the follow's range narrows while risk is cut (claim 25)."""
    found, held = evaluator.finding(recipes.CONSOLIDATION), evaluator.provenance(recipes.CONSOLIDATION)
    method = (
        "Claim 25: the log range of 20-day blocks on the state of the day before and on the log range of the block before; "
        "White errors, wild bootstrap."
    )
    return [
        stress.ranges(found, evaluator.ink, held),
        judged("consolidation", found.sentence, found.inference, held, method, evaluator.own_verdict(NARROW)),
    ]


def gap(evaluator: Evaluator) -> Sequence[Block]:
    """What drivers promise and the follow has not made (claim 34)."""
    found, held = evaluator.finding(recipes.GAP), evaluator.provenance(recipes.GAP)
    colour = evaluator.pair().colours[1]
    method = (
        "Claim 34: the return of the next 60 trading days per standard deviation of gap (Hodrick 1B, wild bootstrap in which each "
        "draw builds its own gap); a second condition is that the gap is positive today. In-sample gaps close nearly always, "
        "even of unrelated random walks (97%), and prove nothing."
    )
    return [
        stress.gap(found, evaluator.ink, colour, catalogue.get(found.follow).label, held),
        judged("gap", found.sentence, found.inference, held, method, evaluator.own_verdict(NOT_PRICED)),
    ]
