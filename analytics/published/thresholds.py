"""The thresholds of the 34 claims, as fixed in ``thresholds.toml`` before any measure was written.

One record a claim. The records are data: pages, verdicts, tests and documentation read them, nothing else
repeats them. A record that is incomplete or contradicts its own kind is refused when the file is read.
"""

from __future__ import annotations

import math
import operator
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from analytics.errors import BadChoice

Kind = Literal["descriptive", "inferential", "not_measurable"]
Weight = Literal["thesis", "background", "fact"]
Topic = Literal["silver", "bitcoin", "rates", "drivers", "supply", "stages", "triggers"]
Measure = Literal[
    "record", "acceleration", "league", "outperformance", "divergence", "defensive", "uncertainty",
    "shock_response", "rate_path", "easing_link", "drivers", "attribution", "silver_balance", "roles",
    "stress_beta", "consolidation", "stage", "lead_lag", "events", "range", "gap", "triggers",
]  # fmt: skip
Page = Literal["overview", "divergence", "lead_lag", "rate_path", "drivers", "regime", "silver_market"]

COUNT = 34
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
COMPARISONS = tuple(_COMPARE)
TESTS = ("greater", "less", "two-sided")
SHORTEST_REASON = 40
"""A reason shorter than this says nothing [characters]."""

