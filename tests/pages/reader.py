"""The app as one reader's session sees it: what it wrote, what it drew, what its address says."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.caching.cache_utils import CachedFunc
from streamlit.testing.v1 import AppTest

from analytics.desk import Desk
from analytics.settings import settings
from pages.shell import cache as caches
from pages.shell import load, typed
from pages.shell.contents import PAGES

ROOT = Path(__file__).resolve().parents[2]
FILES = {slug: path for slug, path, _ in PAGES}
# A server looks once through the installed packages for components of theirs. AppTest does it for each session, and that
# is four fifths of what a page from warm caches takes: here it is once a process, too.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
FINDINGS = ("_finding", "_large_finding")
PROSE = ("markdown", "caption", "info", "warning", "error", "success", "text")


def fresh_process(*, keep_findings: bool = False) -> None:
    """Forget what the process keeps between sessions: settings, desk, caches, the count of typed symbols.

    Findings hang on the hash of their data, on choices and on the hour, and on no ledger and no setting: a test that is not
    about how they are measured may keep them, and the same data are measured once for all such tests.
    """
    settings.cache_clear()
    if keep_findings:
        for name, cache in {**vars(load), **vars(caches)}.items():
            if isinstance(cache, CachedFunc) and name not in FINDINGS:
                cache.clear()
    else:
        st.cache_resource.clear()
    st.cache_data.clear()
    typed._recent.clear()
    typed._refused.clear()


def rest() -> None:
    """Wait for a refresh that a session woke, so that it does not run on into the next test."""
    for thread in threading.enumerate():
        if thread.name == "refresh":
            thread.join(30)
            assert not thread.is_alive(), "the refresh did not end within 30 s"


class Reader:
    """One session. Starts where a browser does, at app.py, and goes on to the page.

    Args:
        page: Slug of the page that the address names.
        query: The address's parameters.
    """

    def __init__(self, page: str = "overview", query: Mapping[str, str | list[str]] | None = None) -> None:
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
        if page != "overview":
            self.at.switch_page(FILES[page])
        for name, value in (query or {}).items():
            self.at.query_params[name] = value
        self.run()

    def run(self) -> Reader:
        """Run the page again, as a click would.

        A page takes the name ``__main__``. It is given back: processes that a later test starts run what has that name, to be
        like their parent, and each of them would measure a whole page.
        """
        main = sys.modules["__main__"]
        try:
            self.at.run()
        finally:
            sys.modules["__main__"] = main
        return self

    def go(self, page: str) -> Reader:
        """Follow the menu."""
        self.at.switch_page(FILES[page])
        return self.run()

    @property
    def desk(self) -> Desk:
        return load.desk()

    @property
    def errors(self) -> list[str]:
        return [error.value for error in self.at.exception]

    @property
    def address(self) -> dict[str, str]:
        held = self.at.query_params.items()
        return {name: value if isinstance(value, str) else value[-1] for name, value in held}

    def elements(self) -> Iterator[Any]:
        yield from _below(self.at._tree)

    def texts(self, *kinds: str) -> list[str]:
        """What the elements of some kinds say."""
        return [str(element.value) for element in self.elements() if element.type in kinds]

    @property
    def words(self) -> str:
        """All prose of the page, the frame's included."""
        cards = [f"{card.label} {card.value} {card.delta}" for card in self.at.metric]
        return "\n".join([*self.texts(*PROSE), *cards])

    @property
    def reading(self) -> str:
        """The page's one-sentence reading; empty where there is none."""
        found = [text for text in self.texts("markdown") if text.startswith("## ")]
        return found[0].removeprefix("## ") if found else ""

    def figures(self) -> dict[str, dict[str, Any]]:
        """Plotly figures by the key of their chart."""
        protos = [element.proto for element in self.at.get("plotly_chart")]
        return {proto.id.rsplit("figure_", 1)[-1]: json.loads(proto.spec) for proto in protos}

    def alts(self) -> dict[str, str]:
        return {
            proto.proto.id.rsplit("figure_", 1)[-1]: proto.proto.alt for proto in self.at.get("plotly_chart")
        }

    def tables(self) -> list[pd.DataFrame]:
        return [table.value for table in self.at.dataframe]

    def unfold(self, *keys: str) -> Reader:
        """Open some menus: what is in them is sent only then."""
        for key in keys:
            self.at.session_state[key] = True
        return self.run()

    def links(self) -> list[str]:
        """The addresses in the Share menu: live, frozen window, frozen data."""
        found = self.unfold("share_menu").texts("code")
        self.at.session_state["share_menu"] = False
        return found


def _below(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", {}).values():
        yield child
        yield from _below(child)
