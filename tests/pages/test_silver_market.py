"""The Silver market page: the print known on the day, the print asked for, and facts beside simulated prices."""

from __future__ import annotations

from analytics.render.chart import SIMULATED
from tests.pages.reader import Reader
from tests.render.drawn import numbers

THEN = {"as_of": "2026-01-23"}
LATER = ("40.3", "46.3", "Apr 2026", "Survey 2026", "outlook 2026", "902.8", "894")
"""Traces of what was printed after the article's day."""


def everything(page: Reader) -> str:
    """All that the page shows: words, figures, alternative texts, tables, the choices of its controls."""
    options = [f"{option}" for box in page.at.selectbox for option in box.options]
    tables = [table.to_csv() for table in page.tables()]
    return "\n".join([page.words, f"{page.figures()}", f"{page.alts()}", *options, *tables])


def balance(page: Reader) -> dict[str, float]:
    bars = page.figures()["balance"]["data"][0]
    return dict(zip(bars["x"], numbers(bars["y"]).tolist(), strict=True))


def test_on_the_article_s_day_the_november_print_is_shown_and_nothing_later(live):
    page = Reader("silver_market", THEN)
    assert page.errors == []
    assert balance(page) == {"2023": -200.6, "2024": -148.9, "2025F": -95.0}
    assert "2025 was expected to be short by about 95 million ounces" in page.reading
    assert not [trace for trace in LATER if trace in everything(page)]
    assert "secondary transcription" in page.words


def test_today_the_last_survey_is_shown(live):
    page = Reader("silver_market")
    assert (balance(page)["2025"], balance(page)["2026F"]) == (-40.3, -46.3)
    assert {"balance", "revisions", "flows", "mix", "stocks", "mine_and_price", "spans"} == set(
        page.figures()
    )
    claims = [text for text in page.texts("markdown") if text.startswith("**2") or text.startswith("**1")]
    assert [text[2:4] for text in claims] == [f"{claim}" for claim in range(16, 23)]
    assert ":material/check_circle: Supported: " in claims[0]
    assert "threshold: at least 3" in claims[0]
    assert "Not measurable. It would take: Flows between vaults" in claims[4]
    assert ":material/remove_circle: Not supported: " in claims[6]
    assert "threshold: more than 0" in claims[6]


def test_a_print_can_be_chosen_and_is_in_the_link(live):
    page = Reader("silver_market")
    page.at.selectbox("pick_vintage").set_value("2025-04-16")
    page.run()
    assert page.address["vintage"] == "2025-04-16"
    assert balance(page) == {"2023": -200.6, "2024": -148.9, "2025F": -117.6}
    assert page.reading.startswith("As printed in World Silver Survey 2025")


def test_a_print_that_was_not_out_is_refused_and_the_known_one_is_shown(live):
    page = Reader("silver_market", {**THEN, "vintage": "2026-04-30"})
    assert page.errors == []
    assert "had not been published by 23 Jan 2026" in "\n".join(page.texts("warning"))
    assert balance(page)["2025F"] == -95.0
    assert page.at.selectbox("pick_vintage").value == "known"
    assert not [trace for trace in LATER if trace in everything(page)]


def test_published_facts_stand_on_simulated_prices_and_say_so(stage):
    stage("demo")
    page = Reader("silver_market")
    assert "real published facts; only prices are simulated" in page.words
    assert "Nothing here is a fact" not in page.words
    captions = [text for text in page.texts("caption") if "World Silver Survey" in text]
    simulated = [text for text in captions if SIMULATED in text]
    assert len(simulated) == 1
    assert len(captions) > 5
    assert balance(page)["2025"] == -40.3
