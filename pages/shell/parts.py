"""Parts that several pages are made of; each is a few widgets around a finding."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.errors import InputError, MeasureError
from analytics.render.cards import Card
from analytics.render.chart import Chart
from analytics.topics.pair import blocks as pair
from analytics.topics.pair import recipes
from analytics.topics.rate_path import blocks as rate_path
from analytics.view import AFTER_ARTICLE
from pages.shell import load, show, state
from pages.shell.frame import Page

LEGS = {
    "article": "since 23 Jan 2026",
    "span": "the shown span",
    "month": "the last month",
    "year": "the last year",
}


def two() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places side by side on a desk, one above the other on a phone."""
    left, right = st.columns(2, gap="large")
    return left, right


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
    place.metric(
        card.label,
        card.value,
        card.change,
        delta_color="off",
        delta_arrow="off",
        chart_data=card.spark or None,
        border=True,
        width=168,
    )


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


def ledger(page: Page, name: str) -> pd.DataFrame:
    """One of the ledger's own tables."""
    return load.ledger_table(name, page.version)
