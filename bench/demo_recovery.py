"""How often the demo's planted driver betas lie within the intervals of the page's own ``drivers``, over many
seeds.

    python -m bench.demo_recovery [--seeds 100] [--draws 999]

A 95% interval should hold its truth in about 95 of 100 worlds; at least 93 are asked for. Two spans: the
whole history, where ``demo.truths`` promises its sizes, and the claims' five years.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from analytics.clock import calendars
from analytics.sources.demo.simulation import world
from analytics.sources.demo.truths import TRUTHS
from analytics.topics.drivers.measures.drivers import FIVE_YEARS, drivers
from analytics.topics.drivers.measures.moves import USUAL

METALS = ("silver", "gold")
LEAST = 0.93
SPANS = {"whole history": 1_000_000, "five years": FIVE_YEARS}


class Recovery(NamedTuple):
    """One truth in one world over one span."""

    truth: str
    span: str
    seed: int
    size: float
    estimate: float
    low: float
    high: float

    @property
    def held(self) -> bool:
        return self.low <= self.size <= self.high


def recoveries(seed: int, draws: int = 999) -> Iterator[Recovery]:
    """Every planted driver beta of one world, over both spans."""
    levels = demo_levels(seed)
    truths = {(t.effect, t.cause): t for t in TRUTHS if t.kind == "driver_beta"}
    for metal in METALS:
        for span, days in SPANS.items():
            found = drivers(levels, asset=metal, days=days, draws=draws)
            for row in found.coefficients:
                if (metal, row.key) in truths:
                    truth = truths[metal, row.key]
                    yield Recovery(truth.name, span, seed, truth.size, row.estimate, *row.interval)


def demo_levels(seed: int) -> pd.DataFrame:
    """Metals and drivers on the US trading days that all have, the newest value of each date."""
    tracks = world(seed)
    columns = {}
    for key in (*METALS, *USUAL):
        column = pd.Series(
            tracks[key].values, index=pd.DatetimeIndex(tracks[key].dates.astype("datetime64[s]"))
        )
        columns[key] = column[~column.index.duplicated(keep="last")]
    table = pd.concat(columns, axis=1, join="inner")
    return table[calendars.on_us_sessions(table.index.to_numpy())]


def main() -> int:
    """Print how often each truth was held; 1 where one was held too rarely."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--draws", type=int, default=999)
    options = parser.parse_args()
    found = pd.DataFrame(
        [(*row, row.held) for seed in range(options.seeds) for row in recoveries(seed, options.draws)],
        columns=[*Recovery._fields, "held"],
    )
    found["width"] = found["high"] - found["low"]
    table = found.groupby(["truth", "span"]).agg(
        planted=("size", "first"),
        mean=("estimate", "mean"),
        width=("width", "mean"),
        held=("held", "sum"),
        worlds=("held", "size"),
    )
    print(table.round(3).to_string())
    worst = float((table["held"] / table["worlds"]).min())
    print(f"Rarest: {100 * worst:.0f}% of {options.seeds} worlds; {100 * LEAST:.0f}% are asked for.")
    return 0 if worst >= LEAST else 1


if __name__ == "__main__":
    raise SystemExit(main())
