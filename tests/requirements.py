"""What a machine must have for some tests: without it they skip, or fail where SILVERLEAD_REQUIRE names it."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

VARIABLE = "SILVERLEAD_REQUIRE"


def required(name: str) -> bool:
    """Whether the tests called ``name`` (``browser``, ``postgres``) must run here; names are split by blanks or commas."""
    return name in os.environ.get(VARIABLE, "").replace(",", " ").split()


def require(name: str, reason: str) -> NoReturn:
    """Give up on a test because something is missing: a skip, or a failure where it is required."""
    if required(name):
        pytest.fail(f"{VARIABLE} asks for {name!r}: {reason}", pytrace=False)
    pytest.skip(reason)
