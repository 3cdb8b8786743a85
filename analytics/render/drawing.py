"""A figure as Streamlit takes it without going through it again."""

from __future__ import annotations

from typing import Any

from plotly.basedatatypes import BaseFigure


class Drawing(BaseFigure):
    """A finished figure that is handed on as it is.

    Streamlit builds a checked copy of every dictionary that it is given, property by property: a third of a rerun's time.
    It takes a figure object at its word, and this is the least that one is. ``tests/pages/test_figures.py`` checks
    what the pages draw by the same rules.

    Args:
        figure: ``Chart.figure``: JSON-ready, with at least one trace; not to be changed afterwards.
    """

    def __init__(self, figure: dict[str, Any]) -> None:
        self._whole = figure

    def to_dict(self) -> dict[str, Any]:
        return self._whole
