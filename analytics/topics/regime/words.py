"""The stage rule in words, the signs of one day as a table, and every spell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from analytics.topics.regime.measures.stage import (
    CONDITIONS,
    SHORT,
    SIGNS_OF_DEBASEMENT,
    Condition,
    Stage,
    StageHistory,
)
from analytics.topics.regime.measures.stage_signs import Sign, holding

NUMBERS = ("zero", "one", "two", "three", "four", "five")


def called(stage: Stage) -> str:
    """A stage inside a sentence."""
    words = {"neither": "neither panic nor debasement", "unknown": "not known"}
    return words.get(stage, f"the {stage} stage")


def rule() -> tuple[str, str, str]:
    """The rule in Markdown, with every threshold and why: panic, debasement, the rest."""
    panic, debasement = (
        [condition for condition in CONDITIONS if condition.stage == stage]
        for stage in ("panic", "debasement")
    )
    first = f"**Panic**: at least one of {NUMBERS[len(panic)]} signs\n\n{_bullets(panic)}"
    need = f"at least {NUMBERS[SIGNS_OF_DEBASEMENT]} of {NUMBERS[len(debasement)]} signs"
    second = f"**Debasement**: no panic, and {need}\n\n{_bullets(debasement)}"
    required = ", ".join(SHORT[condition.key][0] for condition in CONDITIONS if condition.required)
    rest = (
        f"**Neither**: everything else. **Unknown**: without {required}. A day's stage follows from five numbers known at the "
        "close of the day before and from nothing else: no memory, no smoothing, nothing estimated. The rule was fixed before "
        "any stage was looked at."
    )
    return first, second, rest


def _bullets(conditions: Iterable[Condition]) -> str:
    return "\n".join(
        f"- **{condition.text}**{'' if condition.required else ' (no vote while it is not known)'}. {condition.reason}"
        for condition in conditions
    )


def signs_reading(found: Sequence[Sign]) -> str:
    """How many signs of each stage hold."""
    parts = []
    for stage in ("panic", "debasement"):
        of = sum(sign.condition.stage == stage for sign in found)
        count = holding(tuple(found), stage)
        parts.append(
            f"{NUMBERS[count]} of {NUMBERS[of]} signs of {stage}" if count else f"no sign of {stage}"
        )
    both = " and ".join(parts)
    return f"{both[0].upper()}{both[1:]} held."


def signs_table(found: Sequence[Sign]) -> pd.DataFrame:
    """The inputs of one day beside their thresholds, as a reader reads them."""
    rows = [
        {
            "input": _input(sign.condition),
            "known": _known(sign),
            "needs": _threshold(sign.condition),
            "distance": _distance(sign),
            "sign of": sign.condition.stage,
        }
        for sign in found
    ]
    return pd.DataFrame(rows).set_index("input")


def signs_rows(found: Sequence[Sign]) -> pd.DataFrame:
    """The same as numbers, for CSV."""
    rows = [
        {
            "input": sign.condition.key,
            "sign_of": sign.condition.stage,
            "value": sign.value,
            "comparison": sign.condition.comparison,
            "threshold": sign.condition.threshold,
            "unit": sign.condition.unit,
            "past_threshold": sign.past,
            "holds": sign.holds,
        }
        for sign in found
    ]
    return pd.DataFrame(rows).set_index("input")


def _input(condition: Condition) -> str:
    """Short name, and over how long where the input is a move."""
    name, form = SHORT[condition.key]
    over = form.partition(" in ")[2]
    return f"{name}, {over}" if over else name


def _known(sign: Sign) -> str:
    if not sign.votes:
        return "not known"
    form = SHORT[sign.condition.key][1].partition(" in ")[0]
    return form.format(sign.value).replace("-", "−")


def _threshold(condition: Condition) -> str:
    sign = {">=": "≥", ">": ">", "<=": "≤"}[condition.comparison]
    unit = {"bp": " bp", "%": "%"}.get(condition.unit, "")
    return f"{sign} {condition.threshold:g}{unit}".replace("-", "−")


def _distance(sign: Sign) -> str:
    if not sign.votes:
        return "no vote"
    digits = 0 if sign.condition.unit == "bp" else 2 if sign.condition.unit == "index" else 1
    return f"{abs(sign.past):.{digits}f} {'past' if sign.holds else 'short'}"


def spell_rows(history: StageHistory) -> pd.DataFrame:
    """Every stretch of one stage, newest first."""
    rows = [
        {"stage": spell.stage, "first": spell.first, "last": spell.last, "trading days": spell.days}
        for spell in reversed(history.spells)
    ]
    return pd.DataFrame(rows).set_index("stage")
