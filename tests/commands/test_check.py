"""``check``: an exit code for each ending, a document for the webhook, and no secret in what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analytics import webhook
from analytics.charts.chart import SIMULATED
from analytics.errors import NotDelivered
from tests.commands.conftest import sentence

HOOK = "https://hooks.example.org/geheim"


@pytest.fixture
def rules(tmp_path: Path):
    """``rules(z_now={"above": -99})`` writes a file with a rule of the divergence for each value."""

    def write(hook: str = "", finding: str = "divergence", once: bool = False, **conditions: dict) -> Path:
        text = f'[webhook]\nurl = "{hook}"\n' if hook else ""
        for value, condition in conditions.items():
            ((name, bar),) = condition.items()
            text += (
                f'[[rule]]\nname = "{value}"\nfinding = "{finding}"\nvalue = "{value.replace("__", ".")}"\n'
            )
            text += f"{name} = {json.dumps(bar)}\nonce = {json.dumps(once)}\n"
        file = tmp_path / "rules.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def posted(monkeypatch):
    """What would have gone to the webhook."""
    sent = []
    monkeypatch.setattr(webhook, "post", lambda url, document: sent.append((url, document)) or 200)
    return sent


def test_a_rule_that_fires_ends_with_3_and_is_posted(run, held, rules, posted):
    file = rules(HOOK, z_now={"above": -99}, percentile={"below": -1})
    result = run("check", "--rules", file, "--as-of", "2026-01-23")
    assert result.exit_code == 3
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["fired", "quiet"]
    ((url, document),) = posted
    assert url == HOOK
    assert (document["product"], document["format"], document["simulated"]) == ("Silverlead", 1, False)
    assert document["as_of"].startswith("2026-01-23T23:59:59")
    assert [one["rule"] for one in document["fired"]] == ["z_now"]
    assert document["text"] == document["fired"][0]["sentence"]
    again = run("check", "--rules", file, "--as-of", "2026-01-23", "--json", "--no-send")
    assert json.loads(again.stdout) == {**document, "sent": None}
    assert (again.exit_code, len(posted)) == (3, 1)


def test_a_quiet_file_ends_with_0_and_posts_nothing(run, held, rules, posted):
    file = rules(percentile={"below": -1})
    assert run("check", "--rules", file, SILVERLEAD_WEBHOOK=HOOK).exit_code == 0
    assert posted == []
    assert run("check", "--rules", rules(z_now={"above": -99}), SILVERLEAD_WEBHOOK=HOOK).exit_code == 3
    assert posted[0][0] == HOOK


def test_what_cannot_be_measured_is_unknown_and_ends_with_1(run, held, rules, posted):
    result = run("check", "--rules", rules(HOOK, "rate_path", year_end_moves={"below": 0}))
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "unknown  year_end_moves: year_end_moves of rate_path is not known: No fed funds"
    )
    fiscal = run("check", "--rules", rules(HOOK, "triggers", triggers__fiscal__on={"is": True}))
    assert fiscal.exit_code == 1
    assert "nothing is held of Federal surplus or deficit" in fiscal.stdout
    assert posted == []


def test_once_looks_at_the_day_before(run, held, rules):
    lasting = rules(once=True, z_now={"above": -99})
    assert run("check", "--rules", lasting, "--as-of", "2026-01-23").exit_code == 0
    assert (
        run(
            "check", "--rules", rules(once=True, last={"is": "2026-01-23"}), "--as-of", "2026-01-23"
        ).exit_code
        == 3
    )
    assert (
        run(
            "check", "--rules", rules(once=True, last={"is": "2026-01-23"}), "--as-of", "2026-01-24"
        ).exit_code
        == 0
    )


def test_a_message_that_is_not_taken_is_said_without_its_address(run, held, rules, monkeypatch):
    def refuse(url, document):
        raise NotDelivered("hooks.example.org", "it answered with status 410")

    monkeypatch.setattr(webhook, "post", refuse)
    result = run("check", "--rules", rules(HOOK, z_now={"above": -99}), "--json")
    assert result.exit_code == 3
    assert result.stderr.startswith("The webhook at hooks.example.org did not take the message: ")
    assert json.loads(result.stdout)["sent"] is False
    assert "geheim" not in result.output


def test_simulated_alerts_say_so(run, rules, posted, simulated):
    file = rules(HOOK, z_now={"above": -99})
    assert (
        run("check", "--rules", file, SILVERLEAD_DATA="demo", SILVERLEAD_CACHE=str(simulated)).exit_code == 3
    )
    assert posted[0][1]["simulated"] is True
    assert posted[0][1]["text"].startswith(f"{SIMULATED}, not market prices. z_now: ")


def test_wrong_use_is_one_sentence(run, held, rules, tmp_path):
    assert "cannot be read" in sentence(run("check", "--rules", tmp_path / "none.toml"), 2)
    assert "has no value 'z_then'" in sentence(run("check", "--rules", rules(z_then={"above": 2})), 2)
    assert "it takes divergence" in sentence(
        run("check", "--rules", rules(finding="nonsense", x={"above": 2})), 2
    )
    said = sentence(run("check", "--rules", rules("http://hooks.example.org/geheim", z_now={"above": 9})), 2)
    assert said.startswith("The webhook's address cannot be")
    assert "geheim" not in said


def test_without_a_ledger_it_ends_with_4(run, rules):
    assert "The ledger is empty" in sentence(run("check", "--rules", rules(z_now={"above": 2})), 4)
