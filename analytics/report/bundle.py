"""The bundle: every table as CSV with its papers, and what somebody needs to check, cite and reuse them, in one zip file.

The same view on the same ledger gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator

from analytics import __version__, view
from analytics.errors import AnalyticsError
from analytics.evaluate import RECIPES, Evaluator
from analytics.render.chart import SIMULATED, Source
from analytics.render.exhibits import Block, Words, taken
from analytics.render.export import csv_with_papers, licences
from analytics.render.words import day
from analytics.report.sections import SECTIONS, Section, settings_rows

STAMP = (1980, 1, 1, 0, 0, 0)
"""Zip files carry a time; a fixed one keeps equal bundles equal."""
NO_ROWS = "Raw rows of the sources are not in this bundle: its server does not hand them on (SILVERLEAD_ROWS). Derived values are."
PERSONAL = (
    "data/rows.csv holds raw rows of the sources, for personal use: most licences forbid handing them on."
)


def bundle(evaluator: Evaluator, *, rows: bool) -> bytes:
    """The zip file.

    Args:
        evaluator: The view.
        rows: Whether raw third-party rows may go in; simulated rows always may.
    """
    files: dict[str, str] = {}
    papers: dict[str, Source] = {}
    notes: list[str] = []
    for section in SECTIONS:
        for name, text in _tables(section, evaluator, papers, notes):
            files[name] = text
    if rows or evaluator.simulated:
        files["data/rows.csv"] = _rows(evaluator, papers)
    files["settings.json"] = json.dumps(_settings(evaluator), indent=1, ensure_ascii=False) + "\n"
    files["LICENCES.txt"] = licences(papers.values())
    files["CITATION.txt"] = _citation(evaluator)
    files["README.txt"] = _readme(evaluator, files, notes, rows=rows)
    return _zip(files)


def _tables(
    section: Section, evaluator: Evaluator, papers: dict[str, Source], notes: list[str]
) -> Iterator[tuple[str, str]]:
    """A section's tables as (name, text); what it says besides, and why it could not be measured, goes to ``notes``."""
    try:
        blocks = section.blocks(evaluator)
    except AnalyticsError as error:
        notes.append(f"{section.title}: not measured. {error}")
        return
    for block in blocks:
        table = taken(block)
        if table is None:
            notes += _said(section, block)
            continue
        papers.update({paper.title: paper for paper in table.papers})
        rules = [line for line in (table.rule, table.method) if line]
        yield (
            f"data/{section.page}/{table.key}.csv",
            csv_with_papers(table.title, table.rows, table.papers, rules),
        )


def _said(section: Section, block: Block) -> list[str]:
    return [f"{section.title}: {block.text}"] if isinstance(block, Words) else []


def _rows(evaluator: Evaluator, papers: dict[str, Source]) -> str:
    """Every series behind the tables, as known on the day."""
    keys = sorted({key for recipe in RECIPES.values() for key in recipe.keys(evaluator.view, evaluator.day)})
    panel = evaluator.panel(keys)
    papers.update({paper.title: paper for paper in panel.papers.values()})
    title = f"Silverlead, as known at {evaluator.as_of.isoformat()}"
    return csv_with_papers(title, panel.table(), list(panel.papers.values()), [f"sha256 {panel.sha256}"])


def _settings(evaluator: Evaluator) -> dict[str, object]:
    return {
        "silverlead": __version__,
        "simulated": evaluator.simulated,
        **settings_rows(evaluator),
        "address": view.to_query(evaluator.view),
    }


def _citation(evaluator: Evaluator) -> str:
    mark = f" {SIMULATED}, not market prices." if evaluator.simulated else ""
    return (
        f"Silverlead {__version__}: tables as known on {day(evaluator.day)}.{mark} "
        "Cite the sources of each table beside it: its first lines name them.\n"
    )


def _readme(evaluator: Evaluator, files: dict[str, str], notes: list[str], *, rows: bool) -> str:
    mark = [f"{SIMULATED}, not market prices.", ""] if evaluator.simulated else []
    handed = [] if evaluator.simulated else [PERSONAL if rows else NO_ROWS, ""]
    listed = [
        f"{name}  {text.splitlines()[0].removeprefix('# ')}"
        for name, text in files.items()
        if name.startswith("data/")
    ]
    lines = [
        f"Silverlead bundle, as known on {day(evaluator.day)}",
        "",
        *mark,
        *(f"{name}: {text}" for name, text in settings_rows(evaluator).items()),
        "",
        "Every CSV begins with comment lines (#): its title, the papers of every series behind it, rules and methods.",
        'pandas.read_csv(file, comment="#") reads it. SHA256SUMS has the hash of every file, settings.json the choices.',
        "",
        *handed,
        *listed,
        "",
        *notes,
    ]
    return "\n".join(lines).rstrip() + "\n"


def _zip(files: dict[str, str]) -> bytes:
    encoded = {name: text.encode() for name, text in files.items()}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(encoded.items()))
    encoded["SHA256SUMS"] = sums.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(encoded.items()):
            archive.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
