"""The claims' figures: every claim counted, each number on the right side of the right threshold."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from analytics.published import thresholds
from analytics.render.theme import DARK, LIGHT
from analytics.stats.verdict import VERDICTS
from analytics.topics.claims import charts
from analytics.topics.claims.measures import verdicts
from analytics.topics.claims.measures.verdicts import ClaimLedger, Measured
from tests.render.conftest import papers
from tests.topics.claims.test_verdicts import inference

THEN, NOW = dt.date(2026, 1, 23), dt.date(2026, 6, 5)
PAPERS = (papers("silver"), papers("bitcoin"))


def ledger(day: dt.date, **measured: Measured) -> ClaimLedger:
    """A ledger in which some claims (``claim_5=...``) are measured."""
    made = [
        verdicts.decided(claim, measured[f"claim_{claim.id}"], day)
        if f"claim_{claim.id}" in measured
        else verdicts.unmeasured(claim, "Not at hand.", day, "no history")
        for claim in thresholds.load()
    ]
    return verdicts.ledger(made, day)


LAGGED = Measured(sentence="It lagged.", value=-123.0, n=126)
FOLLOWS = Measured(sentence="It follows.", inference=inference(verdict="supported", p=0.01))
BEFORE, AFTER = ledger(THEN, claim_5=LAGGED), ledger(NOW, claim_5=LAGGED, claim_28=FOLLOWS)


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_each_bar_of_the_tally_holds_every_claim(ink):
    chart = charts.tally(AFTER, BEFORE, PAPERS, ink, "So many.")
    names = [trace["name"] for trace in chart.figure["data"]]
    counts = {
        row: [trace["x"][i] for trace in chart.figure["data"]]
        for i, row in enumerate(chart.figure["data"][0]["y"])
    }
    assert names == list(VERDICTS)
    assert counts == {
        "facts, 23 Jan 2026": [0, 0, 0, 0, 0, 4],
        "facts, now": [0, 0, 0, 0, 0, 4],
        "around it, 23 Jan 2026": [1, 0, 0, 0, 0, 23],
        "around it, now": [1, 0, 0, 0, 0, 23],
        "the story, 23 Jan 2026": [0, 0, 0, 0, 0, 6],
        "the story, now": [1, 0, 0, 0, 0, 5],
    }
    assert len(chart.rows) == 34
    assert chart.rows.loc[28, "verdict_then"] == "not measurable"


def test_the_words_of_both_days():
    assert charts.counted(AFTER, BEFORE) == (
        "Of the story's claims 1 of 6 are supported now (none on 23 Jan 2026), around it 1 of 24 (1); facts: none of 4 (none)."
    )
    assert charts.counted(BEFORE, None) == (
        "Of the story's claims none of 6 are supported as of 23 Jan 2026, around it 1 of 24; facts: none of 4."
    )
    assert (
        charts.changed(AFTER, BEFORE)
        == "One verdict has changed since 23 Jan 2026: 28 not measurable → supported."
    )
    assert charts.changed(AFTER, AFTER) == "No verdict has changed since 5 Jun 2026."
    assert charts.many(AFTER).startswith("1 claims rest on a test; 1 of them find something.")


@pytest.mark.parametrize("claim", thresholds.load(), ids=lambda claim: str(claim.id))
def test_a_claims_threshold_is_said_and_drawn(claim):
    assert len(charts.threshold_text(claim)) > 10
    if claim.kind == "not_measurable":
        return
    test = inference(delta=claim.delta, direction=claim.direction, null_value=claim.null_value)
    found = FOLLOWS if claim.kind == "inferential" else LAGGED
    measured = replace(found, inference=test if found.inference else None)
    row = verdicts.decided(claim, measured, NOW)
    chart = charts.against(claim, row, None, PAPERS, LIGHT)
    low, high = chart.figure["layout"]["xaxis"]["range"]
    shaded, mark = chart.figure["layout"]["shapes"][:2]
    away = claim.delta if claim.direction == "greater" else -claim.delta
    where = claim.delta if claim.kind == "descriptive" else claim.null_value + away
    assert mark["x0"] == pytest.approx(where)
    assert low < min(row.value, where)
    assert high > max(row.value, where)
    up = claim.direction in (">", ">=", "greater")
    assert (shaded["x1"] > shaded["x0"]) == up
    if claim.kind == "descriptive":  # the dot lies in the shade where, and only where, the claim is supported
        inside = row.value > shaded["x0"] if up else row.value < shaded["x0"]
        assert inside == (row.verdict == "supported")


def test_without_a_number_there_is_no_picture():
    claim = thresholds.get(28)
    assert charts.against(claim, BEFORE.claim(28), None, PAPERS, LIGHT) is None
    then = charts.against(claim, AFTER.claim(28), BEFORE.claim(28), PAPERS, LIGHT)
    assert [trace["y"] for trace in then.figure["data"]] == [["now"]]
    assert charts.numbers(BEFORE.claim(28)) == ""
    assert "p = .010" in charts.numbers(AFTER.claim(28))
