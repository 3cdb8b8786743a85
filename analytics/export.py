"""What a reader takes away: CSV with its papers on top, and one chart as a page of its own."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from analytics.charts.chart import SIMULATED, Chart, Source
from analytics.charts.words import day
from analytics.panel import Papers

FORMULA, CONTROL = tuple("=+-@＝＋－＠"), ("\t", "\r", "\n")
"""Beginnings after which a spreadsheet reads a cell as a formula."""
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


def chart_page(chart: Chart, address: str = "") -> str:
    """One chart as a self-contained HTML page: interactive, no outside request, papers under it."""
    from plotly.offline import get_plotlyjs  # 4 MB of text: only when somebody takes a page away

    # No "<" at all: "</script>" would end the script, and "<!--<script" would swallow its end.
    figure = json.dumps(chart.figure).replace("<", "\\u003c")
    mark = f"<p><strong>{SIMULATED}</strong>, not market prices.</p>" if chart.simulated else ""
    papers = "".join(f"<li>{html.escape(paper_line(paper))}</li>" for paper in chart.papers)
    link = f"<p>{html.escape(address)}</p>" if address else ""
    layout = chart.figure["layout"]
    style = (
        "body{font-family:'Segoe UI',Helvetica,Arial,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem;"
        f"background:{layout['paper_bgcolor']};color:{layout['font']['color']}}}"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(chart.reading)}</title><style>{style}</style>"
        f"<script>{get_plotlyjs()}</script></head><body><h1 style='font-size:1.3rem'>{html.escape(chart.reading)}</h1>{mark}"
        f'<div id="chart" role="img" aria-label="{html.escape(chart.alt, quote=True)}"></div>'
        f"<script>var f={figure};Plotly.newPlot('chart',f.data,f.layout,{{responsive:true,displaylogo:false}})</script>"
        f"<p>{html.escape(chart.rule)}</p><ul>{papers}</ul>{link}</body></html>"
    )


def licences(papers: Mapping[str, Papers]) -> str:
    """The licence notes of several series, and FRED's notice."""
    lines = sorted({f"{paper.source}: {paper.licence}" for paper in papers.values()})
    return "\n".join([*lines, FRED_NOTICE]) + "\n"
