"""What stands behind numbers, in one line: which sources, to which day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analytics import catalogue
from analytics.panel import Papers
from analytics.published.provenance import Printed
from analytics.render.chart import SIMULATED, Source
from analytics.render.words import day

STALE = "stale"
MOST_SERIES, MOST_PRINTS = 6, 4
"""Named before the rest is counted."""


def parted(papers: Iterable[Source]) -> tuple[list[Papers], list[Papers], list[Printed]]:
    """Papers of plain series, of fed funds contract months (many, and alike), and of published prints."""
    single: list[Papers] = []
    contracts: list[Papers] = []
    prints: list[Printed] = []
    for paper in papers:
        if not isinstance(paper, Papers):
            prints.append(paper)
        elif catalogue.contract_month(paper.key) is None:
            single.append(paper)
        else:
            contracts.append(paper)
    return single, contracts, prints


def sources(papers: Sequence[Source]) -> str:
    """``Yahoo SI=F to 5 Jun 2026``; simulated, stale, unconfirmed, disputed and later-vintage ones say so, contract months count as one."""
    single, contracts, prints = parted(papers)
    return "; ".join([*_series(single, contracts), *_prints(prints)])


def _series(single: list[Papers], contracts: list[Papers]) -> list[str]:
    both = [*single, *contracts]
    if any(paper.simulated for paper in both):
        return [f"{SIMULATED} to {day(max(paper.last for paper in both))}"]
    said = _few([_short(paper) for paper in single], MOST_SERIES)
    if contracts:
        last = max(paper.last for paper in contracts)
        said.append(f"Yahoo ZQ, {len(contracts)} fed funds contract months to {day(last)}")
    return [", ".join(said)] if said else []


def _short(paper: Papers) -> str:
    marks = [f" ({STALE})"] * paper.stale + [" (later vintage)"] * paper.later_vintage
    marks += [" (newest answer disputed)"] * paper.disputed
    return f"{paper.source} to {day(paper.last)}{''.join(marks)}"


def _prints(papers: Sequence[Printed]) -> list[str]:
    """Published sources; those read in a secondary transcription first, and said once."""
    said = []
    for second in (True, False):
        named = _few([paper.source for paper in papers if paper.secondary is second], MOST_PRINTS)
        marks = f" (secondary transcription{'s' if len(named) > 1 else ''})" if second else ""
        if named:
            said.append("; ".join(named) + marks)
    return said


def _few(named: list[str], most: int) -> list[str]:
    return named[:most] + ([f"{len(named) - most} more"] if len(named) > most else [])
