"""The frame that every page draws: menu, shared controls, address, as-of banner, Share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from analytics import catalogue, view
from analytics.clock.instants import NEW_YORK, day_of
from analytics.desk import Desk
from analytics.evaluate import Evaluator
from analytics.evaluate.cache import Asked
from analytics.panel import Panel
from analytics.render import frozen
from analytics.render.theme import ink
from analytics.render.words import day as written
from analytics.view import View
from pages.shell import access, drawn, load, mend, share, state, typed
from pages.shell.contents import PAGES, PUBLISHED
from pages.shell.prewarm import Prewarm


@dataclass(frozen=True, slots=True, eq=False)
class Page(Evaluator):
    """An evaluator with an address: what a page knows after the frame is drawn.

    Attributes:
        slug: The page's name in its address.
        prewarm: Measures for the ledger's next version what is asked for; None where that is not wanted.
    """

    slug: str = "overview"
    prewarm: Prewarm | None = None

    @property
    def link(self) -> str:
        """Address of the frozen window, which every download carries."""
        return share.address(self.slug, self.view.frozen(self.now))

    def note(self, kind: str, *names: str) -> None:
        if self.prewarm is not None:
            self.prewarm.note(Asked(self.view, self.ink.mode, kind, names))


@mend.guarded
def open_page(slug: str) -> Page:
    """Draw the frame of the page called ``slug`` and return its view."""
    label = next(label for name, _, label in PAGES if name == slug)
    title = "Silverlead" if slug == "overview" else f"{label} · Silverlead"
    st.set_page_config(page_title=title, page_icon="🥈", layout="wide", initial_sidebar_state="collapsed")
    access.admit(slug)
    drawn.begin()
    desk = load.desk()
    chosen, problems = state.arrive(slug)
    chosen, refused = typed.ensure(desk, chosen)
    desk.wake()
    version = load.version()
    now = load.present(version)
    mode = ink(getattr(st.context.theme, "type", None))
    page = Page(desk.ledger, chosen, now, version, mode, load.shared(), slug=slug, prewarm=load.prewarm())
    pair = page.panel((chosen.lead, chosen.follow))
    if st.context.is_embedded:
        share.plate(slug, chosen)
    else:
        _menu(slug, chosen)
        _controls(slug, chosen, now, share.Frozen(load.written(version), pair.sha256))
    state.leave(chosen)
    for line in [*problems, *refused]:
        st.warning(line)
    _banners(slug, desk, chosen, now)
    _doubted(pair)
    _frozen(frozen.check(chosen, pair.sha256, load.written(version)))
    return page


def _menu(slug: str, chosen: View) -> None:
    query = view.to_query(chosen)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="menu"):
        st.markdown("**Silverlead**", width="content")
        for name, path, label in PAGES:
            shown = f"**{label}**" if name == slug else label
            st.page_link(path, label=shown, query_params=query, width="content")
        access.sign_out()


def _controls(slug: str, chosen: View, now: dt.datetime, held: share.Frozen) -> None:
    """Pair, span, as-of and Share in one row that wraps on a phone."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="controls"):
        if slug != "data":
            _leg("lead", "Lead", chosen)
            _leg("follow", "against", chosen)
            _span(chosen)
        _as_of(chosen, now)
        share.menu(slug, chosen, now, held)


def _leg(role: str, label: str, chosen: View) -> None:
    current = getattr(chosen, role)
    options = [series.key for series in catalogue.pair_choices(role)]  # type: ignore[arg-type]
    if current not in options:
        options.append(current)
    key = f"pick_{role}"
    st.session_state[key] = current
    st.selectbox(
        label,
        options,
        format_func=lambda name: catalogue.get(name).label if name in options else name,
        key=key,
        accept_new_options=True,
        on_change=state.pick_series,
        args=(role, key),
        help="Pick one, or type any Yahoo symbol, for example ADA-USD.",
        width=168,
    )


def _span(chosen: View) -> None:
    framed = chosen.start is not None
    st.session_state["pick_span"] = None if framed else chosen.span
    label = (
        f"Window {written(chosen.start)} to {written(chosen.end)}" if chosen.start and chosen.end else "Span"
    )
    st.segmented_control(
        label,
        view.SPANS,
        key="pick_span",
        on_change=state.pick_span,
        args=("pick_span",),
    )


