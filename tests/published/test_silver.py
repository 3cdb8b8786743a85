from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.published import silver

ARTICLE, TODAY = dt.date(2026, 1, 23), dt.date(2026, 10, 31)
LATEST = silver.vintages()[-1]
TABLE_YEARS = range(2017, 2027)


def test_balances_are_those_printed_in_april_2026() -> None:
    printed = [53.3, 15.0, 11.1, 52.5, -83.7, -254.0, -200.1, -137.9, -40.3, -46.3]
    found = silver.balances(TODAY)
    assert [(figure.year, figure.value) for figure in found] == list(zip(TABLE_YEARS, printed, strict=True))
    assert [figure.year for figure in found if figure.forecast] == [2026]


@pytest.mark.parametrize(
    ("item", "total"),
    [  # column sums of the product's list, 2017 to the last year printed: a slip in any digit shows
        ("supply", 10260.1), ("demand", 10890.1), ("mine", 8324.7), ("recycling", 1844.7),
        ("industrial", 5880.6),
        ("photovoltaic", 1127.8), ("jewellery", 1757.7), ("silverware", 483.9), ("photography", 253.8),
        ("coin_bar", 2253.9), ("etp", 686.0),
    ],
)  # fmt: skip
def test_columns_add_up_as_transcribed(item: str, total: float) -> None:
    assert sum(figure.value for figure in silver.known(item, TODAY)) == pytest.approx(total, abs=1e-6)


def test_on_the_article_s_day_the_november_print_was_the_one_to_know() -> None:
    known = {figure.year: figure for figure in silver.balances(ARTICLE)}
    assert (known[2025].value, known[2025].vintage, known[2025].forecast) == (-95.0, "interim_2025", True)
    assert (known[2024].value, known[2024].vintage) == (-148.9, "survey_2025")
    assert 2026 not in known


@pytest.mark.parametrize(
    ("year", "values"),
    [(2024, [-148.9, -137.9]), (2025, [-117.6, -95.0, -40.3]), (2026, [-67.0, -46.3])],
)
def test_the_same_year_by_vintage(year: int, values: list[float]) -> None:
    found = silver.by_vintage("balance", year, TODAY)
    assert [figure.value for figure in found] == values
    assert [figure.printed for figure in found] == sorted(figure.printed for figure in found)


@given(st.dates(dt.date(2025, 1, 1), dt.date(2027, 1, 1)), st.sampled_from(silver.ITEMS))
def test_nothing_printed_later_is_known(known_by: dt.date, item: str) -> None:
    figures = silver.known(item, known_by)
    assert all(figure.printed <= known_by and figure.item == item for figure in figures)
    assert len({figure.year for figure in figures}) == len(figures)
    for figure in figures:
        assert figure == silver.by_vintage(item, figure.year, known_by)[-1]


def test_a_superseded_figure_does_not_outlive_its_print() -> None:
    february, later = dt.date(2026, 2, 10), dt.date(2026, 5, 1)
    assert [figure.value for figure in silver.known("jewellery", february)] == [178.0]
    assert 2026 not in {figure.year for figure in silver.known("jewellery", later)}


def test_before_the_first_print_nothing_is_known() -> None:
    first = dt.date(2025, 4, 15)
    assert silver.balances(first) == ()
    assert silver.stocks(first) == ()
    assert silver.byproduct_share(first) is None


def test_every_figure_carries_its_papers() -> None:
    for vintage in silver.vintages():
        assert vintage.note
        assert vintage.figures
        for figure in vintage.figures:
            assert figure.item in silver.ITEMS
            assert (figure.vintage, figure.printed, figure.secondary) == (vintage.key, vintage.printed, True)
            assert len(figure.source) > 20
            assert figure.value == round(figure.value, 1 if vintage.precision < 1 else 0)
            assert figure.forecast == (figure.year >= vintage.printed.year)


