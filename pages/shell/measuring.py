"""The process that measures ahead: ``python -m pages.shell.measuring``, started by ``prewarm``.

Reads a version and what is asked for from its input, and writes what it evaluated to its output, both pickled: its only
partner is the server that started it, and nothing in it comes from a reader but checked choices.
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
from analytics.evaluate import Evaluator, recipe
from analytics.render.theme import ink
from pages.shell import cache, load
from pages.shell.prewarm import Asked

NICE = 10
"""Readers come first."""


def evaluated(version: int, wanted: list[Asked]) -> list[cache.Entry]:
    """What the caches must hold so that ``wanted`` is at hand at a version of the ledger.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    now, ledger = load.present(version), load.desk().ledger
    with cache.noting() as found:
        for one in wanted:
            with suppress(MeasureError, InputError):  # noted as a refusal, which is cached too
                _ask(Evaluator(ledger, one.view, now, version, ink(one.mode), cache.SHARED), one)
    return found


def _ask(evaluator: Evaluator, one: Asked) -> None:
    if one.kind == "panel":
        evaluator.panel(one.names)
    elif one.kind == "finding":
        evaluator.finding(recipe(*one.names))
    else:
        module, name, *choices = one.names
        evaluator.block(attrgetter(name)(import_module(module)), *choices)


def main() -> None:
    """Answer one request."""
    copyreg.pickle(MappingProxyType, cache.parts)  # Python has no way of its own to write one out
    set_log_level("ERROR")  # Streamlit warns of every cache that is used without a browser
    version, wanted = pickle.load(sys.stdin.buffer)
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever a library prints must not get into the answer
        if hasattr(os, "nice"):
            os.nice(NICE)
        pickle.dump(evaluated(version, wanted), out, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
