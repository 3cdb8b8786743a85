"""The reader's view in the session: the address wins over the session, the session over the defaults.

The view is the one truth; widgets are set from it before they are made, and their callbacks write to it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import streamlit as st

from analytics import catalogue, view
from analytics.clock.instants import end_of_day
from analytics.errors import InputError
from analytics.view import View

_VIEW, _WRITTEN, _PAGE, _SAID = "silverlead_view", "silverlead_written", "silverlead_page", "silverlead_said"
OURS = set(view.CONTROLS)
_HASHED = {"lead", "follow", "as_of"}


def arrive(slug: str) -> tuple[View, list[str]]:
    """The view of this run, and what is to be said about an address that could not be read whole."""
    state = st.session_state
    query = {name: value for name, value in st.query_params.items() if name in OURS}
    held: View = state.get(_VIEW, view.DEFAULT)
    fresh = state.get(_PAGE) != slug or query != state.get(_WRITTEN)
    if fresh and query:
        held, state[_SAID] = view.from_query(query, held)
    state[_VIEW], state[_PAGE] = held, slug
    return held, state.pop(_SAID, []) if not fresh else state.get(_SAID, [])


def leave(current: View) -> None:
    """Write the whole view into the address when it differs; embed options and the like stay."""
    state = st.session_state
    query = view.to_query(current)
    if {name: value for name, value in st.query_params.items() if name in OURS} != query:
        rest = {name: st.query_params.get_all(name) for name in st.query_params if name not in OURS}
        st.query_params.from_dict({**rest, **query})
    state[_WRITTEN] = query


def change(**choices: Any) -> None:
    """A control changed: the new view, kept for the rerun that follows."""
    held: View = st.session_state.get(_VIEW, view.DEFAULT)
    if _HASHED & choices.keys():  # another pair or day has other numbers than those that the link was made of
        held = held.thawed()
    st.session_state[_VIEW] = replace(held, **choices)


def thaw() -> None:
    """From frozen data to whatever the ledger holds."""
    st.session_state[_VIEW] = st.session_state.get(_VIEW, view.DEFAULT).thawed()


def say(sentence: str) -> None:
    """One line to be shown at the top of the next run."""
    st.session_state[_SAID] = [*st.session_state.get(_SAID, []), sentence]


def pick_series(role: str, key: str) -> None:
    """The reader picked or typed one leg of the pair."""
    text = st.session_state[key]
    try:
        chosen = text if text in catalogue.load() else catalogue.typed(text).key
    except InputError as error:
        say(str(error))
        return
    other = getattr(st.session_state[_VIEW], "follow" if role == "lead" else "lead")
    if chosen == other:
        say(f"{catalogue.get(chosen).title} is already on the other side. Choose two different series.")
        return
    change(**{role: chosen})


def pick_span(key: str) -> None:
    """The reader picked a span; it replaces a frozen window."""
    if st.session_state[key] in view.SPANS:
        change(span=st.session_state[key], start=None, end=None)


def pick_day(day: dt.date | None) -> None:
    """The reader moved the as-of day; None is live."""
    change(as_of=None if day is None else end_of_day(day), start=None, end=None)


def pick_choice(name: str, key: str) -> None:
    """The reader changed one of a page's own controls."""
    if st.session_state[key] is not None:
        change(**{name: st.session_state[key]})
