"""Silverlead's analytics: source -> ledger -> panel -> topic -> report. Imports whole without streamlit."""

__version__ = "0.1.0"
