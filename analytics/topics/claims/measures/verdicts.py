"""From a measured claim to its verdict: the number against the threshold that was fixed beforehand.

No statistic is made here. A description is compared with its threshold; a test brings its own verdict
(``measures.verdict.decide``), and a second condition of plain arithmetic can only take support away.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from analytics.published.thresholds import Threshold, Weight
from analytics.stats.discoveries import discoveries
from analytics.stats.verdict import VERDICTS, Inference, Verdict, left_open, limited

Missing = Literal["never with free data", "not yet", "no history", "no vintage"]
"""Why there is no verdict: nobody publishes it free, its day has not come, what it takes is not held, or what was known then
has been revised since."""
FALSE_DISCOVERY_RATE = 0.10
"""Of the claims that pass, at most this share is expected to have passed by chance."""
WORDS_OF_A_TEST = ("supported", "too small to matter", "contradicted")
"""What a test says when it finds something; the others find nothing that many tests could have made up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a finding says of one claim.

    Attributes:
        sentence: The finding's own sentence.
        value: The number that is held against the threshold [unit of the claim]; None where there is none.
        inference: The test; None for a description.
        interval: 95% interval of a description's number, where its finding gives one [unit].
        n: Observations of a description, where they can be counted.
        holds: The second condition, or what logic settles without a number; None where there is nothing of the kind.
        beside: One more sentence: the second condition, or what stands beside the number.
        waits: Why there is no verdict, and when there is one; empty otherwise.
        missing: Which kind of reason that is.
    """

    sentence: str
    value: float | None = None
    inference: Inference | None = None
    interval: tuple[float, float] | None = None
    n: int | None = None
    holds: bool | None = None
    beside: str = ""
    waits: str = ""
    missing: Missing = "no history"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict:
    """One claim as of one day.

    Attributes:
        id, weight, topic, wording, kind, unit, direction, threshold, null_value, dated, pages: As fixed beforehand
            (``threshold`` is its ``delta``).
        verdict: The answer.
        value: What is held against the threshold [unit]; None where nothing was measured.
        interval: 95% [unit]; None where there is none.
        n, effective_n: Observations, and how many independent ones they are worth.
        p, p_opposite, mde: Of a test; None for a description.
        sentence: What the finding says; empty where nothing was measured.
        beside: A second condition, or what stands beside the number.
        reason: Why there is no verdict, or why the data cannot tell; empty otherwise.
        missing: Why there is no verdict, as one of four kinds; None where there is one.
        finding: The finding it rests on; empty where there is none.
        as_of: The day.
        series: Keys of the series behind it.
        later_vintage: Those of them that have been revised since the day and whose figures of the day are not held.
    """

    id: int
    weight: Weight
    topic: str
    wording: str
    kind: str
    verdict: Verdict
    value: float | None
    unit: str | None
    interval: tuple[float, float] | None
    n: int | None
    effective_n: float | None
    p: float | None
    p_opposite: float | None
    mde: float | None
    threshold: float | None
    direction: str | None
    null_value: float
    dated: bool
    sentence: str
    beside: str
    reason: str
    missing: Missing | None
    pages: tuple[str, ...]
    finding: str
    as_of: dt.date
    series: tuple[str, ...]
    later_vintage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimLedger:
    """All claims as of one day.

    Attributes:
        day: The day.
        claims: In the order of their numbers.
        tests: How many claims were decided by a test.
        survivors: Those decided one way or the other whose two-sided p passes Benjamini and Yekutieli's step-up rule over
            all tests at 10%.
        sentence: What a reader sees.
    """

    day: dt.date
    claims: tuple[ClaimVerdict, ...]
    tests: int
    survivors: tuple[int, ...]
    sentence: str

    def claim(self, id: int) -> ClaimVerdict:
        """The verdict on claim ``id``."""
        return next(claim for claim in self.claims if claim.id == id)

    def tally(self, weight: Weight | None = None) -> dict[Verdict, int]:
        """Claims by verdict, every verdict named: all, or those of one weight."""
        counts = Counter(claim.verdict for claim in self.claims if weight in (None, claim.weight))
        return {verdict: counts[verdict] for verdict in VERDICTS}

    def to_dict(self) -> dict[str, Any]:
        """The ledger as ``measure claims --json`` prints it."""
        return {
            "sentence": self.sentence,
            "tally": self.tally(),
            "tally_by_weight": {weight: self.tally(weight) for weight in get_args(Weight)},
            "false_discovery_rate": FALSE_DISCOVERY_RATE,
            "survivors": list(self.survivors),
            "claims": list(self.claims),
        }


def decided(claim: Threshold, found: Measured, day: dt.date) -> ClaimVerdict:
    """The verdict on a claim that was measured."""
    blank = unmeasured(claim, found.waits, day, found.missing)
    said = replace(blank, sentence=found.sentence, beside=found.beside)
    if found.waits:
        return said
    said = replace(said, missing=None)
    if found.inference is not None:
        return _by_test(said, found.inference, found.holds)
    value = None if found.value is None or math.isnan(found.value) else found.value
    if found.holds is None and value is None:
        return replace(said, reason=found.sentence, sentence="", missing=found.missing)
    passed = found.holds if found.holds is not None or value is None else claim.passed(value)
    return replace(
        said,
        verdict="supported" if passed else "not supported",
        value=value,
        interval=_whole(found.interval),
        n=found.n,
    )


def _by_test(blank: ClaimVerdict, found: Inference, holds: bool | None) -> ClaimVerdict:
    verdict = limited(found, holds).verdict
    return replace(
        blank,
        verdict=verdict,
        value=found.estimate,
        interval=_whole(found.interval),
        n=found.n,
        effective_n=_number(found.effective_n),
        p=found.p,
        p_opposite=_number(found.p_opposite),
        mde=_number(found.mde),
        reason=_sentence_of(left_open(found)) if verdict == "undecided" else "",
    )


def unmeasured(claim: Threshold, reason: str, day: dt.date, missing: Missing) -> ClaimVerdict:
    """A claim without a verdict, with the reason."""
    return ClaimVerdict(
        id=claim.id,
        weight=claim.weight,
        topic=claim.topic,
        wording=claim.wording,
        kind=claim.kind,
        verdict="not measurable",
        value=None,
        unit=claim.unit,
        interval=None,
        n=None,
        effective_n=None,
        p=None,
        p_opposite=None,
        mde=None,
        threshold=claim.delta,
        direction=claim.direction,
        null_value=claim.null_value,
        dated=claim.dated,
        sentence="",
        beside="",
        reason=reason,
        missing=missing,
        pages=claim.pages,
        finding="",
        as_of=day,
        series=(),
        later_vintage=(),
    )


def ledger(claims: Sequence[ClaimVerdict], day: dt.date) -> ClaimLedger:
    """All verdicts of a day with their tally, and which tests survive being many."""
    tested = {claim.id: _two_sided(claim.p, claim.p_opposite) for claim in claims if claim.p is not None}
    found = discoveries(tested, FALSE_DISCOVERY_RATE)
    survivors = tuple(claim.id for claim in claims if claim.id in found and claim.verdict in WORDS_OF_A_TEST)
    made = ClaimLedger(day, tuple(claims), len(tested), survivors, "")
    return replace(made, sentence=_sentence(made))


def _two_sided(p: float, p_opposite: float | None) -> float:
    """What the better of two looks is worth; ``p`` itself where the claim has no side."""
    return p if p_opposite is None else min(1.0, 2 * min(p, p_opposite))


def _sentence(found: ClaimLedger) -> str:
    counts = {verdict: count for verdict, count in found.tally().items() if count}
    parts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    kinds = Counter(claim.missing for claim in found.claims if claim.missing)
    if kinds:
        parts += f" ({', '.join(f'{kinds[kind]} {kind}' for kind in get_args(Missing) if kinds[kind])})"
    return f"Of {len(found.claims)} claims as of {found.day.day} {found.day:%b %Y}: {parts}."


def _sentence_of(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}."


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _whole(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    if interval is None or any(math.isnan(end) for end in interval):
        return None
    return float(interval[0]), float(interval[1])
