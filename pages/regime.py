"""Regime: which stage is it, and is the follow a risk asset or a hedge?"""

from __future__ import annotations

import streamlit as st

from analytics.errors import AnalyticsError, NotEnoughData
from analytics.panel import Papers
from analytics.published import thresholds
from analytics.render import verdict_words
from analytics.render.words import day
from analytics.topics.regime import blocks as made
from analytics.topics.regime import recipes
from analytics.topics.regime import words as stage_rule
from analytics.topics.regime.charts import regime as charts
from analytics.topics.regime.measures.stage import StageHistory
from analytics.topics.regime.measures.stress_beta import StressBeta
from analytics.view import ARTICLE
from pages.shell import parts, show
from pages.shell.frame import Page, open_page

BID, FIRST_STAGE, RANGE, CATCH_UP = 4, 27, 30, 32


def rule() -> None:
    """The rule written out, with every threshold and its reason."""
    st.markdown("#### The rule, written out")
    panic, debasement, rest = stage_rule.rule()
    st.markdown(f"{panic}\n\n{debasement}")
    st.caption(rest)


def article(page: Page) -> None:
    """The stage on the day of the article as known then (claim 27); nothing before that day."""
    if page.day < ARTICLE:
        return
    then = page if page.day == ARTICLE else page.on(ARTICLE)
    history: StageHistory = then.finding(recipes.STAGES)
    called = stage_rule.called(history.on(ARTICLE))
    st.markdown(f"#### On {day(ARTICLE)}, as known then, it was {show.escape(called)}.")
    share = then.finding(recipes.STAGE_CLAIM)
    st.markdown(show.escape(history.sentence))
    st.markdown(f"{show.escape(share.sentence)} {_outcome(page, FIRST_STAGE)}")


def _outcome(page: Page, claim: int) -> str:
    """The verdict on a claim, beside the threshold that was fixed beforehand or the reason why there is none."""
    found, threshold = page.verdict(claim), thresholds.get(claim)
    needed = f"asks for {threshold.direction} {threshold.delta:g} {threshold.unit}"
    beside = f"{needed}." if found.verdict != "not measurable" else f"– {found.reason}"
    return f"{verdict_words.marked(found.verdict)} · claim {claim} {show.escape(beside)}"


def returns(page: Page) -> None:
    """The follow's returns by stage, the path after shifts, and the verdict (claim 26)."""
    left, right = parts.two()
    with left:
        show.chart(page, page.block(made.returns))
    with right:
        path = page.block(made.shifts)
        if path is None:
            st.info("No shift from panic to debasement is known yet, so there is no path after one.")
        else:
            show.chart(page, path)
    show.exhibit(page, page.block(made.by_stage))


def spells(page: Page) -> None:
    """Every stretch of one stage, one click away."""
    history: StageHistory = page.finding(recipes.STAGES)
    box = st.expander(f"All {len(history.spells)} spells, day by day", on_change="rerun", key="spells_box")
    if box.open:
        with box:
            shares = ", ".join(f"{stage} {100 * share:.0f}%" for stage, share in history.share.items())
            st.dataframe(
                stage_rule.spell_rows(history), alt="Every stretch of one stage, newest first.", height=380
            )
            st.caption(f"Of the days with a known stage: {shares}.")


def markov(page: Page) -> None:
    """The two-state filter, for display only, one click away: fitting it is slow."""
    box = st.expander(
        "Beside the rule: a two-state Markov filter (display only)", on_change="rerun", key="markov_box"
    )
    if box.open:
        with box, show.place("A two-state filter"):
            with show.working("Fitting two states…"):
                found = page.block(made.markov)
            show.chart(page, found)


def outcomes(page: Page) -> None:
    """What came of it: descriptive claims against their thresholds, each in its place."""
    st.markdown("#### What came of it, against thresholds fixed beforehand")
    with show.place():
        _group(page)
    if page.day <= ARTICLE:
        return
    with show.place():
        after = page.finding(recipes.RANGE)
        st.markdown(f"**In its range or below.** {show.escape(after.sentence)} {_outcome(page, RANGE)}")
    with show.place():
        caught = page.finding(recipes.CATCH_UP)
        st.markdown(f"**A window to catch up.** {show.escape(caught.sentence)} {_outcome(page, CATCH_UP)}")


def _group(page: Page) -> None:
    """Claim 4 on the day of the article, and the same group now."""
    found = page.finding(recipes.DEFENSIVE_CLAIM)
    chance = (
        f"At equal risk the group made {found.equal_risk:+.1f}%; members that rose independently, each as often as it did, "
        f"would pass in {found.by_chance:.0f}% of windows."
    )
    said = show.escape(f"{found.sentence} {chance}")
    st.markdown(f"**Defensive assets as a group.** {said} {_outcome(page, BID)}")
    now = page.finding(recipes.DEFENSIVE)
    if now.end != found.end:
        st.markdown(f"Now: {show.escape(now.sentence)}")


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
            f"{verdict_words.marked('not measurable')} · it takes {error.need:,} trading days on which all of "
            f"these are known, and {error.n:,} are: {names}."
        )
        st.markdown(
            f"{show.escape(youngest.title)} is held from {day(youngest.first)} only. A shorter history would give a gap, but no "
            "test of whether gaps close; the simulated demo shows the measure."
        )
        st.caption(show.sources(held))


page = open_page("regime")
with show.place("The regime"):
    with show.working("Calling the stage of every day…"):
        reading(page)
    left, right = parts.two()
    with left, show.place("The stages under the pair"):
        show.chart(page, page.block(made.ribbon))
    with right, show.place("Beta when equities fall hardest"):
        show.chart(page, page.block(made.betas))
    left, right = parts.two()
    with left, show.place("What the rule sees"):
        show.exhibit(page, page.block(made.inputs))
        rule()
    with right, show.place("A risk asset in stress?"):
        verdict(page)
    with show.place("The day of the article"):
        article(page)
    with show.place("Returns by stage"):
        returns(page)
    with show.place("All spells"):
        spells(page)
    markov(page)
    with show.place("Nasdaq or gold?"):
        nasdaq_or_gold(page)
    left, right = parts.two()
    with left, show.place("When stress strikes"):
        show.exhibit(page, *page.block(made.shocks))
    with right, show.place("Does its range narrow?"):
        show.exhibit(page, *page.block(made.ranges))
    left, right = parts.two()
    with left, show.place("Not yet in the price?"):
        gap(page)
    with right:
        outcomes(page)
with show.place("The dollar weakens for months"):
    parts.trigger(page, "dollar")
