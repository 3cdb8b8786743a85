"""Contract prices from files, and the two commands that read them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analytics.cli.rates_commands import fedwatch, import_zq, imported, parse_range
from analytics.clock.instants import end_of_day
from analytics.errors import BadChoice, BadFile
from analytics.ledger import Ledger
from analytics.sources import contracts_file

NOW = end_of_day(dt.date(2026, 6, 5))
# The vector of 14 Jul 2026 (docs/methods.md#odds-of-a-move): prices and CME's published odds of the first two meetings.
T1 = "ZQN26,96.3688\nZQQ26,96.2825\n2026-09,96.2175\n2026-10,96.1325\n2026-11,96.0725\n2026-12,96.0000\n2027-01,95.9650\n"


JULY, AUGUST = dt.date(2026, 7, 1), dt.date(2026, 8, 1)
DAY = dt.date(2026, 7, 14)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "prices.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_fedwatch_gives_the_published_odds(tmp_path: Path) -> None:
    found = fedwatch(written(tmp_path, "month,price\n" + T1), "2026-07-14", "3.50-3.75", "auto")
    july, september = found.meetings[:2]
    assert july.probabilities == pytest.approx({3.5: 63.1, 3.75: 36.9}, abs=0.1)
    assert [september.probabilities[level] for level in (3.5, 3.75, 4.0)] == pytest.approx(
        [26.9, 51.9, 21.2], abs=0.1
    )


def test_an_import_fills_only_what_is_missing(tmp_path: Path, ledger: Ledger) -> None:
    path = written(tmp_path, "date,month,price\n2026-01-22,2026-07,96.5\n2026-01-23,ZQN26,96.6\n")
    assert import_zq(ledger, path, NOW)["added"] == 2
    again = written(tmp_path, "date,month,price\n2026-01-23,2026-07,90.0\n2026-01-26,2026-07,96.7\n")
    assert import_zq(ledger, again, NOW)["added"] == 1
    held = ledger.read(["zq_2026_07"], end_of_day(dt.date(2026, 1, 23)))["zq_2026_07", "close"]
    assert held.values.tolist() == [96.5, 96.6]
    assert ledger.revisions() == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("date,price\n", "no column month; its first line names date, price"),
        ("", "is empty"),
        (
            "date,month,price\n2026-01-24,2026-07,96\n",
            "Line 2: 2026-01-24 is a Saturday, on which no contract trades",
        ),
        (
            "date,month,price\n2026-08-03,2026-07,96\n",
            "Line 2: the contract of 2026-07 had expired on 2026-08-03",
        ),
        (
            "date,month,price\n2026-01-23,2026-07,96.5\n\n2026-01-23,ZQN6,96.6\n",
            "Line 4: 2026-07 is 96.6 on 2026-01-23, but 96.5 in line 2",
        ),
        (
            "date,month,price\n2026-01-23,2026-07,96,5\n",
            "Line 2 has 4 fields where the first line names 3. A decimal comma",
        ),
        ("date;month;price\n2026-01-23;2026-07\n", "Line 2 has 2 fields where the first line names 3"),
        ("date\tmonth\tprice\n2026-01-23\t2026-07\t96 1/2\n", "'96 1/2' is no price"),
        ("date,month,price\n2026-01-23,2026-07,zero\n", "Line 2: 'zero' is no price"),
        ("date,month,price\n23.1.2026,2026-07,96\n", "is no date"),
        ("date,month,price\n2026-01-23,July,96\n", "is no contract month"),
        ("date,month,price\n2026-01-23,2026-07,9600\n", "cannot be a fed funds price"),
        ("date,month,price\n", "holds no prices"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_stores_nothing(
    text: str, says: str, tmp_path: Path, ledger: Ledger
) -> None:
    with pytest.raises(BadFile, match=says):
        import_zq(ledger, written(tmp_path, text), NOW)
    assert ledger.series_keys() == []


def test_a_month_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "month,price\n2026-07,96\nZQN26,96\n")
    with pytest.raises(BadFile, match="Line 3: 2026-07 stands twice"):
        contracts_file.read_settlements(path, DAY)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("month,price\nZQN6,96.3688\nZQQ6,96.2825\n", "utf-8"),
        ("month;price\n2026-07;96,3688\n2026-08;96,2825\n", "utf-8"),
        ("Month\tPrice\r\nJUL 26\t96.3688A\r\nAUG 26\t96.2825b\r\n", "utf-8-sig"),
        ('"Month","Price"\n"JLY 26","96,3688"\n"Aug-26","96,2825"\n', "utf-8"),
        ("sep=;\nContract;Settle\nFFN6;96,3688\nFFQ26;96,2825\n", "utf-8-sig"),
        ("Month\tOpen\tSettle\nJUL 26\t-\t96.3688\nAUG 26\t96.1\t96.2825\nSEP 26\t-\t-\n", "utf-16"),
        ("\ufeffMONTH|LAST\n2026/07|96.3688\n\n202608|96.2825\n", "utf-8"),
    ],
)
def test_settlements_are_read_as_people_have_them(text: str, encoding: str, tmp_path: Path) -> None:
    found = contracts_file.read_settlements(written(tmp_path, text, encoding), DAY)
    assert found == {JULY: 96.3688, AUGUST: 96.2825}


def test_a_line_is_named_by_its_number_below_excels_hint_too(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="Line 4: 'x' is no price"):
        contracts_file.read_settlements(
            written(tmp_path, "sep=;\nmonth;price\n2026-07;96,1\n2026-08;x\n"), DAY
        )


def test_an_import_says_what_it_left_out(tmp_path: Path, ledger: Ledger) -> None:
    lines = [
        "2026-01-22;ZQN6;96,5",
        "2026-01-23;JUL 26;96,6",
        "2026-01-23;ZQN26;96,6",
        "2026-01-23;2026-08;",
        "2026-06-08;2026-08;96,4",
    ]
    path = written(tmp_path, "Date;Symbol;Settle\n" + "\n".join(lines))
    done = import_zq(ledger, path, NOW)
    assert done["dropped"] == {"twice": 1, "blank": 1, "not over yet": 1}
    assert (done["added"], done["held"]) == (2, 0)
    assert imported(done) == (
        "2 of 3 prices of 2 contracts were new, 2026-01-22 to 2026-06-08; 0 were held already and stay. "
        "Left out: 1 twice, 1 blank, 1 not over yet."
    )
    assert import_zq(ledger, path, NOW)["held"] == 2


def test_unscheduled_decisions_count(tmp_path: Path) -> None:
    """16 March 2020, after the cuts of the 3rd and the 15th: March is no month without a meeting."""
    prices = written(tmp_path, "month,price\n2020-03,99.35\n2020-04,99.895\n2020-05,99.895\n")
    april = fedwatch(prices, "2020-03-16", "0.00-0.25", "auto").meetings[0]
    assert april.date == dt.date(2020, 4, 29)
    assert april.probabilities[0.0] == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (
            "3.25-3.50",
            "imply a rate of 3.63% before the next meeting, which lies outside 3.25-3.50% and in 3.50-3.75%",
        ),
        ("3.75-4.00", "in 3.50-3.75%"),
        ("3.50-4.00", "25 bp wide on steps of 25 bp, such as 3.50-3.75 .these prices imply 3.63%"),
        ("3.60-3.85", "these prices imply 3.63%"),
    ],
)
def test_a_range_that_the_prices_contradict_is_refused(target: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadChoice, match=says):
        fedwatch(written(tmp_path, "month,price\n" + T1), "2026-07-14", target, "auto")


@pytest.mark.parametrize(
    ("text", "limits"),
    [("3.50-3.75", (3.5, 3.75)), ("-0.25-0.00", (-0.25, 0.0)), ("-0.50--0.25", (-0.5, -0.25))],
)
def test_ranges_below_zero_are_read(text: str, limits: tuple[float, float]) -> None:
    assert parse_range(text) == limits


def test_an_impossible_range_is_refused() -> None:
    with pytest.raises(BadChoice, match="two limits"):
        parse_range("3.75")
