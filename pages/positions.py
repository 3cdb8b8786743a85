"""Positions: who bought it, and what lies in the vaults?"""

from __future__ import annotations

import streamlit as st

from analytics.topics.positions import blocks as made
from pages.shell import parts, show
from pages.shell.frame import Page, open_page


def reading(page: Page) -> None:
    """The finding, and under it which report it rests on."""
    show.reading(page.block(made.answer).text)
    st.markdown(f":material/schedule: {show.escape(page.block(made.dated).text)}")


page = open_page("positions")
with show.place("Positions"):
    reading(page)
left, right = parts.two()
with left, show.place("Price and speculation"):
    show.chart(page, page.block(made.beside_price))
with right, show.place("Who was on the other side"):
    show.chart(page, page.block(made.other_side))
left, right = parts.two()
with left, show.place("Weekly changes"):
    show.chart(page, page.block(made.follows))
with right, show.place("After crowded reports"):
    show.chart(page, page.block(made.crowding))
left, right = parts.two()
with left, show.place("Bitcoin's basis trade"):
    show.chart(page, page.block(made.basis))
with right:
    with show.place("London's vaults"):
        show.chart(page, page.block(made.vaults))
    parts.link(page, "silver_market", "Visible stocks by place, as the surveys print them")
left, right = parts.two()
with left, show.place("What later delivery costs"):
    show.chart(page, page.block(made.term))
