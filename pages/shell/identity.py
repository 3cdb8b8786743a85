"""The Regime page's parts about what the follow is: stress betas, Nasdaq or gold, shocks, ranges, the gap."""

from __future__ import annotations

import streamlit as st

from analytics import catalogue, findings
from analytics.charts import regime as charts
from analytics.charts import stress, verdicts
from analytics.charts.words import day
from analytics.errors import AnalyticsError, NotEnoughData
from analytics.measures.stage import StageHistory
from analytics.measures.stress_beta import StressBeta
from analytics.panel import Papers
from pages.shell import parts, show
from pages.shell.frame import Page


def papers(page: Page, name: str) -> list[Papers]:
    """Papers of the series that a finding reads."""
    return list(page.panel(findings.recipe(name).keys(page.view, page.day)).papers.values())


def reading(page: Page) -> None:
    """The page's sentence: the stage, and whether the follow is a risk asset; one of them where the other is not known.

    Raises:
        AnalyticsError: neither is known.
    """
    history: StageHistory | None = None
    try:
        history = page.finding("stages")
    except AnalyticsError as unknown:
        show.reading(_alone(page, unknown))
        return
    try:
        found: StressBeta | None = page.finding("stress_beta")
    except AnalyticsError:
        found = None
    show.reading(charts.reading(history, found))


def _alone(page: Page, unknown: AnalyticsError) -> str:
    """The reading without a stage; why there is none stands in the ribbon's place."""
    try:
        return charts.reading(None, page.finding("stress_beta"))
    except AnalyticsError:
        raise unknown from None


def betas(page: Page) -> None:
    """Betas by how badly equities do."""
    found: StressBeta = page.finding("stress_beta")
    colour = parts.pair(page).colours[1]
    show.chart(page, charts.stress_betas(found, page.ink, colour, papers(page, "stress_beta")))


def verdict(page: Page) -> None:
    """Claim 24, the tests beside it, and once what plain errors would have said."""
    found: StressBeta = page.finding("stress_beta")
    held = papers(page, "stress_beta")
    show.verdict(
        page,
        "stress_beta",
        found.sentence,
        found.inference,
        held,
        "Claim 24 is decided by the whole beta on the worst 5% of days (the worst 1% apart), c0 + c1 + c2, by a restricted wild "
        "bootstrap of that sum. A shift is not required: a beta that is always high makes a risk asset too.",
    )
    frame = charts.beside(found)
    shift = "shifts" if found.shift.p <= 0.05 else "is not seen to shift"
    hedge = "turns negative" if found.hedge.p <= 0.05 else "is nowhere seen below zero"
    show.table(
        page,
        "stress_beside",
        f"In the tails the beta {shift} and {hedge}.",
        frame.style.format({"estimate": "{:.2f}", "t": "{:.2f}", "p": charts.short_p}),
        frame,
        held,
        f"n = {found.inference.n:,} days",
        "Shift: largest of three |t| of c1, c1 + c2, c1 + c2 + c3. Hedge: lowest of three t of the whole betas. Extra beta: the "
        "interaction with the VIX of the day before. Each has its own wild bootstrap; none of them decides claim 24.",
    )
    st.caption(show.escape(charts.naive(found)))


def nasdaq_or_gold(page: Page) -> None:
    """Bitcoin's betas to Nasdaq and gold through time and by lagged stress; extremes one click away."""
    found = page.finding("risk_or_hedge")
    held = papers(page, "risk_or_hedge")
    left, right = parts.two()
    with left:
        show.chart(page, charts.rolling(found, page.ink, page.window, held))
    with right:
        show.chart(page, charts.states(found, page.ink, held))
    box = st.expander("Correlation on extreme days (display only)", on_change="rerun", key="extremes_box")
    if box.open:
        with box:
            show.chart(page, charts.exceedances(found, page.ink, held))


def shocks(page: Page) -> None:
    """Who responds first when stress strikes (claim 9)."""
    found = page.finding("shock_response")
    held = papers(page, "shock_response")
    show.chart(page, stress.shocks(found, page.ink, held))
    show.verdict(
        page,
        "shock_response",
        found.sentence,
        found.inference,
        held,
        "Claim 9: metals up on days 0 to 2 and Bitcoin up on days 3 to 22; both must hold. Hodrick-1B regressions of daily "
        "returns on the number of shocks so many days before, White t, wild bootstrap, each against any day's return.",
    )


def ranges(page: Page) -> None:
    """Whether the follow's range narrows while risk is cut (claim 25)."""
    found = page.finding("consolidation")
    held = papers(page, "consolidation")
    show.chart(page, stress.ranges(found, page.ink, held))
    show.verdict(
        page,
        "consolidation",
        found.sentence,
        found.inference,
        held,
        "Claim 25: the log range of 20-day blocks on the state of the day before and on the log range of the block before; "
        "White errors, wild bootstrap.",
    )


def gap(page: Page) -> None:
    """What drivers promise and the follow has not made (claim 34)."""
    held = papers(page, "gap")
    try:
        found = page.finding("gap")
    except NotEnoughData as error:
        if len(held) < len(findings.recipe("gap").keys(page.view, page.day)):
            raise
        _too_young(error, held)
        return
    colour = parts.pair(page).colours[1]
    show.chart(page, stress.gap(found, page.ink, colour, catalogue.get(found.follow).label, held))
    show.verdict(
        page,
        "gap",
        found.sentence,
        found.inference,
        held,
        "Claim 34: the return of the next 60 trading days per standard deviation of gap (Hodrick 1B, wild bootstrap in which each "
        "draw builds its own gap); a second condition is that the gap is positive today. In-sample gaps close nearly always, "
        "even of unrelated random walks (97%), and prove nothing.",
    )


def _too_young(error: NotEnoughData, held: list[Papers]) -> None:
    """Why the gap cannot be measured: which series is held for too short a time."""
    youngest = max(held, key=lambda paper: paper.first)
    names = show.escape(", ".join(paper.title for paper in held))
    with st.container(border=True, key="verdict_gap"):
        st.markdown("#### Whether a gap is open cannot be measured on what is held.")
        st.markdown(
            f"{verdicts.MARKS['not measurable']} **Not measurable** · it takes {error.need:,} trading days on which all of "
            f"these are known, and {error.n:,} are: {names}."
        )
        st.markdown(
            f"{show.escape(youngest.title)} is held from {day(youngest.first)} only. A shorter history would give a gap, but no "
            "test of whether gaps close; the simulated demo shows the measure."
        )
        st.caption(show.sources(held))
