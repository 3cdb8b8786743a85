"""What a reader takes away: a CSV that no spreadsheet runs and a page that no text breaks."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import catalogue
from analytics.panel import Papers
from analytics.published import dated_events
from analytics.published.provenance import of_events
from analytics.render.chart import SIMULATED, Chart
from analytics.render.export import (
    FRED_NOTICE,
    MOST_ROWS,
    Shown,
    chart_page,
    csv_with_papers,
    licences,
    page_file,
    paper_line,
)

DAYS = pd.DatetimeIndex(["2026-06-04", "2026-06-05"], name="date")
HOSTILE = ["=1+1", "+1", "-1+1|cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "-"]


def papers(key: str = "silver", **changes: object) -> Papers:
    row = catalogue.get(key)
    names = ("key", "title", "unit", "publisher", "provider", "code", "licence")
    known = dt.datetime(2026, 6, 5, 22, tzinfo=dt.UTC)
    dates = {"first": dt.date(2000, 8, 30), "last": dt.date(2026, 6, 5), "n": 6451, "known_at": known}
    marks = dict.fromkeys(("estimated", "later_vintage", "stale", "simulated"), False)
    return Papers(**{name: getattr(row, name) for name in names} | dates | marks | changes)


def parsed(text: str) -> list[list[str]]:
    """The rows below the comment lines, as any CSV reader sees them."""
    body = re.sub(r"\A(#[^\n]*\n)+", "", text)
    return list(csv.reader(io.StringIO(body)))


# -------------------------------------------------------------------------------------------------------------- CSV


def test_a_table_travels_under_its_papers():
    table = pd.DataFrame({"silver": [69.80999755859375, np.nan], "n": [1, -2]}, DAYS)
    text = csv_with_papers("Both legs", table, [papers()], ["a rule"], "https://x.example/?a=1")
    lines = text.split("\n")
    assert lines[:4] == [
        "# Both legs",
        "# Silver, COMEX front-month future [$/oz]: Yahoo SI=F, COMEX (CME Group), by way of Yahoo Finance; 30 Aug 2000 "
        "to 5 Jun 2026, n = 6,451; recorded release times. Yahoo Finance terms: personal use only; rows may not be handed on.",
        "# a rule",
        "# https://x.example/?a=1",
    ]
    assert lines[4:] == ["date,silver,n", "2026-06-04,69.80999756,1", "2026-06-05,,-2", ""]
    back = pd.read_csv(io.StringIO(text), comment="#", index_col=0, parse_dates=True)
    assert back["n"].tolist() == [1, -2]
    assert back["silver"].isna().tolist() == [False, True]


def test_simulated_data_say_so_before_anything_else():
    text = csv_with_papers("Title", pd.DataFrame({"x": [1.0, 2.0]}, DAYS), [papers(simulated=True)], [])
    assert text.split("\n")[1] == f"# {SIMULATED}, not market prices"
    assert "Yahoo SI=F" not in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"estimated": True}, "estimated release dates. "),
        ({"later_vintage": True}, "recorded release times; values of a later vintage. "),
        ({"simulated": True}, ": Simulated demo data, "),
    ],
)
def test_the_papers_line_names_what_a_reader_must_know(changes, says):
    assert says in paper_line(papers(**changes))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(text):
    table = pd.DataFrame({"name": [text, "plain"], text: [1.0, 2.0]}, pd.Index([text, "b"], name=text))
    rows = parsed(csv_with_papers("Title", table, [], []))
    cells = [rows[0][0], rows[0][2], rows[1][0], rows[1][1]]
    assert cells == ["'" + text] * 4


@pytest.mark.parametrize("text", ["Title\nx,=1+1", "Title\r\n=cmd()", "a\x0b=1", "a\u2028=1"])
def test_no_line_of_papers_becomes_a_row(text):
    out = csv_with_papers(text, pd.DataFrame({"x": [1.0, 2.0]}, DAYS), [papers(title=text)], [text], text)
    assert [line[0] for line in out.splitlines()[:4]] == ["#"] * 4
    assert len(parsed(out)) == 3


def test_numbers_stay_numbers():
    columns = {"a": [-1.5, 2.0], "b": np.array([-1, 2]), "c": np.array([-0.5, 1e-9], "f4"), "d": [-1, None]}
    rows = parsed(csv_with_papers("T", pd.DataFrame(columns, pd.Index([-1, 2], name="lag")), [], []))
    assert rows[1] == ["-1", "-1.5", "-1", "-0.5", "-1"]
    assert float(rows[2][3]) == pytest.approx(1e-9)
    assert rows[2][4] == ""


def test_instants_keep_their_time_and_days_have_none():
    index = pd.DatetimeIndex(["2026-06-05 22:00", "2026-06-06"], tz="UTC", name="at")
    rows = parsed(csv_with_papers("T", pd.DataFrame({"x": [1.0, 2.0]}, index), [], []))
    assert [row[0] for row in rows] == ["at", "2026-06-05T22:00:00+00:00", "2026-06-06"]


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12), min_size=1, max_size=4
    )
)
def test_any_text_comes_back_from_the_file(cells):
    table = pd.DataFrame({"x": cells}, pd.RangeIndex(len(cells), name="n"))
    text = csv_with_papers("Title", table, [papers()], [])
    assert [row[1].removeprefix("'") for row in parsed(text)[1:]] == [
        cell.removeprefix("'") for cell in cells
    ]
    back = pd.read_csv(
        io.StringIO(text), comment="#", dtype=str, keep_default_na=False, skip_blank_lines=False
    )
    assert len(back) == len(cells)


# ------------------------------------------------------------------------------------------------------------- HTML


class Page(HTMLParser):
    """What a browser's parser makes of a page: its elements, the text of its scripts, its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.words += data


