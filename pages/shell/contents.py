"""The pages in the order of the menu."""

from __future__ import annotations

PAGES: tuple[tuple[str, str, str], ...] = (
    ("overview", "app.py", "Overview"),
    ("divergence", "pages/divergence.py", "Divergence"),
    ("data", "pages/data.py", "Data"),
)
"""(slug, file, label) in the order of the menu."""
