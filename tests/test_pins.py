"""The pinned requirements: whole, with hashes, from no index in particular; and what is said of their advisories."""

from __future__ import annotations

import re

import pytest

from analytics.settings import ROOT
from bench.advisories import PINS, verdict

PIN = re.compile(
    r"([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ ;]+)(?: ; [^\\]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n"
)


def pins(name: str) -> dict[str, str]:
    return {package: version for package, version, _ in PIN.findall((ROOT / name).read_text())}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_line_is_a_pin_with_its_hashes_and_names_no_index(name):
    """pip asks for all or none; what is left when the pins are taken out would be an index, a path or a pin without hash."""
    assert PIN.sub("", (ROOT / name).read_text()) == ""


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_is_pinned_by_hand_is_what_was_compiled(name):
    by_hand = re.findall(r"^([\w-]+)(?:\[\w+\])?==(\S+)", (ROOT / f"{name}.in").read_text(), re.MULTILINE)
    compiled = pins(f"{name}.txt")
    assert {
        re.sub("[_.]", "-", package.lower()): version for package, version in by_hand
    }.items() <= compiled.items()


def test_the_tests_run_on_what_the_application_runs_on():
    assert pins("requirements.txt").items() <= pins(PINS).items()


GOOD = {"name": "numpy", "version": "2.4.6", "vulns": []}
BAD = {"name": "jinja2", "version": "2.10", "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}]}
UNASKED = {"name": "scipy", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("found", "code", "says"),
    [
        ([GOOD], 0, "0 of the 1 pins that were looked up have known advisories."),
        ([GOOD, BAD], 1, "jinja2 2.10: PYSEC-2019-217, mended in 2.10.1"),
        ([BAD, UNASKED], 1, "No data for 1 of 2 pins: scipy."),
        ([GOOD, UNASKED], 2, "No data for 1 of 2 pins: scipy."),
        ([UNASKED], 2, "No data: nobody could be asked"),
        ([], 2, "No data: nobody could be asked"),
    ],
)
def test_advisories_that_nobody_could_be_asked_for_are_not_said_to_be_none(found, code, says):
    result, said = verdict(found)
    assert result == code
    assert says in "\n".join(said)
