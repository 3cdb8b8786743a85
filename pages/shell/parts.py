"""Parts that several pages share."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics import view
from analytics.topics.triggers import blocks as triggers
from analytics.topics.triggers import charts
from analytics.topics.triggers.recipes import TRIGGERS
from analytics.view import View
from pages.shell import show
from pages.shell.contents import PAGES
from pages.shell.frame import Page


def two() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places side by side on a desk, one above the other on a phone."""
    left, right = st.columns(2, gap="large")
    return left, right


def link(page: Page, slug: str, label: str, chosen: View | None = None) -> None:
    """The way to another page under these choices, or under others."""
    path = next((path for name, path, _ in PAGES if name == slug), None)
    if path is not None:
        st.page_link(
            path,
            label=label,
            query_params=view.to_query(chosen or page.view),
            icon=":material/arrow_forward:",
            width="content",
        )


def trigger(page: Page, key: str) -> None:
    """One trigger through time, and what its firings were worth.

    Raises:
        NotKnown: no state of it is known.
    """
    found = next(one for one in page.finding(TRIGGERS).triggers if one.key == key)
    show.chart(page, page.block(triggers.picture, key))
    st.markdown(show.escape(charts.record(found)))
