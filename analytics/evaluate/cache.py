"""Where an evaluator looks before it measures: one key, one method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from analytics.errors import InputError, MeasureError
from analytics.view import View

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key:
    """What an answer hangs on, as text.

    Attributes:
        kind: ``panel``, ``finding`` or ``block``.
        name: Of the recipe or of the block's function; the series of a panel.
        parts: Everything else that the answer differs with.
    """

    kind: Literal["panel", "finding", "block"]
    name: str
    parts: tuple[str, ...]


class Cache(Protocol):
    """Answers by key."""

    def get(self, key: Key, make: Callable[[], T], /) -> T:
        """The answer under ``key``; made where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Direct:
    """No cache: everything is made."""

    def get(self, key: Key, make: Callable[[], T], /) -> T:
        return make()


@dataclass(frozen=True, slots=True)
class Memory:
    """Answers of one run, without a bound: what a command uses.

    Attributes:
        below: Where to look for what this run has not asked for yet.
    """

    below: Cache = field(default_factory=Direct)
    _answers: dict[Key, Any] = field(default_factory=dict, repr=False)

    def get(self, key: Key, make: Callable[[], T], /) -> T:
        if key not in self._answers:
            self._answers[key] = self.below.get(key, make)
        found: T = self._answers[key]
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a reader asked for.

    Attributes:
        view: The reader's choices.
        mode: Of the reader's theme.
        kind: ``panel``, ``finding`` or ``block``.
        names: The series' keys; the finding's name; the block's module and function, and its choices.
    """

    view: View
    mode: str
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be made of these data: cached like an answer, since the same data refuse again."""

    error: MeasureError | InputError


def attempt(make: Callable[[], T]) -> T | Refusal:
    """What ``make`` gives, or its refusal. A ledger that fails may do better the next time: that is no answer."""
    try:
        return make()
    except (MeasureError, InputError) as error:
        return Refusal(error.again())


def answered(found: T | Refusal) -> T:
    """The answer.

    Raises:
        MeasureError, InputError: the refusal, each time as an error of its own.
    """
    if isinstance(found, Refusal):
        raise found.error.again()
    return found
