"""How the benches say a measurement: the machine, and ratios within one run as median (min to max)."""

from __future__ import annotations

import math
import os
import platform
import statistics
from collections.abc import Sequence


def machine() -> str:
    """One line that stands above every table: a figure without its machine says nothing."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"load {load:.1f} at the start"
    )


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours over theirs, round by round: the two of a round were measured next to each other."""
    return [own / other for own, other in zip(ours, theirs, strict=True)]


def spread(values: Sequence[float], digits: int = 2) -> str:
    """``1.04 (0.98-1.20)``: median, least, greatest."""
    middle = statistics.median(values)
    return f"{middle:.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of the values do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def mark(value: float, target: float) -> str:
    """Whether a value keeps its target."""
    return "kept" if value <= target else "MISSED"
