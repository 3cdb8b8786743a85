"""Silver's balance as printed: one print, each year's last, and what the day did not know yet."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.published import provenance, silver
from analytics.topics.silver_market.measures.silver_prints import KNOWN, silver_prints
from analytics.topics.silver_market.measures.silver_stocks import visible_stocks

BEFORE, ARTICLE, TODAY = dt.date(2025, 1, 1), dt.date(2026, 1, 23), dt.date(2026, 10, 31)


def values(figures):
    return {figure.year: figure.value for figure in figures}


def test_known_is_each_year_s_last_print():
    found = silver_prints(ARTICLE)
    assert values(found.balance) == {2023: -200.6, 2024: -148.9, 2025: -95.0}
    assert values(found.demand) == {2025: 1148.3}
    assert (found.chosen, found.refused, found.sentence) == (None, "", "")
    assert [v.key for v in found.prints] == ["interim_2025", "survey_2025"]


def test_a_print_alone_shows_its_own_figures_only():
    found = silver_prints(TODAY, "2025-04-16")
    assert found.chosen.key == "survey_2025"
    assert values(found.balance) == {2023: -200.6, 2024: -148.9, 2025: -117.6}
    assert values(found.supply) == {2025: 1030.6}
    assert found.mix.empty
    said = "As printed in World Silver Survey 2025, 2025 was expected to be short by 117.6 million ounces."
    assert found.sentence == said


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("2026-04-30", "had not been published by 23 Jan 2026"),
        ("2099-12-31", "had not been published by 23 Jan 2026"),
        ("2025-12-24", "No print of silver's balance bears the date 24 Dec 2025"),
    ],
)
def test_a_print_that_was_not_out_is_refused_and_nothing_of_it_is_said(asked, why):
    found, known = silver_prints(ARTICLE, asked), silver_prints(ARTICLE)
    assert why in found.refused
    assert found.refused.endswith("Each year is shown as its last print known then has it.")
    assert "Apr 2026" not in found.refused
    assert (found.chosen, found.balance, found.revisions) == (None, known.balance, known.revisions)


def test_a_year_print_by_print():
    then, now = silver_prints(ARTICLE).revisions, silver_prints(TODAY).revisions
    assert {year: [f.value for f in figures] for year, figures in then.items()} == {2025: [-117.6, -95.0]}
    assert {year: [f.value for f in figures] for year, figures in now.items()} == {
        2023: [-200.6, -200.1],
        2024: [-148.9, -137.9],
        2025: [-117.6, -95.0, -40.3],
        2026: [-67.0, -46.3],
    }


def test_the_mix_is_the_printed_uses_and_its_shares_add_up():
    found = silver_prints(TODAY)
    assert list(found.mix.index) == list(range(2017, 2026))
    assert found.mix.loc[2025].sum() == pytest.approx(657.4 + 189.3 + 42.1 + 24.2 + 217.7)
    assert found.mix.loc[2025, "industrial"] == pytest.approx(657.4 - 186.6)
    assert found.shares.sum(axis=1).to_numpy() == pytest.approx(100.0)
    assert silver_prints(ARTICLE).mix.empty


def test_before_the_first_print_there_is_nothing():
    found = silver_prints(BEFORE, KNOWN)
    assert (found.prints, found.balance, found.supply, found.revisions) == ((), (), (), {})
    assert found.mix.empty
    assert visible_stocks(BEFORE) is None


def test_visible_stocks_then_and_now():
    then, now = visible_stocks(ARTICLE), visible_stocks(TODAY)
    assert [(s.place, s.value) for s in then.stocks] == [("london", 764.9)]
    assert then.funds_elsewhere is None
    assert then.sentence == "London's vaults held 765 million ounces on 30 Jun 2025."
    assert [s.value for s in now.stocks if s.place == "london"] == [764.9, 894.4, 902.8]
    assert "etp_in_london" not in {s.place for s in now.stocks}
    assert now.funds_elsewhere == pytest.approx(1317.6 - 695.0)
    assert now.sentence.startswith("London's vaults held 903 million ounces on 30 Jun 2026, 18% more")


def test_papers_of_figures_name_each_print_once_and_say_how_it_was_read():
    found = provenance.of_figures(silver.balances(ARTICLE))
    assert [(paper.title, paper.covers, paper.n) for paper in found] == [
        ("World Silver Survey 2025", "2023 to 2024", 2),
        ("Interim Silver Market Review 2025", "2025", 1),
    ]
    assert found[0].source == "World Silver Survey 2025, printed 16 Apr 2025"
    assert "secondary transcription, not read in the print itself" in found[0].line
    assert "release of 16 April 2025" in found[0].line
    assert not found[0].simulated
    (survey,) = provenance.of_figures(silver.balances(TODAY))
    assert survey.when == "Apr 2026"


def test_papers_of_stocks_shares_and_events():
    stocks = provenance.of_stocks(silver.stocks(TODAY))
    assert sum(paper.n for paper in stocks) == len(silver.stocks(TODAY))
    assert provenance.of_share(silver.byproduct_share(TODAY)).unit == "% of mine output"
    events = provenance.of_events(silver.policy(ARTICLE))
    assert [paper.source for paper in events] == [event.source for event in silver.policy(ARTICLE)]
