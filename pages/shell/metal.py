"""The Silver market page's parts."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.charts import silver_stocks, silver_supply, verdicts
from analytics.charts.words import day
from analytics.errors import NotPublished
from analytics.findings.silver import Answer
from analytics.measures.silver_balance import SilverBalance
from analytics.measures.silver_prints import KNOWN, SilverPrints
from analytics.panel import Papers
from analytics.published import papers as printed
from analytics.published import silver
from pages.shell import show, state
from pages.shell.frame import Page

PACE = 21
"""The claim that supply failed to keep pace."""
COMPARED = {">": "more than", ">=": "at least", "<": "below", "<=": "at most"}


def reading(found: SilverBalance, prints: SilverPrints) -> None:
    """The balance of the newest year, as the chosen print has it; and why an asked print is not shown."""
    show.reading(prints.sentence or found.sentence)
    if prints.refused:
        st.warning(show.escape(prints.refused))


def vintage(page: Page, prints: SilverPrints) -> None:
    """The choice of the print."""
    titles = {v.printed.isoformat(): f"{v.title} ({printed.said(v.printed, v.exact)})" for v in prints.prints}
    st.session_state["pick_vintage"] = page.view.vintage if prints.chosen else KNOWN
    st.selectbox(
        "As printed in",
        [KNOWN, *titles],
        format_func=lambda name: titles.get(name, f"each year's last print known on {day(page.day)}"),
        key="pick_vintage",
        on_change=state.pick_choice,
        args=("vintage", "pick_vintage"),
        width=360,
    )


def stocks(page: Page) -> None:
    """Visible stocks by place."""
    found = page.finding("silver_stocks")
    if found is None:
        raise NotPublished(f"No figure of visible stocks is carried that was published by {day(page.day)}.")
    show.chart(page, silver_stocks.stocks(found, page.ink))


def price(page: Page) -> Papers:
    """Papers of silver's price, of which the figure shows yearly means.

    Raises:
        NotEnoughData: nothing is known of it.
    """
    held = page.panel(["silver"])
    held.series("silver")
    return held.papers["silver"]


def claims(page: Page, found: SilverBalance) -> None:
    """Claims 16 to 22: number, threshold fixed beforehand, what it rests on."""
    answers: tuple[Answer, ...] = page.finding("silver_claims")
    share = silver.byproduct_share(page.day)
    papers = [
        *printed.of_figures(found.survey.figures if found.survey else ()),
        *([printed.of_share(share)] if share else []),
        *printed.of_events(event for event in silver.policy(page.day) if "minerals" in event.topics),
    ]
    show.block(
        page,
        "silver_claims",
        "What the published figures give for claims 16 to 22",
        [_answer(answer, found) for answer in answers],
        pd.DataFrame([_row(answer) for answer in answers]).set_index("claim"),
        papers,
        "thresholds were fixed before anything was measured · always by the last print known on the day",
        "Arithmetic on published figures; nothing is tested. A survey's figure that is not carried here makes a claim not "
        "measurable: an older print never stands in for it. The Claims page has the verdicts.",
    )


def _answer(answer: Answer, found: SilverBalance) -> str:
    """One claim as a paragraph."""
    threshold, read = answer.threshold, answer.reading
    head = f"**{threshold.id}. {show.escape(threshold.wording)}**"
    if read is None:
        mark = verdicts.MARKS["not measurable"]
        return f"{head}  \n{mark} Not measurable. It would take: {show.escape(threshold.needs or '')}"
    lines = [head]
    if read.value is not None:
        mark = verdicts.MARKS["supported" if answer.passed else "not supported"]
        asked = f"{COMPARED[threshold.direction or '>']} {verdicts.number(threshold.delta or 0.0)}"
        told = "passed" if answer.passed else "not passed"
        value = f"**{verdicts.number(read.value)}** {show.escape(read.unit)}"
        lines.append(f"{mark} {value} · threshold: {asked}, {told}")
    lines.append(show.escape(read.sentence))
    over = [
        figure.year for figure in found.balances if not figure.forecast and figure.year in found.with_funds
    ]
    if threshold.id == 16 and over:
        year = over[-1]
        lines.append(
            f"With exchange-traded products the balance of {year} is {verdicts.number(found.with_funds[year], 4)}."
        )
    if read.sources:
        secondary = " (secondary transcription)" if read.secondary else ""
        lines.append(f":small[Source: {show.escape('; '.join(read.sources))}{secondary}]")
    return "  \n".join(lines)


def _row(answer: Answer) -> dict[str, object]:
    read, threshold = answer.reading, answer.threshold
    return {
        "claim": threshold.id,
        "wording": threshold.wording,
        "value": read.value if read else None,
        "unit": threshold.unit or "",
        "direction": threshold.direction or "",
        "threshold": threshold.delta,
        "passes": "not measurable" if answer.passed is None else "yes" if answer.passed else "no",
        "says": read.sentence if read else threshold.needs,
        "source": "; ".join(read.sources) if read else "",
        "secondary": read.secondary if read else "",
    }


def pace(page: Page, found: SilverBalance) -> None:
    """Claim 21's gap from every base year."""
    answers: tuple[Answer, ...] = page.finding("silver_claims")
    threshold = next(answer.threshold for answer in answers if answer.threshold.id == PACE)
    show.chart(page, silver_supply.spans(found, threshold.delta or 0.0, page.ink))


def policy(page: Page) -> None:
    """Dated policy events that concern silver, newest first."""
    known = silver.policy(page.day)[::-1]
    if not known:
        raise NotPublished(f"No policy event up to {day(page.day)} is carried.")
    frame = pd.DataFrame(
        [
            {"day": event.day, "event": event.title, "what": event.body, "source": event.source}
            for event in known
        ]
    ).set_index("day")
    show.table(
        page,
        "policy",
        f"{len(known)} dated policy events; the newest, {day(known[0].day)}: {known[0].title}",
        frame,
        frame,
        printed.of_events(known),
        f"critical minerals and tariffs up to {day(page.day)}, n = {len(known)}",
        "Transcribed from the sources named in each row; an event is never dated before it was public in New York.",
    )
