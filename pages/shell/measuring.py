"""The process that measures ahead: ``python -m pages.shell.measuring``, started by ``ahead``.

Reads a version and what is asked for from its input, and writes what it made for the caches to its output, both pickled:
its only partner is the server that started it, and nothing in it comes from a reader but checked choices.
"""

from __future__ import annotations

import copyreg
import os
import pickle
import sys
from contextlib import suppress
from importlib import import_module
from operator import attrgetter
from types import MappingProxyType

from streamlit.logger import set_log_level

from analytics.errors import InputError, MeasureError
from analytics.render.theme import ink
from pages.shell import kept, load
from pages.shell.ahead import Asked
from pages.shell.frame import Page

NICE = 10
"""Readers come first."""


def made(version: int, wanted: list[Asked]) -> list[kept.Kept]:
    """What the caches must hold so that ``wanted`` is at hand at a version of the ledger.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    now = load.present(version)
    with kept.noting() as found:
        for one in wanted:
            view = one.view
            page = Page(
                "overview",
                view,
                now,
                view.instant(now),
                view.window(now),
                version,
                ink(one.mode),
                load.desk(),
                "",
            )
            with suppress(MeasureError, InputError):  # noted as a refusal, which is kept too
                _ask(page, one)
    return found


def _ask(page: Page, one: Asked) -> None:
    if one.kind == "panel":
        page.panel(one.names)
    elif one.kind == "finding":
        page.finding(*one.names)
    else:
        module, name, *choices = one.names
        page.made(attrgetter(name)(import_module(module)), *choices)


def main() -> None:
    """Answer one request."""
    copyreg.pickle(MappingProxyType, kept.parts)  # Python has no way of its own to write one out
    set_log_level("ERROR")  # Streamlit warns of every cache that is used without a browser
    version, wanted = pickle.load(sys.stdin.buffer)
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever a library prints must not get into the answer
        if hasattr(os, "nice"):
            os.nice(NICE)
        pickle.dump(made(version, wanted), out, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
