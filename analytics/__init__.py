"""Silverlead's analytics: provider -> ledger -> panel -> finding -> chart. Imports whole without streamlit."""

__version__ = "0.1.0"
