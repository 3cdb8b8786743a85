"""Lead and lag: does the lead come first?"""

from __future__ import annotations

import streamlit as st

from analytics.topics.lead_lag import blocks as made
from analytics.topics.lead_lag import recipes
from analytics.topics.lead_lag.measures.events import EventStudy
from analytics.topics.lead_lag.measures.lead_lag import LeadLag
from analytics.topics.scan import words as scans
from pages.shell import load, parts, show
from pages.shell.frame import Page, open_page


def naive(found: LeadLag) -> None:
    """What the usual chart would have said, once and greyed."""
    st.caption(show.escape(found.naive_sentence))


def events(page: Page, found: EventStudy) -> None:
    """Path, verdict, horizons, cycles and the list of events."""
    show.exhibit(page, *page.block(made.highs))
    left, right = parts.two()
    with left:
        show.exhibit(page, page.block(made.horizons))
    with right:
        show.exhibit(page, page.block(made.cycles))
    box = st.expander(
        f"All {len(found.events)} event days, and what the usual tables would have said",
        on_change="rerun",
        key="event_rows",
    )
    if box.open:
        with box:
            usual = page.block(made.usual)
            st.dataframe(usual.shown, column_config=show.columns(usual.formats), alt=f"{usual.title}.")
            st.dataframe(
                found.events.style.format("{:.1f}", na_rep="–"),
                alt="Every event day with the returns that followed.",
            )


def scan(page: Page) -> None:
    """The newest scan of a whole universe: how many pairs stand out, and how many would by chance."""
    row = load.scan(page.as_of, page.view.recorded)
    if row is None:
        st.caption("No scan of every pair is kept here: `python -m analytics scan` makes one.")
        return
    found, own = load.scanned(row.id, (page.view.lead, page.view.follow), row)
    rows = scans.table(found)
    papers = load.panel(row.keys, row.as_of, page.version, page.view.recorded).papers
    formats = dict.fromkeys(rows.select_dtypes("floating").columns, "%.3f") | {
        "correlation": "%.2f",
        "t": "%.2f",
    }
    rule = scans.rule(found, row.first, row.last)
    show.table(
        page, "scan", found.sentence, rows.head(10), rows, list(papers.values()), rule, scans.METHOD, formats
    )
    if own is not None:
        st.caption(show.escape(scans.place(own)))


page = open_page("lead_lag")
with show.place("Lead and lag"):
    with show.working("Drawing unrelated pairs to compare with…"):
        found = page.finding(recipes.LEAD_LAG)
    show.reading(found.sentence)
    show.exhibit(page, page.block(made.verdict), titled=False)
    left, right = parts.two()
    with left:
        show.chart(page, page.block(made.correlogram))
        naive(found)
    with right:
        show.chart(page, page.block(made.windows))
    with show.place("Beside it"):
        show.exhibit(page, page.block(made.beside))
with show.place("After the lead's highs"):
    with show.working("Drawing paths without events…"):
        study = page.finding(recipes.EVENTS)
    events(page, study)
with show.place("Is a high a buy signal?"):
    show.exhibit(page, page.block(made.signal))
with show.place("Every pair of a universe"):
    scan(page)
