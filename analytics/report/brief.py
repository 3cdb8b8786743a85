"""The morning brief: one self-contained HTML file, interactive on a screen and two pages on paper.

Nothing is measured here: ``sections`` says what stands in it. The page asks nobody: the chart library is in it, and its
content policy forbids every request.
"""

from __future__ import annotations

import copy
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics import __version__, catalogue
from analytics.errors import AnalyticsError
from analytics.evaluate import Evaluator
from analytics.render.cards import Card
from analytics.render.chart import SIMULATED, Chart, Source
from analytics.render.exhibits import Block, Cards, Judged, Table, Tiles, Words
from analytics.render.export import FRED_NOTICE, paper_line
from analytics.render.source_line import parted, sources
from analytics.render.words import day, minus
from analytics.report.brief_style import POLICY, STYLE
from analytics.report.sections import SECTIONS, Section, reading, settings_rows
from analytics.topics.triggers.charts import Tile

HEIGHTS = {True: 175, False: 185}
"""Of a chart over the whole width, and of one of two side by side [px]."""
MOST_ROWS = 10
"""Of a table; the bundle has them all."""
MANY_COLUMNS = 9
"""A table with more is set smaller, so that it stays on paper."""
SPARK = (150.0, 26.0)
"""A sparkline's box [px]."""


@dataclass(slots=True)
class _Made:
    """What the sections have left for the end of the page: figures to draw, papers to list."""

    told: str
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    papers: dict[str, Source] = field(default_factory=dict)
    named: dict[str, Source] = field(default_factory=dict)


def brief(evaluator: Evaluator) -> str:
    """The whole file.

    Args:
        evaluator: The view; figures should be drawn for light paper.
    """
    title, told = _said(evaluator)
    made = _Made(told)
    body = "".join(_section(one, evaluator, made) for one in SECTIONS if one.brief)
    mark = (
        f'<p class="mark"><strong>{SIMULATED}</strong>, not market prices.</p>' if evaluator.simulated else ""
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{POLICY}'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_text(title)}</title><style>{STYLE}</style></head><body><main>"
        f'<p class="kicker">Silverlead · {_text(_kicker(evaluator))}</p><h1>{_text(told)}</h1>{mark}'
        f'<div class="grid">{body}</div>{_colophon(evaluator, made)}</main>{_scripts(made.figures)}</body></html>'
    )


def _text(words: str) -> str:
    """Text that is no markup, inside an attribute too, with true minus signs."""
    return html.escape(minus(words), quote=True)


def _said(evaluator: Evaluator) -> tuple[str, str]:
    """The document's title and the sentence at its head."""
    kicker = f"Silverlead brief, {day(evaluator.day)}"
    try:
        return kicker, reading(evaluator)
    except AnalyticsError as error:
        return kicker, str(error)


def _kicker(evaluator: Evaluator) -> str:
    labels = (catalogue.get(key).label for key in (evaluator.view.lead, evaluator.view.follow))
    return f"{' against '.join(labels)} · as known on {day(evaluator.day)}"


def _section(one: Section, evaluator: Evaluator, made: _Made) -> str:
    """A section, or why it cannot be shown."""
    side = "wide" if one.wide else "half"
    try:
        blocks = one.blocks(evaluator)
    except AnalyticsError as error:
        why = f'<h2>{_text(one.title)}</h2><p class="why">{_text(str(error))}</p>'
        return f'<section class="{side}" id="{one.key}">{why}</section>'
    for block in blocks:
        if isinstance(block, Chart):
            made.figures[block.key] = _fitted(block.figure, HEIGHTS[one.wide])
        kept = made.papers if one.listed else made.named
        kept.update({paper.title: paper for paper in getattr(block, "papers", ())})
    inside = "".join(_block(block, one.title if _titled(block) == made.told else "") for block in blocks)
    return f'<section class="{side}" id="{one.key}">{inside}</section>'


def _titled(block: Block) -> str:
    return block.reading if isinstance(block, Chart) else ""


def _fitted(figure: Mapping[str, Any], height: int) -> dict[str, Any]:
    """The figure at the brief's height; the original stays as it is."""
    fitted = copy.deepcopy(dict(figure))
    fitted["layout"]["height"] = height
    if "title" not in fitted["layout"]["xaxis"]:
        fitted["layout"]["margin"]["b"] = 26  # of 44: paper is short
    return fitted


def _block(block: Block, instead: str = "") -> str:
    """A block as markup; a chart that says the page's own sentence again gets another title ``instead``."""
    if isinstance(block, Words):
        said = f'<p class="{"quiet" if block.quiet else "words"}">{_text(block.text)}</p>'
        return said + (_foot(block.papers) if block.papers else "")
    if isinstance(block, Cards):
        return f'<div class="cards">{"".join(_card(card) for card in block.cards)}</div>'
    if isinstance(block, Tiles):
        return "".join(_tile(tile) for tile in block.tiles) + _foot(block.papers)
    if isinstance(block, Judged):
        return f"<h2>{_text(block.sentence)}</h2><p>{_text(block.line)}</p>{_foot(block.papers)}"
    if isinstance(block, Chart):
        place = f'<div class="chart" id="chart_{block.key}" role="img" aria-label="{_text(block.alt)}"></div>'
        return f"<h2>{_text(instead or block.reading)}</h2>{place}{_foot(block.papers, block.rule)}"
    return _table(block)


