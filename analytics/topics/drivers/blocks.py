"""What Drivers shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics import catalogue
from analytics.catalogue import Series
from analytics.errors import NotKnown
from analytics.evaluate import Evaluator
from analytics.panel import Papers
from analytics.published import thresholds
from analytics.recipe import Recipe
from analytics.render.chart import Chart
from analytics.render.exhibits import Block, Judged, Table, judged
from analytics.render.words import day
from analytics.topics.drivers import recipes
from analytics.topics.drivers.charts import betas as paths
from analytics.topics.drivers.charts import driver_tables as tables
from analytics.topics.drivers.charts import drivers as charts
from analytics.topics.drivers.charts import roles as pictures
from analytics.topics.drivers.measures.abroad import MONEYS
from analytics.topics.drivers.recipes import DOLLAR, HAVEN_AND_METAL, REAL_YIELD, TOGETHER

MAIN_DRIVER = 15
"""The claim that real yields and the dollar were behind January's move."""


def asset(evaluator: Evaluator) -> Series:
    """The asset that the page explains."""
    return catalogue.get(recipes.asset(evaluator.view))


def attribution(evaluator: Evaluator) -> Chart:
    """The move taken apart."""
    return charts.attribution(
        evaluator.finding(recipes.ATTRIBUTION),
        asset(evaluator),
        evaluator.provenance(recipes.ATTRIBUTION),
        evaluator.ink,
    )


def january(evaluator: Evaluator) -> Judged:
    """Claim 15, a share against its threshold.

    Raises:
        NotKnown: the move is not over on the day, or its data are absent.
    """
    threshold = thresholds.get(MAIN_DRIVER)
    claim = evaluator.verdict(MAIN_DRIVER)
    if claim.verdict == "not measurable":
        raise NotKnown(f"Claim {MAIN_DRIVER} is not measurable: {claim.reason}")
    found = evaluator.finding(recipes.ATTRIBUTION_CLAIM)
    met = claim.verdict == "supported"
    return Judged(
        "january",
        f"Real yields and the dollar {'were' if met else 'were not'} the main driver of silver's move in January 2026.",
        claim.verdict,
        charts.share_line(found, thresholds.delta(MAIN_DRIVER)),
        charts.attribution_rows(found, catalogue.get("silver")),
        evaluator.provenance(recipes.ATTRIBUTION_CLAIM),
        f"Claim 15, by arithmetic: no test is behind it. {threshold.measurement}",
        claim=MAIN_DRIVER,
    )


def real_yield(evaluator: Evaluator) -> Judged:
    """Claim 13."""
    found = evaluator.finding(recipes.DRIVERS)
    method = (
        "Claim 13, where the asset is silver: one regression of its daily log return on the changes of all four drivers, "
        "Newey-West errors (5 lags), wild bootstrap with the null imposed. Same-day association, not cause."
    )
    return judged(
        "drivers",
        found.sentence,
        found.inference,
        evaluator.provenance(recipes.DRIVERS),
        method,
        evaluator.own_verdict(REAL_YIELD),
    )


def dollar(evaluator: Evaluator) -> Judged:
    """Claim 14."""
    found = evaluator.finding(recipes.DOLLAR_DRIVER)
    method = (
        "Claim 14, where the asset is silver: the same regression with the asset priced in the dollar index's own basket (log "
        "asset + log index on the left), so an effect below zero is more than a change of the unit of account. Silver settles "
        "at 13:25 New York and the index at 17:00: the hours between do not count for either."
    )
    papers = evaluator.provenance(recipes.DOLLAR_DRIVER)
    return judged(
        "dollar_driver", found.sentence, found.inference, papers, method, evaluator.own_verdict(DOLLAR)
    )


def beside(evaluator: Evaluator) -> Table:
    """Weeks and the broad dollar: they decide nothing."""
    broad = evaluator.finding(recipes.DRIVERS_BROAD)
    real, dollars = broad["real_yield_10y"], broad["dollar_broad"]
    rows = tables.tests_table(
        [
            ("Real yield (decides)", evaluator.finding(recipes.DRIVERS)),
            ("Dollar (decides)", evaluator.finding(recipes.DOLLAR_DRIVER)),
            ("Real yield beside broad dollar", real),
            ("Broad dollar", dollars),
        ]
    )
    rule = "per 10 bp of yield, in $; per 1% of the dollar, in its basket · p two-sided · rows without (decides) decide nothing"
    method = (
        "Weeks: the same regression on changes from Friday to Friday. The broad dollar (Federal Reserve, 26 currencies) reaches "
        "back further than the index but is published late and revised; it stands beside the index and is never spliced with it."
    )
    title = tables.broad_reading(real, dollars)
    return Table(
        "beside",
        title,
        tables.tests_shown(rows),
        rows,
        evaluator.provenance(recipes.DRIVERS_BROAD),
        rule,
        method,
    )


