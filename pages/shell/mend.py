"""When the ledger fails under a page: a damaged file is moved aside and begun anew at once; anything else is said, with a
way to try again."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import streamlit as st

from analytics.errors import LedgerDamaged, LedgerError
from pages.shell import load

Drawn = TypeVar("Drawn")
PAUSE_SECONDS = 30.0
"""A session mends once in so long: damage that opening cannot see must not become a page that reruns for ever."""
_AT = "mended_at"


def guarded(draw: Callable[[str], Drawn]) -> Callable[[str], Drawn]:
    """A frame that survives its ledger: the run ends with a sentence instead of a failure."""

    @wraps(draw)
    def drawn(slug: str) -> Drawn:
        try:
            return draw(slug)
        except LedgerError as error:
            if isinstance(error, LedgerDamaged):
                try_now()
            st.error(str(error), icon=":material/database_off:")
            st.button("Try again", key="try_again")
            st.stop()

    return drawn


def try_now() -> None:
    """Open the damaged ledger anew and run the page again; returns where that was tried a moment ago or cannot be done."""
    if time.monotonic() - st.session_state.get(_AT, -PAUSE_SECONDS) < PAUSE_SECONDS:
        return
    st.session_state[_AT] = time.monotonic()
    if load.mend():
        st.rerun()
