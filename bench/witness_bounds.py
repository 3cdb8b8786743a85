"""The extremes of true figures against their witnesses, and of their steps, beside the bounds of the catalogue.

    python -m bench.witness_bounds [FOLDER of recorded data, else ../shared/market]

Prints the tables of docs/data-quality.md. Recorded data are facts that are not handed on: only these extremes are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics import catalogue
from analytics.catalogue import Series, Witness
from analytics.sources import witnesses

MARKET = Path(__file__).resolve().parents[1] / ".." / "shared" / "market"


def recorded(market: Path) -> dict[str, pd.Series]:
    """Every recorded series by key, contract months too: values by date, rising, without NaN."""
    found = {}
    for series in catalogue.load().values():
        table = table_of(series, market)
        if table is not None:
            found[series.key] = table[series.field].dropna()
    prices = pd.read_csv(market / "zq_contracts.csv", parse_dates=["date"], index_col="date")
    for month, table in prices.groupby("month"):
        found[f"zq_{str(month).replace('-', '_')}"] = table["price"]
    return found


GROUPS = {
    "mm": "managed", "pm": "producers", "sd": "swaps", "am": "managers", "dealer": "dealers", "lev": "leveraged",
    "other": "others",
}  # fmt: skip
"""The record's short names of the CFTC's groups."""


def table_of(series: Series, market: Path) -> pd.DataFrame | None:
    """What is recorded of a series by date, by ledger field and in its unit; None where nothing is."""
    if series.provider == "lbma":
        path, names = market / "lbma_vault_silver.csv", {"silver_moz": "value"}
    elif series.provider == "cftc":
        sides = {
            f"{short}_{side}": f"{name}_{side}"
            for short, name in GROUPS.items()
            for side in ("long", "short")
        }
        path, names = (
            market / "cftc" / f"{series.key.removesuffix('_positions')}.csv",
            {"oi": "value", **sides},
        )
    else:
        path, names = market / series.provider / f"{series.code}.csv", {}
    if not path.exists():
        return None
    table = pd.read_csv(path, na_values=["."], parse_dates=["date"], index_col="date").rename(columns=names)
    return table * 1_000 if series.provider == "lbma" else table  # recorded in million ounces


def pairs(known: dict[str, pd.Series]) -> Iterator[tuple[Series, Witness, pd.DataFrame]]:
    """Each recorded series beside each of its recorded witnesses, compared."""
    for key, values in known.items():
        series = catalogue.get(key)
        for witness in series.witnesses:
            if all(other in known for other in witness.keys):
                yield series, witness, witnesses.compare(witness, values, known)


class Steps(NamedTuple):
    """What a series has done from one figure to the next.

    Attributes:
        largest: Largest step, a factor less one or in the series' unit, and its day.
        longest: Most equal figures in a row, and the day of the first.
    """

    largest: float
    largest_on: pd.Timestamp
    longest: int
    longest_from: pd.Timestamp


def steps(series: Series, values: pd.Series) -> Steps:
    """The largest step and the longest stand of a series by date."""
    moves = np.log(values).diff().abs() if series.change == "return" else values.diff().abs()
    size = np.expm1(moves) if series.change == "return" else moves
    run = (values != values.shift()).cumsum()
    length = values.groupby(run).size()
    return Steps(size.max(), size.idxmax(), int(length.max()), values.index[run == length.idxmax()][0])


def _step_row(series: Series, values: pd.Series) -> str:
    found = steps(series, values)
    unit = "x - 1" if series.change == "return" else series.unit
    largest = f"{found.largest:.4g} | {found.largest_on:%Y-%m-%d} | {series.leap or 'none'}"
    longest = f"{found.longest} | {found.longest_from:%Y-%m-%d} | {series.still or 'none'}"
    return f"| {series.key} | {unit} | {len(values):,} | {largest} | {longest} |"


def _told(witness: Witness) -> str:
    join = {"ratio": ("{}", "{}^{:g}"), "sum": ("{}", "{1:g} {0}")}[witness.relation]
    return ", ".join(join[0].format(key) if f == 1 else join[1].format(key, f) for key, f in witness.terms)


def _row(name: str, witness: Witness, found: pd.DataFrame) -> str:
    level = found["level"][found.index >= pd.Timestamp(witness.since or "1900-01-01")]
    span = f"{witness.low:g} to {witness.high:g}" + (f" since {witness.since}" if witness.since else "")
    gap = f"{found['gap'].max():.3f} | {found['gap'].idxmax():%Y-%m-%d}"
    levels = (
        f"{found['level'].min():.3f} to {found['level'].max():.3f} | {level.min():.3f} to {level.max():.3f}"
    )
    return f"| {name} | {witness.relation} | {_told(witness)} | {len(found):,} | {levels} | {span} | {gap} | {witness.gap:g} |"


def _contracts(found: list[tuple[Series, Witness, pd.DataFrame]]) -> str:
    whole = pd.concat([table for _, _, table in found])
    worst = found[0][1]
    together = pd.DataFrame({"level": whole["level"], "gap": whole["gap"]})
    return _row("each contract month", worst, together.reset_index().set_index("date")).replace(
        _told(worst), "the next, the last"
    )


def main(market: Path) -> None:
    """Print the tables."""
    known = recorded(market)
    found = [(series, witness, table) for series, witness, table in pairs(known) if len(table)]
    print(
        "| series | relation | to | n | level, all | level, where bound | bound | largest gap | its day | bound |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    contracts = [row for row in found if catalogue.contract_month(row[0].key)]
    for series, witness, table in found:
        if catalogue.contract_month(series.key) is None:
            print(_row(series.key, witness, table))
    print(_contracts(contracts))
    print("\n| series | unit | n | largest step | its day | leap | longest stand | from | still |")
    print("|---|---|---|---|---|---|---|---|---|")
    for key, values in known.items():
        if catalogue.contract_month(key) is None:
            print(_step_row(catalogue.get(key), values))
    month = max(contracts, key=lambda row: steps(row[0], known[row[0].key]).largest)[0]
    print(_step_row(month, known[month.key]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else MARKET)
