"""The claims ledger on simulated and on recorded data: every claim, its page's own finding, nothing later than its day."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from types import MappingProxyType

import pytest

from analytics import evaluate
from analytics.clock.instants import end_of_day, to_micros
from analytics.errors import BadChoice, NotEnoughData
from analytics.evaluate import Evaluator, evaluator
from analytics.ledger import Ledger
from analytics.panel import Panel
from analytics.published import thresholds
from analytics.recipe import Question
from analytics.render import plain
from analytics.sources.demo.simulation import LAST_INSTANT
from analytics.sources.demo.truths import BY_NAME
from analytics.stats.verdict import VERDICTS, Inference
from analytics.topics.claims import recipes as claims
from analytics.view import ARTICLE, DEFAULT
from tests.few_draws import few_draws
from tests.render.conftest import papers

PLANTED = {
    "silver does not lead bitcoin": (28, ("undecided", "not supported"), None),
    "nothing follows silver's highs in bitcoin": (31, ("undecided", "not supported"), None),
    "bitcoin's extra beta in stress": (24, ("supported",), 1.4),
    "silver on the real yield": (13, ("supported",), -1.0),
    "silver on the dollar": (14, ("supported",), -0.6),
}
"""Truth -> the claim that it speaks of, the verdicts that fit it, and its size in the claim's unit."""
OF_NO_CLAIM = {
    "managed money follows silver",
    "silver does not follow managed money",
    "gold leads ether",
    "nasdaq rises after gold's highs",
    "bitcoin's calm beta",
    "gold on the real yield",
    "gold on the dollar",
    "solar and clean energy are cointegrated",
    "silver and bitcoin are not cointegrated",
    "the market comes to know the Fed",
}
"""Truths about other pairs, and about measures behind no claim."""


def asked(ledger: Ledger, day: dt.date | None, now: dt.datetime) -> Evaluator:
    """An asker as of the end of a day; live without one."""
    view = DEFAULT if day is None else replace(DEFAULT, as_of=end_of_day(day))
    return evaluator(ledger, view, now)


@pytest.fixture(scope="module")
def live(demo):
    return asked(demo, None, LAST_INSTANT)


@pytest.fixture(scope="module")
def found(live):
    return live.finding(claims.CLAIMS)


def test_all_34_have_one_verdict_and_what_it_rests_on(found):
    assert [claim.id for claim in found.claims] == list(range(1, 35))
    for claim, fixed in zip(found.claims, thresholds.load(), strict=True):
        assert claim.verdict in VERDICTS
        assert (claim.threshold, claim.unit, claim.pages) == (fixed.delta, fixed.unit, fixed.pages)
        assert (claim.p is not None) == (fixed.kind == "inferential" and claim.value is not None), claim.id
        assert claim.verdict != "not measurable" or (claim.value is None and len(claim.reason) > 20), claim.id
        assert (claim.missing is None) == (claim.verdict != "not measurable"), claim.id
    assert {claim.id for claim in found.claims if claim.missing == "never with free data"} == {6, 7, 20}
    unanswered = {claim.id for claim in found.claims if not claim.finding}
    assert unanswered == {6, 7, 20}
    assert all("It would take: " in found.claim(id).reason for id in unanswered)


def test_every_claim_is_answered_by_a_finding_that_there_is():
    assert set(claims.ANSWERS) == {claim.id for claim in thresholds.load() if claim.kind != "not_measurable"}
    assert {answer.recipe.name for answer in claims.ANSWERS.values()} <= evaluate.RECIPES.keys()


@pytest.mark.parametrize("truth", PLANTED)
def test_the_demos_verdicts_match_what_was_planted(truth, found):
    id, fitting, size = PLANTED[truth]
    claim = found.claim(id)
    assert claim.verdict in fitting
    assert truth in BY_NAME
    if size is not None:
        assert claim.interval[0] <= size <= claim.interval[1]


def test_a_planted_absence_supports_the_claim_that_denies_an_effect(found):
    assert BY_NAME["nothing follows silver's highs in bitcoin"].size == 0
    denial = found.claim(29)
    assert denial.value < denial.threshold
    assert denial.verdict == ("supported" if denial.p <= 0.025 else "undecided")


def test_every_planted_truth_is_spoken_of_or_set_aside():
    assert PLANTED.keys() | OF_NO_CLAIM == BY_NAME.keys()


def findings(asked: Evaluator) -> int:
    return sum(key.kind == "finding" for key in asked.cache._answers)


def test_a_verdicts_numbers_are_those_of_its_pages_own_finding(live, found):
    for claim in found.claims:
        if claim.value is None:
            continue
        page = live.seen(claims.view_of(claim.id, live.view))
        before = findings(live)
        held = page.finding(evaluate.recipe(claim.finding))
        assert findings(live) == before  # the very object that the verdict was read from
        test = getattr(held, "inference", None)
        if isinstance(test, Inference):
            interval = None if math.isnan(test.interval[0]) else test.interval
            shown = (test.estimate, interval, test.n, test.p, test.mde)
            assert (claim.value, claim.interval, claim.n, claim.p, claim.mde) == shown, claim.id


