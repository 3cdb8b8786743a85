"""Divergence: how far apart are they, and which leg did it?"""

from __future__ import annotations

import streamlit as st

from analytics import catalogue
from analytics.render.chart import Chart
from analytics.render.words import p_value
from analytics.topics.pair import blocks as made
from analytics.topics.pair import recipes
from analytics.topics.pair.measures.best_of_many import BestOfMany
from analytics.view import AFTER_ARTICLE
from pages.shell import parts, show, state
from pages.shell.frame import Page, open_page

METAL = "gold"
LEGS = {
    "article": "since 23 Jan 2026",
    "span": "the shown span",
    "month": "the last month",
    "year": "the last year",
}


def acceleration(page: Page) -> None:
    """The verdict on the lead's acceleration, and the statistic through the window."""
    with show.working("Drawing random walks as volatile…"):
        found = page.block(made.acceleration)
    show.exhibit(page, found)
    with show.place():
        show.chart(page, page.block(made.growth_path))


def outperformance(page: Page) -> None:
    """The lead against the follow, and against gold where it is neither."""
    with show.working("Resampling the half year…"):
        found = page.block(made.outperformance)
    show.exhibit(page, found)
    if METAL not in (page.view.lead, page.view.follow):
        with show.place("Against gold"):
            with show.working("Resampling the half year…"):
                metal = page.block(made.outperformance_metal)
            show.exhibit(page, metal)


def best(page: Page) -> None:
    """Whether the best of the universe beat the follow once all that were tried count; the naive answer greyed beside it."""
    with show.working("Trying every asset against the follow…"):
        found: BestOfMany = page.finding(recipes.BEST_OF_MANY)
    beat = ", ".join(catalogue.get(key).label for key in found.superior) or "none"
    follow = catalogue.get(found.benchmark).label
    said = (
        f"With all {found.tried} counted: **{show.escape(p_value(found.p))}**. "
        f"Beat {show.escape(follow)} each on its own, all {found.tried} counted: {show.escape(beat)}."
    )
    table = page.block(made.best_of_many)
    paragraphs = [said, f":gray[{show.escape(found.naive_sentence)}]"]
    show.block(page, table.key, table.title, paragraphs, table.rows, table.papers, table.rule, table.method)


def legs(page: Page, chart: Chart) -> None:
    """The leg decomposition with the choice of its window."""
    st.session_state["pick_legs"] = page.view.legs
    show.chart(page, chart)
    st.selectbox(
        "Window of the legs",
        list(LEGS),
        format_func=lambda choice: _legs_name(choice, page),
        key="pick_legs",
        on_change=state.pick_choice,
        args=("legs", "pick_legs"),
        width=220,
    )


def _legs_name(choice: str, page: Page) -> str:
    if choice == "article" and page.window[1] < AFTER_ARTICLE:
        return f"{LEGS[choice]} (not yet: the shown span)"
    return LEGS[choice]


page = open_page("divergence")
with show.place("The pair"):
    show.reading(page.finding(recipes.DIVERGENCE).sentence)
    left, right = parts.two()
    with left:
        show.chart(page, page.block(made.indexed))
    with right:
        show.chart(page, page.block(made.ratio))
    left, right = parts.two()
    with left:
        legs(page, page.block(made.legs))
    with right, show.place("Drawdowns"):
        show.chart(page, page.block(made.drawdowns))
    left, right = parts.two()
    with left, show.place("Trailing z of the spread"):
        show.chart(page, page.block(made.zscore))
    with right, show.place("Rolling correlation"):
        show.chart(page, page.block(made.correlation))
    left, right = parts.two()
    with left, show.place("Does the gap close by itself?"):
        show.exhibit(page, page.block(made.cointegration))
    with left, show.place("Did the lead beat the follow?"):
        outperformance(page)
    with right, show.place("Does the lead feed on its own rise?"):
        acceleration(page)
    with show.place("League table"):
        show.exhibit(page, page.block(made.league))
    with show.place("Best of many"):
        best(page)
