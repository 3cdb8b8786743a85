"""What the pages hand to the browser: figures by Plotly's own rules, since Streamlit is not asked to check them again."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from pages.shell.contents import PAGES
from tests.pages.reader import Reader


@pytest.mark.parametrize("slug", [slug for slug, *_ in PAGES])
def test_every_figure_keeps_plotlys_rules(slug, live):
    """``go.Figure`` refuses a property that Plotly does not know and a value that it does not take."""
    for key, figure in Reader(slug).figures().items():
        assert go.Figure(figure).data, key


def test_plotly_does_refuse():
    with pytest.raises(ValueError, match="nosuchthing"):
        go.Figure({"data": [{"type": "scatter", "nosuchthing": 1}]})