_WORDS = (
    "topic", "wording", "kind", "measure", "measurement", "reason",
    "direction", "unit", "null_generator", "needs", "weight",
)  # fmt: skip
_NUMBERS = ("delta", "alpha", "null_value")
_CHOICES = {
    "weight": get_args(Weight),
    "topic": get_args(Topic),
    "kind": get_args(Kind),
    "measure": get_args(Measure),
}
_REQUIRED: dict[str, tuple[str, ...]] = {
    "descriptive": ("direction", "delta", "unit"),
    "inferential": ("direction", "delta", "unit", "alpha", "null_generator"),
    "not_measurable": ("needs",),
}
_OPTIONAL: dict[str, tuple[str, ...]] = {"inferential": ("null_value", "denies")}
_BY_KIND = ("direction", "delta", "unit", "alpha", "null_generator", "null_value", "denies", "needs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One claim, how it is measured and what would settle it.

    Attributes:
        id: The claim's number, 1 to 34.
        topic: The section of the Claims page.
        wording: The claim in our own words, one sentence.
        kind: ``descriptive`` (arithmetic decides), ``inferential`` (a test decides) or ``not_measurable``.
        measure: The measure of that name in its topic that computes it, or what is shown instead.
        measurement: Series, window, calendar and statistic, in full.
        reason: Why this threshold, decided a priori.
        pages: Slugs of the pages that show the measurement.
        revised_inputs: Uses series that are revised later: without vintages there is no verdict "then".
        dated: Speaks of one fixed window, so that data after it never move the answer; otherwise it is asked
            anew up to the as-of day.
        direction: ``greater``, ``less`` or ``two-sided`` for a test; ``>``, ``>=``, ``<``, ``<=`` for a
            description, read as "value direction delta".
        delta: Inferential: the smallest effect worth acting on, as a positive distance from ``null_value``
            [unit]. Descriptive: the threshold to pass [unit].
        unit: Unit of ``delta``, ``null_value`` and of the measured value.
        alpha: Nominal size of the test; inferential only.
        null_value: The effect under the null hypothesis [unit]; inferential only, 0 unless stated.
        weight: What it is to the story: ``thesis``, ``background``, or ``fact`` (one dated observation, no test).
        denies: Claims that an effect of ``delta`` is not there: the null is that it is.
        null_generator: The simulated data under which the test must keep its size (docs/methods.md#simulated-nulls).
        needs: The data that a measurement would take; ``not_measurable`` only.
    """

    id: int
    topic: Topic
    wording: str
    kind: Kind
    measure: Measure
    measurement: str
    reason: str
    pages: tuple[Page, ...]
    revised_inputs: bool
    dated: bool
    direction: str | None = None
    delta: float | None = None
    unit: str | None = None
    alpha: float | None = None
    null_value: float = 0.0
    denies: bool = False
    weight: Weight = "background"
    null_generator: str | None = None
    needs: str | None = None

    def passed(self, value: float) -> bool:
        """Whether a description passes: "value direction delta".

        Args:
            value: As measured [unit].

        Raises:
            ValueError: a claim that no comparison decides.
        """
        if self.kind != "descriptive" or self.direction is None or self.delta is None:
            raise ValueError(f"Claim {self.id} is {self.kind}: no comparison decides it.")
        return _COMPARE[self.direction](value, self.delta)


@cache
def load() -> tuple[Threshold, ...]:
    """All 34 thresholds in the order of their numbers.

    Raises:
        ValueError: a record is malformed or missing; the message names the claim and the field.
    """
    return parse(files("analytics.published").joinpath("thresholds.toml").read_text(encoding="utf-8"))


def get(id: int) -> Threshold:
    """The threshold of claim ``id``.

    Raises:
        BadChoice: no such claim.
    """
    if id not in range(1, COUNT + 1):
        raise BadChoice("claim", id, f"a number from 1 to {COUNT}")
    return load()[id - 1]


def delta(id: int) -> float:
    """The number that claim ``id`` is held against [unit of the claim].

    Raises:
        BadChoice: no such claim, or one that no number decides.
    """
    found = get(id).delta
    if found is None:
        raise BadChoice("claim", id, "one with a threshold")
    return found


def parse(text: str) -> tuple[Threshold, ...]:
    """The thresholds written in ``text`` (TOML, one ``[[claim]]`` table each), sorted and all present.

    Raises:
        ValueError: a record is malformed, missing or doubled; the message names the claim and the field.
    """
    records = [read(record) for record in tomllib.loads(text).get("claim", [])]
    ids = [record.id for record in records]
    for id in range(1, COUNT + 1):
        if ids.count(id) != 1:
            raise _refusal(id, "id", f"stands {ids.count(id)} times and must stand once")
    return tuple(sorted(records, key=lambda record: record.id))


def read(record: Mapping[str, Any]) -> Threshold:
    """One record as a ``Threshold``; text is unwrapped to single spaces.

    Raises:
        ValueError: a field is missing, unknown, of the wrong type or at odds with the kind.
    """
    claim = record.get("id", "without a number")
    _check_names(claim, record)
    values = {name: _value(claim, name, value) for name, value in record.items()}
    _check_kind(claim, values)
    _check_direction(claim, values)
    return Threshold(**values)


def _refusal(claim: object, name: str, why: str) -> ValueError:
    return ValueError(f"thresholds.toml, claim {claim}, field {name!r} {why}.")


def _check_names(claim: object, record: Mapping[str, Any]) -> None:
    known = {field.name: field.default is MISSING for field in fields(Threshold)}
    for name in record:
        if name not in known:
            raise _refusal(claim, name, "is not a field of a threshold")
    for name, required in known.items():
        if required and name not in record:
            raise _refusal(claim, name, "is missing")


def _value(claim: object, name: str, value: Any) -> Any:
    """``value`` in the field's own type."""
    if name in _WORDS:
        return _words(claim, name, value)
    if name in _NUMBERS:
        return _number(claim, name, value)
    if name == "pages":
        return _pages(claim, value)
    if name == "id":
        if type(value) is not int or not 1 <= value <= COUNT:
            raise _refusal(claim, name, f"must be a whole number from 1 to {COUNT}")
    elif not isinstance(value, bool):
        raise _refusal(claim, name, "must be true or false")
    return value


def _words(claim: object, name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refusal(claim, name, "must be text that is not empty")
    text = " ".join(value.split())
    if name in _CHOICES and text not in _CHOICES[name]:
        raise _refusal(claim, name, f"is {text!r} and must be one of {', '.join(_CHOICES[name])}")
    if name == "reason" and len(text) < SHORTEST_REASON:
        raise _refusal(claim, name, f"has {len(text)} characters and needs at least {SHORTEST_REASON}")
    return text


def _number(claim: object, name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _refusal(claim, name, "must be a finite number")
    if name == "alpha" and not 0 < value < 0.5:
        raise _refusal(claim, name, "must lie between 0 and 0.5")
    return float(value)


def _pages(claim: object, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
        raise _refusal(claim, "pages", "must list at least one page, each once")
    for page in value:
        if page not in get_args(Page):
            raise _refusal(claim, "pages", f"holds {page!r}, which is none of {', '.join(get_args(Page))}")
    return tuple(value)


def _check_kind(claim: object, values: Mapping[str, Any]) -> None:
    """The fields that depend on the kind are there, and no others."""
    kind = values["kind"]
    allowed = _REQUIRED[kind] + _OPTIONAL.get(kind, ())
    for name in _BY_KIND:
        if name in _REQUIRED[kind] and name not in values:
            raise _refusal(claim, name, f"is missing and a claim of kind {kind} needs it")
        if name in values and name not in allowed:
            raise _refusal(claim, name, f"has no meaning for a claim of kind {kind}")


def _check_direction(claim: object, values: Mapping[str, Any]) -> None:
    kind = values["kind"]
    choices = {"descriptive": COMPARISONS, "inferential": TESTS}.get(kind)
    if choices and values["direction"] not in choices:
        found = values["direction"]
        raise _refusal(claim, "direction", f"is {found!r} and must be one of {', '.join(choices)}")
    if kind == "inferential" and values["delta"] <= 0:
        raise _refusal(claim, "delta", "must be above zero: it is a distance from the null value")
