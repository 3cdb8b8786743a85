"""Data: can I trust it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics import catalogue
from analytics.clock.instants import day_of
from analytics.render.export import FRED_NOTICE, csv_with_papers, licences
from analytics.render.words import day
from analytics.settings import settings
from analytics.sources import health
from analytics.sources.health import Health
from pages.shell import access, load, parts, short, show, typed
from pages.shell.frame import Page, open_page

MOST_SHOWN = 200

MOST_LINKS = 50


def series_rows(page: Page) -> list[Health]:
    """The state of every series as of the page's instant."""
    return load.health_rows(page.as_of, page.version, page.view.recorded)


def reading(found: Sequence[Health]) -> str:
    return health.summary(found)


def refresh_button(page: Page) -> None:
    """Refresh now; the demo offers to look for the live sources instead."""
    desk = load.desk()
    if not access.may_refresh():
        st.caption("Admins refresh here.")
        return
    if not desk.live:
        st.button(
            "Look for live sources",
            on_click=load.reopen,
            icon=":material/travel_explore:",
            help="Asks Yahoo Finance and FRED once more.",
        )
        return
    busy = desk.refreshing
    pressed = st.button(
        "Refresh now",
        icon=":material/refresh:",
        disabled=busy,
        help="Asks the sources for every series that is due.",
    )
    if pressed and desk.wake(asked=True):
        st.rerun()
    if pressed:
        st.caption("A refresh ran a moment ago; the next can start in a minute.")


def series_table(page: Page, found: Sequence[Health]) -> None:
    """Every series with its papers."""
    frame = health.table(found)
    st.dataframe(
        frame,
        height=460,
        alt="Table of every series: state, source, dates, gaps, revisions, licence.",
        column_config={
            "first": st.column_config.DateColumn(format="D MMM YYYY"),
            "last": st.column_config.DateColumn(format="D MMM YYYY"),
            "last success": st.column_config.DatetimeColumn(format="D MMM YYYY HH:mm"),
            "n": st.column_config.NumberColumn(format="localized"),
        },
    )
    st.caption(
        f"As of {day(day_of(page.as_of))} · gaps: dates without a figure on which the series' own calendar expects one; they "
        "stay gaps · revisions: values replaced since this ledger first read them."
    )
    st.download_button(
        "CSV",
        lambda: csv_with_papers("Every series", frame, [], [reading(found)]),
        "silverlead-series.csv",
        "text/csv",
        type="tertiary",
        on_click="ignore",
        key="csv_series",
    )


def troubles(page: Page, found: Sequence[Health]) -> None:
    """What failed, and what of an answer was left out."""
    st.markdown("#### What failed, and what was left out")
    failed = [row for row in found if row.trouble]
    for trouble, count in Counter(row.trouble for row in failed).most_common(12):
        more = f" ({count} series)" if count > 1 else ""
        st.markdown(f"- {show.escape(trouble)}{more}")
    odd = load.ledger_table("oddities", page.version)
    odd = odd[
        ~(odd["period"] > pd.Timestamp(page.day))
    ]  # a figure that was left out is not to be known before its date
    if not failed and odd.empty:
        st.markdown("Nothing: every source answered, and every answer passed the checks.")
    if odd.empty:
        return
    st.markdown("Figures that were not stored, from the newest answers that had any:")
    shown = pd.DataFrame(
        {
            "series": odd["series"],
            "date": odd["period"].dt.date,
            "field": odd["field"],
            "value": odd["value"],
            "why": odd["reason"],
        }
    )
    st.dataframe(
        shown.head(MOST_SHOWN), hide_index=True, height=260, alt="Figures that were left out, and why."
    )


