"""The Drivers page's parts."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from analytics import catalogue, findings, view
from analytics.catalogue import Series
from analytics.charts import betas as paths
from analytics.charts import driver_tables as tables
from analytics.charts import drivers as charts
from analytics.charts.words import day
from analytics.claims import thresholds
from analytics.errors import AnalyticsError, NotKnown
from analytics.findings import drivers as recipes
from analytics.measures.drivers import Drivers
from analytics.panel import Papers
from pages.shell import show, state
from pages.shell.frame import Page

MOVES = {
    "january": "January 2026, to the article",
    "span": "the shown span",
    "month": "the last month",
    "year": "the last year",
}
FIRST_DAY = dt.date(2004, 1, 2)
"""Real yields begin in 2003, and betas need a year before the window."""


def asset(page: Page) -> Series:
    """The asset that the page explains."""
    return catalogue.get(recipes.asset(page.view))


def papers(page: Page, name: str) -> list[Papers]:
    """Papers of every series that a finding reads and that is held."""
    return list(page.panel(findings.recipe(name).keys(page.view, page.day)).papers.values())


def reading(page: Page) -> None:
    """How much of the move real yields and the dollar account for; where that cannot be said, what a rise goes with."""
    try:
        found = page.finding("attribution")
    except AnalyticsError:  # said in its own place below
        show.reading(page.finding("drivers").sentence)
        return
    show.reading(charts.attribution_reading(found, asset(page)))


def move(page: Page) -> None:
    """The move taken apart."""
    found = page.finding("attribution")
    show.chart(page, charts.attribution(found, asset(page), papers(page, "attribution"), page.ink))


def window(page: Page) -> None:
    """The choice of the move: a preset, or any two days."""
    current = page.view.move
    options = [*MOVES, *([current] if current not in MOVES else [])]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["pick_move"] = current
        st.selectbox(
            "Move",
            options,
            format_func=lambda name: _move_name(name, page),
            key="pick_move",
            on_change=state.pick_choice,
            args=("move", "pick_move"),
            width=250,
        )
        st.session_state["pick_days"] = _two_days(current, page.day)
        st.date_input(
            "or from the close of one day to another",
            key="pick_days",
            min_value=FIRST_DAY,
            max_value=max(page.day, FIRST_DAY),
            on_change=_any_days,
            width=250,
            format="YYYY-MM-DD",
        )


def _move_name(name: str, page: Page) -> str:
    if name not in MOVES:
        first, last = name.split("_")
        return f"{day(dt.date.fromisoformat(first))} to {day(dt.date.fromisoformat(last))}"
    late = name == "january" and page.window[1] < view.ARTICLE
    return f"{MOVES[name]} (not yet: the shown span)" if late else MOVES[name]


def _two_days(current: str, last: dt.date) -> tuple[dt.date, ...]:
    """The chosen days as the calendar takes them; none for a preset or days that it does not have."""
    if current in MOVES:
        return ()
    start, end = (dt.date.fromisoformat(text) for text in current.split("_"))
    return (start, min(end, last)) if FIRST_DAY <= start < min(end, last) else ()


def _any_days() -> None:
    chosen = st.session_state["pick_days"]
    if len(chosen) == 2 and chosen[0] < chosen[1]:
        state.change(move=f"{chosen[0].isoformat()}_{chosen[1].isoformat()}")


def january(page: Page) -> None:
    """Claim 15, a share against its threshold."""
    threshold = thresholds.get(15)
    if page.day < view.ARTICLE:
        raise NotKnown(f"The move that claim 15 is about ends on {day(view.ARTICLE)}, after this day.")
    found = page.finding("attribution_claim")
    met = found.share > float(threshold.delta or 0.0)
    show.outcome(
        page,
        "january",
        f"Real yields and the dollar {'were' if met else 'were not'} the main driver of silver's move in January 2026.",
        "supported" if met else "not supported",
        charts.share_line(found, float(threshold.delta or 0.0)),
        charts.attribution_rows(found, catalogue.get("silver")),
        papers(page, "attribution_claim"),
        f"Claim 15, by arithmetic: no test is behind it. {threshold.measurement}",
    )


def real_yield(page: Page) -> None:
    """Claim 13."""
    found = page.finding("drivers")
    method = (
        "Claim 13, where the asset is silver: one regression of its daily log return on the changes of all four drivers, "
        "Newey-West errors (5 lags), wild bootstrap with the null imposed. Same-day association, not cause."
    )
    show.verdict(page, "drivers", found.sentence, found.inference, papers(page, "drivers"), method)
    _naive(found)


def dollar(page: Page) -> None:
    """Claim 14."""
    found = page.finding("dollar_driver")
    method = (
        "Claim 14, where the asset is silver: the same regression with the asset priced in the dollar index's own basket (log "
        "asset + log index on the left), so an effect below zero is more than a change of the unit of account. Silver settles "
        "at 13:25 New York and the index at 17:00: the hours between do not count for either."
    )
    show.verdict(
        page, "dollar_driver", found.sentence, found.inference, papers(page, "dollar_driver"), method
    )
    _naive(found)


def _naive(found: Drivers) -> None:
    """What the usual table would have said, once and greyed."""
    plain, alone = found.naive.t_plain, found.naive.t_alone
    text = f"Usual tables would have said t = {plain:.1f} (plain errors) or t = {alone:.1f} (the two series alone)."
    st.caption(show.escape(text))


def beside(page: Page) -> None:
    """Weeks and the broad dollar: they decide nothing."""
    broad = page.finding("drivers_broad")
    real, dollars = broad["real_yield_10y"], broad["dollar_broad"]
    rows = tables.tests_table(
        [
            ("Real yield (decides)", page.finding("drivers")),
            ("Dollar (decides)", page.finding("dollar_driver")),
            ("Real yield beside broad dollar", real),
            ("Broad dollar", dollars),
        ]
    )
    rule = "per 10 bp of yield, in $; per 1% of the dollar, in its basket · p two-sided · rows without (decides) decide nothing"
    method = (
        "Weeks: the same regression on changes from Friday to Friday. The broad dollar (Federal Reserve, 26 currencies) reaches "
        "back further than the index but is published late and revised; it stands beside the index and is never spliced with it."
    )
    sources = papers(page, "drivers_broad")
    show.table(
        page,
        "beside",
        tables.broad_reading(real, dollars),
        tables.tests_shown(rows),
        rows,
        sources,
        rule,
        method,
    )


def whole(page: Page) -> None:
    """The betas over the whole window, and whether they stayed the same."""
    found, stability = page.finding("drivers"), page.finding("driver_stability")
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
    sources = papers(page, "drivers")
    show.table(page, "whole", stability.sentence, tables.whole_shown(rows), rows, sources, rule, method)


def rolling(page: Page) -> None:
    """Betas through time with the choice of the driver."""
    st.session_state["pick_driver"] = page.view.driver
    st.segmented_control(
        "Betas to",
        view.DRIVERS,
        format_func=charts.shorter,
        key="pick_driver",
        on_change=state.pick_choice,
        args=("driver", "pick_driver"),
    )
    with show.place("Rolling betas"):
        found = page.finding("driver_betas")
        rows = {key: catalogue.get(key) for key in found.assets}
        sources = papers(page, "driver_betas")
        show.chart(page, paths.betas(found, page.view.driver, rows, page.window, sources, page.ink))
