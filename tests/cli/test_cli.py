"""The command line over loopback sources: numbers as JSON, errors as one sentence, an exit code for each ending."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pandas as pd
import pytest

from analytics import panel, view
from analytics.clock.instants import end_of_day
from analytics.evaluate import RECIPES
from analytics.ledger import Ledger, refresh_lock, server
from tests.cli.conftest import sentence
from tests.pages.served import TODAY, copy_of

PAIR = ["--only", "silver", "--only", "bitcoin", "--only", "real_yield_10y"]
KEY = "0123456789abcdef0123456789abcdef"


# ---------------------------------------------------------------------------------------------------------- refresh


def test_a_refresh_says_what_it_did(run, source):
    result = run("refresh", *PAIR)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("3 series asked in ")
    assert result.stdout.strip().endswith(" new figures, 0 revised, 0 failed.")
    assert result.stderr == ""  # no progress bar where there is no terminal
    asked = len(source.log)
    again = json.loads(run("refresh", *PAIR, "--json").stdout)
    assert [attempt["outcome"] for attempt in again["attempts"]] == ["unchanged"] * 3
    assert {attempt["full_read"] for attempt in again["attempts"]} == {False}
    assert len(source.log) == asked + 3  # asked for by name: due or not


def test_a_refresh_that_fails_in_part_ends_with_1_and_names_the_source(run, source):
    source.mode, source.only = "500", "/v8"
    result = run("refresh", *PAIR, FRED_API_KEY=KEY)
    assert result.exit_code == 1
    assert "1 figures" not in result.stdout
    assert result.stdout.strip().endswith("0 revised, 2 failed.")
    lines = result.stderr.strip().split("\n")
    assert sorted(line.split(":")[0] for line in lines) == ["bitcoin", "silver"]
    assert all("the source failed with status 500" in line for line in lines)
    body = json.loads(run("refresh", *PAIR, "--json", FRED_API_KEY=KEY).stdout)
    assert sorted(attempt["error"] for attempt in body["attempts"]) == ["", "ServerFault", "ServerFault"]
    assert KEY not in result.output + json.dumps(body)


def test_while_another_process_refreshes_it_ends_with_3(run, held):
    ledger = Ledger.at(held / "ledger.sqlite")
    with refresh_lock(ledger.engine):
        assert "Another process is refreshing now" in sentence(run("refresh", *PAIR), 3)
        assert run("status").exit_code == 0
    ledger.close()


def test_the_demo_is_never_refreshed(run):
    assert "the demo stays simulated" in sentence(run("refresh", SILVERLEAD_DATA="demo"), 2)


# ----------------------------------------------------------------------------------------------------------- status


def test_status_lists_every_series_with_its_state(run, held):
    result = run("status")
    assert result.exit_code == 0
    line = next(line for line in result.stdout.split("\n") if line.startswith("silver "))
    assert line.split()[:4] == ["silver", "yahoo", "SI=F", "2010-01-04"]
    assert "2026-06-05" in line
    assert "fresh" in line
    assert result.stdout.strip().split("\n")[-1].startswith("3 of ")
    body = json.loads(run("status", "--json").stdout)
    assert (body["kind"], body["as_of"]) == ("live", end_of_day(TODAY).isoformat())
    silver = body["series"]["silver"]
    assert (silver["last"], silver["state"], silver["code"], silver["simulated"]) == (
        "2026-06-05",
        "fresh",
        "SI=F",
        False,
    )
    assert body["series"]["gold"]["state"] == "waiting"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_of_any_encoding_is_spoken_to(simulated, tmp_path, encoding):
    """In a process: the encoding of standard output is chosen as Python starts. Titles hold characters beyond each."""
    cache = copy_of(simulated, tmp_path / "cache")
    asks = {"SILVERLEAD_DATA": "demo", "SILVERLEAD_CACHE": str(cache), "PYTHONIOENCODING": encoding}
    for words in (["status"], ["status", "--json"], ["--help"]):
        command = [sys.executable, "-m", "analytics", *words]
        done = subprocess.run(command, env=os.environ | asks, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        text = done.stdout.decode(encoding)
        if "--json" in words:
            assert json.loads(text)["kind"] == "demo"


def test_an_empty_ledger_says_what_to_do(run):
    assert "The ledger is empty. Run: python -m analytics refresh" in run("status").stdout
    for words in (["measure", "divergence"], ["export"]):
        assert sentence(run(*words), 4) == "The ledger is empty. Run: python -m analytics refresh"


# ---------------------------------------------------------------------------------------------------------- measure


def test_a_measure_gives_the_pages_numbers_as_known_on_a_day(run, held):
    words = [
        "measure",
        "divergence",
        "--lead",
        "silver",
        "--follow",
        "bitcoin",
        "--as-of",
        "2026-01-23",
        "--json",
    ]
    result = run(*words)
    assert result.exit_code == 0, result.output
    body = json.loads(result.stdout)
    ledger = Ledger.at(held / "ledger.sqlite")
    data = panel.build(ledger, ["silver", "bitcoin"], end_of_day(view.ARTICLE))
    pair = data.pair("silver", "bitcoin")
    ledger.close()
    assert (body["sha256"], body["as_of"]) == (data.sha256, end_of_day(view.ARTICLE).isoformat())
    assert body["last"] == "2026-01-23"
    assert body["ratio_now"] == pytest.approx(pair["follow"].iloc[-1] / pair["lead"].iloc[-1])
    assert body["sources"] == {"silver": "Yahoo SI=F", "bitcoin": "Yahoo BTC-USD"}
    assert body["simulated"] is False
    text = run(*words[:-1]).stdout
    assert data.sha256 in text
    assert json.loads(run(*words, "--rows").stdout).keys() > body.keys()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["no_such"], "measure cannot be 'no_such'; it takes divergence"),
        (["divergence", "--lead", "no_such"], "There is no series called 'no_such'"),
        (["divergence", "--lead", "yahoo:a b"], "cannot be a Yahoo symbol"),
        (["divergence", "--lead", "bitcoin"], "Bitcoin in US dollars is on both sides"),
        (["divergence", "--lead", "gold"], "has 0 observations and needs 1"),
        (["divergence", "--as-of", "tomorrow"], "--as-of cannot be 'tomorrow'; it takes live, a date"),
        (["divergence", "--as-of", "0001-01-01"], "--as-of cannot be '0001-01-01'"),
        (["divergence", "--as-of", "9" * 500], "--as-of cannot be '" + "9" * 40 + "'"),
        (["divergence", "--span", "7q"], "--span cannot be '7q'; it takes 3m or 6m"),
        (["divergence", "--legs", "arms"], "--legs cannot be 'arms'"),
    ],
)
def test_a_wrong_question_is_one_sentence_and_ends_with_2(run, held, words, says):
    assert says in sentence(run("measure", *words), 2)


def test_lead_and_lag_and_silvers_balance_speak_by_their_own_names(run, held):
    """Keys that scripts read, at the top level."""
    found = json.loads(run("measure", "lead_lag", "--json").stdout)
    assert {"best_lag", "statistic", "p", "n", "mde", "naive_best_lag", "verdict"} <= found.keys()
    events = json.loads(run("measure", "events", "--json").stdout)
    assert {"statistic", "p", "n", "effective_n", "mde", "verdict", "naive"} <= events.keys()
    balance = json.loads(run("measure", "silver_balance", "--as-of", "2026-01-23", "--json").stdout)
    assert {row["year"]: row["value"] for row in balance["balances"]}[2025] == -95.0
    assert balance["claims"]["16"]["value"] == 4.0
    assert balance["known_by"] == "2026-01-23"


def test_every_measure_is_named_in_the_help(run):
    words = run("measure", "--help", COLUMNS="400", TERMINAL_WIDTH="400").stdout
    assert all(name in words for name in RECIPES)


# ----------------------------------------------------------------------------------------------------------- export


def test_an_export_carries_its_papers(run, held, tmp_path):
    target = tmp_path / "rows.csv"
    result = run("export", "--as-of", "2026-01-23", "--out", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("3 series, ")
    text = target.read_text()
    assert text.startswith("# Silverlead, as known at 2026-01-23T23:59:59.999999-05:00\n# Silver, COMEX")
    table = pd.read_csv(target, comment="#", index_col="date", parse_dates=True)
    assert table.columns.tolist() == ["silver", "bitcoin", "real_yield_10y"]  # the catalogue's order
    assert str(table.index[-1].date()) == "2026-01-23"
    assert run("export", "--as-of", "2026-01-23").stdout == text


def test_an_export_as_json_carries_them_too(run, held):
    body = json.loads(run("export", "--only", "silver", "--json").stdout)
    assert body["papers"]["silver"]["code"] == "SI=F"
    assert (body["simulated"], body["rows"][-1]["at"]) == (False, "2026-06-05")
    assert isinstance(body["rows"][-1]["silver"], float)
    assert len(body["sha256"]) == 64


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--as-of", "nonsense"], "--as-of cannot be 'nonsense'"),
        (["--only", "no_such"], "There is no series called 'no_such'"),
        (["--only", "gold"], "Gold, COMEX front-month future has 0 observations"),
        (["--out", "/no/such/folder/x.csv"], "--out cannot be '/no/such/folder/x.csv'"),
    ],
)
def test_an_export_that_cannot_be_is_one_sentence(run, held, words, says):
    assert says in sentence(run("export", *words), 2)


# -------------------------------------------------------------------------------------------------- places, settings


@pytest.mark.parametrize("words", [["status"], ["measure", "divergence"], ["export"], ["refresh"]])
def test_a_setting_or_a_place_that_cannot_be_used_is_one_sentence(run, tmp_path, words):
    said = sentence(run(*words, SILVERLEAD_YAHOO_URL="ftp://user:geheim@mirror.example"), 2)
    assert said.startswith("SILVERLEAD_YAHOO_URL cannot be used: a mirror is http(s)://")
    said += sentence(run(*words, DATABASE_URL="postgresql://user:geheim@127.0.0.1:1/x"), 4)
    assert "does not answer (no connection)" in said
    assert "geheim" not in said
    (tmp_path / "file").touch()
    assert "its folder cannot be made" in sentence(
        run(*words, SILVERLEAD_CACHE=str(tmp_path / "file" / "x")), 4
    )


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
@pytest.mark.parametrize("words", [["status"], ["refresh", *PAIR], ["export"]])
def test_a_server_that_hangs_or_refuses_is_one_sentence(run, postgres_server, monkeypatch, words):
    monkeypatch.setitem(server.LINE, "connect_timeout", 2)
    url = postgres_server.database()
    with postgres_server.stopped():
        assert "does not answer (no answer in time)" in sentence(run(*words, DATABASE_URL=url), 4)
    for change, says in (
        ("?sslmode=requre", "an option or a value that is not known"),
        ("?unknown=1", "an option or a value that is not known"),
        ("?port=abc", "its address cannot be read"),
        ("?options=-c%20search_path%3Dabsent", "its search path names no schema"),
        ("?options=-c%20default_transaction_read_only%3Don", "it may only be read"),
    ):
        assert says in sentence(run(*words, DATABASE_URL=url + change), 4)


def test_a_damaged_ledger_is_moved_aside_and_said(run, held, caplog):
    (held / "ledger.sqlite").write_bytes(b"no database\n" * 1000)
    assert run("status").exit_code == 0
    assert "could not be read. It is kept as ledger.damaged-20260605T235959.sqlite" in caplog.text
    assert len(list(held.glob("ledger.damaged-*.sqlite"))) == 1


def test_without_a_command_it_explains_itself(run):
    result = run()
    assert result.exit_code in (0, 2)
    assert all(word in result.output for word in ("refresh", "status", "measure", "export"))


def test_holdings_from_a_file_are_kept_and_given_back(run, tmp_path):
    file = tmp_path / "holdings.csv"
    file.write_text("date,fund,shares\n2026-01-22,SLV,563400000\n2026-01-23,SLV,564000000\n")
    done = run("import", "holdings", file, SILVERLEAD_DATA="live")
    assert (done.exit_code, done.stdout) == (
        0,
        "2 of 2 amounts were new, 2026-01-22 to 2026-01-23: shares:SLV.\n",
    )
    again = json.loads(run("import", "holdings", file, "--json", SILVERLEAD_DATA="live").stdout)
    assert (again["added"], again["amounts"]) == (0, 2)
    rows = run("export", "--only", "shares:SLV", "--as-of", "2026-01-23", SILVERLEAD_DATA="live").stdout
    assert rows.splitlines()[-1] == "2026-01-22,563400000"
    file.write_text("date,fund\n2026-01-22,SLV\n")
    assert "needs a column shares or ounces" in sentence(run("import", "holdings", file), 2)
