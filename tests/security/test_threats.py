"""The threats of SECURITY.md that no other test holds."""

from __future__ import annotations

import csv
import io
import logging
import re
import time
from html.parser import HTMLParser
from types import SimpleNamespace

import pandas as pd
import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from analytics import catalogue, view
from analytics.clock.instants import end_of_day
from analytics.errors import BadSetting, BadSymbol, ProviderError
from analytics.ledger import links
from analytics.render.export import chart_page, csv_with_papers
from analytics.settings import Settings, settings
from analytics.sources.fred import Fred
from analytics.sources.pace import Pace
from analytics.view import CONTROLS, DEFAULT
from pages.shell import short, typed
from tests.ledger.rows import NOW
from tests.loopback import fred as wire
from tests.loopback.reply import Reply
from tests.loopback.server import Loopback

MARKUP = '"><script>alert(1)</script><!--'
SECRET = "0123456789abcdef0123456789abcdef"
TEXT = st.text(max_size=80) | st.sampled_from([MARKUP, "=1+1", "\r\nX: y", "\x00", "../..", "javascript:x"])

# ------------------------------------------------------------------------------------------------ injection by address


@given(st.dictionaries(st.sampled_from(list(CONTROLS)), TEXT))
def test_nothing_of_an_address_comes_back_but_a_view(query):
    chosen, problems = view.from_query(query)
    written = view.to_query(chosen)
    assert view.from_query(written) == (chosen, [])
    assert all(re.fullmatch(r"[\w:.+=^-]{1,64}", value, re.ASCII) for value in written.values())
    own = view.from_query(dict.fromkeys(CONTROLS, MARKUP))[1]
    assert {line for line in problems if "could not be read" in line} <= set(own)


