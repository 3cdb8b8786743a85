"""SECURITY.md names a test for each threat, and each named test is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))
THREATS = (
    "Markup in an address", "Formulas in a CSV", "Paths in typed symbols", "Oversized addresses", "Forged log lines",
    "Requests to inside addresses", "Secrets in logs, exports and links", "Guessing short links", "Denial by typed symbols",
    "Getting past the login", "Open redirects", "Guessing the password", "Fixed and forged sessions", "Becoming an admin",
    "Signing out", "Filling the server from outside",
)  # fmt: skip


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_is_there(path, name):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("threat", THREATS)
def test_every_threat_is_held_by_a_test(threat):
    part = TEXT.split(f"### {threat}\n", 1)[1].split("\n#", 1)[0]
    assert re.search(r"`tests/[\w/]+\.py::\w+`", part)