def whole(evaluator: Evaluator) -> Table:
    """The betas over the whole window, and whether they stayed the same."""
    found, stability = evaluator.finding(recipes.DRIVERS), evaluator.finding(recipes.DRIVER_STABILITY)
    rows, every = tables.whole_table(found, stability), stability.breaks[-1]
    rule = (
        f"per 10 bp of a yield, per 1% of a price · n = {found.n:,} days from {day(found.first)} to {day(found.last)} · all betas "
        f"together: sup-Wald {every.statistic:.1f}, 5% value {every.critical:.1f} (Andrews' table {every.andrews:.1f})"
    )
    method = (
        "Betas of the regression behind the verdicts with 95% intervals by wild bootstrap. Stability: one break at an unknown "
        "day (sup-Wald, Andrews 1993, 15% trimmed at both ends) with wild-bootstrap p and 5% value: under changing volatility "
        "his table rejects too often. Beside the verdicts; decides nothing."
    )
    papers = evaluator.provenance(recipes.DRIVERS)
    return Table("whole", stability.sentence, tables.whole_shown(rows), rows, papers, rule, method)


def rolling(evaluator: Evaluator) -> Chart:
    """Betas to the chosen driver through time."""
    found = evaluator.finding(recipes.DRIVER_BETAS)
    rows = {key: catalogue.get(key) for key in found.assets}
    papers = evaluator.provenance(recipes.DRIVER_BETAS)
    return paths.betas(found, evaluator.view.driver, rows, evaluator.window, papers, evaluator.ink)


def roles(evaluator: Evaluator) -> Sequence[Block]:
    """Claim 23: haven and industrial metal."""
    found, papers = evaluator.finding(recipes.ROLES), evaluator.provenance(recipes.ROLES)
    method = (
        "Claim 23: both shares must exceed 5%; each root is studentised by a block jackknife and judged by a stationary bootstrap "
        "of whole days (mean block 20). That gold is a haven is assumed, not tested."
    )
    return [
        pictures.roles(found, evaluator.window, papers, evaluator.ink),
        judged(
            "roles_test",
            found.sentence,
            found.inference,
            papers,
            method,
            evaluator.own_verdict(HAVEN_AND_METAL),
        ),
    ]


def uncertainty(evaluator: Evaluator) -> Judged:
    """Claim 8.

    Raises:
        NotKnown: a series is absent, or held only as revised since.
    """
    held = _held(evaluator, recipes.UNCERTAINTY)
    revised = [paper.title for paper in held if paper.later_vintage]
    if revised:
        raise NotKnown(
            f"Not measurable as of this day: today's ledger holds {_listed(revised)} only as revised since. Vintages of that day "
            "would settle it."
        )
    found = evaluator.finding(recipes.UNCERTAINTY)
    method = (
        "Claim 8: correlation of silver's weekly log return with the weekly change of policy uncertainty (log, seven-day mean) "
        "and of the 10-year term premium; both must hold (the larger p counts). White errors, wild bootstrap."
    )
    return judged(
        "uncertainty", found.sentence, found.inference, held, method, evaluator.own_verdict(TOGETHER)
    )


def abroad(evaluator: Evaluator) -> Chart:
    """Silver in euros, yuan and rupees, as far as their exchange rates are held."""
    held = evaluator.provenance(recipes.SILVER_ABROAD)
    if not {paper.key for paper in held} & set(MONEYS):
        _held(evaluator, recipes.SILVER_ABROAD)
    return pictures.abroad(evaluator.finding(recipes.SILVER_ABROAD), held, evaluator.ink)


def _held(evaluator: Evaluator, recipe: Recipe[Any]) -> tuple[Papers, ...]:
    """Papers of all that a finding reads.

    Raises:
        NotKnown: nothing is held of some of it.
    """
    found = evaluator.provenance(recipe)
    held = {paper.key for paper in found}
    wanted = recipe.keys(evaluator.view, evaluator.day)
    absent = [row for key in wanted if (row := catalogue.get(key)).key not in held]
    if absent:
        said = _listed([f"{row.title} ({row.code})" for row in absent])
        raise NotKnown(f"Not measurable: nothing is held of {said}. The Data page says why.")
    return found


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
