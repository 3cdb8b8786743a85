"""What funds hold, from a reader's file, and when it counts as known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analytics import catalogue, panel
from analytics.cli.holdings_command import import_holdings
from analytics.clock.instants import end_of_day
from analytics.errors import BadFile, UnknownSeries
from analytics.ledger import Ledger

NOW = end_of_day(dt.date(2026, 1, 26))


def written(folder: Path, text: str) -> Path:
    path = folder / "holdings.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_shares_and_ounces_are_series_known_on_the_next_business_day(tmp_path: Path, ledger: Ledger) -> None:
    path = written(
        tmp_path,
        'date,fund,shares,ounces\n2026-01-22,slv,"563,400,000",\n2026-01-23,SLV,564000000,\n2026-01-23,GLD,,34890000\n2026-01-26,GLD,,1\n',
    )
    done = import_holdings(ledger, path, NOW)
    assert done == {
        "series": ["ounces:GLD", "shares:SLV"],
        "amounts": 4,
        "added": 3,  # what GLD held on the 26th is known on the 27th
        "first": "2026-01-22",
        "last": "2026-01-26",
    }
    before, after = (
        panel.build(ledger, ["shares:SLV", "ounces:GLD"], end_of_day(dt.date(2026, 1, day)))
        for day in (23, 26)
    )
    assert before.columns["shares:SLV"].tolist() == [563_400_000]
    assert "ounces:GLD" not in before
    assert after.columns["shares:SLV"].tolist() == [563_400_000, 564_000_000]
    assert after.papers["ounces:GLD"].source == "Imported file GLD"
    assert after.papers["ounces:GLD"].unit == "oz"


def test_an_import_fills_only_what_is_missing(tmp_path: Path, ledger: Ledger) -> None:
    import_holdings(ledger, written(tmp_path, "date,fund,shares\n2026-01-22,SLV,5\n"), NOW)
    again = import_holdings(
        ledger, written(tmp_path, "date,fund,shares\n2026-01-22,SLV,6\n2026-01-23,SLV,7\n"), NOW
    )
    assert again["added"] == 1
    assert panel.build(ledger, ["shares:SLV"], NOW).columns["shares:SLV"].tolist() == [5, 7]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("date,shares\n2026-01-23,1\n", "has no column fund"),
        ("date,fund\n2026-01-23,SLV\n", "needs a column shares or ounces"),
        ("date,fund,shares\n", "holds no amounts"),
        ("date,fund,shares\n2026-01-23,SLV,\n", "holds no amounts"),
        ("date,fund,shares\n23.1.2026,SLV,5\n", "Line 2: '23.1.2026' is no date"),
        ("date,fund,shares\n2026-01-24,SLV,5\n", "Line 2: 2026-01-24 is a weekend"),
        ("date,fund,shares\n2026-01-23,a fund,5\n", "Line 2: 'A FUND' is no ticker"),
        ("date,fund,shares\n2026-01-23,SLV,5\n2026-01-23,SLV,-5\n", "Line 3: '-5' is no amount"),
        ("date,fund,shares\n2026-01-23,SLV,many\n", "Line 2: 'many' is no amount"),
        ("date,fund,ounces\n2026-01-23,GLD,inf\n", "Line 2: 'inf' is no amount"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_stores_nothing(
    text: str, says: str, tmp_path: Path, ledger: Ledger
) -> None:
    with pytest.raises(BadFile, match=says):
        import_holdings(ledger, written(tmp_path, text), NOW)
    assert ledger.series_keys() == []


@pytest.mark.parametrize(
    "key", ["shares:", "shares:slv", "shares:../x", "bars:SLV", "ounces:GLD ", "shares:" + "A" * 13]
)
def test_no_other_key_names_holdings(key: str) -> None:
    with pytest.raises(UnknownSeries):
        catalogue.get(key)
