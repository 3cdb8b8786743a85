"""Alert rules: thresholds on any number, state or verdict that ``python -m analytics measure NAME --json`` prints.

Pure: a rules file's text becomes ``Rule`` records, and a rule with a finding's plain body becomes an ``Outcome``.
docs/alerts.md describes the file.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from analytics import view
from analytics.cli.alert_provenance import Provenance
from analytics.errors import BadFile
from analytics.view import View

State = Literal["fired", "quiet", "unknown"]
CONDITIONS = ("above", "below", "is", "is_not")
_OWN = {"name", "finding", "value", "once", *CONDITIONS}
_VIEW = set(view.CONTROLS) - {"as_of", "recorded", "sha", "start", "end"}
MOST_RULES = 200
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a rules file.

    Attributes:
        name: What a message calls it.
        finding: Name of the recipe.
        value: Path into the finding's JSON, dots between its parts (``inference.p``, ``triggers.cut.on``).
        condition: ``above``, ``below`` (numbers, strictly), ``is`` or ``is_not`` (numbers, words, true, false).
        bar: What the value is held against.
        once: Fires only when it has come to hold, and once for each time.
        view: Pair, span and other choices that the finding is asked with.
    """

    name: str
    finding: str
    value: str
    condition: str
    bar: Any
    once: bool
    view: View


@dataclass(frozen=True, slots=True)
class Rules:
    """A rules file.

    Attributes:
        rules: In the order of the file.
        webhook: Address that fired rules are sent to; empty for none. It may hold a secret: never print it.
    """

    rules: tuple[Rule, ...]
    webhook: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule's value as known at one instant.

    Attributes:
        value: None where it could not be measured, or should not be judged on because its data are stale.
        why: The reason then; empty otherwise.
        provenance: The data that it rests on.
    """

    value: Any
    why: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a rule.

    Attributes:
        rule: Its name.
        state: ``fired``, ``quiet``, or ``unknown`` where the value could not be measured or its data are stale.
        finding, value: Where it looked.
        now: The value; None while unknown.
        condition, bar: What it was held against.
        data_date: Date of the data behind ``now``; None where nothing is held.
        data: Last date of each series behind it.
        crossed: Date of the data with which a rule that fires once was first seen to hold since the last run; None where it
            was not.
        sentence: What a reader sees.
    """

    rule: str
    state: State
    finding: str
    value: str
    now: Any
    condition: str
    bar: Any
    data_date: dt.date | None
    data: Mapping[str, dt.date]
    crossed: dt.date | None
    sentence: str


