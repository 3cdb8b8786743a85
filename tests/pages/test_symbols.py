"""Typed symbols: checked, fetched once, refused with a clear sentence, and bounded."""

from __future__ import annotations

import pytest

from pages.shell import load, typed
from tests.loopback.server import Loopback
from tests.pages.reader import Reader
from tests.pages.served import mirrors


@pytest.fixture
def source():
    with Loopback() as server:
        yield server


@pytest.fixture
def live(source, history, opened):
    """The app with its sources up, nothing due."""
    opened(history, **mirrors(source.address))
    return source


def asked(source: Loopback) -> list[str]:
    """The symbols that were asked for."""
    return [path.split("?")[0].rsplit("/", 1)[-1] for _, path, _ in source.log if "/chart/" in path]


def type_into(page: Reader, key: str, text: str) -> Reader:
    """Write a new option into a selection box."""
    box = page.at.selectbox(key)
    box.options.append(text)
    box.set_value(text)
    return page.run()


def test_a_symbol_is_fetched_once_and_shown_on_every_page(live):
    page = type_into(Reader("divergence"), "pick_follow", "ada-usd")
    assert page.errors == []
    assert page.address["follow"] == "yahoo:ADA-USD"
    (doubt,) = page.texts("warning")  # no other source bears a typed symbol out
    assert doubt.startswith("**Unconfirmed:** only its own source says what ADA-USD was worth.")
    assert "ADA-USD" in page.figures()["indexed"]["data"][1]["name"]
    for slug in ("overview", "data", "divergence"):
        page.go(slug)
        assert page.errors == []
    Reader("divergence", {"follow": "yahoo:ADA-USD"})
    assert asked(live) == ["ADA-USD"]


def test_a_symbol_that_the_catalogue_has_is_the_catalogues_series(live):
    page = type_into(Reader("overview"), "pick_lead", "hg=f")
    assert page.address["lead"] == "copper"
    assert asked(live) == []


def test_a_symbol_in_a_link_is_fetched_for_whoever_opens_it(live):
    page = Reader("overview", {"follow": "yahoo:7203.T"})
    assert page.errors == []
    assert "7203.T" in page.reading
    assert asked(live) == ["7203.T"]


def test_an_unknown_symbol_is_refused_with_a_sentence_and_not_asked_for_again(live):
    page = Reader("divergence", {"follow": "yahoo:NOPE"})
    assert page.errors == []
    said = page.texts("warning")[0]
    assert "NOPE" in said
    assert "knows no such symbol" in said
    assert "Bitcoin in US dollars is shown instead." in said
    assert page.address["follow"] == "bitcoin"
    assert "indexed" in page.figures()
    for _ in range(3):
        again = Reader("overview", {"follow": "yahoo:NOPE"})
        assert "knows no such symbol" in again.texts("warning")[0]
    assert asked(live) == ["NOPE"]


def test_the_pair_stays_a_pair_when_the_symbol_beside_bitcoin_is_refused(live):
    page = Reader("overview", {"lead": "bitcoin", "follow": "yahoo:NOPE"})
    assert page.errors == []
    assert page.address["lead"] != page.address["follow"]
    assert "indexed" in page.figures()


def test_what_cannot_be_a_symbol_is_refused_without_asking_anybody(live):
    for text, why in (
        ("AAPL; DROP TABLE", "letters, digits"),
        ("<script>", "letters, digits"),
        ("A" * 21, "longer than 20 characters"),
        ("../../etc/passwd", "letters, digits"),
        ("ßß", "letters, digits"),
        ("   ", "empty"),
    ):
        page = type_into(Reader("overview"), "pick_follow", text)
        assert page.errors == [], text
        assert why in "\n".join(page.texts("warning")), text
        assert page.address["follow"] == "bitcoin", text
    assert asked(live) == []


def test_the_same_series_twice_is_refused_where_it_is_picked(live):
    page = type_into(Reader("overview"), "pick_follow", "SI=F")
    assert page.errors == []
    assert "already on the other side" in page.texts("warning")[0]
    assert (page.address["lead"], page.address["follow"]) == ("silver", "bitcoin")


@pytest.mark.parametrize("query", [
    {"lead": "bitcoin"},
    {"follow": "silver"},
    {"lead": "gold", "follow": "gold"},
    {"lead": "yahoo:ADA-USD", "follow": "yahoo:ADA-USD"},
    {"lead": "yahoo:SI=F", "follow": "silver"},
])  # fmt: skip
def test_the_same_series_twice_in_an_address_is_said(live, query):
    page = Reader("divergence", query)
    assert page.errors == []
    assert "same series twice" in page.texts("warning")[0]
    assert (page.address["lead"], page.address["follow"]) == ("silver", "bitcoin")
    assert "indexed" in page.figures()


def test_links_cannot_make_the_server_hammer_a_source(live):
    for i in range(typed.MOST_FETCHES + 5):
        page = Reader("overview", {"follow": f"yahoo:NOPE{i}"})
    assert "Too many new symbols" in page.texts("warning")[0]
    assert len(asked(live)) == typed.MOST_FETCHES


def test_a_source_that_is_down_costs_the_symbol_and_not_the_page(live):
    live.mode = "500"
    page = Reader("overview", {"follow": "yahoo:ADA-USD"})
    assert page.errors == []
    assert "failed with status 500" in page.texts("warning")[0]
    assert "indexed" in page.figures()


def test_the_demo_has_no_symbols_beyond_its_own(simulated, opened):
    opened(simulated, SILVERLEAD_DATA="demo")
    page = Reader("overview", {"follow": "yahoo:ADA-USD"})
    assert page.errors == []
    assert "Typed symbols need live data" in page.texts("warning")[0]
    assert "indexed" in page.figures()


def test_a_symbol_can_be_taken_out_of_the_refresh_on_the_data_page(live):
    page = type_into(Reader("divergence"), "pick_follow", "ada-usd")
    page.go("data")
    assert "#### Typed symbols" in page.texts("markdown")
    assert "ADA-USD" in page.words
    page.at.button("remove_yahoo:ADA-USD").click()
    page.run()
    assert page.errors == []
    assert "#### Typed symbols" not in page.texts("markdown")
    assert typed.kept(load.desk()) == []
    assert "yahoo:ADA-USD" in load.desk().ledger.series_keys()


def test_whoever_may_not_refresh_removes_nothing(live, monkeypatch):
    monkeypatch.setattr(typed.access, "may_refresh", lambda: False)
    monkeypatch.setattr(typed.symbols, "remove", lambda *_: pytest.fail("removed"))
    page = type_into(Reader("divergence"), "pick_follow", "ada-usd")
    page.go("data")
    assert "#### Typed symbols" not in page.texts("markdown")
    typed.remove("yahoo:ADA-USD")
