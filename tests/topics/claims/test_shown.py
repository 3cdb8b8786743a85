"""Every verdict that a page, the brief or the bundle shows is the one in the ledger of claims."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from analytics.clock.instants import end_of_day
from analytics.errors import AnalyticsError
from analytics.evaluate import Evaluator, evaluator
from analytics.ledger import Ledger
from analytics.render.exhibits import Judged
from analytics.report.sections import SECTIONS
from analytics.sources.demo.simulation import LAST_INSTANT
from analytics.topics.claims.recipes import CLAIMS, view_of
from analytics.topics.silver_market.recipes import CLAIMS as SUPPLY
from analytics.view import DEFAULT
from tests.few_draws import few_draws

RNG = np.random.default_rng(20260601)
LAST = LAST_INSTANT.date()
DAYS = [dt.date(2025, 6, 2), *(LAST - dt.timedelta(days=int(back)) for back in RNG.integers(0, 2_000, 19))]


def shown(asked: Evaluator) -> dict[int, set[str]]:
    """The words of every block that decides a claim, by claim."""
    words: dict[int, set[str]] = {}
    for section in SECTIONS:
        try:
            blocks = section.blocks(asked)
        except AnalyticsError:
            continue
        for block in blocks:
            if isinstance(block, Judged) and block.claim is not None:
                words.setdefault(block.claim, set()).add(block.word)
            if section.key == "silver_claims":
                words |= {claim: {row} for claim, row in block.rows["verdict"].items()}
    return words


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_verdict_shown_is_that_of_the_ledger_of_claims(day: dt.date, demo: Ledger) -> None:
    with few_draws():
        asked = evaluator(demo, replace(DEFAULT, as_of=end_of_day(day)), LAST_INSTANT)
        ledger = asked.finding(CLAIMS)
        own = shown(asked)
        windows = [shown(asked.seen(view_of(claim, asked.view))) for claim in (1, 3)]
    assert set(SUPPLY) <= own.keys()
    for words in (own, *windows):
        assert words == {claim: {ledger.claim(claim).verdict} for claim in words}


def test_a_claim_whose_day_has_not_come_is_answered_nowhere(demo: Ledger) -> None:
    asked = evaluator(demo, replace(DEFAULT, as_of=end_of_day(dt.date(2025, 6, 2))), LAST_INSTANT)
    assert asked.verdict(4).verdict == "not measurable"
    assert "has not come" in asked.verdict(4).reason
    assert asked.own_verdict(4) == asked.verdict(4)
