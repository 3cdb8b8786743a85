"""The sections of the brief and of the bundle: a table of small records, each a function of an asker.

Pages show what the same functions make. A section that cannot be measured raises one of our own errors; whoever shows it
says why in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analytics import catalogue
from analytics.evaluate import Evaluator
from analytics.render.exhibits import Block
from analytics.render.words import day
from analytics.topics.claims import blocks as claims
from analytics.topics.drivers import blocks as drivers
from analytics.topics.lead_lag import blocks as lead
from analytics.topics.pair import blocks as pair
from analytics.topics.pair import recipes
from analytics.topics.positions import blocks as positions
from analytics.topics.rate_path import blocks as rates
from analytics.topics.regime import blocks as regime
from analytics.topics.silver_market import blocks as silver
from analytics.topics.triggers import blocks as triggers
from analytics.view import ARTICLE

Make = Callable[[Evaluator], Block | Sequence[Block] | None]


@dataclass(frozen=True, slots=True)
class Section:
    """One section.

    Attributes:
        key: Slug, unique.
        page: The page that shows it; a folder of the bundle.
        title: What it is called where it cannot be shown.
        make: Its block or blocks; None where there is nothing to show.
        brief: Whether it stands in the brief; the bundle has every one.
        wide: Over the page's whole width; others stand two side by side.
        listed: Whether the brief prints its papers in full; otherwise it names them.
    """

    key: str
    page: str
    title: str
    make: Make
    brief: bool = False
    wide: bool = True
    listed: bool = True

    def blocks(self, evaluator: Evaluator) -> list[Block]:
        """What it is made of.

        Raises:
            AnalyticsError: it cannot be measured.
        """
        made = self.make(evaluator)
        if made is None:
            return []
        return list(made) if isinstance(made, Sequence) else [made]


def reading(evaluator: Evaluator) -> str:
    """The brief's sentence: which leg moved.

    Raises:
        AnalyticsError: the pair cannot be measured.
    """
    return str(evaluator.finding(recipes.DIVERGENCE).sentence)


SECTIONS: tuple[Section, ...] = (
    Section("cards", "overview", "Where things are", pair.cards, brief=True),
    Section("pair", "overview", "The pair", pair.indexed, brief=True),
    Section("legs", "divergence", "Which leg moved", pair.legs, brief=True, wide=False),
    Section("triggers", "overview", "The three triggers", triggers.tiles, brief=True, wide=False),
    Section("lead", "lead_lag", "Does the lead come first?", lead.verdict, brief=True),
    Section("claims", "overview", "The claims", claims.counts, brief=True, listed=False),
    Section("stage", "regime", "The stage of the day", regime.today, brief=True, wide=False, listed=False),
    Section(
        "balance", "silver_market", "Silver's balance", silver.today, brief=True, wide=False, listed=False
    ),
    Section("rate_path", "rate_path", "The rate path", rates.path, brief=True),
    Section("odds", "rate_path", "Odds of each meeting", rates.odds_table, brief=True),
    Section("stale", "overview", "What is stale", pair.stale, brief=True),
    Section("ratio", "divergence", "The ratio", pair.ratio),
    Section("zscore", "divergence", "Trailing z of the spread", pair.zscore),
    Section("drawdowns", "divergence", "Drawdowns", pair.drawdowns),
    Section("correlation", "divergence", "Rolling correlation", pair.correlation),
    Section("cointegration", "divergence", "Does the gap close by itself?", pair.cointegration),
    Section("acceleration", "divergence", "Does the lead feed on its own rise?", pair.acceleration),
    Section("growth", "divergence", "The same through the window", pair.growth_path),
    Section("outperformance", "divergence", "Did the lead beat the follow?", pair.outperformance),
    Section("outperformance_metal", "divergence", "Against gold", pair.outperformance_metal),
    Section("league", "divergence", "League table", pair.league),
    Section("best_of_many", "divergence", "Best of many", pair.best_of_many),
    Section("correlogram", "lead_lag", "Every lag", lead.correlogram),
    Section("windows", "lead_lag", "Smoothed windows", lead.windows),
    Section("lead_beside", "lead_lag", "Beside it", lead.beside),
    Section("highs", "lead_lag", "After the lead's highs", lead.highs),
    Section("horizons", "lead_lag", "Every horizon", lead.horizons),
    Section("cycles", "lead_lag", "Without each market cycle", lead.cycles),
    Section("event_days", "lead_lag", "Every event day", lead.event_days),
    Section("usual", "lead_lag", "What the usual tests would have said", lead.usual),
    Section("signal", "lead_lag", "Is a high a buy signal?", lead.signal),
    Section("strip", "rate_path", "Odds of the next meeting", rates.strip),
    Section("odds_map", "rate_path", "Odds of each meeting and their changes", rates.odds_map),
    Section("dots", "rate_path", "The Committee's median projections", rates.dots),
    Section("moves", "rate_path", "Moves priced through time", rates.moves),
    Section("meeting", "rate_path", "One meeting's odds through time", rates.meeting_line),
    Section("inputs", "rate_path", "Inputs and residuals", rates.inputs),
    Section("reliability", "rate_path", "How often what was priced came", rates.reliability),
    Section("score", "rate_path", "How good the odds have been", rates.score),
    Section("link", "rate_path", "Easing priced, real yields and the dollar", rates.link),
    Section("attribution", "drivers", "The move, taken apart", drivers.attribution),
    Section("january", "drivers", "January 2026", drivers.january),
    Section("real_yield", "drivers", "Real yields", drivers.real_yield),
    Section("dollar", "drivers", "The dollar", drivers.dollar),
    Section("rolling", "drivers", "Rolling betas", drivers.rolling),
    Section("whole", "drivers", "The whole window, and whether it held", drivers.whole),
    Section("drivers_beside", "drivers", "Beside the tests", drivers.beside),
    Section("roles", "drivers", "Haven and industrial metal", drivers.roles),
    Section("abroad", "drivers", "Silver in other moneys", drivers.abroad),
    Section("uncertainty", "drivers", "Policy uncertainty and the term premium", drivers.uncertainty),
    Section("ribbon", "regime", "The stages under the pair", regime.ribbon),
    Section("signs", "regime", "What the rule sees", regime.inputs),
    Section("spells", "regime", "All spells", regime.spells),
    Section("returns", "regime", "Returns by stage", regime.returns),
    Section("shifts", "regime", "After shifts to debasement", regime.shifts),
    Section("by_stage", "regime", "Debasement against panic", regime.by_stage),
    Section("markov", "regime", "A two-state filter", regime.markov),
    Section("betas", "regime", "Beta when equities fall hardest", regime.betas),
    Section("in_stress", "regime", "A risk asset in stress?", regime.in_stress),
    Section("hedge", "regime", "Nasdaq or gold?", regime.nasdaq_or_gold),
    Section("shocks", "regime", "When stress strikes", regime.shocks),
    Section("ranges", "regime", "Does its range narrow?", regime.ranges),
    Section("gap", "regime", "Not yet in the price?", regime.gap),
    Section("balances", "silver_market", "Balance by year", silver.balance),
    Section("revisions", "silver_market", "The same year, print by print", silver.revisions),
    Section("flows", "silver_market", "Supply and demand", silver.flows),
    Section("mix", "silver_market", "Demand by use", silver.mix),
    Section("stocks", "silver_market", "Visible stocks", silver.stocks),
    Section("mines", "silver_market", "Mine output beside prices", silver.mine_and_price),
    Section("silver_claims", "silver_market", "Claims 16 to 22", silver.claims),
    Section("pace", "silver_market", "Did supply keep pace?", silver.pace),
    Section("policy", "silver_market", "Policy events", silver.policy),
    Section("positions_price", "positions", "Price and speculation", positions.beside_price),
    Section("other_side", "positions", "Who was on the other side", positions.other_side),
    Section("following", "positions", "Weekly changes", positions.follows),
    Section("crowding", "positions", "After crowded reports", positions.crowding),
    Section("basis", "positions", "Bitcoin's basis trade", positions.basis),
    Section("vaults", "positions", "London's vaults", positions.vaults),
    Section("term", "positions", "What later delivery costs", positions.term),
    Section("tally", "claims", "All 34 claims", claims.tally),
    Section("each", "claims", "Each claim against its threshold", claims.each),
    Section("paths", "claims", "The triggers through time", triggers.pictures),
    Section("firings", "claims", "The trigger ledger", triggers.firings),
    Section("worth", "claims", "What the triggers were worth", triggers.worth),
)
"""In the order of the brief, then what only the bundle has, page by page."""


def settings_rows(evaluator: Evaluator) -> dict[str, str]:
    """The choices and the data that everything was made from, as a reader checks them."""
    lead, follow = catalogue.get(evaluator.view.lead), catalogue.get(evaluator.view.follow)
    start, end = evaluator.window
    panel = evaluator.panel([lead.key, follow.key])
    return {
        "pair": f"{lead.title} against {follow.title}",
        "as of": f"{evaluator.as_of.isoformat()}{', the day of the article' if evaluator.day == ARTICLE else ''}",
        "window": f"{day(start)} to {day(end)}",
        "data": "simulated demo data" if evaluator.simulated else "recorded from Yahoo Finance and FRED",
        "sha256 of the pair": panel.sha256,
    }
