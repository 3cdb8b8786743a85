"""The sentence under an event study."""

from __future__ import annotations

import numpy as np

from analytics.stats.event_study.event_test import Design, SupTest
from analytics.stats.resampling import p_text
from analytics.stats.verdict import Inference, left_open


def sentence(
    test: SupTest, found: Inference, design: Design, names: tuple[str, str], event_name: str, count: int
) -> str:
    """What a reader sees: the effect at the stated horizon, or at the one that decided, and what it is worth.

    Args:
        test: The family.
        found: Its verdict.
        design: What was asked.
        names: Lead and follow.
        event_name: What the events are, in the plural.
        count: Event days.
    """
    digits = 0 if found.effective_n >= 10 else 1
    worth = f"{count:,} event days are worth {found.effective_n:.{digits}f} independent ones"
    at = _deciding(test, found, design)
    effect, horizon = float(test.effect[at]), design.horizons[at]
    moved = f"{abs(effect):.1f} pp {'more' if effect >= 0 else 'less'} than usual"
    made = f"{_upper(names[1])} made {moved} over the {horizon} trading days after {event_name} of {names[0]}"
    family = f" over {len(design.horizons)} horizons" if len(design.horizons) > 1 else ""
    if design.denies:
        return f"{made} ({p_text(found.p)}): {_ruled_out(found, design)}; {worth}."
    if found.verdict == "supported":
        return f"{made}, more than chance explains ({p_text(found.p)}{family}); {worth}."
    if found.verdict == "contradicted":
        odds = f"{p_text(found.p_opposite)}{family}"
        return f"{made}, against the claim and more than chance explains ({odds}); {worth}."
    return f"{made} ({p_text(found.p)}{family}); {worth}; {left_open(found)}."


def _deciding(test: SupTest, found: Inference, design: Design) -> int:
    """The horizon that earned the verdict; the stated one where none was earned."""
    if found.verdict in ("supported", "too small to matter"):
        return test.best
    if found.verdict == "contradicted":
        return int(np.argmin(test.t) if design.direction == "greater" else np.argmax(test.t))
    return design.horizons.index(design.stated)


def _ruled_out(found: Inference, design: Design) -> str:
    gain = f"a gain of {design.null_value:g} pp"
    if found.verdict == "supported":
        return f"{gain} is ruled out"
    if found.verdict == "contradicted":
        return f"the gain is larger than {design.null_value:g} pp ({p_text(found.p_opposite)})"
    return f"{gain} is not ruled out"


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]
