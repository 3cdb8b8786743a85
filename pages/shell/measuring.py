"""The process that measures ahead: ``python -m pages.shell.measuring``, started by ``prewarm``.

Reads a version and what is asked for from its input, and writes what it evaluated to its output, both as the codec
of results writes them.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from operator import attrgetter

from streamlit.logger import set_log_level

from analytics.errors import InputError, MeasureError
from analytics.evaluate import ASKED, Evaluator
from analytics.evaluate.cache import Asked
from analytics.evaluate.codec import decode, encode
from analytics.render.theme import ink
from pages.shell import cache, load

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
                _ask(Evaluator(ledger, one.view, now, version, ink(one.mode), load.shared()), one)
    return found


def _ask(evaluator: Evaluator, one: Asked) -> None:
    if one.kind == "panel":
        evaluator.panel(one.names)
    elif one.kind == "finding":
        evaluator.finding(ASKED[one.names[0]])
    else:
        module, name, *choices = one.names
        evaluator.block(attrgetter(name)(import_module(module)), *choices)


def main() -> None:
    """Answer one request."""
    set_log_level("ERROR")  # Streamlit warns of every cache that is used without a browser
    version, wanted = decode(sys.stdin.buffer.read())
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever a library prints must not get into the answer
        if hasattr(os, "nice"):
            os.nice(NICE)
        out.write(encode(evaluated(version, wanted)))


if __name__ == "__main__":
    main()
