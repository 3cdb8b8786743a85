"""What a section is made of, once it has been asked: words, cards, charts, tables, verdicts. Plain records, no markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Protocol

import pandas as pd

from analytics.render import verdict_words
from analytics.render.cards import Card
from analytics.render.chart import Chart, Source
from analytics.stats.verdict import Inference, Verdict
from analytics.topics.triggers.charts import Tile


@dataclass(frozen=True, slots=True)
class Words:
    """One paragraph; ``quiet`` for what stands under something else; papers where it says numbers."""

    text: str
    quiet: bool = False
    papers: tuple[Source, ...] = ()


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
        formats: How a page writes the numbers of columns, for example ``%.2f``.
    """

    key: str
    title: str
    shown: pd.DataFrame = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    papers: tuple[Source, ...] = ()
    rule: str = ""
    method: str = ""
    formats: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, or an outcome by arithmetic, with its numbers and its papers.

    Attributes:
        key: Slug; names its file.
        sentence: What was found.
        word: The verdict.
        numbers: What it rests on, in one line.
        rows: The same, for CSV.
        papers: Of every series behind it.
        method: How it is computed.
        rule: What kind of answer it is.
        claim: The claim whose verdict it is; None where another pair or span is shown, or no claim rests on it.
    """

    key: str
    sentence: str
    word: Verdict
    numbers: str
    rows: pd.DataFrame = field(repr=False)
    papers: tuple[Source, ...]
    method: str
    rule: str = "an outcome by arithmetic; no test is behind it"
    claim: int | None = None

    @property
    def line(self) -> str:
        """The word and its numbers in one line."""
        return f"{self.word.capitalize()}: {self.numbers}"


class Decided(Protocol):
    """A claim's verdict, and why there is none."""

    @property
    def id(self) -> int: ...

    @property
    def verdict(self) -> Verdict: ...

    @property
    def reason(self) -> str: ...


def judged(
    key: str,
    sentence: str,
    found: Inference,
    papers: Sequence[Source],
    method: str,
    claim: Decided | None = None,
) -> Judged:
    """A test's verdict.

    Args:
        key: Slug; names its file.
        sentence: What was found.
        found: The test.
        papers: Of every series behind it.
        method: How it is computed.
        claim: The verdict on the claim that the test decides; it stands in the place of the test's own word.
    """
    if claim is not None and claim.verdict != found.verdict:
        found, sentence = replace(found, verdict=claim.verdict), claim.reason or sentence
    return Judged(
        key,
        sentence,
        found.verdict,
        verdict_words.line(found),
        verdict_words.rows(found),
        tuple(papers),
        f"{method}\n\n{verdict_words.RULE}",
        "a verdict; the rule is under how this is computed",
        claim.id if claim else None,
    )


Block = Words | Cards | Tiles | Chart | Table | Judged


def taken(block: Block) -> Table | None:
    """A block as a table that can be taken away; None for one without rows."""
    if isinstance(block, Table):
        return block
    if isinstance(block, Chart):
        return Table(block.key, block.reading, block.rows, block.rows, block.papers, block.rule, block.method)
    if isinstance(block, Judged):
        return Table(
            block.key, block.sentence, block.rows, block.rows, block.papers, block.line, block.method
        )
    if isinstance(block, Cards):
        return _list("cards", "Where things are", block.cards, block.papers)
    if isinstance(block, Tiles):
        return _list("tiles", "The three triggers", block.tiles, block.papers)
    return None


def _list(key: str, title: str, said: Sequence[Card] | Sequence[Tile], papers: tuple[Source, ...]) -> Table:
    """Cards or tiles as rows of text."""
    rows = pd.DataFrame([_texts(one) for one in said])
    rows = rows.set_index(rows.columns[0])
    return Table(key, title, rows, rows, papers)


def _texts(one: Card | Tile) -> dict[str, str]:
    texts = {part.name: getattr(one, part.name) for part in fields(one)}
    return {name: text for name, text in texts.items() if isinstance(text, str)}
