"""``check``: an exit code for each ending, a document for the webhook, and no secret in what is said."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.cli import webhook
from analytics.errors import NotDelivered
from analytics.render.chart import SIMULATED
from tests.cli.conftest import sentence
from tests.pages.served import TODAY, environment, mirrors

ROOT = Path(__file__).resolve().parents[2]
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
    assert {one["data_date"] for state in ("fired", "quiet") for one in document[state]} == {"2026-01-23"}
    assert document["text"].endswith("; data to 23 Jan 2026.")
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


def test_once_looks_at_the_session_before(run, held, rules):
    lasting = rules(once=True, z_now={"above": -99})
    assert run("check", "--rules", lasting, "--as-of", "2026-01-23").exit_code == 0
    friday = rules(once=True, last={"is": "2026-01-23"})
    ends = {
        day: run("check", "--rules", friday, "--as-of", f"2026-01-{day}").exit_code for day in range(22, 27)
    }
    assert ends == {
        22: 0,
        23: 3,
        24: 3,
        25: 3,
        26: 0,
    }  # asked of a day, the answer is that day's, whoever asked before


def test_once_tells_a_crossing_once_and_a_look_does_not_count(run, held, rules, posted):
    file = rules(HOOK, once=True, last={"is": TODAY.isoformat()})
    for look in (["--no-send"], ["--as-of", TODAY.isoformat()]):
        assert run("check", "--rules", file, *look).exit_code == 3
    assert [run("check", "--rules", file).exit_code for _ in range(3)] == [3, 0, 0]
    assert len(posted) == 2  # the run's, and that of the day asked for
    next(held.glob("alerts-*.json")).write_text("[")  # what cannot be read is begun anew
    assert run("check", "--rules", file).exit_code == 3


def test_a_crossing_whose_message_is_not_taken_is_told_again(run, held, rules, monkeypatch):
    def refuse(url, document):
        raise NotDelivered("hooks.example.org", "it answered with status 503")

    file = rules(HOOK, once=True, last={"is": TODAY.isoformat()})
    with monkeypatch.context() as patch:
        patch.setattr(webhook, "post", refuse)
        assert [run("check", "--rules", file).exit_code for _ in range(2)] == [3, 3]
    monkeypatch.setattr(webhook, "post", lambda url, document: 200)
    assert [run("check", "--rules", file).exit_code for _ in range(2)] == [3, 0]


def test_old_closes_make_a_rule_unknown_and_say_their_date(run, held, rules, posted):
    file = rules(HOOK, z_now={"above": -99})
    result = run("check", "--rules", file, SILVERLEAD_TODAY="2026-12-04")
    assert result.exit_code == 1
    assert "Silver, COMEX front-month future ends on 5 Jun 2026" in result.stdout
    assert result.stdout.strip().endswith("; data to 5 Jun 2026.")
    body = json.loads(run("check", "--rules", file, "--json", SILVERLEAD_TODAY="2026-12-04").stdout)
    (one,) = body["unknown"]
    assert (one["data_date"], one["data"]) == (
        "2026-06-05",
        {"silver": "2026-06-05", "bitcoin": "2026-06-05"},
    )
    assert posted == []
    assert (
        run("check", "--rules", file, "--as-of", "2026-01-23", SILVERLEAD_TODAY="2026-12-04").exit_code == 3
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


# ------------------------------------------------------------------------------------------------- the documented lines

DOCS = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
CRON = re.findall(r"^(?:[0-9*/,-]+ ){5} *(cd .*)$", DOCS, flags=re.MULTILINE)
UNKNOWN = "yahoo:GONE-USD"
PROGRAM = f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(ROOT)!r})
from analytics import catalogue
from analytics.sources import refresh
from analytics.__main__ import app
kept = [catalogue.get(key) for key in ("silver", "bitcoin", {UNKNOWN!r})]
refresh.everything = lambda *args, **more: kept
assert sys.argv[1:3] == ["-m", "analytics"]
sys.argv[1:3] = []
app()
"""
"""Stands for the documented interpreter: the same command line on a short list of series."""


def test_there_is_a_documented_line():
    assert CRON
    assert all("refresh" in line and "check --rules rules.toml" in line for line in CRON)


@pytest.mark.parametrize("line", CRON)
@pytest.mark.parametrize(("bar", "code", "state"), [(-99, 3, "fired"), (99, 0, "quiet")])
def test_the_documented_line_checks_although_a_symbol_is_unknown(source, tmp_path, line, bar, code, state):
    program = tmp_path / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(PROGRAM)
    program.chmod(0o755)
    (tmp_path / "rules.toml").write_text(
        f'[[rule]]\nname = "Z"\nfinding = "divergence"\nvalue = "z_now"\nabove = {bar}\n'
    )
    address = mirrors(source.address)
    settings = environment(tmp_path / "cache", **address)
    done = subprocess.run(
        ["/bin/sh", "-c", line.replace("/srv/silverlead", shlex.quote(str(tmp_path)))],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert done.stderr.startswith(f"{UNKNOWN}: ")
    refreshed, checked = done.stdout.strip().split("\n")
    assert refreshed.endswith(" 1 failed.")
    assert checked.startswith(f"{state:8} Z: z_now of divergence is ")
    assert checked.endswith("; data to 5 Jun 2026.")
