"""The brief and the bundle: whole on simulated data, saying why where data are missing, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from contextlib import closing

import pandas as pd
import pytest

from analytics.desk import demo_ledger
from analytics.errors import NotPriced
from analytics.evaluate import Evaluator, evaluator
from analytics.render.chart import SIMULATED
from analytics.render.exhibits import Table, Words, taken
from analytics.render.export import FRED_NOTICE
from analytics.render.words import day
from analytics.report import brief as briefs
from analytics.report.bundle import bundle
from analytics.report.sections import SECTIONS, Section
from analytics.sources.demo import LAST_INSTANT
from analytics.topics.claims.recipes import CLAIMS
from analytics.topics.triggers.recipes import TRIGGERS
from analytics.view import ARTICLE, DEFAULT
from tests.few_draws import few_draws
from tests.render.test_export import ATTACKS, Page

MOST_BYTES = 1_500_000
"""Of data and markup, the chart library apart."""
SILVER = ("balance", "revisions", "flows", "mix", "stocks", "silver_claims", "spans", "policy")
PUBLISHED = {
    *(f"data/silver_market/{key}.csv" for key in SILVER),
    *(f"data/claims/claim_{claim}.csv" for claim in (16, 18, 19, 21, 22)),
}
"""Facts, on simulated data too."""


@pytest.fixture(scope="module")
def demo(simulated):
    """An asker on simulated data."""
    with few_draws(), closing(demo_ledger(simulated)) as ledger:
        yield evaluator(ledger, DEFAULT, LAST_INSTANT)


@pytest.fixture(autouse=True)
def _short_plotly(monkeypatch):
    """4.8 MB of plotly.js say nothing about our own text; the browser's test draws with them."""
    monkeypatch.setattr("plotly.offline.get_plotlyjs", lambda: "var Plotly={};")


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_brief_is_whole_and_small(demo: Evaluator):
    text = briefs.brief(demo)
    page = Page(text)
    sections = [attrs["id"] for tag, attrs in page.tags if tag == "section"]
    assert sections == [one.key for one in SECTIONS if one.brief]
    assert "why" not in [attrs.get("class") for _, attrs in page.tags]
    drawn = {attrs["id"].removeprefix("chart_") for _, attrs in page.tags if attrs.get("class") == "chart"}
    figures = json.loads(page.scripts[1].removeprefix("const F=").split(";for(")[0])
    assert set(figures) == drawn == {"indexed", "legs", "path"}
    assert len(text.encode()) < MOST_BYTES
    assert f"{SIMULATED}, not market prices." in page.words
    assert FRED_NOTICE in page.words
    assert demo.panel(["silver", "bitcoin"]).sha256 in page.words
    assert demo.finding(TRIGGERS).triggers[0].title in page.words
    then = demo.on(ARTICLE).finding(CLAIMS).tally("thesis")
    assert f"of 6 are supported now ({then['supported'] or 'none'} on 23 Jan 2026)" in page.words
    assert "Behind the claims, the stage and the balance too" in page.words


def test_the_brief_asks_nobody(demo: Evaluator):
    page = Page(briefs.brief(demo))
    assert not any({"src", "href", "action"} & attrs.keys() for _, attrs in page.tags)
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_becomes_markup(demo: Evaluator, monkeypatch, text):
    frame = pd.DataFrame({text: [text]}, pd.Index([text], name=text))

    def hostile(asks):
        return [Words(text), Table("t", text, frame, frame, rule=text)]

    def failing(asks):
        raise NotPriced(text)

    made = (
        Section("a", "overview", text, hostile, brief=True),
        Section("b", "overview", text, failing, brief=True),
    )
    monkeypatch.setattr(briefs, "SECTIONS", made)
    page = Page(briefs.brief(demo))
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "main", "p", "h1", "h2", "strong", "div", "section", "table",
        "thead", "tbody", "tr", "th", "td", "footer", "dl", "dt", "dd", "ul", "li",
    }  # fmt: skip
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert page.words.count(text) == 9


def test_a_section_that_cannot_be_measured_says_why_in_its_place(run, held, tmp_path):
    result = run("brief", "--as-of", "2026-01-23", "--out", tmp_path / "brief.html")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("The brief as known on 2026-01-23 is in ")
    page = Page((tmp_path / "brief.html").read_text(encoding="utf-8"))
    assert [attrs["id"] for tag, attrs in page.tags if tag == "section"] == [
        one.key for one in SECTIONS if one.brief
    ]
    assert "No fed funds contract is held as of this day." in page.words
    assert "Nothing is held of Federal funds target range" in page.words
    assert "as known on 23 Jan 2026" in page.words
    assert SIMULATED not in page.words


def test_the_bundle_holds_every_table_with_its_papers(demo: Evaluator):
    files = contents(bundle(demo, rows=False))
    for name, text in files.items():
        if name.startswith("data/"):
            lines = text.decode().splitlines()
            facts = name in PUBLISHED
            assert (lines[1] == f"# {SIMULATED}, not market prices") != facts, name
            assert not facts or "printed " in lines[1], name
            assert len(pd.read_csv(io.BytesIO(text), comment="#")) > 0, name
    tables = [
        f"data/{one.page}/{table.key}.csv"
        for one in SECTIONS
        for block in one.blocks(demo)
        if (table := taken(block))
    ]
    assert len(tables) == len(set(tables))
    assert set(tables) | {"data/rows.csv"} == {name for name in files if name.startswith("data/")}
    readme = files["README.txt"].decode()
    assert all(name in readme for name in files if name.startswith("data/"))
    assert {"data/overview/indexed.csv", "data/claims/claim_1.csv", "data/claims/firings.csv"} <= files.keys()
    assert f"{SIMULATED}, not market prices." in readme
    assert SIMULATED in files["CITATION.txt"].decode()
    assert FRED_NOTICE in files["LICENCES.txt"].decode()
    chosen = json.loads(files["settings.json"])
    assert (chosen["simulated"], chosen["address"]["lead"]) == (True, "silver")
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "SHA256SUMS"
    }


def test_raw_rows_go_along_only_where_they_may(run, held, tmp_path):
    out = tmp_path / "bundle.zip"
    words = ["bundle", "--as-of", "2026-01-23", "--out"]
    for file in (out, tmp_path / "again.zip"):
        assert run(*words, file, SILVERLEAD_ROWS="false").exit_code == 0
    assert out.read_bytes() == file.read_bytes()
    files = contents(out.read_bytes())
    readme = files["README.txt"].decode()
    assert "data/rows.csv" not in files
    assert "does not hand them on (SILVERLEAD_ROWS)" in readme
    assert "The rate path: not measured. No fed funds contract is held" in readme
    assert run(*words, out).exit_code == 0
    rows = contents(out.read_bytes())["data/rows.csv"]
    table = pd.read_csv(io.BytesIO(rows), comment="#", index_col="date", parse_dates=True)
    assert table.columns.tolist() == ["bitcoin", "real_yield_10y", "silver"]
    assert day(table.index[-1].date()) == "23 Jan 2026"