@pytest.mark.parametrize(
    ("claim", "shown"), [(2, "acceleration"), (3, "outperformance_metal"), (1, "record")]
)
def test_the_link_of_a_dated_claim_shows_its_numbers(claim, shown, live, found):
    page = live.seen(claims.view_of(claim, live.view)).finding(evaluate.recipe(shown))
    value = page.above if claim == 1 else page.inference.estimate
    assert value == found.claim(claim).value


def test_whatever_the_page_is_set_to_the_claims_are_the_same(live, found):
    other = replace(DEFAULT, lead="copper", follow="ether", span="3m", legs="year", move="month")
    assert claims.plain_view(other) == DEFAULT
    assert claims.view_of(28, other) == DEFAULT


def test_before_the_day_of_the_article_dated_claims_have_not_come(demo):
    early = asked(demo, ARTICLE - dt.timedelta(days=1), LAST_INSTANT)
    keys = claims.CLAIMS.keys(early.view, early.day)
    question = Question(early.view, early.panel(keys), early.window, early.finding)
    for claim in thresholds.load():
        if claim.dated and claim.kind != "not_measurable":
            verdict = claims.verdict(claim, question)
            assert (verdict.verdict, verdict.value) == ("not measurable", None)
            assert verdict.reason == "It speaks of the day of the article, which has not come."
            assert verdict.missing == "not yet"


def test_an_input_revised_since_gives_no_verdict_and_is_not_even_measured():
    held = MappingProxyType(
        {key: papers(key, later_vintage=True) for key in ("silver", "policy_uncertainty", "term_premium_10y")}
    )
    panel = Panel(end_of_day(ARTICLE), MappingProxyType({}), held, "", False)

    def never(name, view=None, /):
        raise AssertionError(name)

    found = claims.verdict(thresholds.get(8), Question(DEFAULT, panel, (ARTICLE, ARTICLE), never))
    assert found.verdict == "not measurable"
    assert found.reason.startswith("Revised since, and the vintage of the day is not held: ")
    assert "term_premium_10y" in found.later_vintage
    assert found.missing == "no vintage"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (NotEnoughData("The common history", 3, 60), "The common history has 3 observations and needs 60."),
        (
            BadChoice("The target range", "(6.4, 6.3)", "a lower limit first"),
            "The target range cannot be '(6.4, 6.3)'",
        ),
    ],
)
def test_data_that_cannot_answer_cost_their_own_claim_only(error, cause):
    panel = Panel(end_of_day(ARTICLE), MappingProxyType({}), MappingProxyType({}), "", False)

    def fails(name, view=None, /):
        raise error

    found = claims.verdict(thresholds.get(12), Question(DEFAULT, panel, (ARTICLE, ARTICLE), fails))
    assert (found.verdict, found.value, found.missing) == ("not measurable", None, "no history")
    assert found.reason.startswith(cause)
    assert "Choose" not in found.reason


def test_windows_count_sessions():
    assert claims.session_from(ARTICLE, -126) == dt.date(2025, 7, 24)
    assert claims.session_from(ARTICLE, 60) == dt.date(2026, 4, 21)
    assert claims.session_from(dt.date(2026, 1, 25), 0) == ARTICLE


def as_json(finding) -> str:
    return json.dumps(plain.plain(finding), sort_keys=True)


def test_a_ledger_cut_at_a_day_says_the_same_as_the_whole_one(demo, simulated, tmp_path):
    """One day and few draws here, the same on both sides; ``make purity`` takes fifty days and all draws."""
    day = dt.date(2026, 3, 3)
    shutil.copytree(simulated, tmp_path / "cut")
    (file,) = (tmp_path / "cut").glob("demo-*.sqlite")
    with closing(sqlite3.connect(file)) as connection, connection:
        gone = connection.execute("DELETE FROM observation WHERE known_at > ?", (to_micros(end_of_day(day)),))
        assert gone.rowcount > 1_000
    with few_draws(), closing(Ledger.at(file, kind="demo")) as short:
        cut = asked(short, day, LAST_INSTANT).finding(claims.CLAIMS)
        whole = asked(demo, day, LAST_INSTANT).finding(claims.CLAIMS)
    assert as_json(cut) == as_json(whole)


# ---------------------------------------------------------------------------------------- the recorded market


@pytest.mark.market
def test_the_record_as_known_on_the_day_and_later(record, today):
    now = end_of_day(today)
    then, later = (asked(record, day, now).finding(claims.CLAIMS) for day in (ARTICLE, today))
    assert (then.claim(1).verdict, then.claim(5).verdict, then.claim(16).verdict) == ("supported",) * 3
    assert "Silver closed at 100.93 on 23 Jan 2026" in then.claim(1).sentence
    assert then.claim(16).value == 4
    assert "Survey 2025" in then.claim(16).sentence
    assert "Survey 2026" in later.claim(16).sentence
    assert then.claim(8).later_vintage == ("policy_uncertainty", "term_premium_10y")
    assert {then.claim(30).reason, then.claim(32).reason} == {
        "Its 60 trading days end on 21 Apr 2026; there is no verdict before.",
        "No day after the article is known yet.",
    }
    assert (later.claim(30).verdict, later.claim(32).verdict) == ("supported", "not supported")
    for ledger in (then, later):
        assert len(ledger.claims) == 34
        for claim in ledger.claims:
            if claim.verdict == "undecided":
                assert claim.p > (0.025 if claim.id == 29 else 0.05)
        assert ledger.claim(28).verdict == "undecided"
