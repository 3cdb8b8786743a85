"""Draw a chart with its papers, or say why not, in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pandas as pd
import streamlit as st

from analytics.clock.instants import NEW_YORK
from analytics.errors import AnalyticsError, LedgerDamaged
from analytics.panel import Papers
from analytics.render import source_line as told
from analytics.render import verdict_words
from analytics.render.chart import SIMULATED, Chart, Source
from analytics.render.drawing import Drawing
from analytics.render.exhibits import Block, Judged, Table, Words
from analytics.render.export import Shown, chart_page, csv_with_papers
from analytics.render.words import day, minus
from pages.shell import drawn, load, mend
from pages.shell.frame import Page

TOOLS = ["zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"]


def reading(sentence: str) -> None:
    """The page's one-sentence reading, under its title."""
    drawn.read(sentence)
    st.markdown(f"## {escape(sentence)}")


def escape(text: str) -> str:
    """Text as Markdown that shows it as it is."""
    text = minus(text)
    for mark in ("\\", "$", "*", "_", "[", "]", "`", "~", "#", "<"):
        text = text.replace(mark, "\\" + mark)
    return text


def chart(page: Page, found: Chart) -> None:
    """The reading as title, the picture, and under it where every number comes from."""
    with st.container(key=f"chart_{found.key}"):
        st.markdown(f"#### {escape(found.reading)}")
        st.plotly_chart(
            Drawing(found.figure),
            theme=None,
            key=f"figure_{found.key}",
            alt=found.alt,
            config={
                "displaylogo": False,
                "modeBarButtonsToRemove": TOOLS,
                "toImageButtonOptions": {
                    "filename": f"silverlead-{found.key}",
                    "format": drawn.picture_format(),
                    "scale": 2,
                },
            },
        )
        picture = found if found.handed_on else None
        _foot(page, found.key, found.reading, found.rows, found.papers, found.rule, found.method, picture)


def table(
    page: Page,
    key: str,
    title: str,
    shown: object,
    rows: pd.DataFrame,
    papers: Sequence[Source],
    rule: str,
    method: str,
    formats: Mapping[str, str] | None = None,
) -> None:
    """A table with the same title and papers as a chart; ``formats`` says columns' numbers, for example ``%.2f``."""
    with st.container(key=f"table_{key}"):
        st.markdown(f"#### {escape(title)}")
        st.dataframe(
            shown, alt=title, height="content", column_config=columns(formats or {}), placeholder="–"
        )
        _foot(page, key, title, rows, papers, rule, method)


def columns(formats: Mapping[str, str]) -> dict[str, Any]:
    """A table's number formats as Streamlit takes them, which lets the browser write the numbers."""
    # Not a pandas Styler: it writes every cell out on each run, a third of a page's time.
    return {name: st.column_config.NumberColumn(format=text) for name, text in formats.items()}


def exhibit(page: Page, *shown: Block, titled: bool = True) -> None:
    """What the topics' blocks made, each block in its own way; untitled where its sentence stands above."""
    for one in shown:
        if isinstance(one, Chart):
            chart(page, one)
        elif isinstance(one, Table):
            table(
                page, one.key, one.title, one.shown, one.rows, one.papers, one.rule, one.method, one.formats
            )
        elif isinstance(one, Judged):
            outcome(page, one, titled=titled)
        elif isinstance(one, Words):
            (st.caption if one.quiet else st.markdown)(escape(one.text))


def block(
    page: Page,
    key: str,
    title: str,
    paragraphs: Sequence[str],
    rows: pd.DataFrame,
    papers: Sequence[Source],
    rule: str,
    method: str,
) -> None:
    """Paragraphs of Markdown in two columns, with the same title and papers as a chart."""
    with st.container(key=f"block_{key}", border=True):
        st.markdown(f"#### {escape(title)}")
        half = (len(paragraphs) + 1) // 2
        for column, told in zip(
            st.columns(2, gap="large"), (paragraphs[:half], paragraphs[half:]), strict=True
        ):
            for paragraph in told:
                column.markdown(paragraph)
        _foot(page, key, title, rows, papers, rule, method)


def outcome(page: Page, one: Judged, *, titled: bool = True) -> None:
    """A verdict or a descriptive outcome: the sentence, the word with its numbers, and the papers."""
    with st.container(key=f"verdict_{one.key}", border=True):
        if titled:
            st.markdown(f"#### {escape(one.sentence)}")
        st.markdown(f"{verdict_words.marked(one.word)} · {escape(one.numbers)}")
        _foot(page, one.key, one.sentence, one.rows, one.papers, one.rule, one.method)


