"""Drivers: do real yields and the dollar explain it?"""

from __future__ import annotations

import datetime as dt

import streamlit as st

from analytics import view
from analytics.errors import AnalyticsError
from analytics.render.words import day
from analytics.topics.drivers import blocks as made
from analytics.topics.drivers import recipes
from analytics.topics.drivers.charts import drivers as charts
from analytics.topics.drivers.charts.roles import roles_beside
from analytics.topics.drivers.measures.drivers import Drivers
from pages.shell import parts, show, state
from pages.shell.frame import Page, open_page

MOVES = {
    "january": "January 2026, to the article",
    "span": "the shown span",
    "month": "the last month",
    "year": "the last year",
}

FIRST_DAY = dt.date(2004, 1, 2)  # real yields begin in 2003, and betas need a year before the window


def reading(page: Page) -> None:
    """How much of the move real yields and the dollar account for; where that cannot be said, what a rise goes with."""
    try:
        found = page.finding(recipes.ATTRIBUTION)
    except AnalyticsError:  # said in its own place below
        show.reading(page.finding(recipes.DRIVERS).sentence)
        return
    show.reading(charts.attribution_reading(found, made.asset(page)))


def move(page: Page) -> None:
    """The move taken apart."""
    show.exhibit(page, page.block(made.attribution))


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


def real_yield(page: Page) -> None:
    """Claim 13."""
    show.exhibit(page, page.block(made.real_yield))
    _naive(page.finding(recipes.DRIVERS))


def dollar(page: Page) -> None:
    """Claim 14."""
    show.exhibit(page, page.block(made.dollar))
    _naive(page.finding(recipes.DOLLAR_DRIVER))


def _naive(found: Drivers) -> None:
    """What the usual table would have said, once and greyed."""
    plain, alone = found.naive.t_plain, found.naive.t_alone
    text = f"Usual tables would have said t = {plain:.1f} (plain errors) or t = {alone:.1f} (the two series alone)."
    st.caption(show.escape(text))


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
        show.exhibit(page, page.block(made.rolling))


def roles(page: Page) -> None:
    """Claim 23: haven and industrial metal."""
    with show.working("Resampling silver's days…"):
        found = page.finding(recipes.ROLES)
    show.exhibit(page, *page.block(made.roles))
    st.caption(show.escape(roles_beside(found)))


page = open_page("drivers")
with show.place("Drivers"):
    reading(page)
left, right = parts.two()
with left:
    with show.place("The move, taken apart"):
        move(page)
    window(page)
with right:
    with show.place("January 2026"):
        show.exhibit(page, page.block(made.january))
    with show.place("Real yields"):
        real_yield(page)
    with show.place("The dollar"):
        dollar(page)
left, right = parts.two()
with left:
    rolling(page)
with right:
    with show.place("The whole window, and whether it held"):
        show.exhibit(page, page.block(made.whole))
    with show.place("Beside the tests"):
        show.exhibit(page, page.block(made.beside))
left, right = parts.two()
with left, show.place("Haven and industrial metal"):
    roles(page)
with right:
    with show.place("Silver in other moneys"):
        show.exhibit(page, page.block(made.abroad))
    with show.place("Policy uncertainty and the term premium"):
        show.exhibit(page, page.block(made.uncertainty))
