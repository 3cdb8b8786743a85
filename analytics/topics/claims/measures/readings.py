"""What each finding says of its claim: the number, its interval and n, and the arithmetic beside it.

One function a shape of finding; nothing is computed that the finding does not hold, but for the second
conditions that ``thresholds.toml`` writes out.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from analytics.published.thresholds import Threshold
from analytics.stats.verdict import Inference
from analytics.topics.claims.measures.verdicts import Measured
from analytics.topics.drivers.measures.attribution import Attribution
from analytics.topics.pair.measures.divergence import Divergence
from analytics.topics.pair.measures.league import Standing
from analytics.topics.pair.measures.outperformance import Outperformance
from analytics.topics.pair.measures.record import Record
from analytics.topics.rate_path.measures.rate_path import RatePath
from analytics.topics.rate_path.measures.rate_priced import Priced
from analytics.topics.regime.measures.catch_up import CatchUp
from analytics.topics.regime.measures.defensive import Defensive
from analytics.topics.regime.measures.gap import Gap
from analytics.topics.regime.measures.ranges import RangeAfter
from analytics.topics.regime.measures.stage import PanicShare
from analytics.topics.silver_market.measures.silver_balance import SilverBalance
from analytics.topics.triggers.measures.triggers import Triggers


class Tested(Protocol):
    """Any finding with a test."""

    @property
    def inference(self) -> Inference: ...

    @property
    def sentence(self) -> str: ...


def tested(found: Tested) -> Measured:
    """A test decides."""
    return Measured(sentence=found.sentence, inference=found.inference)


def record(found: Record, day: dt.date) -> Measured:
    """Claim 1: only the day's own close can be the record that is spoken of."""
    if found.close_on != day:
        return Measured(
            sentence=found.sentence,
            waits=f"No close of {said(day)} is held; the last is of {said(found.close_on)}.",
        )
    return Measured(sentence=found.sentence, value=found.above, n=found.n)


def outperformance(found: Outperformance, standing: Standing) -> Measured:
    """Claim 3: the test, and the rank over the same window."""
    chosen = "The window was picked because silver had risen, which no test can undo."
    return Measured(
        sentence=found.sentence,
        inference=found.inference,
        holds=standing.upper_half,
        beside=f"{standing.sentence} {chosen}",
    )


def defensive(found: Defensive) -> Measured:
    """Claim 4."""
    return Measured(sentence=found.sentence, value=found.share, n=len(found.group))


def lagged(found: Divergence, days: int) -> Measured:
    """Claim 5: the ratio's log change is the follow's return less the lead's."""
    legs = f"{found.follow.name} {found.follow.log_points:+.1f}, {found.lead.name} {found.lead.log_points:+.1f} pp (log)"
    window = f"Over the {days} trading days to {said(found.legs_end)}"
    return Measured(
        sentence=f"{window} {found.follow.name} made {found.ratio_log_points:+.1f} pp against {found.lead.name}: {legs}.",
        value=found.ratio_log_points,
        n=days,
    )


def priced(found: Priced, path: RatePath, day: dt.date, value: float | None, words: str) -> Measured:
    """Claims 10 and 11: moves priced at the close of the day itself."""
    if path.as_of != day:
        return Measured(sentence="", waits=f"No fed funds contract has a price of {said(day)}.")
    if value is None:
        return Measured(sentence="", waits=found.why)
    return Measured(sentence=f"At the close of {said(day)} {words}.", value=value)


def attribution(found: Attribution) -> Measured:
    """Claim 15."""
    return Measured(sentence=found.sentence, value=found.share, interval=found.interval, n=found.n)


def published(found: SilverBalance, claim: Threshold) -> Measured:
    """Claims 16 to 19, 21 and 22: figures as printed by the day."""
    reading = found.reading(claim.id)
    if reading.value is None:
        return Measured(sentence="", waits=reading.sentence)
    beside = "From a secondary transcription of the Survey." if reading.secondary else ""
    return Measured(sentence=reading.sentence, value=reading.value, beside=beside)


def panic(found: PanicShare) -> Measured:
    """Claim 27."""
    return Measured(sentence=found.sentence, value=found.share, n=found.days)


def stayed(found: RangeAfter, ends: dt.date) -> Measured:
    """Claim 30; no verdict before the days after are over, which is on ``ends``."""
    if not found.over:
        waits = f"Its {found.window} trading days end on {said(ends)}; there is no verdict before."
        return Measured(sentence=found.sentence, waits=waits, missing="not yet")
    return Measured(sentence=found.sentence, value=found.above_high, n=found.days_after)


def caught_up(found: CatchUp, ends: dt.date) -> Measured:
    """Claim 32; no verdict before a window has opened and is over, or a year is, which is on ``ends``."""
    if found.state in ("waiting", "running"):
        until = (
            "The window is not over before"
            if found.state == "running"
            else "No window has opened; it may until"
        )
        return Measured(sentence=found.sentence, waits=f"{until} {said(ends)}.", missing="not yet")
    if found.state == "never came":
        return Measured(sentence=found.sentence, holds=False)
    return Measured(sentence=found.sentence, value=found.value, n=found.days)


def triggered(found: Triggers) -> Measured:
    """Claim 33; where one state is not known, the others may still settle it."""
    if found.all_on is None:
        unknown = ", ".join(trigger.title for trigger in found.triggers if trigger.on is None)
        return Measured(sentence=found.sentence, waits=f"Not known: {unknown}, which could decide it.")
    beside = "One that is off settles it, whatever the unknown ones are." if found.unknown else ""
    return Measured(sentence=found.sentence, value=float(found.on), n=3, holds=found.all_on, beside=beside)


def not_priced(found: Gap) -> Measured:
    """Claim 34: the test, and a gap that is positive now."""
    state = "positive" if found.positive else "not positive"
    beside = (
        f"The claim needs a positive gap; on the day it is {state} ({found.now:+.1f} standard deviations)."
    )
    return Measured(sentence=found.sentence, inference=found.inference, holds=found.positive, beside=beside)


def said(day: dt.date) -> str:
    """``23 Jan 2026``."""
    return f"{day.day} {day:%b %Y}"