class Tags(HTMLParser):
    """How often each tag opens, and what stands in attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)


def test_a_page_taken_away_runs_no_script_of_the_addresss():
    figure = {
        "data": [{"name": MARKUP, "y": [1]}],
        "layout": {"paper_bgcolor": "#fff", "font": {"color": "#000"}},
    }
    made = SimpleNamespace(figure=figure, reading=MARKUP, alt=MARKUP, rule=MARKUP, papers=(), simulated=False)
    whole = chart_page(made, f"http://127.0.0.1/?lead={MARKUP}")
    plain = chart_page(
        SimpleNamespace(**vars(made) | {"reading": "x", "alt": "x", "rule": "x", "figure": figure}), "x"
    )
    assert Tags(whole).tags == Tags(plain).tags
    assert "<script>alert(1)" not in whole


# --------------------------------------------------------------------------------------------- formulas in spreadsheets


@pytest.mark.parametrize(
    "evil",
    ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "－1", '=HYPERLINK("x")', "a#b"],
)
def test_no_cell_is_a_formula_and_no_line_leaves_its_place(evil):
    rows = pd.DataFrame({evil: [evil, "plain"], "value": [-1.5, 2.0]}, index=pd.Index([evil, "b"], name=evil))
    text = csv_with_papers(f"{evil}\n=title", rows, [], [f"note\n{evil}\n=2"], f"http://x/?a={evil}\n=3")
    body = "\n".join(line for line in text.split("\n") if not line.startswith("# "))
    cells = [cell for row in csv.reader(io.StringIO(body, newline="")) for cell in row]
    assert len(cells) == 9
    for cell in cells:
        number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
        assert number or not re.match(r"\s*[=+\-@＝＋－＠]|[\t\r\n]", cell), cell
    assert text.count("\n# ") == 2
    assert all(not line.startswith(("=", "+", "@")) for line in text.split("\n"))


# ------------------------------------------------------------------------------------------------------- typed symbols


@given(st.text(max_size=40) | st.text("./\\%~:@?#& AZ09=^-", max_size=24))
def test_a_symbol_that_passes_is_a_name_and_never_a_path(text):
    try:
        series = catalogue.typed(text)
    except BadSymbol:
        return
    assert re.fullmatch(r"[A-Z0-9.=^-]{1,20}", series.code)
    assert ".." not in series.code


@pytest.mark.parametrize(
    "path",
    [
        "../../x",
        "..",
        "A/..",
        "a\\b",
        "%2e%2e",
        "/etc/passwd",
        "C:\\x",
        "A B",
        "A?x=1",
        "A#b",
        "A&b=c",
        "A\r\nX",
        "A\0",
    ],
)
def test_a_path_is_no_symbol(path):
    with pytest.raises(BadSymbol):
        catalogue.typed(path)
    chosen, problems = view.from_query({"lead": f"yahoo:{path}"})
    assert chosen.lead == DEFAULT.lead
    assert len(problems) == 1


def test_typed_symbols_are_bounded_in_number_and_in_what_is_remembered():
    assert typed._recent.maxlen == typed.MOST_FETCHES <= 20
    assert typed.WITHIN_SECONDS >= 600
    assert typed.MOST_REMEMBERED <= 500


# ---------------------------------------------------------------------------------------------------------- oversized


@pytest.mark.parametrize("name", list(CONTROLS))
@pytest.mark.parametrize("letter", ["9", "a", "\u0660", "-", "2026-01-23T"])
def test_an_oversized_value_is_refused_before_it_is_read(name, letter, monkeypatch):
    read = []
    control = view.Control(read.append, str, "x")
    monkeypatch.setitem(CONTROLS, name, control)
    began = time.perf_counter()
    chosen, problems = view.from_query({name: letter * 1_000_000})
    assert time.perf_counter() - began < 1.0
    assert read == []
    assert chosen == DEFAULT
    assert len(problems[0]) < 300


# ---------------------------------------------------------------------------------------------------------------- logs


def test_an_address_writes_no_line_into_a_log(caplog):
    forged = "x\r\n2026-01-01 CRITICAL forged\x1b[31m"
    with caplog.at_level(logging.DEBUG):
        view.from_query(dict.fromkeys(CONTROLS, forged))
        with pytest.raises(BadSymbol):
            catalogue.typed(forged)
    assert caplog.text == ""


# -------------------------------------------------------------------------------------------------------------- mirrors


@pytest.mark.parametrize(
    "name", ["SILVERLEAD_YAHOO_URL", "SILVERLEAD_FRED_URL", "SILVERLEAD_CFTC_URL", "SILVERLEAD_LBMA_URL"]
)
@pytest.mark.parametrize("value", [
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:6379/_",
    "http://user:password@127.0.0.1/",
    "http://127.0.0.1/?x=",
    "http://127.0.0.1/#x",
    "http:///x",
    "http://127.0.0.1:0/",
    "http://a\r\nHost: b/",
    "//127.0.0.1",
])  # fmt: skip
def test_a_mirror_is_a_plain_address_and_nothing_else(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refused:
        settings()
    assert "password" not in str(refused.value).replace("without a password", "")


def test_an_address_cannot_name_a_mirror_or_any_other_setting():
    assert {name.upper() for name in Settings.model_fields}.isdisjoint(name.upper() for name in CONTROLS)
    query = {name: "http://127.0.0.1:6379/" for name in Settings.model_fields}
    assert view.from_query(query) == (DEFAULT, [])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_mirror_cannot_send_us_to_an_inside_address(status, monkeypatch):
    with Loopback() as inside, Loopback() as mirror, stamina.set_testing(True, attempts=1):
        away = Reply(
            status, "text/html", "<html>", (("Location", f"{inside.address}/graph/fredgraph.csv?id=DGS10"),)
        )
        monkeypatch.setattr(wire, "reply", lambda path, query, state: away)
        now = end_of_day(NOW.date())
        fred = Fred(clock=lambda: now, key=None, base_url=mirror.address, pace=Pace(rate=1_000, burst=1_000))
        with pytest.raises(ProviderError):
            fred(catalogue.get("treasury_10y"), None)
        assert inside.log == []
        assert len(mirror.log) == 1


# -------------------------------------------------------------------------------------------------------------- secrets


def test_settings_do_not_show_their_secrets(monkeypatch):
    monkeypatch.setenv("FRED_API_KEY", SECRET)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:{SECRET}@127.0.0.1/x")
    held = settings()
    assert held.key == SECRET
    for shown in (repr(held), str(held), held.model_dump_json(), repr(held.model_dump())):
        assert SECRET not in shown


# ----------------------------------------------------------------------------------------------------------- enumeration


def test_what_exists_no_more_costs_what_never_existed_costs(any_ledger):
    """A different number of questions to the database would tell the two apart by time."""
    given_ = {"page": "overview", "query": "x", "title": "x", "as_of": None, "now": NOW}
    ended = links.create(any_ledger.engine, **given_)
    over = links.create(any_ledger.engine, **given_, expires_at=NOW)
    links.revoke(any_ledger.engine, ended.id, NOW)
    asked: list[str] = []
    event.listen(
        any_ledger.engine, "before_cursor_execute", lambda c, cursor, text, *rest: asked.append(text)
    )
    runs = []
    for identifier in (ended.id, over.id, "A" * links.LENGTH):
        asked.clear()
        assert links.find(any_ledger.engine, identifier, NOW) is None
        runs.append(list(asked))
    assert runs[0] == runs[1] == runs[2] != []


# ---------------------------------------------------------------------------------------------------------------- denial


def test_short_links_are_bounded_an_hour():
    short._recent.clear()
    try:
        assert all(short._admitted(float(i)) for i in range(short.MOST_MADE))
        assert not short._admitted(100.0)
        assert not short._admitted(short.WITHIN_SECONDS - 0.1)
        assert short._admitted(short.WITHIN_SECONDS + 0.1)
    finally:
        short._recent.clear()
