"""What a section is made of, once it has been asked: words, cards, charts, tables, verdicts. Plain records, no markup."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analytics.charts import verdicts
from analytics.charts.chart import Chart, Source
from analytics.charts.overview import Card
from analytics.charts.triggers import Tile
from analytics.measures.verdict import Inference


@dataclass(frozen=True, slots=True)
class Words:
    """One paragraph; ``quiet`` for what stands under something else."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Cards:
    """A row of metric cards with the papers of their series."""

    cards: tuple[Card, ...]
    papers: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    """Trigger tiles with the papers of their inputs."""

    tiles: tuple[Tile, ...]
    papers: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its papers.

    Attributes:
        key: Slug; names its file.
        title: One sentence: what it shows.
        shown: Text and rounded numbers, as a reader sees them.
        rows: The same, for CSV.
        papers: Of every series in it.
        rule: n and what was done, in one line.
        method: How it is computed.
    """

    key: str
    title: str
    shown: pd.DataFrame = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    papers: tuple[Source, ...] = ()
    rule: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with its numbers and its papers."""

    key: str
    sentence: str
    found: Inference
    papers: tuple[Source, ...]
    method: str

    @property
    def line(self) -> str:
        """Verdict, estimate, interval, p, n in one line."""
        return f"{self.found.verdict.capitalize()}: {verdicts.line(self.found)}"


Block = Words | Cards | Tiles | Chart | Table | Judged


def taken(block: Block) -> Table | None:
    """A block as a table that can be taken away; None for one without rows."""
    if isinstance(block, Table):
        return block
    if isinstance(block, Chart):
        return Table(block.key, block.reading, block.rows, block.rows, block.papers, block.rule, block.method)
    if isinstance(block, Judged):
        rows = verdicts.rows(block.found)
        return Table(block.key, block.sentence, rows, rows, block.papers, block.line, block.method)
    return None