def read_rules(text: str) -> Rules:
    """The rules of a TOML file.

    Raises:
        BadFile: not TOML, or a rule that cannot be read; the message names the rule.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFile(f"The rules file is not TOML: {error}.") from None
    unknown = sorted(document.keys() - {"webhook", "rule"})
    if unknown:
        raise BadFile(f"The rules file has an unknown part {unknown[0]!r}; it takes [webhook] and [[rule]].")
    rows = document.get("rule", [])
    if (
        not isinstance(rows, list)
        or not 0 < len(rows) <= MOST_RULES
        or not all(isinstance(r, dict) for r in rows)
    ):
        raise BadFile(f"The rules file needs 1 to {MOST_RULES} [[rule]] parts.")
    rules = tuple(_rule(row, number) for number, row in enumerate(rows, 1))
    names = [rule.name for rule in rules]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadFile(f"Two rules are called {twice!r}. Give each its own name.")
    return Rules(rules, _webhook(document.get("webhook", {})))


def _webhook(part: Any) -> str:
    if not isinstance(part, dict) or part.keys() - {"url"} or not isinstance(part.get("url", ""), str):
        raise BadFile("[webhook] takes one line: url, in quotation marks.")
    return str(part.get("url", ""))


def _rule(row: Mapping[str, Any], number: int) -> Rule:
    name = row.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 120:
        raise BadFile(f"Rule {number} needs a name of at most 120 characters.")
    unknown = sorted(row.keys() - _OWN - _VIEW)
    if unknown:
        takes = ", ".join(sorted(_OWN | _VIEW))
        raise BadFile(f"Rule {name!r} has an unknown line {unknown[0]!r}; it takes {takes}.")
    for line in ("finding", "value"):
        if not isinstance(row.get(line), str) or not row[line]:
            raise BadFile(f"Rule {name!r} needs {line!r}, in quotation marks.")
    if not isinstance(row.get("once", False), bool):
        raise BadFile(f"Rule {name!r}: once is true or false.")
    condition, bar = _condition(name, row)
    chosen, problems = view.from_query({line: str(row[line]) for line in row.keys() & _VIEW})
    if problems:
        raise BadFile(f"Rule {name!r}: {problems[0].removesuffix(' The default is shown.')}")
    return Rule(name, row["finding"], row["value"], condition, bar, row.get("once", False), chosen)


def _condition(name: str, row: Mapping[str, Any]) -> tuple[str, Any]:
    given = [line for line in CONDITIONS if line in row]
    if len(given) != 1:
        raise BadFile(f"Rule {name!r} needs exactly one of {', '.join(CONDITIONS)}.")
    (condition,) = given
    bar = row[condition]
    number = isinstance(bar, int | float) and not isinstance(bar, bool)
    if condition in ("above", "below") and not number:
        raise BadFile(f"Rule {name!r}: {condition} takes a number.")
    if not isinstance(bar, bool | int | float | str):
        raise BadFile(f"Rule {name!r}: {condition} takes a number, a word in quotation marks, true or false.")
    return condition, bar


def read(rule: Rule, body: Mapping[str, Any], provenance: Provenance) -> Reading:
    """The value of a rule in a finding as ``render.plain.answer`` gives it; data that are stale make it not known.

    Raises:
        BadFile: the finding has no such value.
    """
    value = find(body, rule)
    if provenance.stale:
        return Reading(None, provenance.stale, provenance)
    return Reading(value, "" if value is not None else _why(body, rule), provenance)


def judge(rule: Rule, now: Reading, before: Sequence[Reading] = ()) -> Outcome:
    """Hold a rule against what is known now.

    Args:
        rule: The rule.
        now: Its value now.
        before: For a rule that fires once, its values at earlier instants, rising; with the first of them it has been
            judged already, so that what came to hold after it is told now, and only now.

    Raises:
        BadFile: the value cannot be compared so.
    """
    if now.value is None:
        says = f"{rule.value} of {rule.finding} is not known: {now.why.rstrip('.')}"
        return _outcome(rule, "unknown", now, says)
    if not rule.once:
        holds = _holds(rule, now.value)
        return _outcome(rule, "fired" if holds else "quiet", now, _said(rule, now.value, holds))
    crossed = _crossing(rule, [*before, now])
    if crossed is not None:
        return _outcome(rule, "fired", now, _crossed(rule, crossed, now), crossed)
    lasting = _holds(rule, now.value)
    says = _said(rule, now.value, lasting) + (", as it was before" if lasting else "")
    return _outcome(rule, "quiet", now, says)


def _crossing(rule: Rule, readings: Sequence[Reading]) -> Reading | None:
    """The newest reading with which the rule came to hold; what was not known in between says nothing."""
    known = [reading for reading in readings if reading.value is not None]
    if known and known[0] is not readings[0]:
        known = [Reading(None, "", known[0].provenance), *known]  # what was not known did not hold
    if len(readings) == 1:
        known = [Reading(None, "", readings[0].provenance), *known]
    held = [reading.value is not None and _holds(rule, reading.value) for reading in known]
    came = [
        reading for reading, (was, holds) in zip(known[1:], pairwise(held), strict=True) if holds and not was
    ]
    return came[-1] if came else None


def _crossed(rule: Rule, then: Reading, now: Reading) -> str:
    """What is said of a crossing, and of the present where the value has gone back since."""
    says = _said(rule, then.value)
    if _holds(rule, now.value):
        return says
    return f"{says} ({then.provenance.words}); by now {_text(now.value)}"


def _why(body: Mapping[str, Any], rule: Rule) -> str:
    """The reason that stands beside a value that is not known, where the finding gives one."""
    beside = _at(body, rule.value.split(".")[:-1])
    given = (beside.get(name) for name in ("why", "distance", "note")) if isinstance(beside, Mapping) else ()
    said = next((text for text in given if isinstance(text, str) and text), "no reason is given")
    return said.removeprefix("not known: ")


def around(body: Mapping[str, Any], rule: Rule) -> Iterator[Mapping[str, Any]]:
    """The groups of values that a rule's value lies in, the nearest first, without the whole."""
    path = rule.value.split(".")
    for length in range(len(path) - 1, 0, -1):
        part = _at(body, path[:length])
        if isinstance(part, Mapping):
            yield part


