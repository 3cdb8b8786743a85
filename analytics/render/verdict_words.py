"""A verdict in words: its numbers rounded to what they are worth, and the rule that made it."""

from __future__ import annotations

import math

import pandas as pd

from analytics.render.words import p_value
from analytics.stats.verdict import Inference, Verdict

RULE = (
    "**Supported**: adjusted one-sided p ≤ .05 in the claimed direction. **Contradicted**: p ≤ .05 in the opposite "
    "direction. Otherwise **underpowered** when the smallest effect that the test sees 80% of the time is larger than the "
    "smallest effect worth acting on (fixed before any data were read), else **not supported**."
)
MARKS = {
    "supported": ":material/check_circle:",
    "contradicted": ":material/cancel:",
    "not supported": ":material/remove_circle:",
    "underpowered": ":material/help:",
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
    """Estimate, interval, p, n, effective n and smallest detectable effect in one line."""
    low, high = found.interval
    effective = "" if math.isnan(found.effective_n) else f", worth {found.effective_n:,.0f} independent ones"
    return (
        f"{number(found.estimate)} [{number(low)} to {number(high)}] {found.unit} · {p_value(found.p)} · "
        f"n = {found.n:,}{effective} · smallest detectable {number(found.mde)}, worth acting on {number(found.delta)}"
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
