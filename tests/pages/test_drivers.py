"""The Drivers page's own choices and refusals."""

from __future__ import annotations

import datetime as dt

from tests.pages.reader import Reader


def test_any_two_days_make_a_move_that_the_address_keeps(live):
    page = Reader("drivers")
    assert page.at.selectbox(key="pick_move").value == "january"
    assert "23 Jan 2026" in page.reading
    picked = page.at.date_input(key="pick_days")
    assert picked.value in ((), [], None)
    picked.set_value((dt.date(2025, 3, 3), dt.date(2025, 9, 30)))
    page.run()
    assert page.address["move"] == "2025-03-03_2025-09-30"
    assert "from 3 Mar 2025 to 30 Sep 2025" in page.reading
    assert page.errors == []
    again = Reader("drivers", page.address)
    assert again.figures()["attribution"] == page.figures()["attribution"]
    assert again.at.selectbox(key="pick_move").value == "2025-03-03_2025-09-30"


def test_a_move_too_early_for_its_betas_says_so_and_can_be_left(live):
    page = Reader("drivers", {"move": "2010-06-01_2010-12-01"})
    assert page.errors == []
    assert "The common history before 1 Jun 2010" in page.words
    assert "goes with" in page.words or "went with" in page.reading
    page.at.selectbox(key="pick_move").set_value("year")
    assert "attribution" in page.run().figures()


def test_each_driver_has_its_betas(live):
    page = Reader("drivers", {"driver": "sp500", "lead": "gold_etf", "follow": "ether"})
    assert "A rise of 1% in the S&P 500 now goes with" in page.words
    assert "% of Gold ETF and " in page.words or "% of ether" in page.words.lower()
    assert "gold_etf" not in page.words


def test_before_the_article_its_move_is_not_over_and_revised_series_give_no_verdict(live):
    page = Reader("drivers", {"as_of": "2025-12-15"})
    assert page.errors == []
    assert (
        "Claim 15 is not measurable: It speaks of the day of the article, which has not come." in page.words
    )
    assert "Not measurable as of this day: today's ledger holds" in page.words
    assert "Jan 2026" not in page.reading
