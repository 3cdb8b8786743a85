"""A verdict in words: its numbers rounded to what they are worth, and the rule that made it."""

from __future__ import annotations

import math

import pandas as pd

from analytics.render.words import p_value
from analytics.stats.verdict import Inference, Verdict

RULE = (
    "The interval is held against no effect and against the smallest effect worth acting on, both fixed before any data "
    "were read. **Supported**: adjusted one-sided p ≤ .05 in the claimed direction, and the interval reaches what is worth "
    "acting on; **too small to matter** where it does not. **Contradicted**: p ≤ .025 in the opposite direction. "
    "**Not supported**: none of these, and an effect worth acting on is ruled out. **Undecided**: both are possible. "
    "A claim that denies an effect is supported once one worth acting on is ruled out (p ≤ .025)."
)
MARKS = {
    "supported": ":material/check_circle:",
    "contradicted": ":material/cancel:",
    "not supported": ":material/remove_circle:",
    "undecided": ":material/help:",
    "too small to matter": ":material/remove_circle:",
    "not measurable": ":material/block:",
}


def marked(word: Verdict) -> str:
    """A verdict as Markdown: its mark and its word."""
    return f"{MARKS[word]} **{word.capitalize()}**"


NOTHING = 1e-6
"""What is smaller is rounding [any unit]."""


def number(value: float, digits: int = 3) -> str:
    """A number with so many significant digits and a true minus sign."""
    if math.isnan(value):
        return "–"
    value = 0.0 if abs(value) < NOTHING else value
    return f"{value:,.{digits}g}".replace("-", "−")


def line(found: Inference) -> str:
    """Estimate, interval where there is one, p, n, effective n and what is worth acting on in one line."""
    low, high = found.interval
    span = "" if math.isnan(low) else f" [{number(low)} to {number(high)}]"
    effective = "" if math.isnan(found.effective_n) else f", worth {found.effective_n:,.0f} independent ones"
    return (
        f"{number(found.estimate)}{span} {found.unit} · {p_value(found.p)} · "
        f"n = {found.n:,}{effective} · worth acting on from {number(found.delta)}, seen four times in five from {number(found.mde)}"
    )


def rows(found: Inference) -> pd.DataFrame:
    """The inference as a table for CSV."""
    names = ("estimate", "statistic", "p", "p_opposite", "n", "effective_n", "mde", "delta", "null_value")
    values = {name: getattr(found, name) for name in names}
    values |= {
        "interval_low": found.interval[0],
        "interval_high": found.interval[1],
        "unit": found.unit,
        "direction": found.direction,
        "verdict": found.verdict,
    }
    return pd.DataFrame({"value": values}).rename_axis("name")
