"""The Drivers page's parts about silver itself: its two roles."""

from __future__ import annotations

import streamlit as st

from analytics.topics.drivers import blocks as made
from analytics.topics.drivers import recipes
from analytics.topics.drivers.charts.roles import roles_beside
from pages.shell import show
from pages.shell.frame import Page


def roles(page: Page) -> None:
    """Claim 23: haven and industrial metal."""
    with show.working("Resampling silver's days…"):
        found = page.finding(recipes.ROLES)
    show.exhibit(page, *page.block(made.roles))
    st.caption(show.escape(roles_beside(found)))