def _foot(
    page: Page,
    key: str,
    title: str,
    rows: pd.DataFrame,
    papers: Sequence[Source],
    rule: str,
    method: str,
    picture: Chart | None = None,
) -> None:
    shown = Shown(title, rows, tuple(papers), rule, picture)
    drawn.show(key, shown)
    st.caption(f"{sources(papers)} · {escape(rule)}")
    files = "CSV" if picture is None else "CSV · HTML"
    label = f"how this is computed · {files}"
    with st.popover(label, type="tertiary", key=f"how_{key}", on_change="rerun") as asked:
        if asked.open:  # sent when asked for: a page has up to thirty of them, a third of what it costs
            _files(page, key, shown, method)
            st.markdown(f"{method}\n\n{_papers(papers)}")


def _files(page: Page, key: str, shown: Shown, method: str) -> None:
    picture, link = (
        shown.chart,
        page.link,
    )  # a file is made when the reader's run is over, and its address with it
    with st.container(horizontal=True, gap="small", key=f"files_{key}"):
        st.download_button(
            "CSV",
            lambda: csv_with_papers(shown.title, shown.rows, shown.papers, [shown.rule, method], link),
            file_name=f"silverlead-{key}.csv",
            mime="text/csv",
            key=f"csv_{key}",
            type="tertiary",
            on_click="ignore",
        )
        if picture is not None:
            st.download_button(
                "HTML",
                lambda: chart_page(picture, link),
                file_name=f"silverlead-{key}.html",
                mime="text/html",
                key=f"html_{key}",
                type="tertiary",
                on_click="ignore",
                help="The chart as a page of its own. The camera on the chart makes a picture.",
            )


def sources(papers: Sequence[Source]) -> str:
    """Which sources, to which day, as Markdown; what a reader must not miss is bold."""
    said = escape(told.sources(papers))
    for mark in (SIMULATED, told.STALE):
        said = re.sub(rf"\b{mark}\b", f"**{mark}**", said)
    return said


def _papers(papers: Sequence[Source]) -> str:
    """One line a series or print, as a list; the contract months of fed funds share one."""
    single, contracts, prints = told.parted(papers)
    lines = [_paper(paper) for paper in single]
    lines += [escape(paper.line) for paper in prints]
    if len(contracts) > 2:
        codes = ", ".join(escape(paper.source) for paper in (contracts[0], contracts[-1]))
        first, last = min(paper.first for paper in contracts), max(paper.last for paper in contracts)
        n = sum(paper.n for paper in contracts)
        lines.append(
            f"**{len(contracts)} contract months of the 30-day fed funds future** [{contracts[0].unit}]: {codes} and those "
            f"between, {escape(contracts[0].publisher)}; {day(first)} to {day(last)}, n = {n:,}; the CSV lists each. "
            f"{escape(contracts[0].licence)}."
        )
    else:
        lines += [_paper(paper) for paper in contracts]
    return "\n".join(f"- {line}" for line in lines)


def _paper(paper: Papers) -> str:
    when = "estimated from the release rule" if paper.estimated else "recorded"
    known = paper.known_at.astimezone(NEW_YORK)
    return (
        f"**{escape(paper.title)}** [{escape(paper.unit)}]: {escape(paper.source)}, {escape(paper.publisher)}; "
        f"{day(paper.first)} to {day(paper.last)}, n = {paper.n:,}; last known {day(known)} {known:%H:%M} New York, release "
        f"times {when}. {escape(paper.licence)}."
    )


def working(words: str) -> AbstractContextManager[object]:
    """Shows that something is being computed; nothing flashes when it is at hand already."""
    return st.spinner(words, show_time=True)


class place:
    """A place on the page that says why when its measure cannot be made; the rest of the page stays.

    Only our own errors are said; anything else is a defect and goes on.
    """

    def __init__(self, title: str = "") -> None:
        self.title = title

    def __enter__(self) -> place:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, AnalyticsError):
            return False
        if isinstance(error, LedgerDamaged):
            mend.try_now()
        st.session_state["page_empty"] = True
        if self.title:
            st.markdown(f"#### {self.title}")
        waiting = (
            " The refresh is still running; this fills as series arrive." if load.desk().refreshing else ""
        )
        st.info(escape(str(error)) + waiting)
        return True