def _as_of(chosen: View, now: dt.datetime) -> None:
    today = day_of(now)
    day = day_of(chosen.instant(now))
    live = chosen.as_of is None
    label = f"As of {'today' if live else written(day)}"
    with st.popover(label, key="as_of_menu", on_change="rerun") as menu:
        if not menu.open:  # sent when asked for
            return
        st.markdown("Show every page as it could have been known at the end of a day in New York.")
        st.button(
            "Today", on_click=state.pick_day, args=(None,), key="as_of_today", disabled=live, width="stretch"
        )
        for name, preset in view.PRESETS.items():
            st.button(
                f"{written(preset)}: {name}",
                on_click=state.pick_day,
                args=(preset,),
                key=f"as_of_{preset}",
                disabled=preset > today,
                width="stretch",
            )
        st.session_state["pick_day"] = min(day, today)
        st.date_input(
            "Any day",
            min_value=view.EARLIEST,
            max_value=today,
            key="pick_day",
            on_change=lambda: state.pick_day(st.session_state["pick_day"]),
            format="YYYY-MM-DD",
        )


def _banners(slug: str, desk: Desk, chosen: View, now: dt.datetime) -> None:
    if not desk.live:
        facts = (
            "The surveys, stocks and events on this page are real published facts; only prices are simulated."
            if slug in PUBLISHED
            else "Nothing here is a fact about any asset."
        )
        st.info(f"**Simulated demo data**, not market prices: {desk.why_demo}. {facts}")
    if chosen.as_of is not None and chosen.as_of > now:
        st.warning("The address asks for a day that has not come; the newest data are shown.")
    elif chosen.as_of is not None:
        day = chosen.as_of.astimezone(NEW_YORK)
        with st.container(horizontal=True, vertical_alignment="center", key="as_of_banner"):
            st.markdown(
                f":material/history: As known on **{written(day)}**. Nothing later is used.", width="content"
            )
            st.button(
                "Back to today", on_click=state.pick_day, args=(None,), key="back_to_today", type="tertiary"
            )
    if desk.live:
        if desk.notice:
            st.warning(desk.notice, icon=":material/healing:")
        _progress(desk)


def _doubted(pair: Panel) -> None:
    """A line where nothing but its own source bears out a leg: every number and verdict on the page rests on it."""
    doubted = [catalogue.get(paper.key).label for paper in pair.papers.values() if paper.unconfirmed]
    if doubted:
        st.warning(
            f"**Unconfirmed:** only its own source says what {' and '.join(doubted)} was worth. "
            "Every number and verdict below that rests on it is unconfirmed too.",
            icon=":material/help:",
        )


def _frozen(found: frozen.Check | None) -> None:
    """A quiet line where the numbers are the link's, a banner where they are not."""
    if found is None:
        return
    if found.state != "same":
        st.error(found.sentence, icon=":material/gpp_maybe:")
    with st.container(horizontal=True, vertical_alignment="center", key="frozen_banner"):
        if found.state == "same":
            st.caption(f":material/verified: {found.sentence}", width="content")
        st.button("Newest data", on_click=state.thaw, key="thaw", type="tertiary")


def _progress(desk: Desk) -> None:
    if _coming(desk):
        st.session_state["saw_refresh"] = desk.ledger.version()
        _watch(desk)
    elif desk.last_error:
        st.caption(f":material/sync_problem: {desk.last_error}")


def _coming(desk: Desk) -> bool:
    """Whether newer figures than those shown are being fetched or measured."""
    return desk.refreshing or load.pending()


@st.fragment(run_every=2.0)
def _watch(desk: Desk) -> None:
    """Shows how far the refresh is, and reruns the page when it has brought something for it."""
    progress = desk.progress
    if desk.refreshing:
        done, total = (progress.done, progress.total) if progress else (0, 0)
        words = f"Refreshing from the sources: {done} of {total} series" if total else "Asking the sources"
        st.progress(done / total if total else 0.0, text=words)
    elif load.pending():
        st.caption(":material/pending: New figures have come; they are being measured.")
    empty = st.session_state.get("page_empty", False)
    if not _coming(desk) or (empty and desk.ledger.version() != st.session_state.get("saw_refresh")):
        st.session_state["page_empty"] = False
        st.rerun()
