"""The Drivers page's parts about silver itself: its two roles, other moneys, uncertainty."""

from __future__ import annotations

import streamlit as st

from analytics import catalogue, findings
from analytics.charts import roles as pictures
from analytics.errors import NotKnown
from analytics.measures.abroad import MONEYS
from analytics.panel import Papers
from pages.shell import causes, show
from pages.shell.frame import Page


def roles(page: Page) -> None:
    """Claim 23: haven and industrial metal."""
    with show.working("Resampling silver's days…"):
        found = page.finding("roles")
    sources = causes.papers(page, "roles")
    show.chart(page, pictures.roles(found, page.window, sources, page.ink))
    method = (
        "Claim 23: both shares must exceed 5%; each root is studentised by a block jackknife and judged by a stationary bootstrap "
        "of whole days (mean block 20). That gold is a haven is assumed, not tested."
    )
    show.verdict(page, "roles_test", found.sentence, found.inference, sources, method)
    st.caption(show.escape(pictures.roles_beside(found)))


def uncertainty(page: Page) -> None:
    """Claim 8, or why it cannot be measured."""
    held = _held(page, "uncertainty")
    revised = [paper.title for paper in held if paper.later_vintage]
    if revised:
        raise NotKnown(
            f"Not measurable as of this day: today's ledger holds {_listed(revised)} only as revised since. Vintages of that day "
            "would settle it."
        )
    found = page.finding("uncertainty")
    method = (
        "Claim 8: correlation of silver's weekly log return with the weekly change of policy uncertainty (log, seven-day mean) "
        "and of the 10-year term premium; both must hold (the larger p counts). White errors, wild bootstrap."
    )
    show.verdict(page, "uncertainty", found.sentence, found.inference, held, method)


def abroad(page: Page) -> None:
    """Silver in euros, yuan and rupees, as far as their exchange rates are held."""
    held = causes.papers(page, "silver_abroad")
    if not {paper.key for paper in held} & set(MONEYS):
        _held(page, "silver_abroad")
    show.chart(page, pictures.abroad(page.finding("silver_abroad"), held, page.ink))


def _held(page: Page, name: str) -> list[Papers]:
    """Papers of all that a finding reads.

    Raises:
        NotKnown: nothing is held of some of it.
    """
    found = causes.papers(page, name)
    held = {paper.key for paper in found}
    absent = [
        row
        for key in findings.recipe(name).keys(page.view, page.day)
        if (row := catalogue.get(key)).key not in held
    ]
    if absent:
        said = _listed([f"{row.title} ({row.code})" for row in absent])
        raise NotKnown(f"Not measurable: nothing is held of {said}. The Data page says why.")
    return found


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
