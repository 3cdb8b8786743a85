"""Rate path: what does the market price the Fed to do?"""

from __future__ import annotations

import datetime as dt

import streamlit as st

from analytics import view
from analytics.errors import NotPriced
from analytics.render.words import day
from analytics.topics.rate_path import blocks as made
from analytics.topics.rate_path import recipes, words
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
    if found.running is not None:
        st.info(f"{found.year} is shown: {show.escape(found.running.why)}")
    unsolved = [meeting for meeting in found.now.meetings if meeting.end is None]
    if unsolved and unsolved[0] is not found.now.meetings[0]:  # of the next meeting its own place says so
        first = unsolved[0]
        st.info(
            f"The contracts do not determine the rate after {day(first.date)}: {show.escape(first.note or 'a month is missing')} "
            "From there on the path is shown where it is known, without odds."
        )
    for refusal in found.now.refusals:
        st.caption(f"{refusal.month:%b %Y}: {show.escape(refusal.reason)}")


def odds(page: Page) -> None:
    """Which odds, beside which earlier day; the map; and one click from it a copy."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["pick_odds"] = page.view.odds
        st.segmented_control(
            "Odds of",
            view.ODDS,
            format_func=words.KINDS.__getitem__,
            key="pick_odds",
            on_change=state.pick_choice,
            args=("odds", "pick_odds"),
        )
        _compare(page)
    found = page.block(made.odds_map)
    if why := made.no_comparison(page):
        st.caption(show.escape(why))
    show.chart(page, found)
    with st.popover("copy as table", type="tertiary", key="copy_odds", on_change="rerun") as asked:
        if asked.open:
            st.code(found.rows.to_csv(sep="\t", lineterminator="\n"), language=None)


def _compare(page: Page) -> None:
    current = page.view.compare
    st.session_state["pick_compare"] = current
    st.selectbox(
        "Change since",
        [*COMPARE, *([current] if current not in COMPARE else [])],
        format_func=lambda name: COMPARE.get(name, name),
        key="pick_compare",
        on_change=state.pick_choice,
        args=("compare", "pick_compare"),
        width=168,
    )
    asked = dt.date.fromisoformat(current) if current not in COMPARE else None
    st.session_state["pick_compare_day"] = asked if asked and FIRST_DAY <= asked <= page.day else None
    st.date_input(
        "or any day",
        key="pick_compare_day",
        min_value=FIRST_DAY,
        max_value=page.day,
        on_change=_any_day,
        width=150,
        format="YYYY-MM-DD",
    )


def _any_day() -> None:
    chosen = st.session_state["pick_compare_day"]
    if chosen is not None:
        state.change(compare=chosen.isoformat())


def inputs(page: Page) -> None:
    """Which contract prices, rates and days gave it, one click away."""
    box = st.expander("Inputs: prices, rates and residuals", on_change="rerun", key="rate_inputs_box")
    if box.open:
        with box:
            show.exhibit(page, page.block(made.inputs))
            st.markdown("\n".join(f"- {line}" for line in words.CAVEATS))


def moves(page: Page, found: PathNow) -> None:
    """Moves priced to a year's end, through time."""
    years = ["auto", *(str(year) for year in range(FIRST_DAY.year + 1, page.day.year + 3))]
    unchosen = words.year_choice(found.unchosen, recipes.running_year(found.now.as_of), found.now.as_of)
    st.session_state["pick_year"] = page.view.year if page.view.year in years else "auto"
    st.selectbox(
        "To the end of",
        years,
        format_func=lambda name: unchosen if name == "auto" else name,
        key="pick_year",
        on_change=state.pick_choice,
        args=("year", "pick_year"),
        width=300,
    )
    show.chart(page, page.block(made.moves))


def meeting_line(page: Page, found: PathNow) -> None:
    """Cut, hold and hike odds of one meeting, through time."""
    known = made.meetings(page.day)
    following = f"{day(found.now.meetings[0].date)} (next)" if found.now.meetings else "the next one"
    options = ["next", *(meeting.isoformat() for meeting in sorted(known, reverse=True))]
    st.session_state["pick_meeting"] = page.view.meeting if page.view.meeting in options else "next"
    st.selectbox(
        "Meeting",
        options,
        format_func=lambda name: following if name == "next" else name,
        key="pick_meeting",
        on_change=state.pick_choice,
        args=("meeting", "pick_meeting"),
        width=300,
    )
    show.chart(page, page.block(made.meeting_line))


def story(page: Page) -> None:
    """Cuts priced on the article's day, for the year and for its second half."""
    if page.day < view.ARTICLE:
        return
    found = page.finding(recipes.RATE_STORY)
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
    found = page.finding(recipes.COARSE_PATH)
    st.markdown(f"**Coarse** · {show.escape(found.sentence)}")


page = open_page("rate_path")
with show.place("The rate path"):
    try:
        found = page.finding(recipes.RATE_PATH)
    except NotPriced as error:
        show.reading(str(error))
        coarse(page)
    else:
        reading(page, found)
        with show.place("The next meeting"):
            show.chart(page, page.block(made.strip))
        notes(found)
        with show.place("Odds of each meeting"):
            odds(page)
        inputs(page)
        show.chart(page, page.block(made.path))
        with show.place("The Committee's median projections"):
            show.exhibit(page, page.block(made.dots))
        left, right = parts.two()
        with left, show.place("Moves priced through time"):
            moves(page, found)
        with right, show.place("One meeting's odds through time"):
            meeting_line(page, found)
        with show.place("The day of the article"):
            story(page)
        with show.place("Easing priced, real yields and the dollar"):
            show.exhibit(page, page.block(made.link))
with show.place("How good the odds have been"):
    show.exhibit(page, page.block(made.reliability), page.block(made.score))
with show.place("The Fed really cuts"):
    parts.trigger(page, "cut")
