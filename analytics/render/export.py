"""What a reader takes away: CSV with its papers on top, one chart or a whole page as an HTML file of its own."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.panel import Papers
from analytics.published.provenance import Printed
from analytics.render.chart import SIMULATED, Chart, Source
from analytics.render.source_line import parted
from analytics.render.words import day

FORMULA, CONTROL = tuple("=+-@＝＋－＠"), ("\t", "\r", "\n")
"""Beginnings after which a spreadsheet reads a cell as a formula."""
MOST_ROWS = 60
"""Of a table in a page that is taken away; the CSV has them all."""
_SPECIAL = re.compile(r'[,"\r\n#]')
FRED_NOTICE = "This product uses the FRED® API but is not endorsed or certified by the Federal Reserve Bank of St. Louis."


def csv_with_papers(
    title: str, rows: pd.DataFrame, papers: Sequence[Source], notes: Sequence[str], address: str = ""
) -> str:
    """A table as CSV under comment lines that say where it comes from.

    Args:
        title: First line.
        rows: The table; its index becomes the first column; NaN becomes an empty cell.
        papers: Of every series and every print behind it.
        notes: Rules and methods, a line each.
        address: The link that shows the same thing.

    Returns:
        Text whose lines before the header begin with ``#``; ``pandas.read_csv(..., comment="#")`` reads it.
    """
    out = io.StringIO()
    lines = [
        title,
        *([SIMULATED + ", not market prices"] if any(paper.simulated for paper in papers) else []),
    ]
    lines += [paper_line(paper) for paper in papers] + list(notes) + ([address] if address else [])
    for line in lines:
        out.write("# " + " ".join(line.split()) + "\n")
    out.write(_line([_text(rows.index.name or "date"), *(_text(column) for column in rows.columns)]))
    for label, *values in rows.itertuples():
        out.write(_line([_cell(label), *("" if pd.isna(value) else _cell(value) for value in values)]))
    return out.getvalue()


def paper_line(paper: Source) -> str:
    """One line of papers: what, who says so, which dates, under which terms."""
    if not isinstance(paper, Papers):
        return paper.line
    known = "estimated release dates" if paper.estimated else "recorded release times"
    marks = "; values of a later vintage" if paper.later_vintage else ""
    return (
        f"{paper.title} [{paper.unit}]: {paper.source}, {paper.publisher}; {day(paper.first)} to {day(paper.last)}, "
        f"n = {paper.n:,}; {known}{marks}. {paper.licence}."
    )


def _line(cells: Iterable[str]) -> str:
    """One row; the csv module would leave a cell with ``#`` bare, and its reader would take the rest for a comment."""
    quoted = ('"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell for cell in cells)
    return ",".join(quoted) + "\n"


def _cell(value: object) -> str:
    """A number as it is (a minus sign is no formula), anything else as safe text."""
    if isinstance(value, float | np.floating):
        return f"{value:.10g}"
    return str(value) if isinstance(value, int | np.integer) else _text(value)


def _text(value: object) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = _date(value) if isinstance(value, pd.Timestamp) else str(value)
    return "'" + text if text.lstrip()[:1] in FORMULA or text[:1] in CONTROL else text


def _date(value: pd.Timestamp) -> str:
    return f"{value:%Y-%m-%d}" if value == value.normalize() else value.isoformat()


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that a page shows: a chart, or a table or a verdict whose rows are shown."""

    title: str
    rows: pd.DataFrame
    papers: tuple[Papers | Printed, ...]
    rule: str
    chart: Chart | None = None


def chart_page(chart: Chart, address: str = "") -> str:
    """One chart as a self-contained HTML page: interactive, no outside request, papers under it."""
    shown = Shown(chart.reading, pd.DataFrame(), chart.papers, chart.rule, chart)
    return _document(chart.reading, _figure(shown, 0, ""), address, _ink(chart), simulated=chart.simulated)


def page_file(title: str, sentence: str, shown: Sequence[Shown], address: str = "") -> str:
    """A whole page as one self-contained HTML file: its sentence, then each chart and table with its papers.

    Args:
        title: The page's name.
        sentence: Its reading; empty where it has none.
        shown: What it shows, in order.
        address: The link that shows the same thing.
    """
    parts = [f"<p>{html.escape(title)}</p>" if sentence else ""]
    for number, one in enumerate(shown):
        heading = f"<h2 style='font-size:1.1rem;margin-top:2.5rem'>{html.escape(one.title)}</h2>"
        parts.append(_figure(one, number, heading) if one.chart else heading + _table(one.rows) + _foot(one))
    inks = [_ink(one.chart) for one in shown if one.chart]
    simulated = any(paper.simulated for one in shown for paper in one.papers)
    return _document(
        sentence or title,
        "".join(parts),
        address,
        inks[0] if inks else ("#fff", "#1F252B"),
        simulated=simulated,
    )


def _document(title: str, body: str, address: str, ink: tuple[str, str], *, simulated: bool) -> str:
    from plotly.offline import get_plotlyjs  # 4 MB of text: only when somebody takes a page away

    paper, text = ink
    mark = f"<p><strong>{SIMULATED}</strong>, not market prices.</p>" if simulated else ""
    style = (
        "body{font-family:'Segoe UI',Helvetica,Arial,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem;"
        f"background:{paper};color:{text}}}table{{border-collapse:collapse;font-variant-numeric:tabular-nums}}"
        "th,td{text-align:left;padding:.2rem .8rem .2rem 0}.table{overflow-x:auto}"
    )
    link = f"<p>{html.escape(address)}</p>" if address else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{style}</style>"
        f"<script>{get_plotlyjs()}</script></head><body><h1 style='font-size:1.3rem'>{html.escape(title)}</h1>{mark}"
        f"{body}{link}</body></html>"
    )


def _figure(one: Shown, number: int, heading: str) -> str:
    """A chart that draws itself, with its papers."""
    assert one.chart is not None
    place = f"chart{number or ''}"
    # No "<" at all: "</script>" would end the script, and "<!--<script" would swallow its end.
    figure = json.dumps(one.chart.figure).replace("<", "\\u003c")
    draw = f"var f={figure};Plotly.newPlot('{place}',f.data,f.layout,{{responsive:true,displaylogo:false}})"
    alt = html.escape(one.chart.alt, quote=True)
    return (
        f'{heading}<div id="{place}" role="img" aria-label="{alt}"></div><script>{draw}</script>{_foot(one)}'
    )


def _table(rows: pd.DataFrame) -> str:
    """The first rows, as text that is no markup."""
    more = f"<p>The first {MOST_ROWS} of {len(rows):,} rows.</p>" if len(rows) > MOST_ROWS else ""
    made = rows.head(MOST_ROWS).to_html(border=0, escape=True, float_format="{:.4g}".format, na_rep="")
    return f'<div class="table">{made}</div>{more}'


def _foot(one: Shown) -> str:
    papers = "".join(f"<li>{html.escape(paper_line(paper))}</li>" for paper in one.papers)
    return f"<p>{html.escape(one.rule)}</p><ul>{papers}</ul>"


def _ink(chart: Chart) -> tuple[str, str]:
    """The colours of the page that the figure was drawn for: paper and text."""
    layout = chart.figure["layout"]
    return layout["paper_bgcolor"], layout["font"]["color"]


def licences(papers: Iterable[Source]) -> str:
    """The terms of what several series and prints say, a line each, and FRED's notice; contract months share a line."""
    single, contracts, prints = parted(papers)
    lines = {f"{paper.source}: {paper.licence}" for paper in single if not paper.simulated}
    for licence in {paper.licence for paper in contracts if not paper.simulated}:
        keys = {paper.key for paper in contracts if paper.licence == licence}
        lines.add(f"Yahoo ZQ, {len(keys)} fed funds contract months: {licence}")
    if any(paper.simulated for paper in [*single, *contracts]):
        lines.add(f"{SIMULATED}: made by Silverlead; no source's terms apply")
    lines |= {f"{paper.title}: published figures, to be cited with their source" for paper in prints}
    return "\n".join([*sorted(lines), FRED_NOTICE]) + "\n"