def _tile(tile: Tile) -> str:
    return (
        f'<div class="tile"><b>{_text(tile.title)}</b> <span class="state">{_text(tile.state)}</span> '
        f"{_text(tile.since)}<p>{_text(tile.distance)}</p></div>"
    )


def _card(card: Card) -> str:
    return (
        f'<div class="card"><span>{_text(card.label)}</span><b>{_text(card.value)}</b>'
        f"<span>{_text(card.change)}</span>{_spark(card.spark)}</div>"
    )


def _spark(values: list[float]) -> str:
    """A sparkline as SVG; nothing for fewer than two values or a flat line's height of zero."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    wide, tall = SPARK
    step, scale = wide / (len(values) - 1), (tall - 2) / ((high - low) or 1.0)
    points = " ".join(
        f"{i * step:.1f},{tall - 1 - (value - low) * scale:.1f}" for i, value in enumerate(values)
    )
    return f'<svg viewBox="0 0 {wide:g} {tall:g}" aria-hidden="true"><polyline points="{points}"/></svg>'


def _table(table: Table) -> str:
    frame = table.shown
    head = "".join(f"<th>{_text(str(name))}</th>" for name in (frame.index.name or "", *frame.columns))
    rows = "".join(
        f"<tr><th>{_text(str(label))}</th>"
        + "".join(f"<td>{_text(_cell(value))}</td>" for value in values)
        + "</tr>"
        for label, *values in frame.head(MOST_ROWS).itertuples()
    )
    cut = f"the first {MOST_ROWS} of {len(frame)} rows" if len(frame) > MOST_ROWS else ""
    rule = " · ".join(part for part in (table.rule, cut) if part)
    dense = ' class="dense"' if len(frame.columns) > MANY_COLUMNS else ""
    return (
        f'<h2>{_text(table.title)}</h2><div class="table"><table{dense}><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{_foot(table.papers, rule)}"
    )


def _cell(value: object) -> str:
    return f"{value:.4g}".replace("-", "−") if isinstance(value, float) else str(value)


def _foot(papers: Sequence[Source], rule: str = "") -> str:
    said = " · ".join(part for part in (sources(papers), rule) if part)
    return f'<p class="quiet">{_text(said)}</p>'


def _colophon(evaluator: Evaluator, made: _Made) -> str:
    """Settings and papers in small print."""
    single, contracts, prints = parted(made.papers.values())
    lines = [*(paper_line(paper) for paper in single), *(paper.line for paper in prints)]
    if contracts:
        lines.append(f"{paper_line(contracts[0])} And {len(contracts) - 1} further contract months.")
    others = [paper for title, paper in made.named.items() if title not in made.papers]
    if others:
        lines.append(
            f"Behind the claims, the stage and the balance too, line by line in the bundle: {_names(others)}."
        )
    settings = "".join(
        f"<div><dt>{_text(name)}</dt> <dd>{_text(text)}</dd></div> "
        for name, text in settings_rows(evaluator).items()
    )
    listed = "".join(f"<li>{_text(line)}</li>" for line in lines)
    return (
        f"<footer><h2>Settings and papers</h2><dl>{settings}</dl><ul>{listed}</ul><p>Made by Silverlead {__version__}. "
        f"{_text(FRED_NOTICE)} Nothing here is investment advice.</p></footer>"
    )


def _names(papers: Sequence[Source]) -> str:
    """The codes of series by provider, and the titles of prints."""
    single, contracts, prints = parted(papers)
    codes: dict[str, list[str]] = {}
    for paper in single:
        name, _, code = paper.source.partition(" ")
        codes.setdefault(name, []).append(paper.title if paper.simulated else code)
    said = [
        f"{SIMULATED if name == 'Simulated' else name}: {', '.join(held)}" for name, held in codes.items()
    ]
    said += [f"{len(contracts)} contract month{'s' * (len(contracts) > 1)} more"] if contracts else []
    return "; ".join([*said, *(paper.source for paper in prints)])


def _scripts(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """The chart library and the figures; without JavaScript the words and tables still stand."""
    if not figures:
        return ""
    from plotly.offline import get_plotlyjs  # 4.8 MB of text: only when a brief is made

    # No "<" at all: "</script>" would end the script, and "<!--<script" would swallow its end.
    held = json.dumps(figures, separators=(",", ":")).replace("<", "\\u003c")
    draw = (
        "for(const k in F)Plotly.newPlot('chart_'+k,F[k].data,F[k].layout,"
        "{responsive:true,displaylogo:false,displayModeBar:false});"
    )
    return f"<script>{get_plotlyjs()}</script><script>const F={held};{draw}</script>"