ATTACKS = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "\" onload='x' a=\"",
    "&lt;",
    "]]>",
]


def chart(text: str, **changes: object) -> Chart:
    figure = {
        "data": [{"type": "scatter", "name": text, "x": [1, 2], "y": [1.0, 2.0], "text": [text]}],
        "layout": {"title": {"text": text}, "paper_bgcolor": "#ffffff", "font": {"color": "#111111"}},
    }
    plain = {
        "key": "key",
        "figure": figure,
        "rows": pd.DataFrame(),
        "papers": (papers(title=text, licence=text),),
    }
    words = dict.fromkeys(("reading", "alt", "rule", "method"), text)
    return Chart(**{**words, **plain, **changes})


@pytest.fixture(autouse=True)
def _short_plotly(monkeypatch):
    """4 MB of plotly.js say nothing about our own text; one test reads them."""
    monkeypatch.setattr("plotly.offline.get_plotlyjs", lambda: "var Plotly={};")


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_of_a_chart_becomes_markup(text):
    page = Page(chart_page(chart(text), text))
    assert [tag for tag, _ in page.tags] == [
        "html", "head", "meta", "meta", "title", "style", "script", "body", "h1", "div", "script", "p", "ul", "li", "p",
    ]  # fmt: skip
    assert next(attrs for tag, attrs in page.tags if tag == "div")["aria-label"] == text
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    figure = re.fullmatch(r"var f=(.*);Plotly\.newPlot\('chart',f\.data,f\.layout,\{.*\}\)", page.scripts[1])
    assert figure is not None
    assert json.loads(figure[1]) == chart(text).figure
    assert "<" not in figure[1]
    assert page.words.count(text) >= 4  # title, heading, rule, papers: as text


@pytest.mark.parametrize("text", ATTACKS)
def test_a_whole_page_is_its_sentence_and_everything_shown_with_its_papers_and_no_markup(text):
    rows = pd.DataFrame({text: [text] * (MOST_ROWS + 1)})
    several = [
        Shown(text, rows, (papers(title=text),), text, chart(text)),
        Shown(text, rows, (papers(simulated=True),), text),
        Shown(text, rows, (), text, chart(text)),
    ]
    page = Page(page_file(text, text, several, text))
    drawn = [attrs for tag, attrs in page.tags if tag == "div" and attrs.get("role") == "img"]
    assert [attrs["id"] for attrs in drawn] == ["chart", "chart2"]
    assert len(page.scripts) == 3  # plotly, and one a chart
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "script", "body", "h1", "h2", "p", "strong", "div", "ul", "li", "table",
        "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert [tag for tag, _ in page.tags].count("tr") == MOST_ROWS + 1
    assert f"The first {MOST_ROWS} of {MOST_ROWS + 1} rows." in page.words
    assert f"{SIMULATED}, not market prices." in page.words
    assert page.words.rstrip().endswith(text)


def test_a_page_says_that_it_is_simulated():
    real, made = chart("x"), chart("x", papers=(papers(simulated=True),))
    assert SIMULATED not in chart_page(real)
    assert f"<strong>{SIMULATED}</strong>, not market prices." in chart_page(made)


def test_a_page_asks_nobody(monkeypatch):
    monkeypatch.undo()
    page = Page(chart_page(chart("x"), ""))
    assert len(page.scripts) == 2
    assert len(page.scripts[0]) > 1_000_000
    assert not any({"src", "href"} & attrs.keys() for _, attrs in page.tags)


def test_licences_are_told_once_each_with_freds_notice():
    several = {key: papers(key) for key in ("silver", "gold", "cpi", "core_cpi")}
    months = {key: papers(key) for key in ("zq_2026_07", "zq_2026_08")}
    prints = of_events(dated_events.known(dt.date(2026, 6, 5)))
    text = licences([*several.values(), replace(several["silver"]), *months.values(), *prints])
    assert text.count("Yahoo SI=F") == 1
    (contracts,) = [line for line in text.splitlines() if "contract months" in line]
    assert contracts.startswith("Yahoo ZQ, 2 fed funds")
    assert "ZQ" not in text.replace(contracts, "")
    assert f"{prints[0].title}: published figures" in text
    assert text.splitlines()[-1] == FRED_NOTICE
    assert licences([papers(simulated=True)]).startswith(f"{SIMULATED}: made by Silverlead")
    assert "not endorsed or certified by the Federal Reserve Bank of St. Louis" in FRED_NOTICE
