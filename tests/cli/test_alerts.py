"""Alert rules: what a rules file may say, when a rule fires, and when it cannot tell."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.cli.alert_provenance import Provenance
from analytics.cli.alerts import Outcome, Reading, Rule, judge, read, read_rules
from analytics.errors import BadFile
from analytics.view import View

BODY = {
    "z_now": 2.31,
    "verdict": "undecided",
    "pending": None,
    "triggers": [
        {"key": "cut", "on": True, "value": -25.0},
        {"key": "fiscal", "on": None, "distance": "not known: nothing is held"},
    ],
    "claims": [{"id": 28, "verdict": "not supported"}, {"id": 5, "verdict": "supported"}],
    "odds": {"3.50": 63.1},
}


FRESH = Provenance(dt.date(2026, 6, 5), {"silver": dt.date(2026, 6, 5)}, "", None, "data to 5 Jun 2026")
OLD = Provenance(dt.date(2025, 12, 3), {}, "Silver ends on 3 Dec 2025", None, "data to 3 Dec 2025")


def held(rule: Rule, body: dict = BODY, provenance: Provenance = FRESH) -> Outcome:
    return judge(rule, read(rule, body, provenance))


def rule(value: str = "z_now", once: bool = False, **condition) -> Rule:
    ((name, bar),) = (condition or {"above": 2}).items()
    return Rule("A rule", "divergence", value, name, bar, once, View())


@pytest.mark.parametrize(
    ("value", "condition", "state"),
    [
        ("z_now", {"above": 2}, "fired"),
        ("z_now", {"above": 2.31}, "quiet"),
        ("z_now", {"below": 2.31}, "quiet"),
        ("z_now", {"below": 3}, "fired"),
        ("verdict", {"is": "undecided"}, "fired"),
        ("verdict", {"is_not": "supported"}, "fired"),
        ("triggers.cut.on", {"is": True}, "fired"),
        ("triggers.cut.on", {"is": 1}, "quiet"),  # a state is no number
        ("triggers.0.value", {"below": 0}, "fired"),
        ("claims.28.verdict", {"is": "not supported"}, "fired"),  # by id, never the 29th
        ("claims.1.verdict", {"is": "supported"}, "fired"),
        ("odds.3.50", {"above": 60}, "fired"),
        ("triggers.fiscal.on", {"is": True}, "unknown"),
        ("pending", {"is_not": "x"}, "unknown"),
        ("pending.day", {"is": "x"}, "unknown"),
    ],
)
def test_a_rule_holds_or_not(value, condition, state):
    outcome = held(rule(value, **condition))
    assert (outcome.state, outcome.data_date) == (state, FRESH.date)


def test_outcomes_say_why():
    assert held(rule()).sentence == "A rule: z_now of divergence is 2.31, above 2; data to 5 Jun 2026."
    assert "is 2.31, not below −1.5; data" in held(rule(below=-1.5)).sentence
    fiscal = held(rule("triggers.fiscal.on", **{"is": True}))
    assert fiscal.sentence.endswith("is not known: nothing is held; data to 5 Jun 2026.")
    assert "the rule waits for not undecided;" in held(rule("verdict", **{"is_not": "undecided"})).sentence


@pytest.mark.parametrize("once", [False, True])
def test_stale_data_make_a_rule_unknown_and_never_fire_it(once):
    outcome = held(rule(once=once), provenance=OLD)
    assert (outcome.state, outcome.now, outcome.data_date) == ("unknown", None, OLD.date)
    assert outcome.sentence.endswith("is not known: Silver ends on 3 Dec 2025; data to 3 Dec 2025.")


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([1.9, 2.1], "fired"),
        ([2.1, 2.2], "quiet"),
        ([2.1, 1.9], "quiet"),
        ([None, 2.1], "fired"),  # what was not known did not hold
        ([2.1, None, 2.2], "quiet"),  # and what is not known in between says nothing
        ([1.9, None, 2.2], "fired"),
        ([None, 2.1, 2.2], "fired"),
        ([1.9, 2.1, 1.8], "fired"),  # came and went since the last run
        ([2.1, 1.9, 2.2], "fired"),
        ([2.1, 2.2, 1.9], "quiet"),
        ([2.1], "fired"),
    ],
)
def test_once_fires_when_it_has_come_to_hold(values, state):
    *before, now = [Reading(value, "" if value else "odd", FRESH) for value in values]
    outcome = judge(rule(once=True), now, before)
    assert outcome.state == state
    assert outcome.crossed == (FRESH.date if state == "fired" else None)
    assert judge(rule(), now, before).state == ("fired" if now.value > 2 else "quiet")


def test_a_crossing_that_has_gone_back_says_both():
    readings = [Reading(1.9, "", FRESH), Reading(2.1, "", OLD), Reading(1.8, "", FRESH)]
    says = judge(rule(once=True), readings[-1], readings[:-1]).sentence
    assert "is 2.1, above 2 (data to 3 Dec 2025); by now 1.8; data to 5 Jun 2026." in says


@pytest.mark.parametrize(
    ("value", "condition", "says"),
    [
        (
            "z_then",
            {"above": 2},
            "has no value 'z_then'. `python -m analytics measure divergence --json` lists them",
        ),
        ("claims.7.verdict", {"is": "x"}, "has no value"),
        ("z_now.x", {"is": "x"}, "has no value"),
        ("triggers", {"is": "x"}, "is a group of values"),
        ("verdict", {"above": 2}, "is 'undecided', no number"),
        ("triggers.cut.on", {"above": 0}, "no number"),
    ],
)
def test_a_value_that_is_not_there_is_refused(value, condition, says):
    with pytest.raises(BadFile, match=r"Rule 'A rule'") as caught:
        held(rule(value, **condition))
    assert says in str(caught.value)


GOOD = '[[rule]]\nname = "R"\nfinding = "divergence"\nvalue = "z_now"\n'


def test_a_rules_file_is_read_whole():
    found = read_rules(
        f'[webhook]\nurl = "https://x.example/k"\n{GOOD}above = 2\nlead = "gold"\nspan = "3y"\n'
        f'{GOOD.replace("R", "S")}is = "x"\nonce = true\nyear = 2027\n'
    )
    assert found.webhook == "https://x.example/k"
    first, second = found.rules
    assert (first.condition, first.bar, first.once, first.view) == (
        "above",
        2,
        False,
        View(lead="gold", span="3y"),
    )
    assert (second.name, second.condition, second.once, second.view.year) == ("S", "is", True, "2027")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no toml", "The rules file is not TOML"),
        ("", "needs 1 to 200 [[rule]] parts"),
        ("rule = 3", "needs 1 to 200 [[rule]] parts"),
        ("[hook]\nurl = 'x'\n" + GOOD + "above = 2", "unknown part 'hook'"),
        ("[webhook]\ntoken = 'x'\n" + GOOD + "above = 2", "[webhook] takes one line"),
        (GOOD.replace('name = "R"\n', "") + "above = 2", "Rule 1 needs a name"),
        (GOOD.replace('value = "z_now"\n', "") + "above = 2", "Rule 'R' needs 'value'"),
        (GOOD, "needs exactly one of above, below, is, is_not"),
        (GOOD + "above = 2\nbelow = 3", "needs exactly one of"),
        (GOOD + "above = true", "above takes a number"),
        (GOOD + "is = [1]", "is takes a number, a word"),
        (GOOD + 'above = 2\nonce = "yes"', "once is true or false"),
        (GOOD + 'above = 2\nas_of = "2026-01-23"', "unknown line 'as_of'"),
        (GOOD + 'above = 2\nspan = "7q"', "span could not be read; it takes 3m or 6m"),
        (GOOD + 'above = 2\nlead = "bitcoin"', "the same series twice"),
        (2 * (GOOD + "above = 2\n"), "Two rules are called 'R'"),
    ],
)
def test_a_rules_file_that_cannot_be_read_is_one_sentence(text, says):
    with pytest.raises(BadFile) as caught:
        read_rules(text)
    assert says in str(caught.value)
