"""Silver market: is there a deficit, and did it tighten?"""

from __future__ import annotations

import streamlit as st

from analytics.published import provenance as printed
from analytics.published import thresholds
from analytics.render import verdict_words
from analytics.render.words import day
from analytics.topics.silver_market import blocks as made
from analytics.topics.silver_market import recipes
from analytics.topics.silver_market import recipes as silver_market_recipes
from analytics.topics.silver_market.measures.silver_balance import SilverBalance
from analytics.topics.silver_market.measures.silver_prints import KNOWN, SilverPrints
from analytics.topics.silver_market.recipes import Answer
from pages.shell import parts, show, state
from pages.shell.frame import Page, open_page

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


def claims(page: Page, found: SilverBalance) -> None:
    """Claims 16 to 22: number, threshold fixed beforehand, what it rests on."""
    answers: tuple[Answer, ...] = page.finding(silver_market_recipes.SILVER_CLAIMS)
    table = page.block(made.claims)
    told = [_answer(page, answer, found) for answer in answers]
    show.block(page, table.key, table.title, told, table.rows, table.papers, table.rule, table.method)


def _answer(page: Page, answer: Answer, found: SilverBalance) -> str:
    """One claim as a paragraph."""
    threshold, read = answer.threshold, answer.reading
    head = f"**{threshold.id}. {show.escape(threshold.wording)}**"
    if read is None:
        mark = verdict_words.MARKS["not measurable"]
        return f"{head}  \n{mark} Not measurable. It would take: {show.escape(threshold.needs or '')}"
    lines = [head]
    if read.value is not None:
        verdict = page.verdict(threshold.id)
        asked = (
            f"{COMPARED[threshold.direction or '>']} {verdict_words.number(thresholds.delta(threshold.id))}"
        )
        value = f"**{verdict_words.number(read.value)}** {show.escape(read.unit)}"
        word = f"{verdict_words.MARKS[verdict.verdict]} {verdict.verdict.capitalize()}"
        lines.append(f"{word}: {value} · threshold: {asked}")
        if verdict.reason:
            lines.append(show.escape(verdict.reason))
    lines.append(show.escape(read.sentence))
    over = [
        figure.year for figure in found.balances if not figure.forecast and figure.year in found.with_funds
    ]
    if threshold.id == 16 and over:
        year = over[-1]
        lines.append(
            f"With exchange-traded products the balance of {year} is {verdict_words.number(found.with_funds[year], 4)}."
        )
    if read.sources:
        secondary = " (secondary transcription)" if read.secondary else ""
        lines.append(f":small[Source: {show.escape('; '.join(read.sources))}{secondary}]")
    return "  \n".join(lines)


page = open_page("silver_market")
found, prints = (
    page.finding(recipes.SILVER_BALANCE),
    page.finding(recipes.SILVER_PRINTS),
)
reading(found, prints)
left, right = parts.two()
with left, show.place("Balance by year"):
    show.chart(page, page.block(made.balance))
    vintage(page, prints)
with right, show.place("The same year, print by print"):
    show.chart(page, page.block(made.revisions))
left, right = parts.two()
with left, show.place("Supply and demand"):
    show.chart(page, page.block(made.flows))
with right, show.place("Demand by use"):
    show.chart(page, page.block(made.mix))
left, right = parts.two()
with left, show.place("Visible stocks"):
    show.chart(page, page.block(made.stocks))
with right, show.place("Mine output beside prices"):
    show.chart(page, page.block(made.mine_and_price))
with show.place("Claims 16 to 22"):
    claims(page, found)
left, right = parts.two()
with left, show.place("Did supply keep pace?"):
    show.chart(page, page.block(made.pace))
with right, show.place("Policy events"):
    show.exhibit(page, page.block(made.policy))