def revisions(page: Page) -> None:
    """Values that replaced earlier ones."""
    st.markdown("#### Revisions seen")
    found = [
        revision
        for revision in load.ledger_table("revisions", page.version)
        if revision.known_at <= page.as_of
    ]
    if not found:
        st.markdown(
            "None yet. A revised figure adds a row; the earlier one stays for every day on which it was the one known."
        )
        return
    frame = pd.DataFrame(
        {
            "series": [catalogue.get(one.series).label for one in found],
            "period": [one.period for one in found],
            "before": [one.before for one in found],
            "after": [one.after for one in found],
            "known": [one.known_at for one in found],
        }
    )
    st.dataframe(frame.head(MOST_SHOWN), hide_index=True, height=260, alt="Revised figures, newest first.")


def attempts(page: Page) -> None:
    """The newest attempts, one row each."""
    if not load.desk().live:
        return
    box = st.expander("Every attempt to read a source", on_change="rerun", key="attempts")
    if box.open:
        frame = load.ledger_table("attempts", page.version).drop(columns=["id"])
        box.dataframe(frame.head(MOST_SHOWN), hide_index=True, alt="Attempts, newest first.")


def downloads(page: Page) -> None:
    """Everything that is stored, as it was known; raw third-party rows only where the operator allows it."""
    st.markdown("#### Download everything")
    if load.desk().live and not settings().silverlead_rows:
        st.markdown(
            "This server does not hand out its sources' rows. Findings can be downloaded on their own pages."
        )
        return
    st.markdown(
        "All series as known on the page's day, one column each, with their papers on top. For personal use: most sources do not allow handing rows on."
    )
    link = page.link  # the file is made when this run is over
    st.download_button(
        "All series (CSV)",
        lambda: _everything(page, link),
        f"silverlead-{day_of(page.as_of)}.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="csv_all",
    )


def _everything(page: Page, link: str) -> str:
    panel = page.panel([series.key for series in catalogue.followed(day_of(page.as_of))])
    notes = [f"as known at {panel.as_of.isoformat()}", f"sha256 {panel.sha256}"]
    return csv_with_papers(
        "Silverlead: every series", panel.table(), list(panel.papers.values()), notes, link
    )


def typed_symbols(page: Page) -> None:
    """Typed symbols with a way to end their refresh, for who may refresh."""
    found = typed.kept(load.desk()) if load.desk().live and access.may_refresh() else []
    if not found:
        return
    st.markdown("#### Typed symbols")
    st.caption(
        f"Kept up to date: the {settings().silverlead_typed_symbols} shown last. The history of others stays, and one that is "
        "shown again comes back."
    )
    for key in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"typed_{key}"):
            st.markdown(show.escape(catalogue.get(key).label), width="stretch")
            st.button("Remove", on_click=typed.remove, args=(key,), key=f"remove_{key}", type="tertiary")


def short_links(page: Page) -> None:
    """Short links with a way to end each, where the operator allows it."""
    if not access.may_manage_links():
        return
    st.markdown("#### Short links")
    found = [link for link in short.newest() if link.opens(page.now)]
    if not found:
        st.markdown("None open. Share makes them where the server runs asgi.py.")
    for link in found[:MOST_LINKS]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"link_{link.id}"):
            until = f", until {day(day_of(link.expires_at))}" if link.expires_at else ""
            words = f"{show.escape(link.title)} · made {day(day_of(link.created_at))}{until} · {link.id[:6]}…"
            st.markdown(words, width="stretch")
            st.button(
                "Revoke", on_click=short.revoke, args=(link.id,), key=f"revoke_{link.id}", type="tertiary"
            )
    if len(found) > MOST_LINKS:
        st.caption(f"The newest {MOST_LINKS} of {len(found)} are shown.")


def notices(page: Page) -> None:
    """Licences, and the notice that FRED requires."""
    panel = page.panel(list(catalogue.load()))
    with st.expander("Licences"):
        st.text(licences(panel.papers.values()))
    st.caption(FRED_NOTICE)


page = open_page("data")
with show.place("The series"):
    rows = series_rows(page)
    show.reading(reading(rows))
    refresh_button(page)
    series_table(page, rows)
    left, right = parts.two()
    with left:
        troubles(page, rows)
    with right:
        revisions(page)
    attempts(page)
    downloads(page)
    typed_symbols(page)
    short_links(page)
    notices(page)
