"""The Overview page, and the entry point: ``streamlit run app.py``."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.errors import InputError, MeasureError
from analytics.render.cards import Card
from analytics.topics.claims import blocks as made
from analytics.topics.pair import blocks as pair
from analytics.topics.pair import recipes
from analytics.topics.rate_path import blocks as rate_path
from analytics.topics.triggers import blocks as triggers
from analytics.topics.triggers import charts
from analytics.topics.triggers.recipes import TRIGGERS
from pages.shell import parts, show
from pages.shell.frame import Page, open_page

BADGES = {True: ":blue-badge[on]", False: ":gray-badge[off]", None: ":orange-badge[not known]"}


def cards(page: Page) -> DeltaGenerator:
    """One metric card a series, with a sparkline over the shown span; gives the place of what the Fed is priced to do."""
    made = page.block(pair.metric_cards)
    with st.container(horizontal=True, gap="small", key="cards"):
        for card in made[: pair.BEFORE_PRICED]:
            _card(st, card)
        later = st.empty()
        _card(later, Card("Priced by year-end", "…", "", "", []))
        for card in made[pair.BEFORE_PRICED :]:
            _card(st, card)
    return later


def _card(place: Any, card: Card) -> None:
    """A card with its day under it; greyed where the day is older than its calendar allows."""
    with place.container(border=True, width=168, gap=None):
        st.metric(
            card.label,
            f":gray[{card.value}]" if card.stale else card.value,
            card.change,
            delta_color="off",
            delta_arrow="off",
            chart_data=card.spark or None,
        )
        st.caption(card.note)


def priced(page: Page, later: DeltaGenerator) -> None:
    """The card of moves priced to the year's end, in its place; it says so where no contract is held."""
    try:
        card = page.block(rate_path.priced_card)
    except (MeasureError, InputError):
        card = Card("Priced by year-end", "–", "not known", "", [])
    _card(later, card)


def record_line(page: Page) -> None:
    """One line when the lead closed at a record on the last shown day."""
    found = page.finding(recipes.RECORD)
    if found.is_record:
        st.markdown(show.escape(found.sentence))


def staleness(page: Page) -> None:
    """What is stale on this page's series, and when the sources last answered."""
    words = show.escape(pair.staleness(page).removesuffix("."))
    st.caption(f":material/update: {words}. The Data page has the rest.")


def trigger_tiles(page: Page) -> None:
    """Three tiles: state, since when, how far from changing."""
    found = page.finding(TRIGGERS)
    st.markdown(f"#### {show.escape(charts.counted(found))}")
    with st.container(horizontal=True, gap="small", key="trigger_tiles"):
        for trigger in found.triggers:
            said = charts.tile(trigger)
            with st.container(border=True, width=380, key=f"tile_{trigger.key}"):
                st.markdown(f"**{said.title}** {BADGES[trigger.on]} {said.since}")
                st.caption(show.escape(said.distance))
    st.caption(show.sources(triggers.inputs(page)))


page = open_page("overview")
with show.place("The pair"):
    show.reading(page.finding(recipes.DIVERGENCE).sentence)
    record_line(page)
    later = cards(page)
    show.chart(page, page.block(pair.indexed))
    priced(page, later)
left, right = parts.two()
with right, show.place("The three triggers"):
    trigger_tiles(page)
staleness(page)
with (
    left,
    show.place("The claims"),
):  # last: the picture and everything else stand before 34 claims are measured
    with show.working("Measuring the 34 claims…"):
        tally = page.block(made.overview)
    show.chart(page, tally)
    parts.link(page, "claims", "All 34 claims")
