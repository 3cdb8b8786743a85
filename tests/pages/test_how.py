"""How it is computed: nothing is sent before it is asked for; then every block says its method and each of its sources, and
offers its files."""

from __future__ import annotations

import pytest

from analytics.render.source_line import parted
from pages.shell import show
from pages.shell.contents import PAGES
from tests.pages.reader import Reader


@pytest.mark.parametrize("slug", [slug for slug, *_ in PAGES if slug != "data"])
def test_each_block_says_how_it_was_computed_once_asked(slug, stage):
    stage("demo")
    reader = Reader(slug)
    shown = dict(reader.at.session_state["silverlead_drawn"].shown)
    before = [element.value for element in reader.at.markdown]
    assert shown
    assert not any("; last known " in text for text in before)
    assert not [button for button in reader.at.get("download_button") if "csv" in button.proto.id]
    reader.unfold(*(f"how_{key}" for key in shown))
    told = [element.value for element in reader.at.markdown]
    assert not reader.errors
    assert len(told) == len(before) + len(shown)
    offered = [button.proto.id for button in reader.at.get("download_button")]
    pictures = [key for key, one in shown.items() if one.chart is not None]
    assert all(any(f"csv_{key}" in name for name in offered) for key in shown)
    assert all(any(f"html_{key}" in name for name in offered) for key in pictures)
    assert len(offered) == len(shown) + len(pictures)
    for key, one in shown.items():
        series, months, prints = parted(one.papers)
        named = {show.escape(paper.title) for paper in series} | {show.escape(paper.line) for paper in prints}
        named |= {f"**{len(months)} contract months"} if len(months) > 2 else set()
        assert any(all(name in text for name in named) for text in told), key