def test_an_inexact_day_of_print_is_the_end_of_its_month() -> None:
    for vintage in silver.vintages():
        assert vintage.exact or (vintage.printed + dt.timedelta(days=1)).day == 1


def test_printed_balances_are_supply_less_demand() -> None:
    residuals = [r for vintage in silver.vintages() for r in silver.check(vintage)]
    assert not [r for r in residuals if r.identity in ("balance", "photovoltaic")]
    assert all(r.explained for r in residuals)


def test_what_the_parts_miss_is_hedging_and_official_sales() -> None:
    found = {(r.year, r.identity): r for r in silver.check(LATEST)}
    assert found[2025, "supply"].value == pytest.approx(46.2)
    assert found[2022, "demand"].value == pytest.approx(17.9)
    assert "2022" in found[2022, "demand"].text
    assert "+17.9" in found[2022, "demand"].text
    # Net hedging is on one side of the table in a year: where supply lacks more than official sales do,
    # demand lacks nothing.
    for year in TABLE_YEARS:
        supply = found.get((year, "supply"))
        assert supply is None or supply.value < 2 or (year, "demand") not in found


def altered(**values: float) -> silver.Vintage:
    """The latest print with figures of 2021 replaced."""
    figures = (
        dataclasses.replace(f, value=values[f.item]) if f.year == 2021 and f.item in values else f
        for f in LATEST.figures
    )
    return dataclasses.replace(LATEST, figures=tuple(figures))


@pytest.mark.parametrize(
    ("slip", "identity", "value"),
    [
        ({"balance": -80.1}, "balance", 3.6),
        ({"mine": 852.4}, "supply", -25.5),
        ({"coin_bar": 385.3}, "demand", -96.4),
        ({"photovoltaic": 889.0}, "photovoltaic", -324.9),
    ],
)
def test_a_slip_in_a_digit_is_found_and_named(slip: dict[str, float], identity: str, value: float) -> None:
    wrong = [residual for residual in silver.check(altered(**slip)) if not residual.explained]
    assert [(r.year, r.identity) for r in wrong] == [(2021, identity)]
    assert wrong[0].value == pytest.approx(value)
    assert "World Silver Survey 2026, 2021" in wrong[0].text


def test_a_rounding_difference_is_no_residual() -> None:
    assert not [r for r in silver.check(altered(balance=-83.9)) if r.identity == "balance"]
    assert [r for r in silver.check(altered(balance=-84.0)) if r.identity == "balance"]


def test_visible_stocks_at_the_end_of_2025() -> None:
    end = {s.place: s.value for s in silver.stocks(TODAY) if s.day == dt.date(2025, 12, 31)}
    vaults = ("london", "cme", "sge", "shfe", "other")
    assert sum(end[place] for place in vaults) == pytest.approx(1394.5)
    assert (end["etp"], end["etp_in_london"]) == (1317.6, 695.0)
    assert end["etp_in_london"] < min(end["etp"], end["london"])


def test_london_s_vaults_as_known_then_and_now() -> None:
    then = [s.value for s in silver.stocks(ARTICLE) if s.place == "london"]
    now = [s.value for s in silver.stocks(TODAY) if s.place == "london"]
    assert (then, now) == ([764.9], [764.9, 894.4, 902.8])


def test_by_product_share() -> None:
    share = silver.byproduct_share(ARTICLE)
    assert share is not None
    assert (share.value, share.year, share.secondary) == (72.0, 2024, True)


def test_policy_on_the_article_s_day() -> None:
    titles = [event.title for event in silver.policy(ARTICLE)]
    assert titles[:2] == ["US announces reciprocal tariffs", "Silver on draft critical minerals list"]
    assert "Section 232: no tariff on minerals" in titles
    assert not any("Supreme Court" in title for title in titles)


def test_figures_are_frozen_and_absent_ones_are_none() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        LATEST.figures[0].value = 0.0  # type: ignore[misc]
    assert LATEST.value("jewellery", 2026) is None
    assert LATEST.value("supply", 2016) is None