def find(body: Mapping[str, Any], rule: Rule) -> Any:
    """The value that a rule looks at; None where the finding has it but does not know it.

    A list is entered by position, or by the ``key`` or ``id`` of one of its members.

    Raises:
        BadFile: there is no such value.
    """
    found = _at(body, rule.value.split("."))
    if found is _MISSING:
        raise BadFile(
            f"Rule {rule.name!r}: {rule.finding} has no value {rule.value!r}. "
            f"`python -m analytics measure {rule.finding} --json` lists them."
        )
    if isinstance(found, Mapping | list):
        raise BadFile(f"Rule {rule.name!r}: {rule.value!r} is a group of values. Name one of them.")
    return found


def _at(part: Any, path: list[str]) -> Any:
    if not path:
        return part
    if isinstance(part, Mapping):
        for length in range(len(path), 0, -1):  # a key may hold a dot itself, such as a rate
            key = ".".join(path[:length])
            if key in part:
                return _at(part[key], path[length:])
        return _MISSING
    if isinstance(part, list):
        named = {
            str(one[own]): one
            for own in ("id", "key")
            for one in part
            if isinstance(one, Mapping) and own in one
        }
        member = named.get(path[0], _MISSING)
        if member is _MISSING and path[0].isdecimal() and int(path[0]) < len(part):
            member = part[int(path[0])]
        return _MISSING if member is _MISSING else _at(member, path[1:])
    # Below a value that is not known everything is not known.
    return None if part is None else _MISSING


def _holds(rule: Rule, value: Any) -> bool:
    if rule.condition in ("is", "is_not"):
        same = value == rule.bar and isinstance(value, bool) == isinstance(rule.bar, bool)
        return bool(same) == (rule.condition == "is")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadFile(
            f"Rule {rule.name!r}: {rule.value!r} is {str(value)[:40]!r}, no number. Use is or is_not for it."
        )
    return bool(value > rule.bar if rule.condition == "above" else value < rule.bar)


def _said(rule: Rule, value: Any, holds: bool = True) -> str:
    bar = _text(rule.bar)
    against = f"{rule.condition} {bar}" if holds else f"not {rule.condition} {bar}"
    if rule.condition in ("is", "is_not"):
        negated = "" if rule.condition == "is" else "not "
        against = "as the rule waits for" if holds else f"the rule waits for {negated}{bar}"
    return f"{rule.value} of {rule.finding} is {_text(value)}, {against}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6g}".replace("-", "−") if isinstance(value, int | float) else str(value)[:80]


def _outcome(rule: Rule, state: State, now: Reading, says: str, crossed: Reading | None = None) -> Outcome:
    """The outcome with its sentence: the one place that joins a rule's words and the words about its data."""
    return Outcome(
        rule=rule.name,
        state=state,
        finding=rule.finding,
        value=rule.value,
        now=now.value,
        condition=rule.condition,
        bar=rule.bar,
        data_date=now.provenance.date,
        data=now.provenance.series,
        crossed=None if crossed is None else crossed.provenance.date,
        sentence=f"{rule.name}: {says}; {now.provenance.words}.",
    )
