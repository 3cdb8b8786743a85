"""The Regime page's parts about what the follow is: stress betas, Nasdaq or gold, shocks, ranges, the gap."""

from __future__ import annotations

import streamlit as st

from analytics.errors import AnalyticsError, NotEnoughData
from analytics.panel import Papers
from analytics.render import verdict_words
from analytics.render.words import day
from analytics.topics.regime import blocks as made
from analytics.topics.regime import recipes
from analytics.topics.regime.charts import regime as charts
from analytics.topics.regime.measures.stage import StageHistory
from analytics.topics.regime.measures.stress_beta import StressBeta
from pages.shell import parts, show
from pages.shell.frame import Page


def reading(page: Page) -> None:
    """The page's sentence: the stage, and whether the follow is a risk asset; one of them where the other is not known.

    Raises:
        AnalyticsError: neither is known.
    """
    history: StageHistory | None = None
    try:
        history = page.finding(recipes.STAGES)
    except AnalyticsError as unknown:
        show.reading(_alone(page, unknown))
        return
    try:
        found: StressBeta | None = page.finding(recipes.STRESS_BETA)
    except AnalyticsError:
        found = None
    show.reading(charts.reading(history, found))


def _alone(page: Page, unknown: AnalyticsError) -> str:
    """The reading without a stage; why there is none stands in the ribbon's place."""
    try:
        return charts.reading(None, page.finding(recipes.STRESS_BETA))
    except AnalyticsError:
        raise unknown from None


def verdict(page: Page) -> None:
    """Claim 24, the tests beside it, and once what plain errors would have said."""
    test, beside = page.block(made.in_stress)
    show.exhibit(page, test, beside)
    st.caption(show.escape(charts.naive(page.finding(recipes.STRESS_BETA))))


def nasdaq_or_gold(page: Page) -> None:
    """Bitcoin's betas to Nasdaq and gold through time and by lagged stress; extremes one click away."""
    rolling, states, extremes = page.block(made.nasdaq_or_gold)
    left, right = parts.two()
    with left:
        show.chart(page, rolling)
    with right:
        show.chart(page, states)
    box = st.expander("Correlation on extreme days (display only)", on_change="rerun", key="extremes_box")
    if box.open:
        with box:
            show.chart(page, extremes)


def gap(page: Page) -> None:
    """What drivers promise and the follow has not made (claim 34)."""
    try:
        shown = page.block(made.gap)
    except NotEnoughData as error:
        held = list(page.provenance(recipes.GAP))
        if len(held) < len(recipes.GAP.keys(page.view, page.day)):
            raise
        _too_young(error, held)
        return
    show.exhibit(page, *shown)


def _too_young(error: NotEnoughData, held: list[Papers]) -> None:
    """Why the gap cannot be measured: which series is held for too short a time."""
    youngest = max(held, key=lambda paper: paper.first)
    names = show.escape(", ".join(paper.title for paper in held))
    with st.container(border=True, key="verdict_gap"):
        st.markdown("#### Whether a gap is open cannot be measured on what is held.")
        st.markdown(
            f"{verdict_words.MARKS['not measurable']} **Not measurable** · it takes {error.need:,} trading days on which all of "
            f"these are known, and {error.n:,} are: {names}."
        )
        st.markdown(
            f"{show.escape(youngest.title)} is held from {day(youngest.first)} only. A shorter history would give a gap, but no "
            "test of whether gaps close; the simulated demo shows the measure."
        )
        st.caption(show.sources(held))
