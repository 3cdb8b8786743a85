"""What a server process has evaluated, shared by its readers: panels, findings and blocks, each in a cache of its own size.

Cached functions are called by name, since Streamlit looks up the name of every argument that comes without one: 0.2 ms each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from analytics.evaluate.cache import Cache, Direct, Key
from analytics.topics.rate_path.recipes import RATE_HISTORY, RATE_INPUTS

T = TypeVar("T")
Make = Callable[[], Any]
Entry = tuple[Key, Any]
FEW_SERIES = 24
LARGE = frozenset({RATE_INPUTS.name, RATE_HISTORY.name})
"""Panels of more series, and these findings, take up to 30 MB each: few of them are held."""

_notebooks: list[list[Entry]] = []


@st.cache_resource(max_entries=48, show_spinner=False)
def _panel(name: str, parts: str, _make: Make) -> Any:
    return _make()


@st.cache_resource(max_entries=8, show_spinner=False)
def _wide_panel(name: str, parts: str, _make: Make) -> Any:
    """The whole catalogue, or every contract month: megabytes each."""
    return _make()


@st.cache_resource(max_entries=256, show_spinner=False)
def _finding(name: str, parts: str, _make: Make) -> Any:
    return _make()


@st.cache_resource(max_entries=8, show_spinner=False)
def _large_finding(name: str, parts: str, _make: Make) -> Any:
    return _make()


@st.cache_resource(max_entries=192, show_spinner=False)
def _block(name: str, parts: str, _make: Make) -> Any:
    return _make()


def place(key: Key) -> Callable[..., Any]:
    """The cache that a key belongs to."""
    if key.kind == "panel":
        return _panel if len(key.name.split()) <= FEW_SERIES else _wide_panel
    if key.kind == "finding":
        return _large_finding if key.name in LARGE else _finding
    return _block


@dataclass(frozen=True, slots=True)
class Shared:
    """The process's caches, as an evaluator asks them.

    Attributes:
        below: Where to look for what no reader of this process has asked for yet.
    """

    below: Cache = field(default_factory=Direct)

    def get(self, key: Key, make: Callable[[], T], /) -> T:
        found: T = _ask(key, partial(_noted, key, partial(self.below.get, key, make)))
        return found


def _ask(key: Key, make: Make) -> Any:
    return place(key)(name=key.name, parts="\n".join(key.parts), _make=make)


def _noted(key: Key, make: Make) -> Any:
    value = make()
    for notebook in _notebooks:
        notebook.append((key, value))
    return value


@contextmanager
def noting() -> Iterator[list[Entry]]:
    """Write down what is evaluated meanwhile, so that another process can ``hold`` it."""
    notebook: list[Entry] = []
    _notebooks.append(notebook)
    try:
        yield notebook
    finally:
        _notebooks.remove(notebook)


def hold(entries: Iterable[Entry]) -> None:
    """Put what another process has evaluated where this one will look for it."""
    for key, value in entries:
        _ask(key, partial(_itself, value))


def _itself(value: Any) -> Any:
    return value
