"""Alert rules: what a rules file may say, when a rule fires, and when it cannot tell."""

from __future__ import annotations

import pytest

from analytics.alerts import Rule, judge, read_rules
from analytics.errors import BadFile
from analytics.view import View

BODY = {
    "z_now": 2.31,
    "verdict": "underpowered",
    "pending": None,
    "triggers": [
        {"key": "cut", "on": True, "value": -25.0},
        {"key": "fiscal", "on": None, "distance": "not known: nothing is held"},
    ],
    "claims": [{"id": 28, "verdict": "not supported"}, {"id": 5, "verdict": "supported"}],
    "odds": {"3.50": 63.1},
}


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
        ("verdict", {"is": "underpowered"}, "fired"),
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
    assert judge(rule(value, **condition), BODY).state == state


def test_outcomes_say_why():
    assert judge(rule(), BODY).sentence == "A rule: z_now of divergence is 2.31, above 2."
    assert judge(rule(below=-1.5), BODY).sentence.endswith("is 2.31, not below −1.5.")
    fiscal = judge(rule("triggers.fiscal.on", **{"is": True}), BODY)
    assert fiscal.sentence.endswith("is not known: nothing is held.")
    assert judge(rule("verdict", **{"is_not": "underpowered"}), BODY).sentence.endswith(
        "the rule waits for not underpowered."
    )


def test_once_fires_on_the_first_day_only():
    always, first = rule(), rule(once=True)
    for before, state in (
        ({"z_now": 1.9}, "fired"),
        ({"z_now": 2.1}, "quiet"),
        ({"z_now": None}, "fired"),
        (None, "fired"),
    ):
        assert judge(first, BODY, before).state == state
        assert judge(always, BODY, before).state == "fired"


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
        ("verdict", {"above": 2}, "is 'underpowered', no number"),
        ("triggers.cut.on", {"above": 0}, "no number"),
    ],
)
def test_a_value_that_is_not_there_is_refused(value, condition, says):
    with pytest.raises(BadFile, match=r"Rule 'A rule'") as caught:
        judge(rule(value, **condition), BODY)
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
