"""What a server process keeps of what it made: panels, findings, sections, each in a cache of its own size.

Cached functions are called by name, since Streamlit looks up the name of every argument that comes without one: 0.2 ms each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import streamlit as st

from analytics.errors import InputError, MeasureError

Make = Callable[[], Any]
Kept = tuple[str, dict[str, Any], Any]
"""One thing that a cache holds: the cache's name, the key, the value."""

_notebooks: list[list[Kept]] = []


@st.cache_resource(max_entries=48, show_spinner=False)
def _panel(names: str, as_of: str, ledger_version: int, recorded_by: str, _make: Make) -> Any:
    return _make()


@st.cache_resource(max_entries=8, show_spinner=False)
def _wide_panel(names: str, as_of: str, ledger_version: int, recorded_by: str, _make: Make) -> Any:
    """The whole catalogue, or every contract month: megabytes each."""
    return _make()


@st.cache_resource(max_entries=256, show_spinner=False)
def _finding(name: str, choices: str, dates: str, sha256: str, marks: str, _make: Make) -> Any:
    return _make()


@st.cache_resource(max_entries=8, show_spinner=False)
def _large_finding(name: str, choices: str, dates: str, sha256: str, marks: str, _make: Make) -> Any:
    return _make()


@st.cache_resource(max_entries=192, show_spinner=False)
def _made(name: str, choices: str, moment: str, ledger_version: int, mode: str, _make: Make) -> Any:
    return _make()


CACHES: dict[str, Callable[..., Any]] = {
    "panel": _panel,
    "wide_panel": _wide_panel,
    "finding": _finding,
    "large_finding": _large_finding,
    "made": _made,
}


def answer(cache: str, make: Make, **key: Any) -> Any:
    """What ``cache`` holds under ``key``; made first where it holds nothing."""
    return CACHES[cache](**key, _make=partial(_now, cache, key, make))


def _now(cache: str, key: dict[str, Any], make: Make) -> Any:
    value = make()
    for notebook in _notebooks:
        notebook.append((cache, key, value))
    return value


@contextmanager
def noting() -> Iterator[list[Kept]]:
    """Write down what is made for the caches meanwhile, so that another process can ``keep`` it."""
    notebook: list[Kept] = []
    _notebooks.append(notebook)
    try:
        yield notebook
    finally:
        _notebooks.remove(notebook)


def keep(found: Iterable[Kept]) -> None:
    """Put what another process has made where this one will look for it."""
    for cache, key, value in found:
        CACHES[cache](**key, _make=partial(_itself, value))


def _itself(value: Any) -> Any:
    return value


def parts(table: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[dict[Any, Any]]]:
    """How a read-only table is pickled: from what it is made again."""
    return read_only, (dict(table),)


def read_only(table: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(table)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be made of these data: kept like an answer, since the same data refuse again."""

    error: MeasureError | InputError


def tried(make: Make) -> Any:
    """What ``make`` gives, or its refusal. A ledger that fails may do better the next time: that is never kept."""
    try:
        return make()
    except (MeasureError, InputError) as error:
        return Refusal(error.again())


def given(found: Any) -> Any:
    """What was kept; a refusal is raised, each time as an error of its own.

    Raises:
        MeasureError, InputError: the refusal.
    """
    if isinstance(found, Refusal):
        raise found.error.again()
    return found
