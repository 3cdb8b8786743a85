"""Numbers and dates as a reader reads them: rounded to what they are worth."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal

from analytics.catalogue import Series


def day(date: dt.date) -> str:
    """``23 Jan 2026``."""
    return f"{date.day} {date:%b %Y}"


def price(value: float) -> str:
    """A price with the digits that matter at its size."""
    if math.isnan(value):
        return "–"
    size = abs(value)
    digits = 0 if size >= 10_000 else 1 if size >= 1_000 else 2 if size >= 1 else 4
    # Halves up, as the exchange's own reports round: 100.925 is 100.93 on a card as in the record's sentence.
    return f"{Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,}"


def percent(value: float, digits: int = 1) -> str:
    """A signed percentage with a true minus sign; a dash where there is none."""
    if math.isnan(value):
        return "–"
    rounded = round(value, digits) + 0.0
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{abs(rounded):,.{digits}f}%"


def points(value: float, unit: str, digits: int = 0) -> str:
    """A signed number with its unit, for example ``+12 bp``."""
    if math.isnan(value):
        return "–"
    rounded = round(value, digits) + 0.0
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{abs(rounded):,.{digits}f} {unit}"


def p_value(p: float) -> str:
    """A p value to what it is worth."""
    return (
        "p < .001"
        if p < 0.001
        else f"p = {p:.3f}".replace("0.", ".")
        if p < 0.1
        else f"p = {p:.2f}".replace("0.", ".")
    )


def short_p(p: float) -> str:
    """A p value in a column headed p."""
    return p_value(p).removeprefix("p ").removeprefix("= ")


_HYPHEN_MINUS = re.compile(r"(?<![\w-])-(?=[\d.])")


def minus(text: str) -> str:
    """A sentence whose negative numbers have a true minus sign."""
    return _HYPHEN_MINUS.sub("−", text)


def ratio_unit(lead: Series, follow: Series) -> str:
    """What the ratio follow / lead counts."""
    weights = {"$/oz": "ounces of", "$/lb": "pounds of"}
    if lead.unit in weights and follow.unit in ("$", "USD"):
        return f"{weights[lead.unit]} {lead.label.lower()} per {follow.label.lower()}"
    return f"{follow.label} divided by {lead.label}"


def ratio_label(lead: Series, follow: Series) -> str:
    """``ratio_unit`` for a small card."""
    weights = {"$/oz": "Ounces", "$/lb": "Pounds"}
    if lead.unit in weights and follow.unit in ("$", "USD"):
        return f"{weights[lead.unit]} per {follow.label.lower()}"
    return f"{follow.label} / {lead.label}"


def in_sentence(label: str) -> str:
    """A series' label inside a sentence: plain words in lower case, names and codes as they are."""
    return label.lower() if label in ("Silver", "Gold", "Copper") else label
