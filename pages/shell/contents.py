"""The pages in the order of the menu."""

from __future__ import annotations

PAGES: tuple[tuple[str, str, str], ...] = (
    ("overview", "app.py", "Overview"),
    ("divergence", "pages/divergence.py", "Divergence"),
    ("lead_lag", "pages/lead_lag.py", "Lead and lag"),
    ("rate_path", "pages/rate_path.py", "Rate path"),
    ("drivers", "pages/drivers.py", "Drivers"),
    ("regime", "pages/regime.py", "Regime"),
    ("silver_market", "pages/silver_market.py", "Silver market"),
    ("positions", "pages/positions.py", "Positions"),
    ("claims", "pages/claims.py", "Claims"),
    ("data", "pages/data.py", "Data"),
)
"""(slug, file, label) in the order of the menu."""
PUBLISHED = frozenset({"silver_market"})
"""Pages of published figures: facts, on simulated prices too, that stand without any ledger."""
