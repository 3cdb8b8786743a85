"""Each way a source can fail, end to end: the page stays, the ledger stays true, the fault is named, the next refresh heals."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from analytics import catalogue
from tests.faults.conftest import KEY, SERIES, WATCHED, Stage
from tests.loopback import fred, yahoo
from tests.loopback.reply import CONTENT, ENDLESS, TRANSPORT
from tests.pages.reader import Reader, rest
from tests.pages.served import TODAY

PATHS = {"yahoo": "/v8/", "fred": "/fred/", "cftc": "/resource/", "lbma": "/vault-holdings-data/"}
FAILED = {
    "429": "asked to slow down",
    "500": "the source failed with status 500",
    "html": "the answer cannot be read",
    "drop": "no connection could be made|the connection broke off",
    **dict.fromkeys(("slow", "heads", "processing", "drip"), "no answer within 1 s"),
    "bomb": "more than 16 MB",
    "truncated": "the connection broke off|the answer cannot be read",
    "shrink": "the answer has lost history",
}
"""Mode -> how the Data page names it; one of the phrases. Nothing of such an answer is stored."""
LEFT_OUT = {
    ("partial", "yahoo"): ("no price for this day", "second row within the day"),
    ("spike", "yahoo"): ("a slip", "not above zero"),
    ("spike", "fred"): ("not a number",),
    ("duplicate", "yahoo"): ("gives this row twice",),
    ("duplicate", "fred"): ("gives this row twice",),
    ("partial", "cftc"): ("lacks a figure",),
    ("spike", "cftc"): ("not a number of contracts", "outside the plausible range"),
    ("duplicate", "cftc"): ("gives this row twice",),
    ("spike", "lbma"): ("outside the plausible range",),
    ("duplicate", "lbma"): ("gives this row twice",),
}
"""What of an answer is left out, or told of, and why; the rest of it is stored."""
NOTHING_SAID = {("partial", "fred"), ("partial", "lbma")}
"""FRED's "." and the LBMA's 0 mean that there is no figure for a date: no fault that anybody could see."""
EMPTY = {"yahoo": "the answer holds no observations"} | dict.fromkeys(
    ("fred", "cftc", "lbma"), "the answer cannot be read"
)


def expected(mode: str, provider: str) -> str:
    """How the Data page names a failed answer; empty where the answer is taken in part."""
    return EMPTY[provider] if mode == "empty" else FAILED.get(mode, "")


def cases():
    for mode in (*TRANSPORT, *CONTENT, *ENDLESS):
        for provider in WATCHED:
            yield pytest.param("whole", mode, provider, id=f"{mode}-{provider}")
            if mode == "spike":
                yield pytest.param("newest", mode, provider, id=f"{mode}-{provider}-newest")


def told(page: Reader) -> str:
    """All that the Data page says, tables included."""
    return "\n".join([page.words, *(table.to_csv() for table in page.tables())])


def outcomes(page: Reader) -> dict[str, str]:
    """The newest outcome of each series that is kept."""
    attempts = page.desk.ledger.last_attempts().set_index("series")["outcome"]
    return {key: attempts[key] for key in SERIES}


@pytest.mark.parametrize(("read", "mode", "provider"), list(cases()))
def test_a_fault_costs_freshness_and_never_the_page(read, mode, provider, stage: Stage, truths, caplog):
    caplog.set_level(logging.DEBUG)
    before, truth = stage.facts(), truths[read]
    stage.source.mode, stage.source.only = mode, PATHS[provider]
    if "within 1 s" in expected(mode, provider):
        stage.patience[provider] = 1.0

    page = stage.visit()
    rest()
    assert page.errors == []
    assert "indexed" in page.figures()
    assert page.run().errors == []
    assert "indexed" in page.figures()
    if mode in {*FAILED, "empty"} and provider == "yahoo":
        assert "**stale**" in page.words

    during = stage.facts()
    assert before <= during <= truth
    healthy = {key for key in SERIES if key not in WATCHED[provider]}
    assert {fact for fact in truth if fact[0] in healthy} <= during

    page.go("data")
    assert page.errors == []
    phrase = expected(mode, provider)
    failed = {key for key, outcome in outcomes(page).items() if outcome == "failed"}
    assert failed == (set(WATCHED[provider]) if phrase else set())
    if phrase:
        assert any(one in told(page) for one in phrase.split("|"))
        assert {fact for fact in during - before if fact[0] in WATCHED[provider]} == set()
    for reason in LEFT_OUT.get((mode, provider), ()):
        assert reason in told(page)
    assert bool(phrase) or (mode, provider) in LEFT_OUT.keys() | NOTHING_SAID
    for text in (caplog.text, stage.dump(), told(page)):
        assert KEY not in text
        assert "api_key" not in text

    stage.source.mode, stage.patience[provider] = "ok", 20.0
    page = stage.visit()
    rest()
    assert page.run().errors == []
    assert stage.facts() == truth
    assert "failed" not in outcomes(page).values()
    assert "stale" not in page.texts("caption")[0]


def test_the_key_was_really_used_and_is_only_on_the_wire(stage: Stage, caplog):
    caplog.set_level(logging.DEBUG)
    stage.visit("data")
    rest()
    assert any(f"api_key={KEY}" in path for _, path, _ in stage.source.log)
    assert KEY not in caplog.text
    assert KEY not in stage.dump()


def test_what_is_called_the_truth_is_what_the_sources_say(truths):
    """The ledger without a fault against the numbers that the loopback server was made from."""
    for truth in truths.values():
        for key, code in (("silver", "SI=F"), ("bitcoin", "BTC-USD")):
            days, closes = yahoo.sessions(code), yahoo.closes(code)
            known = days <= np.datetime64(TODAY)
            ours = {period: value for name, field, period, value in truth if (name, field) == (key, 1)}
            assert list(sorted(ours)) == days[known].astype(int).tolist()
            assert [ours[day] for day in sorted(ours)] == pytest.approx(closes[known], rel=1e-5)
        code = catalogue.get("real_yield_10y").code
        stated = {
            day: float(text)
            for day, text in fred.figures(code)
            if text != "." and fred.released(code, day) <= TODAY
        }
        ours = {period: value for name, _, period, value in truth if name == "real_yield_10y"}
        assert {
            np.datetime64(day).astype(int).item(): pytest.approx(value, rel=1e-5)
            for day, value in stated.items()
        } == ours


@pytest.mark.parametrize("mode", ["500", "drop", "html"])
def test_both_sources_down_at_once_leave_every_page_standing(mode, stage: Stage):
    before = stage.facts()
    stage.source.mode = mode
    page = stage.visit()
    rest()
    for slug in ("divergence", "data", "overview"):
        assert page.go(slug).errors == []
    assert stage.facts() == before


@pytest.mark.parametrize("read", ["newest"])
def test_a_source_that_fails_once_is_asked_again_at_the_next_refresh(stage: Stage, truths):
    stage.source.mode, stage.source.times = "500", 2
    stage.visit()
    rest()
    assert stage.facts() < truths["newest"]
    stage.visit()
    rest()
    assert stage.facts() == truths["newest"]
