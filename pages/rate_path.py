"""Rate path: what does the market price the Fed to do?"""

from __future__ import annotations

import datetime as dt

import streamlit as st

from analytics import view
from analytics.errors import NotPriced
from analytics.render.words import day
from analytics.topics.rate_path import blocks as made
from analytics.topics.rate_path import recipes, words
from analytics.topics.rate_path import recipes as rate_path_recipes
from analytics.topics.rate_path.measures.rate_priced import Priced
from analytics.topics.rate_path.recipes import PathNow
from pages.shell import parts, show, state
from pages.shell.frame import Page, open_page

COMPARE = {"day": "a day before", "week": "a week before", "month": "a month before"}

FIRST_DAY = dt.date(2010, 6, 7)


def reading(page: Page, found: PathNow) -> None:
    """The page's sentence: the moves priced to the year's end."""
    show.reading(made.reading(page, found))


def notes(found: PathNow) -> None:
    """What a reader must know before the charts: where history begins, what is pending, what was refused."""
    if found.pending is not None:
        st.warning(
            f"The decision of {day(found.pending)} is not in the published range yet; odds start from the range before it."
        )
    if lag := words.lag(found.read):
        st.info(lag)
    unsolved = [meeting for meeting in found.now.meetings if meeting.end is None]
    if unsolved:
        first = unsolved[0]
        st.info(
            f"The contracts do not determine the rate after {day(first.date)}: {show.escape(first.note or 'a month is missing')} "
            "From there on the path is shown where it is known, without odds."
        )
    for refusal in found.now.refusals:
        st.caption(f"{refusal.month:%b %Y}: {show.escape(refusal.reason)}")


def table(page: Page) -> None:
    """Meeting x range, beside the chosen earlier day."""
    show.exhibit(page, page.block(made.odds_table))
    _compare(page)


def _compare(page: Page) -> None:
    current = page.view.compare
    options = [*COMPARE, *([current] if current not in COMPARE else [])]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["pick_compare"] = current
        st.selectbox(
            "Compared with",
            options,
            format_func=lambda name: COMPARE.get(name, name),
            key="pick_compare",
            on_change=state.pick_choice,
            args=("compare", "pick_compare"),
            width=190,
        )
        asked = dt.date.fromisoformat(current) if current not in COMPARE else None
        st.session_state["pick_compare_day"] = asked if asked and FIRST_DAY <= asked <= page.day else None
        st.date_input(
            "or any day",
            key="pick_compare_day",
            min_value=FIRST_DAY,
            max_value=page.day,
            on_change=lambda: _any_day(),
            width=160,
            format="YYYY-MM-DD",
        )


def _any_day() -> None:
    chosen = st.session_state["pick_compare_day"]
    if chosen is not None:
        state.change(compare=chosen.isoformat())


def moves(page: Page, found: PathNow) -> None:
    """Moves priced to a year's end, through time."""
    show.chart(page, page.block(made.moves))
    years = ["auto", *(str(year) for year in range(2011, page.day.year + 3))]
    st.session_state["pick_year"] = page.view.year if page.view.year in years else "auto"
    st.selectbox(
        "To the end of",
        years,
        format_func=lambda name: f"{found.year} (running)" if name == "auto" else name,
        key="pick_year",
        on_change=state.pick_choice,
        args=("year", "pick_year"),
        width=190,
    )


def odds(page: Page) -> None:
    """Cut, hold and hike odds of one meeting, through time."""
    show.chart(page, page.block(made.odds))
    chosen, known = made.meeting(page), made.meetings(page)
    options = ["next", *(meeting.isoformat() for meeting in sorted(known, reverse=True))]
    st.session_state["pick_meeting"] = page.view.meeting if page.view.meeting in options else "next"
    st.selectbox(
        "Meeting",
        options,
        format_func=lambda name: f"{day(chosen)} (next)" if name == "next" else name,
        key="pick_meeting",
        on_change=state.pick_choice,
        args=("meeting", "pick_meeting"),
        width=190,
    )


def story(page: Page) -> None:
    """Cuts priced on the article's day, for the year and for its second half."""
    if page.day < view.ARTICLE:
        return
    found = page.finding(rate_path_recipes.RATE_STORY)
    st.markdown(f"#### What was priced on {day(found.path.as_of)}, the day of the article")
    st.markdown(
        f"- By the end of 2026: {_said(found.year_end)}\n- In the second half of 2026: {_said(found.second_half)}"
    )
    st.caption(
        "The article spoke of several cuts in the second half of 2026; several is taken as two or more (claim 11)."
    )


def _said(priced: Priced) -> str:
    return show.escape(priced.why) if priced.moves is None else f"**{words.moves_words(priced.moves)}**"


def coarse(page: Page) -> None:
    """The labelled fallback where contracts are missing."""
    found = page.finding(rate_path_recipes.COARSE_PATH)
    st.markdown(f"**Coarse** · {show.escape(found.sentence)}")


def inputs(page: Page, found: PathNow) -> None:
    """Contract prices, pins and residuals, and the caveats, one click away."""
    box = st.expander("Inputs, residuals and caveats", on_change="rerun", key="rate_inputs_box")
    if box.open:
        with box:
            frame = page.block(made.inputs).shown
            st.dataframe(
                frame,
                alt="Contract months with their average, the path through them and residuals.",
                column_config={
                    name: st.column_config.NumberColumn(format="%.4f") for name in frame.columns[:3]
                },
            )
            st.markdown("\n".join(f"- {line}" for line in words.CAVEATS))


def dots(page: Page) -> None:
    """The Committee's own median projections, where FRED has them."""
    held = page.panel(["fed_dots_median"])
    if "fed_dots_median" not in held:
        return
    values = held.series("fed_dots_median")
    ahead = values[values.index.year >= page.day.year]
    if ahead.empty:
        return
    said = ", ".join(f"{stamp.year}: {value:.2f}%" for stamp, value in ahead.items())
    paper = held.papers["fed_dots_median"]
    later = " (newest projections: earlier ones need a FRED key)" if paper.later_vintage else ""
    st.markdown(f"**The Committee's median projections** · {said}{later}")
    st.caption(show.sources([paper]))


page = open_page("rate_path")
with show.place("The rate path"):
    try:
        found = page.finding(recipes.RATE_PATH)
    except NotPriced as error:
        show.reading(str(error))
        coarse(page)
    else:
        reading(page, found)
        notes(found)
        show.chart(page, page.block(made.path))
        dots(page)
        with show.place("Odds of each meeting"):
            table(page)
        left, right = parts.two()
        with left, show.place("Moves priced through time"):
            moves(page, found)
        with right, show.place("One meeting's odds through time"):
            odds(page)
        inputs(page, found)
        with show.place("The day of the article"):
            story(page)
        with show.place("Easing priced, real yields and the dollar"):
            show.exhibit(page, page.block(made.link))
with show.place("How good the odds have been"):
    show.exhibit(page, page.block(made.reliability), page.block(made.score))
with show.place("The Fed really cuts"):
    parts.trigger(page, "cut")
