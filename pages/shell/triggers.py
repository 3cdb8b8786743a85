"""The three triggers: small tiles for the Overview, and the ledger for the Claims page."""

from __future__ import annotations

import streamlit as st

from analytics.render.words import day
from analytics.topics.triggers import blocks as made
from analytics.topics.triggers import charts, recipes
from analytics.topics.triggers.measures.triggers import Triggers
from analytics.view import ARTICLE
from pages.shell import show
from pages.shell.frame import Page

BADGES = {True: ":blue-badge[on]", False: ":gray-badge[off]", None: ":orange-badge[not known]"}


def overview_line(page: Page) -> None:
    """Three tiles: state, since when, how far from changing."""
    found: Triggers = page.finding(recipes.TRIGGERS)
    st.markdown(f"#### {show.escape(charts.counted(found))}")
    with st.container(horizontal=True, gap="small", key="trigger_tiles"):
        for trigger in found.triggers:
            said = charts.tile(trigger)
            with st.container(border=True, width=380, key=f"tile_{trigger.key}"):
                st.markdown(f"**{said.title}** {BADGES[trigger.on]} {said.since}")
                st.caption(show.escape(said.distance))
    st.caption(show.sources(made.inputs(page)))


def ledger(page: Page) -> None:
    """Each trigger's definition, state, distance and picture; then every firing and what Bitcoin did after."""
    found: Triggers = page.finding(recipes.TRIGGERS)
    st.markdown(f"#### {show.escape(charts.counted(found))}")
    _then(page)
    for trigger in found.triggers:
        with show.place(trigger.title):
            picture(page, trigger.key)
    show.exhibit(page, page.block(made.firings))


def picture(page: Page, key: str) -> None:
    """One trigger through time, and what its firings were worth.

    Raises:
        NotKnown: no state of it is known.
    """
    found: Triggers = page.finding(recipes.TRIGGERS)
    trigger = next(one for one in found.triggers if one.key == key)
    show.chart(page, page.block(made.picture, key))
    st.markdown(show.escape(charts.record(trigger)))


def _then(page: Page) -> None:
    """The states on the day of the article as known then, while the page shows a later day."""
    if page.day <= ARTICLE:
        return
    with show.place():
        then: Triggers = page.on(ARTICLE).finding(recipes.TRIGGERS)
        st.markdown(f"As known on {day(ARTICLE)}: {show.escape(charts.states(then))}")
