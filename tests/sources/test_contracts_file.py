"""Contract prices from files, and the two commands that read them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analytics.cli.rates_commands import fedwatch, import_zq, parse_range
from analytics.clock.instants import end_of_day
from analytics.errors import BadChoice, BadFile
from analytics.ledger import Ledger
from analytics.sources import contracts_file

NOW = end_of_day(dt.date(2026, 6, 5))
# The vector of 14 Jul 2026 (docs/methods.md#odds-of-a-move): prices and CME's published odds of the first two meetings.
T1 = "ZQN26,96.3688\nZQQ26,96.2825\n2026-09,96.2175\n2026-10,96.1325\n2026-11,96.0725\n2026-12,96.0000\n2027-01,95.9650\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "prices.csv"
    path.write_text(text, encoding="utf-8")
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
        ("date,price\n", "needs the columns"),
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
    with pytest.raises(BadFile, match="stands twice"):
        contracts_file.read_settlements(written(tmp_path, "month,price\n2026-07,96\nZQN26,96\n"))


@pytest.mark.parametrize(
    ("text", "limits"),
    [("3.50-3.75", (3.5, 3.75)), ("-0.25-0.00", (-0.25, 0.0)), ("-0.50--0.25", (-0.5, -0.25))],
)
def test_ranges_below_zero_are_read(text: str, limits: tuple[float, float]) -> None:
    assert parse_range(text) == limits


def test_an_impossible_range_is_refused() -> None:
    with pytest.raises(BadChoice, match="two limits"):
        parse_range("3.75")
