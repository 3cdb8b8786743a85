"""Are there known advisories against the pins? ``make advisories``, by pip-audit and PyPI's own data; installs nothing.

pip-audit ends with "No known vulnerabilities found" even where it could ask nobody: here that is said to be no data.
Exit codes: 0 every pin was looked up and none has an advisory; 1 some have; 2 there is no data for some or all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINS = "requirements-dev.txt"
"""Holds those of requirements.txt too."""
OPTIONS = (
    "--disable-pip",
    "--require-hashes",
    "--progress-spinner",
    "off",
    "--timeout",
    "15",
    "--format",
    "json",
)


def verdict(pins: Sequence[Mapping[str, Any]]) -> tuple[int, list[str]]:
    """The exit code and what to say.

    Args:
        pins: pip-audit's ``dependencies``: name, version and vulns each, or name and skip_reason; empty where it failed.
    """
    asked = [pin for pin in pins if "vulns" in pin]
    found = [pin for pin in asked if pin["vulns"]]
    said = [f"{pin['name']} {pin['version']}: {_told(flaw)}" for pin in found for flaw in pin["vulns"]]
    if not asked:
        return 2, [
            "No data: nobody could be asked for advisories (no network?). This says nothing about the pins."
        ]
    if len(asked) < len(pins):
        missing = ", ".join(pin["name"] for pin in pins if pin not in asked)
        said.append(f"No data for {len(pins) - len(asked)} of {len(pins)} pins: {missing}.")
    said.append(f"{len(found)} of the {len(asked)} pins that were looked up have known advisories.")
    return 1 if found else 2 if len(asked) < len(pins) else 0, said


def _told(flaw: Mapping[str, Any]) -> str:
    fixed = ", ".join(flaw["fix_versions"])
    return f"{flaw['id']}, {f'mended in {fixed}' if fixed else 'not mended yet'}"


def main(program: str) -> int:
    """Ask, say, and give the exit code."""
    command = [program, "-r", PINS, *OPTIONS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    code, said = verdict(json.loads(done.stdout)["dependencies"] if done.stdout else [])
    print("\n".join(said))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
