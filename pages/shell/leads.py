"""The Lead and lag page's parts."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.charts import lead_lag as charts
from analytics.charts import scan as scans
from analytics.charts.divergence import Pair
from analytics.charts.words import p_value
from analytics.measures.events import EventStudy
from analytics.measures.lead_lag import LeadLag
from pages.shell import load, parts, show
from pages.shell.frame import Page


def naive(found: LeadLag) -> None:
    """What the usual chart would have said, once and greyed."""
    st.caption(show.escape(found.naive_sentence))


def verdict(page: Page, found: LeadLag, pair: Pair) -> None:
    """The verdict on "the follow comes after the lead"."""
    method = (
        "Decided by the smoothed family alone (claim 28). Granger, single lags and weeks stand beside it and decide nothing. "
        f"Placebo, {pair.names[1]} first: {p_value(found.placebo.p_best)}. Friday weeks: {p_value(found.weekly.p_best)}."
    )
    show.verdict(page, "lead_lag", found.sentence, found.inference, pair.papers, method, titled=False)


def beside(page: Page, found: LeadLag, pair: Pair) -> None:
    """Placebo, weekly row and Granger: display only."""
    test = page.finding("granger")
    rows = [
        {
            "test": f"smoothed windows, {pair.names[0]} first (decides)",
            "statistic": found.windows.statistic,
            "p": found.windows.p_best,
        },
        {
            "test": f"the mirror image, {pair.names[1]} first (placebo)",
            "statistic": found.placebo.statistic,
            "p": found.placebo.p_best,
        },
        {"test": "Friday weeks", "statistic": found.weekly.statistic, "p": found.weekly.p_best},
        {
            "test": "best single lag of 3 to 120",
            "statistic": found.correlogram.best_t,
            "p": found.correlogram.best_p,
        },
        {
            "test": "Granger, lags 3 to 7 given 1 and 2 (robust, wild)",
            "statistic": test.statistic,
            "p": test.p,
        },
        {"test": "Granger, plain F (naive)", "statistic": test.plain.statistic, "p": test.plain.p},
    ]
    frame = pd.DataFrame(rows).set_index("test")
    show.table(
        page,
        "beside",
        test.sentence,
        frame,
        frame,
        pair.papers,
        f"n = {found.inference.n:,} daily returns",
        "One family-wise test decides; the others are shown so that nobody has to wonder.",
        {"statistic": "%.2f", "p": "%.3f"},
    )


def events(page: Page, found: EventStudy, pair: Pair) -> None:
    """Path, verdict, horizons, cycles and the list of events."""
    show.chart(page, charts.event_path(found, pair))
    show.verdict(
        page,
        "events",
        found.sentence,
        found.inference,
        pair.papers,
        f"Claim 31. Largest t over {len(found.design.horizons)} horizons; estimate and smallest detectable effect at {found.design.stated} days.",
    )
    left, right = parts.two()
    with left:
        frame = charts.horizon_rows(found)
        show.table(
            page,
            "horizons",
            "Every horizon, tested as one family",
            frame,
            frame,
            pair.papers,
            "against the mean of all days",
            "Hodrick 1B, White errors, wild bootstrap, largest t over the horizons.",
            dict.fromkeys(frame.columns, "%.2f"),
        )
    with right:
        cycles = charts.cycle_rows(found)
        floor = found.cycles.sign_floor
        title = f"Leave one cycle out: with {found.cycles.with_events} cycles no sign test can fall below {p_value(floor).removeprefix('p = ')}"
        show.table(
            page,
            "cycles",
            title,
            cycles,
            cycles,
            pair.papers,
            "cycles begin at Bitcoin's halvings",
            "The test repeated without each cycle.",
            dict.fromkeys(cycles.columns[1:], "%.2f"),
        )
    box = st.expander(
        f"All {len(found.events)} event days, and what the usual tables would have said",
        on_change="rerun",
        key="event_rows",
    )
    if box.open:
        with box:
            usual = pd.DataFrame(
                [
                    {
                        "test": one.name,
                        "horizon": one.horizon,
                        "effect, pp": one.effect,
                        "t": one.statistic,
                        "p": one.p,
                    }
                    for one in found.naive
                ]
            ).set_index("test")
            st.dataframe(
                usual.style.format({"effect, pp": "{:.1f}", "t": "{:.2f}", "p": "{:.4f}"}),
                alt="What the usual event tests would have said.",
            )
            st.dataframe(
                found.events.style.format("{:.1f}", na_rep="–"),
                alt="Every event day with the returns that followed.",
            )


def signal(page: Page, pair: Pair) -> None:
    """Claim 29: a high is not an immediate buy signal."""
    found = page.finding("buy_signal")
    show.verdict(
        page,
        "buy_signal",
        found.sentence,
        found.inference,
        pair.papers,
        "Claim 29: the gain over 20 days is smaller than the gain worth acting on. Supported means that such a gain is ruled out.",
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
