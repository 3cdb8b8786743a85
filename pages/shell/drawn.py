"""What a reader takes away from a page: the whole page as a file, and in which form the cameras on its charts make pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from analytics.render.export import Shown, page_file
from pages.shell.contents import PAGES

FORMATS = ("PNG", "SVG")
_DRAWN, _FORMAT = "silverlead_drawn", "silverlead_pictures"


@dataclass(slots=True)
class Drawn:
    """What this run of the page has shown so far; complete when a reader can press a button."""

    reading: str = ""
    shown: dict[str, Shown] = field(default_factory=dict)


def begin() -> None:
    """A new run of a page: nothing is shown yet."""
    st.session_state[_DRAWN] = Drawn()


def read(sentence: str) -> None:
    """The page said its one sentence."""
    st.session_state.setdefault(_DRAWN, Drawn()).reading = sentence


def show(key: str, one: Shown) -> None:
    """The page showed a chart, a table or a verdict; drawn again, it is still one."""
    st.session_state.setdefault(_DRAWN, Drawn()).shown[key] = one


def picture_format() -> str:
    """What the camera on a chart makes: ``png`` or ``svg``."""
    return str(st.session_state.get(_FORMAT, FORMATS[0])).lower()


def offer(slug: str, address: str) -> None:
    """The part of the Share menu about files."""
    label = next(label for name, _, label in PAGES if name == slug)
    drawn: Drawn = st.session_state[_DRAWN]
    st.markdown("**Files**: this page as one file that needs nobody. Under each chart: its CSV and HTML.")
    st.download_button(
        "This page (HTML)",
        lambda: page_file(f"Silverlead: {label}", drawn.reading, list(drawn.shown.values()), address),
        file_name=f"silverlead-{slug}.html",
        mime="text/html",
        key="page_html",
        on_click="ignore",
        icon=":material/download:",
    )
    st.session_state["pick_pictures"] = picture_format().upper()
    st.segmented_control(
        "Pictures by the camera on each chart", FORMATS, key="pick_pictures", on_change=_pick
    )


def _pick() -> None:
    if st.session_state["pick_pictures"] in FORMATS:
        st.session_state[_FORMAT] = st.session_state["pick_pictures"]
