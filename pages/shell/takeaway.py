"""What a reader takes away of the whole view, beyond the page: the brief and the bundle."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from analytics.evaluate import evaluator
from analytics.report.brief import brief
from analytics.report.bundle import bundle
from analytics.settings import settings
from analytics.view import View
from pages.shell import load


def offer(chosen: View, now: dt.datetime) -> None:
    """Two buttons of the Share menu; the files are made when one is pressed."""
    ledger, rows = load.desk().ledger, settings().silverlead_rows
    day = f"{chosen.instant(now):%Y-%m-%d}"
    st.markdown(
        "**Brief and bundle** of this view: one page to print or send, and every table with its papers."
    )
    with st.container(horizontal=True, gap="small", key="takeaway"):
        st.download_button(
            "Brief (HTML)",
            lambda: brief(evaluator(ledger, chosen, now, load.shared())),
            file_name=f"silverlead-brief-{day}.html",
            mime="text/html",
            key="take_brief",
            on_click="ignore",
            icon=":material/description:",
        )
        st.download_button(
            "Bundle (CSV, zip)",
            lambda: bundle(evaluator(ledger, chosen, now, load.shared()), rows=rows),
            file_name=f"silverlead-bundle-{day}.zip",
            mime="application/zip",
            key="take_bundle",
            on_click="ignore",
            icon=":material/folder_zip:",
        )
