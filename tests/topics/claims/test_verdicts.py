"""From a number to a verdict: every rule of ``topics.claims.measures.verdicts``, on claims as they stand in the file."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest

from analytics.published import thresholds
from analytics.stats.verdict import VERDICTS, Inference
from analytics.topics.claims.measures import verdicts
from analytics.topics.claims.measures.verdicts import Measured

DAY = dt.date(2026, 1, 23)


def inference(**changes) -> Inference:
    plain = Inference(
        estimate=0.4,
        interval=(-0.1, 0.9),
        unit="pp",
        statistic=1.0,
        p=0.2,
        p_opposite=0.8,
        n=400,
        effective_n=40.0,
        mde=3.0,
        delta=2.0,
        far=2.1,
        direction="greater",
        verdict="undecided",
    )
    return replace(plain, **changes)


def decide(claim: int, **found):
    return verdicts.decided(thresholds.get(claim), Measured(sentence="So it is.", **found), DAY)


@pytest.mark.parametrize(
    ("claim", "at", "beyond"),
    [(1, 0.0, 0.01), (5, -10.0, -10.1), (10, -24.9, -25.0), (11, 1.99, 2.0), (16, 2.0, 3.0), (30, 0.1, 0.0)],
)
def test_a_description_is_held_against_its_threshold(claim, at, beyond):
    assert decide(claim, value=at).verdict == "not supported"
    passed = decide(claim, value=beyond, n=7, interval=(-1.0, 1.0))
    assert (passed.verdict, passed.value, passed.n, passed.interval) == ("supported", beyond, 7, (-1.0, 1.0))
    assert passed.threshold == thresholds.get(claim).delta


def test_a_number_that_is_none_is_no_verdict_and_says_why():
    for value in (None, math.nan):
        found = decide(5, value=value)
        assert (found.verdict, found.value, found.reason) == ("not measurable", None, "So it is.")
        assert found.missing == "no history"
    assert decide(5, value=-20.0).missing is None


def test_what_has_to_wait_has_no_number():
    found = decide(30, value=-3.0, waits="Its days end on 21 Apr 2026.")
    assert (found.verdict, found.value, found.reason) == (
        "not measurable",
        None,
        "Its days end on 21 Apr 2026.",
    )


def test_what_logic_settles_needs_no_number():
    assert decide(32, holds=False).verdict == "not supported"
    assert decide(33, value=2.0, holds=False).verdict == "not supported"
    assert decide(33, value=3.0, holds=True).verdict == "supported"


@pytest.mark.parametrize("verdict", [word for word in VERDICTS if word != "not measurable"])
def test_a_test_brings_its_own_verdict(verdict):
    found = decide(28, inference=inference(verdict=verdict))
    assert (found.verdict, found.value, found.p, found.mde, found.n) == (verdict, 0.4, 0.2, 3.0, 400)
    assert ("both possible" in found.reason) == (verdict == "undecided")


@pytest.mark.parametrize("claim", [3, 34])
def test_a_second_condition_only_takes_support_away(claim):
    supported = inference(verdict="supported", p=0.01)
    assert decide(claim, inference=supported, holds=True).verdict == "supported"
    assert decide(claim, inference=supported, holds=False).verdict == "not supported"
    assert decide(claim, inference=inference(), holds=True).verdict == "undecided"
    assert decide(claim, inference=inference(verdict="contradicted"), holds=True).verdict == "contradicted"


def test_a_ledger_counts_every_verdict_and_says_which_tests_remain():
    made = [verdicts.unmeasured(claim, "No.", DAY, "no history") for claim in thresholds.load()]
    made[27] = decide(28, inference=inference(p=0.01, p_opposite=0.99, verdict="supported"))
    made[30] = decide(31, inference=inference(p=0.9))
    made[0] = decide(1, value=5.0)
    found = verdicts.ledger(made, DAY)
    assert found.tally() == {
        "supported": 2,
        "too small to matter": 0,
        "not supported": 0,
        "contradicted": 0,
        "undecided": 1,
        "not measurable": 31,
    }
    assert found.tally("thesis")["supported"] == found.tally("fact")["supported"] == 1
    assert [sum(found.tally(weight).values()) for weight in ("thesis", "background", "fact")] == [6, 24, 4]
    assert (found.tests, found.survivors) == (2, (28,))
    assert (
        found.sentence
        == "Of 34 claims as of 23 Jan 2026: 2 supported, 1 undecided, 31 not measurable (31 no history)."
    )
    assert found.claim(31).verdict == "undecided"
    assert found.claim(28).p == 0.01
    assert (
        verdicts.ledger(
            [*made[:27], decide(28, inference=inference(p=0.04, verdict="supported")), *made[28:]], DAY
        ).survivors
        == ()
    )


def test_what_found_nothing_is_no_discovery_however_small_its_p():
    made = [verdicts.unmeasured(claim, "No.", DAY, "no history") for claim in thresholds.load()]
    made[2] = decide(3, inference=inference(p=0.001, verdict="supported"), holds=False)
    assert verdicts.ledger(made, DAY).survivors == ()
