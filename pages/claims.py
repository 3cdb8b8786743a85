"""Claims: was the article right, then and now?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from analytics import view
from analytics.published.thresholds import Threshold
from analytics.render.verdict_words import MARKS
from analytics.render.words import day
from analytics.stats.verdict import VERDICTS
from analytics.topics.claims import blocks as made
from analytics.topics.claims import charts
from analytics.topics.claims import recipes as ledger_of_claims
from analytics.topics.claims.blocks import Both
from analytics.topics.claims.measures.verdicts import WORDS_OF_A_TEST, ClaimVerdict
from analytics.topics.triggers import blocks as trigger_blocks
from analytics.topics.triggers import charts as trigger_charts
from analytics.topics.triggers import recipes as triggers
from analytics.topics.triggers.measures.triggers import Triggers
from analytics.view import ARTICLE
from pages.shell import parts, show, state
from pages.shell.contents import PAGES
from pages.shell.frame import Page, open_page

BADGES = {
    "supported": "blue",
    "not supported": "gray",
    "contradicted": "red",
    "undecided": "violet",
    "too small to matter": "yellow",
    "not measurable": "gray",
}
WEIGHT_BADGES = {"thesis": "the story", "fact": "fact"}


def reading(found: Both) -> None:
    """The page's one sentence."""
    show.reading(charts.counted(found.now, found.then))


def filters(page: Page, found: Both) -> None:
    """Topic and verdict, kept in the address."""
    counts = found.now.tally()
    words = {name: verdict for name, verdict in zip(view.VERDICTS, VERDICTS, strict=True)}
    verdicts = {"all": "all verdicts"} | {name: f"{word} ({counts[word]})" for name, word in words.items()}
    with st.container(horizontal=True, gap="small", key="claim_filters"):
        _choice(page, "topic", "Topic", {"all": "all topics", **charts.TOPICS})
        _choice(page, "verdict", "Verdict now" if found.then else "Verdict", verdicts)


def _choice(page: Page, name: str, label: str, choices: dict[str, str]) -> None:
    key = f"pick_{name}"
    st.session_state[key] = getattr(page.view, name)
    st.selectbox(
        label, list(choices), format_func=choices.__getitem__, key=key, on_change=state.pick_choice, args=(name, key), width=230
    )  # fmt: skip


@st.fragment
def cards(page: Page, found: Both) -> None:
    """One line a claim, by topic; a line opens to its card."""
    shown = [row for row in found.pairs() if _wanted(page, *row[:2])]
    if not shown:
        st.info("No claim has this topic and this verdict. Choose another of either.")
    for topic, title in charts.TOPICS.items():
        rows = [row for row in shown if row[0].topic == topic]
        if rows:
            st.markdown(f"#### {title}")
        with st.container(gap="xsmall", key=f"topic_{topic}"):
            for claim, now, then in rows:
                box = st.expander(_line(claim, now, then), on_change="rerun", key=f"claim_{claim.id}_box")
                if box.open:
                    with box:
                        _card(page, found, claim, now, then)


def _wanted(page: Page, claim: Threshold, now: ClaimVerdict) -> bool:
    topic, verdict = page.view.topic, page.view.verdict
    return topic in ("all", claim.topic) and verdict in ("all", now.verdict.replace(" ", "_"))


def _badge(row: ClaimVerdict) -> str:
    why = f": {row.missing}" if row.missing else ""
    return f":{BADGES[row.verdict]}-badge[{MARKS[row.verdict]} {row.verdict}{why}]"


def _line(claim: Threshold, now: ClaimVerdict, then: ClaimVerdict | None) -> str:
    """The claim in one line: number, wording, verdict; the earlier verdict too where it differs."""
    before = f"{_badge(then)} → " if then is not None and then.verdict != now.verdict else ""
    weight = "" if claim.weight not in WEIGHT_BADGES else f":orange-badge[{WEIGHT_BADGES[claim.weight]}] "
    return f"**{claim.id}** {show.escape(claim.wording)} {weight}{before}{_badge(now)}"


def _card(page: Page, found: Both, claim: Threshold, now: ClaimVerdict, then: ClaimVerdict | None) -> None:
    picture = made.against(found, claim, now, then, page)
    if picture is not None:
        show.chart(page, picture)
    for when, row in _told(now, then).items():
        st.markdown(_verdict(row, when, titled=picture is not None and row is now))
    st.markdown(
        f"**Threshold, fixed in advance:** {show.escape(charts.threshold_text(claim))}. {show.escape(claim.reason)}"
    )
    if now.p is not None and now.verdict in WORDS_OF_A_TEST:
        stands = "still stands" if claim.id in found.now.survivors else "does not stand: not after correction"
        st.caption(f"Counting all {found.now.tests} tests at once (Benjamini-Yekutieli at 10%), it {stands}.")
    if picture is None:
        st.caption(f"Measurement: {show.escape(claim.measurement)}")
    with st.container(horizontal=True, gap="small", key=f"claim_{claim.id}_links"):
        for slug in claim.pages:
            chosen = replace(page.view, **_choices(page, claim))
            parts.link(page, slug, f"{_title(slug)}", chosen)


def _told(now: ClaimVerdict, then: ClaimVerdict | None) -> dict[str, ClaimVerdict]:
    """The verdicts by when they hold; one line where both days say the same."""
    if then is None:
        return {day(now.as_of): now}
    if replace(then, as_of=now.as_of) == now:
        return {f"{day(then.as_of)} and now": now}
    return {"Now": now, day(then.as_of): then}


def _verdict(row: ClaimVerdict, when: str, titled: bool) -> str:
    """One day's verdict with its numbers; its sentence too unless that stands above the picture."""
    sentence = "" if titled else row.sentence
    said = (f"{charts.numbers(row)}." if row.value is not None else "", sentence, row.beside, row.reason)
    return f"**{when}:** {_badge(row)} " + " ".join(show.escape(text) for text in said if text)


def _choices(page: Page, claim: Threshold) -> dict[str, Any]:
    """The choices under which the claim's page shows its finding, as of the page's day."""
    wanted = ledger_of_claims.view_of(claim.id, page.view)
    return {name: getattr(wanted, name) for name in ("lead", "follow", "start", "end", "legs", "move")}


def _title(slug: str) -> str:
    return next((label for name, _, label in PAGES if name == slug), "")


def trigger_ledger(page: Page) -> None:
    """Each trigger's definition, state, distance and picture; then every firing and what Bitcoin did after."""
    found: Triggers = page.finding(triggers.TRIGGERS)
    st.markdown(f"#### {show.escape(trigger_charts.counted(found))}")
    _then(page)
    for trigger in found.triggers:
        with show.place(trigger.title):
            parts.trigger(page, trigger.key)
    show.exhibit(page, page.block(trigger_blocks.firings))


def _then(page: Page) -> None:
    """The states on the day of the article as known then, while the page shows a later day."""
    if page.day <= ARTICLE:
        return
    with show.place():
        then: Triggers = page.on(ARTICLE).finding(triggers.TRIGGERS)
        st.markdown(f"As known on {day(ARTICLE)}: {show.escape(trigger_charts.states(then))}")


page = open_page("claims")
with show.place("The claims"):
    with show.working("Measuring the 34 claims…"):
        found = page.block(made.both)
    reading(found)
    show.chart(page, page.block(made.tally))
    filters(page, found)
    cards(page, found)
with show.place("The trigger ledger"):
    trigger_ledger(page)
