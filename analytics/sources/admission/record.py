"""What admission knows of a series when an answer comes, and what it decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.ledger.standing import DisputedAnswer, Standing
from analytics.sources import Oddity
from analytics.sources.admission.levels import NOTHING, Levels

APART = dt.timedelta(hours=20)
"""Two answers count as two only when so much time lies between them."""


def _no_other(key: str) -> Levels:
    return NOTHING


@dataclass(frozen=True, slots=True)
class Record:
    """What is known before an answer.

    Attributes:
        rows: Columns ``period`` (datetime64[s]), ``field``, ``value`` and ``recorded_at`` [microseconds]: the newest value of
            each period that counts; may be empty.
        standing: The newest word on the series; None where there is none yet.
        disputes: Answers that contradict what is held, oldest first.
        absences: When good answers lacked which held dates, by day since 1970.
        good: When its good answers came, and whether each was of the whole history; newest first.
        look: What is held of another series, in the newest shares.
        others: Keys of series that an answer may have been mistaken for.
    """

    rows: pd.DataFrame
    standing: Standing | None = None
    disputes: tuple[DisputedAnswer, ...] = ()
    absences: Mapping[int, list[dt.datetime]] = field(default_factory=dict)
    good: tuple[tuple[dt.datetime, bool], ...] = ()
    look: Callable[[str], Levels] = _no_other
    others: tuple[str, ...] = ()

    @classmethod
    def nothing(cls, look: Callable[[str], Levels] = _no_other) -> Record:
        """Before the first answer."""
        columns = {
            "period": np.array([], "datetime64[s]"),
            "field": [],
            "value": np.array([], float),
            "recorded_at": np.array([], np.int64),
        }
        return cls(pd.DataFrame(columns), look=look)

    @property
    def state(self) -> str:
        return "" if self.standing is None else self.standing.state

    def days_apart(self) -> int:
        """On how many occasions, at least 20 hours apart, an answer agreed with what is held; at least 1 with rows."""
        return occasions([instant for instant, _ in self.good])


@dataclass(frozen=True, slots=True)
class Admitted:
    """What of an answer is stored, and what is said of the rest; ``Answer.oddities`` are not repeated here.

    Attributes:
        rows: Columns ``period``, ``field``, ``value`` (finite), ``known_at`` (datetime64[us, UTC], no NaT, not after
            now) and ``estimated`` (bool: ``known_at`` follows from the catalogue's release rule). In the source's
            order; one row for each (field, period, known_at). Empty where the answer is disputed.
        refused: Rows turned away, for the journal.
        notes: What is worth telling of rows that cost nothing, such as repeats.
        disputed: The whole answer, where nothing of it is stored.
        waiting: Rows that are kept until others bear them out.
        retired: Held periods that no longer count, days since 1970; ``why`` says why.
        word: State and reason of the series from now on; None leaves them.
        missing, back: Held dates that the answer lacks, and that it has again.
        settled: Earlier disputes are over.
        awaited: A witness that has not answered yet could decide more.
    """

    rows: pd.DataFrame
    refused: tuple[Oddity, ...] = ()
    notes: tuple[Oddity, ...] = ()
    disputed: DisputedAnswer | None = None
    waiting: DisputedAnswer | None = None
    retired: np.ndarray = field(default_factory=lambda: np.array([], np.int64))
    why: str = ""
    word: tuple[str, str] | None = None
    missing: np.ndarray = field(default_factory=lambda: np.array([], np.int64))
    back: np.ndarray = field(default_factory=lambda: np.array([], np.int64))
    settled: bool = False
    awaited: bool = False


def occasions(instants: list[dt.datetime]) -> int:
    """How many of some instants can be chosen that lie at least 20 hours apart."""
    count, last = 0, None
    for instant in sorted(instants):
        if last is None or instant - last >= APART:
            count, last = count + 1, instant
    return count
