"""The Rate path page's parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from analytics import shown, view
from analytics.charts import rate_path as charts
from analytics.charts.words import day
from analytics.errors import NotEnoughData, NotPriced
from analytics.findings.rates import Inputs, PathNow
from analytics.measures.rate_priced import Priced
from analytics.measures.rate_through_time import meeting_odds, year_end_line
from analytics.panel import Papers
from analytics.published import fomc
from pages.shell import show, state
from pages.shell.frame import Page

COMPARE = {"day": "a day before", "week": "a week before", "month": "a month before"}
FIRST_DAY = dt.date(2010, 6, 7)
HORIZON = 30
"""Days before a meeting at which the reliability picture is drawn [days]."""


def papers(page: Page) -> list[Papers]:
    """Papers of the target range and of the nearest contracts."""
    return shown.rate_papers(page)


def reading(page: Page, found: PathNow) -> None:
    """The page's sentence: the moves priced to the year's end."""
    show.reading(shown.rate_reading(page, found))


def notes(found: PathNow) -> None:
    """What a reader must know before the charts: where history begins, what is pending, what was refused."""
    if found.pending is not None:
        st.warning(
            f"The decision of {day(found.pending)} is not in the published range yet; odds start from the range before it."
        )
    unsolved = [meeting for meeting in found.now.meetings if meeting.end is None]
    if unsolved:
        first = unsolved[0]
        st.info(
            f"The contracts do not determine the rate after {day(first.date)}: {show.escape(first.note or 'a month is missing')} "
            "From there on the path is shown where it is known, without odds."
        )
    for refusal in found.now.refusals:
        st.caption(f"{refusal.month:%b %Y}: {show.escape(refusal.reason)}")


def begins(found: PathNow) -> str:
    return f"stored contract prices begin {day(found.begins)}; Yahoo forgets expired months"


def path(page: Page, found: PathNow) -> None:
    """The path against the range, with the earlier path in grey."""
    inputs: Inputs = page.finding("rate_inputs")
    limits = inputs.announced.by_day
    show.chart(
        page, charts.path(found.now, found.then, limits["upper"], limits["lower"], papers(page), page.ink)
    )


def table(page: Page, found: PathNow) -> None:
    """Meeting x range, beside the chosen earlier day."""
    compared = found.then.as_of if found.then else None
    title = (
        f"Odds after each meeting, % (change in points since {day(compared)})"
        if compared
        else "Odds after each meeting, %"
    )
    frame = charts.odds_table(found.now, found.changes)
    rule = f"closes of {day(found.now.as_of)} · {found.n_contracts} contract months · rows sum to 100; below 0.05 not shown"
    show.table(
        page,
        "odds_table",
        title,
        frame,
        frame,
        papers(page),
        rule,
        "Each meeting's own moves, convolved from the announced range. " + " ".join(charts.CAVEATS),
    )
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
    line = year_end_line(page.finding("rate_history"), found.year).loc[: str(page.day)]
    if line.dropna().empty:
        raise NotEnoughData(f"The moves priced to the end of {found.year}", 0, 1)
    show.chart(
        page, charts.moves_line(_spanned(page, line), found.year, papers(page), page.ink, begins(found))
    )
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


def _spanned(page: Page, line: object) -> object:
    start = page.window[0]
    shown = line.loc[str(start) :]  # type: ignore[attr-defined]
    return shown if len(shown.dropna()) >= 2 else line


def odds(page: Page, found: PathNow) -> None:
    """Cut, hold and hike odds of one meeting, through time."""
    history = page.finding("rate_history")
    ahead = [meeting.date for meeting in found.now.meetings]
    known = [
        meeting.day for meeting in fomc.known(page.day) if meeting.scheduled and meeting.day.year >= 2010
    ]
    chosen = _meeting(page, ahead, known)
    line = meeting_odds(history, chosen)
    if line.dropna().empty:
        raise NotPriced(f"No odds are held for the meeting of {day(chosen)}.")
    show.chart(page, charts.odds(line, chosen, papers(page), page.ink, begins(found)))
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


def _meeting(page: Page, ahead: Sequence[dt.date], known: Sequence[dt.date]) -> dt.date:
    if page.view.meeting != "next" and dt.date.fromisoformat(page.view.meeting) in known:
        return dt.date.fromisoformat(page.view.meeting)
    if not ahead:
        raise NotPriced("No coming meeting is priced on this day.")
    return ahead[0]


def story(page: Page) -> None:
    """Cuts priced on the article's day, for the year and for its second half."""
    if page.day < view.ARTICLE:
        return
    found = page.finding("rate_story")
    st.markdown(f"#### What was priced on {day(found.path.as_of)}, the day of the article")
    st.markdown(
        f"- By the end of 2026: {_said(found.year_end)}\n- In the second half of 2026: {_said(found.second_half)}"
    )
    st.caption(
        "The article spoke of several cuts in the second half of 2026; several is taken as two or more (claim 11)."
    )


def _said(priced: Priced) -> str:
    return show.escape(priced.why) if priced.moves is None else f"**{charts.moves_words(priced.moves)}**"


def score(page: Page) -> None:
    """How good the market's odds have been."""
    found = page.finding("rate_score")
    show.chart(page, charts.reliability(found, papers(page), page.ink, _horizon(found)))
    frame = charts.score_rows(found)
    rule = "Brier score over cut, hold and hike, 0 to 2, lower is better · intervals: bootstrap over meetings"
    show.table(
        page,
        "score",
        found.sentence,
        frame,
        frame,
        papers(page),
        rule,
        "Odds that stood so many days before each scheduled meeting since 2010, against what the Fed then did; beside it the score of always saying no change, and of the frequencies known by then. Emergency decisions had no odds and are left out, which flatters the market.",
        dict.fromkeys(frame.columns[:6], "%.3f"),
    )


def _horizon(found: object) -> int:
    horizons = [one.horizon for one in found.horizons]  # type: ignore[attr-defined]
    return HORIZON if HORIZON in horizons else horizons[0]


def link(page: Page) -> None:
    """Claim 12: on days when more easing was priced, did real yields and the dollar fall?"""
    found = page.finding("easing_link")
    held = page.panel(["real_yield_10y", "dollar_index"]).papers
    method = (
        "Daily change in cuts priced to the year-end meeting against the daily change of the 10-year real yield and of the "
        "dollar index, both on the same days; White errors, wild bootstrap; both must hold (the larger p counts). "
        f"Newey-West t: {found.legs[0].t_hac:.1f} and {found.legs[1].t_hac:.1f}. Same-day association, not cause."
    )
    show.verdict(page, "easing_link", found.sentence, found.inference, list(held.values()), method)


def coarse(page: Page) -> None:
    """The labelled fallback where contracts are missing."""
    found = page.finding("coarse_path")
    st.markdown(f"**Coarse** · {show.escape(found.sentence)}")


def inputs(page: Page, found: PathNow) -> None:
    """Contract prices, pins and residuals, and the caveats, one click away."""
    box = st.expander("Inputs, residuals and caveats", on_change="rerun", key="rate_inputs_box")
    if box.open:
        with box:
            frame = charts.inputs_table(found.now)
            st.dataframe(
                frame,
                alt="Contract months with their average, the path through them and residuals.",
                column_config={
                    name: st.column_config.NumberColumn(format="%.4f") for name in frame.columns[:3]
                },
            )
            st.markdown("\n".join(f"- {line}" for line in charts.CAVEATS))


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
